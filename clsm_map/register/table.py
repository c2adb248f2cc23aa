"""A list as it was read, headers and numbered lines, and what its reading says."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from clsm_map.domain.errors import RegisterError
from clsm_map.formats import number
from clsm_map.register.fields import header_key
from clsm_map.register.wording import lines_phrase, listing, typeset

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Proposition:
    """A value that could be meant; nothing is taken until a person confirms it.

    ``code``: what to write in place of the refused value. ``nom``: the same in words, such as
    ``Bourg-en-Bresse (01)``.
    """

    code: str
    nom: str = ""

    def __str__(self) -> str:
        """Write code and words: ``01053 Bourg-en-Bresse (01)``."""
        return f"{self.code} {self.nom}".strip()


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a line is rejected.

    ``ligne``: number of the line as a spreadsheet shows it (the header is line 1); for GeoJSON and
    GeoPackage, rank of the feature, from 1. ``champ``: header of the column as it is written in
    the file (canonical name when absent). ``valeur``: the refused value. ``message``: A French
    sentence. ``propositions``: what could be meant, best first: three at most, but all the likely
    communes of a postal code. ``correction``: the only value that can be meant (a code that lost
    its zero), empty otherwise.
    """

    ligne: int
    champ: str
    valeur: str
    message: str
    propositions: tuple[Proposition, ...] = ()
    correction: str = ""

    def __post_init__(self) -> None:
        """Typeset the sentence; cut what would fill a page."""
        if len(self.valeur) > _LONGEST:
            object.__setattr__(self, "valeur", f"{self.valeur[:_LONGEST]}…")
        object.__setattr__(self, "message", typeset(self.message))

    def to_json(self) -> dict[str, Any]:
        """Give ``ligne, champ, valeur, message`` and, where any, ``propositions, correction``."""
        out: dict[str, Any] = {
            "ligne": self.ligne,
            "champ": self.champ,
            "valeur": self.valeur,
            "message": self.message,
        }
        if self.propositions:
            out["propositions"] = [{"code": p.code, "nom": p.nom} for p in self.propositions]
        if self.correction:
            out["correction"] = self.correction
        return out


@dataclass(slots=True)
class Findings:
    """What is noted while the lines of a list are read."""

    errors: list[LineError] = field(default_factory=list)
    _notes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, error: LineError) -> None:
        """Note why a line is rejected."""
        self.errors.append(error)

    def inform(self, sentence: str, ligne: int | None = None) -> None:
        """Note what a person should know; the same sentence on several lines is said once."""
        lines = self._notes[sentence]
        if ligne is not None and ligne not in lines[-1:]:
            lines.append(ligne)

    @property
    def rejected(self) -> set[int]:
        """Numbers of the rejected lines."""
        return {e.ligne for e in self.errors}

    def informations(self) -> tuple[str, ...]:
        """Give the notes as sentences that name their lines."""
        return tuple(
            typeset(f"{sentence} ({lines_phrase(lines)})." if lines else f"{sentence}.")
            for sentence, lines in self._notes.items()
        )


Cell = str | int | float | bool | dt.date | dt.datetime | None

MAX_LINES: Final = 50_000
"""Longest list that is read: every device of France, one line per commune, fits ten times."""
MAX_COLUMNS: Final = 200
NOTICE_SHEET: Final = "mode d'emploi"
"""Sheet of instructions of the templates; its presence needs no word."""
MAX_BYTES: Final = 50_000_000
"""Largest file that is opened."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list.

    ``ligne``: number as a spreadsheet shows it, or rank of the feature. ``cells``: one value per
    header. ``geometry``: in WGS 84 (EPSG:4326), longitude first.
    """

    ligne: int
    cells: tuple[Cell, ...]
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it was read.

    ``nom``: name of the file. ``headers``: trimmed, without duplicates; an empty one is a column
    without header. ``rows``: lines that hold something. ``erreurs``: lines that cannot be read as
    they stand (a formula, a cell too many). ``informations``: what was understood of the file
    (encoding, separator, sheet).
    """

    nom: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    erreurs: tuple[LineError, ...] = ()
    informations: tuple[str, ...] = ()


def refusal(sentence: str, detail: str = "") -> RegisterError:
    """Make the error that refuses a whole file."""
    return RegisterError(typeset(sentence), detail)


def check_headers(headers: Sequence[str], *, alone: bool = False) -> tuple[str, ...]:
    """Refuse headers that cannot be told apart.

    Returns without the empty ones at the end.
    """
    trimmed = list(headers)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if not trimmed:
        raise refusal("La première ligne doit porter le nom des colonnes ; elle est vide.")
    if len(trimmed) > MAX_COLUMNS:
        raise refusal(
            f"Le fichier a {number(len(trimmed))} colonnes ; {MAX_COLUMNS} au plus sont lues. "
            "Ne gardez que celles du modèle."
        )
    if len(trimmed) == 1 and not alone:
        raise refusal(
            f"Une seule colonne a été lue (« {trimmed[0][:60]} ») : le séparateur n'est pas "
            "reconnu, ou la liste n'a qu'une colonne. Séparez les colonnes par des points-virgules "
            "(ou des virgules, des tabulations, des barres verticales), ou enregistrez en .xlsx."
        )
    seen: dict[str, str] = {}
    doubles = []
    for header in trimmed:
        key = header_key(header)
        if key and key in seen:
            doubles.append(f"« {seen[key]} » et « {header} »")
        seen.setdefault(key, header)
    if doubles:
        raise refusal(
            f"Des colonnes portent le même nom : {listing(doubles)}. Renommez-les ou supprimez "
            "celle qui est de trop : rien n'a été lu."
        )
    return tuple(trimmed)


def bounded(rows: Iterable[Row], nom: str) -> tuple[Row, ...]:
    """Take the lines of a file within the limit, leaving out the empty ones."""
    kept: list[Row] = []
    for row in rows:
        if row.geometry is None and not any(_holds(c) for c in row.cells):
            continue
        kept.append(row)
        if len(kept) > MAX_LINES:
            raise refusal(
                f"« {nom} » a plus de {number(MAX_LINES)} lignes : c'est le plus qui soit lu d'un "
                "coup. Une liste de dispositifs compte une ligne par dispositif, ou par dispositif "
                "et par commune ; partagez-la, par exemple par région."
            )
    if not kept:
        raise refusal(f"« {nom} » n'a aucune ligne sous celle des titres : il n'y a rien à lire.")
    return tuple(kept)


def _holds(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None
