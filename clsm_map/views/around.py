"""A place to look around, and the QPV that no active device recorded covers, nearest first."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.gaps import (
    Contours,
    Place,
    gaps_near,
    place_of_device,
    place_of_point,
    place_of_territory,
    qpv_within,
)
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.listing import gap_list
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.errors import AmbiguousTerritoryError, UnknownTerritoryError
from clsm_map.domain.selection import MAX_RADIUS_KM
from clsm_map.domain.territories import Territory, metric_crs
from clsm_map.formats import count, kilometres, number
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import find_territory
from clsm_map.views.quartiers import POVERTY

DEVICE: Final = "dispositif"
"""Level of a device in ``level:code``, beside those of territories."""

_POINT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*$")


def read_place(text: str, snapshot: Snapshot, ground: Ground, contours: Contours) -> Place:
    """Read a place.

    Parameters
    ----------
    text : str
        A device id, a code or a whole name, ``level:code`` (``dispositif:id`` for a device), or
        ``lon,lat`` in degrees.

    Raises
    ------
    AmbiguousTerritoryError
        A bare code or a name means several territories.
    UnknownTerritoryError
        Nothing answers; near misses are suggested, devices first.
    InvalidInputError
        What answers has no known contour.
    """
    wanted = text.strip().removeprefix(f"{DEVICE}:")
    point = _POINT.match(wanted)
    if point:
        return place_of_point(float(point[1]), float(point[2]))
    ids = ground.dispositifs["id"]
    if (ids == wanted).any():
        return place_of_device(wanted, ground, contours)
    apart = _apart(wanted, ground)
    try:
        found = find_territory(snapshot, wanted)
    except UnknownTerritoryError as error:
        if isinstance(error, AmbiguousTerritoryError) and text.strip() == wanted:
            raise
        if apart is not None:
            return place_of_territory(apart, ground, contours)
        written = wanted.lower()
        near = [id_ for id_ in ids if written in id_][:3]
        near = near or difflib.get_close_matches(written, list(ids), 3, 0.7)
        raise UnknownTerritoryError(
            f"Aucun dispositif ni territoire ne répond à « {wanted} ».",
            error.detail,
            [*near, *error.suggestions][:5],
        ) from error
    return place_of_territory(apart or found, ground, contours)


def seat_of(text: str, snapshot: Snapshot, ground: Ground) -> Territory | None:
    """Give where a device sits, to look there when its perimeter is not known.

    Parameters
    ----------
    text : str
        Device id, or ``dispositif:id``.

    Returns
    -------
    Territory or None
        The commune (or arrondissement) of its seat, else its département; ``None`` when neither is
        known or it is not a device.
    """
    wanted = text.strip().removeprefix(f"{DEVICE}:")
    seats = ground.dispositifs.loc[ground.dispositifs["id"] == wanted]
    communes = seats["commune_siege"].dropna()
    if len(communes):
        code = str(communes.iloc[0])
        cities = set(snapshot.arrondissements["code"])
        return find_territory(snapshot, code, "arrondissement" if code in cities else "commune")
    departements = seats["departement"].dropna()
    if departements.empty:
        return None
    return find_territory(snapshot, str(departements.iloc[0]), "departement")


def _apart(code: str, ground: Ground) -> Territory | None:
    """Give a former commune or one outside the communes, which the store carries or lacks."""
    units = ground.units
    former = units.loc[(units["code"] == code) & (units["nature"] == "ancienne"), "nom"]
    if len(former):
        return Territory("commune", code, str(former.iloc[0]))
    if (ground.outside["commune"] == code).any():
        return Territory("commune", code, f"commune {code}")
    return None


POINT_SHARE: Final = 1 / 60
"""A point is drawn as a disc of this share of the radius."""


@dataclass(frozen=True, eq=False)
class Around:
    """QPV around a place.

    Attributes
    ----------
    coverage : Coverage
        Statuses of a device type on a date.
    radius_km : float
        Kilometres from the contour of the place.
    gaps : pandas.DataFrame
        QPV whose status is anything but ``couvert``, nearest first: columns of
        `clsm_map.analysis.listing.gap_list`.
    covered : pandas.DataFrame
        ``code_qpv, departement, habitants`` of the QPV ``couvert`` within the same radius.
    outline : geopandas.GeoDataFrame
        ``code, nom, geometry`` (EPSG:4326): ``rayon``, the line at that distance, and ``lieu``,
        the place; simplified for drawing.
    beyond_km : float
        Distance of the nearest QPV without coverage when ``gaps`` is empty; ``nan`` when there is
        none within 100 km, or when ``gaps`` is not empty.
    """

    place: Place
    coverage: Coverage
    radius_km: float
    gaps: pd.DataFrame
    covered: pd.DataFrame
    outline: gpd.GeoDataFrame
    beyond_km: float

    @property
    def title(self) -> str:
        """What and where."""
        return f"Quartiers {NOT_WHOLE.words(self.coverage.type)} autour de : {self.place.nom}"

    @property
    def inhabitants(self) -> int:
        """Known inhabitants of the QPV listed (RP 2020)."""
        return int(self.gaps["habitants"].sum())

    @property
    def without_population(self) -> int:
        """QPV listed whose population is not published."""
        return int(self.gaps["habitants"].isna().sum())

    @property
    def with_project(self) -> int:
        """QPV listed that a project recorded touches."""
        return int((self.gaps["statut"] == "en_projet").sum())

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Status of each QPV within the radius, those covered included."""
        listed = zip(self.gaps["code_qpv"], self.gaps["statut"], strict=True)
        return dict(listed) | dict.fromkeys(self.covered["code_qpv"], "couvert")

    @cached_property
    def evidence(self) -> dict[str, str]:
        """What the status of each QPV rests on: ids of `EVIDENCE`, empty when on nothing."""
        status = self.coverage.status
        return dict(zip(status["qpv"], status["preuve"], strict=True))

    @cached_property
    def population(self) -> dict[str, float]:
        """Inhabitants of each QPV within the radius where they are known."""
        both = pd.concat([self.gaps, self.covered])[["code_qpv", "habitants"]].dropna()
        return dict(zip(both["code_qpv"], both["habitants"].astype(float), strict=True))

    @cached_property
    def departements(self) -> tuple[str, ...]:
        """Départements of the QPV within the radius, sorted."""
        return tuple(sorted({*self.gaps["departement"], *self.covered["departement"]}))

    @property
    def finding(self) -> str:
        """The answer in one sentence."""
        type_, radius = self.coverage.type, f"{number(self.radius_km)}\u00a0km"
        if not self.statuses:
            return f"Il n’y a aucun quartier prioritaire à moins de {radius}."
        if self.gaps.empty:
            n = len(self.covered)
            every = (
                f"Les {number(n)} quartiers prioritaires" if n > 1 else "Le quartier prioritaire"
            )
            verb = "sont tous" if n > 1 else "est"
            return (
                f"{every} à moins de {radius} {verb} dans le périmètre d’un {type_} actif recensé."
            )
        listed = count(len(self.gaps), "quartier prioritaire", "quartiers prioritaires")
        distances = self.gaps["distance_km"].astype(float)
        reach = f"à {kilometres(distances.min())}\u00a0km"
        if len(self.gaps) > 1:
            reach = (
                f"du plus proche ({kilometres(distances.min())}\u00a0km) au plus loin "
                f"({kilometres(distances.max())}\u00a0km)"
            )
        partly = int((self.gaps["statut"] == "couvert_en_partie").sum())
        plural = "s" if partly > 1 else ""
        apart = f", dont {number(partly)} couvert{plural} en partie" if partly else ""
        return f"{listed} {NOT_WHOLE.words(type_)}{apart}, {reach}."


def around(
    snapshot: Snapshot, coverage: Coverage, contours: Contours, place: Place, radius_km: float
) -> Around:
    """Look around a place.

    Parameters
    ----------
    radius_km : float
        Kilometres.
    """
    found = gaps_near(coverage, contours, place, radius_km)
    beyond = float("nan")
    if found.empty:
        beyond = float(gaps_near(coverage, contours, place, MAX_RADIUS_KM)["distance_km"].min())
    gaps = gap_list(coverage, found, snapshot.intercommunalites, snapshot.indicator(POVERTY, "qpv"))
    within = qpv_within(contours, place, radius_km)["qpv"]
    qpv = coverage.ground.qpv
    covered = qpv.loc[qpv["code"].isin(within) & ~qpv["code"].isin(found["qpv"])]
    return Around(
        place=place,
        coverage=coverage,
        radius_km=radius_km,
        gaps=gaps,
        covered=pd.DataFrame(
            {
                "code_qpv": covered["code"],
                "departement": covered["departement"],
                "habitants": covered["population"],
            }
        ),
        outline=_outline(place, radius_km),
        beyond_km=beyond,
    )


def _outline(place: Place, radius_km: float) -> gpd.GeoDataFrame:
    """Draw the place and the line at the radius: unite, simplify, widen, bring back to degrees."""
    rings, bodies = [], []
    metres = radius_km * 1000
    for zone, parts in place.shape.groupby("zone"):
        body = shapely.union_all(parts["geometry"].to_numpy(dtype=object))
        if body.area == 0:
            body = body.buffer(metres * POINT_SHARE)
        body = body.simplify(60.0)
        ring = shapely.simplify(body.simplify(200.0).buffer(metres, quad_segs=16), 40.0)
        drawn = gpd.GeoSeries([ring, body], crs=metric_crs(str(zone))).to_crs(4326)
        rings.append(drawn.iloc[0])
        bodies.append(drawn.iloc[1])
    return gpd.GeoDataFrame(
        {
            "code": ["rayon", "lieu"],
            "nom": [f"À {number(radius_km)}\u00a0km", place.nom],
        },
        geometry=[shapely.union_all(rings), shapely.union_all(bodies)],
        crs=4326,
    )
