"""One door to planning for pages and commands: from coverage to an answer with its cautions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.activity import ACTIVE
from clsm_map.analysis.planning import CAUTION, TIME_LIMIT, Plan, plan
from clsm_map.analysis.planning_problem import (
    EVERY,
    Aim,
    Candidates,
    Constraints,
    Demand,
    partial_caution,
    uncovered_demand,
)
from clsm_map.analysis.planning_uncertainty import uncertain_devices
from clsm_map.analysis.scope import qpv_of
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE, MAYOTTE_CENSUS, Territory
from clsm_map.formats import count, number

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.planning import Method


@dataclass(frozen=True, eq=False)
class Answer:
    """A plan and what bounds it.

    Attributes
    ----------
    incertains : DataFrame
        ``candidat, dispositif_id, nom, motif``: see `uncertain_territories`; those of the plan's
        choice only.
    avertissements : tuple of str
        French sentences to show with the plan, the register's first.
    """

    plan: Plan
    demand: Demand
    candidates: Candidates
    incertains: pd.DataFrame
    avertissements: tuple[str, ...]


def demand_of(
    coverage: Coverage,
    territory: Territory = FRANCE,
    *,
    need: pd.Series | None = None,
    aim: Aim = EVERY,
) -> Demand:
    """List the QPV of a territory that a plan is to reach.

    Parameters
    ----------
    coverage : Coverage
        Status of each QPV for a type of device on a date.
    territory : Territory, optional
        Only its QPV count; a QPV over its limit is counted where the register of QPV puts it.
    need : Series, optional
        Need score by QPV code, to weigh inhabitants.
    aim : Aim, optional
        Which QPV are to be reached.
    """
    ground = coverage.ground
    active = coverage.devices.loc[coverage.devices["role"] == ACTIVE, "id"]
    held = ground.perimeters.loc[ground.perimeters["dispositif_id"].isin(active), "commune"]
    inside = pd.DataFrame(ground.qpv.loc[qpv_of(ground, territory)])
    return uncovered_demand(
        coverage.status,
        inside,
        ground.qpv_communes,
        held.unique().tolist(),
        need=need,
        aim=aim,
    )


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

    Parameters
    ----------
    territory : Territory, optional
        Only its QPV count. A candidate that holds one of them may reach over its limit.
    need : Series, optional
        Need score by QPV code; given, inhabitants are weighed by need.
    aim : Aim, optional
        Which QPV are to be reached.
    method : {"milp", "glouton"}, optional
        Exact, or greedy.
    time_limit : float, optional
        Seconds for the exact solver.

    Raises
    ------
    InvalidInputError
        Nothing to reach in the territory, or contradictory constraints.
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
    return Answer(
        found,
        demand,
        candidates,
        uncertain.reset_index(drop=True),
        _cautions(coverage, demand, found, uncertain),
    )


def uncertain_territories(coverage: Coverage, candidates: Candidates) -> pd.DataFrame:
    """List the candidates where a device may exist, or is to come, that coverage does not count.

    Returns
    -------
    DataFrame
        ``candidat, dispositif_id, nom, motif``, sorted: see
        `clsm_map.analysis.planning_uncertainty.uncertain_devices`.
    """
    rows = uncertain_devices(coverage).merge(candidates.holds, on="commune")
    return (
        rows[["candidat", "dispositif_id", "nom", "motif"]]
        .drop_duplicates(["candidat", "dispositif_id"])
        .sort_values(["candidat", "dispositif_id"], ignore_index=True)
    )


def counting_caution(demand: Demand) -> tuple[str, ...]:
    """Say how the QPV of a demand that are covered in part count.

    Returns
    -------
    tuple of str
        A French sentence, or none.
    """
    partial = int((demand.qpv["statut"] == "couvert_en_partie").sum())
    return partial_caution(partial, demand.aim.partiels)


def _cautions(
    coverage: Coverage, demand: Demand, found: Plan, uncertain: pd.DataFrame
) -> tuple[str, ...]:
    sentences = [
        CAUTION.format(type=coverage.type),
        *counting_caution(demand),
    ]
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
    marked = uncertain.loc[uncertain["candidat"].isin(found.choix["code"]), "candidat"].nunique()
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
