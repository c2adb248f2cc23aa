"""The answer of ``coverage --harvest``: what the register holds, région by région."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clsm_map.analysis.coverage import coverage_on
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.output import (
    Output,
    console,
    optional_number,
    table,
    write_csv,
    write_json,
    write_notes,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import date_fr
from clsm_map.views.register import harvest_by_region

if TYPE_CHECKING:
    from clsm_map.cli.answers.arguments import Places

_SHOWN = 8
_NUMBERS = frozenset({"Recensés", "Dont actifs", "De cette source", "Part (%)"})


def answer(type_: str, on: str | None, places: Places, output: Output, *, listed: bool) -> None:
    """Count what was found of a type in each région and write it.

    Raises
    ------
    InvalidInputError
        The type or the date is refused; a territory or the list of QPV is asked for too.
    """
    if listed or any((places.region, places.departement, places.epci)):
        raise InvalidInputError(
            "--harvest donne toutes les régions : sans territoire, et sans --list."
        )
    wanted, today = arguments.device_type(type_), arguments.today()
    base = open_base()
    day = arguments.date(on, base.ground.dispositifs, today)
    found = harvest_by_region(base.snapshot, coverage_on(base.ground, wanted, day, today=today))
    if output is Output.JSON:
        rows = found.rows.to_dict("records")
        content = {"type": found.type, "on": day.isoformat(), "titre": found.title}
        write_json(
            content
            | {"constat": found.finding, "recenses": found.recorded}
            | {"regions": rows, "avertissements": [found.note]}
        )
        return
    shown = found.table()
    if output is Output.CSV:
        write_csv(list(shown.columns), shown.to_dict("records"))  # type: ignore[arg-type]
        return
    columns = list(shown.columns[:_SHOWN])
    rows_ = (
        tuple(
            optional_number(value) if name in _NUMBERS else str(value)
            for name, value in zip(columns, row, strict=True)
        )
        for row in shown[columns].to_numpy().tolist()
    )
    screen = console()
    screen.print(
        table(f"{found.title}, {date_fr(day)}", [(c, c in _NUMBERS) for c in columns], rows_)
    )
    screen.print(found.finding, markup=False)
    write_notes([found.note])
