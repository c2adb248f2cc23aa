"""Commands on one's own list: ``register validate`` and ``register template``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from clsm_map.cli.answering import write_file
from clsm_map.cli.asking import one_of
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import NBSP, count, number
from clsm_map.register import Kind, Validation, validate
from clsm_map.register import template as make_template
from clsm_map.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from clsm_map.register.exchange import TemplateFormat

app = typer.Typer(no_args_is_help=True)

_SHOWN: Final = 50
_DESCRIBED: Final[dict[Kind, str]] = {
    "dispositifs": "une liste de dispositifs",
    "completude": "des déclarations de complétude",
    "programme": f"un tableau du programme «{NBSP}La santé mentale dans mon quartier{NBSP}»",
}


@app.command("validate")
def validate_command(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, GeoJSON ou GeoPackage.")],
    as_json: Annotated[bool, typer.Option("--json", help="Écrire le résultat en JSON.")] = False,
    kind: Annotated[
        str, typer.Option(help=f"{', '.join(_DESCRIBED)} ; deviné d'après les titres par défaut.")
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


@app.command("template")
def template_command(
    out: Annotated[Path, typer.Argument(help="Fichier à écrire, .csv ou .xlsx.")],
    kind: Annotated[str, typer.Option(help=", ".join(_DESCRIBED))] = "dispositifs",
) -> None:
    """Écrire un modèle à remplir."""
    formats: dict[str, TemplateFormat] = {".csv": "csv", ".xlsx": "xlsx"}
    chosen = formats.get(out.suffix.lower())
    if chosen is None:
        raise InvalidInputError("Le modèle s'écrit en .csv ou en .xlsx.")
    write_file(out, make_template(_kind(kind), chosen))


def _kind(text: str) -> Kind:
    known = ", ".join(_DESCRIBED)
    refusal = f"«{NBSP}{text}{NBSP}» n'est pas une sorte de liste{NBSP}: {known}."
    return one_of(text, _DESCRIBED, refusal)


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
    screen = Console(highlight=False, soft_wrap=True)
    taken = count(result.acceptees, "ligne acceptée", "lignes acceptées")
    rejected = count(result.rejetees, "rejetée")
    said = [
        f"{result.nom}{NBSP}: {taken}, {rejected}, sur {number(result.lignes)}.",
        f"• Lu comme{NBSP}: {_DESCRIBED[result.kind]}.",
        *(f"• {sentence}" for sentence in result.informations),
    ]
    for sentence in said:
        screen.print(sentence, markup=False)
    if not result.erreurs:
        return
    table = Table("ligne", "champ", "valeur", "message", box=None, pad_edge=False)
    for error in result.erreurs[:_SHOWN]:
        cells = (str(error.ligne), error.champ, error.valeur, error.message)
        table.add_row(*(escape(cell) for cell in cells))
    Console(highlight=False).print(table)
    rest = len(result.erreurs) - _SHOWN
    if rest > 0:
        others = count(rest, "autre refus", "autres refus")
        screen.print(f"… et {others}{NBSP}: --json les donne tous.", markup=False)
