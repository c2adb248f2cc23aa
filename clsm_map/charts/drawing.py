"""The chart that a View names, drawn: the same on a page, a picture and a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import plotly.graph_objects as go

from clsm_map.charts.coverage import coverage_bars, history_figure
from clsm_map.views.view import Chart, ChartKind

_DRAWN: Final[Mapping[ChartKind, Callable[..., go.Figure]]] = {
    "couverture": coverage_bars,
    "annees": history_figure,
}


def draw(chart: Chart, *, large: bool = False) -> go.Figure:
    """Draw a chart; with the rows of a stage when it is large."""
    return _DRAWN[chart.kind](*(chart.large if large and chart.large else chart.data))
