"""*Et si*: create devices, extend perimeters, see statuses before and after, undo, take away."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.scenario import MAX_MOVES, MoveKind, Scenario, Simulation, make_move
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Moment, Selection
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.exports.scenario import export_scenario
from clsm_map.exports.sheet import SHEET_MEDIA_TYPES, SheetFormat
from clsm_map.ui import data
from clsm_map.ui import planifier_parts as parts
from clsm_map.ui.components import pick_place
from clsm_map.ui.furniture import card, notice, view_title
from clsm_map.ui.state import fresh_key, select
from clsm_map.ui.takeaway import link_of
from clsm_map.views import captions, questions
from clsm_map.views.planning.question import PlanQuestion
from clsm_map.views.planning.scenario import ScenarioReading, codes_of, read_scenario
from clsm_map.views.quartiers import Quartiers

_KINDS: Final[dict[MoveKind, str]] = {"creer": "Créer", "etendre": "Étendre"}
_MOMENTS: Final[dict[Moment, str]] = {"avant": "avant le scénario", "apres": "après le scénario"}
_SHEETS: Final[dict[SheetFormat, str]] = {"pdf": "Fiche (PDF)", "docx": "Fiche (Word)"}
_DRAFT: Final = "planifier_brouillon"
_DEVICE: Final = "planifier_dispositif"


def what_if(selection: Selection) -> Selection:
    """Draw the view; give the selection it makes."""
    scenario = parts.scenario_of(selection)
    selection = _builder(selection, scenario)
    asked = parts.question(selection)
    try:
        with st.spinner("Calcul du scénario…"):
            found = questions.simulated(data.desk(), asked.type, asked.on, scenario, asked.partiels)
    except InvalidInputError as error:
        notice(error.message_fr)
        _undo(selection, scenario)
        return selection
    before, after = _before_and_after(asked, found)
    shown = before if selection.projet.moment == "avant" else after
    chosen = parts.chosen(codes_of(scenario), frozenset(), "local")
    title = f"Quartiers prioritaires et {asked.type}, {_MOMENTS[selection.projet.moment]}"
    left, right = st.columns([2, 1], gap="medium")
    with left:
        parts.draw_map(selection, shown, chosen, key="planifier_et_si", title=title, follow=True)
    with right:
        _outcome(selection, asked, found)
        parts.status_panel(shown, chosen, asked.type)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(f"Statuts des QPV avant et après : {before.territory.nom}")
        parts.status_table(before, after)
    with right:
        parts.reserves(asked, [CAUTION.format(type=asked.type), *found.avertissements])
    return selection


def _before_and_after(asked: PlanQuestion, found: Simulation) -> tuple[Quartiers, Quartiers]:
    """Give the QPV of the territory, or of France when the scenario changes others."""
    inside = parts.before_and_after(asked, found, asked.territory)
    if found.qpv["qpv"].isin(inside[0].frame["code"]).all():
        return inside
    return parts.before_and_after(asked, found, FRANCE)


def _builder(selection: Selection, scenario: Scenario) -> Selection:
    decision, place, add, counting, map_of = st.columns(
        [6, 8, 4, 3, 3], vertical_alignment="bottom", gap="small"
    )
    with decision:
        kind: MoveKind = (
            st.segmented_control(
                "Décision",
                list(_KINDS),
                default="creer",
                format_func=lambda k: f"{_KINDS[k]} un {selection.type}",
                key="planifier_decision",
                required=True,
            )
            or "creer"
        )
    with place:
        device = _device_field(selection) if kind == "etendre" else ""
        _place_field(selection, kind)
    draft: tuple[str, ...] = st.session_state.get(_DRAFT, ())
    ready = bool(draft) and (kind == "creer" or bool(device))
    full = len(scenario.moves) >= MAX_MOVES
    with add:
        if st.button(
            "Ajouter au scénario",
            type="primary",
            disabled=not ready or full,
            key="planifier_ajouter",
            width="stretch",
        ):
            st.session_state.pop(_DRAFT)
            st.session_state.pop(_DEVICE, None)
            move = make_move(kind, list(draft), device)
            select(parts.planned(selection, scenario=scenario.then(move).to_text()))
    with counting, st.popover("Comptage", width="stretch"):
        selection = parts.partial_field(selection)
    with map_of:
        return parts.moment_field(selection)


def _place_field(selection: Selection, kind: MoveKind) -> None:
    draft: tuple[str, ...] = st.session_state.get(_DRAFT, ())
    choice = pick_place(
        "Sur" if kind == "creer" else "L’étendre à",
        "",
        ("epci", "commune", "arrondissement"),
        key="planifier_sur",
        placeholder="Intercommunalité, commune ou arrondissement",
    )
    code = split_key(choice)[1] if choice else ""
    if code and code not in draft:
        st.session_state[_DRAFT] = (*draft, code)
        select(selection)
    if draft:
        kept = st.multiselect(
            "Territoires de cette décision",
            draft,
            default=draft,
            format_func=lambda c: questions.planning_names(data.desk()).get(c, c),
            key=fresh_key("brouillon"),
        )
        st.session_state[_DRAFT] = tuple(kept)


def _device_field(selection: Selection) -> str:
    known = dict(
        data.desk().coverage(selection.type, selection.date).devices[["id", "nom"]].to_numpy()
    )
    kept = str(st.session_state.get(_DEVICE, ""))
    options = sorted(known, key=lambda i: str(known[i]).casefold())
    chosen = st.selectbox(
        f"{selection.type} à étendre",
        options,
        index=options.index(kept) if kept in options else None,
        format_func=lambda i: str(known[i]),
        placeholder="Tapez un nom",
        filter_mode="contains",
    )
    st.session_state[_DEVICE] = chosen or ""
    return chosen or ""


def _undo(selection: Selection, scenario: Scenario) -> None:
    if not scenario.moves:
        return
    with st.container(horizontal=True, gap="small"):
        if st.button("Annuler la dernière", key="planifier_annuler"):
            select(parts.planned(selection, scenario=scenario.undone().to_text()))
        if st.button("Tout effacer", type="tertiary", key="planifier_effacer"):
            select(parts.planned(selection, scenario=""))


def _outcome(selection: Selection, asked: PlanQuestion, found: Simulation) -> None:
    when = captions.on_date(asked.on, data.desk().today)
    if not found.scenario.moves:
        view_title("Aucune décision pour l’instant", f"Situation {when}")
        st.caption(
            "Choisissez une commune ou une intercommunalité, puis ajoutez : la carte et les "
            "statuts diront ce que la décision change. Le lien de la page garde le scénario."
        )
        return
    reading = read_scenario(found, questions.planning_names(data.desk()))
    view_title(reading.title, f"Situation {when}, quartiers {asked.words}")
    parts.figures(reading.figures)
    card("Décisions", "Chacune s’ajoute aux précédentes", reading.decisions)
    _undo(selection, found.scenario)
    _files(selection, found, reading)


def _files(selection: Selection, found: Simulation, reading: ScenarioReading) -> None:
    with st.expander("QPV dont le statut change"):
        parts.table(reading.changes, "QPV dont le statut change")
    shown = parts.planned(selection, plan="et-si", scenario=found.scenario.to_text())
    link = link_of(shown, "planifier")
    with st.container(horizontal=True, gap="small"):
        for fmt, label in _SHEETS.items():
            st.download_button(
                label,
                data=partial(export_scenario, data.desk(), found, fmt, link),
                file_name=f"scenario.{fmt}",
                mime=SHEET_MEDIA_TYPES[fmt],
                on_click="ignore",
                key=f"scenario_{fmt}",
            )
        parts.csv_button("Décisions (CSV)", reading.table, "scenario_decisions")
        parts.csv_button("QPV (CSV)", reading.changes, "scenario_qpv")
