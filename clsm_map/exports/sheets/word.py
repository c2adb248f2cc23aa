"""The sheet as a Word file, for those who edit: real headings, real tables, described map."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from clsm_map.exports.archive import stable_zip, unzip
from clsm_map.exports.plain import plain, rewritten
from clsm_map.exports.sheets.picture import describe_map
from clsm_map.exports.sheets.words import (
    figures_title,
    lines_note,
    lines_title,
    place_in_words,
    short_reference,
)
from clsm_map.formats import date_fr
from clsm_map.views.sheet import Grid, KeyFigure, Sheet, TypeStatus

_FACE: Final = "Calibri"
_INK: Final = RGBColor(0x23, 0x26, 0x2B)
_GREY: Final = RGBColor(0x4F, 0x58, 0x63)
_RED: Final = RGBColor(0x96, 0x28, 0x3F)
_WIDTH: Final = Cm(17.4)
_LONGEST: Final = 255
"""Letters that a property of a Word file may hold."""


def sheet_docx(sheet: Sheet, png: bytes) -> bytes:
    """Write a sheet for Word.

    Parameters
    ----------
    sheet : Sheet
    png : bytes
        Its map: see `clsm_map.exports.sheets.picture.sheet_png`.

    Returns
    -------
    bytes
        A ``.docx`` file in French. The same bytes for the same sheet.
    """
    sheet = rewritten(sheet, plain)
    document = Document()
    _prepare(document, sheet)
    _first_page(document, sheet, png)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _second_page(document, sheet)
    buffer = io.BytesIO()
    document.save(buffer)
    return stable_zip(unzip(buffer.getvalue()))


def _prepare(document: Any, sheet: Sheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.5)
    properties = document.core_properties
    properties.title = f"{sheet.titre} ({place_in_words(sheet)})"[:_LONGEST]
    properties.subject = sheet.constat[:_LONGEST]
    properties.author = properties.last_modified_by = "clsm-map"
    properties.language = "fr-FR"
    properties.comments = ""
    stamp = dt.datetime.combine(sheet.etabli_le, dt.time())
    properties.created = properties.modified = stamp
    sizes = {"Normal": 9.5, "Title": 24, "Heading 1": 13, "Heading 2": 11}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FACE, Pt(size), _INK
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FACE)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_after = Pt(3)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    _clear_border(document.styles["Title"])
    footer = section.footer.paragraphs[0]
    _add(footer, f"{sheet.titre}, {place_in_words(sheet)}, situation au {date_fr(sheet.date)}")


def _clear_border(style: Any) -> None:
    """Take away the rule that the default template puts under the title."""
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)


def _first_page(document: Any, sheet: Sheet, png: bytes) -> None:
    _grey(document.add_paragraph(), place_in_words(sheet))
    document.add_paragraph(sheet.titre, style="Title")
    _grey(document.add_paragraph(), sheet.lieu)
    finding = document.add_paragraph()
    _add(finding, sheet.constat, size=12)
    picture = document.add_paragraph().add_run().add_picture(io.BytesIO(png), width=Cm(11))
    described = picture._inline.docPr  # noqa: SLF001 - python-docx has no other door to it
    described.set("descr", describe_map(sheet))
    described.set("name", "Carte")
    document.add_heading("Qui le dessert", level=1)
    for status in sheet.statuts:
        _status(document, status)
    document.add_heading("Habitants", level=1)
    people = document.add_paragraph()
    _add(people, sheet.habitants, bold=True)
    _add(people, f" ({sheet.habitants_note})", grey=True)
    if sheet.chiffres:
        document.add_heading(figures_title(sheet), level=1)
        _figures(document, sheet.chiffres)


def _status(document: Any, status: TypeStatus) -> None:
    head = document.add_paragraph()
    _add(head, status.libelle, bold=True)
    if status.detail:
        _add(head, f" ({status.detail})", grey=True)
    for service in status.services:
        line = document.add_paragraph(style="List Bullet")
        _add(line, service.nom)
        said = (service.etat, service.depuis, service.perimetre)
        _add(line, f", {', '.join(s for s in said if s)}", grey=True)


def _figures(document: Any, figures: tuple[KeyFigure, ...]) -> None:
    table = _table(document, ("Indicateur", "Valeur", "Référence", "Écart"), len(figures))
    for row, figure in zip(table.rows[1:], figures, strict=True):
        texts = (
            figure.libelle,
            f"{figure.valeur} {figure.unite}".strip(),
            figure.reference,
            figure.ecart,
        )
        for i, text in enumerate(texts):
            adverse = figure.defavorable and i == 3
            _add(row.cells[i].paragraphs[0], text, bold=i == 1 or adverse, red=adverse)


def _second_page(document: Any, sheet: Sheet) -> None:
    document.add_heading(lines_title(sheet), level=1)
    headers = (
        "Indicateur", "Année", "Valeur", short_reference(sheet), "Écart", "Médiane", "Rang",
    )  # fmt: skip
    shown = len(headers) if sheet.pairs else 5
    table = _table(document, headers[:shown], len(sheet.lignes))
    for row, line in zip(table.rows[1:], sheet.lignes, strict=True):
        texts = (
            line.libelle, line.annee, line.valeur, line.reference, line.ecart, line.mediane,
            line.rang,
        )  # fmt: skip
        for i, (cell, text) in enumerate(zip(row.cells, texts[:shown], strict=True)):
            adverse = line.defavorable and i == 4
            _add(cell.paragraphs[0], text, size=8.5, bold=adverse, red=adverse)
            if i > 1:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _widths(table, (6.6, 1.4, 2.1, 2.0, 1.7, 1.8, 2.6)[:shown])
    _grey(document.add_paragraph(), lines_note(sheet))
    for grid in (sheet.voisins, sheet.dispositifs):
        _grid(document, grid)
    document.add_heading("À savoir avant de citer", level=1)
    for sentence in sheet.prudences:
        _add(document.add_paragraph(), sentence)
    document.add_heading("Sources", level=1)
    for sentence in sheet.sources:
        _grey(document.add_paragraph(), sentence)
    made = f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map. La même à l’écran : "
    _grey(document.add_paragraph(), made + sheet.lien)


def _grid(document: Any, grid: Grid) -> None:
    document.add_heading(grid.titre, level=1)
    if not grid.lignes:
        _grey(document.add_paragraph(), grid.vide)
        return
    table = _table(document, grid.colonnes, len(grid.lignes))
    for row, line in zip(table.rows[1:], grid.lignes, strict=True):
        for cell, text, numeric in zip(row.cells, line, grid.numerique, strict=True):
            _add(cell.paragraphs[0], text, size=9)
            if numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Any, headers: tuple[str, ...], rows: int) -> Any:
    """Add a table whose first row is its header, repeated on each page."""
    table = document.add_table(rows + 1, len(headers), style="Light List")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    header = table.rows[0]
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    header._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - same
    for cell, text in zip(header.cells, headers, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    return table


def _widths(table: Any, widths: tuple[float, ...]) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _add(
    paragraph: Any,
    text: str,
    *,
    size: float = 0,
    bold: bool = False,
    grey: bool = False,
    red: bool = False,
) -> None:
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if grey or red:
        run.font.color.rgb = _RED if red else _GREY


def _grey(paragraph: Any, text: str) -> None:
    _add(paragraph, text, grey=True)
