"""Where the next devices would reach most: the plan, its curve, what remains after it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from clsm_map.analysis.planning.problem import allowed_candidates
from clsm_map.analysis.planning.solvers import (
    Solution,
    greedy_guarantee,
    make_instance,
    smallest_codes,
    solve_greedy,
    solve_milp,
    without_useless,
)
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from clsm_map.analysis.planning.problem import Candidates, Constraints, Demand
    from clsm_map.analysis.planning.solvers import Bools, Floats, Instance, Ints

Method = Literal["milp", "glouton"]

TIME_LIMIT: Final = 2.0
"""Seconds that the exact solver is given for a plan."""

CAUTION: Final = (
    "Le registre est un extrait : les résultats portent sur les quartiers "
    f"{NOT_WHOLE.template}, ce n’est pas la preuve qu’aucun dispositif n’y existe."
)
"""Sentence that goes with every plan and scenario; ``type`` is the acronym of the device."""

PROVEN: Final = (
    "Optimum démontré parmi les candidats admis et au vu des dispositifs recensés : aucun autre "
    "choix de ces candidats n’atteint davantage."
)


@dataclass(frozen=True, slots=True)
class Remainder:
    """What the plan does not reach.

    ``qpv``: QPV of the demand that are still not covered.
    ``habitants``: their inhabitants, where known.
    ``qpv_population_inconnue``: how many of them have no known population.
    ``qpv_hors_d_un_seul``: QPV of the whole demand, before the plan, that no single admitted
      candidate can reach (those no set of candidates can reach included).
    ``qpv_sans_candidat``: among these, QPV that no set of admitted candidates can reach.
    """

    qpv: int
    habitants: int
    qpv_population_inconnue: int
    qpv_hors_d_un_seul: int
    qpv_sans_candidat: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A choice of territories for new devices.

    ``choix``: ``rang, code, nom, departement, region, population``; ``qpv_seul, habitants_seul,
      poids_seul``: what the territory gains alone; ``qpv_ajoutes, habitants_ajoutes,
      poids_ajoute``: the part of it that the rows above have not gained;
      ``qpv_population_inconnue`` and ``qpv`` (codes, ``;`` between two) of what is added;
      ``habitants_partages``: those of the shared QPV in which it has a part, which several rows
      repeat. Rows are in descending order of the weight added: what one territory gains alone is a
      coverage function, so that the greatest next gain never exceeds the one above.
    ``partages``: QPV that no territory of the choice gains alone, and several together do: ``codes,
      noms`` (the territories that have a part in them), ``qpv_gagnes, habitants_gagnes,
      qpv_population_inconnue, poids_gagne, qpv``; most weight first. What the rows add and what
      they share make the totals.
    ``qpv_gagnes, habitants_gagnes, poids_gagne``: totals.
    ``optimal``: whether no admissible choice reaches more.
    ``ecart``: share of the best possible result that is at most missing (0 when optimal).
    ``methode``: how the choice was found.
    ``garantie``: French sentence on what is proven of it.
    ``courbe``: ``k, qpv, habitants, poids, gain, optimal``: the best result of each number of
      devices (not nested: the best two are not always the best one and another) and what each next
      one adds.
    ``pondere``: whether need weighs in.
    """

    choix: pd.DataFrame
    partages: pd.DataFrame
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

    ``method``: ``milp`` is exact; when the solver is stopped by ``time_limit`` the better of its
      answer and of the greedy one is given, with its gap. ``glouton`` is the greedy choice.
    ``curve``: whether to solve for each number of devices from 1 to ``k`` as well.

    Raises `InvalidInputError`: the constraints contradict each other, or no candidate is left.
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
    chosen, met = solution.chosen, instance.met
    own, part = instance.alone(chosen), met[:, chosen].toarray() > 0
    shared = instance.reached(chosen) & ~own.any(axis=1)
    order = _by_gain(instance.weights, own, part & shared[:, None])
    own, part = own[:, order], part[:, order] & shared[:, None]
    names = admitted.frame.set_index("code").loc[list(instance.codes[chosen[order]])].reset_index()
    alone = _totals(demand, instance, own)
    added = _totals(demand, instance, own & ~(np.cumsum(own, axis=1) > own))
    rows = pd.DataFrame(
        {
            "rang": range(1, len(names) + 1),
            "code": names["code"],
            "nom": names["nom"],
            "departement": names["departement"],
            "region": names["region"],
            "population": names["population"].astype("Int64"),
            "qpv_seul": alone["n"],
            "habitants_seul": alone["habitants"],
            "poids_seul": alone["poids"],
            "qpv_ajoutes": added["n"],
            "habitants_ajoutes": added["habitants"],
            "poids_ajoute": added["poids"],
            "qpv_population_inconnue": added["inconnus"],
            "habitants_partages": _totals(demand, instance, part)["habitants"],
            "qpv": added["qpv"],
        }
    )
    together = _together(demand, instance, names, part)
    return Plan(
        choix=rows,
        partages=together,
        qpv_gagnes=int(rows["qpv_ajoutes"].sum() + together["qpv_gagnes"].sum()),
        habitants_gagnes=int(rows["habitants_ajoutes"].sum() + together["habitants_gagnes"].sum()),
        poids_gagne=solution.value,
        optimal=solution.is_optimal,
        ecart=solution.gap,
        methode=used,
        garantie=_guarantee(instance, constraints, solution, used),
        courbe=_curve(demand, instance, points),
        reste=_remainder(demand, instance, chosen),
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


def _by_gain(weights: Floats, own: Bools, part: Bools) -> list[int]:
    """Order a set by greatest weight added alone, then most weight shared, then position."""
    ordered: list[int] = []
    rest = list(range(own.shape[1]))
    before = np.zeros(len(weights), dtype=np.bool_)
    while rest:
        best = max(
            rest, key=lambda c: (weights[own[:, c] & ~before].sum(), weights[part[:, c]].sum(), -c)
        )
        ordered.append(best)
        rest.remove(best)
        before |= own[:, best]
    return ordered


def _totals(demand: Demand, instance: Instance, groups: Bools) -> pd.DataFrame:
    """Count the QPV that each column flags: ``n, habitants, poids, inconnus, qpv`` (codes)."""
    group = instance.qpv_group
    flags = groups[group.to_numpy()]
    rows = demand.qpv.set_index("qpv").reindex(group.index)
    codes = group.index.to_numpy(object)
    return pd.DataFrame(
        {
            "n": flags.sum(axis=0),
            "habitants": (rows["habitants"].to_numpy() @ flags).astype(np.int64),
            "poids": rows["poids"].to_numpy() @ flags,
            "inconnus": (~rows["population_connue"]).to_numpy(np.int64) @ flags,
            "qpv": pd.Series([";".join(sorted(codes[of])) for of in flags.T], dtype=str),
        }
    )


def _together(demand: Demand, instance: Instance, names: pd.DataFrame, part: Bools) -> pd.DataFrame:
    """List the QPV gained together, by the territories that have a part in them."""
    gained = np.flatnonzero(part.any(axis=1))
    holders, which = np.unique(part[gained], axis=0, return_inverse=True)
    groups = np.zeros((len(part), len(holders)), dtype=np.bool_)
    groups[gained, which.ravel()] = True
    found = _totals(demand, instance, groups)
    rows = pd.DataFrame(
        {
            "codes": pd.Series([";".join(names.loc[held, "code"]) for held in holders], dtype=str),
            "noms": pd.Series([";".join(names.loc[held, "nom"]) for held in holders], dtype=str),
            "qpv_gagnes": found["n"],
            "habitants_gagnes": found["habitants"],
            "qpv_population_inconnue": found["inconnus"],
            "poids_gagne": found["poids"],
            "qpv": found["qpv"],
        }
    )
    order = ["poids_gagne", "codes"]
    return rows.sort_values(order, ascending=[False, True], ignore_index=True)


def _curve(demand: Demand, instance: Instance, points: dict[int, Solution]) -> pd.DataFrame:
    solutions = [points[k] for k in sorted(points)]
    reached = np.column_stack([instance.reached(s.chosen) for s in solutions])
    found = _totals(demand, instance, reached)
    weight = pd.Series([s.value for s in solutions])
    return pd.DataFrame(
        {
            "k": sorted(points),
            "qpv": found["n"],
            "habitants": found["habitants"],
            "poids": weight,
            "gain": weight.diff().fillna(weight),
            "optimal": [s.is_optimal for s in solutions],
        }
    )


def _remainder(demand: Demand, instance: Instance, chosen: Ints) -> Remainder:
    group = instance.qpv_group
    held = group.index[instance.reached(chosen)[group.to_numpy()]]
    left = demand.qpv.loc[~demand.qpv["qpv"].isin(held)]
    single = np.asarray(instance.alone(np.arange(len(instance.codes))).any(axis=1))
    return Remainder(
        qpv=len(left),
        habitants=int(left["habitants"].sum()),
        qpv_population_inconnue=int((~left["population_connue"]).sum()),
        qpv_hors_d_un_seul=int((~single[group.to_numpy()]).sum()) + len(instance.unreachable),
        qpv_sans_candidat=len(instance.unreachable),
    )


def _guarantee(
    instance: Instance, constraints: Constraints, solution: Solution, used: Method
) -> str:
    if solution.is_optimal:
        return PROVEN
    sentence = "Choix non démontré optimal ; l’écart au mieux possible est borné."
    if used == "glouton":
        return f"{sentence} {greedy_guarantee(instance, constraints).sentence}"
    return sentence
