"""The look of axes that carry values: whole French numbers, no "16k"."""

from __future__ import annotations

import plotly.graph_objects as go

from clsm_map.charts.coverage_look import dress


def dress_values(figure: go.Figure, height: int) -> go.Figure:
    """Give a figure the look of the application, its axes written in whole numbers.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Changed in place.
    height : int
        Pixels.

    Returns
    -------
    plotly.graph_objects.Figure
        The same figure.
    """
    numbers = {"exponentformat": "none", "separatethousands": True, "title_font_size": 13}
    figure.update_xaxes(numbers)
    figure.update_yaxes(numbers)
    return dress(figure, height)
