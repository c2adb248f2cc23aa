"""How commands answer: a table for people, JSON for programs, CSV for French Excel."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.french_csv import french_csv
from clsm_map.formats import number

if TYPE_CHECKING:
    from clsm_map.domain.territories import Territory

PIPED_WIDTH = 200


class Output(Enum):
    """The form of an answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def chosen(*, as_json: bool, as_csv: bool) -> Output:
    """Give the form asked for.

    Raises
    ------
    InvalidInputError
        Both are asked for.
    """
    if as_json and as_csv:
        raise InvalidInputError("Choisissez entre --json et --csv.")
    return Output.JSON if as_json else Output.CSV if as_csv else Output.TABLE


def write_json(content: Mapping[str, object]) -> None:
    """Write an answer as JSON; what is not known is ``null``."""
    typer.echo(json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False))


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as CSV for French Excel on the standard output, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(french_csv(columns, rows))
    sys.stdout.buffer.flush()


def console() -> Console:
    """Give the console of the standard output, wide when it is not a screen."""
    wide = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(width=wide, highlight=False)


def table(title: str, columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> Table:
    """Make a table of texts.

    Parameters
    ----------
    title : str
        What, where, when.
    columns : sequence of (str, bool)
        Header, and whether it holds numbers (aligned right).
    rows : iterable of sequences of str
        Cells.
    """
    made = Table(title=title, title_justify="left", title_style="bold")
    for header, numeric in columns:
        made.add_column(header, justify="right" if numeric else "left", no_wrap=numeric)
    for row in rows:
        made.add_row(*(_literal(cell) for cell in row))
    return made


def write_notes(notes: Iterable[str]) -> None:
    """Write the cautions under a table."""
    screen = console()
    for note in notes:
        screen.print(f"- {note}", markup=False)


def territory_content(place: Territory) -> dict[str, str]:
    """Describe a territory in JSON."""
    return {"niveau": place.level, "code": place.code, "nom": place.nom}


def joined(value: object) -> str:
    """Write a text or a list of texts in a cell; a dash when there is none."""
    parts = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return ", ".join(str(part) for part in parts) or "–"


def optional_number(value: object, decimals: int = 0) -> str:
    """Write a number the French way, or "n. d." when it is not known."""
    return number(float(value) if isinstance(value, int | float) else math.nan, decimals)


def _literal(text: str) -> str:
    """Keep a text from data from being read as markup."""
    return text.replace("[", "\\[")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value
