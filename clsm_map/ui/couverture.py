"""The page *Couverture*: four views of who is covered, by what, since when, and how we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from clsm_map.domain.selection import Selection
from clsm_map.domain.terms import COVERAGE_VIEWS, CoverageView
from clsm_map.ui import (
    couverture_autour,
    couverture_evolution,
    couverture_registre,
    couverture_territoire,
)
from clsm_map.ui.state import widget_key

LABELS: Mapping[CoverageView, str] = {
    "autour": "Autour de moi",
    "territoire": "Territoire",
    "evolution": "Évolution",
    "registre": "Ce que l’on sait",
}
_VIEWS: Mapping[CoverageView, Callable[[Selection], Selection]] = {
    "autour": couverture_autour.draw,
    "territoire": couverture_territoire.draw,
    "evolution": couverture_evolution.draw,
    "registre": couverture_registre.draw,
}


def switch(selection: Selection) -> Selection:
    """Draw the choice of view; give the selection it makes."""
    chosen = st.segmented_control(
        "Vue",
        COVERAGE_VIEWS,
        format_func=LABELS.__getitem__,
        key=widget_key("vue"),
        required=True,
        label_visibility="collapsed",
    )
    return replace(selection, vue=chosen or selection.vue)


def draw(selection: Selection) -> Selection:
    """Draw the view of a selection; give the selection that its controls make."""
    return _VIEWS[selection.vue](selection)
