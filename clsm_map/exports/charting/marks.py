"""Draws the traces of a figure and what lies over them: plotly's words, matplotlib's calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform, blended_transform_factory

from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.charting.scales import (
    POINTS,
    Colour,
    Extent,
    Floats,
    Scale,
    colour_of,
    lines_of,
)
from clsm_map.exports.fonts import FAMILIES
from clsm_map.exports.picture.canvas import INK

SYMBOLS: Final[Mapping[str, tuple[str, float]]] = MappingProxyType(
    {
        "circle": ("o", 1.0),
        "square": ("s", 0.9),
        "diamond": ("D", 0.92),
        "triangle-up": ("^", 1.15),
    }
)
"""matplotlib's marker and the share of plotly's size it takes, by symbol."""
DASHES: Final[Mapping[str, Any]] = MappingProxyType(
    {"solid": "-", "dot": (0, (1, 2)), "dash": (0, (4.5, 3)), "dashdot": (0, (4.5, 3, 1, 3))}
)
HATCHES: Final[Mapping[str, str]] = MappingProxyType(
    {"/": "/////", ".": "....", "|": "||||", "x": "xxxx", "-": "----", "+": "++++"}
)
_EDGE: Final = "#444444"
"""plotly's outline of a marker that gives a width and no colour."""
_LABEL: Final = 9.75
_MODE: Final = "lines+markers"
_LEADING: Final = 1.25
_ALIGNED: Final = {"auto": "center", "middle": "center", None: "center"}


def refuse(what: str) -> InvalidInputError:
    """Make the error of what this module cannot draw."""
    return InvalidInputError(
        "Cette figure ne peut pas encore être prise comme image : prenez son tableau.", what
    )


def values(found: Any) -> list[Any]:
    """Give the values of a trace as a list; none when it has none."""
    return [] if found is None else [None if v is pd.NA else v for v in found]


def outlined(
    axes: Axes, corner: tuple[float, float], size: tuple[float, float], **look: Any
) -> None:
    """Draw a rectangle of a bar, or its sample: its colour, its pattern, its outline."""
    pattern, ink = look.pop("pattern", ""), look.pop("ink", "#ffffff")
    width, height = size
    axes.add_patch(Rectangle(corner, width, height, **look))
    if pattern:
        depth = {"zorder": look["zorder"]} if "zorder" in look else {}
        over = Rectangle(
            corner, width, height, facecolor="none", edgecolor=colour_of(ink), linewidth=0.0,
            hatch=HATCHES[pattern], **depth,
        )  # fmt: skip
        axes.add_patch(over)


def bar_look(trace: Any, rank: int = 0) -> dict[str, Any]:
    """Give the look of one bar of a trace, as `outlined` takes it."""
    marker = trace.marker
    return {
        "facecolor": colour_of(one(marker.color, rank), marker.opacity),
        "edgecolor": colour_of(one(marker.line.color, rank)),
        "linewidth": POINTS * float(one(marker.line.width, rank) or 0),
        "pattern": one(marker.pattern.shape, rank) or "",
        "ink": one(marker.pattern.fgcolor, rank) or "#ffffff",
    }


def line_look(trace: Any) -> dict[str, Any]:
    """Give the look of the line of a trace, as matplotlib takes it."""
    return {
        "color": colour_of(trace.line.color or INK),
        "linewidth": POINTS * float(2 if trace.line.width is None else trace.line.width),
        "linestyle": DASHES[_dash(trace.line)],
        "solid_capstyle": "butt",
    }


def marker_look(trace: Any) -> tuple[dict[str, Any], float]:
    """Give the look of the markers of a trace, and the share of their size they take."""
    marker = trace.marker
    symbol = str(marker.symbol or "circle")
    name = symbol.removesuffix("-open")
    if name not in SYMBOLS:
        raise refuse(f"symbole {symbol}")
    sign, share = SYMBOLS[name]
    colour = marker.color if isinstance(marker.color, str) else INK
    width = float(marker.line.width or 0)
    if symbol.endswith("-open"):
        face: Colour = (0.0, 0.0, 0.0, 0.0)
        edge, width = colour_of(colour), max(width, 1.4)
    else:
        face = colour_of(colour, marker.opacity)
        edge = colour_of(marker.line.color or _EDGE, marker.opacity)
    return {
        "marker": sign,
        "facecolors": [face],
        "edgecolors": [edge],
        "linewidths": POINTS * width,
    }, share


def one(found: Any, rank: int) -> Any:
    """Give what one bar has: a trace gives one for all, or one each."""
    return found if found is None or isinstance(found, (str, int, float)) else found[rank]


def _dash(line: Any) -> str:
    """Give the dash of a line; that of a box has none."""
    return str(line.dash or "solid") if "dash" in line else "solid"


@dataclass(slots=True)
class Pen:
    """Where traces are drawn: axes, both scales, the layout, and what is drawn already.

    ``stacks`` are the tops of the bars by place; ``below`` is the last line, for what is filled
    down to it.
    """

    axes: Axes
    x: Scale
    y: Scale
    layout: Any
    stacks: dict[float, float] = field(default_factory=dict)
    below: tuple[Floats, Floats] | None = None


def is_upright(trace: Any) -> bool:
    """Tell whether the bars or boxes of a trace stand upright."""
    return bool(trace.orientation != "h")


def extents_of(figure: go.Figure) -> tuple[list[Extent], list[Extent]]:
    """Say what the traces of a figure ask of its axes, horizontal then vertical.

    Raises
    ------
    InvalidInputError
        A trace is not of a kind in `DRAWN`, or lies on a second pair of axes.
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
    for rank, trace in enumerate(figure.data):
        DRAWN[trace.type](pen, trace, 2 + rank / 100)


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


def _bars(pen: Pen, trace: Any, depth: float) -> None:
    upright = is_upright(trace)
    given = values(trace.x if upright else trace.y)
    places = (pen.x if upright else pen.y).at(given)
    lengths = np.array(values(trace.y if upright else trace.x), dtype=float)
    widths = bar_widths(trace, given, pen.layout)
    stacked = pen.layout.barmode == "stack"
    for rank, (place, length, width) in enumerate(zip(places, lengths, widths, strict=True)):
        if not np.isfinite(length) or not np.isfinite(place):
            continue
        start = pen.stacks.get(place, 0.0) if stacked else 0.0
        pen.stacks[place] = start + length
        corner = (place - width / 2, start) if upright else (start, place - width / 2)
        size = (width, length) if upright else (length, width)
        if length:
            outlined(pen.axes, corner, size, zorder=depth, **bar_look(trace, rank))
        if label := one(trace.text, rank):
            end = start + length
            away = 4.0 if end >= 0 else -4.0
            at, moved = ((place, end), (0.0, away)) if upright else ((end, place), (away, 0.0))
            _label(pen.axes, at, moved, str(label))


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


def _scatter(pen: Pen, trace: Any, depth: float) -> None:
    x, y = pen.x.at(values(trace.x)), pen.y.at(values(trace.y))
    mode = trace.mode or _MODE
    if trace.fill not in {None, "none", "tonexty"}:
        raise refuse(f"remplissage {trace.fill}")
    if trace.fill == "tonexty" and pen.below is not None:
        foot = np.interp(x, *pen.below)
        colour = colour_of(trace.fillcolor)
        pen.axes.fill_between(x, y, foot, color=colour, linewidth=0, zorder=depth)
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
    pen.below = (x, y)


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


def draw_shapes(pen: Pen) -> None:
    """Draw the lines of a layout.

    Raises
    ------
    InvalidInputError
        A shape is not a line.
    """
    for shape in pen.layout.shapes:
        if shape.type != "line":
            raise refuse(f"forme {shape.type}")
        x = [_at(pen.x, shape.xref, end) for end in (shape.x0, shape.x1)]
        y = [_at(pen.y, shape.yref, end) for end in (shape.y0, shape.y1)]
        pen.axes.plot(
            x, y,
            transform=_transform(pen.axes, shape.xref, shape.yref),
            color=colour_of(shape.line.color or INK),
            linewidth=POINTS * float(shape.line.width or 2),
            linestyle=DASHES[shape.line.dash or "solid"],
            scalex=False, scaley=False, zorder=4,
        )  # fmt: skip


def draw_annotations(pen: Pen) -> None:
    """Write the annotations of a layout, with their arrows."""
    for note in pen.layout.annotations:
        lines = lines_of(note.text)
        size = POINTS * float(note.font.size or pen.layout.font.size or 13)
        place = (_at(pen.x, note.xref, note.x), _at(pen.y, note.yref, note.y))
        transform = _transform(pen.axes, note.xref, note.yref)
        right, up = float(note.xshift or 0), float(note.yshift or 0)
        level = note.yanchor
        if note.showarrow is not False:
            right, up = right + float(note.ax or 0), up - float(note.ay or 0)
            pen.axes.annotate(
                "", place, xytext=(right * POINTS, up * POINTS),
                xycoords=transform, textcoords="offset points", annotation_clip=False, zorder=6,
                arrowprops={"arrowstyle": "-|>", "color": colour_of(note.arrowcolor or INK),
                            "linewidth": 0.9, "shrinkA": 0, "shrinkB": 1, "mutation_scale": 8},
            )  # fmt: skip
            level = level or ("bottom" if up > 0 else "top")
        tall = len(lines) * size * _LEADING
        foot = {"bottom": 0.0, "top": -tall}.get(level or "middle", -tall / 2)
        for rank, (text, bold) in enumerate(reversed(lines)):
            pen.axes.annotate(
                text,
                place,
                xytext=(right * POINTS, up * POINTS + foot + 2.4 + rank * size * _LEADING),
                xycoords=transform,
                textcoords="offset points",
                ha=_ALIGNED.get(note.xanchor, note.xanchor),
                va="baseline",
                fontsize=size,
                fontweight=600 if bold else 400,
                fontfamily=list(FAMILIES),
                color=colour_of(note.font.color or INK),
                bbox={"facecolor": colour_of(note.bgcolor), "edgecolor": "none", "pad": 1.2},
                annotation_clip=False,
                parse_math=False,
                zorder=7,
            )


def _at(scale: Scale, reference: str | None, value: Any) -> float:
    """Give a place on an axis, or a share of its length when the reference is a domain."""
    if "domain" in (reference or "") or reference == "paper":
        return float(value)
    return float(scale.at([value])[0])


def _transform(axes: Axes, xref: str | None, yref: str | None) -> Transform:
    across, along = (
        axes.transAxes if "domain" in (ref or "") or ref == "paper" else axes.transData
        for ref in (xref, yref)
    )
    return blended_transform_factory(across, along)


DRAWN: Final[dict[str, Callable[[Pen, Any, float], None]]] = {
    "bar": _bars,
    "box": _boxes,
    "scatter": _scatter,
}
"""What draws each kind of trace."""
