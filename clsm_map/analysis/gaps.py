"""Around a place: zones of land, contours in metres, the QPV and devices that are near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import OVERSEAS, OVERSEAS_COLLECTIVITIES, metric_crs

if TYPE_CHECKING:
    import geopandas as gpd

    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.ground import Ground
    from clsm_map.domain.territories import Territory

Geometries = npt.NDArray[np.object_]
PlaceKind = Literal["dispositif", "commune", "epci", "qpv", "point"]

METRES_PER_KM: Final = 1000.0
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
    """Give the zone of a département or overseas collectivité: ``93``, ``2A``, ``971``…, ``987``.

    ``metropole``, ``corse``, or the overseas code itself: the sea parts Corsica from the mainland,
    and Guadeloupe from Martinique and Saint-Martin although they share a projection.
    """
    if departement in {"2A", "2B"}:
        return CORSICA
    overseas = departement in OVERSEAS or departement in OVERSEAS_COLLECTIVITIES
    return departement if overseas else MAINLAND


def zone_at(longitude: float, latitude: float) -> str | None:
    """Give the zone of a point (degrees, WGS 84); ``None`` when it is far from every one."""
    for zone, (west, south, east, north) in _BOXES.items():
        if west <= longitude <= east and south <= latitude <= north:
            return zone
    return None


def to_metric(geometries: Geometries, zone: str) -> Geometries:
    """Project geometries (EPSG:4326) of one zone to metres, in the projection of the zone."""
    transformer = _transformer(metric_crs(zone))

    def project(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    projected: Geometries = np.asarray(shapely.transform(geometries, project), dtype=object)
    return projected


def project_by_zone(codes: pd.Series, zones: pd.Series, geometries: Geometries) -> pd.DataFrame:
    """Project geometries (EPSG:4326), each in its own zone: ``code, zone, geometry`` (metres)."""
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
        """Project what every search of gaps needs, from longitudes and latitudes (EPSG:4326).

        ``qpv``: ``code, departement, geometry``. ``communes``: ``code, geometry``.
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
    asked = pd.Series(list(codes), dtype="str").drop_duplicates()
    units = ground.units[["code", "commune", "departement"]]
    units = units.set_axis(["commune", "parent", "departement"], axis=1)
    wanted = pd.DataFrame({"commune": asked}).merge(units, on="commune", how="left")
    stood = ground.qpv_communes.merge(qpv, left_on="qpv", right_on="code")

    shapes = communes.set_index("code")["geometry"]
    own = wanted["commune"].isin(shapes.index)
    by_qpv = ~own & wanted["commune"].isin(stood["commune"])
    wanted["drawn"] = wanted["commune"].where(own, wanted["parent"])
    drawn = wanted.loc[own | (~by_qpv & wanted["parent"].isin(shapes.index))]
    projected = project_by_zone(
        drawn["commune"],
        drawn["departement"].map(zone_of),
        np.asarray(shapes.reindex(drawn["drawn"]), dtype=object),
    ).rename(columns={"code": "commune"})
    through_qpv = stood.loc[stood["commune"].isin(wanted.loc[by_qpv, "commune"])]
    return pd.concat([projected, through_qpv[["commune", "zone", "geometry"]]], ignore_index=True)


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
    codes = ground.held_by([id_])["commune"]
    named = ground.named.loc[ground.named["dispositif_id"] == id_, "qpv"]
    held = contours.held.loc[contours.held["commune"].isin(codes)]
    parts = [held, contours.qpv.loc[contours.qpv["code"].isin(named)]]
    shape = pd.concat([part[["zone", "geometry"]] for part in parts], ignore_index=True)
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
    kind: PlaceKind = "epci" if level == "epci" else "commune"
    if level == "qpv":
        kind, shape = "qpv", contours.qpv.loc[contours.qpv["code"] == code]
    elif level in {"commune", "arrondissement", "epci"}:
        members = ground.hierarchy.members
        units = members.loc[(members["nature"] == kind) & (members["code"] == code), "commune"]
        former = ground.units.loc[ground.units["nature"] == "ancienne", "code"]
        today = units.loc[~units.isin(former)]
        codes = next((list(found) for found in (today, units) if len(found)), [code])
        shape = units_geometry(codes, ground, contours.qpv, contours.communes)
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
    shape = shape[["zone", "geometry"]].reset_index(drop=True)
    return Place(kind, code, territory.nom, shape)


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


def gaps_near(
    coverage: Coverage, contours: Contours, place: Place, radius_km: float
) -> pd.DataFrame:
    """List the QPV whose status is anything but ``couvert`` around a place.

    Distances are the shortest ones between contours, in the metric projection of the zone
    (see `zone_of`); 0 when they touch or overlap. QPV of another zone are never
    listed: nothing crosses a sea to another territory. Contours of QPV are generalised at 20 m.


    Gives ``qpv, distance_km, statut, part_couverte, id_dispositif_plus_proche`` (id of the active
    device whose perimeter is nearest, missing when there is none in the zone; the first id when
    several are), ``distance_dispositif_km``; nearest first, then by code.
    """
    status = coverage.status[["qpv", "statut", "part_couverte"]]
    status = status.loc[NOT_WHOLE.mask(status["statut"])]
    found = qpv_within(contours, place, radius_km).merge(status, on="qpv")
    found = found.merge(nearest_active(coverage, contours, found["qpv"]), on="qpv", how="left")
    columns = [
        "qpv", "distance_km", "statut", "part_couverte",
        "id_dispositif_plus_proche", "distance_dispositif_km",
    ]  # fmt: skip
    return found.sort_values(["distance_km", "qpv"], ignore_index=True)[columns]


def qpv_within(contours: Contours, place: Place, radius_km: float) -> pd.DataFrame:
    """List the QPV around a place, whatever their status: ``qpv, distance_km``, in no order."""
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
    ground, active = coverage.ground, coverage.active
    named = ground.named.loc[ground.named["dispositif_id"].isin(active)]
    first_held = ground.held_by(active).groupby("commune", as_index=False)["dispositif_id"].min()
    first_named = named.groupby("qpv", as_index=False)["dispositif_id"].min()
    parts = pd.concat(
        [
            contours.held.merge(first_held, on="commune"),
            contours.qpv.merge(first_named, left_on="code", right_on="qpv"),
        ],
        ignore_index=True,
    )
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
