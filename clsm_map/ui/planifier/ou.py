"""*Où ensuite*: the question, the choice, the map before and after, the curve, what remains."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal

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
from clsm_map.ui import furniture as page
from clsm_map.ui import planifier as parts
from clsm_map.ui.planifier import RECEIVING
from clsm_map.ui.state import fresh_key, planned, select, widget_key
from clsm_map.ui.view import draw_figure
from clsm_map.views import captions, questions
from clsm_map.views.planning.plan import PlanReading, read_plan
from clsm_map.views.planning.question import PlanQuestion
from clsm_map.views.planning.scenario import changes_table

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
        page.notice(error.message_fr)
        return selection
    reading = read_plan(asked, found, captions.on_date(asked.on, data.desk().today))
    _map_and_panel(selection, asked, reading)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _curve_and_table(asked, found, reading)
    with right:
        parts.reserves(asked, found.avertissements)
    return selection


def _controls(selection: Selection) -> Selection:
    number, where, need, limits, map_of = st.columns(
        [4, 7, 5, 3, 3], vertical_alignment="bottom", gap="small"
    )
    with number:
        k = st.slider(f"Nombre de {selection.type} à créer", 1, MAX_PLAN, key=widget_key("k"))
    with where:
        choice = parts.candidates_field(
            "Candidats",
            CANDIDATE_CHOICES,
            "Dans la Métropole du Grand Paris : les établissements publics territoriaux et "
            "Paris. Paris, Lyon et Marseille : la ville entière et ses arrondissements parmi les "
            "communes.",
        )
    with need:
        weighed = st.toggle("Pondérer par le besoin", key=widget_key("pondere"), help=_NEED)
    selection = planned(selection, k=k, candidats=choice, pondere=weighed)
    with limits, st.popover(_limits_label(selection), width="stretch"):
        selection = _limits(selection)
    with map_of:
        selection = parts.moment_field(selection)
    return _own_list(selection) if choice == "liste" else selection


def _limits_label(selection: Selection) -> str:
    asked = selection.projet
    limits = (asked.par_departement, asked.plafond, asked.plafond_chacun)
    kept = (*limits, asked.exclus, asked.imposes, asked.sans_projets, asked.partiels != "surface")
    in_force = sum(bool(value) for value in kept)
    return f"Contraintes ({in_force})" if in_force else "Contraintes"


def _limits(selection: Selection) -> Selection:
    asked = selection.projet

    def limit(
        label: str, name: str, said: str | None = None, most: int | None = None, step: int = 1
    ) -> int | None:
        chosen: int | None = st.number_input(
            label,
            min_value=1,
            max_value=most,
            value=getattr(asked, name),
            step=step,
            key=fresh_key(name),
            placeholder="sans limite",
            help=said,
        )
        return chosen

    each = limit("Par département, au plus", "par_departement", most=MAX_PLAN)
    served = limit(
        "Habitants desservis en tout, au plus (RP 2023)",
        "plafond",
        "Population municipale de tous les territoires choisis, quartiers ou non.",
        step=50_000,
    )
    served_each = limit(
        "Habitants desservis par chacun, au plus (RP 2023)",
        "plafond_chacun",
        "Population municipale de chaque territoire choisi : écarte les plus grands.",
        step=10_000,
    )
    coming = st.checkbox(
        "Laisser de côté les QPV en projet", value=asked.sans_projets, key=fresh_key("sans_projets")
    )
    selection = planned(
        selection,
        par_departement=each,
        plafond=served,
        plafond_chacun=served_each,
        sans_projets=coming,
    )
    selection = parts.partial_field(selection)
    with_code = ("Imposer un territoire", "Imposés", RECEIVING)
    _several(selection, "imposes", *with_code, parts.name_of,
             "Intercommunalité ou commune, selon les candidats")  # fmt: skip
    with_key = ("Exclure un territoire", "Exclus", ("region", "departement", *RECEIVING))
    _several(selection, "exclus", *with_key, _name_of_key,
             "Région, département, intercommunalité…")  # fmt: skip
    return selection


def _several(
    selection: Selection,
    field: Literal["imposes", "exclus"],
    label: str,
    label_kept: str,
    levels: Sequence[str],
    name_of: Callable[[str], str],
    placeholder: str,
) -> None:
    """Draw territories that constrain the choice; one more or less runs the page again.

    Those that must be chosen are kept by code, those where nothing is created by ``level:code``.
    """
    kept: tuple[str, ...] = getattr(selection.projet, field)
    choice = page.pick_place(label, "", levels, key=f"planifier_{field}", placeholder=placeholder)
    added = split_key(choice)[1] if choice and field == "imposes" else choice
    if added and added not in kept:
        select(planned(selection, **{field: (*kept, added)}))
    if kept:
        key = fresh_key(f"{field}_retenus")
        left = st.multiselect(label_kept, kept, default=kept, format_func=name_of, key=key)
        if len(left) < len(kept):
            select(planned(selection, **{field: tuple(left)}))


def _name_of_key(key: str) -> str:
    return find_territory(data.snapshot(), key).nom


def _own_list(selection: Selection) -> Selection:
    left, right = st.columns(2)
    kept = selection.projet.liste
    with right:
        choice = page.pick_place(
            "Ajouter un candidat",
            "",
            RECEIVING,
            key="planifier_candidat",
            placeholder="Intercommunalité ou commune",
        )
        if choice and split_key(choice)[1] not in kept:
            select(planned(selection, liste=(*kept, split_key(choice)[1])))
    text = left.text_area(
        "Codes de mes candidats (Insee ou SIREN)",
        value=" ".join(kept),
        key=fresh_key("liste_texte"),
        height=100,
        help="Collez une colonne de tableur, ou des codes séparés par des virgules.",
    )
    codes = tuple(dict.fromkeys(code for code in re.split(r"[\s,;]+", text.upper()) if code))
    receives = vocabulary(data.snapshot()).receives
    wrong = [code for code in codes if not receives(code)]
    listed = tuple(code for code in codes if code not in wrong)[:MAX_LISTED]
    with right:
        if wrong:
            page.alert(f"Codes inconnus, laissés de côté : {', '.join(wrong[:10])}.")
        if listed:
            st.caption(", ".join(map(parts.name_of, listed)))
    return planned(selection, liste=listed)


def _map_and_panel(selection: Selection, asked: PlanQuestion, reading: PlanReading) -> None:
    whole = Scenario((make_move("creer", list(reading.codes)),)) if reading.codes else Scenario()
    simulated = questions.simulated(data.desk(), asked.type, asked.on, whole, asked.partiels)
    before, after = parts.before_and_after(asked, simulated, asked.territory)
    scale = parts.scale_of(asked.territory)
    chosen = parts.chosen_shapes(reading.codes, scale, reading.uncertain)
    shown = before if selection.projet.moment == "avant" else after
    left, right = st.columns([2, 1], gap="medium")
    with left:
        parts.draw_map(selection, shown, chosen, key="planifier_ou", title=reading.title)
        with st.expander("Tableaux de la carte : statuts et QPV gagnés"):
            parts.status_table(before, after)
            changes = changes_table(simulated)
            page.table(changes, "QPV gagnés")
            page.csv_button("QPV gagnés (CSV)", changes, "planifier_qpv_gagnes")
    with right:
        page.view_title(reading.title, reading.subtitle)
        page.key_figures(reading.figures, tight=True)
        page.card("Dans l’ordre", f"{reading.order} {reading.proof}", reading.ranked)
        if reading.codes and st.button(
            "Reprendre ce choix dans « Et si »", key="planifier_reprendre"
        ):
            scenario = Scenario(tuple(make_move("creer", [code]) for code in reading.codes))
            select(planned(selection, plan="et-si", scenario=scenario.to_text()))
        parts.status_panel(shown, chosen, asked.type)


def _curve_and_table(asked: PlanQuestion, found: Answer, reading: PlanReading) -> None:
    page.view_title("Ce que chaque dispositif de plus apporte", reading.finding)
    coverage = data.desk().coverage(asked.type, asked.on)
    told = captions.Told(
        f"Ce que chaque {asked.type} de plus apporterait, {asked.territory.nom}",
        reading.finding,
        (
            CAUTION.format(type=asked.type),
            captions.qpv_source(),
            captions.device_source(coverage),
        ),
    )
    draw_figure(marginal_curve(found.plan.courbe, asked.unit), told, key="planifier_courbe")
    if reading.rise:
        st.caption(reading.rise)
    with st.expander("Tableau de la courbe"):
        st.caption("Le meilleur choix pour chaque nombre, cherché à neuf.")
        page.table(reading.curve, "Apport de chaque dispositif")
        page.csv_button("Courbe (CSV)", reading.curve, "planifier_courbe")
    page.view_title("Les territoires choisis", reading.remains)
    page.table(reading.choices, reading.title)
    st.caption(reading.order)
    page.csv_button("Territoires (CSV)", reading.choices, "planifier_territoires")
    if len(reading.together):
        page.view_title("Quartiers gagnés à plusieurs seulement")
        page.table(reading.together, "Quartiers gagnés à plusieurs seulement")
        page.csv_button("Gains partagés (CSV)", reading.together, "planifier_partages")
