"""Command ``compare``: the profile of one to four territories."""

from __future__ import annotations

from typing import Annotated

import typer

# ruff: noqa: PLC0415


def compare(
    territoires: Annotated[
        list[str],
        typer.Argument(
            help="« niveau:code » (departement:93), codes qui n'en désignent qu'un ou noms, quatre "
            "au plus ; « qpv@… » pour l'ensemble des quartiers d'un territoire."
        ),
    ],
    with_: Annotated[
        str | None,
        typer.Option(
            "--with",
            help="Référence : commune, epci, departement, region, france, hexagone, un code ou un "
            "nom ; « qpv@departement » ou « qpv@departement:93 » pour l'ensemble des quartiers.",
        ),
    ] = None,
    peers: Annotated[
        str | None,
        typer.Option(help="Territoire où sont pris les pairs (même niveau) ; la France sinon."),
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Seulement ces indicateurs (à répéter).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Répond en JSON.")] = False,
) -> None:
    """Compare des territoires à une référence, et chacun à ses pairs, sur tous les indicateurs."""
    from clsm_map.cli.answers.compare import answer

    answer(territoires, with_, peers, indicator, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("compare")(compare)
