"""Extension before creation: what touches the perimeter of a device, and what adding it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from clsm_map.analysis.activity import ACTIVE
from clsm_map.analysis.planning_instance import make_instance
from clsm_map.analysis.planning_problem import Constraints
from clsm_map.domain.territories import PLM

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.planning_problem import Candidates, Demand


def adjacency(contours: gpd.GeoDataFrame, codes: Collection[str] | None = None) -> pd.DataFrame:
    """List the territories that touch each other.

    Parameters
    ----------
    contours : GeoDataFrame
        ``code, geometry``, any CRS: territories simplified together, so that neighbours share
        their vertices. Touching at one point counts.
    codes : collection of str, optional
        Only the neighbours of these are looked for.

    Returns
    -------
    DataFrame
        ``code, voisin``, both ways when ``codes`` is not given, sorted.
    """
    asked = contours if codes is None else contours.loc[contours["code"].isin(list(codes))]
    tree = shapely.STRtree(contours.geometry.to_numpy())
    left, right = tree.query(asked.geometry.to_numpy(), predicate="intersects")
    pairs = pd.DataFrame(
        {
            "code": asked["code"].to_numpy()[left],
            "voisin": contours["code"].to_numpy()[right],
        }
    )
    pairs = pairs.loc[pairs["code"] != pairs["voisin"]].drop_duplicates()
    return pairs.sort_values(["code", "voisin"], ignore_index=True)


def active_units(coverage: Coverage) -> pd.DataFrame:
    """List the units that active devices hold, each with the territory whose contour it has.

    Returns
    -------
    DataFrame
        ``dispositif_id, commune`` (a unit), ``contour``: the unit itself, or today's commune for a
        former one.
    """
    active = coverage.devices.loc[coverage.devices["role"] == ACTIVE, "id"]
    held = coverage.ground.perimeters
    held = held.loc[held["dispositif_id"].isin(active)]
    units = coverage.ground.units
    former = units.loc[units["nature"] == "ancienne"].set_index("code")["commune"]
    contour = held["commune"].map(former).fillna(held["commune"])
    return held.assign(contour=contour).reset_index(drop=True)


def extensions(
    coverage: Coverage,
    demand: Demand,
    candidates: Candidates,
    neighbours: pd.DataFrame,
    *,
    per_device: int = 5,
) -> pd.DataFrame:
    """For each active device, find the additions next to it that reach most uncovered inhabitants.

    A candidate is next to a device when one of its communes is in the perimeter or touches it, and
    when the perimeter does not hold all of it. Its gain is the weight of the QPV that adding this
    candidate alone completes (see `clsm_map.analysis.planning_problem.gainable`). Candidates that
    complete none are left out.

    Parameters
    ----------
    coverage : Coverage
        Devices and perimeters.
    candidates : Candidates
        EPCI or communes.
    neighbours : DataFrame
        ``code, voisin``: see `adjacency`, over communes and arrondissements.
    per_device : int, optional
        Additions kept for each device.

    Returns
    -------
    DataFrame
        ``dispositif_id, dispositif, rang, code, nom, qpv_gagnes, habitants_gagnes, poids_gagne,
        qpv, a_preciser`` (the perimeter of the device is only known by its seat), sorted by device
        gain (greatest first), then rank; equal gains by code, whole cities last.
    """
    held = active_units(coverage)
    touching = held.merge(neighbours, left_on="contour", right_on="code")
    near = pd.concat(
        [
            held[["dispositif_id", "commune"]],
            touching[["dispositif_id", "voisin"]].set_axis(["dispositif_id", "commune"], axis=1),
        ]
    ).drop_duplicates()
    pairs = near.merge(candidates.holds, on="commune")[["dispositif_id", "candidat"]]
    pairs = pairs.drop_duplicates().merge(_gains(demand, candidates), on="candidat")
    pairs = pairs.loc[~_inside(pairs, held, candidates)]
    names = coverage.devices.rename(columns={"id": "dispositif_id", "nom": "dispositif"})
    pairs = pairs.merge(names[["dispositif_id", "dispositif", "a_preciser"]], on="dispositif_id")
    pairs = pairs.merge(candidates.frame[["code", "nom"]], left_on="candidat", right_on="code")
    pairs = pairs.assign(whole=pairs["code"].isin(list(PLM))).sort_values(
        ["poids_gagne", "whole", "code"], ascending=[False, True, True]
    )
    pairs["rang"] = pairs.groupby("dispositif_id").cumcount() + 1
    best = pairs.groupby("dispositif_id")["poids_gagne"].transform("max")
    pairs = pairs.assign(best=best).sort_values(
        ["best", "dispositif_id", "rang"], ascending=[False, True, True]
    )
    columns = ["dispositif_id", "dispositif", "rang", "code", "nom", "qpv_gagnes"]
    columns += ["habitants_gagnes", "poids_gagne", "qpv", "a_preciser"]
    return pairs.loc[pairs["rang"] <= per_device, columns].reset_index(drop=True)


def _gains(demand: Demand, candidates: Candidates) -> pd.DataFrame:
    """QPV, inhabitants and weight that each candidate completes alone."""
    instance = make_instance(demand, candidates, Constraints(1))
    group, alone = instance.alone
    reached = pd.DataFrame({"groupe": group, "candidat": instance.codes[alone].astype(object)})
    members = instance.qpv_group.rename_axis("qpv").to_frame("groupe").reset_index()
    rows = reached.merge(members, on="groupe").merge(
        demand.qpv[["qpv", "habitants", "poids"]], on="qpv"
    )
    return (
        rows.sort_values("qpv")
        .groupby("candidat")
        .agg(
            qpv_gagnes=("qpv", "size"),
            habitants_gagnes=("habitants", "sum"),
            poids_gagne=("poids", "sum"),
            qpv=("qpv", ";".join),
        )
        .astype({"habitants_gagnes": "int64"})
        .reset_index()
    )


def _inside(pairs: pd.DataFrame, held: pd.DataFrame, candidates: Candidates) -> pd.Series:
    """Tell which candidates are wholly in the perimeter of their device."""
    rows = pairs[["dispositif_id", "candidat"]].merge(candidates.holds, on="candidat")
    rows = rows.merge(
        held[["dispositif_id", "commune"]].assign(held=True),
        on=["dispositif_id", "commune"],
        how="left",
    )
    whole = rows["held"].notna().groupby([rows["dispositif_id"], rows["candidat"]]).all()
    index = pd.MultiIndex.from_frame(pairs[["dispositif_id", "candidat"]])
    return pd.Series(whole.reindex(index).to_numpy(dtype=bool), index=pairs.index)
