"""Documents as lists of blocks, one list by page: `pdf` typesets them, `word` writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, Union
from urllib.parse import unquote

from clsm_map.domain.devices import STATUSES
from clsm_map.maps.legend import status_entries, swatch_image
from clsm_map.views.sheet.model import Grid, KeyFigure


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is that of the document."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph: plain, ``gras`` (bold) or ``doux`` (grey)."""

    text: str
    look: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: ``repere``, ``lieu`` or ``constat`` at the head of a document."""

    runs: tuple[Run, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """Sentences that go together.

    They are ``savoir`` or ``source`` at the end, ``fin`` under figures, ``legende`` or ``menu``
    under a table, ``vide`` in the place of one, ``orateur`` under the picture of a scene.
    """

    sentences: tuple[str, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The last line: when it was made, of what day it speaks, where the same is on screen."""

    made: str
    situation: str
    again: str
    link: str


@dataclass(frozen=True, slots=True)
class Item:
    """A swatch (SVG), a name, a detail, and lines of which a PDF shows the first ones."""

    image: bytes
    name: str
    detail: str
    lines: tuple[tuple[Run, ...], ...]
    shown: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures: ``compares`` (with a reference), ``comptes``, ``habitants`` or ``grands``."""

    items: tuple[KeyFigure, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    size, roomy : float
        Letters, and room above and below them, in points of a PDF.
    wide : int
        Column that takes the room left.
    adverse : tuple of int
        Rows whose gap is adverse.
    rules : tuple of int
        Rows under which a line is drawn; all of them when there is none.
    widths : tuple of float
        Centimetres of the columns in Word.
    """

    grid: Grid
    size: float = 8.0
    roomy: float = 2.2
    wide: int = 0
    adverse: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: SVG for a PDF, PNG for Word; points in the first, centimetres in the second."""

    image: bytes
    alt: str
    name: str = ""
    label: str = ""
    width: float = 0.0
    centimetres: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a legend: its swatch (SVG, and its width in points), its label, its count."""

    image: bytes
    width: float
    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Legend:
    """The legend of a map."""

    lines: tuple[Line, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side in a PDF, one after the other in Word.

    ``widths`` are in points, or shares of what is left when under 10; ``size`` is that of the
    letters inside, ``heads`` says that columns begin with a heading.
    """

    parts: tuple[tuple[Block, ...], ...]
    widths: tuple[float, ...]
    gutter: float
    above: float = 0.0
    size: float = 0.0
    heads: bool = False


Block: TypeAlias = Union[
    Heading, Text, Notes, Closing, Item, Figures, Table, Picture, Legend, "Columns"
]


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of a page, tight when they are many."""

    blocks: tuple[Block, ...]
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document: ``fiche``, ``scenario`` or ``seance`` (landscape)."""

    style: str
    title: str
    finding: str
    footer: tuple[str, ...]
    day: dt.date
    pages: tuple[Page, ...]


def grid_blocks(grid: Grid, size: float = 8.0, roomy: float = 2.2, wide: int = 0) -> list[Block]:
    """Set a small table under its title."""
    head = Heading(grid.titre)
    if not grid.lignes:
        return [head, Notes((grid.vide,), "vide")]
    return [head, Table(grid, size, roomy, wide)]


@lru_cache(maxsize=1)
def status_swatches() -> Mapping[str, bytes]:
    """Draw the swatch of each coverage status as SVG: colour and mark."""
    entries = status_entries(dict.fromkeys(STATUSES, 1))
    images = (unquote(swatch_image(e).partition(",")[2]) for e in entries)
    return {str(i): svg.encode() for i, svg in zip(STATUSES, images, strict=True)}
