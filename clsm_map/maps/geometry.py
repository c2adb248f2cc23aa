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
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from clsm_map.domain.territories import Territory
from clsm_map.maps.model import Bounds, Form, Geometry, Place, Town
from clsm_map.settings import get_settings
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import communes_of

STATIC_URL: Final = "../../app/static"
"""Where the map's frame finds static files; relative, so that it also holds under a URL prefix."""

RUNTIME: Final = ("geometry.js", "marks.js", "scene.js", "controls.js", "carte.js", "stage.js")
"""Parts of the runtime, in the order in which they are joined."""

_HERE: Final = Path(__file__).parent / "assets"
_FONTS: Final = Path(__file__).parent.parent / "ui" / "assets" / "fonts"


@dataclass(frozen=True, slots=True)
class StaticAssets:
    """Addresses of the map's scripts and styles, in the order in which they load."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def write_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there with that size, whole or not at all.

    Two processes may do it at once: each writes its own temporary file, and the last rename wins
    with the same bytes.
    """
    if path.is_file() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def content_name(stem: str, suffix: str, content: bytes) -> str:
    """Name a file after its content: ``carte-0123456789ab.js``."""
    return f"{stem}-{hashlib.blake2b(content, digest_size=6).hexdigest()}{suffix}"


def runtime_script() -> bytes:
    """Join the parts of the runtime in one script that keeps its names to itself."""
    parts = [(_HERE / "js" / name).read_text(encoding="utf-8") for name in RUNTIME]
    return ('(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n").encode()


def _font_faces(fonts: list[Path]) -> str:
    """Declare the Latin faces of Public Sans for the frame, which has no access to the page's."""
    rules = [
        "@font-face{font-family:'Public Sans';font-weight:100 900;font-display:swap;"
        f"font-style:normal;src:url('../fonts/{font.name}') format('woff2')}}"
        for font in fonts
        if font.name.endswith("latin-wght-normal.woff2")
    ]
    return "\n".join(rules)


def prepare_static(static_dir: Path) -> StaticAssets:
    """Put the map's files where Streamlit serves them; does nothing when they are there.

    ``static_dir``: the ``static`` folder next to the script that Streamlit runs.
    """
    leaflet = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    fonts = sorted(_FONTS.glob("*.woff2"))
    for font in fonts:
        write_once(static_dir / "fonts" / font.name, font.read_bytes())
    style = _font_faces(fonts) + "\n" + (_HERE / "carte.css").read_text(encoding="utf-8")
    files = {
        ("leaflet", ".js"): (leaflet / "leaflet.js").read_bytes(),
        ("carte", ".js"): runtime_script(),
        ("leaflet", ".css"): (leaflet / "leaflet.css").read_bytes(),
        ("carte", ".css"): style.encode(),
    }
    addresses: dict[str, list[str]] = {".js": [], ".css": []}
    for (stem, suffix), content in files.items():
        name = content_name(stem, suffix, content)
        write_once(static_dir / "carte" / name, content)
        addresses[suffix].append(f"{STATIC_URL}/carte/{name}")
    return StaticAssets(tuple(addresses[".js"]), tuple(addresses[".css"]))


@lru_cache(maxsize=1)
def static_assets() -> StaticAssets:
    """Prepare the files of `Settings.static` once per process."""
    return prepare_static(get_settings().static)


FORMAT: Final = 1
NATIONAL_DECIMALS: Final = 3
LOCAL_DECIMALS: Final = 4


def publish(frame: gpd.GeoDataFrame, stem: str, static_dir: Path | None, decimals: int) -> Geometry:
    """Write a set of features for the browser, unless it is already there.

    ``frame``: columns ``code``, ``nom``, ``geometry`` (EPSG:4326; all polygons, or all points) and,
      optionally, ``detail``: a second line for the tooltip, and ``valeur``: whole numbers that
      never change, for the tooltip and the size of circles.
    ``static_dir``: folder served under ``/app/static``. ``None`` writes no file: the features
      travel in the address itself, for what belongs to one visitor alone.
    ``decimals``: decimals of the degrees kept: 3 is about 100 m, 4 about 10 m.

    Gives the file's address and the order of its features (that of the frame).
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


MOST: Final = 24
LARGE: Final = 100_000


def main_towns(snapshot: Snapshot, territory: Territory) -> tuple[Town, ...]:
    """List the most populous communes of a territory, at a point inside each.

    Gives at most `MOST`, most populous first; rank 1 from `LARGE` inhabitants.
    """
    communes = snapshot.communes_all
    here = communes[communes["code"].isin(communes_of(snapshot, territory))]
    largest = here.nlargest(MOST, "population")
    shapes = snapshot.contours("commune", "national").set_index("code")["geometry"]
    placed = largest[largest["code"].isin(shapes.index)]
    points = shapely.point_on_surface(shapes.loc[placed["code"]].to_numpy())
    return _towns(placed, points)


def towns_between(snapshot: Snapshot, bounds: Bounds) -> tuple[Town, ...]:
    """List the most populous communes whose middle lies in an extent.

    Gives at most `MOST`, most populous first; rank 1 from `LARGE` inhabitants.
    """
    (south, west), (north, east) = bounds
    middles = _middles(snapshot)
    largest = middles.cx[west:east, south:north].nlargest(MOST, "population")
    return _towns(largest, largest.geometry.to_numpy())


@lru_cache(maxsize=2)
def _middles(snapshot: Snapshot) -> gpd.GeoDataFrame:
    """Place the communes that have a contour at the middle of their extent."""
    shapes = snapshot.contours("commune", "national").set_index("code")["geometry"]
    placed = snapshot.communes[snapshot.communes["code"].isin(shapes.index)]
    boxes = shapely.bounds(shapes.loc[placed["code"]].to_numpy())
    points = shapely.points((boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)
    return gpd.GeoDataFrame(placed[["nom", "population"]], geometry=points, crs=4326)


def _towns(communes: pd.DataFrame, points: Iterable[shapely.Point]) -> tuple[Town, ...]:
    named = zip(
        communes["nom"].astype(str), communes["population"].astype(float), points, strict=True
    )
    return tuple(
        Town(name, float(point.y), float(point.x), 1 if inhabitants >= LARGE else 2)
        for name, inhabitants, point in named
    )


HEXAGONE: Final[Bounds] = ((41.3, -5.2), (51.1, 9.6))
"""Mainland France and Corsica."""

OVERSEAS_BOUNDS: Final[dict[str, Bounds]] = {
    "971": ((15.8, -61.85), (16.55, -60.95)),
    "972": ((14.36, -61.27), (14.91, -60.78)),
    "973": ((2.1, -54.65), (5.8, -51.6)),
    "974": ((-21.42, 55.19), (-20.85, 55.86)),
    "976": ((-13.03, 45.0), (-12.62, 45.32)),
    "978": ((18.03, -63.17), (18.14, -62.96)),
    "987": ((-17.92, -149.98), (-17.42, -149.1)),
}
"""Extent of each overseas territory of `clsm_map.domain.territories.OVERSEAS`; for Polynésie
française, Tahiti and Moorea, where its QPV are."""

_SHORT: Final = {"978": "Saint-Martin", "987": "Polynésie"}


def default_places(names: dict[str, str]) -> tuple[Place, ...]:
    """Give the buttons of a map of the whole country."""
    overseas = (Place(_SHORT.get(c, n), OVERSEAS_BOUNDS[c]) for c, n in names.items())
    return (Place("Hexagone", HEXAGONE), *overseas)
