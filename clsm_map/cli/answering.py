"""How commands answer: tables for people, JSON for programs, CSV for French Excel, a file."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import Territory
from clsm_map.exports.tables import french_csv
from clsm_map.formats import number
from clsm_map.table import Column, Table

Rows = list[dict[str, Any]]
PIPED_WIDTH: Final = 200
_SHORT: Final = 20
"""Letters of a header that stays on one line where the screen is narrow."""


class Output(Enum):
    """The form of an answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def chosen(*, as_json: bool, as_csv: bool = False) -> Output:
    """Give the form asked for."""
    if as_json and as_csv:
        raise InvalidInputError("Choisissez entre --json et --csv.")
    return Output.JSON if as_json else Output.CSV if as_csv else Output.TABLE


def write(
    output: Output,
    content: Mapping[str, object],
    shown: Iterable[Table | str],
    notes: Iterable[str] = (),
    cells: pd.DataFrame | Rows | None = None,
) -> None:
    """Write an answer in the form asked for.

    Parameters
    ----------
    content : mapping
        The JSON; what is not known is ``null``.
    shown : iterable of Table or str
        What people read, tables and sentences, in order; ``notes`` follow.
    cells : DataFrame or list of dict
        Rows of the CSV.
    """
    if output is Output.JSON:
        typer.echo(json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False))
    elif output is Output.CSV:
        rows = pd.DataFrame(cells).astype(object)
        records: Rows = rows.where(rows.map(_given), None).to_dict("records")  # type: ignore[assignment]
        sys.stdout.flush()
        sys.stdout.buffer.write(french_csv(list(rows.columns), records))
        sys.stdout.buffer.flush()
    else:
        wide = None if sys.stdout.isatty() else PIPED_WIDTH
        screen = Console(width=wide, highlight=False)
        for part in shown:
            if isinstance(part, str):
                screen.print(part, markup=False)
            else:
                screen.print(drawn(part))
        for note in notes:
            screen.print(f"- {note}", markup=False)


def drawn(table: Table) -> RichTable:
    """Draw a table for a terminal, its columns of numbers aligned on the right."""
    made = RichTable(title=escape(table.title), title_justify="left", title_style="bold")
    for column in table.columns:
        numeric = column.kind in {"entier", "nombre"}
        short = numeric and len(column.label) <= _SHORT
        made.add_column(escape(column.label), justify="right" if numeric else "left", no_wrap=short)
    cells = [[_cell(value, c) for value in table.frame[c.name]] for c in table.columns]
    for row in zip(*cells, strict=True):
        made.add_row(*(escape(cell) for cell in row))
    return made


def _cell(value: object, column: Column) -> str:
    """Write a cell: a text stands as it is, even where numbers are expected."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, str):
        return value
    if column.kind in {"entier", "nombre"}:
        return number(float(str(value)) if _given(value) else math.nan, column.decimals)
    return str(value) if _given(value) else "–"


def _given(value: object) -> bool:
    return isinstance(value, list | tuple) or not pd.isna(value)  # type: ignore[call-overload]


def columns_of(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Describe the columns of a frame that are named as people read them."""
    numeric = pd.api.types.is_numeric_dtype
    return tuple(
        Column(str(c), str(c), "nombre" if numeric(frame[c]) else "texte") for c in frame.columns
    )


def territory_content(place: Territory) -> dict[str, str]:
    """Describe a territory in JSON."""
    return {"niveau": place.level, "code": place.code, "nom": place.nom}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def write_file(path: Path, content: bytes, *, aside: bool = False) -> None:
    """Write a file and say so, on stderr (``aside``) when stdout holds an answer."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InvalidInputError(
            f"Le fichier « {path} » n’a pas pu être écrit : vérifiez que le dossier existe et "
            "qu’il accepte l’écriture.",
            str(error),
        ) from error
    size = len(content) / 1000
    typer.echo(f"{path} : {number(size, 0 if size >= 10 else 1)}\u00a0ko", err=aside)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on stderr; gives the function to call before each of several things.

    It takes the name of the thing, its rank from 0, and how many there are.
    """
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)

        def step(key: str, rank: int, total: int) -> None:
            progress.update(task, description=key.ljust(32)[:32], completed=rank, total=total)

        yield step
        progress.update(task, description="Terminé".ljust(32), completed=progress.tasks[0].total)
