"""The handout of a presentation: a tagged PDF (PDF/UA-1), one scene by page, typeset by typst."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck
from clsm_map.exports.deck.handout import PICTURE, handout
from clsm_map.exports.deck.payload import Progress, show_all
from clsm_map.exports.typesetting import typeset_pdf
from clsm_map.formats import date_fr

_TEMPLATE: Final = Path(__file__).parent / "deck.typ"


def deck_pdf(desk: Desk, deck: Deck, progress: Progress | None = None) -> bytes:
    """Typeset a presentation as a handout.

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
    inputs = {
        "deck": json.dumps(content, ensure_ascii=False),
        "images": json.dumps(made.pictures, ensure_ascii=False),
    }
    return typeset_pdf(_TEMPLATE, inputs, day)
