"""Command ``deck``: a presentation as a handout, an offline folder or a file.

The work is imported when the command runs, so that the others start without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# ruff: noqa: PLC0415


def deck(
    *,
    region: Annotated[
        str | None,
        typer.Option("--region", help="Région de la présentation par défaut : code ou nom."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Présentation enregistrée depuis la page (.json)."),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="Fichier .pdf (à imprimer), .zip (hors ligne) ou .json (à rouvrir)."
        ),
    ],
) -> None:
    """Écrit une présentation : huit scènes sur une région, ou celle d'un fichier."""
    from clsm_map.cli.answers.deck import answer

    answer(region, source, out)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("deck")(deck)
