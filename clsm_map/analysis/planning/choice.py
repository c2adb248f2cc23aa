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
    from clsm_map.analysis.planning.solvers import Bools, Instance, Ints

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
    shared = _shared(instance, solution.chosen)
    ordered = _by_gain(instance, solution.chosen, shared)
    rows = _rows(demand, admitted, instance, ordered, shared)
    together = _together(demand, admitted, instance, ordered, shared)
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


def _shared(instance: Instance, chosen: Ints) -> Bools:
    """Tell which groups the choice reaches that none of its candidates reaches alone."""
    shared = instance.reached(chosen)
    for candidate in chosen:
        shared &= ~instance.own(int(candidate))
    return shared


def _by_gain(instance: Instance, chosen: Ints, shared: Bools) -> list[int]:
    """Order a set by greatest weight added alone, then most weight shared, then position."""
    ordered: list[int] = []
    rest = [int(c) for c in chosen]
    own = {c: instance.own(c) for c in rest}
    part = {c: float(instance.weights[shared & _has_part(instance, c)].sum()) for c in rest}
    before = np.zeros(len(instance.weights), dtype=np.bool_)
    while rest:
        best = max(
            rest, key=lambda c: (float(instance.weights[own[c] & ~before].sum()), part[c], -c)
        )
        ordered.append(best)
        rest.remove(best)
        before |= own[best]
    return ordered


def _has_part(instance: Instance, candidate: int) -> Bools:
    """Tell which groups need a set that holds a candidate."""
    groups = np.zeros(len(instance.weights), dtype=np.bool_)
    groups[instance.row_group[instance.pair_row[instance.pair_candidate == candidate]]] = True
    return groups


def _rows(
    demand: Demand, candidates: Candidates, instance: Instance, ordered: list[int], shared: Bools
) -> pd.DataFrame:
    records = []
    before = np.zeros(len(instance.weights), dtype=np.bool_)
    for rank, candidate in enumerate(ordered, start=1):
        own = instance.own(candidate)
        alone = _counted(demand, instance, own)
        added = _counted(demand, instance, own & ~before)
        part = _counted(demand, instance, shared & _has_part(instance, candidate))
        records.append(
            {
                "rang": rank,
                "code": str(instance.codes[candidate]),
                "qpv_seul": alone.qpv,
                "habitants_seul": alone.habitants,
                "poids_seul": alone.poids,
                "qpv_ajoutes": added.qpv,
                "habitants_ajoutes": added.habitants,
                "poids_ajoute": added.poids,
                "qpv_population_inconnue": added.inconnus,
                "habitants_partages": part.habitants,
                "qpv": ";".join(added.codes),
            }
        )
        before |= own
    columns = ["rang", "code", "nom", "departement", "region", "population"]
    columns += ["qpv_seul", "habitants_seul", "poids_seul"]
    columns += ["qpv_ajoutes", "habitants_ajoutes", "poids_ajoute"]
    columns += ["qpv_population_inconnue", "habitants_partages", "qpv"]
    found = pd.DataFrame(records, columns=[c for c in columns if c not in _TERRITORY])
    names = candidates.frame[["code", *_TERRITORY]].astype({"population": "Int64"})
    return found.merge(names, on="code", how="left")[columns]


def _together(
    demand: Demand, candidates: Candidates, instance: Instance, ordered: list[int], shared: Bools
) -> pd.DataFrame:
    """List the QPV gained together, by the territories that have a part in them."""
    names = candidates.frame.set_index("code")["nom"]
    part = {c: _has_part(instance, c) for c in ordered}
    holders: dict[tuple[int, ...], list[int]] = {}
    for group in np.flatnonzero(shared):
        holders.setdefault(tuple(c for c in ordered if part[c][group]), []).append(int(group))
    records = []
    for held_by, groups in holders.items():
        codes = [str(instance.codes[c]) for c in held_by]
        flags = np.zeros(len(instance.weights), dtype=np.bool_)
        flags[groups] = True
        found = _counted(demand, instance, flags)
        records.append(
            {
                "codes": ";".join(codes),
                "noms": ";".join(str(names[code]) for code in codes),
                "qpv_gagnes": found.qpv,
                "habitants_gagnes": found.habitants,
                "qpv_population_inconnue": found.inconnus,
                "poids_gagne": found.poids,
                "qpv": ";".join(found.codes),
            }
        )
    columns = ["codes", "noms", "qpv_gagnes", "habitants_gagnes", "qpv_population_inconnue"]
    rows = pd.DataFrame(records, columns=[*columns, "poids_gagne", "qpv"])
    return rows.sort_values(["poids_gagne", "codes"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Counted:
    """QPV of some groups, counted."""

    codes: tuple[str, ...]
    habitants: int
    inconnus: int
    poids: float

    @property
    def qpv(self) -> int:
        """How many."""
        return len(self.codes)


def _counted(demand: Demand, instance: Instance, groups: Bools) -> _Counted:
    codes = sorted(instance.qpv_group.index[groups[instance.qpv_group.to_numpy()]])
    rows = demand.qpv.loc[demand.qpv["qpv"].isin(codes)]
    return _Counted(
        tuple(codes),
        int(rows["habitants"].sum()),
        int((~rows["population_connue"]).sum()),
        float(rows["poids"].sum()),
    )


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
    single = np.zeros(len(instance.weights), dtype=np.bool_)
    single[instance.alone[0]] = True
    return Remainder(
        qpv=len(left),
        habitants=int(left["habitants"].sum()),
        qpv_population_inconnue=int((~left["population_connue"]).sum()),
        qpv_hors_d_un_seul=int((~single[group_of]).sum()) + len(instance.unreachable),
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
