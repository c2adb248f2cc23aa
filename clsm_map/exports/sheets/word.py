"""The sheet as a Word file, for those who edit: real headings, real tables, described map."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK

from clsm_map.exports.plain import plain, rewritten
from clsm_map.exports.sheets.picture import describe_map
from clsm_map.exports.sheets.word_parts import (
    add,
    grey,
    grid,
    open_document,
    picture,
    saved,
    table,
    widths,
)
from clsm_map.exports.sheets.words import (
    figures_title,
    lines_note,
    lines_title,
    place_in_words,
    short_reference,
)
from clsm_map.formats import date_fr
from clsm_map.views.sheet.model import KeyFigure, Sheet, TypeStatus


def sheet_docx(sheet: Sheet, png: bytes) -> bytes:
    """Write a sheet for Word.

    Parameters
    ----------
    png : bytes
        Its map: see `clsm_map.exports.sheets.picture.sheet_png`.

    Returns
    -------
    bytes
        A ``.docx`` file in French. The same bytes for the same sheet.
    """
    sheet = rewritten(sheet, plain)
    document = open_document(
        f"{sheet.titre} ({place_in_words(sheet)})",
        sheet.constat,
        f"{sheet.titre}, {place_in_words(sheet)}, situation au {date_fr(sheet.date)}",
        sheet.etabli_le,
    )
    _first_page(document, sheet, png)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _second_page(document, sheet)
    return saved(document)


def _first_page(document: Any, sheet: Sheet, png: bytes) -> None:
    grey(document.add_paragraph(), place_in_words(sheet))
    document.add_paragraph(sheet.titre, style="Title")
    grey(document.add_paragraph(), sheet.lieu)
    finding = document.add_paragraph()
    add(finding, sheet.constat, size=12)
    picture(document, png, 11, "Carte", describe_map(sheet))
    document.add_heading("Qui le dessert", level=1)
    for status in sheet.statuts:
        _status(document, status)
    document.add_heading("Habitants", level=1)
    people = document.add_paragraph()
    add(people, sheet.habitants, bold=True)
    add(people, f" ({sheet.habitants_note})", grey=True)
    if sheet.chiffres:
        document.add_heading(figures_title(sheet), level=1)
        _figures(document, sheet.chiffres)
        for sentence in sheet.prudences_chiffres:
            grey(document.add_paragraph(), sentence)


def _status(document: Any, status: TypeStatus) -> None:
    head = document.add_paragraph()
    add(head, status.libelle, bold=True)
    if status.detail:
        add(head, f" ({status.detail})", grey=True)
    for service in status.services:
        line = document.add_paragraph(style="List Bullet")
        add(line, service.nom)
        said = (service.preuve, service.depuis, service.perimetre)
        add(line, f", {', '.join(s for s in said if s)}", grey=True)


def _figures(document: Any, figures: tuple[KeyFigure, ...]) -> None:
    made = table(document, ("Indicateur", "Valeur", "Référence", "Écart"), len(figures))
    for row, figure in zip(made.rows[1:], figures, strict=True):
        texts = (
            figure.libelle,
            f"{figure.valeur} {figure.unite}".strip(),
            figure.reference,
            figure.ecart,
        )
        for i, text in enumerate(texts):
            adverse = figure.defavorable and i == 3
            add(row.cells[i].paragraphs[0], text, bold=i == 1 or adverse, red=adverse)


def _second_page(document: Any, sheet: Sheet) -> None:
    document.add_heading(lines_title(sheet), level=1)
    headers = (
        "Indicateur", "Année", "Valeur", short_reference(sheet), "Écart", "Médiane", "Rang",
    )  # fmt: skip
    shown = len(headers) if sheet.pairs else 5
    made = table(document, headers[:shown], len(sheet.lignes))
    for row, line in zip(made.rows[1:], sheet.lignes, strict=True):
        texts = (
            line.libelle, line.annee, line.valeur, line.reference, line.ecart, line.mediane,
            line.rang,
        )  # fmt: skip
        for i, (cell, text) in enumerate(zip(row.cells, texts[:shown], strict=True)):
            adverse = line.defavorable and i == 4
            add(cell.paragraphs[0], text, size=8.5, bold=adverse, red=adverse)
            if i > 1:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    widths(made, (6.6, 1.4, 2.1, 2.0, 1.7, 1.8, 2.6)[:shown])
    grey(document.add_paragraph(), lines_note(sheet))
    for sentence in sheet.prudences_lignes:
        grey(document.add_paragraph(), sentence)
    for content in (sheet.voisins, sheet.dispositifs):
        grid(document, content)
    document.add_heading("À savoir avant de citer", level=1)
    for sentence in sheet.prudences:
        add(document.add_paragraph(), sentence)
    document.add_heading("Sources", level=1)
    for sentence in sheet.sources:
        grey(document.add_paragraph(), sentence)
    made = f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map. La même à l’écran : "
    grey(document.add_paragraph(), made + sheet.lien)
