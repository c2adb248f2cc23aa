"""Draws what lies over the traces: lines across the axes, and annotations."""

from __future__ import annotations

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.transforms import Transform, blended_transform_factory

from clsm_map.exports.charting.looks import DASHES, refuse
from clsm_map.exports.charting.marks import Pen
from clsm_map.exports.charting.scales import Scale
from clsm_map.exports.charting.words import POINTS, colour_of, lines_of
from clsm_map.exports.fonts import FAMILIES
from clsm_map.exports.picture.canvas import INK

_LEADING: Final = 1.25
_ALIGNED: Final = {"auto": "center", "middle": "center", None: "center"}


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
