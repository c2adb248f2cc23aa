"""The angle *Évolution*: an indicator over its years, where several exist."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.charts.distribution import trend_curves
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Selection
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, source_line, view_title
from clsm_map.ui.inegalites_annees import draw_years
from clsm_map.ui.inegalites_parts import (
    default_indicator,
    finding,
    indicator_choice,
    sources,
    told_of,
    twin,
)
from clsm_map.views import questions
from clsm_map.views.inequality.trend import refusal_of_trend, trend_indicators


def draw(selection: Selection) -> Selection:
    """Draw the curve; give the selection that its controls make."""
    territory = data.desk().territory(selection)
    offered = trend_indicators(data.snapshot(), territory)
    if not offered:
        raise InvalidInputError(refusal_of_trend(territory))
    field, _ = st.columns([2, 3])
    with field:
        chosen = indicator_choice("Indicateur", "etudie", offered, default_indicator(selection))
    found = questions.trend_in(data.desk(), chosen, territory)
    shown = [(found.indicator, found.indicator.derniere_annee)]
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(found.title)
        finding(found.finding)
        told = told_of(found.title, found.finding, shown, level=territory.level)
        twin("evolution", lambda: trend_curves(found), found.table, told)
    with right:
        caution(found.cautions)
        source_line(
            "Seuls les indicateurs dont la définition n’a pas changé entre ces années sont offerts."
        )
        sources(shown, level=territory.level)
    level = draw_years(selection, chosen, (*told.notes, *found.cautions))
    study = replace(selection.etude, etudie=chosen, echelon=level or selection.etude.echelon)
    return replace(selection, etude=study)
