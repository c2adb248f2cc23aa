"""The greedy plan, the bound that holds for it, and the order of equal choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clsm_map.analysis.planning_milp import Solution

if TYPE_CHECKING:
    from clsm_map.analysis.planning_instance import Instance, Ints
    from clsm_map.analysis.planning_problem import Constraints

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What is known in advance of a greedy choice.

    Attributes
    ----------
    ratio : float
        The choice reaches at least this share of the best value; 0 when nothing is known.
    sentence : str
        The same in French.
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
    group = instance.row_group[instance.pair_row]
    n = len(instance.codes)
    touched = np.zeros(len(instance.weights), dtype=bool)
    touched[group[np.isin(instance.pair_candidate, chosen)]] = True
    key = np.unique(group * n + instance.pair_candidate)
    open_ = ~touched[key // n]
    gains = np.bincount(key[open_] % n, weights=instance.weights[key[open_] // n], minlength=n)
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

    Parameters
    ----------
    chosen : array of int
        An admissible set.

    Returns
    -------
    array of int
        An admissible set of the same value and size.
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
