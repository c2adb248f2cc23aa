"""Lists in XLSX workbooks: values only, no formula, no merged cell; and the templates to fill."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from xlsxwriter import Workbook

from clsm_map.domain.errors import RegisterError
from clsm_map.formats import number
from clsm_map.register.table import MAX_COLUMNS, Cell, LineError, Row, Table, bounded, check_headers
from clsm_map.register.vocabulary import (
    TITLE_SEARCH,
    known_columns,
    listing,
    refusal,
    say,
    title_row,
)

MAX_ENTRIES: Final = 1_000
MAX_UNCOMPRESSED: Final = 200_000_000
MAX_RATIO: Final = 100
"""Declared size over compressed size; spreadsheets stay under 40."""
_RATIO_FLOOR: Final = 1_000_000
"""Entries that open to less than this may compress as well as they like."""
_DOCTYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_NOTICE: Final = "mode d'emploi"
"""Sheet of instructions of the templates; its presence needs no word."""


def _open_archive(content: bytes, nom: str) -> zipfile.ZipFile:
    """Open a workbook once its declared sizes are known to be reasonable.

    Python reads no more of an entry than the size it declares, so that a declaration that lies
    gives an error and not a full disk.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise refusal("verrouille" if locked else "ancien_classeur", nom=nom)
    if not content.startswith(b"PK\x03\x04"):
        raise refusal("pas_un_classeur", nom=nom)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise refusal("pas_une_archive", str(error), nom=nom) from error
    entries = archive.infolist()
    total = sum(e.file_size for e in entries)
    suspect = [
        e.filename
        for e in entries
        if e.file_size > max(_RATIO_FLOOR, MAX_RATIO * max(e.compress_size, 1))
    ]
    whole = total > max(_RATIO_FLOOR, MAX_RATIO * len(content))
    if len(entries) > MAX_ENTRIES or total > MAX_UNCOMPRESSED or suspect or whole:
        sizes = {"mo": number(total / 1e6), "recus": number(len(content) / 1e6, 1)}
        raise refusal("bombe", f"suspect: {suspect[:5]}", nom=nom, n=number(len(entries)), **sizes)
    if any(e.flag_bits & 0x1 for e in entries):
        raise refusal("verrouille", nom=nom)
    return archive


def _refuse_entities(archive: zipfile.ZipFile, nom: str) -> None:
    """Refuse XML parts that declare entities, which no spreadsheet writes."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(name) as part:
                if _DOCTYPE.search(part.read(65_536)):
                    raise refusal("entites", nom=nom, partie=name)


_ZEROS: Final = re.compile("0{2,}")
_LAST_ROW: Final = 1_048_576
_HEADER_SEARCH: Final = 50
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([^\"]{1,40})\"")
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(content: bytes, nom: str) -> Table:
    """Read the list of a workbook; cells keep the type they have in it.

    The sheet read is the first visible one whose titles are recognised, else the first that holds
    something. A line with a formula or an error of calculation is refused by itself; merged cells,
    of which only the first holds the value, and formulas in the titles refuse the whole.

    openpyxl reads it, since python-calamine (0.9.1) tells neither formulas nor number formats.
    """
    archive = _open_archive(content, nom)
    try:
        _refuse_other_archives(archive, nom)
        _refuse_entities(archive, nom)
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet, ligne, others = _choose_sheet(workbook, nom)
        _refuse_merged(archive, sheet.title, nom)
        headers = _headers(sheet, ligne)
        errors: list[LineError] = []
        rows = bounded(_rows(sheet, ligne, headers, errors, nom), nom)
    except RegisterError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise refusal("classeur_abime", detail, nom=nom) from error
    informations = []
    if others:
        informations.append(say("feuille_lue", titre=sheet.title, autres=listing(others)))
    if ligne > 1:
        informations.append(say("titres_trouves", ligne=ligne))
    return Table(nom, headers, rows, tuple(errors), tuple(informations))


def _refuse_other_archives(archive: zipfile.ZipFile, nom: str) -> None:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
            raise refusal("libreoffice", nom=nom)
        raise refusal("autre_archive", nom=nom, parties=listing(sorted(names), 3))


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
        raise refusal("aucune_feuille", nom=nom)
    best = max(held, key=lambda h: h[0])
    others = [s.title for _, _, s in held if s is not best[2] and s.title != _NOTICE]
    return best[2], best[1], others


def _title(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _headers(sheet: Any, ligne: int) -> tuple[str, ...]:
    (cells,) = sheet.iter_rows(min_row=ligne, max_row=ligne, max_col=MAX_COLUMNS + 1)
    formulas = [c.coordinate for c in cells if c.value is not None and c.data_type == "f"]
    if formulas:
        raise refusal("titres_calcules", cellules=listing(formulas))
    return check_headers([_title(c.value) for c in cells])


def _rows(
    sheet: Any, ligne: int, headers: tuple[str, ...], errors: list[LineError], nom: str
) -> Iterator[Row]:
    damaged = {"f": say("formule"), "e": say("calcul_faux_cellule")}
    rows = sheet.iter_rows(min_row=ligne + 1, max_col=len(headers))
    for rank, cells in enumerate(rows, start=ligne + 1):
        if rank > _LAST_ROW:
            raise refusal("lignes_impossibles", nom=nom)
        if not cells:
            continue
        values = [_cell(cell) for cell in cells]
        for header, cell, value in zip(headers, cells, values, strict=False):
            if value is not None and cell.data_type in damaged:
                errors.append(LineError(rank, header, str(value), damaged[cell.data_type]))
        yield Row(rank, (*values, *(None,) * (len(headers) - len(values))))


def _cell(cell: Any) -> Cell:
    """Give the value of a cell as it shows: ``1053`` under the format ``00000`` is ``01053``."""
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool):
        zeros = cell.number_format
        return str(value).zfill(len(zeros)) if _ZEROS.fullmatch(zeros or "") else value
    if value is None or isinstance(value, (str, float, bool, dt.date)):
        return value
    return str(getattr(value, "text", value))


def _refuse_merged(archive: zipfile.ZipFile, title: str, nom: str) -> None:
    """Refuse a sheet with merged cells: only the first of them would hold the value."""
    ranges: dict[bytes, None] = {}
    tail = b""
    with archive.open(_part_of(archive, title)) as part:
        while block := part.read(1 << 20):
            seen = tail + block
            ranges |= dict.fromkeys(_MERGED.findall(seen))
            tail = seen[-200:]
    if ranges:
        cells = listing((r.decode("ascii", "replace") for r in ranges), 3)
        raise refusal("fusionnees", titre=title, nom=nom, cellules=cells)


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    """Give the part of the archive that holds a sheet."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - entities refused above
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    link = next(s.get(_LINK) for s in book.iter(f"{_MAIN}sheet") if s.get("name") == title)
    target = targets[link]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def template_workbook(
    title: str, rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]]
) -> bytes:
    """Write the sheet to fill and the one that explains it, headers first, every cell a text."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format(
            {"num_format": "@", "bold": True, "bg_color": "#E4F0EF", "valign": "top"}
        )
        for name, lines, widths in ((title, rows, (22, 22)), (_NOTICE, notes, (22, 90))):
            sheet = book.add_worksheet(name)
            for column in range(len(lines[0])):
                sheet.set_column(column, column, widths[min(column, 1)], text)
            for i, line in enumerate(lines):
                for j, value in enumerate(line):
                    sheet.write_string(i, j, value, head if i == 0 else text)
            sheet.freeze_panes(1, 0)
    return buffer.getvalue()
