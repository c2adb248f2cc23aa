"""Documents for Word, for those who edit: real headings, real tables, described pictures."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from itertools import chain
from typing import Any, Final

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from clsm_map.exports.document import (
    Block,
    Closing,
    Columns,
    Document,
    Figures,
    Heading,
    Item,
    Notes,
    Picture,
    Run,
    Table,
    Text,
)
from clsm_map.exports.files import plain, rewritten, stable_zip, unzip

_FACE: Final = "Calibri"
_INK: Final = RGBColor(0x23, 0x26, 0x2B)
_GREY: Final = RGBColor(0x4F, 0x58, 0x63)
_RED: Final = RGBColor(0x96, 0x28, 0x3F)
_SIZES: Final = {"Normal": 9.5, "Title": 24, "Heading 1": 13, "Heading 2": 11}
_COMPARED: Final = ("Indicateur", "Valeur", "Référence", "Écart")
_LONGEST: Final = 255
"""Letters that a property of a Word file may hold."""


def docx_bytes(document: Document) -> bytes:
    """Write a document as an A4 ``.docx`` file in French: the same bytes for the same document."""
    document = rewritten(document, plain)
    file = _opened(document)
    for rank, page in enumerate(document.pages):
        if rank:
            file.add_page_break()
        for block in page.blocks:
            _write(file, block)
    buffer = io.BytesIO()
    file.save(buffer)
    return stable_zip(unzip(buffer.getvalue()))


def _opened(document: Document) -> Any:
    """Open a file with the styles of the application."""
    file: Any = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.5)
    properties = file.core_properties
    properties.title = document.title[:_LONGEST]
    properties.subject = document.finding[:_LONGEST]
    properties.author = properties.last_modified_by = "clsm-map"
    properties.language = "fr-FR"
    properties.comments = ""
    properties.created = properties.modified = dt.datetime.combine(document.day, dt.time())
    for name, size in _SIZES.items():
        style = file.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FACE, Pt(size), _INK
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FACE)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_after = Pt(3)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    file.styles["Normal"].element.get_or_add_rPr().append(language)
    rule_under_title = file.styles["Title"].element.pPr
    if (borders := rule_under_title.find(qn("w:pBdr"))) is not None:
        rule_under_title.remove(borders)
    _add(section.footer.paragraphs[0], ", ".join(document.footer))
    return file


def _write(file: Any, block: Block) -> None:
    _WRITERS[type(block)](file, block)


def _heading(file: Any, block: Heading) -> None:
    if block.level == 1:
        file.add_paragraph(block.text, style="Title")
    else:
        file.add_heading(block.text, level=1)


def _notes(file: Any, block: Notes) -> None:
    for sentence in block.sentences:
        _add(file.add_paragraph(), sentence, grey=block.look != "savoir")


def _closing(file: Any, block: Closing) -> None:
    _add(file.add_paragraph(), f"{block.made}. {block.again} : {block.link}", grey=True)


def _columns(file: Any, block: Columns) -> None:
    for inside in chain.from_iterable(block.parts):
        _write(file, inside)


def _text(file: Any, block: Text) -> None:
    _runs(file.add_paragraph(), block.runs, block.look)


def _runs(paragraph: Any, runs: tuple[Run, ...], look: str = "") -> None:
    size = 12 if look == "constat" else 0
    soft = look in {"repere", "lieu"}
    for run in runs:
        grey, bold = soft or run.look == "doux", run.look == "gras"
        _add(paragraph, run.text, size=size, bold=bold, grey=grey)


def _item(file: Any, item: Item) -> None:
    head = file.add_paragraph()
    _add(head, item.name, bold=True)
    if item.detail:
        _add(head, f" ({item.detail})", grey=True)
    for line in item.lines:
        _runs(file.add_paragraph(style="List Bullet"), line)


def _figures(file: Any, block: Figures) -> None:
    if block.look == "compares":
        made = _open_table(file, _COMPARED, len(block.items))
        for row, figure in zip(made.rows[1:], block.items, strict=True):
            value = f"{figure.valeur} {figure.unite}".strip()
            texts = (figure.libelle, value, figure.reference, figure.ecart)
            for i, text in enumerate(texts):
                adverse = figure.defavorable and i == 3
                cell = row.cells[i].paragraphs[0]
                _add(cell, text, bold=i == 1 or adverse, red=adverse)
        return
    counted = block.look == "comptes"
    paragraph = file.add_paragraph()
    for figure in block.items:
        _add(paragraph, figure.valeur, size=12 if counted else 0, bold=True)
        if figure.libelle:
            _add(paragraph, f" {figure.libelle}")
        _add(paragraph, f" ({figure.reference})" + (". " if counted else ""), grey=True)


def _picture(file: Any, block: Picture) -> None:
    width = Cm(block.centimetres)
    drawn = file.add_paragraph().add_run().add_picture(io.BytesIO(block.image), width=width)
    described = drawn._inline.docPr  # noqa: SLF001 - python-docx has no other door to it
    described.set("descr", block.alt)
    described.set("name", block.name)


def _table(file: Any, block: Table) -> None:
    grid = block.grid
    made = _open_table(file, grid.colonnes, len(grid.lignes))
    gap = grid.colonnes.index("Écart") if block.adverse else -1
    for rank, (row, line) in enumerate(zip(made.rows[1:], grid.lignes, strict=True)):
        cells = zip(row.cells, line, grid.numerique, strict=True)
        for i, (cell, text, numeric) in enumerate(cells):
            adverse = i == gap and rank in block.adverse
            size = 8.5 if block.widths else 9
            _add(cell.paragraphs[0], text, size=size, bold=adverse, red=adverse)
            if numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if block.widths:
        made.autofit = False
        for row in made.rows:
            for cell, width in zip(row.cells, block.widths, strict=True):
                cell.width = Cm(width)


def _open_table(file: Any, headers: tuple[str, ...], rows: int) -> Any:
    """Add a table whose first row is its header, repeated on each page."""
    made = file.add_table(rows + 1, len(headers), style="Light List")
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    header = made.rows[0]
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    header._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - same
    for cell, text in zip(header.cells, headers, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    return made


_WRITERS: Final[dict[type, Callable[[Any, Any], None]]] = {
    Heading: _heading,
    Text: _text,
    Notes: _notes,
    Closing: _closing,
    Item: _item,
    Figures: _figures,
    Table: _table,
    Picture: _picture,
    Columns: _columns,
}


def _add(
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
