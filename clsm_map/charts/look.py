"""The look that figures share: font, French numbers, no clutter, whole numbers on axes."""

from __future__ import annotations

import html
from typing import Any, Final

import plotly.graph_objects as go

from clsm_map.domain.devices import STATUSES, StatusId

FONT: Final = "Public Sans, Segoe UI, sans-serif"
INK: Final = "#23262b"
SOFT: Final = "#5b6470"
LINE: Final = "#e4e0d8"
SEPARATORS: Final = ",\u202f"
"""Decimal comma, narrow no-break space between thousands."""

CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "locale": "fr"}
"""What a page passes to its chart element: no tool bar."""

_PATTERNS: Final[dict[str, str]] = {
    "plein": "",
    "hachures": "/",
    "points": ".",
    "anneau": "|",
    "croix": "x",
    "contour": "",
}


def dress(figure: go.Figure, height: int) -> go.Figure:
    """Give a figure the look of the application."""
    figure.update_layout(
        height=height,
        separators=SEPARATORS,
        font={"family": FONT, "size": 13, "color": INK},
        hoverlabel={"font": {"family": FONT, "size": 13}, "bgcolor": "#ffffff", "align": "left"},
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    )
    figure.update_xaxes(title_font_size=13)
    figure.update_xaxes(fixedrange=True, gridcolor=LINE, zerolinecolor=LINE, automargin=True)
    figure.update_yaxes(fixedrange=True, gridcolor=LINE, zerolinecolor=LINE, automargin=True)
    return figure


def status_marker(status: StatusId) -> dict[str, Any]:
    """Give the marker of a bar of a status: its colour, and the pattern that doubles it."""
    look = STATUSES[status]
    outlined = look.mark == "contour"
    return {
        "color": look.colour,
        "line": {"color": INK if outlined else "#ffffff", "width": 1.0 if outlined else 0.5},
        "pattern": {
            "shape": _PATTERNS[look.mark],
            "fillmode": "overlay",
            "fgcolor": "#ffffff",
            "size": 6,
            "solidity": 0.35,
        },
    }


def plain(text: str, most: int = 0) -> str:
    """Escape a text from data, cut at ``most`` characters: plotly reads some HTML in labels."""
    cut = f"{text[: most - 1].rstrip()}…" if 0 < most < len(text) else text
    return html.escape(cut, quote=False)


def dress_values(figure: go.Figure, height: int) -> go.Figure:
    """Give a figure the look of the application, its axes written in whole numbers."""
    numbers = {"exponentformat": "none", "separatethousands": True, "title_font_size": 13}
    figure.update_xaxes(numbers)
    figure.update_yaxes(numbers)
    return dress(figure, height)
