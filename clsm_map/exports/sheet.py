"""One door to sheets: one as PDF or Word, or all those of a département in a zip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final, Literal, get_args

from clsm_map.analysis.centre import devices_of
from clsm_map.desk import Desk, answer
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import Territory
from clsm_map.exports import document as d
from clsm_map.exports.files import stable_zip
from clsm_map.exports.tables import french_csv
from clsm_map.formats import date_fr
from clsm_map.store.search import normalise
from clsm_map.store.territories import communes_of, find_territory, qpv_by_commune, qpv_of
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.build import LARGE, build_sheet
from clsm_map.views.sheet.model import Grid, KeyFigure, Service, Sheet
from clsm_map.views.sheet.subject import Subject, find_subject

SheetFormat = Literal["pdf", "docx"]
SHEET_FORMATS: Final[tuple[SheetFormat, ...]] = get_args(SheetFormat)
_COUNTS: Final = {1: "Un chiffre", 2: "Deux chiffres", 3: "Trois chiffres", 4: "Quatre chiffres"}
_ROWS_AT_EASE: Final = 10
"""Rows of indicators that the second page holds at its largest type."""
_WIDTHS: Final = (6.6, 1.4, 2.1, 2.0, 1.7, 1.8, 2.6)
_MAP_WIDTH: Final = 318.0
_LISTED: Final = ("Fichier", "Nature", "Code", "Nom", "Constat")

Progress = Callable[[str, int, int], None]


@answer
def sheet_asked(
    desk: Desk, about: str, kind: DeviceType, day: dt.date, address: str
) -> tuple[Subject, Sheet]:
    """Build a sheet once for all who ask for it; see `sheet_of`."""
    return sheet_of(desk, about, kind=kind, day=day, address=address)


def sheet_of(
    desk: Desk,
    about: str,
    *,
    kind: DeviceType = "CLSM",
    day: dt.date | None = None,
    address: str = "",
) -> tuple[Subject, Sheet]:
    """Build a sheet.

    Parameters
    ----------
    about : str
        A code, ``level:code``, a whole name or a device id.
    kind : DeviceType, optional
        Type that the finding, the map and the neighbours are about.
    day : datetime.date, optional
        Date of the situation; that of the desk by default.
    address : str, optional
        Address of the application, for the link back.

    Raises
    ------
    InvalidInputError
        Nothing answers, or it has no sheet.
    """
    coverages = {t: desk.coverage(t, day or desk.today) for t in DEVICE_TYPES}
    subject = find_subject(desk.snapshot, coverages[kind].ground, about)
    contours, today = desk.contours(), desk.today
    sheet = build_sheet(
        desk.snapshot, coverages, contours, subject, kind=kind, today=today, address=address
    )
    return subject, sheet


def export_sheet(
    desk: Desk,
    about: str,
    fmt: SheetFormat,
    *,
    kind: DeviceType = "CLSM",
    day: dt.date | None = None,
    address: str = "",
) -> bytes:
    """Write a sheet: what the page gives and what the command writes; see `sheet_of`.

    The same bytes for the same data and days.
    """
    subject, sheet = sheet_of(desk, about, kind=kind, day=day, address=address)
    return written(desk, subject, sheet, fmt)


def written(desk: Desk, subject: Subject, sheet: Sheet, fmt: SheetFormat) -> bytes:
    """Write a sheet that is built."""
    from clsm_map.exports.sheet_map import sheet_picture  # noqa: PLC0415 - slow to load

    if fmt == "docx":
        from clsm_map.exports.word import docx_bytes  # noqa: PLC0415 - slow to load

        return docx_bytes(sheet_document(sheet, sheet_picture(desk, subject, sheet, "png")))
    from clsm_map.exports.pdf import pdf_bytes  # noqa: PLC0415 - slow to load

    return pdf_bytes(sheet_document(sheet, sheet_picture(desk, subject, sheet, "svg")))


def keys_of(desk: Desk, departement: Territory, *, every_commune: bool = False) -> tuple[str, ...]:
    """List the sheets of a département, as ``level:code``.

    Itself, its intercommunalités, its communes, its QPV, its devices; ``every_commune`` adds the
    communes that hold no QPV and that no device serves.
    """
    snapshot = desk.snapshot
    ground = desk.coverage("CLSM", desk.today).ground
    codes = communes_of(snapshot, departement)
    communes = snapshot.communes_all[snapshot.communes_all["code"].isin(codes)]
    drawn = set(snapshot.contours("commune")["code"])
    served = set(ground.perimeters["commune"]) | set(qpv_by_commune(snapshot))
    kept = [c for c in codes if c in drawn and (every_commune or c in served)]
    return (
        departement.key,
        *(f"epci:{c}" for c in sorted(communes["intercommunalite"].dropna().unique())),
        *(f"commune:{c}" for c in kept),
        *(f"qpv:{c}" for c in qpv_of(snapshot, departement)),
        *(f"{DEVICE}:{i}" for i in sorted(devices_of(ground, departement))),
    )


def export_sheets(
    desk: Desk,
    departement: str,
    fmt: SheetFormat,
    *,
    kind: DeviceType = "CLSM",
    day: dt.date | None = None,
    address: str = "",
    every_commune: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """Write all the sheets of a département (a code or a name) in a zip, and ``liste.csv``.

    A device whose perimeter and seat are both unknown has no sheet: the list says so. ``progress``
    is called before each sheet with its key, its rank from 0 and their number.

    Raises
    ------
    UnknownTerritoryError
        The département does not exist.
    """
    territory = find_territory(desk.snapshot, departement, "departement")
    keys = keys_of(desk, territory, every_commune=every_commune)
    folder = f"fiches-{territory.code}"
    files: dict[str, bytes] = {}
    rows: list[dict[str, object]] = []
    for rank, key in enumerate(keys):
        if progress is not None:
            progress(key, rank, len(keys))
        try:
            subject, sheet = sheet_of(desk, key, kind=kind, day=day, address=address)
        except InvalidInputError as error:
            rows.append({"Code": key.partition(":")[2], "Constat": error.message_fr})
            continue
        name = file_name(sheet, fmt)
        said = (name, sheet.nature, sheet.code, sheet.titre, sheet.constat)
        rows.append(dict(zip(_LISTED, said, strict=True)))
        files[f"{folder}/{name}"] = written(desk, subject, sheet, fmt)
    return stable_zip({f"{folder}/liste.csv": french_csv(_LISTED, rows), **files})


def file_name(sheet: Sheet, fmt: SheetFormat) -> str:
    """Name the file of a sheet: ``commune-69259-venissieux.pdf``."""
    level, _, code = sheet.key.partition(":")
    parts: Iterable[str] = (level, code) if level == DEVICE else (level, code, sheet.titre)
    return "-".join(normalise(p).replace(" ", "-") if p != code else p for p in parts) + f".{fmt}"


def sheet_document(sheet: Sheet, picture: bytes) -> d.Document:
    """Lay a sheet out on two pages; ``picture`` is its map, SVG for a PDF or PNG for Word."""
    place = place_in_words(sheet)
    return d.Document(
        style="fiche",
        title=f"{sheet.titre} ({place})",
        finding=sheet.constat,
        footer=(f"{sheet.titre}, {place}", f"situation au {date_fr(sheet.date)}"),
        day=sheet.etabli_le,
        pages=(
            d.Page(tuple(_first_page(sheet, picture))),
            d.Page(tuple(_second_page(sheet)), tight=len(sheet.lignes) > _ROWS_AT_EASE),
        ),
    )


def _first_page(sheet: Sheet, picture: bytes) -> Iterable[d.Block]:
    yield d.Text((d.Run(place_in_words(sheet)),), "repere")
    yield d.Heading(sheet.titre, level=1)
    yield d.Text((d.Run(sheet.lieu),), "lieu")
    yield d.Text((d.Run(sheet.constat),), "constat")
    drawn = d.Picture(picture, describe_map(sheet), name="Carte", width=_MAP_WIDTH, centimetres=11)
    # Where there are many devices, two of each type are named: the page holds no more.
    named = 2 if sum(min(3, len(s.services)) for s in sheet.statuts) > 6 else 3
    swatches = d.status_swatches()
    statuses = (
        d.Item(swatches[s.statut], s.libelle, s.detail, tuple(map(_served, s.services)), named)
        for s in sheet.statuts
    )
    people = KeyFigure("", sheet.habitants, "", sheet.habitants_note, "", defavorable=False)
    beside: tuple[d.Block, ...] = (
        d.Heading("Qui le dessert"),
        *statuses,
        d.Heading("Habitants"),
        d.Figures((people,), "habitants"),
    )
    yield d.Columns(((drawn,), beside), (_MAP_WIDTH, 1), 15, size=8.5, heads=True)
    if sheet.chiffres:
        yield d.Heading(figures_title(sheet))
        yield d.Figures(sheet.chiffres, "compares")
        if sheet.prudences_chiffres:
            yield d.Notes(sheet.prudences_chiffres, "fin")


def _served(service: Service) -> tuple[d.Run, ...]:
    said = (service.preuve, service.depuis, service.perimetre)
    return (
        d.Run(service.nom, link=service.source),
        d.Run(f", {', '.join(s for s in said if s)}", "doux"),
    )


def _second_page(sheet: Sheet) -> Iterable[d.Block]:
    tight = len(sheet.lignes) > _ROWS_AT_EASE
    yield d.Heading(lines_title(sheet))
    yield _lines(sheet, tight=tight)
    yield d.Notes((lines_note(sheet),), "legende")
    if sheet.prudences_lignes:
        yield d.Notes(sheet.prudences_lignes, "menu")
    size = 7.4 if tight else 8.0
    small = [tuple(_small(sheet, grid, size)) for grid in (sheet.voisins, sheet.dispositifs)]
    if sheet.key.partition(":")[0] in LARGE:
        for blocks in small:
            yield from blocks
    else:
        yield d.Columns(tuple(small), (1, 1), 16, above=4)
    yield d.Heading("À savoir avant de citer")
    yield d.Notes(sheet.prudences, "savoir")
    yield d.Heading("Sources")
    yield d.Notes(sheet.sources, "source")
    made, day = f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map", date_fr(sheet.date)
    yield d.Closing(made, f"situation au {day}", "La même à l’écran", sheet.lien)


def _small(sheet: Sheet, grid: Grid, size: float) -> list[d.Block]:
    named = sheet.key.partition(":")[0] in LARGE and grid.colonnes[-1] == "Noms"
    return d.grid_blocks(grid, size, 2.2, len(grid.colonnes) - 1 if named else 0)


def _lines(sheet: Sheet, *, tight: bool) -> d.Block:
    """Set the table of indicators: without median nor rank for what has no peers."""
    shown = 7 if sheet.pairs else 5
    headers = (
        "Indicateur", "Année", "Valeur", short_reference(sheet), "Écart", "Médiane", "Rang",
    )  # fmt: skip
    lines = sheet.lignes
    rows = (
        (li.libelle, li.annee, li.valeur, li.reference, li.ecart, li.mediane, li.rang)
        for li in lines
    )
    numeric = (False, False, True, True, True, True, True)
    themes = [line.theme for line in lines]
    ends = zip(themes, [*themes[1:], None], strict=True)
    return d.Table(
        Grid(lines_title(sheet), headers[:shown], numeric[:shown], tuple(r[:shown] for r in rows)),
        size=7.0 if tight else 8.0,
        roomy=1.3 if tight else 2.2,
        adverse=tuple(i for i, line in enumerate(lines) if line.defavorable),
        rules=tuple(i for i, (theme, following) in enumerate(ends) if theme != following),
        widths=_WIDTHS[:shown],
    )


def describe_map(sheet: Sheet) -> str:
    """Say in words what the map shows."""
    own = next(s for s in sheet.statuts if s.type == sheet.type)
    near = ", ".join(line[0] for line in sheet.voisins.lignes[:3])
    text = (
        f"Carte de {sheet.titre} et de ses alentours : quartiers prioritaires selon leur "
        f"couverture par un {sheet.type}, et périmètres des {sheet.type} recensés, au "
        f"{date_fr(sheet.date)}. {own.libelle}."
    )
    return f"{text} {sheet.voisins.titre} : {near}." if near else text


def place_in_words(sheet: Sheet) -> str:
    """Say what the sheet is about: its nature and, for a territory, its code."""
    return sheet.nature if sheet.key.startswith(DEVICE) else f"{sheet.nature} {sheet.code}"


def figures_title(sheet: Sheet) -> str:
    """Give the title of the figures of the first page."""
    counted = _COUNTS.get(len(sheet.chiffres), "Cinq chiffres")
    return f"{counted} qui compte{'nt' if len(sheet.chiffres) > 1 else ''}"


def lines_title(sheet: Sheet) -> str:
    """Give the title of the table of indicators."""
    if sheet.key.startswith(DEVICE):
        return f"Les quartiers du dispositif, comparés à ceux du département : {sheet.reference}"
    return f"Tous les indicateurs, comparés à la référence : {sheet.reference}"


def short_reference(sheet: Sheet) -> str:
    """Give the header of the column of references."""
    return sheet.reference if len(sheet.reference) <= 18 else "Référence"


def lines_note(sheet: Sheet) -> str:
    """Explain the columns of the table of indicators."""
    parts = ["Écart en gras et en rouge : défavorable"]
    if sheet.pairs:
        parts.append(
            f"médiane et rang parmi les {sheet.pairs} dont la valeur est publiée, chaque "
            "territoire pour un ; 1er : la plus haute"
        )
    parts.append("n.\u00a0p. : année non précisée par le diffuseur")
    if any(line.annee.startswith("rép.") for line in sheet.lignes):
        parts.append("rép. : année de répartition des dotations")
    if sheet.key.startswith("qpv:"):
        parts.append(
            "quand l’indicateur n’existe pas pour le territoire de référence, ses quartiers pris "
            "ensemble le remplacent"
        )
    return f"{' ; '.join(parts)}."
