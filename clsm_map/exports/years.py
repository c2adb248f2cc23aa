"""The picture of an indicator by year: one map per year, one legend for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clsm_map.exports.picture.country import INSET, draw_country
from clsm_map.exports.picture.frames import Rectangle, frame_of, is_national
from clsm_map.exports.picture.furniture import draw_sample, draw_scale
from clsm_map.exports.picture.outlines import read_outlines
from clsm_map.exports.picture.page import PictureFormat, blank_page, drawing, written
from clsm_map.exports.picture.paint import box, paint
from clsm_map.exports.picture.text import GREY, Face, paragraph, wrapped, write
from clsm_map.exports.plate import Sample
from clsm_map.formats import typeset
from clsm_map.maps.carte import year_legend
from clsm_map.maps.model import Bounds, MapView, Style
from clsm_map.views.inequality.trend import YearMaps

_WIDTH: Final = 780.0
_MARGIN: Final = 24.0
_GAP: Final = 16.0
_COLUMNS: Final = 3
_ROW: Final = 14.0
_TITLE: Final = Face(14.5, 600, leading=1.22)
_YEAR: Final = Face(11.5, 600)
_NOTE: Final = Face(7.4, colour=GREY, leading=1.38)
_FRAME: Final = "#d8d3ca"


def years_picture(
    found: YearMaps,
    views: Sequence[MapView],
    static: Path,
    fmt: PictureFormat,
    *,
    notes: Sequence[str] = (),
    dpi: int = 144,
) -> bytes:
    """Draw the maps of an indicator side by side, at one scale.

    Parameters
    ----------
    views : sequence of MapView
        One per year, in the order of ``found.years``: see `clsm_map.maps.carte.year_view`.
    static : Path
        Folder where their geometries were published.
    notes : sequence of str, optional
        Finding, sources, cautions: a paragraph each.
    dpi : int, optional
        Dots by inch of a PNG.

    Returns
    -------
    bytes
        The same for the same maps. Lambert-93, overseas territories in their own projection.
    """
    said = [typeset(note) for note in (*notes, found.note) if note]
    title = typeset(found.title)
    with drawing():
        figure = _composed(found, views, static, title, said)
        return written(figure, fmt, title=title, description=" ".join(said), dpi=dpi)


def _composed(
    found: YearMaps, views: Sequence[MapView], static: Path, title: str, notes: Sequence[str]
) -> Figure:
    inner = _WIDTH - 2 * _MARGIN
    wide = (inner - _GAP * (len(views) - 1)) / len(views)
    national = is_national(views[0].bounds)
    tall = wide * 1.05 + INSET + 12 if national else wide * _slender(views[0].bounds)
    entries = year_legend(found)
    legend = -(-len(entries) // _COLUMNS) * _ROW + 12
    foot = sum(len(wrapped(note, inner, _NOTE)) for note in notes) * _NOTE.line
    head = len(wrapped(title, inner, _TITLE)) * _TITLE.line + 8
    height = 2 * _MARGIN + head + _YEAR.line + tall + legend + foot + 6
    figure, page = blank_page(_WIDTH, height)
    top = paragraph(page, _MARGIN, height - _MARGIN, inner, title, _TITLE) - 8
    for rank, (year, view) in enumerate(zip(found.years, views, strict=True)):
        left = _MARGIN + rank * (wide + _GAP)
        write(page, left, top - _YEAR.size, found.indicator.when(year), _YEAR)
        area = Rectangle(left, top - _YEAR.line - tall, wide, tall)
        _draw_map(page, view, area, static, national=national)
    top -= _YEAR.line + tall + 10
    for rank, entry in enumerate(entries):
        style = Style(entry.label, entry.colour, entry.mark, "#b9b4aa", 0.6)
        x = _MARGIN + (rank % _COLUMNS) * (inner / _COLUMNS)
        y = top - (rank // _COLUMNS) * _ROW
        draw_sample(page, x, y, inner / _COLUMNS - 12, Sample(entry.label, style, "aire"), 1.0)
    top = _MARGIN + foot
    for note in notes:
        top = paragraph(page, _MARGIN, top, inner, note, _NOTE)
    return figure


def _slender(bounds: Bounds) -> float:
    """Give the height that suits a box of degrees, for a width of one."""
    (south, west), (north, east) = bounds
    across = (east - west) * math.cos(math.radians((south + north) / 2))
    return min(max(1.06 * (north - south) / across, 0.55), 1.1)


def _draw_map(page: Axes, view: MapView, area: Rectangle, static: Path, *, national: bool) -> None:
    """Draw a map in a place of the page; that of the country has the overseas below it."""
    read = partial(read_outlines, static=static)
    if national:
        draw_country(page, view, area, read)
        return
    frame = frame_of(area, view.bounds)
    paint(page, view, frame, read)
    page.add_patch(box(frame, facecolor="none", edgecolor=_FRAME, linewidth=0.8))
    draw_scale(page, frame, area.right - 8, area.bottom + 8, 60)
