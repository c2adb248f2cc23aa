"""How each field of a selection is written in a link, and read back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final

from clsm_map.domain.devices import DEVICE_TYPES, STATUSES
from clsm_map.domain.evidence import EVIDENCE
from clsm_map.domain.planning import PLANNING_PARSERS
from clsm_map.domain.study import STUDY_PARSERS
from clsm_map.domain.terms import (
    BASEMAPS,
    COVERAGE_VIEWS,
    EVOLUTIONS,
    FIRST_DATE,
    FIRST_HISTORY_YEAR,
    GAP_ORDERS,
    LAYERS,
    MAP_LEVELS,
    MAX_CLASSES,
    MAX_RADIUS_KM,
    MEASURES,
    SCHEMES,
    Range,
    Vocabulary,
    split_key,
)
from clsm_map.domain.territories import LEVEL_LABELS

_CODE: Final = re.compile(r"[0-9A-Za-z]{1,12}")
_PLACE: Final = re.compile(r"[0-9A-Za-z:.,_-]{1,120}")


def print_field(value: object) -> str:
    """Write the value of a field.

    >>> print_field(("qpv", "clsm")), print_field(True), print_field(2.5)
    ('qpv,clsm', 'oui', '2.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ",".join(print_field(v) for v in value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def print_range(bounds: Range) -> str:
    """Write two bounds; one that is open is left empty.

    >>> print_range((45.0, None))
    '45-'
    """
    return "-".join("" if b is None else f"{b:.12g}" for b in bounds)


def _one_of(allowed: tuple[str, ...] | frozenset[str]) -> Callable[[str, Vocabulary], str]:
    def parse(text: str, _: Vocabulary) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _some_of(allowed: tuple[str, ...]) -> Callable[[str, Vocabulary], tuple[str, ...]]:
    def parse(text: str, _: Vocabulary) -> tuple[str, ...]:
        asked = {part for part in text.split(",") if part}
        if not asked <= set(allowed):
            raise ValueError(text)
        return tuple(a for a in allowed if a in asked)

    return parse


def _territory(text: str, vocabulary: Vocabulary) -> str:
    level, code = split_key(text)
    if level not in LEVEL_LABELS or not _CODE.fullmatch(code):
        raise ValueError(text)
    if not vocabulary.is_territory(level, code):
        raise ValueError(text)
    return text


def _optional_territory(text: str, vocabulary: Vocabulary) -> str:
    return _territory(text, vocabulary) if text else ""


def _date(text: str, _: Vocabulary) -> dt.date | None:
    if not text:
        return None
    day = dt.date.fromisoformat(text)
    if not FIRST_DATE <= day <= dt.date(2100, 1, 1):
        raise ValueError(text)
    return day


def _indicator(text: str, vocabulary: Vocabulary) -> str:
    if text not in vocabulary.indicators:
        raise ValueError(text)
    return text


def _palette(text: str, vocabulary: Vocabulary) -> str:
    if text and text not in vocabulary.palettes:
        raise ValueError(text)
    return text


def _year(text: str, _: Vocabulary) -> int | None:
    if not text:
        return None
    year = int(text)
    if not 1990 <= year <= 2100:
        raise ValueError(text)
    return year


def _history_year(text: str, vocabulary: Vocabulary) -> int | None:
    year = _year(text, vocabulary)
    if year is not None and year < FIRST_HISTORY_YEAR:
        raise ValueError(text)
    return year


def _n(text: str, _: Vocabulary) -> int:
    n = int(text)
    if not 2 <= n <= MAX_CLASSES:
        raise ValueError(text)
    return n


def _finite(text: str) -> float:
    value = float(text)
    if not abs(value) < 1e12:  # NaN and infinities fail this too
        raise ValueError(text)
    return value


def _thresholds(text: str, _: Vocabulary) -> tuple[float, ...]:
    values = tuple(sorted({_finite(part) for part in text.split(",") if part}))
    if len(values) >= MAX_CLASSES:
        raise ValueError(text)
    return values


def _range(text: str, _: Vocabulary) -> Range:
    low, dash, high = text.partition("-")
    if not dash:
        raise ValueError(text)
    bounds = (_finite(low) if low else None, _finite(high) if high else None)
    if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
        raise ValueError(text)
    return bounds


def _place(text: str, _: Vocabulary) -> str:
    if text and not _PLACE.fullmatch(text):
        raise ValueError(text)
    return text


def _radius(text: str, _: Vocabulary) -> float:
    radius = _finite(text)
    if not 1 <= radius <= MAX_RADIUS_KM:
        raise ValueError(text)
    return radius


PARSERS: Final[dict[str, Callable[[str, Vocabulary], Any]]] = {
    "territoire": _territory,
    "type": _one_of(DEVICE_TYPES),
    "date": _date,
    "niveau": _one_of(MAP_LEVELS),
    "indicateur": _indicator,
    "annee": _year,
    "classes": _one_of(SCHEMES),
    "n": _n,
    "seuils": _thresholds,
    "palette": _palette,
    "couches": _some_of(LAYERS),
    "fond": _one_of(BASEMAPS),
    "choisi": _optional_territory,
    "sujet": _place,
    "lieu": _place,
    "rayon": _radius,
    "vue": _one_of(COVERAGE_VIEWS),
    "tri": _one_of(GAP_ORDERS),
    "mesure": _one_of(MEASURES),
    "janvier": _history_year,
    "statuts": _some_of(tuple(STATUSES)),
    "habitants": _range,
    "pauvrete": _range,
    "emploi": _range,
    "evolutions": _some_of(tuple(EVOLUTIONS)),
    "preuves": _some_of(tuple(EVIDENCE)),
    **STUDY_PARSERS,
    **PLANNING_PARSERS,
}
"""Name of a parameter to its reader, which raises ``ValueError`` on a bad value."""
