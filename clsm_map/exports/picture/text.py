"""Text on a picture: measured with the font itself, wrapped to a width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.text import Text

from clsm_map.exports.fonts import FAMILIES, WEIGHTS, font_folder

INK: Final = "#23262b"
GREY: Final = "#5b6470"


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


@lru_cache(maxsize=1)
def use_fonts() -> None:
    """Make the typeface known to matplotlib, once."""
    for path in sorted(font_folder().glob("*.ttf")):
        font_manager.fontManager.addfont(path)


@lru_cache(maxsize=8)
def _font(weight: int) -> font_manager.FontPath | str:
    return str(font_folder() / f"PublicSans-{WEIGHTS[weight]}.ttf")


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, weight: int) -> float:
    """Measure a text on one line, in points."""
    font = font_manager.get_font(_font(weight))
    font.set_size(size * 10, 72)
    font.set_text(text, 0.0)
    return float(font.get_width_height()[0]) / 64 / 10


def wrapped(text: str, width: float, face: Face) -> list[str]:
    """Break a text into lines no wider than a width; no-break spaces hold.

    Parameters
    ----------
    width : float
        In points.

    Returns
    -------
    list of str
        A word wider than the width has a line of its own.
    """
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


def write(axes: Axes, x: float, y: float, text: str, face: Face, align: str = "left") -> Text:
    """Write one line whose baseline is at ``y``, in points of the page."""
    return axes.text(
        x,
        y,
        text,
        fontsize=face.size,
        fontweight=face.weight,
        fontfamily=list(FAMILIES),
        color=face.colour,
        ha=align,
        va="baseline",
        parse_math=False,
    )


def paragraph(axes: Axes, x: float, top: float, width: float, text: str, face: Face) -> float:
    """Write a paragraph under ``top`` and give the ordinate of its foot."""
    y = top
    for line in wrapped(text, width, face):
        write(axes, x, y - face.size, line, face)
        y -= face.line
    return y
