"""One layout for every map that leaves the house: title, maps, legend, sources, cautions.

`picture` sets one large map on an A4 page, its legends beside it; `row_picture` sets one map or
several in a row over a legend in columns. Mainland France is in Lambert-93, the overseas
territories each in their own projection; the bytes are the same for the same map.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon
from matplotlib.patches import Rectangle as Box
from matplotlib.text import Text

from clsm_map.exports.picture.canvas import (
    GREY,
    INK,
    NOTE,
    RULE,
    TITLE,
    Face,
    PictureFormat,
    Rectangle,
    blank_page,
    drawing,
    height_of,
    paragraph,
    width_of,
    wrapped,
    write,
    written,
)
from clsm_map.exports.picture.frames import (
    PIXEL,
    Frame,
    frame_of,
    hexagone,
    is_national,
    overseas,
)
from clsm_map.exports.picture.outlines import read_outlines
from clsm_map.exports.picture.paint import Reader, hatch, line_style, paint, spots
from clsm_map.exports.plate import Block, Plate, Sample, sample_of
from clsm_map.formats import number, typeset
from clsm_map.maps.carte import year_legend
from clsm_map.maps.model import Bounds, MapView, Town
from clsm_map.views.inequality.trend import YearMaps

GAP: Final = 12.0
"""Points between two maps of a row, or two columns of a legend."""

_PAGE: Final = (841.9, 595.3)
"""A4, landscape, in points."""
_MARGIN: Final = 30.0
_PANEL: Final = 214.0
_PAGE_TITLE: Final = Face(17, 600, leading=1.2)
_SUBTITLE: Final = Face(9.6, colour=GREY)
_SOURCE: Final = Face(6.6, colour=GREY, leading=1.36)
_CAUTION: Final = Face(7.2)
_BLOCK: Final = Face(9.4, 600)
_LABEL: Final = Face(8.2)
_COUNT: Final = Face(8.2, colour=GREY)
_REMARK: Final = Face(7.2, colour=GREY)
_NAME: Final = Face(10.5, 600)
_SWATCH: Final = (20.0, 10.0)
_AFTER: Final = 7.0
_ROW: Final = 12.5
"""Height of a line of a legend under maps."""
_LEAST: Final = 13.4
"""Height of a line of a legend beside a map, at least."""
_INSET: Final = 34.0
"""Height of an inset under a small map of the country."""
_BAND: Final = 8.5
"""Strip above an inset beside a large one, for its name."""
_YEARS_WIDE, _YEARS_MARGIN, _COLUMNS = 780.0, 24.0, 3


@dataclass(frozen=True, slots=True)
class Panel:
    """A map of a row: its name, its view, what reads its outlines, how small its spots are."""

    name: str
    view: MapView
    read: Reader
    ratio: float | None = None
    margin: float = 0.04


@dataclass(frozen=True, slots=True)
class Row:
    """Maps in a row over their common legend, with a title above and notes below.

    ``size`` is the width of the picture and the height of its maps, in points; ``columns`` are
    those of the legend. The title is written when there is a ``heading``; it always names the file.
    """

    panels: Sequence[Panel]
    samples: Sequence[Sample]
    size: tuple[float, float]
    columns: int
    title: str
    description: str
    margin: float = 0.0
    heading: bool = False
    notes: Sequence[str] = ()


def picture(plate: Plate, static: Path, fmt: PictureFormat, dpi: int = 144) -> bytes:
    """Draw a map on an A4 page, landscape.

    ``static`` is the folder where the geometries of its view were published.
    """
    with drawing():
        said = " ".join([plate.subtitle, *plate.sources])
        figure = _composed(plate, static)
        return written(figure, fmt, title=plate.title, description=said, dpi=dpi)


def _composed(plate: Plate, static: Path) -> Figure:
    width, height = _PAGE
    figure, axes = blank_page(width, height)
    inner = width - 2 * _MARGIN
    top = paragraph(axes, _MARGIN, height - 26, inner, plate.title, _PAGE_TITLE) - 1
    top = paragraph(axes, _MARGIN, top, inner, plate.subtitle, _SUBTITLE) - 8
    foot = _draw_foot(axes, plate, inner)
    area = Rectangle(_MARGIN, foot + 8, inner - _PANEL - 16, top - foot - 8)
    ratio = draw_map(axes, plate.view, area, partial(read_outlines, static=static))
    _draw_blocks(axes, area.right + 16, top, _PANEL, plate.blocks, ratio)
    return figure


def _draw_foot(axes: Axes, plate: Plate, width: float) -> float:
    """Write sources and cautions at the foot of the page; give the ordinate of their head."""
    half = (width - 20) / 2
    sources = " ".join([*plate.sources, plate.credit])
    right = sum(height_of(caution, half, _CAUTION) for caution in plate.cautions)
    top = 22 + max(height_of(sources, half, _SOURCE), right)
    axes.plot([_MARGIN, _MARGIN + width], [top + 6, top + 6], color=RULE, linewidth=0.6)
    paragraph(axes, _MARGIN, top, half, sources, _SOURCE)
    y = top
    for caution in plate.cautions:
        y = paragraph(axes, _MARGIN + half + 20, y, half, caution, _CAUTION)
    return top + 6


def map_alone(view: MapView, size: tuple[float, float], static: Path) -> tuple[bytes, float]:
    """Draw a map as SVG without title nor legend, and give the ratio that its sizes follow."""
    with drawing():
        figure, axes = blank_page(*size)
        area = Rectangle(0.5, 0.5, size[0] - 1, size[1] - 1)
        ratio = draw_map(axes, view, area, partial(read_outlines, static=static))
        return written(figure, "svg", title=view.title, description=view.title, dpi=72), ratio


def years_picture(
    found: YearMaps,
    views: Sequence[MapView],
    static: Path,
    fmt: PictureFormat,
    *,
    notes: Sequence[str] = (),
    dpi: int = 144,
) -> bytes:
    """Draw the maps of an indicator side by side, at one scale, under one legend.

    ``views`` are in the order of ``found.years`` (see `clsm_map.maps.carte.year_view`); ``notes``
    are finding, sources and cautions, a paragraph each.
    """
    said = [typeset(note) for note in (*notes, found.note) if note]
    read = partial(read_outlines, static=static)
    names = [found.indicator.when(year) for year in found.years]
    bounds = views[0].bounds
    wide = (_YEARS_WIDE - 2 * _YEARS_MARGIN - GAP * (len(views) - 1)) / len(views)
    tall = wide * 1.05 + _INSET + 12 if is_national(bounds) else wide * _slender(bounds)
    row = Row(
        panels=[Panel(name, view, read) for name, view in zip(names, views, strict=True)],
        samples=[sample_of(entry) for entry in year_legend(found)],
        size=(_YEARS_WIDE, tall),
        columns=_COLUMNS,
        title=typeset(found.title),
        description=" ".join(said),
        margin=_YEARS_MARGIN,
        heading=True,
        notes=said,
    )
    return row_picture(row, fmt, dpi)


def _slender(bounds: Bounds) -> float:
    """Give the height that suits a box of degrees, for a width of one."""
    (south, west), (north, east) = bounds
    across = (east - west) * math.cos(math.radians((south + north) / 2))
    return min(max(1.06 * (north - south) / across, 0.55), 1.1)


def row_picture(row: Row, fmt: PictureFormat, dpi: int = 220) -> bytes:
    """Draw maps in a row over their common legend."""
    with drawing():
        (width, tall), margin = row.size, row.margin
        inner = width - 2 * margin
        head = height_of(row.title, inner, TITLE) + 8 if row.heading else 0.0
        head += _NAME.line if row.panels[0].name else 0.0
        legend = legend_height(len(row.samples), row.columns)
        foot = sum(height_of(note, inner, NOTE) for note in row.notes)
        legend += 8 if row.notes else 0
        figure, page = blank_page(width, 2 * margin + head + tall + legend + foot)
        bottom = margin + foot + legend
        if row.heading:
            paragraph(page, margin, bottom + tall + head, inner, row.title, TITLE)
        wide = (inner - GAP * (len(row.panels) - 1)) / len(row.panels)
        ratio = 1.0
        for rank, panel in enumerate(row.panels):
            left = margin + rank * (wide + GAP)
            write(page, left, bottom + tall + 4.5, panel.name, _NAME)
            area = Rectangle(left + 0.5, bottom, wide - 1, tall - 0.5)
            ratio = _draw_panel(page, panel, area)
        column = (inner + GAP) / row.columns
        for rank, sample in enumerate(row.samples):
            x = margin + (rank % row.columns) * column
            y = bottom - 4 - (rank // row.columns) * _ROW
            _draw_sample(page, x, y, column - GAP, sample, ratio)
        y = margin + foot
        for note in row.notes:
            y = paragraph(page, margin, y, inner, note, NOTE)
        return written(figure, fmt, title=row.title, description=row.description, dpi=dpi)


def _draw_panel(page: Axes, panel: Panel, area: Rectangle) -> float:
    return draw_map(
        page, panel.view, area, panel.read, small=True, ratio=panel.ratio, margin=panel.margin
    )


def legend_height(n: int, columns: int) -> float:
    """Give the height of a legend of ``n`` lines in columns, in points."""
    return -(-n // columns) * _ROW + 6


def draw_map(
    axes: Axes,
    view: MapView,
    area: Rectangle,
    read: Reader,
    *,
    small: bool = False,
    ratio: float | None = None,
    margin: float = 0.04,
) -> float:
    """Draw a view in a rectangle, the whole country with its insets; give the ratio of sizes.

    Parameters
    ----------
    small : bool, optional
        Whether the insets lie under the country, unnamed, rather than beside it.
    ratio : float, optional
        Share of their radius that spots keep; by default, that of a web map at this scale.
    """
    national = is_national(view.bounds)
    frames = [frame_of(area, view.bounds, margin=margin)]
    if national:
        frames = _country_above(area) if small else _country_beside(area)
    kept = frames[0].shrink() if ratio is None else ratio
    for frame in frames:
        paint(axes, view, frame, read, kept)
    main, *insets = frames
    for frame in insets:
        if small:
            axes.add_patch(frame.box(facecolor="none", edgecolor=RULE, linewidth=0.6))
        else:
            _name_inset(axes, frame)
    if not national:
        edge, longest, width = (6.0, 70.0, 0.7) if small else (8.0, 90.0, 0.8)
        axes.add_patch(main.box(facecolor="none", edgecolor=RULE, linewidth=width))
        across, up = (11, 14) if small else (14, 16)
        _draw_north(axes, main, area.right - across, area.top - up)
        _draw_scale(axes, main, area.right - edge, area.bottom + edge, longest)
    elif not small:
        _draw_scale(axes, main, main.rectangle.left + 98, area.bottom + 8, 90)
    if not (national and small):
        _draw_towns(axes, main, view.towns)
    return kept


def _country_above(area: Rectangle) -> list[Frame]:
    """Set the five overseas départements in a row under the country."""
    n, gap = 5, 3.0
    each = (area.width - gap * (n - 1)) / n
    foot = _INSET + 12
    main = Rectangle(area.left, area.bottom + foot, area.width, area.height - foot)
    places = [Rectangle(area.left + i * (each + gap), area.bottom, each, _INSET) for i in range(n)]
    return [hexagone(main), *overseas(places)]


def _country_beside(area: Rectangle) -> list[Frame]:
    """Set the seven overseas territories in a column beside the country."""
    n, gap = 7, 4.0
    height = (area.height - gap * (n - 1)) / n
    width = min(1.35 * height, 84.0)
    places = [
        Rectangle(area.left, area.top - height - i * (height + gap), width, height - _BAND)
        for i in range(n)
    ]
    main = Rectangle(area.left + width + 8, area.bottom, area.width - width - 8, area.height)
    return [hexagone(main), *overseas(places)]


def _name_inset(axes: Axes, frame: Frame) -> None:
    area = frame.rectangle
    outer = (area.left, area.bottom), area.width, area.height + _BAND
    axes.add_patch(Box(*outer, facecolor="none", edgecolor=RULE, linewidth=0.6))
    write(axes, area.left + 3, area.top + 1.6, frame.label, Face(6.2, 600))
    _draw_scale(axes, frame, area.right - 3, area.bottom + 2.5, 26)


def round_length(metres: float) -> float:
    """Give the largest of 1, 2, 5 × 10ⁿ metres that is not above a length.

    >>> round_length(137_000)
    100000.0
    """
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def _draw_scale(axes: Axes, frame: Frame, right: float, bottom: float, longest: float) -> None:
    """Draw a scale bar that ends at ``right``, at most ``longest`` points wide."""
    length = round_length(longest * frame.metres_per_point)
    left = right - length / frame.metres_per_point
    text = f"{number(length / 1000)}\u00a0km" if length >= 1000 else f"{number(length)}\u00a0m"
    x, y = [left, left, right, right], [bottom + 3, bottom, bottom, bottom + 3]
    axes.add_line(Line2D(x, y, color=GREY, linewidth=0.7, solid_capstyle="butt"))
    face = Face(6.8 if longest > 40 else 5.4, colour=GREY)
    _halo(write(axes, (left + right) / 2, bottom + 4.5, text, face, "center"))


def _draw_north(axes: Axes, frame: Frame, x: float, y: float) -> None:
    """Draw an arrow to the true north at the centre of the frame."""
    angle = math.radians(frame.north())
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    shape = np.array([[0.0, 9.0], [3.4, -3.0], [0.0, -0.6], [-3.4, -3.0]]) @ turn.T + (x, y)
    axes.add_patch(Polygon(shape, facecolor=INK, edgecolor="#ffffff", linewidth=0.6))
    _halo(write(axes, x, y - 11, "N", Face(7, 600), "center"))


def _draw_towns(axes: Axes, frame: Frame, towns: Sequence[Town]) -> None:
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
        face = Face(8.2, 600) if town.rank < 2 else Face(7.2)
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


def _halo(text: Text) -> None:
    text.set_path_effects([patheffects.withStroke(linewidth=2.2, foreground=(1, 1, 1, 0.88))])


def _draw_blocks(
    axes: Axes, left: float, top: float, width: float, blocks: Sequence[Block], ratio: float
) -> None:
    """Draw legends one under the other."""
    y = top
    for block in blocks:
        y = paragraph(axes, left, y, width, block.title, _BLOCK) - 3
        for sample in block.samples:
            y = _draw_sample(axes, left, y, width, sample, ratio)
        if block.note:
            y = paragraph(axes, left, y - 1, width, block.note, _REMARK)
        y -= 11


def _draw_sample(
    axes: Axes, left: float, top: float, width: float, sample: Sample, ratio: float
) -> float:
    """Draw one line of a legend; give the ordinate of its foot."""
    counted = "" if sample.count is None else number(sample.count)
    before = _SWATCH[0] + _AFTER
    room = width - before - (width_of(counted, _LABEL.size, 400) + 6 if counted else 0)
    lines = wrapped(sample.label, room, _LABEL)
    radius = sample.radius * PIXEL * (ratio if sample.to_scale else 1.0)
    height = max(_LEAST, 2 * radius + 2.5, len(lines) * _LABEL.line + 2)
    middle = top - height / 2
    _draw_swatch(axes, left, middle, sample, radius)
    y = middle + _LABEL.line * (len(lines) - 1) / 2 - _LABEL.size * 0.34
    for i, line in enumerate(lines):
        write(axes, left + before, y - i * _LABEL.line, line, _LABEL)
    if counted:
        write(axes, left + width, y, counted, _COUNT, "right")
    return top - height


def _draw_swatch(axes: Axes, left: float, middle: float, sample: Sample, radius: float) -> None:
    style, (wide, high) = sample.style, _SWATCH
    if sample.form == "point":
        spots(axes, [style], np.array([[left + wide / 2, middle]]), np.array([radius]))
        return
    if sample.form == "ligne":
        line = Line2D([left, left + wide], [middle, middle], color=style.stroke)
        line.set(linewidth=style.width * PIXEL, linestyle=line_style(style.dash))
        axes.add_line(line)
        return
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
