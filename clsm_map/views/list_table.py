"""Lists of QPV ready to be read and chosen from: columns, cells of two lines, marks of status."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clsm_map.domain.terms import GapOrder
from clsm_map.formats import number

_NATURES: Final = {
    "Communauté d'agglomération": "CA",
    "Communauté de communes": "CC",
    "Communauté urbaine": "CU",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes
    ----------
    label : str
        Header, with the unit and the year.
    numeric : bool
        Aligned on the right.
    order : GapOrder or None
        What a click on the header sorts by; ``None`` when the column does not sort.
    width : int
        Share of the width, against that of the other columns.
    """

    label: str
    numeric: bool = False
    order: GapOrder | None = None
    width: int = 19


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: a text, a smaller line under it, and the status whose mark stands before it."""

    text: str
    detail: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list of QPV.

    Attributes
    ----------
    caption : str
        What is listed, where and in which order.
    rows : tuple of (str, tuple of Cell)
        QPV code, then one cell per column.
    total : int
        QPV of the whole list, of which ``rows`` may be the head.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    total: int


def kilometres(distance: float) -> str:
    """Write a distance in kilometres, without its unit: ``0``, ``< 0,1``, ``12,3``."""
    if distance == 0 or math.isnan(distance):
        return number(distance)
    return number(distance, 1) if distance >= 0.05 else "< 0,1"


def short_epci(nom: str) -> str:
    """Shorten the name of an intercommunalité: ``Communauté de communes`` gives ``CC``."""
    for long, short in _NATURES.items():
        nom = nom.replace(long, short)
    return nom


def names_of(codes: str, names: Sequence[str] | None = None) -> str:
    """Write a ``;`` list for people: ``Lille, Roubaix``."""
    parts = names if names is not None else codes.split(";")
    return ", ".join(part.strip() for part in parts if part.strip())
