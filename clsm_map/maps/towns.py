"""The towns whose names are written on a map."""

from __future__ import annotations

from typing import Final

import shapely

from clsm_map.domain.territories import Territory
from clsm_map.maps.model import Town
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import communes_of

MOST: Final = 24
LARGE: Final = 100_000


def main_towns(snapshot: Snapshot, territory: Territory) -> tuple[Town, ...]:
    """List the most populous communes of a territory, at a point inside each.

    Parameters
    ----------
    snapshot : Snapshot
    territory : Territory

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
    named = zip(placed["nom"].astype(str), placed["population"].astype(float), points, strict=True)
    return tuple(
        Town(name, float(point.y), float(point.x), 1 if inhabitants >= LARGE else 2)
        for name, inhabitants, point in named
    )
