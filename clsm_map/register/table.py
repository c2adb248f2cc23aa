"""A list as it was read, headers and numbered lines, and what its reading says."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from clsm_map.formats import number
from clsm_map.register.vocabulary import header_key, lines_phrase, listing, refusal, say, typeset

_LONGEST: Final = 200

Cell = str | int | float | bool | dt.date | dt.datetime | None

MAX_LINES: Final = 50_000
"""Longest list that is read: every device of France, one line per commune, fits ten times."""
MAX_COLUMNS: Final = 200
MAX_BYTES: Final = 50_000_000
"""Largest file that is opened."""


@dataclass(frozen=True, slots=True)
class Proposition:
    """A code that could be meant, and its name; nothing is taken until a person confirms it."""

    code: str
    nom: str = ""

    def __str__(self) -> str:
        """Write code and words: ``01053 Bourg-en-Bresse (01)``."""
        return f"{self.code} {self.nom}".strip()


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a line is rejected.

    ``ligne``: number of the line as a spreadsheet shows it (the header is line 1); for GeoJSON and
    GeoPackage, rank of the feature, from 1. ``champ``: header of the column as it is written in the
    file (canonical name when absent). ``propositions``: what could be meant, best first: three at
    most, but all the likely communes of a postal code. ``correction``: the only value that can be
    meant (a code that lost its zero), empty otherwise.
    """

    ligne: int
    champ: str
    valeur: str
    message: str
    propositions: tuple[Proposition, ...] = ()
    correction: str = ""

    def __post_init__(self) -> None:
        """Cut what would fill a page."""
        if len(self.valeur) > _LONGEST:
            object.__setattr__(self, "valeur", f"{self.valeur[:_LONGEST]}…")

    def to_json(self) -> dict[str, Any]:
        """Give the fields, those of the optional ones that are empty left out."""
        found = asdict(self) | {"propositions": [asdict(p) for p in self.propositions]}
        optional = ("propositions", "correction")
        return {name: value for name, value in found.items() if value or name not in optional}


@dataclass(slots=True)
class Findings:
    """What is noted while the lines of a list are read."""

    errors: list[LineError] = field(default_factory=list)
    _notes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def inform(self, sentence: str, ligne: int | None = None, /, **words: object) -> None:
        """Note what a person should know; the same sentence on several lines is said once."""
        self.note(say(sentence, **words), ligne)

    def note(self, said: str, ligne: int | None = None) -> None:
        """Note a sentence that is already worded."""
        lines = self._notes[said]
        if ligne is not None and ligne not in lines[-1:]:
            lines.append(ligne)

    def informations(self) -> tuple[str, ...]:
        """Give the notes as sentences that name their lines."""
        return tuple(
            typeset(f"{sentence} ({lines_phrase(lines)})." if lines else f"{sentence}.")
            for sentence, lines in self._notes.items()
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: one cell per header, and a geometry in WGS 84 (EPSG:4326)."""

    ligne: int
    cells: tuple[Cell, ...]
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it was read.

    ``headers``: trimmed, without duplicates; an empty one is a column without header. ``rows``:
    lines that hold something. ``erreurs``: lines that cannot be read as they stand (a formula, a
    cell too many). ``informations``: what was understood of the file (encoding, sheet).
    """

    nom: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    erreurs: tuple[LineError, ...] = ()
    informations: tuple[str, ...] = ()


def check_headers(headers: Sequence[str], *, alone: bool = False) -> tuple[str, ...]:
    """Give the headers without the empty ones at the end, refusing those that cannot be told apart.

    Two are the same when only accents, case, spaces or plurals differ. ``alone``: whether a single
    column makes sense (a layer, where the contour says the rest).
    """
    trimmed = list(headers)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if not trimmed:
        raise refusal("sans_titres")
    if len(trimmed) > MAX_COLUMNS:
        raise refusal("trop_de_colonnes", n=number(len(trimmed)), plus=MAX_COLUMNS)
    if len(trimmed) == 1 and not alone:
        raise refusal("une_seule_colonne", titre=trimmed[0][:60])
    seen: dict[str, str] = {}
    doubles = []
    for header in trimmed:
        key = header_key(header)
        if key and key in seen:
            doubles.append(f"« {seen[key]} » et « {header} »")
        seen.setdefault(key, header)
    if doubles:
        raise refusal("memes_titres", titres=listing(doubles))
    return tuple(trimmed)


def bounded(rows: Iterable[Row], nom: str) -> tuple[Row, ...]:
    """Take the lines of a file that hold something; refuse none, or more than `MAX_LINES`."""
    kept: list[Row] = []
    for row in rows:
        if row.geometry is None and not any(_holds(c) for c in row.cells):
            continue
        kept.append(row)
        if len(kept) > MAX_LINES:
            raise refusal("trop_de_lignes", nom=nom, n=number(MAX_LINES))
    if not kept:
        raise refusal("aucune_ligne", nom=nom)
    return tuple(kept)


def _holds(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None
