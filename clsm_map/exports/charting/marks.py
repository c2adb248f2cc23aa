"""Draws the traces of a figure: bars, lines, markers, boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from matplotlib import patheffects
from matplotlib.axes import Axes

from clsm_map.exports.charting.looks import (
    bar_look,
    line_look,
    marker_look,
    one,
    outlined,
    refuse,
    values,
)
from clsm_map.exports.charting.scales import Extent, Floats, Scale
from clsm_map.exports.charting.words import POINTS, colour_of, lines_of
from clsm_map.exports.fonts import FAMILIES
from clsm_map.exports.picture.canvas import INK

DRAWN: Final = frozenset({"bar", "box", "scatter"})
"""Types of traces that are drawn here."""
_LABEL: Final = 9.75
_MODE: Final = "lines+markers"


@dataclass(frozen=True, slots=True)
class Pen:
    """Where traces are drawn: axes, both scales, and what the layout says of bars."""

    axes: Axes
    x: Scale
    y: Scale
    layout: Any


def is_upright(trace: Any) -> bool:
    """Tell whether the bars or boxes of a trace stand upright."""
    return bool(trace.orientation != "h")


def extents_of(figure: go.Figure) -> tuple[list[Extent], list[Extent]]:
    """Say what the traces of a figure ask of its axes, horizontal then vertical.

    Raises
    ------
    InvalidInputError
        A trace is of a type that is not drawn here, or lies on a second pair of axes.
    """
    across: list[Extent] = []
    along: list[Extent] = []
    ends: dict[Any, float] = {}
    for trace in figure.data:
        if trace.type not in DRAWN:
            raise refuse(f"trace de type {trace.type}")
        if (trace.xaxis or "x") != "x" or (trace.yaxis or "y") != "y":
            raise refuse("plusieurs paires d’axes")
        x, y = values(trace.x), values(trace.y)
        if trace.type == "scatter":
            padded = "markers" in (trace.mode or _MODE)
            across.append(Extent(_with_errors(x, trace.error_x), padded=padded))
            along.append(Extent(_with_errors(y, trace.error_y), padded=padded))
            continue
        upright = is_upright(trace)
        places, lengths = (x, y) if upright else (y, x)
        if trace.type == "box":
            lengths = [*values(trace.lowerfence), *values(trace.upperfence)]
            measured = Extent([v for v in lengths if v is not None], padded=True)
        else:
            tops = _tops(places, lengths, ends, stacked=figure.layout.barmode == "stack")
            measured = Extent([0.0, *tops, *(1.04 * v for v in tops)])
        half = float(np.max(bar_widths(trace, places, figure.layout))) / 2
        placed = Extent(places, half)
        across.append(placed if upright else measured)
        along.append(measured if upright else placed)
    return across, along


def bar_widths(trace: Any, places: Sequence[Any], layout: Any) -> Floats:
    """Give the widths of the bars of a trace, in units of their axis."""
    if trace.type == "bar" and trace.width is not None:
        return np.broadcast_to(np.asarray(trace.width, dtype=float), (len(places),))
    gap = layout.bargap if trace.type == "bar" and layout.bargap is not None else 0.2
    return np.full(max(len(places), 1), 1 - (0.4 if trace.type == "box" else gap))


def draw_traces(pen: Pen, figure: go.Figure) -> None:
    """Draw the traces of a figure, in their order."""
    stacks: dict[float, float] = {}
    below: tuple[Floats, Floats] | None = None
    for rank, trace in enumerate(figure.data):
        depth = 2 + rank / 100
        if trace.type == "bar":
            _bars(pen, trace, stacks, depth)
        elif trace.type == "box":
            _boxes(pen, trace, depth)
        else:
            below = _scatter(pen, trace, below, depth)


def _with_errors(places: list[Any], error: Any) -> list[Any]:
    if error.array is None:
        return places
    more = np.asarray(error.array, dtype=float)
    less = more if error.arrayminus is None else np.asarray(error.arrayminus, dtype=float)
    centre = np.asarray(places, dtype=float)
    return [*(centre - less), *(centre + more)]


def _tops(
    places: list[Any], lengths: list[Any], ends: dict[Any, float], *, stacked: bool
) -> list[float]:
    tops = []
    for place, length in zip(places, lengths, strict=True):
        size = 0.0 if length is None else float(length)
        ends[place] = ends.get(place, 0.0) + size if stacked else size
        tops.append(ends[place])
    return tops


def _bars(pen: Pen, trace: Any, stacks: dict[float, float], depth: float) -> None:
    upright = is_upright(trace)
    given = values(trace.x if upright else trace.y)
    places = (pen.x if upright else pen.y).at(given)
    lengths = np.array(values(trace.y if upright else trace.x), dtype=float)
    widths = bar_widths(trace, given, pen.layout)
    stacked = pen.layout.barmode == "stack"
    for rank, (place, length, width) in enumerate(zip(places, lengths, widths, strict=True)):
        if not np.isfinite(length) or not np.isfinite(place):
            continue
        start = stacks.get(place, 0.0) if stacked else 0.0
        stacks[place] = start + length
        corner = (place - width / 2, start) if upright else (start, place - width / 2)
        size = (width, length) if upright else (length, width)
        if length:
            outlined(pen.axes, corner, size, zorder=depth, **bar_look(trace, rank))
        label = one(trace.text, rank)
        if label:
            _bar_label(pen.axes, (place, start + length), str(label), upright=upright)


def _bar_label(axes: Axes, end: tuple[float, float], label: str, *, upright: bool) -> None:
    """Write the label of a bar beyond its end."""
    place, reach = end
    away = 4.0 if reach >= 0 else -4.0
    if upright:
        _label(axes, (place, reach), (0.0, away), label)
    else:
        _label(axes, (reach, place), (away, 0.0), label)


def _label(axes: Axes, place: tuple[float, float], away: tuple[float, float], label: str) -> None:
    """Write a label on the side of a place that it is moved to (points)."""
    right, up = away
    axes.annotate(
        " ".join(text for text, _ in lines_of(label)),
        place,
        xytext=away,
        textcoords="offset points",
        ha="center" if not right else "left" if right > 0 else "right",
        va="center" if not up else "bottom" if up > 0 else "top",
        fontsize=_LABEL,
        fontfamily=list(FAMILIES),
        color=INK,
        annotation_clip=False,
        parse_math=False,
        path_effects=[patheffects.withStroke(linewidth=2.5, foreground="#ffffff")],
        zorder=6,
    )


def _boxes(pen: Pen, trace: Any, depth: float) -> None:
    if trace.q1 is None:
        raise refuse("boîte sans quartiles donnés")
    upright = is_upright(trace)
    places = (pen.x if upright else pen.y).at(values(trace.x if upright else trace.y))
    columns = (trace.lowerfence, trace.q1, trace.median, trace.q3, trace.upperfence)
    rows = np.array([values(column) for column in columns], dtype=float).T
    half = 0.3
    cap = half * float(trace.whiskerwidth if trace.whiskerwidth is not None else 0.5)
    look = line_look(trace) | {"zorder": depth}

    def segment(along: tuple[float, float], across: tuple[float, float]) -> None:
        pen.axes.plot(*((across, along) if upright else (along, across)), **look)

    for place, (low, first, middle, third, high) in zip(places, rows, strict=True):
        side = (place - half, place + half)
        corner = (side[0], first) if upright else (first, side[0])
        size = (2 * half, third - first) if upright else (third - first, 2 * half)
        outlined(
            pen.axes, corner, size, facecolor=colour_of(trace.fillcolor),
            edgecolor=look["color"], linewidth=look["linewidth"], zorder=depth,
        )  # fmt: skip
        segment((middle, middle), side)
        for end, start in ((low, first), (high, third)):
            segment((start, end), (place, place))
            segment((end, end), (place - cap, place + cap))


def _scatter(
    pen: Pen, trace: Any, below: tuple[Floats, Floats] | None, depth: float
) -> tuple[Floats, Floats]:
    x, y = pen.x.at(values(trace.x)), pen.y.at(values(trace.y))
    mode = trace.mode or _MODE
    if trace.fill not in {None, "none", "tonexty"}:
        raise refuse(f"remplissage {trace.fill}")
    if trace.fill == "tonexty" and below is not None:
        pen.axes.fill_between(
            x, y, np.interp(x, *below), color=colour_of(trace.fillcolor), linewidth=0, zorder=depth
        )
    if "lines" in mode and (trace.line.width is None or trace.line.width > 0):
        pen.axes.plot(x, y, zorder=depth, **line_look(trace))
    _errors(pen, trace, x, y, depth)
    if "markers" in mode:
        look, share = marker_look(trace)
        size = 6 if trace.marker.size is None else trace.marker.size
        sides = np.broadcast_to(np.asarray(size, dtype=float), x.shape) * POINTS * share
        pen.axes.scatter(x, y, s=sides**2, zorder=depth + 0.005, clip_on=False, **look)
    if "text" in mode:
        above = float(trace.marker.size or 6) / 2 * POINTS + 3
        for place, end, label in zip(x, y, values(trace.text), strict=True):
            _label(pen.axes, (place, end), (0.0, above), str(label))
    return x, y


def _errors(pen: Pen, trace: Any, x: Floats, y: Floats, depth: float) -> None:
    """Draw the bars of error of a trace, each as a line from its low end to its high one."""
    for error, upright in ((trace.error_x, False), (trace.error_y, True)):
        if error.array is None:
            continue
        more = np.asarray(error.array, dtype=float)
        less = more if error.arrayminus is None else np.asarray(error.arrayminus, dtype=float)
        lines = pen.axes.vlines if upright else pen.axes.hlines
        centre, other = (y, x) if upright else (x, y)
        lines(
            other, centre - less, centre + more, colors=[colour_of(error.color or INK)],
            linewidth=POINTS * float(error.thickness or 2), zorder=depth,
        )  # fmt: skip
