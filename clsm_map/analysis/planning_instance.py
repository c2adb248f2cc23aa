"""A plan's question in arrays: groups of QPV, the rows each needs, the candidates of each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.domain.territories import PLM

if TYPE_CHECKING:
    from clsm_map.analysis.planning_problem import Candidates, Constraints, Demand

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Instance:
    """QPV that need the same sets of candidates form one group; a row is one set of a group.

    A group is reached when each of its rows holds at least one chosen candidate.

    Attributes
    ----------
    codes : array of str
        Candidate codes, ascending, Paris, Lyon and Marseille whole after all the others (an
        arrondissement that reaches as much is preferred); a candidate is its position here.
    departements : array of int
        Number of each candidate's département.
    populations : array of float
        Inhabitants of each candidate's perimeter.
    weights : array of float
        What each group is worth.
    row_group : array of int
        Group of each row.
    pair_row, pair_candidate : array of int
        Each row with each of its candidates.
    qpv_group : Series of int
        Group of each QPV that can be reached, by QPV code.
    unreachable : tuple of str
        QPV one of whose communes no candidate holds.
    forced : array of int
        Candidates that must be chosen.
    """

    codes: npt.NDArray[np.str_]
    departements: Ints
    populations: Floats
    weights: Floats
    row_group: Ints
    pair_row: Ints
    pair_candidate: Ints
    qpv_group: pd.Series
    unreachable: tuple[str, ...]
    forced: Ints

    @property
    def n_rows_by_group(self) -> Ints:
        """How many distinct sets of candidates each group needs."""
        return np.bincount(self.row_group, minlength=len(self.weights)).astype(np.int64)

    @property
    def is_single(self) -> bool:
        """Whether each group needs one set only: gains are then submodular."""
        return bool((self.n_rows_by_group <= 1).all())

    @cached_property
    def alone(self) -> tuple[Ints, Ints]:
        """Pairs of a group and a candidate that reaches it alone, today."""
        n = len(self.codes)
        key, held = np.unique(
            self.row_group[self.pair_row] * n + self.pair_candidate, return_counts=True
        )
        full = held == self.n_rows_by_group[key // n]
        return key[full] // n, key[full] % n

    def own(self, candidate: int) -> Bools:
        """Tell which groups one candidate reaches alone, today."""
        groups = np.zeros(len(self.weights), dtype=np.bool_)
        group, alone = self.alone
        groups[group[alone == candidate]] = True
        return groups

    def met_rows(self, chosen: Ints) -> Bools:
        """Tell which rows hold a chosen candidate."""
        met = np.zeros(len(self.row_group), dtype=bool)
        met[self.pair_row[np.isin(self.pair_candidate, chosen)]] = True
        return met

    def reached(self, chosen: Ints) -> Bools:
        """Tell which groups are reached by a set of candidates."""
        groups = np.ones(len(self.weights), dtype=np.bool_)
        groups[self.row_group[~self.met_rows(chosen)]] = False
        return groups

    def value(self, chosen: Ints) -> float:
        """Add up the weights of the groups reached."""
        return float(self.weights[self.reached(chosen)].sum())

    def progress(self, chosen: Ints) -> tuple[Floats, Floats]:
        """Weigh what each candidate would add to a set.

        Parameters
        ----------
        chosen : array of int
            Candidates already chosen.

        Returns
        -------
        gain : array of float
            Weight of the groups that the candidate alone would complete.
        partial : array of float
            Weight of the groups it would advance, each by the share of the missing rows it holds.
        """
        n = len(self.codes)
        open_row = ~self.met_rows(chosen)
        missing = np.bincount(self.row_group[open_row], minlength=len(self.weights))
        useful = open_row[self.pair_row]
        group = self.row_group[self.pair_row[useful]]
        key, held = np.unique(group * n + self.pair_candidate[useful], return_counts=True)
        group, candidate = key // n, key % n
        share = held / missing[group]
        weight = self.weights[group]
        full = weight * (held == missing[group])
        gain = np.bincount(candidate, weights=full, minlength=n).astype(np.float64)
        partial = np.bincount(candidate, weights=weight * share, minlength=n).astype(np.float64)
        return gain, partial

    def admissible(self, chosen: Ints, constraints: Constraints) -> Bools:
        """Tell which candidates may still join a set without breaking a limit."""
        free = np.ones(len(self.codes), dtype=bool)
        free[chosen] = False
        if len(chosen) >= constraints.k:
            free[:] = False
        if constraints.max_per_departement is not None:
            used = np.bincount(
                self.departements[chosen], minlength=int(self.departements.max(initial=0)) + 1
            )
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

    Parameters
    ----------
    candidates : Candidates
        Those that `clsm_map.analysis.planning_problem.allowed_candidates` kept.
    constraints : Constraints
        Only ``forced`` is read.
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
    pairs = [(r, c) for r, (_, row) in enumerate(rows) for c in row]
    pair_array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    worth = [sum(weights[q] for q in codes) for codes in groups.values()]
    members = [(qpv, g) for g, codes in enumerate(groups.values()) for qpv in codes]
    return Instance(
        codes=frame["code"].to_numpy(dtype=np.str_),
        departements=pd.factorize(frame["departement"], use_na_sentinel=False)[0].astype(np.int64),
        populations=frame["population"].fillna(0).to_numpy(dtype=float),
        weights=np.array(worth, dtype=float),
        row_group=np.array([g for g, _ in rows], dtype=np.int64),
        pair_row=pair_array[:, 0],
        pair_candidate=pair_array[:, 1],
        qpv_group=pd.Series(dict(members), dtype="int64"),
        unreachable=tuple(unreachable),
        forced=np.array(sorted(position[c] for c in constraints.forced), dtype=np.int64),
    )
