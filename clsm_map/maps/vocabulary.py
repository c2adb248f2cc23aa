"""What a link may name in the data at hand."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from clsm_map.domain.terms import Vocabulary
from clsm_map.domain.territories import FRANCE, Level
from clsm_map.maps.palettes import PALETTES
from clsm_map.store.gazetteer import frame_of
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.choropleth import indicators_of

_LEVELS: Final[tuple[Level, ...]] = (
    "region",
    "departement",
    "epci",
    "commune",
    "arrondissement",
    "qpv",
)


@lru_cache(maxsize=4)
def vocabulary(snapshot: Snapshot) -> Vocabulary:
    """Give what a selection may name: indicators and their levels, palettes, territories."""
    known: dict[str, frozenset[str]] = {
        level: frozenset(frame_of(snapshot, level)["code"].tolist()) for level in _LEVELS
    }
    known[FRANCE.level] = frozenset({FRANCE.code})
    return Vocabulary(
        indicators={i.id: frozenset(i.niveaux) for i in indicators_of(snapshot).values()},
        palettes=frozenset(PALETTES),
        is_territory=lambda level, code: code in known.get(level, frozenset()),
        studied=frozenset(snapshot.indicators),
    )
