"""The page of a picture, in points from its bottom left corner: its texts, then its bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import RLock
from typing import Any, Final, Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from clsm_map.exports.fonts import FAMILIES, font_files, use_fonts
from clsm_map.maps.escape import html_text

PictureFormat = Literal["png", "svg"]

INK: Final = "#23262b"
GREY: Final = "#5b6470"
RULE: Final = "#d8d3ca"
_LONG_NUMBER: Final = re.compile(rb"(\d*[1-9]\d*\.\d\d)\d+")
"""Numbers above 1 only: scales of glyphs are below."""
_LINES: Final = re.compile(rb"L [-\d.]+ [-\d.]+ \n(?:L [-\d.]+ [-\d.]+ \n)+")
_ONE_AT_A_TIME: Final = RLock()
_SETTINGS: Final = {
    "svg.fonttype": "path",
    "svg.hashsalt": "clsm-map",
    "lines.scale_dashes": False,
    "hatch.linewidth": 0.7,
    "path.simplify": False,
}


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on the page."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right side."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper side."""
        return self.bottom + self.height


@dataclass(frozen=True, slots=True)
class Face:
    """Size in points, weight, colour and line spacing of a text."""

    size: float
    weight: int = 400
    colour: str = INK
    leading: float = 1.32

    @property
    def line(self) -> float:
        """Height of a line, in points."""
        return self.size * self.leading

    @property
    def look(self) -> dict[str, Any]:
        """The same in matplotlib's words; ``$`` is a dollar."""
        return {
            "fontsize": self.size,
            "fontweight": self.weight,
            "fontfamily": list(FAMILIES),
            "color": self.colour,
            "parse_math": False,
        }


TITLE: Final = Face(14.5, 600, leading=1.22)
NOTE: Final = Face(7.4, colour=GREY, leading=1.38)
"""Of a picture: what is written above it, and under it."""


@contextmanager
def drawing() -> Iterator[None]:
    """Set matplotlib up for a picture; one at a time, since its settings belong to the process."""
    with _ONE_AT_A_TIME:
        use_fonts()
        with mpl.rc_context(_SETTINGS):
            yield


def blank_page(width: float, height: float) -> tuple[Figure, Axes]:
    """Open a figure whose only axes is measured in points."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="#ffffff")
    axes: Any = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    return figure, axes


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


def finished_svg(content: bytes, description: str) -> bytes:
    """Shorten an SVG that has a title, and describe it for those who do not see it."""
    short = _LINES.sub(_one_line, _LONG_NUMBER.sub(rb"\1", content))
    named = short.replace(b"<svg ", b'<svg role="img" xml:lang="fr" ', 1)
    said = f"<desc>{html_text(description)}</desc>" if description else ""
    return named.replace(b"</title>", f"</title>\n {said}".encode(), 1)


def _one_line(run: re.Match[bytes]) -> bytes:
    """Write a run of lines to points with one command."""
    return b"L" + run.group().replace(b"L", b"").replace(b"\n", b"") + b"\n"


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, weight: int) -> float:
    """Measure a text on one line, in points."""
    font = font_manager.get_font(str(font_files(weight)[0]))
    font.set_size(size * 10, 72)
    font.set_text(text, 0.0)
    return float(font.get_width_height()[0]) / 64 / 10


def wrapped(text: str, width: float, face: Face) -> list[str]:
    """Break a text into lines no wider than a width; no-break spaces hold, long words too."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if current and width_of(longer, face.size, face.weight) > width:
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current] if current else lines


def height_of(text: str, width: float, face: Face) -> float:
    """Measure a paragraph, in points."""
    return len(wrapped(text, width, face)) * face.line


def write(axes: Axes, x: float, y: float, text: str, face: Face, align: str = "left") -> Text:
    """Write one line whose baseline is at ``y``."""
    return axes.text(x, y, text, ha=align, va="baseline", **face.look)


def paragraph(axes: Axes, x: float, top: float, width: float, text: str, face: Face) -> float:
    """Write a paragraph under ``top`` and give the ordinate of its foot."""
    y = top
    for line in wrapped(text, width, face):
        write(axes, x, y - face.size, line, face)
        y -= face.line
    return y
