"""Commands that fetch the sources, build the snapshot and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

group = typer.Typer(help="Données embarquées : télécharger, construire, vérifier.")


@group.command("fetch")
def fetch(
    to: Annotated[Path | None, typer.Option(help="Dossier des paquets.")] = None,
) -> None:
    """Télécharge les paquets épinglés par le catalogue et vérifie leur empreinte."""
    from clsm_map.cli.answers.data import fetch_artefacts  # noqa: PLC0415 - slow to load

    fetch_artefacts(to)


@group.command("build")
def build(
    out: Annotated[Path | None, typer.Option(help="Dossier à écrire.")] = None,
    artefacts: Annotated[Path | None, typer.Option(help="Dossier des paquets.")] = None,
) -> None:
    """Reconstruit les tables embarquées à partir des paquets et des faits."""
    from clsm_map.cli.answers import data  # noqa: PLC0415 - slow to load

    data.build(out, artefacts)


@group.command("check")
def check(
    path: Annotated[Path | None, typer.Option(help="Dossier des tables.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Écrit le rapport en JSON.")] = False,
) -> None:
    """Vérifie les tables embarquées ; code de retour 1 si quelque chose ne va pas."""
    from clsm_map.cli.answers import data  # noqa: PLC0415 - slow to load

    data.check(path, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the group ``data`` to the command line."""
    app.add_typer(group, name="data")
