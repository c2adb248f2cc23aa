"""The sheet as a tagged PDF (PDF/UA-1), typeset by typst without a browser."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import typst

from clsm_map.domain.devices import STATUSES
from clsm_map.exports.fonts import font_folder, writable
from clsm_map.exports.plain import rewritten
from clsm_map.exports.sheets.picture import describe_map
from clsm_map.exports.sheets.words import (
    figures_title,
    lines_note,
    lines_title,
    place_in_words,
    short_reference,
)
from clsm_map.formats import date_fr
from clsm_map.maps.legend import status_entries, swatch_image
from clsm_map.views.sheet import Sheet
from clsm_map.views.sheet_around import LARGE

STANDARD: Final = "ua-1"
_TEMPLATE: Final = Path(__file__).parent / "fiche.typ"
_ROWS_AT_EASE: Final = 18
"""Rows of indicators that the second page holds at its largest type."""


def sheet_pdf(sheet: Sheet, svg: bytes) -> bytes:
    """Typeset a sheet.

    Parameters
    ----------
    sheet : Sheet
    svg : bytes
        Its map: see `clsm_map.exports.sheets.picture.sheet_svg`.

    Returns
    -------
    bytes
        A PDF/UA-1 file: tagged, titled, in French, its map described. typst refuses to write one
        that breaks the standard. The same bytes for the same sheet.
    """
    sheet = rewritten(sheet, writable)
    made: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=_midnight(sheet.etabli_le),
        sys_inputs={
            "fiche": json.dumps(_content(sheet), ensure_ascii=False),
            "swatches": json.dumps(_swatches()),
            "carte": svg.decode(),
        },
    )
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_folder())],
    )


@lru_cache(maxsize=1)
def _swatches() -> dict[str, str]:
    """Draw the swatch of each coverage status: colour and mark."""
    entries = status_entries(dict.fromkeys(STATUSES, 1))
    images = (unquote(swatch_image(e).partition(",")[2]) for e in entries)
    return {str(i): svg for i, svg in zip(STATUSES, images, strict=True)}


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


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
        "corps": 7.6 if tight else 8.4,
        "aere": 1.9 if tight else 2.7,
    }
