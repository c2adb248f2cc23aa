"""The exact plan: a mixed-integer linear programme solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import optimize

    from clsm_map.analysis.planning_instance import Floats, Instance, Ints
    from clsm_map.analysis.planning_problem import Constraints

_SOLVED = 0
"""Status that HiGHS gives through SciPy when the optimum is proven."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A set of candidates and what is known of the best one.

    Attributes
    ----------
    chosen : array of int
        Positions in `Instance.codes`, ascending.
    value : float
        Weight reached.
    bound : float
        No admissible set reaches more than this.
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

    Parameters
    ----------
    time_limit : float
        Seconds given to the solver.

    Returns
    -------
    Solution
        The best set found with its proven bound; the forced candidates alone, which are always
        admissible, when the time went before any set was found.
    """
    from scipy import optimize  # noqa: PLC0415 - slow to load, and only plans solve

    n = len(instance.codes)
    worth, hard = _worth_alone(instance)
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
    if result.status == _SOLVED:
        return Solution(chosen, value, value)
    everything = float(instance.weights.sum())
    bound = everything if result.mip_dual_bound is None else -float(result.mip_dual_bound)
    return Solution(chosen, value, max(value, min(bound, everything)))


def _worth_alone(instance: Instance) -> tuple[Floats, Ints]:
    """Split the groups: those that one given candidate decides, and the others.

    For the former ``y_g = x_j``: their weight goes to the candidate and the variable goes away.
    """
    pairs_by_group = np.bincount(
        instance.row_group[instance.pair_row], minlength=len(instance.weights)
    )
    easy = pairs_by_group == 1
    of_pair = instance.row_group[instance.pair_row]
    alone = easy[of_pair]
    worth = np.bincount(
        instance.pair_candidate[alone],
        weights=instance.weights[of_pair[alone]],
        minlength=len(instance.codes),
    )
    return worth.astype(np.float64), np.flatnonzero(~easy)


def _linear_rows(
    instance: Instance, constraints: Constraints, hard: Ints
) -> list[optimize.LinearConstraint]:
    from scipy import optimize, sparse  # noqa: PLC0415 - as above

    n, m = len(instance.codes), len(hard)
    kept = np.flatnonzero(np.isin(instance.row_group, hard))
    pairs = np.isin(instance.pair_row, kept)
    row = np.searchsorted(kept, instance.pair_row[pairs])
    column = instance.pair_candidate[pairs]
    group = np.searchsorted(hard, instance.row_group[kept])
    held = sparse.csr_array((-np.ones(len(row)), (row, column)), (len(kept), n))
    of_group = sparse.csr_array((np.ones(len(kept)), (np.arange(len(kept)), group)), (len(kept), m))
    blank = sparse.csr_array((1, m))
    limits = [
        optimize.LinearConstraint(
            sparse.hstack([sparse.csr_array(np.ones((1, n))), blank]), ub=constraints.k
        )
    ]
    if len(kept):
        reach = sparse.hstack([held, of_group])
        limits.append(optimize.LinearConstraint(reach, ub=np.zeros(len(kept))))
    if constraints.max_per_departement is not None:
        last = int(instance.departements.max(initial=0)) + 1
        where = sparse.csr_array((np.ones(n), (instance.departements, np.arange(n))), (last, n))
        limits.append(
            optimize.LinearConstraint(
                sparse.hstack([where, sparse.csr_array((last, m))]),
                ub=np.full(last, float(constraints.max_per_departement)),
            )
        )
    if constraints.max_population is not None:
        limits.append(
            optimize.LinearConstraint(
                sparse.hstack([sparse.csr_array(instance.populations[None, :]), blank]),
                ub=constraints.max_population,
            )
        )
    return limits
