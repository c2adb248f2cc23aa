"""Texts and colours as plotly writes them, read for matplotlib."""

from __future__ import annotations

import html
import re
from typing import Final, TypeAlias

from matplotlib.colors import to_rgba

Colour: TypeAlias = tuple[float, float, float, float]

POINTS: Final = 0.75
"""Points of a pixel of the page."""

_BREAK: Final = re.compile(r"<br\s*/?>")
_TAG: Final = re.compile(r"</?(?:b|i|span|sub|sup)\b[^>]*>")
_RGB: Final = re.compile(r"rgba?\(([^)]+)\)")


def lines_of(text: str | None) -> list[tuple[str, bool]]:
    """Read the lines of a label, and whether each is bold.

    Parameters
    ----------
    text : str or None
        May hold ``<b>``, ``<br>`` and HTML entities.

    Examples
    --------
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
    """Read a colour; none is transparent.

    Parameters
    ----------
    text : str or None
        A name, ``#rrggbb``, ``rgb(…)`` or ``rgba(…)``.
    opacity : float, optional
        Multiplies that of the colour.

    Returns
    -------
    tuple of float
        Red, green, blue, opacity, from 0 to 1.

    Examples
    --------
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
