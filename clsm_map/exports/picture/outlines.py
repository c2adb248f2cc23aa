"""Reads back the geometry files published for the browser, as arrays ready to be projected."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from clsm_map.exports.offline.carried import columns_at
from clsm_map.maps.model import Form, Geometry

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Features of a geometry file.

    Attributes
    ----------
    form : Form
        ``aires`` or ``points``.
    points : ndarray of float, shape (n, 2)
        Longitudes and latitudes: every vertex of every ring, rings one after the other, without
        their closing vertex; for points, one row by feature.
    ring_starts : ndarray of int
        First row of each ring, and ``n`` at the end.
    ring_features : ndarray of int
        Feature of each ring. Outer rings turn clockwise and holes the other way, as in the file.
    names : tuple of str
        Name of each feature.
    """

    form: Form
    points: Floats
    ring_starts: Integers
    ring_features: Integers
    names: tuple[str, ...]


def read_outlines(geometry: Geometry, static: Path) -> Outlines:
    """Read the file of a geometry, or what travels in its address.

    Parameters
    ----------
    geometry : Geometry
        As `clsm_map.maps.geometry.publish` gives it.
    static : Path
        Folder where it was published.
    """
    return _read(geometry.url, static)


def outlines_of(shapes: npt.NDArray[Any]) -> Outlines:
    """Take shapes as they are in memory: polygons (outer rings clockwise) or points, EPSG:4326."""
    if len(shapes) and isinstance(shapes[0], shapely.Point):
        points = shapely.get_coordinates(shapes)
        starts = np.arange(len(points) + 1)
        return Outlines("points", points, starts, starts[:-1], ("",) * len(points))
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_owner = shapely.get_rings(
        shapely.orient_polygons(parts, exterior_cw=True), return_index=True
    )
    points, owner = shapely.get_coordinates(rings, return_index=True)
    last = np.flatnonzero(np.diff(owner, append=-1))
    points, owner = np.delete(points, last, axis=0), np.delete(owner, last)
    counts = np.bincount(owner, minlength=len(rings))
    starts = np.concatenate([[0], np.cumsum(counts)])
    names = ("",) * len(shapes)
    return Outlines("aires", points, starts, part_owner[ring_owner], names)


@lru_cache(maxsize=64)
def _read(url: str, static: Path) -> Outlines:
    columns = columns_at(url, static)
    unit = 10 ** columns["d"]
    names = tuple(columns["n"])
    if "p" in columns:
        points = np.array(columns["p"], dtype=np.float64).reshape(-1, 2) / unit
        starts = np.arange(len(points) + 1)
        return Outlines("points", points, starts, starts[:-1], names)
    rings = [np.array(ring, dtype=np.int64).reshape(-1, 2) for f in columns["r"] for ring in f]
    owners = np.repeat(np.arange(len(columns["r"])), [len(f) for f in columns["r"]])
    if not rings:
        return Outlines("aires", np.empty((0, 2)), np.zeros(1, dtype=np.int64), owners, names)
    starts = np.concatenate([[0], np.cumsum([len(r) for r in rings])])
    points = np.concatenate([np.cumsum(r, axis=0) for r in rings]) / unit
    return Outlines("aires", points, starts, owners, names)
