"""*Indice de besoin*: one's own components and weights, and what they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import streamlit as st

from clsm_map.analysis.need import DEFAULTS
from clsm_map.charts.comparison import SHOWN, contribution_bars, rank_intervals
from clsm_map.domain.selection import (
    INDEX_LEVELS,
    INDEX_MEANS,
    MAX_COMPONENTS,
    IndexLevel,
    IndexMean,
    Selection,
    Study,
    weights_of,
)
from clsm_map.domain.territories import Territory
from clsm_map.formats import number
from clsm_map.ui import data, filters, view
from clsm_map.ui import furniture as page
from clsm_map.ui.state import fresh_key, select, studied
from clsm_map.views import captions, questions
from clsm_map.views.inequality.index import (
    NOT_OFFICIAL,
    IndexView,
    component_indicators,
    index_view,
)

_LEVELS: Mapping[IndexLevel, str] = {"qpv": "Quartiers", "commune": "Communes"}
_MEANS: Mapping[IndexMean, str] = {"arithmetique": "Arithmétique", "geometrique": "Géométrique"}
MAX_ROWS = 2_000
"""Rows of the table sent at once."""
MAX_NAMES = 500
"""Names offered to see what makes a score."""
_COLUMNS = {
    "Sensibilité aux poids, de": st.column_config.NumberColumn(
        help="Meilleur rang quand un poids varie de ±50 %."
    ),
    "Sensibilité aux poids, à": st.column_config.NumberColumn(
        help="Dernier rang quand un poids varie de ±50 %."
    ),
    "Score": st.column_config.NumberColumn(format="localized", help="De 0 à 100."),
}


def draw(selection: Selection, territory: Territory) -> Selection:
    """Draw the index; give the selection that its controls make."""
    study = _controls(selection)
    index = questions.index_of_study(data.desk(), study)
    found = index_view(data.snapshot(), index, territory, study.indice)
    one, several = found.nouns
    known = data.snapshot().indicators
    parts = [known[component.indicateur] for component in found.index.components]
    shown = [(i, i.derniere_annee) for i in parts]

    def told(title: str, said: str) -> captions.Told:
        return view.told_of(title, said, shown, found.recipe, NOT_OFFICIAL)

    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(found.title, found.recipe)
        page.finding(found.finding)
        if len(found.scored):
            view.chart_and_table(
                "indice",
                lambda: rank_intervals(found.scored, found.index.n),
                lambda: found.table().head(MAX_ROWS),
                told(found.title, found.finding),
                {one.capitalize(): st.column_config.TextColumn(pinned=True), **_COLUMNS},
            )
            if len(found.scored) > SHOWN:
                page.source_line(
                    f"Le graphique montre les {SHOWN} premiers rangs ; le tableau, les "
                    f"{number(min(len(found.frame), MAX_ROWS))} {several}"
                    + (" de plus grand besoin." if len(found.frame) > MAX_ROWS else ".")
                )
            name, code, said = _one(found)
            score = 50 + float(found.contribution_rows(code)["points"].sum())
            view.chart_and_table(
                "indice_parts",
                lambda: contribution_bars(found.contribution_rows(code), score),
                partial(found.contribution_table, code),
                told(f"Ce qui fait le score de {name}", said),
            )
    with right:
        page.caution(found.cautions)
        page.source_line(
            f"Chaque composante devient un centile parmi les {several} de France où elle est "
            "connue (plus haut : plus de besoin), puis la moyenne pondérée fait le score. Une "
            "valeur absente n’est jamais remplacée."
        )
        page.source_line(
            "La moyenne géométrique compense moins : un besoin faible sur une composante rattrape "
            "moins un besoin fort sur une autre."
        )
        own = [captions.qpv_source()] if study.indice == "qpv" else []
        view.indicator_sources(shown, *own)
    return replace(selection, etude=study)


def _one(found: IndexView) -> tuple[str, str, str]:
    """Draw the choice of one territory; give its name, its code, and what makes its score."""
    names = dict(islice(found.names().items(), MAX_NAMES))
    code = st.selectbox(
        "Ce qui fait le score de", list(names), format_func=names.__getitem__,
        key=f"indice_qpv_{found.territory.code}", filter_mode="contains",
    )  # fmt: skip
    said = found.contribution_finding(code)
    page.finding(said)
    return names[code], code, said


def _controls(selection: Selection) -> Study:
    study = selection.etude
    level, left, middle, right = st.columns([3, 3, 3, 3], vertical_alignment="bottom")
    with level:
        ranked = filters.one_of("Territoires classés", INDEX_LEVELS, "indice", _LEVELS)
    if ranked != study.indice:
        select(studied(selection, indice=ranked, composantes=()))
    usual_weights = {c.indicateur: c.poids for c in DEFAULTS[study.indice]}
    offered = component_indicators(data.snapshot().indicators, study.indice)
    asked = weights_of(study.composantes)
    weights = {i: weight for i, weight in asked.items() if i in offered} or usual_weights
    with left, st.popover("Composantes et poids", width="stretch"):
        weights = _weights(weights, offered)
    with middle:
        mean = filters.one_of("Moyenne", INDEX_MEANS, "moyenne", _MEANS)
    usual = weights == usual_weights
    if not usual and right.button("Revenir aux poids par défaut", type="tertiary"):
        select(studied(selection, composantes=()))
    kept = () if usual else tuple(f"{i}:{w:g}" for i, w in weights.items())
    return replace(study, composantes=kept, moyenne=mean)


def _weights(weights: Mapping[str, float], offered: Sequence[str]) -> dict[str, float]:
    indicators = data.snapshot().indicators
    chosen = st.multiselect(
        "Composantes",
        offered,
        default=list(weights),
        format_func=lambda i: indicators[i].libelle_court,
        max_selections=MAX_COMPONENTS,
        key=fresh_key("composantes"),
        placeholder="Au moins une",
    )
    if not chosen:
        st.warning("Il faut au moins une composante : les précédentes sont gardées.")
        return dict(weights)
    return {
        i: st.slider(
            indicators[i].libelle_court,
            0.5,
            10.0,
            value=float(weights.get(i, 1.0)),
            step=0.5,
            format="localized",
            key=fresh_key(f"poids_{i}"),
            help=indicators[i].definition,
        )
        for i in chosen
    }
