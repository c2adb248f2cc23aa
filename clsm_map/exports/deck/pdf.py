"""The handout of a presentation: a tagged PDF (PDF/UA-1), one scene by page, typeset by typst."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from clsm_map.domain.deck import Deck
from clsm_map.exports.deck.handout import PICTURE, handout
from clsm_map.exports.deck.payload import Progress, show_all
from clsm_map.exports.desk import Desk
from clsm_map.exports.fonts import font_folder
from clsm_map.formats import date_fr

STANDARD: Final = "ua-1"
_TEMPLATE: Final = Path(__file__).parent / "deck.typ"


def deck_pdf(desk: Desk, deck: Deck, progress: Progress | None = None) -> bytes:
    """Typeset a presentation as a handout.

    Parameters
    ----------
    desk : Desk
    deck : Deck
    progress : callable, optional

    Returns
    -------
    bytes
        A PDF/UA-1 file: tagged, titled, in French, its pictures described. The same bytes for the
        same presentation, data and day.

    Raises
    ------
    InvalidInputError
        The presentation has no scene.
    """
    scenes = show_all(desk, deck, progress)
    made = handout(deck, scenes, desk.static, date_fr(desk.today))
    day = desk.today
    content = made.content | {
        "jour": [day.year, day.month, day.day],
        "image": list(PICTURE),
    }
    written: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=dt.datetime.combine(day, dt.time(), dt.UTC),
        sys_inputs={
            "deck": json.dumps(content, ensure_ascii=False),
            "images": json.dumps(made.pictures, ensure_ascii=False),
        },
    )
    return written


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_folder())],
    )
