"""Places that one can look around: a device, a commune, an EPCI, a QPV or a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from clsm_map.analysis.contours import Contours, units_geometry
from clsm_map.analysis.zones import to_metric, zone_at
from clsm_map.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Ground
    from clsm_map.domain.territories import Territory

PlaceKind = Literal["dispositif", "commune", "epci", "qpv", "point"]


@dataclass(frozen=True, eq=False)
class Place:
    """A place and its contour.

    Attributes
    ----------
    kind : PlaceKind
        What it is.
    code : str
        Device id, code, or ``lon,lat``.
    nom : str
        As people read it.
    shape : DataFrame
        ``zone, geometry`` (metres in the projection of the zone); the parts of its contour.
    """

    kind: PlaceKind
    code: str
    nom: str
    shape: pd.DataFrame


def place_of_device(id_: str, ground: Ground, contours: Contours) -> Place:
    """Make a place of the perimeter of a device.

    Raises
    ------
    InvalidInputError
        No such device, or its perimeter is not known.
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

    Raises
    ------
    InvalidInputError
        The territory is of another level, or has no contour.
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

    Raises
    ------
    InvalidInputError
        The point is far from every territory that holds a QPV.
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
