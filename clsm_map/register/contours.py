"""From a drawn perimeter to the communes that lie in it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from clsm_map.domain.territories import PLM, departement_of, metric_crs
from clsm_map.formats import number
from clsm_map.register.values import RefusedValueError
from clsm_map.store.snapshot import Snapshot

HALF: Final = 0.5
MOST_TOUCHED: Final = 5_000
"""No région has more communes."""
MOST_DRAWN: Final = 2_000
"""Contours that one list may draw: four times all the devices of France."""


class CommuneContours:
    """Contours of communes, with Paris, Lyon and Marseille by arrondissement."""

    def __init__(self, snapshot: Snapshot) -> None:
        communes = snapshot.contours("commune", "local")
        units = [
            communes.loc[~communes["code"].isin(PLM)],
            snapshot.contours("arrondissement", "local"),
        ]
        self._codes = np.concatenate([u["code"].to_numpy() for u in units])
        self._shapes = np.concatenate([u.geometry.to_numpy() for u in units])
        self._crs = np.array([metric_crs(departement_of(code)) for code in self._codes])
        self._tree = shapely.STRtree(self._shapes)
        cities = snapshot.arrondissements.groupby("commune")["code"]
        self._cities = {str(city): frozenset(own) for city, own in cities if city in PLM}

    def more_than_half_inside(self, drawn: BaseGeometry) -> list[str]:
        """List the communes more than half of whose area lies in a contour (EPSG:4326).

        ``area(commune ∩ contour) / area(commune) > 1/2``, areas in the metric projection of the
        commune's département; a contour that crosses itself is repaired. Gives sorted codes:
        arrondissements of Paris, Lyon and Marseille, or the city's code when all of its
        arrondissements are in. Refuses a contour that touches more than `MOST_TOUCHED` communes.
        """
        try:
            area = shapely.make_valid(drawn)
            shapely.prepare(area)
            touched = self._tree.query(area, predicate="intersects")
            if len(touched) > MOST_TOUCHED:
                raise RefusedValueError("contour_immense", n=number(MOST_TOUCHED))
            whole = shapely.covers(area, self._shapes[touched])
            inside = set(self._codes[touched[whole]])
            inside |= self._by_share(area, touched[~whole])
        except GEOSException as error:
            raise RefusedValueError("contour_incalculable") from error
        for city, own in self._cities.items():
            if own <= inside:
                inside = (inside - own) | {city}
        return sorted(inside)

    def _by_share(self, area: BaseGeometry, candidates: np.ndarray) -> set[str]:
        inside: set[str] = set()
        for crs, members in pd.Series(candidates).groupby(self._crs[candidates]):
            held = members.to_numpy()
            shapes = gpd.GeoSeries(self._shapes[held], crs=4326).to_crs(crs).to_numpy()
            window = shapely.box(*shapely.total_bounds(self._shapes[held])).buffer(0.01)
            near = gpd.GeoSeries([area.intersection(window)], crs=4326).to_crs(crs).iloc[0]
            common = shapely.area(shapely.intersection(shapes, shapely.make_valid(near)))
            inside |= set(self._codes[held[common / shapely.area(shapes) > HALF]])
        return inside


@lru_cache(maxsize=4)
def contours_of(snapshot: Snapshot) -> CommuneContours:
    """Give the contours of a snapshot, indexed the first time they are asked for."""
    return CommuneContours(snapshot)


def is_area(geometry: BaseGeometry) -> bool:
    """Tell whether a geometry can be a perimeter: a polygon, not a point or a line."""
    return geometry.geom_type in {"Polygon", "MultiPolygon"} and not geometry.is_empty


class Drawing:
    """Drawn perimeters of one list, within what one list may ask of the machine."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._drawn = 0

    def communes(self, drawn: BaseGeometry) -> list[str]:
        """List the communes of a contour (see `CommuneContours`); refuse it when there is none."""
        self._drawn += 1
        if self._drawn > MOST_DRAWN:
            raise RefusedValueError("trop_de_contours", n=number(MOST_DRAWN))
        codes = contours_of(self._snapshot).more_than_half_inside(drawn)
        if not codes:
            raise RefusedValueError("contour_vide")
        return codes
