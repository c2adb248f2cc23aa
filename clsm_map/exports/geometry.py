"""Geometries as interchange formats want them: right-hand rule, no more digits than known."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

DECIMALS: Final = 6
"""Digits of the degrees: about 10 cm, far below what the contours know."""

Shapes = NDArray[Any]


def interchange(shapes: Shapes) -> Shapes:
    """Turn outer rings counter-clockwise (RFC 7946, 3.1.6) and round to `DECIMALS`.

    Parameters
    ----------
    shapes : ndarray of shapely geometries
        EPSG:4326; ``None`` stays.
    """
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, DECIMALS))
    turned: Shapes = np.asarray(shapely.orient_polygons(rounded), dtype=object)
    return turned


def multi(shapes: Shapes) -> Shapes:
    """Make every polygon a multipolygon, so that a layer holds one type; points stay."""
    out = np.array(shapes, dtype=object)
    for i, shape in enumerate(out):
        if isinstance(shape, shapely.Polygon):
            out[i] = shapely.MultiPolygon([shape])
        elif isinstance(shape, shapely.GeometryCollection) and not isinstance(
            shape, shapely.MultiPolygon
        ):
            polygons = [p for p in shapely.get_parts(shape) if isinstance(p, shapely.Polygon)]
            out[i] = shapely.MultiPolygon(polygons)
    return out
