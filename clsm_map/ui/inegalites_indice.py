"""The angle *Indice de besoin*: one's own components and weights, and what they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import streamlit as st

from clsm_map.analysis.need import DEFAULTS
from clsm_map.charts.comparison import SHOWN, contribution_bars, rank_intervals
from clsm_map.domain.indicators import Indicator
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
from clsm_map.domain.territories import RP_QPV, RP_TODAY
from clsm_map.formats import number
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, source_line, view_title
from clsm_map.ui.inegalites_parts import finding, sources, told_of, twin
from clsm_map.ui.state import fresh_key, select, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.captions import Told
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
_TABLE = {
    "Sensibilité aux poids, de": st.column_config.NumberColumn(
        help="Meilleur rang quand un poids varie de ±50 %."
    ),
    "Sensibilité aux poids, à": st.column_config.NumberColumn(
        help="Dernier rang quand un poids varie de ±50 %."
    ),
    **{
        f"Habitants ({year})": st.column_config.NumberColumn(format="localized")
        for year in (RP_TODAY, RP_QPV)
    },
    "Score": st.column_config.NumberColumn(format="localized", help="De 0 à 100."),
}


def draw(selection: Selection) -> Selection:
    """Draw the index; give the selection that its controls make."""
    study = _controls(selection)
    selection = replace(selection, etude=study)
    territory = data.desk().territory(selection)
    found = index_view(
        data.snapshot(), questions.index_of_study(data.desk(), study), territory, study.indice
    )
    several = found.nouns[1]
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(found.title, found.recipe)
        finding(found.finding)
        if len(found.scored):
            twin(
                "indice",
                lambda: rank_intervals(found.scored, found.index.n),
                lambda: found.table().head(MAX_ROWS),
                _told(found, found.title, found.finding),
                _columns(found),
            )
            if len(found.scored) > SHOWN:
                source_line(
                    f"Le graphique montre les {SHOWN} premiers rangs ; le tableau, les "
                    f"{number(min(len(found.frame), MAX_ROWS))} {several}"
                    + (" de plus grand besoin." if len(found.frame) > MAX_ROWS else ".")
                )
            _one(found)
    with right:
        caution(found.cautions)
        source_line(
            f"Chaque composante devient un centile parmi les {several} de France où elle est "
            "connue (plus haut : plus de besoin), puis la moyenne pondérée fait le score. Une "
            "valeur absente n’est jamais remplacée."
        )
        source_line(
            "La moyenne géométrique compense moins : un besoin faible sur une composante rattrape "
            "moins un besoin fort sur une autre."
        )
        sources(_shown(found), *([captions.qpv_source()] if study.indice == "qpv" else []))
    return selection


def _columns(found: IndexView) -> dict[str, Any]:
    return {found.nouns[0].capitalize(): st.column_config.TextColumn(pinned=True), **_TABLE}


def _shown(found: IndexView) -> list[tuple[Indicator, int | None]]:
    known = data.snapshot().indicators
    parts = [known[component.indicateur] for component in found.index.components]
    return [(i, i.derniere_annee) for i in parts]


def _told(found: IndexView, title: str, said: str) -> Told:
    return told_of(title, said, _shown(found), found.recipe, NOT_OFFICIAL)


def _one(found: IndexView) -> None:
    """Draw what makes the score of one QPV."""
    names = dict(islice(found.names().items(), MAX_NAMES))
    code = st.selectbox(
        "Ce qui fait le score de", list(names), format_func=names.__getitem__,
        key=f"indice_qpv_{found.territory.code}", filter_mode="contains",
    )  # fmt: skip
    said = found.contribution_finding(code)
    finding(said)
    score = 50 + float(found.contribution_rows(code)["points"].sum())
    twin(
        "indice_parts",
        lambda: contribution_bars(found.contribution_rows(code), score),
        lambda: found.contribution_table(code),
        _told(found, f"Ce qui fait le score de {names[code]}", said),
    )


def _controls(selection: Selection) -> Study:
    study = selection.etude
    level, left, middle, right = st.columns([3, 3, 3, 3], vertical_alignment="bottom")
    with level:
        ranked = st.segmented_control(
            "Territoires classés",
            INDEX_LEVELS,
            format_func=_LEVELS.__getitem__,
            key=widget_key("indice"),
            required=True,
        )
    if ranked and ranked != study.indice:
        study = replace(study, indice=ranked, composantes=())
        select(replace(selection, etude=study))
    usual_weights = {c.indicateur: c.poids for c in DEFAULTS[study.indice]}
    offered = component_indicators(data.snapshot().indicators, study.indice)
    asked = weights_of(study.composantes)
    weights = {i: weight for i, weight in asked.items() if i in offered} or usual_weights
    with left, st.popover("Composantes et poids", width="stretch"):
        weights = _weights(weights, offered)
    with middle:
        mean = st.segmented_control(
            "Moyenne",
            INDEX_MEANS,
            format_func=_MEANS.__getitem__,
            key=widget_key("moyenne"),
            required=True,
        )
    with right:
        usual = weights == usual_weights
        if not usual and st.button("Revenir aux poids par défaut", type="tertiary"):
            select(replace(selection, etude=replace(study, composantes=())))
    kept = () if usual else tuple(f"{i}:{w:g}" for i, w in weights.items())
    return replace(study, composantes=kept, moyenne=mean or study.moyenne)


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
