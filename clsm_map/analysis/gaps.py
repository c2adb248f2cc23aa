"""Places that one can look around: a device, a commune, an EPCI, a QPV or a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import shapely

from clsm_map.analysis.activity import ACTIVE
from clsm_map.analysis.zones import Contours, to_metric, units_geometry, zone_at
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.ground import Ground
    from clsm_map.domain.territories import Territory

PlaceKind = Literal["dispositif", "commune", "epci", "qpv", "point"]


@dataclass(frozen=True, eq=False)
class Place:
    """A place and its contour.

    ``kind``: what it is.
    ``code``: device id, code, or ``lon,lat``.
    ``nom``: as people read it.
    ``shape``: ``zone, geometry`` (metres in the projection of the zone); the parts of its contour.
    """

    kind: PlaceKind
    code: str
    nom: str
    shape: pd.DataFrame


def place_of_device(id_: str, ground: Ground, contours: Contours) -> Place:
    """Make a place of the perimeter of a device.

    Raises `InvalidInputError`: no such device, or its perimeter is not known.
    """
    found = ground.dispositifs.loc[ground.dispositifs["id"] == id_, "nom"]
    if found.empty:
        raise InvalidInputError(f"Aucun dispositif n'a l'identifiant « {id_} ».")
    nom = str(found.iloc[0])
    codes = ground.perimeters.loc[ground.perimeters["dispositif_id"] == id_, "commune"]
    named = ground.named.loc[ground.named["dispositif_id"] == id_, "qpv"]
    shape = pd.concat(
        [
            contours.held.loc[contours.held["commune"].isin(codes), ["zone", "geometry"]],
            contours.qpv.loc[contours.qpv["code"].isin(named), ["zone", "geometry"]],
        ],
        ignore_index=True,
    )
    if shape.empty:
        raise InvalidInputError(
            f"Le périmètre de « {nom} » n'est pas connu : cherchez plutôt autour d'une commune, "
            "d'une intercommunalité ou d'un point."
        )
    return Place("dispositif", id_, nom, shape)


def place_of_territory(territory: Territory, ground: Ground, contours: Contours) -> Place:
    """Make a place of a commune, an arrondissement, an EPCI (or EPT) or a QPV.

    Raises `InvalidInputError`: the territory is of another level, or has no contour.
    """
    level, code = territory.level, territory.code
    if level == "qpv":
        shape = contours.qpv.loc[contours.qpv["code"] == code, ["zone", "geometry"]]
        kind: PlaceKind = "qpv"
    elif level in {"commune", "arrondissement", "epci"}:
        kind = "epci" if level == "epci" else "commune"
        members = ground.hierarchy.members
        units = members.loc[(members["nature"] == kind) & (members["code"] == code), "commune"]
        today = units.loc[~units.isin(_former(ground))]
        codes = today if len(today) else units
        shape = units_geometry(
            codes if len(codes) else [code], ground, contours.qpv, contours.communes
        )[["zone", "geometry"]]
    else:
        raise InvalidInputError(
            "On cherche autour d'un dispositif, d'une commune, d'une intercommunalité, d'un QPV "
            "ou d'un point « longitude,latitude »."
        )
    if shape.empty:
        raise InvalidInputError(
            f"Le contour de {territory.nom} ({code}) n'est pas embarqué : cherchez plutôt autour "
            "d'un QPV ou d'un point « longitude,latitude »."
        )
    return Place(kind, code, territory.nom, shape.reset_index(drop=True))


def place_of_point(longitude: float, latitude: float) -> Place:
    """Make a place of a point (degrees, WGS 84).

    Raises `InvalidInputError`: the point is far from every territory that holds a QPV.
    """
    zone = zone_at(longitude, latitude)
    label = f"{longitude:g},{latitude:g}"
    if zone is None:
        raise InvalidInputError(
            f"Le point {label} n'est dans aucun territoire couvert ; l'ordre attendu est "
            "« longitude,latitude », en degrés : « 2.36,48.93 » pour Saint-Denis."
        )
    geometry = to_metric(np.array([shapely.Point(longitude, latitude)], dtype=object), zone)
    return Place("point", label, label, pd.DataFrame({"zone": [zone], "geometry": geometry}))


def _former(ground: Ground) -> pd.Series:
    return ground.units.loc[ground.units["nature"] == "ancienne", "code"]


METRES_PER_KM: Final = 1000.0


def gaps_near(
    coverage: Coverage, contours: Contours, place: Place, radius_km: float
) -> pd.DataFrame:
    """List the QPV whose status is anything but ``couvert`` around a place.

    Distances are the shortest ones between contours, in the metric projection of the zone
    (`clsm_map.analysis.zones`); 0 when they touch or overlap. QPV of another zone are never
    listed: nothing crosses a sea to another territory. Contours of QPV are generalised at 20 m.

    ``radius_km``: kilometres from its contour, bound included.

    Gives ``qpv, distance_km, statut, part_couverte, id_dispositif_plus_proche`` (id of the active
    device whose perimeter is nearest, missing when there is none in the zone; the first id when
    several are), ``distance_dispositif_km``; nearest first, then by code.
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

    ``radius_km``: kilometres from its contour, bound included.

    Gives ``qpv, distance_km``; in no order.
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

    Gives ``qpv, id_dispositif_plus_proche, distance_dispositif_km``; no row for a QPV whose zone
    has no active device of known perimeter. The first id when several are equally near.
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
