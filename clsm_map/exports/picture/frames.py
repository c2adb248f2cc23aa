"""Frames of a picture: a piece of the earth, its projection, and where it goes on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.patches import Rectangle as Box
from pyproj import Transformer

from clsm_map.analysis.gaps import zone_at
from clsm_map.domain.territories import OVERSEAS, metric_crs
from clsm_map.exports.picture.canvas import Rectangle
from clsm_map.maps.geometry import HEXAGONE, OVERSEAS_BOUNDS
from clsm_map.maps.model import Bounds

Floats = npt.NDArray[np.float64]

LAMBERT_93: Final = 2154
HEXAGONE_METRES: Final = (90_000.0, 6_040_000.0, 1_250_000.0, 7_120_000.0)
"""Mainland France and Corsica in Lambert-93: west, south, east, north."""
PIXEL: Final = 0.68
"""Points of the page for one pixel of the map on a screen."""
_SHORT: Final = {"978": "Saint-Martin", "987": "Tahiti et Moorea"}
_EQUATOR_METRES_PER_PIXEL: Final = 156_543.034
_EDGE: Final = 24
"""Points taken on each side of a box to project it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of the earth on the page: its metric projection, its middle (metres), its scale.

    ``degrees`` is the box of the piece, wide enough to choose what may be seen; ``label`` is
    written above it.
    """

    rectangle: Rectangle
    epsg: int
    centre: tuple[float, float]
    metres_per_point: float
    degrees: Bounds
    label: str = ""

    def to_page(self, points: Floats) -> Floats:
        """Project longitudes and latitudes to points of the page."""
        x, y = transformer(self.epsg).transform(points[:, 0], points[:, 1])
        box = self.rectangle
        return np.column_stack(
            [
                box.left + box.width / 2 + (x - self.centre[0]) / self.metres_per_point,
                box.bottom + box.height / 2 + (y - self.centre[1]) / self.metres_per_point,
            ]
        )

    def shrink(self) -> float:
        """Give the share of its radius that a spot keeps at this scale, as on a web map."""
        (south, _), (north, _) = self.degrees
        across = _EQUATOR_METRES_PER_PIXEL * math.cos(math.radians((south + north) / 2))
        zoom = math.log2(across / (self.metres_per_point * PIXEL))
        return max(0.55, min(1.0, 0.6 + (zoom - 4.5) * 0.32))

    def north(self) -> float:
        """Give the angle of the north at the centre, in degrees clockwise from the top."""
        back = transformer(self.epsg)
        longitude, latitude = back.transform(*self.centre, direction="INVERSE")
        x, y = back.transform(
            np.array([longitude, longitude]), np.array([latitude, latitude + 0.01])
        )
        return math.degrees(math.atan2(x[1] - x[0], y[1] - y[0]))

    def box(self, **look: Any) -> Box:
        """Give its rectangle, to clip or to outline."""
        place = self.rectangle
        return Box((place.left, place.bottom), place.width, place.height, **look)


@lru_cache(maxsize=16)
def transformer(epsg: int) -> Transformer:
    """Give the projection from longitude and latitude (WGS 84) to metres."""
    return Transformer.from_crs(4326, epsg, always_xy=True)


def frame_of(rectangle: Rectangle, bounds: Bounds, label: str = "", margin: float = 0.04) -> Frame:
    """Fit a box of degrees in a rectangle, in the metric projection of its centre.

    ``margin`` is the share of the box left free around it.
    """
    (south, west), (north, east) = bounds
    epsg = metric_crs(zone_at((west + east) / 2, (south + north) / 2) or "")
    x, y = transformer(epsg).transform(*_edges(bounds))
    box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    return _fitted(rectangle, epsg, box, label, margin)


def hexagone(rectangle: Rectangle) -> Frame:
    """Fit mainland France and Corsica in a rectangle, in Lambert-93."""
    return _fitted(rectangle, LAMBERT_93, HEXAGONE_METRES, "", 0.0)


def overseas(rectangles: list[Rectangle]) -> list[Frame]:
    """Give the frames of the first overseas territories, in the order of `OVERSEAS`."""
    return [
        frame_of(rectangle, OVERSEAS_BOUNDS[code], _SHORT.get(code, name), 0.06)
        for rectangle, (code, name) in zip(rectangles, OVERSEAS.items(), strict=False)
    ]


def is_national(bounds: Bounds) -> bool:
    """Tell whether a view is that of the whole country."""
    return bounds == HEXAGONE


def _edges(bounds: Bounds) -> tuple[Floats, Floats]:
    (south, west), (north, east) = bounds
    across = np.linspace(west, east, _EDGE)
    along = np.linspace(south, north, _EDGE)
    longitudes = np.concatenate([across, across, np.full(_EDGE, west), np.full(_EDGE, east)])
    latitudes = np.concatenate([np.full(_EDGE, south), np.full(_EDGE, north), along, along])
    return longitudes, latitudes


def _fitted(
    rectangle: Rectangle,
    epsg: int,
    box: tuple[float, float, float, float],
    label: str,
    margin: float,
) -> Frame:
    west, south, east, north = box
    scale = (1 + margin) * max((east - west) / rectangle.width, (north - south) / rectangle.height)
    centre = ((west + east) / 2, (south + north) / 2)
    half_width, half_height = scale * rectangle.width / 2, scale * rectangle.height / 2
    x = np.array([-1, 1, -1, 1, 0, 0]) * half_width + centre[0]
    y = np.array([-1, -1, 1, 1, -1, 1]) * half_height + centre[1]
    longitude, latitude = transformer(epsg).transform(x, y, direction="INVERSE")
    degrees = (
        (float(latitude.min()), float(longitude.min())),
        (float(latitude.max()), float(longitude.max())),
    )
    return Frame(rectangle, epsg, centre, scale, degrees, label)
