"""Lists in XLSX workbooks: values only, no formula, no merged cell."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from clsm_map.sources.register.archive import open_archive, refuse_entities, refuse_not_a_workbook
from clsm_map.sources.register.fields import TITLE_SEARCH, known_columns, title_row
from clsm_map.sources.register.report import LineError
from clsm_map.sources.register.table import (
    MAX_COLUMNS,
    NOTICE_SHEET,
    Cell,
    Row,
    Table,
    bounded,
    check_headers,
    refusal,
)
from clsm_map.sources.register.wording import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    Parameters
    ----------
    content : bytes
        The file.
    nom : str
        Its name, for the messages.

    Returns
    -------
    Table
        Cells keep the type they have in the workbook.

    Raises
    ------
    RegisterError
        Not a workbook, protected, damaged or dangerous; merged cells; formulas in the titles;
        headers that cannot be told apart; no line or too many.
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
    for number, cells in enumerate(rows, start=ligne + 1):
        if number > _LAST_ROW:
            raise refusal(f"« {nom} » a des lignes au-delà de la dernière qu'un tableur connaît.")
        values: list[Cell] = []
        for header, cell in zip(headers, cells, strict=False):
            if cell.value is None:
                values.append(None)
                continue
            values.append(_cell(cell))
            if cell.data_type == "f":
                errors.append(_formula(number, header, str(values[-1])))
            elif cell.data_type == "e":
                errors.append(_miscalculated(number, header, str(values[-1])))
        if values:
            yield Row(number, (*values, *(None,) * (len(headers) - len(values))))


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
