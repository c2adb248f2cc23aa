"""Lists in XLSX workbooks: values only, no formula, no merged cell; and the templates to fill."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree as ET

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from clsm_map.formats import number
from clsm_map.register.fields import TITLE_SEARCH, known_columns, title_row
from clsm_map.register.table import (
    MAX_COLUMNS,
    NOTICE_SHEET,
    Cell,
    LineError,
    Row,
    Table,
    bounded,
    check_headers,
    refusal,
)
from clsm_map.register.wording import listing

MAX_ENTRIES: Final = 1_000
MAX_UNCOMPRESSED: Final = 200_000_000
MAX_RATIO: Final = 100
"""Declared size over compressed size; spreadsheets stay under 40."""

_RATIO_FLOOR: Final = 1_000_000
"""Entries that open to less than this may compress as well as they like."""

_DOCTYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def open_archive(content: bytes, nom: str) -> zipfile.ZipFile:
    """Open a zip once its declared sizes are known to be reasonable.

    Python reads no more of an entry than the size it declares, so that a declaration that lies
    gives an error and not a full disk.

    Returns open for reading.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise refusal(
            f"« {nom} » n'est pas un classeur lisible : le fichier est tronqué ou abîmé.",
            str(error),
        ) from error
    total = sum(e.file_size for e in entries)
    suspect = [
        e for e in entries if e.file_size > max(_RATIO_FLOOR, MAX_RATIO * max(e.compress_size, 1))
    ]
    whole = total > max(_RATIO_FLOOR, MAX_RATIO * len(content))
    if len(entries) > MAX_ENTRIES or total > MAX_UNCOMPRESSED or suspect or whole:
        raise refusal(
            f"« {nom} » n'a pas été ouvert : décompressé, il prendrait "
            f"{number(total / 1e6)} Mo en {number(len(entries))} fichiers pour "
            f"{number(len(content) / 1e6, 1)} Mo reçus, ce qu'aucune liste ne demande. "
            "Enregistrez la liste dans un classeur neuf, ou en CSV.",
            f"suspect entries: {[e.filename for e in suspect][:5]}",
        )
    if any(e.flag_bits & 0x1 for e in entries):
        raise refusal(_LOCKED.format(nom=nom))
    return archive


def refuse_entities(archive: zipfile.ZipFile, nom: str) -> None:
    """Refuse XML parts that declare entities, which no spreadsheet writes."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                if _DOCTYPE.search(part.read(65_536)):
                    raise refusal(
                        f"« {nom} » n'a pas été ouvert : sa partie {entry.filename} déclare des "
                        "entités XML, ce qu'aucun tableur n'écrit. Enregistrez la liste dans un "
                        "classeur neuf, ou en CSV."
                    )


_LOCKED: Final = (
    "« {nom} » est protégé par un mot de passe. Enregistrez-le sans mot de passe, ou en CSV."
)


def refuse_not_a_workbook(content: bytes, nom: str) -> None:
    """Say what a file named .xlsx is when it is not one."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refusal(_LOCKED.format(nom=nom))
        raise refusal(
            f"« {nom} » est un classeur de l'ancien format .xls. Ouvrez-le et enregistrez-le en "
            ".xlsx, ou en « CSV UTF-8 »."
        )
    if not content.startswith(b"PK\x03\x04"):
        raise refusal(
            f"« {nom} » porte un nom de classeur Excel mais n'en est pas un. Si c'est un texte à "
            "séparateurs, nommez-le .csv ; sinon, enregistrez-le de nouveau en .xlsx."
        )


_BROKEN: Final = (
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    SyntaxError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    InvalidFileException,
)
"""What openpyxl lets through when the parts of a workbook are damaged."""

_ZEROS: Final = re.compile("0{2,}")
_LAST_ROW: Final = 1_048_576
_HEADER_SEARCH: Final = 50
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([^\"]{1,40})\"")
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(content: bytes, nom: str) -> Table:
    """Read the list of a workbook.

    The sheet read is the first visible one whose titles are recognised, else the first that holds
    something. A line with a formula or an error of calculation is refused by itself.

    Returns cells keep the type they have in the workbook.
    """
    refuse_not_a_workbook(content, nom)
    archive = open_archive(content, nom)
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise refusal(_what_it_is(archive, names, nom))
    try:
        refuse_entities(archive, nom)
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet, ligne, others = _choose_sheet(workbook, nom)
        _refuse_merged(archive, sheet.title, nom)
        headers = _headers(sheet, ligne)
        errors: list[LineError] = []
        rows = bounded(_rows(sheet, ligne, headers, errors, nom), nom)
    except _BROKEN as error:
        raise refusal(
            f"« {nom} » est un classeur abîmé : il n'a pas pu être lu jusqu'au bout. Ouvrez-le "
            "dans un tableur et enregistrez-le de nouveau.",
            f"{type(error).__name__}: {error}",
        ) from error
    informations = []
    if others:
        informations.append(
            f"Seule la feuille « {sheet.title} » est lue ; les autres ne le sont pas : "
            f"{listing(others)}"
        )
    if ligne > 1:
        informations.append(f"Les titres des colonnes ont été trouvés à la ligne {ligne}")
    return Table(nom, headers, rows, tuple(errors), tuple(informations))


def _what_it_is(archive: zipfile.ZipFile, names: set[str], nom: str) -> str:
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        return (
            f"« {nom} » est un document LibreOffice. Enregistrez-le en .xlsx (« Enregistrer "
            "sous ») ou en CSV."
        )
    return f"« {nom} » est une archive, pas un classeur Excel : {listing(sorted(names), 3)}."


def _choose_sheet(workbook: Any, nom: str) -> tuple[Any, int, list[str]]:
    """Give the sheet to read, the line of its titles and the other sheets that hold something."""
    held: list[tuple[int, int, Any]] = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=_HEADER_SEARCH, max_col=MAX_COLUMNS, values_only=True)
        titles = ((n, [_title(v) for v in values]) for n, values in enumerate(rows, start=1))
        first = list(islice((t for t in titles if any(t[1])), TITLE_SEARCH))
        if first:
            ligne, headers = first[title_row([t for _, t in first])]
            held.append((min(known_columns(headers), 2), ligne, sheet))
    if not held:
        raise refusal(f"« {nom} » est vide : aucune feuille visible ne contient de liste.")
    best = max(held, key=lambda h: h[0])
    others = [s.title for _, _, s in held if s is not best[2] and s.title != NOTICE_SHEET]
    return best[2], best[1], others


def _title(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _headers(sheet: Any, ligne: int) -> tuple[str, ...]:
    (cells,) = sheet.iter_rows(min_row=ligne, max_row=ligne, max_col=MAX_COLUMNS + 1)
    formulas = [c.coordinate for c in cells if c.value is not None and c.data_type == "f"]
    if formulas:
        raise refusal(
            f"Les titres des colonnes contiennent une formule ({listing(formulas)}). Remplacez-la "
            "par son texte."
        )
    return check_headers([_title(c.value) for c in cells])


def _rows(
    sheet: Any, ligne: int, headers: tuple[str, ...], errors: list[LineError], nom: str
) -> Iterator[Row]:
    rows = sheet.iter_rows(min_row=ligne + 1, max_col=len(headers))
    for rank, cells in enumerate(rows, start=ligne + 1):
        if rank > _LAST_ROW:
            raise refusal(f"« {nom} » a des lignes au-delà de la dernière qu'un tableur connaît.")
        values: list[Cell] = []
        for header, cell in zip(headers, cells, strict=False):
            if cell.value is None:
                values.append(None)
                continue
            values.append(_cell(cell))
            if cell.data_type == "f":
                errors.append(_formula(rank, header, str(values[-1])))
            elif cell.data_type == "e":
                errors.append(_miscalculated(rank, header, str(values[-1])))
        if values:
            yield Row(rank, (*values, *(None,) * (len(headers) - len(values))))


def _cell(cell: Any) -> Cell:
    """Give the value of a cell as it shows: ``1053`` under the format ``00000`` is ``01053``."""
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool):
        zeros = cell.number_format
        return str(value).zfill(len(zeros)) if _ZEROS.fullmatch(zeros or "") else value
    if isinstance(value, (str, float, bool, dt.date)):
        return value
    return str(getattr(value, "text", value))


def _formula(ligne: int, header: str, text: str) -> LineError:
    sentence = (
        "La cellule contient une formule : les formules ne sont ni lues ni calculées. "
        "Remplacez-la par sa valeur (copier, puis collage spécial, valeurs)."
    )
    return LineError(ligne, header, text, sentence)


def _miscalculated(ligne: int, header: str, value: str) -> LineError:
    return LineError(
        ligne, header, value, "La cellule contient une erreur de calcul du tableur : corrigez-la."
    )


def _refuse_merged(archive: zipfile.ZipFile, title: str, nom: str) -> None:
    """Refuse a sheet with merged cells: only the first of them would hold the value."""
    ranges: list[str] = []
    tail = b""
    with archive.open(_part_of(archive, title)) as part:
        while block := part.read(1 << 20):
            seen = tail + block
            ranges += [r.decode("ascii", "replace") for r in _MERGED.findall(seen)]
            tail = seen[-200:] if b"<" not in seen[-200:] else seen[seen.rfind(b"<", -200) :]
    if ranges:
        raise refusal(
            f"La feuille « {title} » de « {nom} » a des cellules fusionnées "
            f"({listing(dict.fromkeys(ranges), 3)}) : on ne sait pas à quelles lignes va leur "
            "valeur. Défusionnez-les et répétez la valeur sur chaque ligne."
        )


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    """Give the part of the archive that holds a sheet."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - entities refused above
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter(f"{_MAIN}sheet"):
        if sheet.get("name") == title:
            target = targets[sheet.get(_LINK)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(title)


def template_workbook(
    title: str, rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]]
) -> bytes:
    """Write a template.

    Returns an XLSX workbook whose cells are all texts.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    _fill(sheet, rows)
    explained = workbook.create_sheet(NOTICE_SHEET)
    _fill(explained, notes)
    explained.column_dimensions["B"].width = 90
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Write texts as texts: a code keeps its zero, an equals sign starts no formula."""
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            cell = sheet.cell(row=i, column=j)
            assert isinstance(cell, SheetCell)
            cell.value = value or None
            cell.data_type = "s" if value else cell.data_type
            cell.number_format = "@"
            if i == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", start_color="E4F0EF")
                cell.alignment = Alignment(vertical="top")
    for j in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(j)].width = 22
    sheet.freeze_panes = "A2"
