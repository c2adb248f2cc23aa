"""What the views of *Planifier* share: its bar, its tabs, the map before and after, files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.planning.scenario import Scenario, Simulation
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import (
    MOMENTS,
    PARTIAL_CHOICES,
    Moment,
    PlanView,
    QpvFilter,
    Selection,
)
from clsm_map.domain.territories import Territory, split_key
from clsm_map.exports.tables import french_csv
from clsm_map.maps.carte import status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.model import Bounds
from clsm_map.maps.planifier import chosen_bounds, chosen_contours, chosen_entries, plan_view
from clsm_map.store.snapshot import Scale
from clsm_map.store.territories import bounds, find_territory
from clsm_map.ui import data, filters
from clsm_map.ui.components import pick_place
from clsm_map.ui.furniture import KeyFigure, caution, key_figures, legend, notice, source_line
from clsm_map.ui.state import fresh_key, select, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.planning.question import PARTIAL_LABELS, PlanQuestion, question_of
from clsm_map.views.planning.scenario import status_change
from clsm_map.views.quartiers import Quartiers, quartiers

TABS: Final[dict[PlanView, str]] = {
    "ou-ensuite": "Où ensuite",
    "et-si": "Et si",
    "etendre": "Étendre avant de créer",
}
_TAB: Final = "onglet_planifier"
_TAB_OF: Final = "onglet_planifier_suit"
_WIDE: Final = ("france", "region", "departement", "epci", "commune")
_MOMENTS: Final[dict[Moment, str]] = {"avant": "Avant", "apres": "Après"}
MAP_HEIGHT: Final = 560


def bar(selection: Selection) -> Selection:
    """Draw the slim bar: territory, device type and date."""
    place, device = st.columns([2, 3], vertical_alignment="bottom")
    with place:
        choice = pick_place(
            "Territoire", territory_of(selection).nom, _WIDE, key="planifier_territoire"
        )
        if choice and choice != selection.territoire:
            select(replace(selection, territoire=choice, choisi=""))
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
    view = next((v for v, text in TABS.items() if text == label), selection.projet.plan)
    return planned(selection, plan=view)


def planned(selection: Selection, **values: Any) -> Selection:
    """Change fields of what is planned."""
    return replace(selection, projet=replace(selection.projet, **values))


def territory_of(selection: Selection) -> Territory:
    """Give the territory of a selection."""
    level, code = split_key(selection.territoire)
    return find_territory(data.snapshot(), code, level)


def question(selection: Selection) -> PlanQuestion:
    """Read the question in a selection."""
    return question_of(selection, territory_of(selection), data.desk().today)


def scenario_of(selection: Selection) -> Scenario:
    """Read the scenario of a selection; an unreadable one is empty, and said so."""
    try:
        return Scenario.from_text(selection.projet.scenario)
    except InvalidInputError as error:
        notice(f"{error.message_fr} Le scénario du lien est laissé de côté.")
        return Scenario()


def moment_field(selection: Selection) -> Selection:
    """Draw the choice between what is and what would be."""
    chosen = st.segmented_control(
        "Carte",
        MOMENTS,
        format_func=_MOMENTS.__getitem__,
        key=widget_key("moment"),
        required=True,
    )
    return planned(selection, moment=chosen or selection.projet.moment)


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

    def of(coverage: Coverage) -> Quartiers:
        return quartiers(data.snapshot(), coverage, where, QpvFilter())

    return of(data.desk().coverage(asked.type, asked.on)), of(found.apres)


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
    where = territory_of(selection)
    follow = follow and len(chosen) > 0
    scale: Scale = "local" if follow else scale_of(where)
    layer = questions.devices_on(data.desk(), selection.type, data.desk().day(selection), scale)
    extent: Bounds | None = None if where.level == "france" else bounds(data.snapshot(), where)
    view = plan_view(
        data.library(),
        shown,
        layer,
        chosen,
        title=title,
        bounds=chosen_bounds(chosen) if follow else extent,
        near=follow and shown.territory.level == "france",
    )
    render_map(view, key=key, height=MAP_HEIGHT)


def scale_of(territory: Territory) -> Scale:
    """Give the detail of contours that suits a territory."""
    return "national" if territory.level == "france" else "local"


def status_panel(shown: Quartiers, chosen: gpd.GeoDataFrame, type_: str) -> None:
    """Draw the legend of the map, its counts being those of the QPV drawn."""
    entries = (*status_legend(shown), *chosen_entries(chosen))
    legend(f"Couverture {type_} : un quartier, un cercle selon ses habitants", entries)


def status_table(before: Quartiers, after: Quartiers) -> None:
    """Draw the table twin of the map."""
    table(status_change(before, after), "Statuts des QPV, avant et après")


def table(rows: pd.DataFrame, alt: str, missing: str | None = None) -> None:
    """Draw a table whose numbers are written the French way; ``missing`` fills empty cells."""
    numeric = [str(c) for c in rows.columns if pd.api.types.is_numeric_dtype(rows[c])]
    st.dataframe(
        rows,
        hide_index=True,
        alt=alt,
        placeholder=missing,
        column_config={c: st.column_config.NumberColumn(format="localized") for c in numeric},
    )


def figures(rows: Iterable[tuple[str, str, str]]) -> None:
    """Draw the key figures of a view."""
    key_figures((KeyFigure(*row) for row in rows), tight=True)


def reserves(asked: PlanQuestion, said: Sequence[str]) -> None:
    """Draw what bounds an answer, then its sources."""
    coverage = data.desk().coverage(asked.type, asked.on)
    caution([*said, register_caution(coverage, data.published_total(asked.type))])
    source_line(captions.qpv_source())
    source_line(captions.device_source(coverage))


def csv_button(label: str, table: pd.DataFrame, name: str) -> None:
    """Offer a table as CSV for French Excel."""
    st.download_button(
        label,
        csv_of(table),
        f"{name}.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv_{name}",
    )


def csv_of(table: pd.DataFrame) -> bytes:
    """Write a table as CSV for French Excel."""
    whole = table.astype(object).where(table.notna(), None)
    rows = [{str(k): v for k, v in row.items()} for row in whole.to_dict("records")]
    return french_csv([str(c) for c in table.columns], rows)


def chosen(codes: tuple[str, ...], uncertain: frozenset[str], scale: Scale) -> gpd.GeoDataFrame:
    """Give the contours of territories: see `clsm_map.maps.planifier.chosen_contours`."""
    names = questions.planning_names(data.desk())
    return chosen_contours(data.snapshot(), names, codes, uncertain, scale)
