"""Commands ``export``, ``sheet`` and ``deck``: the files that the pages give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from clsm_map.cli.answering import progress_bar, write_file
from clsm_map.cli.asking import (
    ANY_LEVEL,
    Address,
    Departement,
    Epci,
    On,
    Region,
    Type,
    one_of,
    open_base,
    read_day,
    read_place,
    read_selection,
    with_options,
)
from clsm_map.domain.deck import Deck
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.deck.handout import deck_pdf
from clsm_map.exports.deck.play import deck_folder
from clsm_map.exports.deck.standard import USUAL_REGION, default_deck
from clsm_map.exports.export import FORMATS, WHATS
from clsm_map.exports.export import export as exported
from clsm_map.exports.sheet import SHEET_FORMATS, SheetFormat, export_sheet, export_sheets
from clsm_map.store.territories import find_territory

app = typer.Typer()

DPI: Final = (50, 600)
_OPTIONS: Final = (
    "niveau", "indicateur", "annee", "classes", "n", "seuils", "palette", "couches", "statuts",
    "habitants", "pauvrete", "emploi", "evolutions", "preuves", "lieu", "rayon",
)  # fmt: skip


@app.command()
@with_options(_OPTIONS)
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
    territoire: Annotated[str | None, typer.Option(help=ANY_LEVEL)] = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    type_: Type = "CLSM",
    on: On = None,
    dpi: Annotated[int, typer.Option(help="Points par pouce d'un png : 300 pour imprimer.")] = 144,
    **options: str | None,
) -> None:
    """Écrit un tableau, une couche géographique ou une image : les mêmes que ceux des pages."""
    known, formats = ", ".join(WHATS), ", ".join(FORMATS)
    asked = one_of(what, WHATS, f"« {what} » ne s’exporte pas ; s’exportent : {known}.")
    wanted = fmt or out.suffix.removeprefix(".")
    written = one_of(
        wanted, FORMATS, f"Le format « {wanted} » n’existe pas ; les formats sont {formats}."
    )
    if not DPI[0] <= dpi <= DPI[1]:
        raise InvalidInputError(f"--dpi doit être compris entre {DPI[0]} et {DPI[1]}.")
    desk = open_base()
    if options["seuils"]:
        options["classes"] = options["classes"] or "seuils"
    options |= {"type": type_, "date": read_day(desk, on).isoformat()}
    place = read_place(desk.snapshot, region, departement, epci, territoire)
    selection = read_selection(desk.snapshot, place, options)
    write_file(out, exported(desk, asked, written, selection, dpi))


@app.command()
def sheet(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="« niveau:code » (departement:93), code qui n'en désigne qu'un, nom, ou "
            "identifiant d'un dispositif.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Fichier .pdf, .docx, ou .zip.")],
    every: Annotated[
        bool, typer.Option("--all", help="Toutes les fiches d'un département, dans un .zip.")
    ] = False,
    fmt: Annotated[
        str | None,
        typer.Option("--format", "-f", help="pdf ou docx : celui des fiches d'un .zip."),
    ] = None,
    every_commune: Annotated[
        bool,
        typer.Option(
            "--toutes-les-communes",
            help="Avec --all : aussi les communes sans quartier ni dispositif.",
        ),
    ] = False,
    type_: Type = "CLSM",
    on: On = None,
    address: Address = "",
) -> None:
    """Écrit la fiche d'un territoire ou d'un dispositif, ou toutes celles d'un département."""
    suffix = out.suffix.lower()
    many = every or suffix == ".zip"
    if many and suffix != ".zip":
        raise InvalidInputError(
            "Toutes les fiches d’un département s’écrivent dans un fichier .zip."
        )
    if every_commune and not many:
        raise InvalidInputError("--toutes-les-communes demande un fichier .zip.")
    written = read_sheet_format(fmt or ("pdf" if many else suffix.removeprefix(".")))
    desk = open_base()
    day = read_day(desk, on)
    if not many:
        made = export_sheet(desk, code, written, kind=type_, day=day, address=address)
        write_file(out, made)
        return
    with progress_bar("Fiches") as step:
        made = export_sheets(
            desk,
            code,
            written,
            kind=type_,
            day=day,
            address=address,
            every_commune=every_commune,
            progress=step,
        )
    write_file(out, made)


def read_sheet_format(text: str) -> SheetFormat:
    """Read the format of a sheet."""
    known = " ou en ".join(SHEET_FORMATS)
    return one_of(text, SHEET_FORMATS, f"Une fiche s’écrit en {known}, pas en « {text} ».")


@app.command()
def deck(
    *,
    region: Annotated[
        str | None, typer.Option(help="Région de la présentation par défaut : code ou nom.")
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
    suffix = out.suffix.lower()
    if suffix not in {".pdf", ".zip", ".json"}:
        raise InvalidInputError(
            "Une présentation s’écrit dans un fichier .pdf (à imprimer), .zip (à jouer sans "
            f"réseau) ou .json (à rouvrir), pas « {out.suffix or out.name} »."
        )
    if region is not None and source is not None:
        raise InvalidInputError(
            "--region choisit la présentation par défaut, --from une présentation enregistrée : "
            "gardez l’une des deux."
        )
    desk = open_base()
    if source:
        played = _read_deck(source)
    else:
        where = find_territory(desk.snapshot, region or USUAL_REGION, "region")
        played = default_deck(desk, where.code)
    if suffix == ".json":
        write_file(out, played.to_json().encode())
        return
    with progress_bar("Scènes") as step:
        made = (deck_pdf if suffix == ".pdf" else deck_folder)(desk, played, step)
    write_file(out, made)


def _read_deck(path: Path) -> Deck:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"Le fichier « {path} » n’a pas pu être lu : vérifiez son nom, et qu’il vient de la "
            "page Présentation.",
            str(error),
        ) from error
    return Deck.from_json(text)
