"""What several scenes of a presentation rest on, computed once while they are told.

Keys are the data themselves (a snapshot, a coverage, a ground): a visitor's own register has its
own entries, and few are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pandas as pd

from clsm_map.analysis.contours import Contours
from clsm_map.analysis.coverage import Coverage, Ground
from clsm_map.analysis.gaps import nearest_active
from clsm_map.analysis.need_components import DEFAULTS, need_of, read_weights
from clsm_map.analysis.need_index import NeedIndex
from clsm_map.analysis.planning_question import Answer, ask_plan
from clsm_map.analysis.planning_scenario import Scenario
from clsm_map.analysis.planning_simulation import Simulation, simulate
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.planning import PartialChoice
from clsm_map.domain.study import IndexLevel, IndexMean, weights_of
from clsm_map.domain.territories import Territory
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.coverage_history import CoverageHistory, coverage_history
from clsm_map.views.planifier_names import territory_names
from clsm_map.views.planifier_question import PlanQuestion, candidates_of

TIME_LIMIT: Final = 5.0
"""Seconds for a plan and its whole curve, as on the page."""


@lru_cache(maxsize=4)
def nearest(coverage: Coverage, contours: Contours) -> pd.DataFrame:
    """Give the nearest active device of every QPV."""
    return nearest_active(coverage, contours, coverage.ground.qpv["code"])


@lru_cache(maxsize=4)
def history(
    snapshot: Snapshot, ground: Ground, kind: DeviceType, where: Territory, today: dt.date
) -> CoverageHistory:
    """Compute the history of coverage of a territory."""
    return coverage_history(snapshot, ground, kind, where, today)


@lru_cache(maxsize=8)
def need_index(
    snapshot: Snapshot,
    composantes: tuple[str, ...] = (),
    moyenne: IndexMean = "arithmetique",
    level: IndexLevel = "qpv",
) -> NeedIndex:
    """Compute the need index of the QPV, or of the communes, as a study asks for it."""
    weights = weights_of(composantes)
    lines = "\n".join(f"{indicator};{weight}" for indicator, weight in weights.items())
    text = f"indicateur;poids\n{lines}"
    components = read_weights(text, snapshot.indicators, level)[0] if weights else DEFAULTS[level]
    return need_of(snapshot, level, components, moyenne)


def need_scores(snapshot: Snapshot) -> pd.Series:
    """Give the default need score of the QPV, by code."""
    scores: pd.Series = need_index(snapshot).scores["score"]
    return scores


@lru_cache(maxsize=8)
def planned(snapshot: Snapshot, coverage: Coverage, asked: PlanQuestion) -> Answer:
    """Plan.

    Raises
    ------
    InvalidInputError
        Nothing to reach, no candidate, or constraints that contradict each other.
    """
    return ask_plan(
        coverage,
        candidates_of(asked.candidats, asked.liste, snapshot, coverage.ground.hierarchy),
        asked.constraints,
        asked.territory,
        need=need_scores(snapshot) if asked.pondere else None,
        aim=asked.aim,
        time_limit=TIME_LIMIT,
    )


@lru_cache(maxsize=4)
def simulated(
    snapshot: Snapshot, coverage: Coverage, scenario: Scenario, partiels: PartialChoice
) -> Simulation:
    """Simulate a scenario.

    Raises
    ------
    InvalidInputError
        A move names what the register or the territories do not hold.
    """
    return simulate(coverage, scenario, need_scores(snapshot), partiels=partiels)


@lru_cache(maxsize=4)
def names_of(snapshot: Snapshot, ground: Ground) -> Mapping[str, str]:
    """Give the names of the territories that planning speaks of."""
    return territory_names(snapshot, ground)
