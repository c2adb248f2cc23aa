"""Command ``export``: what the pages export, from the command line.

The work is imported when the command runs, so that the others start without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# ruff: noqa: PLC0415

_LINK = "comme dans un lien de l'application"


def export(
    what: Annotated[
        str,
        typer.Argument(
            metavar="QUOI",
            help="qpv, communes, epci, departements, dispositifs, couverture, indicateurs, carte.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Fichier à écrire.")],
    fmt: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="csv, xlsx, geojson, gpkg, parquet ; png, svg, html pour carte et couverture. "
            "Celui que dit le nom du fichier sinon.",
        ),
    ] = None,
    territoire: Annotated[
        str | None,
        typer.Option(
            help="« niveau:code » (departement:93), code qui n'en désigne qu'un, ou nom ; la "
            "France sinon."
        ),
    ] = None,
    region: Annotated[str | None, typer.Option(help="Code ou nom d'une région.")] = None,
    departement: Annotated[str | None, typer.Option(help="Code ou nom d'un département.")] = None,
    epci: Annotated[str | None, typer.Option(help="SIREN ou nom d'un EPCI ou d'un EPT.")] = None,
    type_: Annotated[str, typer.Option("--type", help="CLSM, ASV ou CLS.")] = "CLSM",
    on: Annotated[
        str | None, typer.Option("--on", help="Date AAAA-MM-JJ ; aujourd'hui sinon.")
    ] = None,
    niveau: Annotated[
        str | None, typer.Option(help="region, departement, epci ou commune.")
    ] = None,
    indicateur: Annotated[str | None, typer.Option(help="Identifiant d'un indicateur.")] = None,
    annee: Annotated[str | None, typer.Option(help="Année de l'indicateur.")] = None,
    classes: Annotated[
        str | None, typer.Option(help="quantiles, naturelles, egales, ecart-type ou seuils.")
    ] = None,
    n: Annotated[str | None, typer.Option("--n", help="Nombre de classes, de 2 à 5.")] = None,
    seuils: Annotated[
        str | None, typer.Option(help="Seuils séparés par des virgules : 10,20,30.")
    ] = None,
    palette: Annotated[str | None, typer.Option(help="YlOrBr, lajolla, Blues, oslo, vik.")] = None,
    couches: Annotated[str | None, typer.Option(help=f"qpv,clsm,asv,cls,villes, {_LINK}.")] = None,
    statuts: Annotated[
        str | None, typer.Option(help=f"Statuts gardés, séparés par des virgules, {_LINK}.")
    ] = None,
    habitants: Annotated[
        str | None, typer.Option(help="QPV gardés : 2000- pour au moins 2 000 habitants.")
    ] = None,
    pauvrete: Annotated[
        str | None, typer.Option(help="QPV gardés : 45- pour au moins 45 % de pauvreté.")
    ] = None,
    emploi: Annotated[
        str | None, typer.Option(help="QPV gardés : -40 pour au plus 40 % d'emploi.")
    ] = None,
    evolutions: Annotated[
        str | None, typer.Option(help="QPV gardés : I, M, N, C, séparés par des virgules.")
    ] = None,
    preuves: Annotated[
        str | None, typer.Option(help="QPV gardés : recente, ancienne, non_datee (âge de la page).")
    ] = None,
    lieu: Annotated[
        str | None,
        typer.Option(help="couverture : lieu autour duquel chercher (dispositif, code, lon,lat)."),
    ] = None,
    rayon: Annotated[str | None, typer.Option(help="couverture : rayon, en km.")] = None,
    dpi: Annotated[int, typer.Option(help="Points par pouce d'un png : 300 pour imprimer.")] = 144,
) -> None:
    """Écrit un tableau, une couche géographique ou une image : les mêmes que ceux des pages."""
    from clsm_map.cli.answers import arguments
    from clsm_map.cli.answers.export import Request, answer

    answer(
        Request(what, fmt, out, dpi),
        arguments.Places(region, departement, epci, territoire),
        {
            "type": arguments.device_type(type_),
            "date": on,
            "niveau": niveau,
            "indicateur": indicateur,
            "annee": annee,
            "classes": classes or ("seuils" if seuils else None),
            "n": n,
            "seuils": seuils,
            "palette": palette,
            "couches": couches,
            "statuts": statuts,
            "habitants": habitants,
            "pauvrete": pauvrete,
            "emploi": emploi,
            "evolutions": evolutions,
            "preuves": preuves,
            "lieu": lieu,
            "rayon": rayon,
        },
    )


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("export")(export)
