"""Excel workbooks: one sheet by table, then what the columns say, then the sources."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

from clsm_map.exports.archive import stable_zip, unzip
from clsm_map.exports.plain import plain
from clsm_map.exports.table import Column, Content, Mentions, Table
from clsm_map.exports.xlsx_rows import with_rows
from clsm_map.formats import date_fr

_STAMP: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_HEADER: Final = NamedStyle(
    "En-tête",
    font=Font(bold=True, color="FFFFFF"),
    fill=PatternFill("solid", fgColor="0B6E6E"),
    alignment=Alignment(wrap_text=True, vertical="center"),
)
_TITLE: Final = NamedStyle("Titre de feuille", font=Font(bold=True, size=14))
_WRAPPED: Final = NamedStyle("Texte long", alignment=Alignment(wrap_text=True, vertical="top"))
_MEASURED: Final = 300
"""Rows looked at to choose the width of a column."""

_FIRST: Final = 2
"""First row under the header."""


def xlsx_bytes(content: Content) -> bytes:
    """Write every table, the meaning of the columns and the sources.

    Returns
    -------
    bytes
        A workbook whose header is frozen and filtered, whose numbers are numbers, and whose texts
        are never formulas. The same bytes for the same content.
    """
    book = Workbook(write_only=True)
    for style in (_HEADER, _TITLE, _WRAPPED):
        book.add_named_style(style)
    mentions = content.mentions
    book.properties.title = mentions.titre
    book.properties.creator = "clsm-map"
    book.properties.language = "fr-FR"
    tables = [*content.tables, *content.extra]
    contents = [_write_table(book, table) for table in tables]
    _write_columns(book, tables)
    _write_sources(book, mentions)
    buffer = io.BytesIO()
    book.save(buffer)
    return _completed(buffer.getvalue(), contents, mentions.etabli_le)


def _completed(
    content: bytes, contents: Iterable[Sequence[Sequence[object]]], day: dt.date
) -> bytes:
    """Write the archive again with the rows of its tables, and the day as its only date."""
    files = unzip(content)
    for i, columns in enumerate(contents, start=1):
        path = f"xl/worksheets/sheet{i}.xml"
        files[path] = with_rows(files[path], _FIRST, columns)
    stamp = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<3>"
    files["docProps/core.xml"] = _STAMP.sub(stamp, files["docProps/core.xml"])
    return stable_zip(files)


def _write_table(book: Workbook, table: Table) -> list[list[object]]:
    """Open the sheet of a table: its header, a row of styles; give the values, by column."""
    values = table.values()
    rows = values.astype(object).where(values.notna(), None)
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2" if len(table.columns) < 3 else "C2"
    for i, column in enumerate(table.columns, start=1):
        texts = [str(v) for v in rows[column.name].head(_MEASURED) if v is not None]
        sheet.column_dimensions[get_column_letter(i)].width = _width(column, texts)
    last = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    sheet.row_dimensions[1].height = 48
    sheet.append(_styled(sheet, [c.label for c in table.columns], _HEADER.name))
    cells = [WriteOnlyCell(sheet) for _ in table.columns]
    for cell, column in zip(cells, table.columns, strict=True):
        cell.number_format = _number_format(column)
    sheet.append(cells)
    return [rows[c.name].tolist() for c in table.columns]


def _width(column: Column, texts: Sequence[str]) -> float:
    longest = max((len(t) for t in texts), default=0)
    header = max(len(word) for word in column.label.split())
    least = 10 if column.kind == "texte" else 13
    return min(48.0, max(least, header + 3, longest + 2))


def _number_format(column: Column) -> str:
    if column.kind == "texte":
        return "@"
    if column.kind == "entier" and column.name.startswith("annee"):
        return "0"
    decimals = column.decimals if column.kind == "nombre" else 0
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _put(cell: Any, value: object) -> None:
    """Set a value; a text is a text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = plain(value)
        cell.data_type = "s"
    else:
        cell.value = value


def _styled(sheet: Any, texts: Iterable[object], style: str) -> list[Any]:
    cells = []
    for text in texts:
        cell = WriteOnlyCell(sheet)
        cell.style = style
        _put(cell, text)
        cells.append(cell)
    return cells


def _write_columns(book: Workbook, tables: Sequence[Table]) -> None:
    sheet = book.create_sheet("Colonnes")
    for letter, width in zip("ABCD", (22, 48, 40, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.append(_styled(sheet, ("Feuille", "Colonne", "Nom technique", "Sens"), _HEADER.name))
    for table in tables:
        for column in table.columns:
            texts = (table.name, column.label, column.name, column.note)
            sheet.append(_styled(sheet, texts, _WRAPPED.name))


def _write_sources(book: Workbook, mentions: Mentions) -> None:
    sheet = book.create_sheet("Sources")
    for letter, width in zip("ABCDEFGHI", (40, 30, 46, 34, 40, 34, 24, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(_styled(sheet, [mentions.titre], _TITLE.name))
    for line in (
        f"Situation au {date_fr(mentions.situation)}",
        f"Fichier établi le {date_fr(mentions.etabli_le)} par clsm-map",
        *(f"Vue : {name} = {value}" for name, value in mentions.vue),
    ):
        sheet.append(_styled(sheet, [line], "Normal"))
    sheet.append([])
    headers = (
        "Chiffres", "Producteur", "Titre", "Millésime", "Géographie", "Dénominateur", "Licence",
        "Adresse", "Prudence",
    )  # fmt: skip
    sheet.append(_styled(sheet, headers, _HEADER.name))
    for s in mentions.sources:
        texts = (
            s.figures, s.producteur, s.titre, s.millesime, s.geographie, s.denominateur, s.licence,
            s.adresse, s.prudence,
        )  # fmt: skip
        sheet.append(_styled(sheet, texts, _WRAPPED.name))
    sheet.append([])
    sheet.append(_styled(sheet, ["À savoir avant de citer"], _HEADER.name))
    for sentence in mentions.prudences:
        sheet.append(_styled(sheet, [sentence], "Normal"))
