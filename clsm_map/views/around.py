"""What lies around a place: QPV that no active device recorded covers, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.gaps import Place, gaps_near, qpv_within
from clsm_map.analysis.listing import gap_list
from clsm_map.analysis.zones import Contours
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.terms import MAX_RADIUS_KM
from clsm_map.domain.territories import metric_crs
from clsm_map.formats import count, number
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.list_table import kilometres
from clsm_map.views.quartiers import POVERTY

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
