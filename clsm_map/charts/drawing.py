"""The chart that a View names, drawn: the same on a page, a picture and a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import plotly.graph_objects as go

from clsm_map.charts.comparison import percentile_dots, rank_intervals, side_dots
from clsm_map.charts.coverage import coverage_bars, history_figure, marginal_curve
from clsm_map.charts.distribution import (
    crossing_dots,
    histogram_bars,
    inhabitants_bars,
    region_boxes,
    trend_curves,
)
from clsm_map.views.view import Chart, ChartKind

_DRAWN: Final[Mapping[ChartKind, Callable[..., go.Figure]]] = {
    "couverture": coverage_bars,
    "annees": history_figure,
    "profil": lambda rows, grouped=True: percentile_dots(rows, grouped=grouped),
    "cote": lambda rows, names, grouped=True: side_dots(rows, names, grouped=grouped),
    "distribution": histogram_bars,
    "regions": region_boxes,
    "croisement": crossing_dots,
    "evolution": trend_curves,
    "interieur": inhabitants_bars,
    "indice": rank_intervals,
    "apport": marginal_curve,
}


def draw(chart: Chart, *, large: bool = False) -> go.Figure:
    """Draw a chart; with the rows of a stage when it is large."""
    return _DRAWN[chart.kind](*(chart.large if large and chart.large else chart.data))
