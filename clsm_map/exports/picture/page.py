"""The page of a picture: title, map and insets, legends, sources; then its bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any, Final, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle as Box

from clsm_map.exports.picture.frames import Frame, Rectangle, frame_of, hexagone, is_national
from clsm_map.exports.picture.frames import overseas as overseas_frames
from clsm_map.exports.picture.furniture import draw_blocks, draw_north, draw_scale, draw_towns
from clsm_map.exports.picture.outlines import read_outlines
from clsm_map.exports.picture.paint import box, paint, shrink
from clsm_map.exports.picture.text import GREY, Face, paragraph, use_fonts, wrapped, write
from clsm_map.exports.plate import Plate
from clsm_map.maps.escape import html_text
from clsm_map.maps.model import MapView

PictureFormat = Literal["png", "svg"]

WIDTH: Final = 841.9
HEIGHT: Final = 595.3
"""A4, landscape, in points."""

_MARGIN: Final = 30.0
_PANEL: Final = 214.0
_INSETS: Final = 7
_BAND: Final = 8.5
"""Strip above an inset, for its name."""
_TITLE: Final = Face(17, 600, leading=1.2)
_SUBTITLE: Final = Face(9.6, colour=GREY)
_SOURCE: Final = Face(6.6, colour=GREY, leading=1.36)
_CAUTION: Final = Face(7.2)
_FRAME: Final = "#d8d3ca"
_LONG_NUMBER: Final = re.compile(rb"(\d*[1-9]\d*\.\d\d)\d+")
"""Numbers above 1 only: scales of glyphs are below."""
_LINES: Final = re.compile(rb"L [-\d.]+ [-\d.]+ \n(?:L [-\d.]+ [-\d.]+ \n)+")
_ONE_AT_A_TIME: Final = RLock()
SETTINGS: Final = {
    "svg.fonttype": "path",
    "svg.hashsalt": "clsm-map",
    "lines.scale_dashes": False,
    "hatch.linewidth": 0.7,
    "path.simplify": False,
}


def picture(plate: Plate, static: Path, fmt: PictureFormat, dpi: int = 144) -> bytes:
    """Draw a map on an A4 page, landscape.

    Parameters
    ----------
    static : Path
        Folder where the geometries of its view were published.
    dpi : int, optional
        Dots by inch of a PNG.

    Returns
    -------
    bytes
        The same for the same plate. Mainland France is in Lambert-93, overseas territories in
        their own projection; the whole country comes with seven insets.
    """
    with drawing():
        figure = _compose(plate, static)
        said = " ".join([plate.subtitle, *plate.sources])
        return written(figure, fmt, title=plate.title, description=said, dpi=dpi)


def written(figure: Figure, fmt: PictureFormat, *, title: str, description: str, dpi: int) -> bytes:
    """Write a figure as a file, the same bytes for the same figure (inside `drawing`)."""
    buffer = io.BytesIO()
    if fmt == "png":
        tags = {"Title": title, "Software": "clsm-map"}
        figure.savefig(buffer, format="png", dpi=dpi, metadata=tags)
        return buffer.getvalue()
    dated = {"Title": title, "Date": None, "Creator": "clsm-map"}
    figure.savefig(buffer, format="svg", metadata=dated)
    return finished_svg(buffer.getvalue(), description)


@contextmanager
def drawing() -> Iterator[None]:
    """Set matplotlib up for a picture; one at a time, since its settings belong to the process."""
    with _ONE_AT_A_TIME:
        use_fonts()
        with mpl.rc_context(SETTINGS):
            yield


def blank_page(width: float, height: float) -> tuple[Figure, Axes]:
    """Open a figure whose only axes is measured in points from the bottom left corner."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="#ffffff")
    axes: Any = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    return figure, axes


def finished_svg(content: bytes, description: str) -> bytes:
    """Shorten an SVG that has a title, and describe it for those who do not see it."""
    short = _LINES.sub(_one_line, _LONG_NUMBER.sub(rb"\1", content))
    named = short.replace(b"<svg ", b'<svg role="img" xml:lang="fr" ', 1)
    description = f"</title>\n <desc>{html_text(description)}</desc>"
    return named.replace(b"</title>", description.encode(), 1)


def _one_line(run: re.Match[bytes]) -> bytes:
    """Write a run of lines to points with one command."""
    return b"L" + run.group().replace(b"L", b"").replace(b"\n", b"") + b"\n"


def _compose(plate: Plate, static: Path) -> Figure:
    figure, axes = blank_page(WIDTH, HEIGHT)
    inner = WIDTH - 2 * _MARGIN
    top = paragraph(axes, _MARGIN, HEIGHT - 26, inner, plate.title, _TITLE) - 1
    top = paragraph(axes, _MARGIN, top, inner, plate.subtitle, _SUBTITLE) - 8
    foot = _draw_foot(axes, plate, inner)
    area = Rectangle(_MARGIN, foot + 8, inner - _PANEL - 16, top - foot - 8)
    ratio = draw_map(axes, plate.view, area, static)
    draw_blocks(axes, area.right + 16, top, _PANEL, plate.blocks, ratio)
    return figure


def draw_map(axes: Axes, view: MapView, area: Rectangle, static: Path) -> float:
    """Draw a view in a rectangle, the whole country with its insets.

    Parameters
    ----------
    axes : Axes
        See `blank_page`.
    static : Path
        Folder where the geometries of the view were published.

    Returns
    -------
    float
        Ratio that sizes follow; see `clsm_map.exports.picture.paint.paint`.
    """
    frames = _frames(view, area)
    read = partial(read_outlines, static=static)
    ratio = shrink(frames[0].zoom())
    for frame in frames:
        paint(axes, view, frame, read, ratio)
        _draw_frame(axes, frame, view)
    return ratio


def _frames(view: MapView, area: Rectangle) -> list[Frame]:
    if not is_national(view.bounds):
        return [frame_of(area, view.bounds)]
    gap = 4.0
    height = (area.height - gap * (_INSETS - 1)) / _INSETS
    width = min(1.35 * height, 84.0)
    insets = [
        Rectangle(area.left, area.top - height - i * (height + gap), width, height - _BAND)
        for i in range(_INSETS)
    ]
    main = Rectangle(area.left + width + 8, area.bottom, area.width - width - 8, area.height)
    return [hexagone(main), *overseas_frames(insets)]


def _draw_frame(axes: Axes, frame: Frame, view: MapView) -> None:
    area = frame.rectangle
    if frame.label:
        outer = (area.left, area.bottom), area.width, area.height + _BAND
        axes.add_patch(Box(*outer, facecolor="none", edgecolor=_FRAME, linewidth=0.6))
        write(axes, area.left + 3, area.top + 1.6, frame.label, Face(6.2, 600))
        draw_scale(axes, frame, area.right - 3, area.bottom + 2.5, 26)
        return
    national = is_national(view.bounds)
    if not national:
        axes.add_patch(box(frame, facecolor="none", edgecolor=_FRAME, linewidth=0.8))
        draw_north(axes, frame, area.right - 14, area.top - 16)
    draw_scale(axes, frame, area.left + 98 if national else area.right - 8, area.bottom + 8, 90)
    draw_towns(axes, frame, view.towns)


def _draw_foot(axes: Axes, plate: Plate, width: float) -> float:
    """Write sources and cautions at the foot of the page; give the ordinate of their head."""
    half = (width - 20) / 2
    sources = " ".join([*plate.sources, plate.credit])
    left = len(wrapped(sources, half, _SOURCE)) * _SOURCE.line
    right = sum(len(wrapped(c, half, _CAUTION)) for c in plate.cautions) * _CAUTION.line
    top = 22 + max(left, right)
    axes.plot([_MARGIN, _MARGIN + width], [top + 6, top + 6], color=_FRAME, linewidth=0.6)
    paragraph(axes, _MARGIN, top, half, sources, _SOURCE)
    _paragraphs(axes, _MARGIN + half + 20, top, half, plate.cautions)
    return top + 6


def _paragraphs(axes: Axes, x: float, top: float, width: float, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        top = paragraph(axes, x, top, width, sentence, _CAUTION)
