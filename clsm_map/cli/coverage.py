"""Commands ``coverage``, ``gaps`` and ``history``.

The work is imported when a command runs, so that the others start without it.
"""

from __future__ import annotations

from typing import Annotated

import typer

# ruff: noqa: PLC0415, PLR0917

Type = Annotated[str, typer.Option("--type", help="CLSM, ASV ou CLS.")]
On = Annotated[str | None, typer.Option("--on", help="Date AAAA-MM-JJ ; aujourd'hui sinon.")]
Region = Annotated[str | None, typer.Option(help="Code ou nom d'une région.")]
Departement = Annotated[str | None, typer.Option(help="Code ou nom d'un département.")]
Epci = Annotated[str | None, typer.Option(help="SIREN ou nom d'un EPCI ou d'un EPT ; 75056.")]
Json = Annotated[bool, typer.Option("--json", help="Répond en JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Répond en CSV pour Excel.")]


def coverage(
    type_: Type = "CLSM",
    on: On = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    list_: Annotated[bool, typer.Option("--list", help="Donne aussi la liste des QPV.")] = False,
    harvest: Annotated[
        bool,
        typer.Option(
            "--harvest",
            help="Donne, à la place, ce que le registre tient région par région : recensés, "
            "publiés, part d'une même source, complétude.",
        ),
    ] = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Couverture des quartiers prioritaires par un type de dispositif, à une date."""
    from clsm_map.cli.answers.arguments import Places
    from clsm_map.cli.answers.coverage import answer
    from clsm_map.cli.answers.harvest import answer as answer_harvest
    from clsm_map.cli.answers.output import chosen

    output = chosen(as_json=as_json, as_csv=as_csv)
    places = Places(region, departement, epci)
    if harvest:
        answer_harvest(type_, on, places, output, listed=list_)
        return
    answer(type_, on, places, output, listed=list_)


def gaps(
    near: Annotated[
        str,
        typer.Option(
            "--near",
            help="Identifiant d'un dispositif, « niveau:code », code (commune, EPCI, QPV) ou "
            "« lon,lat ».",
        ),
    ],
    radius_km: Annotated[str, typer.Option("--radius-km", help="Rayon, en km.")] = "15",
    type_: Type = "CLSM",
    on: On = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Quartiers prioritaires non couverts autour d'un lieu, du plus proche au plus lointain."""
    from clsm_map.cli.answers.gaps import answer
    from clsm_map.cli.answers.output import chosen

    answer(near, radius_km, type_, on, chosen(as_json=as_json, as_csv=as_csv))


def history(
    territoire: Annotated[
        str | None,
        typer.Argument(
            help="« niveau:code » (departement:93), code qui n'en désigne qu'un, ou nom ; "
            "la France sinon."
        ),
    ] = None,
    type_: Type = "CLSM",
    first: Annotated[str, typer.Option("--from", help="Première année.")] = "2005",
    last: Annotated[str | None, typer.Option("--to", help="Dernière année.")] = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Dispositifs et quartiers couverts à chaque 1er janvier, et les chiffres publiés à côté."""
    from clsm_map.cli.answers.arguments import Places
    from clsm_map.cli.answers.history import answer
    from clsm_map.cli.answers.output import chosen

    places = Places(region, departement, epci, territoire)
    answer(type_, first, last, places, chosen(as_json=as_json, as_csv=as_csv))


def register(app: typer.Typer) -> None:
    """Add the three commands to the command line."""
    for command in (coverage, gaps, history):
        app.command(command.__name__)(command)
