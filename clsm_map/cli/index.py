"""Command ``index``: the need index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# ruff: noqa: PLC0415


def index(
    weights: Annotated[
        Path | None, typer.Option(help="Fichier de poids, CSV (indicateur;poids) ou TOML.")
    ] = None,
    level: Annotated[str, typer.Option(help="qpv ou commune.")] = "qpv",
    mean: Annotated[
        str | None, typer.Option(help="arithmetique ou geometrique ; prime sur le fichier.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Code ou nom d'une région.")] = None,
    departement: Annotated[str | None, typer.Option(help="Code ou nom d'un département.")] = None,
    epci: Annotated[str | None, typer.Option(help="SIREN ou nom d'un EPCI ou d'un EPT.")] = None,
    top: Annotated[int, typer.Option(min=1, help="Lignes du tableau.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Répond en JSON, sans limite.")] = False,
) -> None:
    """Classer les territoires selon un indice de besoin, qui n'est pas un score officiel."""
    from clsm_map.cli.answers.arguments import Places
    from clsm_map.cli.answers.index import answer

    answer(weights, level, mean, Places(region, departement, epci), top, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("index")(index)
