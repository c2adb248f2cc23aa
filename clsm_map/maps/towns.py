"""The towns whose names are written on a map."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from clsm_map.domain.territories import Territory
from clsm_map.maps.model import Bounds, Town
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import communes_of

MOST: Final = 24
LARGE: Final = 100_000


def main_towns(snapshot: Snapshot, territory: Territory) -> tuple[Town, ...]:
    """List the most populous communes of a territory, at a point inside each.

    Returns
    -------
    tuple of Town
        At most `MOST`, most populous first; rank 1 from `LARGE` inhabitants.
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

    Returns
    -------
    tuple of Town
        At most `MOST`, most populous first; rank 1 from `LARGE` inhabitants.
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
