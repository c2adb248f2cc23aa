"""From rings and spots to the paths that matplotlib draws."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.path import Path as Outline

from clsm_map.exports.picture.frames import Frame
from clsm_map.exports.picture.outlines import Floats, Integers, Outlines

_GRID: Final = 10.0
"""Vertices are snapped to a tenth of a point: neighbours lose the same ones, no gap opens."""

Flags = npt.NDArray[np.bool_]


def visible_rings(outlines: Outlines, frame: Frame) -> Flags:
    """Tell which rings may be seen in a frame."""
    if not len(outlines.ring_features):
        return np.zeros(0, dtype=bool)
    starts = outlines.ring_starts[:-1]
    low = np.minimum.reduceat(outlines.points, starts)
    high = np.maximum.reduceat(outlines.points, starts)
    (south, west), (north, east) = frame.degrees
    seen: Flags = (
        (low[:, 0] < east) & (high[:, 0] > west) & (low[:, 1] < north) & (high[:, 1] > south)
    )
    return seen


def ring_path(outlines: Outlines, rings: Flags, frame: Frame) -> Outline | None:
    """Join some rings in one path, in points of the page.

    Parameters
    ----------
    outlines : Outlines
        Of form ``aires``.
    rings : ndarray of bool
        Rings wanted.

    Returns
    -------
    matplotlib.path.Path or None
        ``None`` when nothing is left.
    """
    lengths = np.diff(outlines.ring_starts)
    wanted = np.repeat(rings, lengths)
    if not wanted.any():
        return None
    owner = np.repeat(np.arange(rings.sum()), lengths[rings])
    page = np.rint(frame.to_page(outlines.points[wanted]) * _GRID) / _GRID
    moved = np.ones(len(page), dtype=bool)
    moved[1:] = np.any(page[1:] != page[:-1], axis=1) | (owner[1:] != owner[:-1])
    page, owner = page[moved], owner[moved]
    kept = np.bincount(owner)[owner] >= 3
    page, owner = page[kept], owner[kept]
    return _closed(page, owner) if len(page) else None


def _closed(points: Floats, owner: Integers) -> Outline:
    """Make a compound path, each ring closed."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], len(points))
    vertices = np.insert(points, last, points[first], axis=0)
    codes = np.full(len(vertices), Outline.LINETO, dtype=np.uint8)
    codes[first + np.arange(len(first))] = Outline.MOVETO
    codes[last + np.arange(len(last))] = Outline.CLOSEPOLY
    return Outline(vertices, codes)


def _polygon(points: list[tuple[float, float]]) -> Outline:
    return Outline([*points, points[0]], closed=True)


def _segments(ends: list[tuple[float, float, float, float]]) -> Outline:
    vertices = [(x, y) for x1, y1, x2, y2 in ends for x, y in ((x1, y1), (x2, y2))]
    return Outline(vertices, [Outline.MOVETO, Outline.LINETO] * len(ends))


SHAPES: Final[dict[str, Outline]] = {
    "rond": Outline.unit_circle(),
    "carre": _polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
    "losange": _polygon([(0, 1.25), (1.25, 0), (0, -1.25), (-1.25, 0)]),
    "triangle": _polygon([(0, 1.2), (1.15, -0.85), (-1.15, -0.85)]),
}
"""Shapes of spots, for a radius of 1; the same proportions as on the page."""

CROSS: Final = _segments([(-0.42, -0.42, 0.42, 0.42), (-0.42, 0.42, 0.42, -0.42)])
DASH: Final = _segments([(-0.42, 0.0, 0.42, 0.0)])
DOT: Final = Outline.circle((0.0, 0.0), 0.24)
STRIPES: Final = _segments(
    [(-0.66, -0.66, 0.66, 0.66), (-0.82, 0.0, 0.0, 0.82), (0.0, -0.82, 0.82, 0.0)]
)
DOTS: Final = Outline.make_compound_path(
    *(Outline.circle((x, y), 0.17) for x, y in ((-0.38, 0.28), (0.38, 0.28), (0.0, -0.38)))
)
