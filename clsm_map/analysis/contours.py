"""Contours of QPV and perimeters in metres, ready for distances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clsm_map.analysis.zones import project_by_zone, zone_of

if TYPE_CHECKING:
    import geopandas as gpd

    from clsm_map.analysis.coverage import Ground


@dataclass(frozen=True, eq=False)
class Contours:
    """Contours in the metric projection of their zone.

    Attributes
    ----------
    qpv : DataFrame
        ``code, zone, geometry``: every QPV.
    held : DataFrame
        ``commune, zone, geometry``: the units that the perimeters of the register hold. A unit
        without a contour of its own (a former commune, Polynésie française, Saint-Martin) is stood
        for by the QPV that the register of QPV puts in it, else by today's commune, else left out.
    communes : GeoDataFrame
        ``code, geometry`` in EPSG:4326: communes and arrondissements, for places asked later.
    """

    qpv: pd.DataFrame
    held: pd.DataFrame
    communes: gpd.GeoDataFrame

    @classmethod
    def of(cls, ground: Ground, qpv: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> Contours:
        """Project what every search of gaps needs.

        Parameters
        ----------
        ground : Ground
            Territories and register.
        qpv : GeoDataFrame
            ``code, departement, geometry`` (EPSG:4326).
        communes : GeoDataFrame
            ``code, geometry`` (EPSG:4326): communes and arrondissements at the local scale.
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

    Parameters
    ----------
    codes : iterable of str
        Codes of `clsm_map.analysis.perimeters.Hierarchy.units`, or of the register of QPV.
    ground : Ground
        Territories.
    qpv : DataFrame
        ``code, zone, geometry`` of the QPV, metric.
    communes : GeoDataFrame
        ``code, geometry`` (EPSG:4326).

    Returns
    -------
    DataFrame
        ``commune, zone, geometry`` (metres); several rows for a unit that its QPV stand for.
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
