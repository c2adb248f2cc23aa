"""Excel workbooks: one sheet by table, then what the columns say, then the sources."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from clsm_map.exports.archive import stable_zip, unzip
from clsm_map.exports.plain import plain
from clsm_map.exports.table import Content, Mentions
from clsm_map.formats import date_fr
from clsm_map.table import Column, Table

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


def xlsx_bytes(content: Content) -> bytes:
    """Write every table, the meaning of the columns and the sources.

    Returns
    -------
    bytes
        A workbook whose header is frozen and filtered, whose numbers are numbers, and whose texts
        are never formulas. The same bytes for the same content.
    """
    mentions = content.mentions
    buffer = io.BytesIO()
    with Workbook(buffer, {"constant_memory": True, **_TEXTS}) as book:
        day = dt.datetime.combine(mentions.etabli_le, dt.time())
        book.set_properties({"title": mentions.titre, "author": "clsm-map", "created": day})
        tables = [*content.tables, *content.extra]
        header, wrapped = book.add_format(_HEADER), book.add_format(_WRAPPED)
        for table in tables:
            _write_table(book, table, header)
        _write_columns(book.add_worksheet("Colonnes"), tables, header, wrapped)
        title = book.add_format(_TITLE)
        _write_sources(book.add_worksheet("Sources"), mentions, title, header, wrapped)
    files = unzip(buffer.getvalue())
    files[_CORE] = files[_CORE].replace(b"</cp:coreProperties>", _LANGUAGE)  # no option for it
    return stable_zip(files)


def _write_table(book: Workbook, table: Table, header: Format) -> None:
    values = table.values()
    rows = values.astype(object).where(values.notna(), None)
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0 if len(table.columns) < 3 else 2)
    sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)
    sheet.set_row(0, 48)
    _write_row(sheet, 0, [c.label for c in table.columns], [header] * len(table.columns))
    looks = []
    for i, column in enumerate(table.columns):
        texts = [str(v) for v in rows[column.name].head(_MEASURED) if v is not None]
        _set_widths(sheet, [_width(column, texts)], i)
        looks.append(book.add_format({"num_format": _number_format(column)}))
    for number, row in enumerate(rows.itertuples(index=False, name=None), start=1):
        _write_row(sheet, number, row, looks)


def _width(column: Column, texts: Sequence[str]) -> int:
    longest = max((len(t) for t in texts), default=0)
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


def _set_widths(sheet: Worksheet, widths: Iterable[int], first: int = 0) -> None:
    for i, width in enumerate(widths, start=first):
        sheet.set_column_pixels(i, i, _PIXELS * width)


def _write_row(
    sheet: Worksheet, row: int, values: Iterable[object], looks: Sequence[Format | None]
) -> None:
    """Write the cells that hold something; a text is a text, whatever it begins with."""
    for i, (value, look) in enumerate(zip(values, looks, strict=True)):
        if value == "":
            sheet.write_blank(row, i, None, look)
        elif isinstance(value, str):
            sheet.write_string(row, i, plain(value[:_LONGEST]), look)
        elif value is not None:
            sheet.write_number(row, i, value, look)


def _write_columns(
    sheet: Worksheet, tables: Sequence[Table], header: Format, wrapped: Format
) -> None:
    _set_widths(sheet, (22, 48, 40, 90))
    sheet.freeze_panes(1, 0)
    _write_row(sheet, 0, ("Feuille", "Colonne", "Nom technique", "Sens"), [header] * 4)
    said = [(t.name, c.label, c.name, c.note) for t in tables for c in t.columns]
    for row, texts in enumerate(said, start=1):
        _write_row(sheet, row, texts, [wrapped] * 4)


def _write_sources(
    sheet: Worksheet, mentions: Mentions, title: Format, header: Format, wrapped: Format
) -> None:
    _set_widths(sheet, (40, 30, 46, 34, 40, 34, 24, 40, 60))
    headers: tuple[str, ...] = (
        "Chiffres", "Producteur", "Titre", "Millésime", "Géographie", "Dénominateur", "Licence",
        "Adresse", "Prudence",
    )  # fmt: skip
    lines: list[tuple[Sequence[str], Format | None]] = [
        ([mentions.titre], title),
        ([f"Situation au {date_fr(mentions.situation)}"], None),
        ([f"Fichier établi le {date_fr(mentions.etabli_le)} par clsm-map"], None),
        *(([f"Vue : {name} = {value}"], None) for name, value in mentions.vue),
        ([], None),
        (headers, header),
    ]
    for s in mentions.sources:
        texts: tuple[str, ...] = (
            s.figures, s.producteur, s.titre, s.millesime, s.geographie, s.denominateur, s.licence,
            s.adresse, s.prudence,
        )  # fmt: skip
        lines.append((texts, wrapped))
    lines += [([], None), (["À savoir avant de citer"], header)]
    lines += [([sentence], None) for sentence in mentions.prudences]
    for row, (cells, look) in enumerate(lines):
        _write_row(sheet, row, cells, [look] * len(cells))
