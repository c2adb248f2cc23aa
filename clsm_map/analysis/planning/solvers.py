"""The choice as a maximal covering problem: its matrix, the exact and the greedy solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, sparse

from clsm_map.domain.territories import PLM

if TYPE_CHECKING:
    from clsm_map.analysis.planning.problem import Candidates, Constraints, Demand

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Instance:
    """QPV that need the same sets of candidates form one group; a row is one set of a group.

    A group is reached when each of its rows holds at least one chosen candidate.

    ``codes``: candidate codes, ascending, Paris, Lyon and Marseille whole after all the others (an
      arrondissement that reaches as much is preferred); a candidate is its position here.
    ``departements``: number of each candidate's département.
    ``populations``: inhabitants of each candidate's perimeter.
    ``weights``: what each group is worth.
    ``of_group``: groups × rows, 1 where the row is one of the group.
    ``holds``: rows × candidates, 1 where the row holds the candidate.
    ``qpv_group``: group of each QPV that can be reached, by QPV code.
    ``unreachable``: QPV one of whose communes no candidate holds.
    ``forced``: candidates that must be chosen.
    """

    codes: npt.NDArray[np.str_]
    departements: Ints
    populations: Floats
    weights: Floats
    of_group: sparse.csr_array
    holds: sparse.csr_array
    qpv_group: pd.Series
    unreachable: tuple[str, ...]
    forced: Ints

    @property
    def is_single(self) -> bool:
        """Whether each group needs one set only: gains are then submodular."""
        return bool((self.of_group.sum(axis=1) <= 1).all())

    @cached_property
    def met(self) -> sparse.csr_array:
        """Groups × candidates: how many rows of the group the candidate is in."""
        return self.of_group @ self.holds

    def alone(self, candidates: Ints) -> Bools:
        """Tell which groups (rows) each candidate (column) reaches alone, today."""
        rows = self.of_group.sum(axis=1)
        found: Bools = self.met[:, candidates].toarray() == rows[:, None]
        return found

    def met_rows(self, chosen: Ints) -> Bools:
        """Tell which rows hold a chosen candidate."""
        found: Bools = self.holds @ self.flags(chosen) > 0
        return found

    def reached(self, chosen: Ints) -> Bools:
        """Tell which groups are reached by a set of candidates."""
        found: Bools = self.of_group @ (~self.met_rows(chosen)).astype(np.float64) == 0
        return found

    def value(self, chosen: Ints) -> float:
        """Add up the weights of the groups reached."""
        return float(self.weights[self.reached(chosen)].sum())

    def progress(self, chosen: Ints) -> tuple[Floats, Floats]:
        """Weigh what each candidate would add to a set.

        The weight of the groups that the candidate alone would complete, then that of the groups
        it would advance, each by the share of the missing rows it holds.
        """
        open_row = ~self.met_rows(chosen)
        held = (self.of_group[:, open_row] @ self.holds[open_row]).tocoo()
        missing = self.of_group @ open_row.astype(np.float64)
        share, weight = held.data / missing[held.row], self.weights[held.row]
        n = len(self.codes)
        gain = np.bincount(held.col, weights=weight * (share == 1.0), minlength=n)
        partial = np.bincount(held.col, weights=weight * share, minlength=n)
        return gain.astype(np.float64), partial.astype(np.float64)

    def flags(self, chosen: Ints) -> Floats:
        """1 for each candidate of a set."""
        flags = np.zeros(len(self.codes))
        flags[chosen] = 1.0
        return flags

    def admissible(self, chosen: Ints, constraints: Constraints) -> Bools:
        """Tell which candidates may still join a set without breaking a limit."""
        free = np.ones(len(self.codes), dtype=bool)
        free[chosen] = False
        if len(chosen) >= constraints.k:
            free[:] = False
        if constraints.max_per_departement is not None:
            size = int(self.departements.max(initial=0)) + 1
            used = np.bincount(self.departements[chosen], minlength=size)
            free &= used[self.departements] < constraints.max_per_departement
        if constraints.max_population is not None:
            left = constraints.max_population - self.populations[chosen].sum()
            free &= self.populations <= left
        return free


def make_instance(demand: Demand, candidates: Candidates, constraints: Constraints) -> Instance:
    """Reduce a question to what decides it.

    Candidates that hold no commune needed are dropped (unless forced), QPV that need the same sets
    of candidates are merged, a set that contains another one of the same QPV is dropped (who meets
    the smaller meets the larger). None of this changes the best value.

    ``constraints``: only ``forced`` is read.
    """
    holds = candidates.holds.merge(demand.needed[["commune"]].drop_duplicates(), on="commune")
    useful = set(holds["candidat"]) | set(constraints.forced)
    frame = candidates.frame.loc[candidates.frame["code"].isin(useful)]
    frame = frame.assign(whole=frame["code"].isin(list(PLM))).sort_values(["whole", "code"])
    position = {code: i for i, code in enumerate(frame["code"])}
    by_commune = {
        commune: frozenset(position[c] for c in codes)
        for commune, codes in holds.groupby("commune")["candidat"]
    }
    nobody: frozenset[int] = frozenset()
    weights = dict(zip(demand.qpv["qpv"], demand.qpv["poids"], strict=True))
    groups: dict[tuple[tuple[int, ...], ...], list[str]] = {}
    unreachable: list[str] = []
    for qpv, communes in demand.needed.groupby("qpv")["commune"]:
        sets = {by_commune.get(commune, nobody) for commune in communes}
        if nobody in sets:
            unreachable.append(str(qpv))
            continue
        kept = sorted(tuple(sorted(s)) for s in sets if not any(other < s for other in sets))
        groups.setdefault(tuple(kept), []).append(str(qpv))

    rows = [(g, row) for g, sets in enumerate(groups) for row in sets]
    of_group = [g for g, _ in rows]
    pairs = [(r, c) for r, (_, row) in enumerate(rows) for c in row]
    pair_array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    worth = [sum(weights[q] for q in codes) for codes in groups.values()]
    members = {qpv: g for g, codes in enumerate(groups.values()) for qpv in codes}
    return Instance(
        codes=frame["code"].to_numpy(dtype=np.str_),
        departements=pd.factorize(frame["departement"], use_na_sentinel=False)[0].astype(np.int64),
        populations=frame["population"].fillna(0).to_numpy(dtype=float),
        weights=np.array(worth, dtype=float),
        of_group=_ones(of_group, range(len(rows)), (len(groups), len(rows))),
        holds=_ones(pair_array[:, 0], pair_array[:, 1], (len(rows), len(frame))),
        qpv_group=pd.Series(members, dtype="int64"),
        unreachable=tuple(unreachable),
        forced=np.array(sorted(position[c] for c in constraints.forced), dtype=np.int64),
    )


def _ones(
    rows: Ints | Sequence[int], columns: Ints | Sequence[int], shape: tuple[int, int]
) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape)


@dataclass(frozen=True, eq=False)
class Solution:
    """A set of candidates and what is known of the best one.

    ``chosen``: positions in `Instance.codes`, ascending.
    ``value``: weight reached.
    ``bound``: no admissible set reaches more than this.
    """

    chosen: Ints
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How much more than this set the best one could reach, as a share of the bound."""
        return max(self.bound - self.value, 0.0) / self.bound if self.bound > 0 else 0.0

    @property
    def is_optimal(self) -> bool:
        """Whether the gap is nothing but rounding."""
        return self.gap <= 1e-9


def solve_milp(instance: Instance, constraints: Constraints, time_limit: float) -> Solution:
    """Find the set of candidates that reaches the greatest weight.

    With ``x_j`` 1 when candidate ``j`` is chosen and ``y_g`` 1 when group ``g`` is reached::

        max  Σ_g w_g y_g
        s.t. y_g ≤ Σ_{j in row} x_j       for each row of g (a set that it needs)
             Σ_j x_j ≤ k
             Σ_{j in département} x_j ≤ n  for each département
             Σ_j population_j x_j ≤ P
             x_j = 1 for the forced ones,  x_j in {0, 1},  0 ≤ y_g ≤ 1

    ``y`` may stay continuous: for any 0-1 ``x`` its largest value is 0 or 1. This is the maximal
    covering location problem (Church and ReVelle, 1974) where a point may need several facilities.
    HiGHS's own presolve is off: `make_instance` has done it, and here it costs ten times the rest.

    The best set found with its proven bound; the forced candidates alone, which are always
    admissible, when the time went before any set was found.
    """
    n, met = len(instance.codes), instance.met
    easy = met.sum(axis=1) == 1  # one given candidate decides: its weight goes to the candidate
    worth, hard = met[easy].T @ instance.weights[easy], np.flatnonzero(~easy)
    lower = np.zeros(n + len(hard))
    lower[instance.forced] = 1.0
    result = optimize.milp(
        c=-np.concatenate([worth, instance.weights[hard]]),
        constraints=_linear_rows(instance, constraints, hard),
        integrality=np.concatenate([np.ones(n), np.zeros(len(hard))]),
        bounds=optimize.Bounds(lower, np.ones(n + len(hard))),
        options={"mip_rel_gap": 0.0, "time_limit": time_limit, "presolve": False},
    )
    chosen = instance.forced if result.x is None else np.flatnonzero(result.x[:n] > 0.5)
    value = instance.value(chosen)
    if result.status == 0:  # HiGHS, through SciPy: the optimum is proven
        return Solution(chosen, value, value)
    everything = float(instance.weights.sum())
    bound = everything if result.mip_dual_bound is None else -float(result.mip_dual_bound)
    return Solution(chosen, value, max(value, min(bound, everything)))


def _linear_rows(
    instance: Instance, constraints: Constraints, hard: Ints
) -> list[optimize.LinearConstraint]:
    n, m = len(instance.codes), len(hard)
    rows = instance.of_group[hard].T.tocsr()
    kept = np.flatnonzero(rows.sum(axis=1))
    lines: list[tuple[sparse.csr_array | Floats, float]] = [(np.ones((1, n)), constraints.k)]
    if constraints.max_per_departement is not None:
        shape = (int(instance.departements.max(initial=0)) + 1, n)
        where = _ones(instance.departements, range(n), shape)
        lines.append((where, constraints.max_per_departement))
    if constraints.max_population is not None:
        lines.append((instance.populations[None, :], constraints.max_population))
    limits = [
        optimize.LinearConstraint(
            sparse.hstack([sparse.csr_array(line), sparse.csr_array((line.shape[0], m))]), ub=bound
        )
        for line, bound in lines
    ]
    if len(kept):
        reach = sparse.hstack([-instance.holds[kept], rows[kept]])
        limits.insert(1, optimize.LinearConstraint(reach, ub=np.zeros(len(kept))))
    return limits


_TOLERANCE = 1e-9


class Guarantee(NamedTuple):
    """What is known in advance of a greedy choice.

    It reaches at least ``ratio`` of the best value (0 when nothing is known); the same in French.
    """

    ratio: float
    sentence: str


def greedy_guarantee(instance: Instance, constraints: Constraints) -> Guarantee:
    """Say which bound holds for the greedy choice on this question.

    Where each QPV needs one set of candidates, the weight reached is monotone and submodular: the
    greedy choice of ``k`` reaches ``1 − 1/e`` of the best (Nemhauser, Wolsey and Fisher, 1978),
    and 1/2 with a limit per département or forced choices (Fisher, Nemhauser and Wolsey, 1978:
    one matroid). A QPV that needs two new perimeters breaks submodularity (each alone adds
    nothing, both add it), and a limit on inhabitants is a knapsack: neither bound holds then.
    """
    if not instance.is_single:
        return Guarantee(
            0.0,
            "Aucune garantie générale : des quartiers demandent plusieurs périmètres à la fois, "
            "le gain n’est pas sous-modulaire.",
        )
    if constraints.max_population is not None:
        return Guarantee(
            0.0, "Aucune garantie générale : la limite d’habitants desservis s’y oppose."
        )
    if constraints.max_per_departement is not None or len(instance.forced):
        return Guarantee(0.5, "Au moins la moitié du meilleur résultat possible.")
    return Guarantee(1 - 1 / np.e, "Au moins 1 − 1/e, soit 63 %, du meilleur résultat possible.")


def solve_greedy(instance: Instance, constraints: Constraints) -> Solution:
    """Choose one candidate after the other, the greatest gain first, equal gains by code.

    When no candidate completes a QPV alone, the one that advances the most weight is taken, so
    that QPV over several perimeters are not out of sight; what turned out useless is given back.

    ``Solution.bound`` is what can be proven afterwards, whatever the question:
    ``f(best) ≤ g(best) ≤ g(S) + the k greatest gains of g after S``, where ``g`` counts a QPV as
    soon as one of its sets is met, a coverage function that is never below ``f``.
    """
    chosen = instance.forced
    while True:
        free = instance.admissible(chosen, constraints)
        gain, partial = instance.progress(chosen)
        score = np.where(free, gain, 0.0)
        if score.max(initial=0.0) <= 0:
            score = np.where(free, partial, 0.0)
        if score.max(initial=0.0) <= 0:
            break
        chosen = np.sort(np.append(chosen, np.argmax(score >= score.max() * (1 - _TOLERANCE))))
    chosen = without_useless(instance, chosen)
    value = instance.value(chosen)
    return Solution(chosen, value, max(value, _bound(instance, constraints, chosen)))


def _bound(instance: Instance, constraints: Constraints, chosen: Ints) -> float:
    met = instance.met > 0
    touched = met @ instance.flags(chosen) > 0
    gains = met[~touched].T @ instance.weights[~touched]
    best = np.sort(gains)[::-1][: constraints.k].sum()
    return float(min(instance.weights[touched].sum() + best, instance.weights.sum()))


def without_useless(instance: Instance, chosen: Ints) -> Ints:
    """Give back, last codes first, the candidates without which as much is reached."""
    value = instance.value(chosen)
    for candidate in chosen[::-1]:
        if candidate in instance.forced:
            continue
        fewer = chosen[chosen != candidate]
        if instance.value(fewer) >= value * (1 - _TOLERANCE):
            chosen = fewer
    return chosen


def smallest_codes(instance: Instance, constraints: Constraints, chosen: Ints) -> Ints:
    """Replace choices by others of smaller code that reach as much, until none can be.

    Two runs on the same data, in whatever order of rows, thus give the same plan.
    """
    changed = True
    while changed:
        changed = False
        for candidate in chosen[::-1]:
            if candidate in instance.forced:
                continue
            fewer = chosen[chosen != candidate]
            gain, _ = instance.progress(fewer)
            equal = gain >= gain[candidate] * (1 - _TOLERANCE)
            better = np.flatnonzero(equal & instance.admissible(fewer, constraints))
            if len(better) and better[0] < candidate:
                chosen = np.sort(np.append(fewer, better[0]))
                changed = True
                break
    return chosen
