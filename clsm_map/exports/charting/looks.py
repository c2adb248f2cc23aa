"""Looks of traces: colours, patterns, dashes and symbols, from plotly's words to matplotlib's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.charting.words import POINTS, Colour, colour_of
from clsm_map.exports.picture.canvas import INK

SYMBOLS: Final[Mapping[str, tuple[str, float]]] = MappingProxyType(
    {
        "circle": ("o", 1.0),
        "square": ("s", 0.9),
        "diamond": ("D", 0.92),
        "triangle-up": ("^", 1.15),
    }
)
"""matplotlib's marker and the share of plotly's size it takes, by symbol."""
DASHES: Final[Mapping[str, Any]] = MappingProxyType(
    {"solid": "-", "dot": (0, (1, 2)), "dash": (0, (4.5, 3)), "dashdot": (0, (4.5, 3, 1, 3))}
)
HATCHES: Final[Mapping[str, str]] = MappingProxyType(
    {"/": "/////", ".": "....", "|": "||||", "x": "xxxx", "-": "----", "+": "++++"}
)
_EDGE: Final = "#444444"
"""plotly's outline of a marker that gives a width and no colour."""


def refuse(what: str) -> InvalidInputError:
    """Make the error of what this module cannot draw."""
    return InvalidInputError(
        "Cette figure ne peut pas encore être prise comme image : prenez son tableau.", what
    )


def values(found: Any) -> list[Any]:
    """Give the values of a trace as a list; none when it has none."""
    return [] if found is None else [None if v is pd.NA else v for v in found]


def outlined(
    axes: Axes, corner: tuple[float, float], size: tuple[float, float], **look: Any
) -> None:
    """Draw a rectangle of a bar, or its sample: its colour, its pattern, its outline."""
    pattern, ink = look.pop("pattern", ""), look.pop("ink", "#ffffff")
    width, height = size
    axes.add_patch(Rectangle(corner, width, height, **look))
    if pattern:
        depth = {"zorder": look["zorder"]} if "zorder" in look else {}
        over = Rectangle(
            corner, width, height, facecolor="none", edgecolor=colour_of(ink), linewidth=0.0,
            hatch=HATCHES[pattern], **depth,
        )  # fmt: skip
        axes.add_patch(over)


def bar_look(trace: Any, rank: int = 0) -> dict[str, Any]:
    """Give the look of one bar of a trace, as `outlined` takes it."""
    marker = trace.marker
    return {
        "facecolor": colour_of(one(marker.color, rank), marker.opacity),
        "edgecolor": colour_of(one(marker.line.color, rank)),
        "linewidth": POINTS * float(one(marker.line.width, rank) or 0),
        "pattern": one(marker.pattern.shape, rank) or "",
        "ink": one(marker.pattern.fgcolor, rank) or "#ffffff",
    }


def line_look(trace: Any) -> dict[str, Any]:
    """Give the look of the line of a trace, as matplotlib takes it."""
    return {
        "color": colour_of(trace.line.color or INK),
        "linewidth": POINTS * float(2 if trace.line.width is None else trace.line.width),
        "linestyle": DASHES[_dash(trace.line)],
        "solid_capstyle": "butt",
    }


def marker_look(trace: Any) -> tuple[dict[str, Any], float]:
    """Give the look of the markers of a trace, and the share of their size they take.

    Raises
    ------
    InvalidInputError
        A symbol is not one of `SYMBOLS`.
    """
    marker = trace.marker
    symbol = str(marker.symbol or "circle")
    name = symbol.removesuffix("-open")
    if name not in SYMBOLS:
        raise refuse(f"symbole {symbol}")
    sign, share = SYMBOLS[name]
    colour = marker.color if isinstance(marker.color, str) else INK
    width = float(marker.line.width or 0)
    if symbol.endswith("-open"):
        face: Colour = (0.0, 0.0, 0.0, 0.0)
        edge, width = colour_of(colour), max(width, 1.4)
    else:
        face = colour_of(colour, marker.opacity)
        edge = colour_of(marker.line.color or _EDGE, marker.opacity)
    return {
        "marker": sign,
        "facecolors": [face],
        "edgecolors": [edge],
        "linewidths": POINTS * width,
    }, share


def one(found: Any, rank: int) -> Any:
    """Give what one bar has: a trace gives one for all, or one each."""
    return found if found is None or isinstance(found, (str, int, float)) else found[rank]


def _dash(line: Any) -> str:
    """Give the dash of a line; that of a box has none."""
    return str(line.dash or "solid") if "dash" in line else "solid"
