"""Pictures of figures: what plotly draws on the page, drawn again without a browser.

Why a second drawing, in matplotlib: kaleido wants Chromium (2.3 s a figure). vl-convert 1.9 is a
wheel of 33.5 MB (84 MB once installed) whose first PNG takes 3.6 s, then 0.3 s, against 0.3 s and
0.2 s here with what maps need already; Vega has no patterns, and hatches must stay, and each chart
would be described twice, since the page keeps plotly. Our own SVG for page and picture would lose
what plotly gives on screen: reading a value by pointing, putting a series aside. So the
figure is described once, by `clsm_map.charts`, and `charting` reads it: `charting.marks.DRAWN` goes
from its kinds of traces to matplotlib's calls, and what is not there is refused in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clsm_map.exports.charting.marks import (
    Pen,
    bar_look,
    draw_annotations,
    draw_shapes,
    draw_traces,
    extents_of,
    line_look,
    marker_look,
    one,
    outlined,
)
from clsm_map.exports.charting.scales import POINTS, Scale, Tick, colour_of, lines_of, scale_of
from clsm_map.exports.picture.canvas import (
    GREY,
    NOTE,
    TITLE,
    Face,
    PictureFormat,
    blank_page,
    drawing,
    height_of,
    paragraph,
    width_of,
    write,
    written,
)
from clsm_map.formats import typeset

WIDTH: Final = 720.0
"""Width of a picture, in points, unless one is asked for."""

_MARGIN: Final = 22.0
_EDGE: Final = 6.0
"""Margin of a figure drawn alone, in points: what holds it has margins of its own."""
_TICK: Final = Face(9.2)
_AXIS: Final = Face(9.6, colour=GREY)
_GRID: Final = "#e4e0d8"
_PLOT: Final = 270.0
"""Height of the axes of a figure that does not give its own, in points."""
_LEAST: Final = 60.0
_SAMPLE: Final = 22.0
_GAP: Final = 5.0
_BETWEEN: Final = 16.0
_ROW: Final = 15.0


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
    """Draw a figure of `clsm_map.charts` as a picture: the same bytes for the same figure.

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
    heading : bool, optional
        Whether the title is written above the figure; without it nor notes the margin is narrow.

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
    rows = _legend_rows(figure, inner)
    head = height_of(title, inner, TITLE) + (8 if title else 0)
    head += _legend_height(rows)
    foot = sum(height_of(note, inner, NOTE) for note in notes)
    foot += 8 if notes else 0
    plot = POINTS * float(figure.layout.height) if figure.layout.height else _PLOT
    height = size[1] if size else head + foot + plot + 2 * margin
    drawn, page = blank_page(width, height)
    top = height - margin
    if title:
        top = paragraph(page, margin, top, inner, title, TITLE) - 8
    _draw_legend(page, margin, top, rows)
    top -= _legend_height(rows)
    _plot(drawn, figure, (width, height), (margin, top, margin + foot))
    end = margin + foot - 8
    for note in notes:
        end = paragraph(page, margin, end, inner, note, NOTE)
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
    look = {k: v for k, v in _AXIS.look.items() if k not in {"fontweight", "parse_math"}}
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
        label.set(**{**_TICK.look, "fontweight": 600 if tick.bold else 400})
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


def _legend_rows(figure: go.Figure, width: float) -> list[list[Any]]:
    """Share the named traces of a figure between rows no wider than a width (points)."""
    rows: list[list[Any]] = []
    used = width
    for trace in figure.data:
        if trace.showlegend is False or not trace.name or figure.layout.showlegend is False:
            continue
        wide = _SAMPLE + _GAP + width_of(_name(trace), _TICK.size, 400)
        if used + _BETWEEN + wide > width:
            rows.append([])
            used = -_BETWEEN
        rows[-1].append(trace)
        used += _BETWEEN + wide
    return rows


def _legend_height(rows: list[list[Any]]) -> float:
    """Give the height that rows of a legend take, in points."""
    return _ROW * len(rows) + (6.0 if rows else 0.0)


def _draw_legend(page: Axes, left: float, top: float, rows: list[list[Any]]) -> None:
    """Draw the rows of a legend under an ordinate of the page."""
    for rank, row in enumerate(rows):
        x, middle = left, top - _ROW * (rank + 0.5)
        for trace in row:
            _sample(page, x, middle, trace)
            name = _name(trace)
            write(page, x + _SAMPLE + _GAP, middle - 3.2, name, _TICK)
            x += _SAMPLE + _GAP + width_of(name, _TICK.size, 400) + _BETWEEN


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
