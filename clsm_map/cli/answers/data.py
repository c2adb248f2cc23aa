"""The answers of ``data``: fetch the sources, build the snapshot, check it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from clsm_map.build import snapshot as builder
from clsm_map.build.artefacts import fetch, read_catalogue
from clsm_map.build.check import Report, check_snapshot
from clsm_map.formats import count, number
from clsm_map.settings import get_settings


def fetch_artefacts(to: Path | None) -> None:
    """Download the pinned packages and check their digests."""
    folder = to or get_settings().artefacts
    for artefact in read_catalogue().artefacts.values():
        fresh = fetch(artefact, folder)
        typer.echo(f"{artefact.fichier} : {'téléchargé' if fresh else 'déjà là'}, conforme.")


def build(out: Path | None, artefacts: Path | None) -> None:
    """Build the snapshot again, with progress on stderr."""
    target, folder = out or get_settings().snapshot, artefacts or get_settings().artefacts
    for artefact in read_catalogue().artefacts.values():
        fetch(artefact, folder)
    with _progress(builder.STEPS) as step:
        manifest = builder.build(target, folder, step)
    typer.echo(f"Tables écrites dans {manifest.parent}.")


def check(path: Path | None, *, as_json: bool) -> None:
    """Check the snapshot; exit code 1 when something is wrong."""
    report = check_snapshot(path or get_settings().snapshot)
    if as_json:
        typer.echo(report.to_json())
    else:
        _print(report)
    if not report.ok:
        raise typer.Exit(1)


def _print(report: Report) -> None:
    """Write a report for people: the tables, what to look at, what fails."""
    for name, found in report.tables.items():
        rows, digest = number(found["rows"]), found["sha256"][:12]
        typer.echo(f"{name:<24}{rows:>10}  {digest}  {found['millesime']}")
    for line in report.warnings:
        typer.echo(f"À regarder : {line}")
    for line in report.failures:
        typer.echo(f"Défaut : {line}", err=True)
    verdict = "Tout est conforme." if report.ok else f"{count(len(report.failures), 'défaut')}."
    typer.echo(verdict, err=not report.ok)


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on stderr; gives the function to call as each step starts."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Préparation", total=steps)
        started = False

        def step(name: str) -> None:
            nonlocal started
            progress.update(task, description=name, advance=1 if started else 0)
            started = True

        yield step
        progress.update(task, description="Terminé", completed=steps)
