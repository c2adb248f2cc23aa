"""The sheet as a tagged PDF (PDF/UA-1), typeset by typst without a browser."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from clsm_map.exports.fonts import writable
from clsm_map.exports.plain import rewritten
from clsm_map.exports.sheets.picture import describe_map
from clsm_map.exports.sheets.words import (
    figures_title,
    lines_note,
    lines_title,
    place_in_words,
    short_reference,
)
from clsm_map.exports.typesetting import status_swatches, typeset_pdf, typeset_pictures
from clsm_map.formats import date_fr
from clsm_map.views.sheet.build import LARGE
from clsm_map.views.sheet.model import Sheet

_TEMPLATE: Final = Path(__file__).parent / "fiche.typ"
_ROWS_AT_EASE: Final = 10
"""Rows of indicators that the second page holds at its largest type."""


def sheet_pdf(sheet: Sheet, svg: bytes) -> bytes:
    """Typeset a sheet.

    Parameters
    ----------
    svg : bytes
        Its map: see `clsm_map.exports.sheets.picture.sheet_svg`.

    Returns
    -------
    bytes
        A PDF/UA-1 file: tagged, titled, in French, its map described. typst refuses to write one
        that breaks the standard. The same bytes for the same sheet.
    """
    return typeset_pdf(_TEMPLATE, _inputs(sheet, svg), sheet.etabli_le)


def sheet_pictures(sheet: Sheet, svg: bytes, dpi: float) -> tuple[bytes, ...]:
    """Draw the pages of a sheet, one PNG each; parameters as in `sheet_pdf`."""
    return typeset_pictures(_TEMPLATE, _inputs(sheet, svg), sheet.etabli_le, dpi)


def _inputs(sheet: Sheet, svg: bytes) -> dict[str, str]:
    sheet = rewritten(sheet, writable)
    return {
        "fiche": json.dumps(_content(sheet), ensure_ascii=False),
        "swatches": json.dumps(status_swatches()),
        "carte": svg.decode(),
    }


def _content(sheet: Sheet) -> dict[str, Any]:
    """Give the words of the sheet as plain values."""
    content = asdict(sheet)
    day = sheet.etabli_le
    tight = len(sheet.lignes) > _ROWS_AT_EASE
    lines = content["lignes"]
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        line["rupture"] = following is None or following["theme"] != line["theme"]
    return content | {
        "jour": [day.year, day.month, day.day],
        "date": date_fr(sheet.date),
        "etabli_le": date_fr(day),
        "repere": place_in_words(sheet),
        "carte": describe_map(sheet),
        "titre_chiffres": figures_title(sheet),
        "titre_lignes": lines_title(sheet),
        "reference_courte": short_reference(sheet),
        "note_lignes": lines_note(sheet),
        "etale": sheet.key.partition(":")[0] in LARGE,
        "corps": 7.0 if tight else 8.0,
        "aere": 1.3 if tight else 2.2,
    }
