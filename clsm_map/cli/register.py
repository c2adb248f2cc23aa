"""Commands on one's own list: ``register validate`` and ``register template``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table as RichTable

from clsm_map.domain.errors import InvalidInputError, RegisterError
from clsm_map.formats import NBSP, count, number

if TYPE_CHECKING:
    from clsm_map.register import Kind, Validation
    from clsm_map.register.exchange import TemplateFormat

_SHOWN = 50
_KINDS: dict[str, Kind] = {k: k for k in ("dispositifs", "completude", "programme")}
_DESCRIBED: dict[Kind, str] = {
    "dispositifs": "une liste de dispositifs",
    "completude": "des déclarations de complétude",
    "programme": f"un tableau du programme «{NBSP}La santé mentale dans mon quartier{NBSP}»",
}

commands = typer.Typer(
    name="register", help="Vérifier sa propre liste de dispositifs.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the ``register`` group to the command line."""
    app.add_typer(commands)


@commands.command("validate")
def validate_command(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, GeoJSON ou GeoPackage.")],
    as_json: Annotated[bool, typer.Option("--json", help="Écrire le résultat en JSON.")] = False,
    kind: Annotated[
        str, typer.Option(help=f"{', '.join(_KINDS)} ; deviné d'après les titres par défaut.")
    ] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option(help="champ=Colonne, autant de fois qu'il faut : nom=Intitulé."),
    ] = None,
    default: Annotated[
        list[str] | None,
        typer.Option(help="champ=valeur des cellules vides ou absentes : type=CLSM."),
    ] = None,
    accept_corrections: Annotated[
        bool,
        typer.Option("--accept-corrections", help="Rendre leur zéro aux codes qui l'ont perdu."),
    ] = False,
) -> None:
    """Lire une liste et dire, ligne par ligne, ce qui est accepté et ce qui ne l'est pas.

    Code de sortie : 0 si tout est accepté, 1 si des lignes sont rejetées, 2 si le fichier est
    illisible.
    """
    # Readers of workbooks and layers are slow to import: the other commands do without them.
    from clsm_map.register import validate  # noqa: PLC0415
    from clsm_map.store.snapshot import open_snapshot  # noqa: PLC0415

    result = validate(
        file,
        open_snapshot(),
        kind=_kind(kind) if kind else None,
        mapping=_pairs(mapping or [], "--mapping nom=Colonne"),
        accept_corrections=accept_corrections,
        defaults=_pairs(default or [], "--default type=CLSM"),
    )
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(result)
    raise typer.Exit(1 if result.rejetees else 0)


@commands.command("template")
def template_command(
    out: Annotated[Path, typer.Argument(help="Fichier à écrire, .csv ou .xlsx.")],
    kind: Annotated[str, typer.Option(help=", ".join(_KINDS))] = "dispositifs",
) -> None:
    """Écrire un modèle à remplir."""
    from clsm_map.register import template  # noqa: PLC0415

    formats: dict[str, TemplateFormat] = {".csv": "csv", ".xlsx": "xlsx"}
    chosen = formats.get(out.suffix.lower())
    if chosen is None:
        raise InvalidInputError("Le modèle s'écrit en .csv ou en .xlsx.")
    try:
        out.write_bytes(template(_kind(kind), chosen))
    except OSError as error:
        sentence = f"Le fichier «{NBSP}{out}{NBSP}» n'a pas pu être écrit."
        raise RegisterError(sentence, str(error)) from error
    typer.echo(str(out))


def _kind(text: str) -> Kind:
    if text not in _KINDS:
        known = ", ".join(_KINDS)
        raise InvalidInputError(
            f"«{NBSP}{text}{NBSP}» n'est pas une sorte de liste{NBSP}: {known}."
        )
    return _KINDS[text]


def _pairs(given: list[str], example: str) -> dict[str, str]:
    out = {}
    for pair in given:
        field, equals, value = pair.partition("=")
        if not equals or not field.strip():
            raise InvalidInputError(
                f"«{NBSP}{pair}{NBSP}» n'est pas de la forme attendue{NBSP}: {example}."
            )
        out[field.strip()] = value.strip()
    return out


def _show(result: Validation) -> None:
    console = Console(highlight=False, soft_wrap=True)
    taken = count(result.acceptees, "ligne acceptée", "lignes acceptées")
    rejected = count(result.rejetees, "rejetée")
    console.print(
        f"{result.nom}{NBSP}: {taken}, {rejected}, sur {number(result.lignes)}.", markup=False
    )
    console.print(f"• Lu comme{NBSP}: {_DESCRIBED[result.kind]}.", markup=False)
    for sentence in result.informations:
        console.print(f"• {sentence}", markup=False)
    if not result.erreurs:
        return
    table = RichTable("ligne", "champ", "valeur", "message", box=None, pad_edge=False)
    for error in result.erreurs[:_SHOWN]:
        table.add_row(
            *(_plain(t) for t in (str(error.ligne), error.champ, error.valeur, error.message))
        )
    Console(highlight=False).print(table)
    rest = len(result.erreurs) - _SHOWN
    if rest > 0:
        others = count(rest, "autre refus", "autres refus")
        console.print(f"… et {others}{NBSP}: --json les donne tous.", markup=False)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
