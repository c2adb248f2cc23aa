"""Zones of land: what no distance leaves, and the metric projection of each."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from clsm_map.domain.territories import OVERSEAS, OVERSEAS_COLLECTIVITIES, metric_crs

Geometries = npt.NDArray[np.object_]

MAINLAND: Final = "metropole"
CORSICA: Final = "corse"

_BOXES: Final[dict[str, tuple[float, float, float, float]]] = {
    CORSICA: (8.4, 41.2, 9.7, 43.15),
    MAINLAND: (-5.3, 42.2, 8.4, 51.2),
    "971": (-62.0, 15.7, -60.9, 16.6),
    "972": (-61.3, 14.3, -60.7, 15.0),
    "973": (-54.7, 2.0, -51.5, 5.9),
    "974": (55.1, -21.5, 56.0, -20.8),
    "976": (44.9, -13.1, 45.4, -12.6),
    "977": (-62.96, 17.82, -62.75, 17.98),
    "978": (-63.2, 18.0, -62.96, 18.15),
    "987": (-155.0, -28.0, -134.0, -7.0),
}
"""West, south, east and north of each zone, degrees (WGS 84), wide of its coasts."""


def zone_of(departement: str) -> str:
    """Give the zone of a département or overseas collectivité.

    Parameters
    ----------
    departement : str
        ``93``, ``2A``, ``971``, ``987``…

    Returns
    -------
    str
        ``metropole``, ``corse``, or the overseas code itself: the sea parts Corsica from the
        mainland, and Guadeloupe from Martinique and Saint-Martin although they share a projection.
    """
    if departement in {"2A", "2B"}:
        return CORSICA
    overseas = departement in OVERSEAS or departement in OVERSEAS_COLLECTIVITIES
    return departement if overseas else MAINLAND


def zone_at(longitude: float, latitude: float) -> str | None:
    """Give the zone of a point.

    Parameters
    ----------
    longitude, latitude : float
        Degrees, WGS 84.

    Returns
    -------
    str or None
        ``None`` when the point is far from every zone.
    """
    for zone, (west, south, east, north) in _BOXES.items():
        if west <= longitude <= east and south <= latitude <= north:
            return zone
    return None


def to_metric(geometries: Geometries, zone: str) -> Geometries:
    """Project geometries of one zone to its metric projection.

    Parameters
    ----------
    geometries : array of shapely geometries
        Longitude and latitude (EPSG:4326).
    zone : str
        As `zone_of` gives it.

    Returns
    -------
    array of shapely geometries
        Metres, in `clsm_map.domain.territories.metric_crs` of the zone.
    """
    transformer = _transformer(metric_crs(zone))

    def project(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    projected: Geometries = np.asarray(shapely.transform(geometries, project), dtype=object)
    return projected


def project_by_zone(codes: pd.Series, zones: pd.Series, geometries: Geometries) -> pd.DataFrame:
    """Project geometries, each in its own zone.

    Parameters
    ----------
    codes, zones : Series of str
        Code and zone of each geometry.
    geometries : array of shapely geometries
        EPSG:4326, in the same order.

    Returns
    -------
    DataFrame
        ``code, zone, geometry`` (metres, in the projection of the zone).
    """
    projected = np.empty(len(geometries), dtype=object)
    for zone in zones.unique():
        mask = (zones == zone).to_numpy()
        projected[mask] = to_metric(geometries[mask], zone)
    return pd.DataFrame({"code": codes.to_numpy(), "zone": zones.to_numpy(), "geometry": projected})


@lru_cache(maxsize=16)
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(4326, epsg, always_xy=True)
