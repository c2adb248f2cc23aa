"""Shapes ready to be drawn: features as arrays of points, then as matplotlib's paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.path import Path as Outline

from clsm_map.exports.offline import columns_at
from clsm_map.exports.picture.frames import Floats, Frame
from clsm_map.maps.model import Form, Geometry

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_GRID: Final = 10.0
"""Vertices are snapped to a tenth of a point: neighbours lose the same ones, no gap opens."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Features: areas or points, in longitude and latitude.

    Attributes
    ----------
    points : ndarray of float, shape (n, 2)
        Every vertex of every ring, rings one after the other, without their closing vertex; for
        points, one row by feature.
    ring_starts : ndarray of int
        First row of each ring, and ``n`` at the end.
    ring_features : ndarray of int
        Feature of each ring. Outer rings turn clockwise and holes the other way.
    names : tuple of str
        Name of each feature.
    """

    form: Form
    points: Floats
    ring_starts: Integers
    ring_features: Integers
    names: tuple[str, ...]


def read_outlines(geometry: Geometry, static: Path) -> Outlines:
    """Read the file of a published geometry, or what travels in its address."""
    return _read(geometry.url, static)


def outlines_of(shapes: npt.NDArray[Any]) -> Outlines:
    """Take shapes as they are in memory: polygons or points, EPSG:4326."""
    names = ("",) * len(shapes)
    if len(shapes) and isinstance(shapes[0], shapely.Point):
        return _spots(shapely.get_coordinates(shapes), names)
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_owner = shapely.get_rings(
        shapely.orient_polygons(parts, exterior_cw=True), return_index=True
    )
    points = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    return _areas(points, part_owner[ring_owner], names)


@lru_cache(maxsize=64)
def _read(url: str, static: Path) -> Outlines:
    columns = columns_at(url, static)
    unit = 10 ** columns["d"]
    names = tuple(columns["n"])
    if "p" in columns:
        return _spots(np.array(columns["p"], dtype=np.float64).reshape(-1, 2) / unit, names)
    owners = np.repeat(np.arange(len(columns["r"])), [len(f) for f in columns["r"]])
    steps = [np.array(ring, dtype=np.int64).reshape(-1, 2) for f in columns["r"] for ring in f]
    return _areas([np.cumsum(ring, axis=0) / unit for ring in steps], owners, names)


def _spots(points: Floats, names: tuple[str, ...]) -> Outlines:
    starts = np.arange(len(points) + 1)
    return Outlines("points", points, starts, starts[:-1], names)


def _areas(rings: list[Floats], owners: Integers, names: tuple[str, ...]) -> Outlines:
    starts = np.cumsum([0, *(len(ring) for ring in rings)])
    return Outlines("aires", np.concatenate([np.empty((0, 2)), *rings]), starts, owners, names)


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
    """Join the rings wanted in one path, in points of the page; ``None`` when nothing is left."""
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
