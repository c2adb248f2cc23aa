"""Commands ``plan`` and ``whatif``: where next, and what if.

The work is imported when a command runs, so that the others start without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

# ruff: noqa: PLC0415, PLR0917

Json = Annotated[bool, typer.Option("--json", help="Répond en JSON.")]
Type = Annotated[str, typer.Option("--type", help="CLSM, ASV ou CLS.")]
On = Annotated[str | None, typer.Option("--on", help="Date AAAA-MM-JJ ; aujourd'hui sinon.")]
Partial = Annotated[
    str,
    typer.Option(
        "--partial",
        help="Quartiers déjà couverts en partie : surface (part non couverte), sans, entier.",
    ),
]

_REPEATED: Final = frozenset({"--create", "--extend", "--exclude", "--force", "--among"})


class ManyValues(TyperCommand):
    """A command whose list options take several values after one name: ``--create A B``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Repeat the name of the option before each of its values."""
        return super().parse_args(ctx, _repeat_names(args))


def _repeat_names(args: list[str]) -> list[str]:
    spelt: list[str] = []
    name, values = "", 0
    for arg in args:
        if arg.startswith("--"):
            name, values = (arg, 0) if arg in _REPEATED else ("", 0)
        elif name:
            values += 1
            if values > 1:
                spelt.append(name)
        spelt.append(arg)
    return spelt


def plan(
    k: Annotated[int, typer.Option("--k", help="Nombre de dispositifs à créer.")],
    candidates: Annotated[
        str, typer.Option(help="epci (EPT et Paris dans le Grand Paris) ou commune.")
    ] = "epci",
    region: Annotated[str | None, typer.Option(help="Code ou nom d'une région.")] = None,
    departement: Annotated[str | None, typer.Option(help="Code ou nom d'un département.")] = None,
    epci: Annotated[str | None, typer.Option(help="SIREN ou nom d'un EPCI ou d'un EPT.")] = None,
    weighted: Annotated[
        bool, typer.Option("--weighted", help="Pondère les habitants par l'indice de besoin.")
    ] = False,
    among: Annotated[
        list[str] | None, typer.Option(help="Sa propre liste de candidats : codes.")
    ] = None,
    max_per_departement: Annotated[
        int | None, typer.Option(help="Dispositifs créés par département, au plus.")
    ] = None,
    max_inhabitants: Annotated[
        float | None, typer.Option(help="Habitants de tous les périmètres créés, au plus.")
    ] = None,
    max_inhabitants_each: Annotated[
        float | None, typer.Option(help="Habitants de chaque périmètre créé, au plus.")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(help="Exclut un code, « departement:93 » ou « region:84 »."),
    ] = None,
    force: Annotated[list[str] | None, typer.Option(help="Impose un candidat.")] = None,
    skip_projects: Annotated[
        bool, typer.Option("--skip-projects", help="Ne compte pas les quartiers en projet.")
    ] = False,
    partial: Partial = "surface",
    greedy: Annotated[
        bool, typer.Option("--greedy", help="Choix glouton au lieu du choix exact.")
    ] = False,
    type_: Type = "CLSM",
    on: On = None,
    as_json: Json = False,
) -> None:
    """Où les prochains dispositifs atteindraient le plus d'habitants de quartiers non couverts."""
    from clsm_map.analysis.planning.problem import Constraints
    from clsm_map.cli.answers.arguments import Places
    from clsm_map.cli.answers.plan import Question, answer

    constraints = Constraints(
        k,
        max_per_departement,
        frozenset(exclude or ()),
        frozenset(force or ()),
        max_inhabitants,
        max_inhabitants_each,
    )
    question = Question(
        type_, on, Places(region, departement, epci), candidates, tuple(among or ()), constraints,
        weighted=weighted, skip_projects=skip_projects, partial=partial, greedy=greedy,
    )  # fmt: skip
    answer(question, as_json=as_json)


def whatif(
    create: Annotated[
        list[str] | None,
        typer.Option(
            help="Crée un dispositif sur un code ; « A,B » pour un seul dispositif sur plusieurs."
        ),
    ] = None,
    extend: Annotated[
        list[str] | None,
        typer.Option(help="Étend un dispositif : IDENTIFIANT:CODE ou IDENTIFIANT:A,B."),
    ] = None,
    scenario: Annotated[
        str, typer.Option(help="Scénario d'un lien ; les options s'y ajoutent.")
    ] = "",
    partial: Partial = "surface",
    type_: Type = "CLSM",
    on: On = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Écrit aussi la fiche : .pdf ou .docx.")
    ] = None,
    address: Annotated[
        str, typer.Option("--address", help="Adresse de l'application, pour le lien de la fiche.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Ce que changeraient des créations et des extensions : quartiers, habitants, besoin."""
    from clsm_map.cli.answers.whatif import Sheet, answer

    sheet = Sheet(out, address) if out else None
    answer(create or [], extend or [], scenario, type_, on, sheet, partial=partial, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the two commands to the command line."""
    app.command("plan", cls=ManyValues)(plan)
    app.command("whatif", cls=ManyValues)(whatif)
