"""Commands ``data``: fetch the sources, build the snapshot, check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clsm_map.build import snapshot as builder
from clsm_map.build.check import check_snapshot
from clsm_map.build.sources import fetch as fetch_artefact
from clsm_map.build.sources import read_catalogue
from clsm_map.cli.answering import progress_bar
from clsm_map.formats import count, number
from clsm_map.settings import get_settings

app = typer.Typer()


@app.command()
def fetch(to: Annotated[Path | None, typer.Option(help="Dossier des paquets.")] = None) -> None:
    """Télécharge les paquets épinglés par le catalogue et vérifie leur empreinte."""
    folder = to or get_settings().artefacts
    for artefact in read_catalogue().artefacts.values():
        fresh = fetch_artefact(artefact, folder)
        typer.echo(f"{artefact.fichier} : {'téléchargé' if fresh else 'déjà là'}, conforme.")


@app.command()
def build(
    out: Annotated[Path | None, typer.Option(help="Dossier à écrire.")] = None,
    artefacts: Annotated[Path | None, typer.Option(help="Dossier des paquets.")] = None,
) -> None:
    """Reconstruit les tables embarquées à partir des paquets et des faits."""
    target, folder = out or get_settings().snapshot, artefacts or get_settings().artefacts
    for artefact in read_catalogue().artefacts.values():
        fetch_artefact(artefact, folder)
    with progress_bar("Préparation") as step:
        begun = iter(range(builder.STEPS))
        manifest = builder.build(
            target, folder, lambda name: step(name, next(begun), builder.STEPS)
        )
    typer.echo(f"Tables écrites dans {manifest.parent}.")


@app.command()
def check(
    path: Annotated[Path | None, typer.Option(help="Dossier des tables.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Écrit le rapport en JSON.")] = False,
) -> None:
    """Vérifie les tables embarquées ; code de retour 1 si quelque chose ne va pas."""
    report = check_snapshot(path or get_settings().snapshot)
    if as_json:
        typer.echo(report.to_json())
    else:
        for name, found in report.tables.items():
            rows, digest = number(found["rows"]), found["sha256"][:12]
            typer.echo(f"{name:<24}{rows:>10}  {digest}  {found['millesime']}")
        for line in report.warnings:
            typer.echo(f"À regarder : {line}")
        for line in report.failures:
            typer.echo(f"Défaut : {line}", err=True)
        verdict = "Tout est conforme." if report.ok else f"{count(len(report.failures), 'défaut')}."
        typer.echo(verdict, err=not report.ok)
    if not report.ok:
        raise typer.Exit(1)
