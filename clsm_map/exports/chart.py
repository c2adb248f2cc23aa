"""Pictures of figures: what plotly draws on the page, drawn again without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clsm_map.exports.charting.legend import draw_legend, legend_height, legend_rows
from clsm_map.exports.charting.marks import Pen, draw_traces, extents_of
from clsm_map.exports.charting.over import draw_annotations, draw_shapes
from clsm_map.exports.charting.scales import Scale, Tick, scale_of
from clsm_map.exports.charting.words import POINTS
from clsm_map.exports.fonts import FAMILIES
from clsm_map.exports.picture.canvas import (
    GREY,
    INK,
    Face,
    PictureFormat,
    blank_page,
    drawing,
    paragraph,
    width_of,
    wrapped,
    written,
)
from clsm_map.formats import typeset

WIDTH: Final = 720.0
"""Width of a picture, in points, unless one is asked for."""

_MARGIN: Final = 22.0
_EDGE: Final = 6.0
"""Margin of a figure drawn alone, in points: what holds it has margins of its own."""
_TITLE: Final = Face(14.5, 600, leading=1.22)
_NOTE: Final = Face(7.4, colour=GREY, leading=1.38)
_TICK: Final = Face(9.2)
_AXIS: Final = Face(9.6, colour=GREY)
_GRID: Final = "#e4e0d8"
_PLOT: Final = 270.0
"""Height of the axes of a figure that does not give its own, in points."""
_LEAST: Final = 60.0


def chart_picture(
    figure: go.Figure,
    fmt: PictureFormat,
    *,
    title: str,
    notes: Sequence[str] = (),
    size: tuple[float, float] | None = None,
    dpi: int = 144,
    heading: bool = True,
) -> bytes:
    """Draw a figure of `clsm_map.charts` as a picture.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Bars, boxes given by their quartiles, lines and markers, on one pair of axes, with lines
        across and annotations.
    title : str
        Says what, where and when; it also names the file for those who do not see it.
    notes : sequence of str, optional
        The finding, the source, the cautions: one paragraph each, under the figure.
    size : tuple of float, optional
        Width and height of the whole picture, in points; 720 wide and as high as the figure asks
        by default.
    dpi : int, optional
        Dots by inch of a PNG.
    heading : bool, optional
        Whether the title is written above the figure; without it nor notes the margin is narrow.

    Returns
    -------
    bytes
        The same for the same figure. An SVG has its letters as outlines, and its notes as text.

    Raises
    ------
    InvalidInputError
        The figure holds a kind of trace, shape or axis that is not drawn here.
    """
    said = [typeset(note) for note in notes if note]
    named = typeset(title)
    with drawing():
        drawn = _composed(figure, named if heading else "", said, size)
        return written(drawn, fmt, title=named, description=" ".join(said), dpi=dpi)


def _composed(
    figure: go.Figure, title: str, notes: Sequence[str], size: tuple[float, float] | None
) -> Figure:
    width = size[0] if size else WIDTH
    margin = _MARGIN if title or notes else _EDGE
    inner = width - 2 * margin
    rows = legend_rows(figure, inner)
    head = len(wrapped(title, inner, _TITLE)) * _TITLE.line + (8 if title else 0)
    head += legend_height(rows)
    foot = sum(len(wrapped(note, inner, _NOTE)) for note in notes) * _NOTE.line
    foot += 8 if notes else 0
    plot = POINTS * float(figure.layout.height) if figure.layout.height else _PLOT
    height = size[1] if size else head + foot + plot + 2 * margin
    drawn, page = blank_page(width, height)
    top = height - margin
    if title:
        top = paragraph(page, margin, top, inner, title, _TITLE) - 8
    draw_legend(page, margin, top, rows)
    top -= legend_height(rows)
    _plot(drawn, figure, (width, height), (margin, top, margin + foot))
    end = margin + foot - 8
    for note in notes:
        end = paragraph(page, margin, end, inner, note, _NOTE)
    return drawn


def _plot(
    drawn: Figure,
    figure: go.Figure,
    page: tuple[float, float],
    within: tuple[float, float, float],
) -> None:
    """Draw the axes of a figure inside a margin, between two ordinates of the page."""
    layout, (width, height), (margin, top, bottom) = figure.layout, page, within
    across, along = extents_of(figure)
    banded = any(trace.type in {"bar", "box"} for trace in figure.data)
    above = 20.0 + (_AXIS.line if _has_notes_above(layout) else 0.0)
    low = bottom + _TICK.line + 8 + (_AXIS.line + 4 if layout.xaxis.title.text else 0.0)
    tall = max(top - above + 14 - low, _LEAST)
    y = scale_of(layout.yaxis, along, tall, banded=banded)
    left = margin + _widest(y.ticks) + 8 + (_AXIS.line + 6 if y.title else 0.0)
    wide = width - margin - 8 - left
    x = scale_of(layout.xaxis, across, wide, banded=banded)
    over = _past_the_end(x, wide) - margin - 8
    if over > 0:
        wide -= over
        x = scale_of(layout.xaxis, across, wide, banded=banded)
    axes: Any = drawn.add_axes((left / width, low / height, wide / width, tall / height))
    axes.set_xlim(x.low, x.high)
    axes.set_ylim(y.low, y.high)
    axes.patch.set_alpha(0.0)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    _ticks(axes, "x", x)
    _ticks(axes, "y", y)
    look: dict[str, Any] = {
        "fontsize": _AXIS.size,
        "color": _AXIS.colour,
        "fontfamily": list(FAMILIES),
    }
    if x.title:
        half = width_of(x.title, _AXIS.size, 400) / 2
        middle = max(min(left + wide / 2, width - margin - half), margin + half)
        drawn.text(middle / width, (bottom + 3) / height, x.title, ha="center", **look)
    if y.title:
        drawn.text(
            (margin + _AXIS.size) / width, (low + tall / 2) / height, y.title, rotation=90,
            ha="right", va="center", **look,
        )  # fmt: skip
    pen = Pen(axes, x, y, layout)
    draw_traces(pen, figure)
    draw_shapes(pen)
    draw_annotations(pen)
    _zero(axes, layout, x, y)


def _ticks(axes: Any, which: str, scale: Scale) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks([tick.place for tick in scale.ticks], [tick.label for tick in scale.ticks])
    axes.tick_params(axis=which, length=0, pad=5)
    for label, tick in zip(axis.get_ticklabels(), scale.ticks, strict=True):
        label.set(
            fontsize=_TICK.size,
            fontweight=600 if tick.bold else 400,
            fontfamily=list(FAMILIES),
            color=INK,
            parse_math=False,
        )
    if scale.grid:
        axes.grid(visible=True, axis=which, color=_GRID, linewidth=0.75, zorder=0)
        axes.set_axisbelow(True)


def _zero(axes: Axes, layout: Any, x: Scale, y: Scale) -> None:
    """Underline the foot of upright bars, as the page does."""
    if layout.yaxis.zeroline is not False and not y.categories and y.low <= 0 <= y.high:
        axes.axhline(0, color=_GRID, linewidth=1.2, zorder=1)
    if layout.xaxis.zeroline is not False and not x.categories and x.low <= 0 <= x.high:
        axes.axvline(0, color=_GRID, linewidth=1.2, zorder=1)


def _widest(ticks: Sequence[Tick]) -> float:
    return max((width_of(t.label, _TICK.size, 600 if t.bold else 400) for t in ticks), default=0.0)


def _past_the_end(x: Scale, wide: float) -> float:
    """Measure how far the label of a tick goes past the end of the axis, in points."""
    return max(
        (
            width_of(t.label, _TICK.size, 600 if t.bold else 400) / 2
            - wide * (x.high - t.place) / (x.high - x.low)
            for t in x.ticks
        ),
        default=0.0,
    )


def _has_notes_above(layout: Any) -> bool:
    """Tell whether words stand above the axes: two rows of them at most."""
    return any(note.yanchor == "bottom" and note.y == 1 for note in layout.annotations)
