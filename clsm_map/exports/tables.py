"""Tables as files for spreadsheets: CSV that French Excel opens as it is, and Excel workbooks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from clsm_map.exports.files import plain, stable_zip, unzip
from clsm_map.exports.table import Content, Mentions
from clsm_map.formats import date_fr
from clsm_map.table import Column, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_HEADER: Final = {
    "bold": True, "font_color": "#FFFFFF", "bg_color": "#0B6E6E", "text_wrap": True,
    "valign": "vcenter",
}  # fmt: skip
_TITLE: Final = {"bold": True, "font_size": 14}
_WRAPPED: Final = {"text_wrap": True, "valign": "top"}
_TEXTS: Final = {
    "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
}  # fmt: skip
_MEASURED: Final = 300
"""Rows looked at to choose the width of a column."""
_LONGEST: Final = 32_767
"""Letters that a cell may hold."""
_PIXELS: Final = 7
"""Pixels of a letter: widths are given in them, since the library adds a margin to letters."""
_CORE: Final = "docProps/core.xml"
_LANGUAGE: Final = b"<dc:language>fr-FR</dc:language></cp:coreProperties>"
_SOURCE_COLUMNS: Final = {
    "figures": "Chiffres", "producteur": "Producteur", "titre": "Titre", "millesime": "Millésime",
    "geographie": "Géographie", "denominateur": "Dénominateur", "licence": "Licence",
    "adresse": "Adresse", "prudence": "Prudence",
}  # fmt: skip


def french_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write rows as CSV for French Excel.

    A missing key, ``None`` and ``nan`` give an empty cell; a list is joined by ``" ; "``.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, ``;`` between cells, decimal comma, CRLF. A text that a
        spreadsheet would run as a formula is preceded by an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return (BOM + text.getvalue()).encode("utf-8")


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return _cell(" ; ".join(str(part) for part in value))
    written = str(value)
    return f"'{written}" if written.startswith(_FORMULA) else written


def csv_bytes(content: Content) -> bytes:
    """Write the main table as `french_csv`; headers are French, units included."""
    labels = [c.label for c in content.main.columns]
    return french_csv(labels, _rows(content.main, labels))


def _rows(table: Table, names: Sequence[str]) -> list[dict[str, Any]]:
    """Give the rows of a table as plain values, ``None`` where there is none."""
    values = table.values().set_axis(list(names), axis=1)
    rows = values.astype(object).where(values.notna(), None).to_dict("records")
    return cast("list[dict[str, Any]]", rows)


def xlsx_bytes(content: Content) -> bytes:
    """Write every table, the meaning of the columns and the sources.

    The header of each sheet is frozen and filtered, numbers are numbers, texts are never formulas;
    the bytes are the same for the same content.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - slow to load

    mentions = content.mentions
    buffer = io.BytesIO()
    with Workbook(buffer, {"constant_memory": True, **_TEXTS}) as book:
        day = dt.datetime.combine(mentions.etabli_le, dt.time())
        book.set_properties({"title": mentions.titre, "author": "clsm-map", "created": day})
        tables = [*content.tables, *content.extra]
        header, wrapped = book.add_format(_HEADER), book.add_format(_WRAPPED)
        for table in tables:
            _write_table(book, table, header)
        sheet = _sheet(book, "Colonnes", (22, 48, 40, 90))
        sheet.freeze_panes(1, 0)
        said = [(t.name, c.label, c.name, c.note) for t in tables for c in t.columns]
        _write_row(sheet, 0, ("Feuille", "Colonne", "Nom technique", "Sens"), header)
        for row, texts in enumerate(said, start=1):
            _write_row(sheet, row, texts, wrapped)
        sheet = _sheet(book, "Sources", (40, 30, 46, 34, 40, 34, 24, 40, 60))
        for row, (cells, look) in enumerate(
            _source_lines(mentions, book.add_format(_TITLE), header, wrapped)
        ):
            _write_row(sheet, row, cells, look)
    files = unzip(buffer.getvalue())
    files[_CORE] = files[_CORE].replace(b"</cp:coreProperties>", _LANGUAGE)  # no option for it
    return stable_zip(files)


def _sheet(book: Workbook, name: str, widths: Iterable[int]) -> Worksheet:
    sheet = book.add_worksheet(name)
    for i, width in enumerate(widths):
        sheet.set_column_pixels(i, i, _PIXELS * width)
    return sheet


def _write_table(book: Workbook, table: Table, header: Format) -> None:
    rows = _rows(table, [c.name for c in table.columns])
    sheet = _sheet(book, table.name, (_width(c, rows[:_MEASURED]) for c in table.columns))
    sheet.freeze_panes(1, 0 if len(table.columns) < 3 else 2)
    sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)
    sheet.set_row(0, 48)
    _write_row(sheet, 0, [c.label for c in table.columns], header)
    looks = [book.add_format({"num_format": _number_format(c)}) for c in table.columns]
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, row.values(), looks)


def _width(column: Column, rows: Sequence[Mapping[str, Any]]) -> int:
    values = (row[column.name] for row in rows)
    longest = max((len(str(v)) for v in values if v is not None), default=0)
    header = max(len(word) for word in column.label.split())
    least = 10 if column.kind == "texte" else 13
    return min(48, max(least, header + 3, longest + 2))


def _number_format(column: Column) -> str:
    if column.kind == "texte":
        return "@"
    if column.kind == "entier" and column.name.startswith("annee"):
        return "0"
    decimals = column.decimals if column.kind == "nombre" else 0
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _write_row(
    sheet: Worksheet, row: int, values: Iterable[object], look: Format | list[Format] | None
) -> None:
    """Write the cells that hold something; a text is a text, whatever it begins with."""
    for i, value in enumerate(values):
        shown = look[i] if isinstance(look, list) else look
        if value == "":
            sheet.write_blank(row, i, None, shown)
        elif isinstance(value, str):
            sheet.write_string(row, i, plain(value[:_LONGEST]), shown)
        elif value is not None:
            sheet.write_number(row, i, value, shown)


def _source_lines(
    mentions: Mentions, title: Format, header: Format, wrapped: Format
) -> list[tuple[Sequence[str], Format | None]]:
    return [
        ([mentions.titre], title),
        ([f"Situation au {date_fr(mentions.situation)}"], None),
        ([f"Fichier établi le {date_fr(mentions.etabli_le)} par clsm-map"], None),
        *(([f"Vue : {name} = {value}"], None) for name, value in mentions.vue),
        ([], None),
        (list(_SOURCE_COLUMNS.values()), header),
        *(([getattr(s, name) for name in _SOURCE_COLUMNS], wrapped) for s in mentions.sources),
        ([], None),
        (["À savoir avant de citer"], header),
        *(([sentence], None) for sentence in mentions.prudences),
    ]
