"""Devices that coverage does not count although they may serve, or will serve, somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from clsm_map.analysis.activity import NONE, PROJECT, TO_CHECK
from clsm_map.analysis.planning.choice import CAUTION, TIME_LIMIT, Plan, plan
from clsm_map.analysis.planning.problem import (
    EVERY,
    Aim,
    Candidates,
    Constraints,
    Demand,
    demand_of,
    partial_caution,
)
from clsm_map.analysis.planning.solvers import make_instance
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE, MAYOTTE_CENSUS, PLM, Territory
from clsm_map.formats import count, number

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.planning.choice import Method


def uncertain_devices(coverage: Coverage) -> pd.DataFrame:
    """List the devices whose reach is not established, commune by commune.

    Gives ``dispositif_id, nom, motif, commune``: the seat of a device whose perimeter is unknown
    (*périmètre inconnu*) or known by its seat only (*périmètre à préciser*), and the communes of
    one whose state is not known (*état à vérifier*) or that is a project (*en projet*). A device
    that is nothing on the date is left out, so is one of which neither perimeter nor seat is known.
    """
    devices = coverage.devices.loc[coverage.devices["role"] != NONE]
    devices = devices.rename(columns={"id": "dispositif_id"})
    members = coverage.ground.hierarchy.members
    members = members.loc[members["nature"] == "commune", ["code", "commune"]]
    seats = coverage.ground.dispositifs[["id", "commune_siege"]]
    seats = seats.set_axis(["dispositif_id", "code"], axis=1).merge(members, on="code")
    located, held = devices["perimetre_connu"], coverage.ground.perimeters
    reasons: list[tuple[pd.Series, str, pd.DataFrame]] = [
        (~located, "périmètre inconnu", seats),
        (located & devices["a_preciser"], "périmètre à préciser", seats),
        (devices["role"] == TO_CHECK, "état à vérifier", held),
        (devices["role"] == PROJECT, "en projet", held),
    ]
    rows = pd.concat(
        [
            devices.loc[kept].assign(motif=reason).merge(communes, on="dispositif_id")
            for kept, reason, communes in reasons
        ],
        ignore_index=True,
    )
    return rows[["dispositif_id", "nom", "motif", "commune"]]


def adjacency(contours: gpd.GeoDataFrame, codes: Collection[str] | None = None) -> pd.DataFrame:
    """List the territories that touch each other.

    ``contours``: ``code, geometry``, any CRS: territories simplified together, so that neighbours
      share their vertices. Touching at one point counts.

    Gives ``code, voisin``, both ways when ``codes`` is not given, sorted.
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

    Gives ``dispositif_id, commune`` (a unit), ``contour``: the unit itself, or today's commune for
    a former one.
    """
    held, units = coverage.ground.held_by(coverage.active), coverage.ground.units
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
    candidate alone completes (see `clsm_map.analysis.planning.problem.gainable`). Candidates that
    complete none are left out.

    ``neighbours``: ``code, voisin``: see `adjacency`, over communes and arrondissements.

    Gives ``dispositif_id, dispositif, rang, code, nom, qpv_gagnes, habitants_gagnes, poids_gagne,
    qpv, a_preciser`` (the perimeter of the device is only known by its seat), sorted by device gain
    (greatest first), then rank; equal gains by code, whole cities last.
    """
    held = active_units(coverage)
    touching = held.merge(neighbours, left_on="contour", right_on="code")
    touching = touching[["dispositif_id", "voisin"]].rename(columns={"voisin": "commune"})
    near = pd.concat([held[["dispositif_id", "commune"]], touching])
    pairs = near.merge(candidates.holds, on="commune")[["dispositif_id", "candidat"]]
    pairs = pairs.drop_duplicates().merge(_gains(demand, candidates), on="candidat")
    pairs = pairs.loc[~_inside(pairs, held, candidates)]
    names = coverage.devices[["id", "nom", "a_preciser"]]
    pairs = pairs.merge(
        names.set_axis(["dispositif_id", "dispositif", "a_preciser"], axis=1), on="dispositif_id"
    ).merge(candidates.frame[["code", "nom"]], left_on="candidat", right_on="code")
    best = pairs.groupby("dispositif_id")["poids_gagne"].transform("max")
    pairs = pairs.assign(best=best, whole=pairs["code"].isin(list(PLM))).sort_values(
        ["best", "dispositif_id", "poids_gagne", "whole", "code"],
        ascending=[False, True, False, True, True],
    )
    pairs["rang"] = pairs.groupby("dispositif_id").cumcount() + 1
    columns = ["dispositif_id", "dispositif", "rang", "code", "nom", "qpv_gagnes"]
    columns += ["habitants_gagnes", "poids_gagne", "qpv", "a_preciser"]
    return pairs.loc[pairs["rang"] <= per_device, columns].reset_index(drop=True)


def _gains(demand: Demand, candidates: Candidates) -> pd.DataFrame:
    """QPV, inhabitants and weight that each candidate completes alone."""
    instance = make_instance(demand, candidates, Constraints(1))
    group, candidate = np.nonzero(instance.alone(np.arange(len(instance.codes))))
    codes = instance.codes[candidate].astype(object)
    reached = pd.DataFrame({"groupe": group, "candidat": codes})
    members = instance.qpv_group.rename_axis("qpv").to_frame("groupe").reset_index()
    rows = reached.merge(members, on="groupe").merge(demand.qpv, on="qpv").sort_values("qpv")
    found = rows.groupby("candidat", as_index=False).agg(
        qpv_gagnes=("qpv", "size"),
        habitants_gagnes=("habitants", "sum"),
        poids_gagne=("poids", "sum"),
        qpv=("qpv", ";".join),
    )
    return found.astype({"habitants_gagnes": "int64"})


def _inside(pairs: pd.DataFrame, held: pd.DataFrame, candidates: Candidates) -> pd.Series:
    """Tell which candidates are wholly in the perimeter of their device."""
    key = ["dispositif_id", "candidat"]
    rows = pairs[key].merge(candidates.holds, on="candidat")
    known = pd.MultiIndex.from_frame(held[["dispositif_id", "commune"]])
    inside = pd.MultiIndex.from_frame(rows[["dispositif_id", "commune"]]).isin(known)
    whole = rows.assign(inside=inside).groupby(key)["inside"].all()
    index = pd.MultiIndex.from_frame(pairs[key])
    return pd.Series(whole.reindex(index).to_numpy(dtype=bool), index=pairs.index)


@dataclass(frozen=True, eq=False)
class Answer:
    """A plan and what bounds it.

    ``incertains``: ``candidat, dispositif_id, nom, motif``: see `uncertain_territories`; those of
      the plan's choice only.
    ``avertissements``: French sentences to show with the plan, the register's first.
    """

    plan: Plan
    demand: Demand
    candidates: Candidates
    incertains: pd.DataFrame
    avertissements: tuple[str, ...]


def ask_plan(
    coverage: Coverage,
    candidates: Candidates,
    constraints: Constraints,
    territory: Territory = FRANCE,
    *,
    need: pd.Series | None = None,
    aim: Aim = EVERY,
    method: Method = "milp",
    time_limit: float = TIME_LIMIT,
) -> Answer:
    """Ask where the next devices would reach most, with all that bounds the answer.

    ``need``: need score by QPV code; given, inhabitants are weighed by need.

    Raises `InvalidInputError`: nothing to reach in the territory, or contradictory constraints.
    """
    demand = demand_of(coverage, territory, need=need, aim=aim)
    if demand.qpv.empty:
        raise InvalidInputError(
            f"Aucun quartier prioritaire n’est à couvrir ici ({territory.nom}) : "
            f"tous ceux du registre y sont dans le périmètre d’un {coverage.type} recensé, "
            "ou il n’y en a pas."
        )
    found = plan(demand, candidates, constraints, method=method, time_limit=time_limit)
    uncertain = uncertain_territories(coverage, candidates)
    uncertain = uncertain.loc[uncertain["candidat"].isin(found.choix["code"])]
    said = _cautions(coverage, demand, found, uncertain["candidat"].nunique())
    return Answer(found, demand, candidates, uncertain.reset_index(drop=True), said)


def uncertain_territories(coverage: Coverage, candidates: Candidates) -> pd.DataFrame:
    """List the candidates where a device may exist, or is to come, that coverage does not count.

    Gives ``candidat, dispositif_id, nom, motif``, sorted: see
    `clsm_map.analysis.planning.question.uncertain_devices`.
    """
    rows = uncertain_devices(coverage).merge(candidates.holds, on="commune")
    rows = rows[["candidat", "dispositif_id", "nom", "motif"]]
    rows = rows.drop_duplicates(["candidat", "dispositif_id"])
    return rows.sort_values(["candidat", "dispositif_id"], ignore_index=True)


def counting_caution(demand: Demand) -> tuple[str, ...]:
    """Say how the QPV of a demand that are covered in part count."""
    partial = int((demand.qpv["statut"] == "couvert_en_partie").sum())
    return partial_caution(partial, demand.aim.partiels)


def _cautions(coverage: Coverage, demand: Demand, found: Plan, marked: int) -> tuple[str, ...]:
    sentences = [CAUTION.format(type=coverage.type), *counting_caution(demand)]
    unknown = int((~demand.qpv["population_connue"]).sum())
    if unknown:
        count_for = "compte" if unknown == 1 else "comptent"
        sentences.append(
            f"{count(unknown, 'QPV', 'QPV')} sans population connue (Mayotte, Polynésie française, "
            f"Saint-Martin) {count_for} pour 0 habitant\u00a0: le plan peut "
            f"{'l’' if unknown == 1 else 'les '}ignorer."
        )
    if found.pondere:
        missing = int(demand.qpv["besoin"].isna().sum())
        if missing:
            weighed = "est pesé" if missing == 1 else "sont pesés"
            sentences.append(
                f"{count(missing, 'QPV', 'QPV')} sans indice de besoin calculable {weighed} à la "
                "médiane."
            )
    if marked:
        sentences.append(
            f"{number(marked)} des territoires choisis {'a' if marked == 1 else 'ont'} un "
            "dispositif recensé en projet, ou dont le périmètre ou l’état n’est pas établi\u00a0: "
            "à vérifier avant de décider."
        )
    if found.choix["departement"].eq("976").any():
        sentences.append(MAYOTTE_CENSUS)
    if not found.optimal:
        sentences.append(found.garantie)
    return tuple(sentences)
