"""The angle *À l'intérieur*: how far the communes of a territory differ, and its QPV."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.charts.distribution import inhabitants_bars
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Selection
from clsm_map.ui import data
from clsm_map.ui.furniture import KeyFigure, caution, key_figures, source_line, view_title
from clsm_map.ui.inegalites_parts import (
    default_indicator,
    finding,
    indicator_choice,
    sources,
    told_of,
    twin,
)
from clsm_map.views import captions, questions
from clsm_map.views.inequality.within import within_indicators


def draw(selection: Selection) -> Selection:
    """Draw the inequality inside; give the selection that its controls make."""
    territory = data.desk().territory(selection)
    field, _ = st.columns([2, 3])
    with field:
        offered = within_indicators(data.snapshot())
        chosen = indicator_choice("Indicateur", "etudie", offered, default_indicator(selection))
    found = questions.spread_in(data.desk(), territory, chosen)
    if not found.figures.n:
        raise InvalidInputError(found.finding)
    f = found.figures
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(found.title)
        finding(found.finding)
        unit = f" ({found.indicator.unite})" if found.indicator.unite else ""
        twin(
            "interieur",
            lambda: inhabitants_bars(
                found.bins, (f.q1, f.mediane, f.q3), f"{found.indicator.libelle_court}{unit}"
            ),
            lambda: questions.spreads_in(data.desk(), territory),
            told_of(found.title, found.finding, [(found.indicator, found.year)], level="commune"),
        )
    with right:
        lines = found.headlines()
        key_figures((KeyFigure(v, label, origin) for v, label, origin in lines), tight=True)
        caution(found.cautions)
        source_line("Le tableau donne la même mesure pour tous les indicateurs des communes.")
        sources([(found.indicator, found.year)], captions.qpv_source())
    return replace(selection, etude=replace(selection.etude, etudie=chosen))
