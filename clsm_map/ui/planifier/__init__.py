"""The page *Planifier*: its bar and its tabs, and what its views share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import streamlit as st

from clsm_map.analysis.planning.scenario import Scenario, Simulation
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import (
    MOMENTS,
    PARTIAL_CHOICES,
    CandidateChoice,
    Moment,
    PlanView,
    QpvFilter,
    Selection,
)
from clsm_map.domain.territories import Territory
from clsm_map.maps.carte import status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.planifier import chosen_bounds, chosen_contours, chosen_entries, plan_view
from clsm_map.store.snapshot import Scale
from clsm_map.ui import data, filters, view
from clsm_map.ui import furniture as page
from clsm_map.ui.state import fresh_key, planned
from clsm_map.views import questions
from clsm_map.views.planning.question import (
    CANDIDATE_LABELS,
    PARTIAL_LABELS,
    PlanQuestion,
    question_of,
)
from clsm_map.views.planning.scenario import status_change
from clsm_map.views.quartiers import Quartiers, quartiers

TABS: Final[dict[PlanView, str]] = {
    "ou-ensuite": "Où ensuite",
    "et-si": "Et si",
    "etendre": "Étendre avant de créer",
}
RECEIVING: Final = ("epci", "commune", "arrondissement")
_TAB: Final = "onglet_planifier"
_TAB_OF: Final = "onglet_planifier_suit"
_WIDE: Final = ("france", "region", "departement", "epci", "commune")
_MOMENTS: Final[dict[Moment, str]] = {"avant": "Avant", "apres": "Après"}


def bar(selection: Selection) -> Selection:
    """Draw the slim bar: territory, device type and date."""
    place, device = st.columns([2, 3], vertical_alignment="bottom")
    with place:
        filters.territory_field(selection, _WIDE, key="planifier_territoire")
    with device:
        return filters.device_controls(selection)


def tabs(selection: Selection) -> Sequence[Any]:
    """Draw the tabs; the one open follows the link until the visitor opens another."""
    turn = fresh_key("plan")
    if st.session_state.get(_TAB_OF) != turn or _TAB not in st.session_state:
        st.session_state[_TAB] = TABS[selection.projet.plan]
        st.session_state[_TAB_OF] = turn
    return st.tabs(list(TABS.values()), key=_TAB, on_change="rerun")


def opened(selection: Selection) -> Selection:
    """Give the selection with the tab that is open."""
    label = st.session_state.get(_TAB, "")
    plan = next((v for v, text in TABS.items() if text == label), selection.projet.plan)
    return planned(selection, plan=plan)


def question(selection: Selection) -> PlanQuestion:
    """Read the question in a selection."""
    return question_of(selection, data.desk().territory(selection), data.desk().today)


def scenario_of(selection: Selection) -> Scenario:
    """Read the scenario of a selection; an unreadable one is empty, and said so."""
    try:
        return Scenario.from_text(selection.projet.scenario)
    except InvalidInputError as error:
        page.notice(f"{error.message_fr} Le scénario du lien est laissé de côté.")
        return Scenario()


def name_of(code: str) -> str:
    """Name a territory that receives a device."""
    return questions.planning_names(data.desk()).get(code, code)


def candidates_field(label: str, offered: Sequence[CandidateChoice], help_: str = "") -> str:
    """Draw the choice of what may receive a device."""
    return filters.one_of(label, offered, "candidats", CANDIDATE_LABELS, help_=help_ or None)


def moment_field(selection: Selection) -> Selection:
    """Draw the choice between what is and what would be."""
    return planned(selection, moment=filters.one_of("Carte", MOMENTS, "moment", _MOMENTS))


def partial_field(selection: Selection) -> Selection:
    """Draw the choice of how the QPV that are covered in part count."""
    chosen = st.selectbox(
        "Quartiers déjà couverts en partie",
        PARTIAL_CHOICES,
        index=PARTIAL_CHOICES.index(selection.projet.partiels),
        format_func=PARTIAL_LABELS.__getitem__,
        key=fresh_key("partiels"),
        help="Leurs habitants comptent à proportion de la surface qu’aucun dispositif actif "
        "recensé ne couvre (une estimation), pas du tout, ou tous.",
    )
    return planned(selection, partiels=chosen)


def before_and_after(
    asked: PlanQuestion, found: Simulation, where: Territory
) -> tuple[Quartiers, Quartiers]:
    """Give the QPV of a territory before and after."""
    before = questions.quartiers_in(data.desk(), where, asked.type, asked.on)
    return before, quartiers(data.snapshot(), found.apres, where, QpvFilter())


def draw_map(
    selection: Selection,
    shown: Quartiers,
    chosen: gpd.GeoDataFrame,
    *,
    key: str,
    title: str,
    follow: bool = False,
) -> None:
    """Draw the map; ``follow`` goes to what is chosen rather than to the territory."""
    where, desk = data.desk().territory(selection), data.desk()
    follow = follow and len(chosen) > 0
    scale: Scale = "local" if follow else scale_of(where)
    view = plan_view(
        data.library(),
        shown,
        questions.devices_on(desk, selection.type, desk.day(selection), scale),
        chosen,
        title=title,
        bounds=chosen_bounds(chosen) if follow else data.extent(where),
        near=follow and shown.territory.level == "france",
    )
    render_map(view, key=key, height=560)


def scale_of(territory: Territory) -> Scale:
    """Give the detail of contours that suits a territory."""
    return "national" if territory.level == "france" else "local"


def chosen_shapes(
    codes: tuple[str, ...], scale: Scale, uncertain: frozenset[str] = frozenset()
) -> gpd.GeoDataFrame:
    """Give the contours of territories: see `clsm_map.maps.planifier.chosen_contours`."""
    names = questions.planning_names(data.desk())
    return chosen_contours(data.snapshot(), names, codes, uncertain, scale)


def status_panel(shown: Quartiers, chosen: gpd.GeoDataFrame, type_: str) -> None:
    """Draw the legend of the map, its counts being those of the QPV drawn."""
    entries = (*status_legend(shown), *chosen_entries(chosen))
    page.legend(f"Couverture {type_} : un quartier, un cercle selon ses habitants", entries)


def status_table(before: Quartiers, after: Quartiers) -> None:
    """Draw the table twin of the map."""
    page.table(status_change(before, after), "Statuts des QPV, avant et après")


def reserves(asked: PlanQuestion, said: Sequence[str]) -> None:
    """Draw what bounds an answer, then its sources."""
    view.reserves(data.desk().coverage(asked.type, asked.on), said)
