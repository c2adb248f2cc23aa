"""*Où ensuite*: the question, the choice, the map before and after, the curve, what remains."""

from __future__ import annotations

import re
from typing import Final

import streamlit as st

from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.question import Answer
from clsm_map.analysis.planning.scenario import Scenario, make_move
from clsm_map.charts.coverage import marginal_curve
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import CANDIDATE_CHOICES, MAX_LISTED, MAX_PLAN, Selection
from clsm_map.domain.territories import split_key
from clsm_map.maps.palettes import vocabulary
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui import planifier_parts as parts
from clsm_map.ui.components import pick_place
from clsm_map.ui.figure import draw_figure
from clsm_map.ui.furniture import card, notice, view_title, warning
from clsm_map.ui.state import fresh_key, select, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.captions import Told
from clsm_map.views.planning.plan import PlanReading, read_plan
from clsm_map.views.planning.question import CANDIDATE_LABELS, PlanQuestion
from clsm_map.views.planning.scenario import changes_table

_RECEIVING: Final = ("epci", "commune", "arrondissement")
_NEED: Final = (
    "Chaque habitant compte selon l’indice de besoin de son quartier (0 à 100) : pauvreté, emploi, "
    "RSA, isolement, accès aux soins. Indice composé ici, sans valeur officielle."
)


def where_next(selection: Selection) -> Selection:
    """Draw the view; give the selection it makes."""
    selection = _controls(selection)
    asked = parts.question(selection)
    try:
        with st.spinner("Recherche du meilleur choix…"):
            found = questions.planned(data.desk(), asked)
    except InvalidInputError as error:
        notice(error.message_fr)
        return selection
    reading = read_plan(asked, found, captions.on_date(asked.on, data.desk().today))
    _map_and_panel(selection, asked, found, reading)
    return selection


def _controls(selection: Selection) -> Selection:
    number, where, need, limits, map_of = st.columns(
        [4, 7, 5, 3, 3], vertical_alignment="bottom", gap="small"
    )
    with number:
        k = st.slider(f"Nombre de {selection.type} à créer", 1, MAX_PLAN, key=widget_key("k"))
    with where:
        choice = st.segmented_control(
            "Candidats",
            CANDIDATE_CHOICES,
            format_func=CANDIDATE_LABELS.__getitem__,
            key=widget_key("candidats"),
            required=True,
            help="Dans la Métropole du Grand Paris : les établissements publics territoriaux et "
            "Paris. Paris, Lyon et Marseille : la ville entière et ses arrondissements parmi les "
            "communes.",
        )
    with need:
        weighed = st.toggle("Pondérer par le besoin", key=widget_key("pondere"), help=_NEED)
    selection = parts.planned(
        selection, k=k, candidats=choice or selection.projet.candidats, pondere=weighed
    )
    with limits, st.popover(_limits_label(selection), width="stretch"):
        selection = _limits(selection)
    with map_of:
        selection = parts.moment_field(selection)
    if selection.projet.candidats == "liste":
        selection = _own_list(selection)
    return selection


def _limits_label(selection: Selection) -> str:
    asked = selection.projet
    kept = (
        asked.par_departement,
        asked.plafond,
        asked.plafond_chacun,
        asked.exclus,
        asked.imposes,
        asked.sans_projets,
        asked.partiels != "surface",
    )
    in_force = sum(bool(value) for value in kept)
    return f"Contraintes ({in_force})" if in_force else "Contraintes"


def _limits(selection: Selection) -> Selection:
    asked = selection.projet
    each = st.number_input(
        "Par département, au plus",
        min_value=1,
        max_value=MAX_PLAN,
        value=asked.par_departement,
        key=fresh_key("par_departement"),
        placeholder="sans limite",
    )
    served = st.number_input(
        "Habitants desservis en tout, au plus (RP 2023)",
        min_value=1,
        step=50_000,
        value=asked.plafond,
        key=fresh_key("plafond"),
        placeholder="sans limite",
        help="Population municipale de tous les territoires choisis, quartiers ou non.",
    )
    served_each = st.number_input(
        "Habitants desservis par chacun, au plus (RP 2023)",
        min_value=1,
        step=10_000,
        value=asked.plafond_chacun,
        key=fresh_key("plafond_chacun"),
        placeholder="sans limite",
        help="Population municipale de chaque territoire choisi : écarte les plus grands.",
    )
    coming = st.checkbox(
        "Laisser de côté les QPV en projet", value=asked.sans_projets, key=fresh_key("sans_projets")
    )
    selection = parts.planned(
        selection,
        par_departement=each,
        plafond=served,
        plafond_chacun=served_each,
        sans_projets=coming,
    )
    selection = parts.partial_field(selection)
    _forced(selection)
    _excluded(selection)
    return selection


def _forced(selection: Selection) -> None:
    """Draw the territories that must be chosen; adding or taking one away runs the page again."""
    kept = selection.projet.imposes
    choice = pick_place(
        "Imposer un territoire",
        "",
        _RECEIVING,
        key="planifier_imposer",
        placeholder="Intercommunalité ou commune, selon les candidats",
    )
    code = split_key(choice)[1] if choice else ""
    if code and code not in kept:
        select(parts.planned(selection, imposes=(*kept, code)))
    if kept:
        left = st.multiselect(
            "Imposés",
            kept,
            default=kept,
            format_func=lambda c: questions.planning_names(data.desk()).get(c, c),
            key=fresh_key("imposes_retenus"),
        )
        if len(left) < len(kept):
            select(parts.planned(selection, imposes=tuple(left)))


def _excluded(selection: Selection) -> None:
    """Draw the territories where nothing is created."""
    kept = selection.projet.exclus
    choice = pick_place(
        "Exclure un territoire",
        "",
        ("region", "departement", "epci", "commune", "arrondissement"),
        key="planifier_exclure",
        placeholder="Région, département, intercommunalité…",
    )
    if choice and choice not in kept:
        select(parts.planned(selection, exclus=(*kept, choice)))
    if kept:
        left = st.multiselect(
            "Exclus", kept, default=kept, format_func=_name, key=fresh_key("exclus_retenus")
        )
        if len(left) < len(kept):
            select(parts.planned(selection, exclus=tuple(left)))


def _name(key: str) -> str:
    level, code = split_key(key)
    return find_territory(data.snapshot(), code, level).nom


def _own_list(selection: Selection) -> Selection:
    left, right = st.columns(2)
    kept = selection.projet.liste
    with right:
        choice = pick_place(
            "Ajouter un candidat",
            "",
            _RECEIVING,
            key="planifier_candidat",
            placeholder="Intercommunalité ou commune",
        )
        if choice and split_key(choice)[1] not in kept:
            select(parts.planned(selection, liste=(*kept, split_key(choice)[1])))
    with left:
        text = st.text_area(
            "Codes de mes candidats (Insee ou SIREN)",
            value=" ".join(kept),
            key=fresh_key("liste_texte"),
            height=100,
            help="Collez une colonne de tableur, ou des codes séparés par des virgules.",
        )
    codes = tuple(dict.fromkeys(code for code in re.split(r"[\s,;]+", text.upper()) if code))
    known = vocabulary(data.snapshot()).is_territory
    wrong = [code for code in codes if not any(known(level, code) for level in _RECEIVING)]
    right_ones = tuple(code for code in codes if code not in wrong)[:MAX_LISTED]
    with right:
        if wrong:
            warning(f"Codes inconnus, laissés de côté : {', '.join(wrong[:10])}.")
        if right_ones:
            st.caption(
                ", ".join(
                    questions.planning_names(data.desk()).get(code, code) for code in right_ones
                )
            )
    return parts.planned(selection, liste=right_ones)


def _map_and_panel(
    selection: Selection, asked: PlanQuestion, found: Answer, reading: PlanReading
) -> None:
    whole = Scenario((make_move("creer", list(reading.codes)),)) if reading.codes else Scenario()
    simulated = questions.simulated(data.desk(), asked.type, asked.on, whole, asked.partiels)
    before, after = parts.before_and_after(asked, simulated, asked.territory)
    scale = parts.scale_of(asked.territory)
    chosen = parts.chosen(reading.codes, reading.uncertain, scale)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        shown = before if selection.projet.moment == "avant" else after
        parts.draw_map(selection, shown, chosen, key="planifier_ou", title=reading.title)
        with st.expander("Tableaux de la carte : statuts et QPV gagnés"):
            parts.status_table(before, after)
            changes = changes_table(simulated)
            parts.table(changes, "QPV gagnés")
            parts.csv_button("QPV gagnés (CSV)", changes, "planifier_qpv_gagnes")
    with right:
        view_title(reading.title, reading.subtitle)
        parts.figures(reading.figures)
        card("Dans l’ordre", f"{reading.order} {reading.proof}", reading.ranked)
        _go_on(selection, reading)
        parts.status_panel(shown, chosen, asked.type)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _curve_and_table(asked, found, reading)
    with right:
        parts.reserves(asked, found.avertissements)


def _go_on(selection: Selection, reading: PlanReading) -> None:
    if reading.codes and st.button("Reprendre ce choix dans « Et si »", key="planifier_reprendre"):
        moves = tuple(make_move("creer", [code]) for code in reading.codes)
        select(parts.planned(selection, plan="et-si", scenario=Scenario(moves).to_text()))


def _curve_and_table(asked: PlanQuestion, found: Answer, reading: PlanReading) -> None:
    view_title("Ce que chaque dispositif de plus apporte", reading.finding)
    title = f"Ce que chaque {asked.type} de plus apporterait, {asked.territory.nom}"
    coverage = data.desk().coverage(asked.type, asked.on)
    notes = (
        CAUTION.format(type=asked.type),
        captions.qpv_source(),
        captions.device_source(coverage),
    )
    draw_figure(
        marginal_curve(found.plan.courbe, asked.unit),
        Told(title, reading.finding, notes),
        key="planifier_courbe",
    )
    if reading.rise:
        st.caption(reading.rise)
    with st.expander("Tableau de la courbe"):
        st.caption("Le meilleur choix pour chaque nombre, cherché à neuf.")
        parts.table(reading.curve, "Apport de chaque dispositif")
        parts.csv_button("Courbe (CSV)", reading.curve, "planifier_courbe")
    view_title("Les territoires choisis", reading.remains)
    parts.table(reading.choices, reading.title)
    st.caption(reading.order)
    parts.csv_button("Territoires (CSV)", reading.choices, "planifier_territoires")
    if len(reading.together):
        view_title("Quartiers gagnés à plusieurs seulement")
        parts.table(reading.together, "Quartiers gagnés à plusieurs seulement")
        parts.csv_button("Gains partagés (CSV)", reading.together, "planifier_partages")
