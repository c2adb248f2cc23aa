"""Zones of land: what no distance leaves, and the metric projection of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from clsm_map.domain.territories import OVERSEAS, OVERSEAS_COLLECTIVITIES, metric_crs

if TYPE_CHECKING:
    import geopandas as gpd

    from clsm_map.analysis.ground import Ground

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

    ``departement``: ``93``, ``2A``, ``971``, ``987``…

    Gives ``metropole``, ``corse``, or the overseas code itself: the sea parts Corsica from the
    mainland, and Guadeloupe from Martinique and Saint-Martin although they share a projection.
    """
    if departement in {"2A", "2B"}:
        return CORSICA
    overseas = departement in OVERSEAS or departement in OVERSEAS_COLLECTIVITIES
    return departement if overseas else MAINLAND


def zone_at(longitude: float, latitude: float) -> str | None:
    """Give the zone of a point.

    ``longitude, latitude``: degrees, WGS 84.

    Gives ``None`` when the point is far from every zone.
    """
    for zone, (west, south, east, north) in _BOXES.items():
        if west <= longitude <= east and south <= latitude <= north:
            return zone
    return None


def to_metric(geometries: Geometries, zone: str) -> Geometries:
    """Project geometries of one zone to its metric projection.

    ``geometries``: longitude and latitude (EPSG:4326).

    Gives metres, in `clsm_map.domain.territories.metric_crs` of the zone.
    """
    transformer = _transformer(metric_crs(zone))

    def project(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    projected: Geometries = np.asarray(shapely.transform(geometries, project), dtype=object)
    return projected


def project_by_zone(codes: pd.Series, zones: pd.Series, geometries: Geometries) -> pd.DataFrame:
    """Project geometries, each in its own zone.

    ``geometries``: EPSG:4326, in the same order.

    Gives ``code, zone, geometry`` (metres, in the projection of the zone).
    """
    projected = np.empty(len(geometries), dtype=object)
    for zone in zones.unique():
        mask = (zones == zone).to_numpy()
        projected[mask] = to_metric(geometries[mask], zone)
    return pd.DataFrame({"code": codes.to_numpy(), "zone": zones.to_numpy(), "geometry": projected})


@lru_cache(maxsize=16)
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(4326, epsg, always_xy=True)


@dataclass(frozen=True, eq=False)
class Contours:
    """Contours in the metric projection of their zone.

    ``qpv``: ``code, zone, geometry``: every QPV.
    ``held``: ``commune, zone, geometry``: the units that the perimeters of the register hold. A
      unit without a contour of its own (a former commune, Polynésie française, Saint-Martin) is
      stood for by the QPV that the register of QPV puts in it, else by today's commune, else left
      out.
    ``communes``: ``code, geometry`` in EPSG:4326: communes and arrondissements, for places asked
      later.
    """

    qpv: pd.DataFrame
    held: pd.DataFrame
    communes: gpd.GeoDataFrame

    @classmethod
    def of(cls, ground: Ground, qpv: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> Contours:
        """Project what every search of gaps needs.

        ``qpv``: ``code, departement, geometry`` (EPSG:4326).
        ``communes``: ``code, geometry`` (EPSG:4326): communes and arrondissements at the local
          scale.
        """
        projected = project_by_zone(
            qpv["code"], qpv["departement"].map(zone_of), np.asarray(qpv["geometry"], dtype=object)
        )
        held = units_geometry(ground.perimeters["commune"].unique(), ground, projected, communes)
        return cls(projected, held, communes)


def units_geometry(
    codes: Iterable[str], ground: Ground, qpv: pd.DataFrame, communes: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Give the metric contour of some units.

    ``qpv``: ``code, zone, geometry`` of the QPV, metric.
    ``communes``: ``code, geometry`` (EPSG:4326).

    Gives ``commune, zone, geometry`` (metres); several rows for a unit that its QPV stand for.
    """
    wanted = pd.DataFrame({"commune": pd.unique(pd.Series(list(codes), dtype="str"))})
    units = ground.units[["code", "commune", "departement"]]
    units = units.rename(columns={"code": "unit", "commune": "parent"})
    wanted = wanted.merge(units, left_on="commune", right_on="unit", how="left")
    stood = ground.qpv_communes.merge(qpv, left_on="qpv", right_on="code")

    drawn_codes = pd.Index(communes["code"])
    own = pd.Series(drawn_codes.get_indexer(wanted["commune"]) >= 0)
    by_qpv = ~own & wanted["commune"].isin(stood["commune"])
    by_parent = ~own & ~by_qpv & (drawn_codes.get_indexer(wanted["parent"]) >= 0)
    wanted["drawn"] = wanted["commune"].where(own, wanted["parent"])
    drawn = wanted.loc[own | by_parent]
    geometry = communes.set_index("code")["geometry"].reindex(drawn["drawn"])
    projected = project_by_zone(
        drawn["commune"], drawn["departement"].map(zone_of), np.asarray(geometry, dtype=object)
    ).rename(columns={"code": "commune"})
    through_qpv = stood.loc[
        stood["commune"].isin(wanted.loc[by_qpv, "commune"]), ["commune", "zone", "geometry"]
    ]
    return pd.concat([projected, through_qpv], ignore_index=True)
