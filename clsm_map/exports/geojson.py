"""GeoJSON that every GIS reads: RFC 7946, with what the figures rest on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import geopandas as gpd
import shapely

DECIMALS: Final = 6
"""About 10 cm: RFC 7946 advises against more."""


def feature_collection(
    rows: Iterable[Mapping[str, object]],
    identifier: str,
    contours: gpd.GeoDataFrame,
    metadata: Mapping[str, object],
) -> bytes:
    """Write rows with their contours as a GeoJSON feature collection.

    Parameters
    ----------
    rows : iterable of mappings
        Plain values; ``nan`` is written as ``null``.
    identifier : str
        Key of the rows that names their contour.
    contours : geopandas.GeoDataFrame
        ``code, geometry`` (EPSG:4326, the only system that RFC 7946 allows).
    metadata : mapping
        Title, date, sources and cautions: a foreign member of the collection (RFC 7946, 6.1).

    Returns
    -------
    bytes
        UTF-8. Exterior rings run anticlockwise (RFC 7946, 3.1.6); a row without a contour has a
        ``null`` geometry; codes stay texts.
    """
    listed = list(rows)
    wanted = [str(row[identifier]) for row in listed]
    shapes = contours.set_index("code")["geometry"].reindex(wanted)
    geometries = shapely.set_precision(
        shapes.to_numpy(dtype=object), 10.0**-DECIMALS, mode="pointwise"
    )
    oriented = [_geometry(shape) for shape in geometries]
    features = [
        {
            "type": "Feature",
            "id": code,
            "geometry": geometry,
            "properties": {key: _plain(value) for key, value in row.items()},
        }
        for code, row, geometry in zip(wanted, listed, oriented, strict=True)
    ]
    content: dict[str, Any] = {"type": "FeatureCollection", "metadata": dict(metadata)}
    known = [shape for shape in geometries if shape is not None]
    if known:
        content["bbox"] = [round(float(v), DECIMALS) for v in shapely.total_bounds(known)]
    content["features"] = features
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _geometry(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    written: dict[str, Any] = json.loads(
        shapely.to_geojson(shapely.orient_polygons(shape, exterior_cw=False))
    )
    return written


def _plain(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value
