"""QPV that no active device covers around a place, nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import shapely

from clsm_map.analysis.activity import ACTIVE
from clsm_map.domain.qpv_sets import NOT_WHOLE

if TYPE_CHECKING:
    from clsm_map.analysis.contours import Contours
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.places import Place

METRES_PER_KM: Final = 1000.0


def gaps_near(
    coverage: Coverage, contours: Contours, place: Place, radius_km: float
) -> pd.DataFrame:
    """List the QPV whose status is anything but ``couvert`` around a place.

    Distances are the shortest ones between contours, in the metric projection of the zone
    (`clsm_map.analysis.zones`); 0 when they touch or overlap. QPV of another zone are never
    listed: nothing crosses a sea to another territory. Contours of QPV are generalised at 20 m.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    contours : Contours
        Metric contours.
    place : Place
        The place to look around.
    radius_km : float
        Kilometres from its contour, bound included.

    Returns
    -------
    DataFrame
        ``qpv, distance_km, statut, part_couverte, id_dispositif_plus_proche`` (id of the active
        device whose perimeter is nearest, missing when there is none in the zone; the first id
        when several are), ``distance_dispositif_km``; nearest first, then by code.
    """
    status = coverage.status.loc[
        NOT_WHOLE.mask(coverage.status["statut"]), ["qpv", "statut", "part_couverte"]
    ]
    found = qpv_within(contours, place, radius_km).merge(status, on="qpv")
    found = found.merge(nearest_active(coverage, contours, found["qpv"]), on="qpv", how="left")
    columns = [
        "qpv", "distance_km", "statut", "part_couverte",
        "id_dispositif_plus_proche", "distance_dispositif_km",
    ]  # fmt: skip
    return found.sort_values(["distance_km", "qpv"], ignore_index=True)[columns]


def qpv_within(contours: Contours, place: Place, radius_km: float) -> pd.DataFrame:
    """List the QPV around a place, whatever their status; distances as in `gaps_near`.

    Parameters
    ----------
    contours : Contours
        Metric contours.
    place : Place
        The place to look around.
    radius_km : float
        Kilometres from its contour, bound included.

    Returns
    -------
    DataFrame
        ``qpv, distance_km``; in no order.
    """
    qpv = contours.qpv
    near = [
        _within(qpv.loc[qpv["zone"] == zone], parts, radius_km * METRES_PER_KM)
        for zone, parts in place.shape.groupby("zone")
    ]
    return pd.concat(near, ignore_index=True)


def nearest_active(coverage: Coverage, contours: Contours, qpv: pd.Series) -> pd.DataFrame:
    """Give the active device whose perimeter is nearest to each QPV, in its zone.

    ``distance(QPV, perimeter) = min over the communes of the perimeter of the distance between
    contours``, which is the distance to their union.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    contours : Contours
        Metric contours.
    qpv : Series of str
        QPV codes.

    Returns
    -------
    DataFrame
        ``qpv, id_dispositif_plus_proche, distance_dispositif_km``; no row for a QPV whose zone has
        no active device of known perimeter. The first id when several are equally near.
    """
    ground = coverage.ground
    active = coverage.devices.loc[coverage.devices["role"] == ACTIVE, "id"]
    by_commune = ground.perimeters.loc[ground.perimeters["dispositif_id"].isin(active)]
    by_name = ground.named.loc[ground.named["dispositif_id"].isin(active)]
    parts = pd.concat(
        [
            contours.held.merge(
                by_commune.groupby("commune", as_index=False)["dispositif_id"].min(), on="commune"
            ),
            contours.qpv.merge(
                by_name.groupby("qpv", as_index=False)["dispositif_id"].min(),
                left_on="code",
                right_on="qpv",
            ),
        ],
        ignore_index=True,
    )[["dispositif_id", "zone", "geometry"]]
    asked = contours.qpv.loc[contours.qpv["code"].isin(qpv)]
    rows = [
        _nearest(asked.loc[asked["zone"] == zone], zone_parts)
        for zone, zone_parts in parts.groupby("zone")
    ]
    columns = ["qpv", "id_dispositif_plus_proche", "distance_dispositif_km"]
    return pd.concat([pd.DataFrame(columns=columns), *rows], ignore_index=True)


def _within(qpv: pd.DataFrame, parts: pd.DataFrame, metres: float) -> pd.DataFrame:
    """Distance from each QPV to the nearest part, kept within a number of metres."""
    geometries = qpv["geometry"].to_numpy(object)
    shape = parts["geometry"].to_numpy(object)
    part, hit = shapely.STRtree(geometries).query(shape, predicate="dwithin", distance=metres)
    distance = shapely.distance(shape[part], geometries[hit]) / METRES_PER_KM
    found = pd.DataFrame({"qpv": qpv["code"].to_numpy()[hit], "distance_km": distance})
    return found.groupby("qpv", as_index=False).agg(distance_km=("distance_km", "min"))


def _nearest(qpv: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Nearest part of each QPV."""
    tree = shapely.STRtree(parts["geometry"].to_numpy(object))
    (asked, part), metres = tree.query_nearest(
        qpv["geometry"].to_numpy(object), return_distance=True
    )
    found = pd.DataFrame(
        {
            "qpv": qpv["code"].to_numpy()[asked],
            "id_dispositif_plus_proche": parts["dispositif_id"].to_numpy()[part],
            "distance_dispositif_km": metres / METRES_PER_KM,
        }
    )
    found = found.sort_values(["qpv", "distance_dispositif_km", "id_dispositif_plus_proche"])
    return found.drop_duplicates("qpv")
