"""Command ``sheet``: the two pages about a territory or a device.

The work is imported when the command runs, so that the others start without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# ruff: noqa: PLC0415


def sheet(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="« niveau:code » (departement:93), code qui n'en désigne qu'un, nom, ou "
            "identifiant d'un dispositif.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Fichier .pdf, .docx, ou .zip.")],
    every: Annotated[
        bool,
        typer.Option("--all", help="Toutes les fiches d'un département, dans un .zip."),
    ] = False,
    fmt: Annotated[
        str | None,
        typer.Option("--format", "-f", help="pdf ou docx : celui des fiches d'un .zip."),
    ] = None,
    every_commune: Annotated[
        bool,
        typer.Option(
            "--toutes-les-communes",
            help="Avec --all : aussi les communes sans quartier ni dispositif.",
        ),
    ] = False,
    type_: Annotated[
        str, typer.Option("--type", help="Type dont parlent le constat et la carte.")
    ] = "CLSM",
    on: Annotated[
        str | None, typer.Option("--on", help="Date AAAA-MM-JJ ; aujourd'hui sinon.")
    ] = None,
    address: Annotated[
        str, typer.Option("--address", help="Adresse de l'application, pour le lien.")
    ] = "",
) -> None:
    """Écrit la fiche d'un territoire ou d'un dispositif, ou toutes celles d'un département."""
    from clsm_map.cli.answers.sheet import Request, answer

    answer(Request(code, out, fmt, type_, on, address), every=every, every_commune=every_commune)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("sheet")(sheet)
