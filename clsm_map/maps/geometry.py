"""Geometry files: each set of contours written once, under a name that follows from its content.

A file is JSON in columns: ``c`` codes, ``n`` names, ``t`` a second line for the tooltip (optional),
``v`` values that never change (optional), then ``r``, the rings of each feature as differences of
integers, or ``p``, longitudes and latitudes as integers; ``d`` is the number of decimals of the
degrees. It is half the size of GeoJSON once compressed, and the browser reads it once.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from clsm_map.maps.assets import STATIC_URL, write_once
from clsm_map.maps.model import Bounds, Form, Geometry

FORMAT: Final = 1
NATIONAL_DECIMALS: Final = 3
LOCAL_DECIMALS: Final = 4


def publish(frame: gpd.GeoDataFrame, stem: str, static_dir: Path | None, decimals: int) -> Geometry:
    """Write a set of features for the browser, unless it is already there.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Columns ``code``, ``nom``, ``geometry`` (EPSG:4326; all polygons, or all points) and,
        optionally, ``detail``: a second line for the tooltip, and ``valeur``: whole numbers that
        never change, for the tooltip and the size of circles.
    stem : str
        Beginning of the file's name.
    static_dir : Path or None
        Folder served under ``/app/static``. ``None`` writes no file: the features travel in the
        address itself, for what belongs to one visitor alone.
    decimals : int
        Decimals of the degrees kept: 3 is about 100 m, 4 about 10 m.

    Returns
    -------
    Geometry
        The file's address and the order of its features (that of the frame).
    """
    shapes = frame.geometry.to_numpy()
    codes = tuple(frame["code"].astype(str))
    columns: dict[str, Any] = {"d": decimals, "c": codes, "n": _texts(frame["nom"])}
    if "detail" in frame.columns:
        columns["t"] = _texts(frame["detail"])
    valued = "valeur" in frame.columns
    if valued:
        columns["v"] = [None if pd.isna(v) else round(v) for v in frame["valeur"]]
    form: Form = "points" if len(shapes) and shapely.get_type_id(shapes[0]) == 0 else "aires"
    if static_dir is None:
        inline = base64.b64encode(_content(columns, shapes, form)).decode()
        url = f"data:application/json;base64,{inline}"
    else:
        path = static_dir / "geo" / _file_name(stem, shapes, columns)
        if not path.is_file():
            write_once(path, _content(columns, shapes, form))
        url = f"{STATIC_URL}/geo/{path.name}"
    return Geometry(url, form, codes, bounds_of(shapes), valued)


def _content(columns: Mapping[str, Any], shapes: NDArray[Any], form: Form) -> bytes:
    decimals = columns["d"]
    drawn: dict[str, Any] = (
        {"p": point_integers(shapes, decimals)}
        if form == "points"
        else {"r": ring_differences(shapes, decimals)}
    )
    text = json.dumps({**columns, **drawn}, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _texts(column: pd.Series[Any]) -> list[str]:
    return ["" if pd.isna(text) else str(text) for text in column]


def _file_name(stem: str, shapes: NDArray[Any], columns: Mapping[str, Any]) -> str:
    digest = hashlib.blake2b(json.dumps([FORMAT, columns]).encode(), digest_size=8)
    for wkb in shapely.to_wkb(shapes):
        digest.update(wkb)
    return f"{stem}-{digest.hexdigest()}.json"


def point_integers(shapes: NDArray[Any], decimals: int) -> list[int]:
    """Give longitude and latitude of each point in turn, times ten to the decimals.

    >>> point_integers(np.array([shapely.Point(1.5, 43.25)]), 2)
    [150, 4325]
    """
    return [int(v) for v in np.rint(shapely.get_coordinates(shapes) * 10**decimals).ravel()]


def ring_differences(shapes: NDArray[Any], decimals: int) -> list[list[list[int]]]:
    """Give the rings of each polygon as integers, each point as its difference to the one before.

    The closing point and the points that rounding makes equal are left out; so are the rings that
    rounding makes flat.

    >>> ring_differences(np.array([shapely.box(1, 2, 3, 5)]), 0)
    [[[3, 2, 0, 3, -2, 0, 0, -3]]]
    """
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(points * 10**decimals).astype(np.int64)
    starts = np.searchsorted(ring_of, np.arange(len(rings)))
    ends = np.append(starts[1:], len(ring_of))
    moves = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    moves[starts] = grid[starts]
    keep = np.any(moves != 0, axis=1)
    keep[starts] = True
    keep[ends - 1] = False
    out: list[list[list[int]]] = [[] for _ in range(len(shapes))]
    owners = part_owner[ring_owner]
    for owner, start, end in zip(owners, starts, ends, strict=True):
        ring = moves[start:end][keep[start:end]]
        if len(ring) >= 3:
            out[owner].append(ring.ravel().tolist())
    return out


def bounds_of(shapes: Iterable[Any]) -> Bounds:
    """Give the extent of shapes as ((south, west), (north, east)).

    >>> bounds_of([shapely.box(1, 2, 3, 5)])
    ((2.0, 1.0), (5.0, 3.0))
    """
    west, south, east, north = (float(v) for v in shapely.total_bounds(np.asarray(list(shapes))))
    return ((south, west), (north, east))
