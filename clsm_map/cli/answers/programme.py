"""The answer of ``programme``: what is published, or a detailed table read in a territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.programme import sessions_of
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.output import (
    Output,
    console,
    table,
    territory_content,
    write_csv,
    write_json,
    write_notes,
)
from clsm_map.desk import Desk
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import count, number
from clsm_map.register import validate
from clsm_map.views.programme import (
    ProgrammeView,
    exported,
    part_table,
    programme_view,
    score_table,
    year_table,
)
from clsm_map.views.programme_published import published_reach

if TYPE_CHECKING:
    from pathlib import Path

    from clsm_map.analysis.coverage import Coverage
    from clsm_map.domain.territories import Territory
    from clsm_map.register import Validation

Rows = list[dict[str, object]]

_SHOWN = [
    "Année", "Lignes", "Séances", "Participants", "Quartiers atteints", "Atteints depuis le début",
    "Part des quartiers (%)",
]  # fmt: skip
"""Columns that a screen holds; JSON and CSV give them all."""


def answer(file: Path | None, places: arguments.Places, output: Output) -> None:
    """Write the reach of the programme.

    Parameters
    ----------
    file : Path or None
        A detailed table; the published totals without one.
    places : Places
        Territory in which a detailed table is read.

    Raises
    ------
    ClsmMapError
        The file or the territory is refused; a territory is asked of national totals.
    """
    base, today = open_base(), arguments.today()
    coverage = coverage_on(base.ground, "CLSM", today, today=today)
    place = arguments.territory(base.snapshot, places)
    if file is None:
        if place.level != "france":
            raise InvalidInputError(
                "Les résultats publiés ne valent que pour la France : pour un territoire, donnez "
                "un tableau détaillé."
            )
        _published(base, coverage, output)
        return
    read = validate(file, base.snapshot, kind="programme")
    if not read.acceptees:
        raise InvalidInputError(
            f"Aucune ligne de « {read.nom} » n'est acceptée : « register validate » dit pourquoi."
        )
    sessions = sessions_of(read.programme, base.ground)
    _detailed(programme_view(base.snapshot, sessions, coverage, place), read, place, output)


def _published(base: Desk, coverage: Coverage, output: Output) -> None:
    found = published_reach(base.snapshot, coverage)
    rows = found.table()
    if output is Output.JSON:
        write_json({"constat": found.finding, "source": found.link, "publie": _rows(rows)})
    elif output is Output.CSV:
        write_csv(list(rows.columns), _rows(rows))
    else:
        console().print(_table(found.finding, rows.drop(columns=["Source", "Lecture"])))
        told = zip(rows["Chiffre publié"], rows["Rapporté à"], rows["Lecture"], strict=True)
        write_notes(f"{label} / {whole} : {why}" for label, whole, why in told if why)


def _detailed(view: ProgrammeView, read: Validation, place: Territory, output: Output) -> None:
    years, parts, scores = year_table(view), part_table(view), score_table(view)
    notes = [view.qpv_sentence(), view.people_sentence()]
    if read.rejetees:
        rejected = count(read.rejetees, "ligne rejetée", "lignes rejetées")
        notes.append(f"{rejected} : « register validate » dit pourquoi.")
    if output is Output.JSON:
        write_json(
            {
                "exemple": view.example,
                "territoire": territory_content(place),
                "constat": view.finding(),
                "annees": _rows(years),
                "territoires": _rows(parts),
                "evaluation": _rows(scores),
                "avertissements": notes,
            }
        )
    elif output is Output.CSV:
        written = exported(view, years)
        write_csv(list(written.columns), _rows(written))
    else:
        console().print(_table(view.finding(), years[_SHOWN]))
        write_notes(notes)


def _rows(frame: pd.DataFrame) -> Rows:
    plain = frame.astype(object).where(frame.notna(), None)
    rows: Rows = plain.to_dict("records")  # type: ignore[assignment]
    return rows


def _table(title: str, frame: pd.DataFrame) -> object:
    numeric = {c: pd.api.types.is_numeric_dtype(frame[c]) for c in frame.columns}
    cells = (
        tuple(_cell(row[c], 1 if "%" in str(c) else 0) for c in frame.columns)
        for row in _rows(frame)
    )
    return table(title, [(str(c), numeric[c]) for c in frame.columns], cells)


def _cell(value: object, decimals: int) -> str:
    if value is None:
        return "–"
    return number(float(value), decimals) if isinstance(value, int | float) else str(value)
