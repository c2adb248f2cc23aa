"""What Word files are made of: styles, tables with a repeated header, described pictures."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from clsm_map.exports.archive import stable_zip, unzip
from clsm_map.views.sheet.model import Grid

_FACE: Final = "Calibri"
_INK: Final = RGBColor(0x23, 0x26, 0x2B)
_GREY: Final = RGBColor(0x4F, 0x58, 0x63)
_RED: Final = RGBColor(0x96, 0x28, 0x3F)
_LONGEST: Final = 255
"""Letters that a property of a Word file may hold."""


def open_document(title: str, subject: str, footer: str, day: dt.date) -> Any:
    """Open an A4 file in French, with the styles of the application.

    Parameters
    ----------
    title, subject : str
        Properties of the file.
    footer : str
        Written at the foot of each page.
    day : datetime.date
        Day of the file.
    """
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.5)
    properties = document.core_properties
    properties.title = title[:_LONGEST]
    properties.subject = subject[:_LONGEST]
    properties.author = properties.last_modified_by = "clsm-map"
    properties.language = "fr-FR"
    properties.comments = ""
    stamp = dt.datetime.combine(day, dt.time())
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
    add(section.footer.paragraphs[0], footer)
    return document


def saved(document: Any) -> bytes:
    """Give the bytes of a file, the same for the same content."""
    buffer = io.BytesIO()
    document.save(buffer)
    return stable_zip(unzip(buffer.getvalue()))


def picture(document: Any, png: bytes, width: float, name: str, description: str) -> None:
    """Add a picture of a width in centimetres, named and described."""
    drawn = document.add_paragraph().add_run().add_picture(io.BytesIO(png), width=Cm(width))
    described = drawn._inline.docPr  # noqa: SLF001 - python-docx has no other door to it
    described.set("descr", description)
    described.set("name", name)


def _clear_border(style: Any) -> None:
    """Take away the rule that the default template puts under the title."""
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)


def grid(document: Any, content: Grid) -> None:
    """Add a small table under its title."""
    document.add_heading(content.titre, level=1)
    if not content.lignes:
        grey(document.add_paragraph(), content.vide)
        return
    made = table(document, content.colonnes, len(content.lignes))
    for row, line in zip(made.rows[1:], content.lignes, strict=True):
        for cell, text, numeric in zip(row.cells, line, content.numerique, strict=True):
            add(cell.paragraphs[0], text, size=9)
            if numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def table(document: Any, headers: tuple[str, ...], rows: int) -> Any:
    """Add a table whose first row is its header, repeated on each page."""
    made = document.add_table(rows + 1, len(headers), style="Light List")
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    header = made.rows[0]
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    header._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - same
    for cell, text in zip(header.cells, headers, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    return made


def widths(table: Any, sizes: tuple[float, ...]) -> None:
    """Give the columns of a table their widths, in centimetres."""
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, sizes, strict=True):
            cell.width = Cm(width)


def add(
    paragraph: Any,
    text: str,
    *,
    size: float = 0,
    bold: bool = False,
    grey: bool = False,
    red: bool = False,
) -> None:
    """Write a run of text in a paragraph; sizes are in points."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if grey or red:
        run.font.color.rgb = _RED if red else _GREY


def grey(paragraph: Any, text: str) -> None:
    """Write a run of text in grey."""
    add(paragraph, text, grey=True)
