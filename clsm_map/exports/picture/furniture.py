"""Around the map: legends, scale bar, north, names of towns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon

from clsm_map.exports.picture.frames import PIXEL, Frame
from clsm_map.exports.picture.paint import hatch, spots
from clsm_map.exports.picture.text import GREY, INK, Face, paragraph, width_of, wrapped, write
from clsm_map.exports.plate import Block, Sample
from clsm_map.formats import number
from clsm_map.maps.model import Town

TITLE: Final = Face(9.4, 600)
LABEL: Final = Face(8.2)
NOTE: Final = Face(7.2, colour=GREY)
_SWATCH: Final = (20.0, 10.0)
_GAP: Final = 7.0
_ROW: Final = 13.4


def draw_blocks(
    axes: Axes, left: float, top: float, width: float, blocks: Sequence[Block], ratio: float = 1.0
) -> float:
    """Draw legends one under the other; give the ordinate of their foot.

    ``ratio`` is that of `clsm_map.exports.picture.paint.paint`: samples of sizes follow it.
    """
    y = top
    for block in blocks:
        y = paragraph(axes, left, y, width, block.title, TITLE) - 3
        for sample in block.samples:
            y = draw_sample(axes, left, y, width, sample, ratio)
        if block.note:
            y = paragraph(axes, left, y - 1, width, block.note, NOTE)
        y -= 11
    return y


def draw_sample(
    axes: Axes, left: float, top: float, width: float, sample: Sample, ratio: float
) -> float:
    """Draw one line of a legend; give the ordinate of its foot."""
    counted = "" if sample.count is None else number(sample.count)
    room = width - _SWATCH[0] - _GAP - (width_of(counted, LABEL.size, 400) + 6 if counted else 0)
    lines = wrapped(sample.label, room, LABEL)
    radius = sample.radius * PIXEL * (ratio if sample.to_scale else 1.0)
    height = max(_ROW, 2 * radius + 2.5, len(lines) * LABEL.line + 2)
    middle = top - height / 2
    _swatch(axes, left, middle, sample, radius)
    y = middle + LABEL.line * (len(lines) - 1) / 2 - LABEL.size * 0.34
    for i, line in enumerate(lines):
        write(axes, left + _SWATCH[0] + _GAP, y - i * LABEL.line, line, LABEL)
    if counted:
        write(axes, left + width, y, counted, Face(LABEL.size, colour=GREY), "right")
    return top - height


def _swatch(axes: Axes, left: float, middle: float, sample: Sample, radius: float) -> None:
    style = sample.style
    wide, high = _SWATCH
    if sample.form == "point":
        centre = np.array([[left + wide / 2, middle]])
        spots(axes, [style], centre, np.array([radius]))
    elif sample.form == "ligne":
        dash = (0, [d * PIXEL for d in style.dash]) if style.dash else "-"
        width = style.width * PIXEL
        ends = ([left, left + wide], [middle, middle])
        axes.add_line(Line2D(*ends, color=style.stroke, linewidth=width, linestyle=dash))
    else:
        patch = FancyBboxPatch(
            (left + 0.4, middle - high / 2),
            wide - 0.8,
            high,
            boxstyle="round,pad=0,rounding_size=1",
            facecolor=to_rgba(style.fill, 0.22 if style.mark == "anneau" else 1.0),
            edgecolor=style.stroke,
            linewidth=max(0.5, style.width * PIXEL),
        )
        hatch(patch, style.mark)
        axes.add_patch(patch)


def round_length(metres: float) -> float:
    """Give the largest of 1, 2, 5 × 10ⁿ metres that is not above a length.

    >>> round_length(137_000)
    100000.0
    """
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def draw_scale(axes: Axes, frame: Frame, right: float, bottom: float, longest: float) -> None:
    """Draw a scale bar that ends at ``right``, at most ``longest`` points wide."""
    length = round_length(longest * frame.metres_per_point)
    width = length / frame.metres_per_point
    text = f"{number(length / 1000)}\u00a0km" if length >= 1000 else f"{number(length)}\u00a0m"
    left = right - width
    axes.add_line(
        Line2D(
            [left, left, right, right],
            [bottom + 3, bottom, bottom, bottom + 3],
            color=GREY,
            linewidth=0.7,
            solid_capstyle="butt",
        )
    )
    face = Face(6.8 if longest > 40 else 5.4, colour=GREY)
    _halo(write(axes, left + width / 2, bottom + 4.5, text, face, "center"))


def draw_north(axes: Axes, frame: Frame, x: float, y: float) -> None:
    """Draw an arrow to the true north at the centre of the frame."""
    angle = math.radians(frame.north())
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    shape = np.array([[0.0, 9.0], [3.4, -3.0], [0.0, -0.6], [-3.4, -3.0]])
    axes.add_patch(
        Polygon(shape @ turn.T + (x, y), facecolor=INK, edgecolor="#ffffff", linewidth=0.6)
    )
    _halo(write(axes, x, y - 11, "N", Face(7, 600), "center"))


def draw_towns(axes: Axes, frame: Frame, towns: Sequence[Town]) -> None:
    """Write the names of towns, most important first; one that would overlap is left out.

    The corners of the scale bar and of the north are left free.
    """
    area = frame.rectangle
    taken: list[tuple[float, ...]] = [
        (area.right - 110, area.bottom, area.right, area.bottom + 24),
        (area.right - 26, area.top - 40, area.right, area.top),
    ]
    places = np.array([[t.longitude, t.latitude] for t in towns]).reshape(-1, 2)
    for town, (x, y) in zip(towns, frame.to_page(places), strict=True):
        face = Face(8.2 if town.rank < 2 else 7.2, 600 if town.rank < 2 else 400)
        width = width_of(town.nom, face.size, face.weight)
        spot = (x - 3, y - face.size * 0.6, x + width + 6, y + face.size * 0.6)
        inside = area.left < x and spot[2] < area.right and area.bottom < y < area.top
        if not inside or any(_overlap(spot, other) for other in taken):
            continue
        taken.append(spot)
        axes.plot(x, y, "o", mfc=INK, mec="#ffffff", markersize=3.2, markeredgewidth=0.6)
        _halo(write(axes, x + 3.4, y - face.size * 0.34, town.nom, face))


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _halo(text: object) -> None:
    effects = [patheffects.withStroke(linewidth=2.2, foreground=(1, 1, 1, 0.88))]
    text.set_path_effects(effects)  # type: ignore[attr-defined]
