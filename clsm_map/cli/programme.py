"""Command ``programme``: the reach published, or that of a detailed table in a territory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clsm_map.cli.coverage import Csv, Departement, Epci, Json, Region

# ruff: noqa: PLC0415


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
    from clsm_map.cli.answers.arguments import Places
    from clsm_map.cli.answers.output import chosen
    from clsm_map.cli.answers.programme import answer

    answer(file, Places(region, departement, epci), chosen(as_json=as_json, as_csv=as_csv))


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("programme")(programme)
