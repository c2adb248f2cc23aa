"""*Et si* and *Étendre avant de créer*: decisions made one by one, and the best extensions."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.scenario import MAX_MOVES, MoveKind, Scenario, Simulation, make_move
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import CandidateChoice, Moment, Selection
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.exports.scenario import export_scenario
from clsm_map.exports.sheet import SheetFormat
from clsm_map.ui import data
from clsm_map.ui import furniture as page
from clsm_map.ui import planifier as parts
from clsm_map.ui.planifier import RECEIVING
from clsm_map.ui.state import fresh_key, planned, select, widget_key
from clsm_map.ui.takeaway import link_of
from clsm_map.views import captions, questions
from clsm_map.views.planning.plan import BUTTON, read_extensions
from clsm_map.views.planning.question import PlanQuestion
from clsm_map.views.planning.scenario import ScenarioReading, codes_of, read_scenario

_KINDS: Final[dict[MoveKind, str]] = {"creer": "Créer", "etendre": "Étendre"}
_MOMENTS: Final[dict[Moment, str]] = {"avant": "avant le scénario", "apres": "après le scénario"}
_SHEETS: Final[dict[SheetFormat, str]] = {"pdf": "Fiche (PDF)", "docx": "Fiche (Word)"}
_DRAFT: Final = "planifier_brouillon"
_DEVICE: Final = "planifier_dispositif"
_CLICK: Final = "planifier_essayer"


def what_if(selection: Selection) -> Selection:
    """Draw devices created and perimeters extended, statuses before and after, undo, files."""
    scenario = parts.scenario_of(selection)
    selection = _builder(selection, scenario)
    asked = parts.question(selection)
    try:
        with st.spinner("Calcul du scénario…"):
            found = questions.simulated(data.desk(), asked.type, asked.on, scenario, asked.partiels)
    except InvalidInputError as error:
        page.notice(error.message_fr)
        _undo(selection, scenario)
        return selection
    before, after = parts.before_and_after(asked, found, asked.territory)
    if not found.qpv["qpv"].isin(before.frame["code"]).all():  # the scenario changes others
        before, after = parts.before_and_after(asked, found, FRANCE)
    shown = before if selection.projet.moment == "avant" else after
    chosen = parts.chosen_shapes(codes_of(scenario), "local")
    title = f"Quartiers prioritaires et {asked.type}, {_MOMENTS[selection.projet.moment]}"
    left, right = st.columns([2, 1], gap="medium")
    with left:
        parts.draw_map(selection, shown, chosen, key="planifier_et_si", title=title, follow=True)
    with right:
        _outcome(selection, asked, found)
        parts.status_panel(shown, chosen, asked.type)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(f"Statuts des QPV avant et après : {before.territory.nom}")
        parts.status_table(before, after)
    with right:
        parts.reserves(asked, [CAUTION.format(type=asked.type), *found.avertissements])
    return selection


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
    if add.button(
        "Ajouter au scénario",
        type="primary",
        disabled=not ready or len(scenario.moves) >= MAX_MOVES,
        key="planifier_ajouter",
        width="stretch",
    ):
        st.session_state.pop(_DRAFT)
        st.session_state.pop(_DEVICE, None)
        move = make_move(kind, list(draft), device)
        select(planned(selection, scenario=scenario.then(move).to_text()))
    with counting, st.popover("Comptage", width="stretch"):
        selection = parts.partial_field(selection)
    with map_of:
        return parts.moment_field(selection)


def _place_field(selection: Selection, kind: MoveKind) -> None:
    draft: tuple[str, ...] = st.session_state.get(_DRAFT, ())
    choice = page.pick_place(
        "Sur" if kind == "creer" else "L’étendre à",
        "",
        RECEIVING,
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
            format_func=parts.name_of,
            key=fresh_key("brouillon"),
        )
        st.session_state[_DRAFT] = tuple(kept)


def _device_field(selection: Selection) -> str:
    devices = data.desk().coverage(selection.type, selection.date).devices
    known = dict(zip(devices["id"].tolist(), devices["nom"].tolist(), strict=True))
    kept = st.session_state.get(_DEVICE, "")
    options = sorted(known, key=lambda i: known[i].casefold())
    chosen = st.selectbox(
        f"{selection.type} à étendre",
        options,
        index=options.index(kept) if kept in options else None,
        format_func=known.__getitem__,
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
            select(planned(selection, scenario=scenario.undone().to_text()))
        if st.button("Tout effacer", type="tertiary", key="planifier_effacer"):
            select(planned(selection, scenario=""))


def _outcome(selection: Selection, asked: PlanQuestion, found: Simulation) -> None:
    when = captions.on_date(asked.on, data.desk().today)
    if not found.scenario.moves:
        page.view_title("Aucune décision pour l’instant", f"Situation {when}")
        st.caption(
            "Choisissez une commune ou une intercommunalité, puis ajoutez : la carte et les "
            "statuts diront ce que la décision change. Le lien de la page garde le scénario."
        )
        return
    reading = read_scenario(found, questions.planning_names(data.desk()))
    page.view_title(reading.title, f"Situation {when}, quartiers {asked.words}")
    page.key_figures(reading.figures, tight=True)
    page.card("Décisions", "Chacune s’ajoute aux précédentes", reading.decisions)
    _undo(selection, found.scenario)
    _files(selection, found, reading)


def _files(selection: Selection, found: Simulation, reading: ScenarioReading) -> None:
    with st.expander("QPV dont le statut change"):
        page.table(reading.changes, "QPV dont le statut change")
    shown = planned(selection, plan="et-si", scenario=found.scenario.to_text())
    link = link_of(shown, "planifier")
    with st.container(horizontal=True, gap="small"):
        for fmt, label in _SHEETS.items():
            write = partial(export_scenario, data.desk(), found, fmt, link)
            page.download(label, f"scenario.{fmt}", write, key=f"scenario_{fmt}")
        page.csv_button("Décisions (CSV)", reading.table, "scenario_decisions")
        page.csv_button("QPV (CSV)", reading.changes, "scenario_qpv")


def extend_first(selection: Selection) -> Selection:
    """Draw the best neighbours of each device, sent to *Et si* in one click."""
    where, need, counting = st.columns([3, 2, 1], vertical_alignment="bottom")
    own: tuple[CandidateChoice, ...] = ("liste",) if selection.projet.candidats == "liste" else ()
    with where:
        choice = parts.candidates_field("Ajouter", ("epci", "commune", *own))
    weighed = need.toggle("Pondérer par le besoin", key=widget_key("pondere"))
    with counting, st.popover("Comptage", width="stretch"):
        selection = parts.partial_field(selection)
    selection = planned(selection, candidats=choice, pondere=weighed)
    asked = parts.question(selection)
    try:
        with st.spinner("Recherche des territoires voisins…"):
            rows, counted = questions.additions(data.desk(), asked)
    except InvalidInputError as error:
        page.notice(error.message_fr)
        return selection
    when = captions.on_date(asked.on, data.desk().today)
    reading = read_extensions(rows, asked.type, asked.territory.nom, weighted=asked.pondere)
    page.view_title(reading.title, f"{reading.finding} Situation {when}.")
    if reading.moves:
        columns = {
            "Code": st.column_config.TextColumn(width=110),
            "Dispositif": st.column_config.TextColumn(width=380),
            BUTTON: st.column_config.ButtonColumn(
                BUTTON, key=_CLICK, type="secondary", help="Porte l’extension dans « Et si »"
            ),
        }
        page.table(reading.table, reading.title, columns, most=480, key="planifier_extensions")
        page.csv_button("Extensions (CSV)", reading.table.drop(columns=BUTTON), "extensions")
        click = st.session_state.get(_CLICK)
        if click is not None:
            scenario = parts.scenario_of(selection).then(reading.moves[click["row"]])
            select(planned(selection, plan="et-si", scenario=scenario.to_text()))
    parts.reserves(asked, [CAUTION.format(type=asked.type), *counted])
    return selection
