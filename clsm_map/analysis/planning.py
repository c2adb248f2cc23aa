"""Where the next devices would reach most: the plan, its curve, what remains after it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from clsm_map.analysis.planning_greedy import (
    greedy_guarantee,
    smallest_codes,
    solve_greedy,
    without_useless,
)
from clsm_map.analysis.planning_instance import make_instance
from clsm_map.analysis.planning_milp import Solution, solve_milp
from clsm_map.analysis.planning_problem import allowed_candidates
from clsm_map.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from clsm_map.analysis.planning_instance import Instance, Ints
    from clsm_map.analysis.planning_problem import Candidates, Constraints, Demand

Method = Literal["milp", "glouton"]

TIME_LIMIT: Final = 2.0
"""Seconds that the exact solver is given for a plan."""

CAUTION: Final = (
    "Le registre est un extrait : les résultats portent sur les QPV sans {type} recensé ou "
    "couverts en partie, ce n’est pas la preuve qu’aucun dispositif n’y existe."
)
"""Sentence that goes with every plan and scenario; ``type`` is the acronym of the device."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """What the plan does not reach.

    Attributes
    ----------
    qpv : int
        QPV of the demand that are still not covered.
    habitants : int
        Their inhabitants, where known.
    qpv_population_inconnue : int
        How many of them have no known population.
    qpv_hors_d_un_seul : int
        QPV of the whole demand, before the plan, that no single admitted candidate can reach
        (those no set of candidates can reach included).
    qpv_sans_candidat : int
        Among these, QPV that no set of admitted candidates can reach.
    """

    qpv: int
    habitants: int
    qpv_population_inconnue: int
    qpv_hors_d_un_seul: int
    qpv_sans_candidat: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A choice of territories for new devices.

    Attributes
    ----------
    choix : DataFrame
        ``rang, code, nom, departement, region, population, qpv_gagnes, habitants_gagnes,
        qpv_population_inconnue, poids_gagne, qpv`` (codes, ``;`` between two). Rows are in the
        order of greatest marginal gain: each row adds what it gains once the rows above exist, so
        that a column adds up to the plan's total. A QPV that needs two of them is counted with
        the one that completes it.
    qpv_gagnes, habitants_gagnes, poids_gagne : int, int, float
        Totals.
    optimal : bool
        Whether no admissible choice reaches more.
    ecart : float
        Share of the best possible result that is at most missing (0 when optimal).
    methode : {"milp", "glouton"}
        How the choice was found.
    garantie : str
        French sentence on what is proven of it.
    courbe : DataFrame
        ``k, qpv, habitants, poids, gain, optimal``: the best result of each number of devices (not
        nested: the best two are not always the best one and another) and what each next one adds.
    reste : Remainder
    pondere : bool
        Whether need weighs in.
    """

    choix: pd.DataFrame
    qpv_gagnes: int
    habitants_gagnes: int
    poids_gagne: float
    optimal: bool
    ecart: float
    methode: Method
    garantie: str
    courbe: pd.DataFrame
    reste: Remainder
    pondere: bool


def plan(
    demand: Demand,
    candidates: Candidates,
    constraints: Constraints,
    *,
    method: Method = "milp",
    time_limit: float = TIME_LIMIT,
    curve: bool = True,
) -> Plan:
    """Choose at most ``k`` candidates that reach the greatest weight of QPV not yet covered.

    Parameters
    ----------
    demand : Demand
        See `clsm_map.analysis.planning_problem.uncovered_demand`.
    candidates : Candidates
        See `clsm_map.analysis.planning_problem.offered_candidates`.
    constraints : Constraints
    method : {"milp", "glouton"}, optional
        ``milp`` is exact; when the solver is stopped by ``time_limit`` the better of its answer
        and of the greedy one is given, with its gap. ``glouton`` is the greedy choice.
    time_limit : float, optional
        Seconds for the exact solver. The points of the curve share what it leaves; the last of them
        may be greedy ones, and say so.
    curve : bool, optional
        Whether to solve for each number of devices from 1 to ``k`` as well.

    Returns
    -------
    Plan

    Raises
    ------
    InvalidInputError
        The constraints contradict each other, or no candidate is left.
    """
    admitted = allowed_candidates(candidates, constraints)
    if admitted.frame.empty:
        raise InvalidInputError("Aucun territoire candidat ne reste avec ces exclusions.")
    deadline = time.monotonic() + time_limit
    instance = make_instance(demand, admitted, constraints)
    solution, used = _solve(instance, constraints, method, time_limit)
    solution = replace(solution, chosen=smallest_codes(instance, constraints, solution.chosen))
    points = {constraints.k: solution}
    if curve:
        points |= _smaller(instance, constraints, method, deadline)
    chosen = _by_gain(instance, solution.chosen)
    gained = _rows(demand, admitted, instance, chosen)
    return Plan(
        choix=gained,
        qpv_gagnes=int(gained["qpv_gagnes"].sum()),
        habitants_gagnes=int(gained["habitants_gagnes"].sum()),
        poids_gagne=solution.value,
        optimal=solution.is_optimal,
        ecart=solution.gap,
        methode=used,
        garantie=_guarantee(instance, constraints, solution, used),
        courbe=_curve(demand, instance, points),
        reste=_remainder(demand, instance, solution.chosen),
        pondere=demand.weighted,
    )


def _solve(
    instance: Instance, constraints: Constraints, method: Method, time_limit: float
) -> tuple[Solution, Method]:
    greedy = solve_greedy(instance, constraints)
    if method == "glouton":
        return greedy, "glouton"
    if not len(instance.weights):
        return greedy, "milp"
    exact = solve_milp(instance, constraints, time_limit)
    if exact.value >= greedy.value:
        return replace(exact, chosen=without_useless(instance, exact.chosen)), "milp"
    return replace(greedy, bound=min(exact.bound, greedy.bound)), "glouton"


def _smaller(
    instance: Instance, constraints: Constraints, method: Method, deadline: float
) -> dict[int, Solution]:
    """Solve for fewer devices, from the least that the forced ones allow."""
    points: dict[int, Solution] = {}
    for k in range(max(1, len(instance.forced)), constraints.k):
        left = deadline - time.monotonic()
        way: Method = method if left > 0 else "glouton"
        points[k], _ = _solve(instance, replace(constraints, k=k), way, max(left, 0.01))
    return points


def _by_gain(instance: Instance, chosen: Ints) -> list[int]:
    """Order a set by greatest marginal gain, then most weight advanced, then code."""
    ordered: list[int] = []
    rest = list(chosen)
    while rest:
        gain, partial = instance.progress(np.array(ordered, dtype=np.int64))
        best = max(rest, key=lambda c: (gain[c], partial[c], -c))
        ordered.append(int(best))
        rest.remove(best)
    return ordered


def _rows(
    demand: Demand, candidates: Candidates, instance: Instance, ordered: list[int]
) -> pd.DataFrame:
    qpv = demand.qpv.set_index("qpv")
    group_of = instance.qpv_group
    records = []
    before = np.zeros(len(instance.weights), dtype=bool)
    for rank, candidate in enumerate(ordered, start=1):
        after = instance.reached(np.array(ordered[:rank], dtype=np.int64))
        new = after & ~before
        codes = sorted(group_of.index[new[group_of.to_numpy()]])
        gained = qpv.loc[codes]
        records.append(
            {
                "rang": rank,
                "code": str(instance.codes[candidate]),
                "qpv_gagnes": len(codes),
                "habitants_gagnes": int(gained["habitants"].sum()),
                "qpv_population_inconnue": int((~gained["population_connue"]).sum()),
                "poids_gagne": float(gained["poids"].sum()),
                "qpv": ";".join(codes),
            }
        )
        before = after
    columns = ["rang", "code", "nom", "departement", "region", "population", "qpv_gagnes"]
    columns += ["habitants_gagnes", "qpv_population_inconnue", "poids_gagne", "qpv"]
    found = pd.DataFrame(records, columns=[c for c in columns if c not in _TERRITORY])
    names = candidates.frame[["code", *_TERRITORY]].astype({"population": "Int64"})
    return found.merge(names, on="code", how="left")[columns]


_TERRITORY: Final = ["nom", "departement", "region", "population"]


def _curve(demand: Demand, instance: Instance, points: dict[int, Solution]) -> pd.DataFrame:
    qpv = demand.qpv.set_index("qpv").reindex(instance.qpv_group.index)
    records = []
    for k, solution in sorted(points.items()):
        mine = instance.reached(solution.chosen)[instance.qpv_group.to_numpy()]
        records.append(
            {
                "k": k,
                "qpv": int(mine.sum()),
                "habitants": int(qpv.loc[mine, "habitants"].sum()),
                "poids": solution.value,
                "optimal": solution.is_optimal,
            }
        )
    frame = pd.DataFrame(records)
    frame["gain"] = frame["poids"].diff().fillna(frame["poids"])
    return frame[["k", "qpv", "habitants", "poids", "gain", "optimal"]]


def _remainder(demand: Demand, instance: Instance, chosen: Ints) -> Remainder:
    reached = instance.reached(chosen)
    held = instance.qpv_group.index[reached[instance.qpv_group.to_numpy()]]
    left = demand.qpv.loc[~demand.qpv["qpv"].isin(held)]
    group_of = instance.qpv_group.to_numpy()
    single = _reached_by_one(instance)
    return Remainder(
        qpv=len(left),
        habitants=int(left["habitants"].sum()),
        qpv_population_inconnue=int((~left["population_connue"]).sum()),
        qpv_hors_d_un_seul=int((~single[group_of]).sum()) + len(instance.unreachable),
        qpv_sans_candidat=len(instance.unreachable),
    )


def _reached_by_one(instance: Instance) -> np.typing.NDArray[np.bool_]:
    """Tell which groups one candidate alone can reach."""
    n = len(instance.codes)
    group = instance.row_group[instance.pair_row]
    key, held = np.unique(group * n + instance.pair_candidate, return_counts=True)
    single = np.zeros(len(instance.weights), dtype=np.bool_)
    single[(key // n)[held == instance.n_rows_by_group[key // n]]] = True
    return single


def _guarantee(
    instance: Instance, constraints: Constraints, solution: Solution, used: Method
) -> str:
    if solution.is_optimal:
        return "Optimum démontré : aucun autre choix admis n’atteint davantage."
    sentence = "Choix non démontré optimal ; l’écart au mieux possible est borné."
    if used == "glouton":
        return f"{sentence} {greedy_guarantee(instance, constraints).sentence}"
    return sentence
