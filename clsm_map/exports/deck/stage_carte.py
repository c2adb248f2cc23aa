"""The views of *Carte* and of *Programme* as scenes."""

from __future__ import annotations

from dataclasses import replace

from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.contents.carte import coloured_map
from clsm_map.exports.deck.stage import (
    Stage,
    coverage_caution,
    coverage_sources,
    drawn,
)
from clsm_map.exports.deck.stage_coverage import territory_drawing
from clsm_map.exports.desk import Desk
from clsm_map.exports.plate import carte_plate
from clsm_map.views.captions import on_date
from clsm_map.views.programme_published import published_reach
from clsm_map.views.scene_carte import carte_words
from clsm_map.views.scene_programme import programme_words


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


def programme_stage(desk: Desk, selection: Selection) -> Stage:
    """Set the reach of the programme, whose totals are published for the whole country."""
    coverage = desk.coverage("CLSM", desk.today)
    words = programme_words(published_reach(desk.snapshot, coverage))
    everywhere = replace(selection, territoire=FRANCE.key, type="CLSM", date=None)
    return Stage(
        replace(
            words,
            sources=(*words.sources, *coverage_sources(coverage)),
            prudences=(*words.prudences, coverage_caution(desk, coverage)),
        ),
        drawing=lambda: territory_drawing(desk, everywhere),
        moment=f"Couverture par un CLSM {on_date(desk.today, desk.today)}",
    )
