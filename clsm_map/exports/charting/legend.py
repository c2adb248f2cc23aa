"""The names of the traces above a figure, each with its sample, on as few rows as they need."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go
from matplotlib.axes import Axes

from clsm_map.exports.charting.looks import bar_look, line_look, marker_look, one, outlined
from clsm_map.exports.charting.words import POINTS, colour_of, lines_of
from clsm_map.exports.picture.canvas import Face, width_of, write

_LABEL: Final = Face(9.2)
_SAMPLE: Final = 22.0
_GAP: Final = 5.0
_BETWEEN: Final = 16.0
_ROW: Final = 15.0


def legend_rows(figure: go.Figure, width: float) -> list[list[Any]]:
    """Share the named traces of a figure between rows no wider than a width (points)."""
    rows: list[list[Any]] = []
    used = width
    for trace in figure.data:
        if trace.showlegend is False or not trace.name or figure.layout.showlegend is False:
            continue
        wide = _SAMPLE + _GAP + width_of(_name(trace), _LABEL.size, 400)
        if used + _BETWEEN + wide > width:
            rows.append([])
            used = -_BETWEEN
        rows[-1].append(trace)
        used += _BETWEEN + wide
    return rows


def legend_height(rows: list[list[Any]]) -> float:
    """Give the height that rows of a legend take, in points."""
    return _ROW * len(rows) + (6.0 if rows else 0.0)


def draw_legend(page: Axes, left: float, top: float, rows: list[list[Any]]) -> None:
    """Draw the rows of a legend under an ordinate of the page."""
    for rank, row in enumerate(rows):
        x, middle = left, top - _ROW * (rank + 0.5)
        for trace in row:
            _sample(page, x, middle, trace)
            name = _name(trace)
            write(page, x + _SAMPLE + _GAP, middle - 3.2, name, _LABEL)
            x += _SAMPLE + _GAP + width_of(name, _LABEL.size, 400) + _BETWEEN


def _name(trace: Any) -> str:
    return " ".join(text for text, _ in lines_of(trace.name))


def _sample(page: Axes, left: float, middle: float, trace: Any) -> None:
    if trace.type == "bar":
        outlined(page, (left + 2, middle - 5), (_SAMPLE - 4, 10), **bar_look(trace))
        return
    if trace.fill == "tonexty":
        colour = colour_of(trace.fillcolor)
        outlined(page, (left + 2, middle - 5), (_SAMPLE - 4, 10), facecolor=colour, linewidth=0)
        return
    mode = trace.mode or "lines+markers"
    if "lines" in mode:
        page.plot([left, left + _SAMPLE], [middle, middle], **line_look(trace))
    if "markers" in mode:
        look, share = marker_look(trace)
        size = trace.marker.size
        side = float(one(size, 0) or 8) if size is None or isinstance(size, (int, float)) else 9.0
        page.scatter([left + _SAMPLE / 2], [middle], s=(side * POINTS * share) ** 2, **look)
