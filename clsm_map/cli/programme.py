"""Command ``programme``: the reach published, or that of a detailed table in a territory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from clsm_map.analysis.listing import records
from clsm_map.analysis.programme import sessions_of
from clsm_map.cli.answering import chosen, columns_of, territory_content, write
from clsm_map.cli.asking import Csv, Departement, Epci, Json, Region, open_base, read_place
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import count, number
from clsm_map.register import validate
from clsm_map.table import Table
from clsm_map.views.programme import exported, part_table, programme_view, score_table, year_table
from clsm_map.views.programme_published import published_reach

app = typer.Typer()

_SHOWN: Final = [
    "Année", "Lignes", "Séances", "Participants", "Quartiers atteints", "Atteints depuis le début",
    "Part des quartiers (%)",
]  # fmt: skip
"""Columns that a screen holds; JSON and CSV give them all."""


@app.command()
def programme(
    file: Annotated[
        Path | None,
        typer.Argument(help="Tableau détaillé (CSV, XLSX) ; sans lui, les totaux publiés."),
    ] = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Portée du programme « La santé mentale dans mon quartier »."""
    output, desk = chosen(as_json=as_json, as_csv=as_csv), open_base()
    coverage = desk.coverage("CLSM")
    place = read_place(desk.snapshot, region, departement, epci)
    if file is None:
        if place.level != "france":
            raise InvalidInputError(
                "Les résultats publiés ne valent que pour la France : pour un territoire, donnez "
                "un tableau détaillé."
            )
        reach = published_reach(desk.snapshot, coverage)
        rows = reach.table()
        told = zip(rows["Chiffre publié"], rows["Rapporté à"], rows["Lecture"], strict=True)
        shown = _table(reach.finding, rows.drop(columns=["Source", "Lecture"]))
        content: dict[str, object] = {
            "constat": reach.finding,
            "source": reach.link,
            "publie": records(rows, ()),
        }
        notes = [f"{label} / {whole} : {why}" for label, whole, why in told if why]
        write(output, content, [shown], notes, rows)
        return
    read = validate(file, desk.snapshot, kind="programme")
    if not read.acceptees:
        raise InvalidInputError(
            f"Aucune ligne de « {read.nom} » n'est acceptée : « register validate » dit pourquoi."
        )
    sessions = sessions_of(read.programme, desk.ground)
    view = programme_view(desk.snapshot, sessions, coverage, place)
    years = year_table(view)
    notes = [view.qpv_sentence(), view.people_sentence()]
    if read.rejetees:
        rejected = count(read.rejetees, "ligne rejetée", "lignes rejetées")
        notes.append(f"{rejected} : « register validate » dit pourquoi.")
    content = {
        "exemple": view.example,
        "territoire": territory_content(place),
        "constat": view.finding(),
        "annees": records(years, ()),
        "territoires": records(part_table(view), ()),
        "evaluation": records(score_table(view), ()),
        "avertissements": notes,
    }
    shown = _table(view.finding(), years[_SHOWN])
    write(output, content, [shown], notes, exported(view, years))


def _table(title: str, frame: pd.DataFrame) -> Table:
    """Lay a frame out: shares with one decimal, a dash for what is not known."""
    columns = columns_of(frame)
    cells = {
        c.name: [
            number(value, 1 if "%" in c.label else 0) if pd.notna(value) else "–"
            for value in frame[c.name]
        ]
        for c in columns
        if c.kind == "nombre"
    }
    return Table("programme", title, columns, frame.assign(**cells))
