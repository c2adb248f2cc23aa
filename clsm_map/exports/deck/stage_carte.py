"""The map of *Carte* as a scene."""

from __future__ import annotations

from dataclasses import replace

from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.exports.contents.carte import coloured_map
from clsm_map.exports.deck.stage import (
    Stage,
    drawn,
)
from clsm_map.exports.plate import carte_plate
from clsm_map.views.captions import on_date
from clsm_map.views.scenes.coverage import carte_words


def carte_stage(desk: Desk, selection: Selection) -> Stage:
    """Set the map of *Carte*."""
    plate = carte_plate(desk, selection)
    coloured = coloured_map(desk, selection)
    when = on_date(plate.coverage.on, desk.today)
    kept = plate.quartiers if "qpv" in selection.couches else None
    words = carte_words(coloured, kept, selection.type, when)
    return Stage(
        replace(words, sources=plate.sources, prudences=plate.cautions),
        drawing=lambda: drawn(plate),
        moment=f"{coloured.indicator.libelle_court}, {coloured.year_text}",
    )
