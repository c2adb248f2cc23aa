"""Words, colours and axes of a plotly figure, read for matplotlib."""

from __future__ import annotations

import datetime as dt
import html
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator

from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import number

Colour: TypeAlias = tuple[float, float, float, float]

POINTS: Final = 0.75
"""Points of a pixel of the page."""

_BREAK: Final = re.compile(r"<br\s*/?>")
_TAG: Final = re.compile(r"</?(?:b|i|span|sub|sup)\b[^>]*>")
_RGB: Final = re.compile(r"rgba?\(([^)]+)\)")


def lines_of(text: str | None) -> list[tuple[str, bool]]:
    """Read the lines of a label (``<b>``, ``<br>``, HTML entities), and whether each is bold.

    >>> lines_of("<b>Val &amp; Cie</b><br>12 %")
    [('Val & Cie', True), ('12 %', False)]
    """
    if not text:
        return []
    return [
        (html.unescape(_TAG.sub("", line)), line.lstrip().startswith("<b>"))
        for line in _BREAK.split(str(text))
    ]


def colour_of(text: str | None, opacity: float | None = None) -> Colour:
    """Read a name, ``#rrggbb``, ``rgb(…)`` or ``rgba(…)``; none is transparent.

    >>> colour_of("rgba(255,0,51,0.5)")
    (1.0, 0.0, 0.2, 0.5)
    """
    if not text:
        return (0.0, 0.0, 0.0, 0.0)
    written = _RGB.fullmatch(text.strip())
    if written:
        parts = [float(part) for part in written.group(1).split(",")]
        red, green, blue = (part / 255 for part in parts[:3])
        alpha = parts[3] if len(parts) > 3 else 1.0
    else:
        red, green, blue, alpha = to_rgba(text)
    return (red, green, blue, alpha * (1.0 if opacity is None else opacity))


Floats = np.ndarray[Any, np.dtype[np.float64]]

_STEPS: Final = [1, 2, 2.5, 5, 10]
_PAD: Final = 0.05
_DAY: Final = pd.Timedelta(days=1)
_EPOCH: Final = pd.Timestamp(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis and its place."""

    place: float
    label: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis, ready to be drawn.

    ``low`` is the greater of its ends when it is reversed; ``categories`` are names in the order of
    their places 0, 1, 2…, empty for numbers and days; ``grid`` draws a line at each tick.
    """

    low: float
    high: float
    categories: tuple[str, ...]
    ticks: tuple[Tick, ...]
    title: str
    grid: bool

    def at(self, values: Iterable[Any]) -> Floats:
        """Give the places of values; unknown ones have none (``nan``)."""
        if not self.categories:
            return np.array([place_of(value) for value in values], dtype=float)
        ranks = {name: float(rank) for rank, name in enumerate(self.categories)}
        return np.array([_rank(ranks, value) for value in values], dtype=float)


@dataclass(frozen=True, slots=True)
class Extent:
    """What one trace asks of an axis: numbers, days or names.

    ``reach`` is what lies on both sides of each value, half a bar for example; ``padded`` leaves
    some room beyond the last value, for a marker.
    """

    asked: Sequence[Any]
    reach: float = 0.0
    padded: bool = False


def place_of(value: Any) -> float:
    """Give the place of a number or a day (days since 1970); ``nan`` for none."""
    if value is None:
        return math.nan
    if isinstance(value, (dt.date, np.datetime64)):
        stamp = pd.Timestamp(value)
        return math.nan if pd.isna(stamp) else (stamp - _EPOCH) / _DAY
    if isinstance(value, str):
        return (pd.Timestamp(value) - _EPOCH) / _DAY
    return float(value)


def scale_of(axis: Any, extents: Sequence[Extent], room: float, *, banded: bool) -> Scale:
    """Make the scale of an axis of a length in points: fewer ticks when it is short.

    ``banded`` says that each category has a band (bars, boxes) rather than a line.
    """
    values = [v for extent in extents for v in extent.asked if v is not None]
    title = " ".join(line for line, _ in lines_of(axis.title.text))
    grid = axis.showgrid is not False
    if axis.type == "category" or any(isinstance(v, str) for v in values):
        names = _names(axis, values)
        low, high = axis.range or ((-0.5, len(names) - 0.5) if banded else _lined(len(names)))
        ends = (high, low) if axis.autorange == "reversed" else (low, high)
        return Scale(*ends, names, _named_ticks(axis, names), title, grid)
    dated = any(isinstance(v, (dt.date, np.datetime64)) for v in values)
    low, high = _ends(axis, extents)
    ticks = _day_ticks(axis, low, high) if dated else _number_ticks(axis, low, high, room)
    ends = (high, low) if axis.autorange == "reversed" else (low, high)
    return Scale(*ends, (), ticks, title, grid)


def _rank(ranks: dict[str, float], value: Any) -> float:
    """Give the place of a category: by its name, or by its rank as a number."""
    if value is None:
        return math.nan
    place = float(value) if isinstance(value, (int, float)) else math.nan
    return ranks.get(str(value), place)


def _lined(n: int) -> tuple[float, float]:
    """Leave less beside the first and the last of few categories joined by a line."""
    return (-0.25, n - 0.75) if n > 1 else (-0.5, 0.5)


def _names(axis: Any, values: Sequence[Any]) -> tuple[str, ...]:
    if axis.categoryarray is not None:
        return tuple(str(v) for v in axis.categoryarray)
    return tuple(dict.fromkeys(str(v) for v in values))


def _named_ticks(axis: Any, names: Sequence[str]) -> tuple[Tick, ...]:
    shown = names if axis.tickvals is None else [str(v) for v in axis.tickvals]
    labels = shown if axis.ticktext is None else axis.ticktext
    ranks = {name: float(rank) for rank, name in enumerate(names)}
    return tuple(
        _tick(ranks[v], label) for v, label in zip(shown, labels, strict=True) if v in ranks
    )


def _tick(place: float, label: str) -> Tick:
    ((text, bold),) = lines_of(label) or [("", False)]
    return Tick(place, text, bold)


def _ends(axis: Any, extents: Sequence[Extent]) -> tuple[float, float]:
    if axis.range is not None:
        low, high = (place_of(end) for end in axis.range)
        return low, high
    lows, highs, padded = [], [], False
    for extent in extents:
        places = np.array([place_of(v) for v in extent.asked], dtype=float)
        places = places[np.isfinite(places)]
        if len(places):
            lows.append(float(places.min()) - extent.reach)
            highs.append(float(places.max()) + extent.reach)
            padded |= extent.padded
    if not lows:
        return 0.0, 1.0
    low, high = min(lows), max(highs)
    span = (high - low) or abs(high) or 1.0
    if padded or low == high:
        low, high = low - _PAD * span, high + _PAD * span
    if axis.rangemode == "tozero":
        low, high = (0.0 if min(lows) >= 0 else low), max(high, 0.0)
    return low, high


def _number_ticks(axis: Any, low: float, high: float, room: float) -> tuple[Tick, ...]:
    if axis.tickvals is not None:
        places = [float(v) for v in axis.tickvals]
        labels = axis.ticktext or [_written(v, 0) for v in places]
    else:
        places, decimals = _regular(axis, low, high, room)
        labels = [_written(v, decimals) for v in places]
    suffix = axis.ticksuffix or ""
    return tuple(Tick(v, f"{text}{suffix}") for v, text in zip(places, labels, strict=True))


def _regular(axis: Any, low: float, high: float, room: float) -> tuple[list[float], int]:
    whole = (axis.tickformat or "").endswith("d")
    if axis.dtick is not None:
        if not isinstance(axis.dtick, (int, float)):
            raise InvalidInputError("Cette graduation ne peut pas être redessinée.", axis.dtick)
        step = float(axis.dtick)
        step *= max(1, math.ceil((high - low) / step / (room / 20)))
        origin = float(axis.tick0 or 0)
        first, last = math.ceil((low - origin) / step), math.floor((high - origin) / step)
        places = [origin + step * i for i in range(first, last + 1)]
    else:
        most = min(axis.nticks or 12, max(2, int(room / (52 * POINTS))))
        found = MaxNLocator(most, steps=_STEPS, integer=whole).tick_values(low, high)
        places = [float(v) for v in found if low - 1e-9 <= v <= high + 1e-9]
        step = float(found[1] - found[0])
    decimals = 0 if whole else max(0, -math.floor(math.log10(step) + 1e-9))
    if decimals == 0 and not whole and step % 1:
        decimals = 1
    return places, decimals


def _day_ticks(axis: Any, low: float, high: float) -> tuple[Tick, ...]:
    """Give one tick every so many months, named by its year."""
    months = int(str(axis.dtick or "M12").removeprefix("M"))
    origin = pd.Timestamp(axis.tick0 or dt.date(2000, 1, 1))
    first, last = (_EPOCH + _DAY * end for end in (low, high))
    ticks = []
    step = math.ceil((first.year - origin.year) * 12 / months)
    while (day := origin + pd.DateOffset(months=months * step)) <= last:
        if day >= first:
            ticks.append(Tick(place_of(day), str(day.year)))
        step += 1
    return tuple(ticks)


def _written(value: float, decimals: int) -> str:
    return number(value, decimals).replace("-", "−")
