"""Palettes of choropleths, chosen to be told apart with any colour vision.

Sources: ColorBrewer 2.0 (C. Brewer, M. Harrower, Pennsylvania State University), for ``YlOrBr``
the six-class version and for ``Blues`` five colours of the nine-class one, without the lightest,
which paper and missing values would be mistaken for; Scientific colour maps 8 (F. Crameri, 2018)
for ``lajolla``, ``oslo`` and ``vik``, five samples of each. The 3 × 3 palette mixes a paper white,
this application's colour of coverage and a brown of need.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Direction
from clsm_map.domain.selection import Vocabulary
from clsm_map.domain.territories import FRANCE, Level
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of
from clsm_map.views.choropleth import indicators_of

Kind = Literal["besoin", "ressource", "ecart"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours in order.

    ``label``: French name.
    ``kind``: what it suits: a need, a resource, or a gap to a reference (diverging).
    ``colours``: hexadecimal, from the lowest value to the highest.
    """

    label: str
    kind: Kind
    colours: tuple[str, ...]


PALETTES: Final[dict[str, Palette]] = {
    "YlOrBr": Palette(
        "Jaune à brun", "besoin", ("#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404")
    ),
    "lajolla": Palette(
        "Lajolla (jaune à brun foncé)",
        "besoin",
        ("#fced9c", "#ecab54", "#e0724f", "#a24543", "#4a2a1a"),
    ),
    "Blues": Palette("Bleus", "ressource", ("#c6dbef", "#6baed6", "#4292c6", "#2171b5", "#08306b")),
    "oslo": Palette(
        "Oslo (bleu gris)", "ressource", ("#c2c7d1", "#8ea4c9", "#5b83c3", "#26578c", "#13324f")
    ),
    "vik": Palette(
        "Vik (bleu à brun, autour d’un milieu)",
        "ecart",
        ("#02397a", "#5496b7", "#ece5e0", "#cc875f", "#852206"),
    ),
}
"""Palettes by name, in the order in which they are offered."""

BIVARIATE: Final[tuple[tuple[str, ...], ...]] = (
    ("#e8e4dc", "#93b8b3", "#0b6e6e"),
    ("#dcb98a", "#94947a", "#28594f"),
    ("#b5651d", "#7a5236", "#2f3a33"),
)
"""3 × 3 colours: row by need (low to high), column by coverage (low to high)."""

_PICKS: Final[dict[int, tuple[int, ...]]] = {
    1: (3,),
    2: (1, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
}


_BELOW: Final[dict[int, tuple[int, ...]]] = {0: (), 1: (1,), 2: (0, 1)}
"""Colours on the lower side of a midpoint; the upper side mirrors them."""


def colours_for(
    name: str, direction: Direction, n: int, below: int | None = None
) -> tuple[str, ...]:
    """Give the colours of ``n`` classes.

    ``name``: key of `PALETTES`; empty for the one that suits the direction: browns where more is
      worse, blues otherwise.

    Raises `InvalidInputError`: the palette is unknown, or ``n`` is out of range.

    Examples
    --------
    >>> colours_for("", "plus_defavorable", 2)
    ('#fec44f', '#d95f0e')
    """
    chosen = name or ("YlOrBr" if direction == "plus_defavorable" else "Blues")
    if chosen not in PALETTES:
        raise InvalidInputError(
            f"Palette inconnue : « {chosen} ». Palettes possibles : {', '.join(PALETTES)}."
        )
    if n not in _PICKS:
        raise InvalidInputError("Une carte a de une à cinq classes.")
    picks = _PICKS[n]
    sides = (below, n - below) if below is not None else ()
    if sides and max(sides) <= max(_BELOW) and PALETTES[chosen].kind == "ecart":
        picks = (*_BELOW[sides[0]], *(4 - i for i in reversed(_BELOW[sides[1]])))
    return tuple(PALETTES[chosen].colours[i] for i in picks)


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
