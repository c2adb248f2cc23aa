"""What *Planifier* computes, once per question and per register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from clsm_map.analysis.need_components import need_of
from clsm_map.analysis.planning_adjacency import active_units, adjacency, extensions
from clsm_map.analysis.planning_problem import Candidates
from clsm_map.analysis.planning_question import Answer, ask_plan, counting_caution, demand_of
from clsm_map.analysis.planning_scenario import Scenario
from clsm_map.analysis.planning_simulation import Simulation, simulate
from clsm_map.domain.planning import CandidateChoice
from clsm_map.maps.planifier import chosen_contours
from clsm_map.store.snapshot import Scale
from clsm_map.ui import data
from clsm_map.ui.own_register import remembered
from clsm_map.views.planifier_names import territory_names
from clsm_map.views.planifier_question import PlanQuestion, candidates_of

TIME_LIMIT: Final = 5.0
"""Seconds for a plan and its whole curve; the plan itself takes less than two."""
ADDITIONS: Final = 8
"""Additions listed for each device."""


@st.cache_resource(show_spinner=False)
def need() -> pd.Series:
    """Give the default need score of the QPV, by code."""
    scores: pd.Series = need_of(data.snapshot()).scores["score"]
    return scores


@st.cache_resource(show_spinner=False)
def names() -> Mapping[str, str]:
    """Give the names of the territories that planning speaks of."""
    return territory_names(data.snapshot(), data.server_ground())


@st.cache_resource(show_spinner=False, max_entries=32)
def candidates(choice: CandidateChoice, liste: tuple[str, ...]) -> Candidates:
    """Give the territories that may receive a device.

    Raises
    ------
    InvalidInputError
        One's own list is empty, or holds a code that receives nothing.
    """
    return candidates_of(choice, liste, data.snapshot(), data.server_ground().hierarchy)


def answer(question: PlanQuestion) -> Answer:
    """Plan.

    Raises
    ------
    InvalidInputError
        Nothing to reach, no candidate, or constraints that contradict each other.
    """

    def compute() -> Answer:
        return ask_plan(
            data.coverage(question.type, question.on),
            candidates(question.candidats, question.liste),
            question.constraints,
            question.territory,
            need=need() if question.pondere else None,
            aim=question.aim,
            time_limit=TIME_LIMIT,
        )

    return remembered(("plan", question, data.today()), compute)


def simulation(question: PlanQuestion, scenario: Scenario) -> Simulation:
    """Simulate a scenario for the type and the date of a question.

    Raises
    ------
    InvalidInputError
        A move names what the register or the territories do not hold.
    """

    def compute() -> Simulation:
        coverage = data.coverage(question.type, question.on)
        return simulate(coverage, scenario, need(), partiels=question.partiels)

    asked = (question.type, question.on, question.partiels)
    key = ("scenario", asked, data.today(), scenario)
    return remembered(key, compute)


def additions(question: PlanQuestion) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """List what lies next to each active device and would cover QPV that are not; say how counted.

    Raises
    ------
    InvalidInputError
        One's own list is empty or refused.
    """

    def compute() -> tuple[pd.DataFrame, tuple[str, ...]]:
        coverage = data.coverage(question.type, question.on)
        demand = demand_of(
            coverage,
            question.territory,
            need=need() if question.pondere else None,
            aim=question.aim,
        )
        rows = extensions(
            coverage,
            demand,
            candidates(question.candidats, question.liste),
            _neighbours(question),
            per_device=ADDITIONS,
        )
        return rows, counting_caution(demand)

    asked = (question.type, question.on, question.territory, question.candidats, question.liste)
    weighed = (question.pondere, question.aim)
    return remembered(("extensions", asked, weighed, data.today()), compute)


def _neighbours(question: PlanQuestion) -> pd.DataFrame:
    def compute() -> pd.DataFrame:
        held = active_units(data.coverage(question.type, question.on))["contour"]
        shapes = [data.snapshot().contours(v, "national") for v in ("commune", "arrondissement")]
        return adjacency(pd.concat(shapes, ignore_index=True), held.unique().tolist())

    return remembered(("voisins", question.type, question.on, data.today()), compute)


def contours(codes: tuple[str, ...], uncertain: frozenset[str], scale: Scale) -> gpd.GeoDataFrame:
    """Give the contours of territories, in the order of their codes.

    Parameters
    ----------
    codes : tuple of str
        Those without a contour are left out.
    uncertain : frozenset of str
        Those to be marked.
    scale : {"national", "local"}

    Returns
    -------
    geopandas.GeoDataFrame
        ``code, nom, incertain, geometry`` (EPSG:4326).
    """
    return chosen_contours(data.snapshot(), names(), codes, uncertain, scale)
