"""The words that a selection and its link may use: levels, classings, views, bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Scheme = Literal["quantiles", "naturelles", "egales", "ecart-type", "seuils"]
MapLevel = Literal["region", "departement", "epci", "commune"]
Layer = Literal["qpv", "clsm", "asv", "cls", "villes"]
Basemap = Literal["aucun", "ign", "osm"]
CoverageView = Literal["autour", "territoire", "evolution", "registre"]
GapOrder = Literal["habitants", "pauvrete", "distance"]
Measure = Literal["habitants", "quartiers"]

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
MAP_LEVELS: Final[tuple[MapLevel, ...]] = get_args(MapLevel)
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
BASEMAPS: Final[tuple[Basemap, ...]] = get_args(Basemap)
COVERAGE_VIEWS: Final[tuple[CoverageView, ...]] = get_args(CoverageView)
GAP_ORDERS: Final[tuple[GapOrder, ...]] = get_args(GapOrder)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
EVOLUTIONS: Final[dict[str, str]] = {
    "I": "inchangé depuis 2015",
    "M": "périmètre modifié",
    "N": "nouveau en 2024",
    "C": "créé à Mayotte en 2026",
}
"""Last letter of a QPV code: what became of its perimeter since the 2015 geography."""

MAX_CLASSES: Final = 5
DIVERGING: Final = frozenset({"vik"})
"""Palettes with two sides: classes are made on each side of a midpoint."""
FIRST_DATE: Final = dt.date(2000, 1, 1)
"""ASV exist since 2000: no device is older."""
MAX_RADIUS_KM: Final = 100.0
FIRST_HISTORY_YEAR: Final = 2005
"""First year of the curve of devices: the first published count is of that year."""

Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a selection may name in the data at hand.

    Attributes
    ----------
    indicators : mapping of str to frozenset of str
        Indicator id to the levels at which it is valid.
    palettes : frozenset of str
        Names of palettes.
    is_territory : callable
        ``(level, code) -> bool``: whether such a territory exists.
    studied : frozenset of str
        Indicators that *Inégalités* may study, those of QPV included.
    """

    indicators: Mapping[str, frozenset[str]]
    palettes: frozenset[str]
    is_territory: Callable[[str, str], bool]
    studied: frozenset[str] = frozenset()


def split_key(key: str) -> tuple[str, str]:
    """Split ``level:code``; two empty strings when there is nothing."""
    level, _, code = key.partition(":")
    return level, code
