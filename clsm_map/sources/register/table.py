"""A list as it was read: headers and numbered lines, whatever the format of the file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shapely.geometry.base import BaseGeometry

from clsm_map.domain.errors import RegisterError
from clsm_map.formats import number
from clsm_map.sources.register.fields import header_key
from clsm_map.sources.register.wording import listing, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clsm_map.sources.register.report import LineError

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

    Attributes
    ----------
    ligne : int
        Number as a spreadsheet shows it, or rank of the feature.
    cells : tuple
        One value per header.
    geometry : shapely geometry or None
        In WGS 84 (EPSG:4326), longitude first.
    """

    ligne: int
    cells: tuple[Cell, ...]
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it was read.

    Attributes
    ----------
    nom : str
        Name of the file.
    headers : tuple of str
        Trimmed, without duplicates; an empty one is a column without header.
    rows : tuple of Row
        Lines that hold something.
    erreurs : tuple of LineError
        Lines that cannot be read as they stand (a formula, a cell too many).
    informations : tuple of str
        What was understood of the file (encoding, separator, sheet).
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

    Parameters
    ----------
    headers : sequence of str
        As they are written.
    alone : bool, optional
        Whether a single column makes sense (a layer, where the contour says the rest).

    Returns
    -------
    tuple of str
        Without the empty ones at the end.

    Raises
    ------
    RegisterError
        No header, a single column, too many, or two that are the same (accents, case, spaces and
        plurals aside).
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
    """Take the lines of a file within the limit, leaving out the empty ones.

    Raises
    ------
    RegisterError
        No line, or more than `MAX_LINES`.
    """
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
