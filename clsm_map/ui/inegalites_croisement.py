"""The angle *Deux indicateurs*: a cloud of dots, a correlation, and what it does not say."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.analysis.comparison.values import is_count
from clsm_map.charts.distribution import crossing_dots
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS, Level
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, source_line, view_title
from clsm_map.ui.inegalites_parts import (
    default_indicator,
    finding,
    indicator_choice,
    peers_choice,
    sources,
    told_of,
    twin,
)
from clsm_map.ui.state import widget_key
from clsm_map.views import questions
from clsm_map.views.inequality.crossing import common_levels
from clsm_map.views.inequality.profile import territory_insides


def draw(selection: Selection) -> Selection:
    """Draw the crossing; give the selection that its controls make."""
    territory = data.desk().territory(selection)
    indicators = data.snapshot().indicators
    rates = [i for i, d in indicators.items() if not is_count(d) and d.niveaux != ("france",)]
    first, second, third, fourth = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    with first:
        x = indicator_choice("En abscisse", "etudie", rates, default_indicator(selection))
    with second:
        usual = "taux_pauvrete" if x != "taux_pauvrete" else "revenu_imposable_par_habitant"
        shared = [i for i in rates if i != x]
        y = indicator_choice("En ordonnée", "croise", shared, usual)
    study = replace(selection.etude, etudie=x, croise=y)
    selection = replace(selection, etude=study)
    levels = common_levels(indicators[x], indicators[y])
    with third:
        level = _level(levels, territory.level)
    insides = territory_insides(data.snapshot(), territory)
    insides = {k: t for k, t in insides.items() if k != level}
    selection = replace(selection, etude=replace(study, echelon=level))
    with fourth:
        selection = peers_choice(selection, insides, "Pris dans")
    found = questions.crossing_of(
        data.desk(), x, y, level, territory, insides[selection.etude.pairs]
    )
    shown = list(zip((found.x, found.y), found.years, strict=True))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(found.title)
        finding(found.finding)
        told = told_of(found.title, found.finding, shown, level=level)
        twin("croisement", lambda: crossing_dots(found), found.table, told)
    with right:
        caution(found.cautions)
        source_line(
            "r va de −1 à 1 ; 0 : aucun lien linéaire. Chaque territoire compte pour un ; le rang "
            "(Spearman) ne dépend pas des valeurs extrêmes."
        )
        sources(shown, level=level)
    return selection


def _level(levels: list[Level], own: Level) -> Level:
    key = widget_key("echelon")
    if st.session_state.get(key) not in levels:
        usual: Level = "departement" if "departement" in levels else levels[0]
        st.session_state[key] = own if own in levels else usual
    chosen: Level = st.selectbox(
        "Échelon", levels, format_func=lambda v: LEVEL_LABELS[v][1].capitalize(), key=key
    )
    return chosen
