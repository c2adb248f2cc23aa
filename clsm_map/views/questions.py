"""The questions that pages, scenes and files ask of a desk, each computed once.

Nothing here is worked out anew: a function names a question, gathers what its view needs from the
desk, and keeps the answer (see `clsm_map.desk.answer`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import pandas as pd

from clsm_map.analysis.comparison.profile import Profile, profile
from clsm_map.analysis.comparison.references import Operand
from clsm_map.analysis.gaps import Place, nearest_active
from clsm_map.analysis.history import Announced, announced_total
from clsm_map.analysis.need import DEFAULTS, Component, NeedIndex, need_of, read_weights
from clsm_map.analysis.planning.problem import Candidates, demand_of
from clsm_map.analysis.planning.question import (
    Answer,
    active_units,
    adjacency,
    ask_plan,
    counting_caution,
    extensions,
)
from clsm_map.analysis.planning.scenario import Scenario, Simulation, simulate
from clsm_map.desk import Desk, answer
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.selection import (
    CandidateChoice,
    IndexLevel,
    IndexMean,
    MapLevel,
    PartialChoice,
    QpvFilter,
    Selection,
    Study,
    weights_of,
)
from clsm_map.domain.territories import FRANCE, Level, Territory
from clsm_map.store.snapshot import Scale
from clsm_map.views.around import Around, around, read_place
from clsm_map.views.choropleth import Choropleth, choropleth, density_type
from clsm_map.views.coverage import (
    CoverageHistory,
    TerritoryCoverage,
    coverage_history,
    territory_coverage,
)
from clsm_map.views.devices import DeviceLayer, device_layer
from clsm_map.views.inequality.crossing import Crossing, crossing
from clsm_map.views.inequality.ranking import Ranked, ranked
from clsm_map.views.inequality.trend import Trend, YearMaps, trend_of, year_maps
from clsm_map.views.inequality.within import Within, within, within_table
from clsm_map.views.planning.question import PlanQuestion, candidates_of, territory_names
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.register import (
    HarvestByRegion,
    RegisterKnowledge,
    harvest_by_region,
    register_knowledge,
)

TIME_LIMIT: Final = 5.0
"""Seconds for a plan and its whole curve; the plan itself takes less than two."""
_COLOURING: Final = (
    "territoire", "type", "date", "niveau", "indicateur", "annee", "classes", "n", "seuils",
    "palette",
)  # fmt: skip
"""What of a selection colours a map."""
NOT_FILTERED: Final = QpvFilter()
ADDITIONS: Final = 8
"""Additions listed for each device."""

# Coverage ----------------------------------------------------------------------------------------


@answer
def devices_on(desk: Desk, kind: DeviceType, on: dt.date, scale: Scale = "national") -> DeviceLayer:
    """Draw the devices of a type on a day."""
    return device_layer(desk.snapshot, desk.coverage(kind, on), kind, scale)


def devices_shown(
    desk: Desk, selection: Selection, scale: Scale = "national"
) -> tuple[DeviceLayer, ...]:
    """Draw the devices that a selection lays over its map, one layer by type."""
    wanted = [t for t in DEVICE_TYPES if t.lower() in selection.couches]
    return tuple(devices_on(desk, t, desk.day(selection), scale) for t in wanted)


@answer
def announced(desk: Desk, kind: str) -> Announced | None:
    """Give the numbers of active devices published for France."""
    return announced_total(desk.snapshot.chiffres, kind)


@answer
def place_named(desk: Desk, lieu: str) -> Place:
    """Read the place to look around.

    Raises
    ------
    UnknownTerritoryError
        Nothing answers.
    InvalidInputError
        Its contour is not known.
    """
    return read_place(lieu, desk.snapshot, desk.ground, desk.contours())


@answer
def around_place(desk: Desk, lieu: str, kind: DeviceType, on: dt.date, radius_km: float) -> Around:
    """Look around a place, named as `place_named` reads it."""
    coverage, place = desk.coverage(kind, on), place_named(desk, lieu)
    return around(desk.snapshot, coverage, desk.contours(), place, radius_km)


def around_of(desk: Desk, selection: Selection) -> Around:
    """Look around the place of a selection."""
    day = desk.day(selection)
    return around_place(desk, selection.lieu, selection.type, day, selection.rayon)


@answer
def quartiers_in(
    desk: Desk, where: Territory, kind: DeviceType, on: dt.date, kept: QpvFilter = NOT_FILTERED
) -> Quartiers:
    """Give the QPV of a territory with their status."""
    return quartiers(desk.snapshot, desk.coverage(kind, on), where, kept)


def quartiers_kept(desk: Desk, selection: Selection) -> Quartiers:
    """Give the QPV of the territory of a selection that its filter keeps."""
    where, day = desk.territory(selection), desk.day(selection)
    return quartiers_in(desk, where, selection.type, day, selection.filtre)


def quartiers_around(desk: Desk, selection: Selection) -> Quartiers:
    """Give the QPV around the place of a selection, covered or not."""
    every = quartiers_in(desk, FRANCE, selection.type, desk.day(selection)).frame
    held = every["code"].isin(list(around_of(desk, selection).statuses))
    inside = every[held].reset_index(drop=True)
    return Quartiers(FRANCE, inside, total=len(inside))


def coloured(desk: Desk, selection: Selection) -> Choropleth:
    """Colour the territories of a selection by its indicator."""
    aside = {name: getattr(selection, name) for name in _COLOURING}
    return _coloured(desk, Selection(**aside))


@answer
def _coloured(desk: Desk, selection: Selection) -> Choropleth:
    counted = desk.coverage(
        density_type(selection.indicateur) or selection.type, desk.day(selection)
    )
    return choropleth(desk.snapshot, counted, selection, desk.territory(selection))


@answer
def nearest(desk: Desk, kind: DeviceType, on: dt.date) -> pd.DataFrame:
    """Give the nearest active device of every QPV."""
    return nearest_active(desk.coverage(kind, on), desk.contours(), desk.ground.qpv["code"])


@answer
def coverage_in(desk: Desk, where: Territory, kind: DeviceType, on: dt.date) -> TerritoryCoverage:
    """Tell the coverage of a territory."""
    return territory_coverage(
        desk.snapshot, desk.coverage(kind, on), nearest(desk, kind, on), where
    )


@answer
def history_of(desk: Desk, where: Territory, kind: DeviceType) -> CoverageHistory:
    """Follow the coverage of a territory year by year."""
    return coverage_history(desk.snapshot, desk.ground, kind, where, desk.today)


@answer
def knowledge_of(desk: Desk, kind: DeviceType) -> RegisterKnowledge:
    """Gather what is known of the devices of a type today."""
    return register_knowledge(desk.coverage(kind), desk.snapshot.chiffres)


@answer
def harvest_of(desk: Desk, kind: DeviceType) -> HarvestByRegion:
    """Count what was found of the devices of a type in each région today."""
    return harvest_by_region(desk.snapshot, desk.coverage(kind))


# Inequality --------------------------------------------------------------------------------------


@answer
def profile_of(desk: Desk, subject: Operand, reference: Operand, inside: Territory) -> Profile:
    """Compare a territory, or its QPV together, with a reference."""
    return profile(desk.snapshot, subject, reference, inside=inside)


@answer
def need_index(
    desk: Desk, level: IndexLevel, components: tuple[Component, ...], mean: IndexMean
) -> NeedIndex:
    """Compute the need index of all the QPV, or of all the communes, of France."""
    return need_of(desk.snapshot, level, components, mean)


def index_of_study(desk: Desk, study: Study, level: IndexLevel | None = None) -> NeedIndex:
    """Compute the need index of a study; with its own weights when they are for the level asked."""
    wanted = level or study.indice
    weights = weights_of(study.composantes) if wanted == study.indice else {}
    lines = "\n".join(f"{indicator};{weight}" for indicator, weight in weights.items())
    components = DEFAULTS[wanted]
    if weights:
        text = f"indicateur;poids\n{lines}"
        components = read_weights(text, desk.snapshot.indicators, wanted)[0]
    return need_index(desk, wanted, components, study.moyenne)


def need_scores(desk: Desk) -> pd.Series:
    """Give the default need score of the QPV, by code."""
    scores: pd.Series = index_of_study(desk, Study(), "qpv").scores["score"]
    return scores


@answer
def ranking_of(
    desk: Desk, indicator: str, level: Level, territory: Territory, inside: Territory
) -> Ranked:
    """Rank the territories of a level on an indicator."""
    return ranked(desk.snapshot, indicator, level, territory, inside)


@answer
def crossing_of(
    desk: Desk, x: str, y: str, level: Level, territory: Territory, inside: Territory
) -> Crossing:
    """Cross two indicators over the territories of a level."""
    return crossing(desk.snapshot, x, y, level, territory, inside)


@answer
def trend_in(desk: Desk, indicator: str, territory: Territory) -> Trend:
    """Follow an indicator over its years for a territory."""
    return trend_of(desk.snapshot, indicator, territory)


@answer
def years_in(desk: Desk, indicator: str, level: MapLevel, territory: Territory) -> YearMaps:
    """Lay an indicator out by year around a territory."""
    return year_maps(desk.snapshot, indicator, level, territory)


@answer
def spread_in(desk: Desk, territory: Territory, indicator: str) -> Within:
    """Measure inequality inside a territory."""
    return within(desk.snapshot, territory, indicator)


@answer
def spreads_in(desk: Desk, territory: Territory) -> pd.DataFrame:
    """Give the spread between communes for every rate."""
    return within_table(desk.snapshot, territory)


# Planning ----------------------------------------------------------------------------------------


@answer
def planning_names(desk: Desk) -> Mapping[str, str]:
    """Give the names of the territories that planning speaks of."""
    return territory_names(desk.snapshot, desk.ground)


@answer
def candidates(desk: Desk, choice: CandidateChoice, liste: tuple[str, ...]) -> Candidates:
    """Give the territories that may receive a device.

    Raises
    ------
    InvalidInputError
        One's own list is empty, or holds a code that receives nothing.
    """
    return candidates_of(choice, liste, desk.snapshot, desk.ground.hierarchy)


@answer
def planned(desk: Desk, asked: PlanQuestion) -> Answer:
    """Plan.

    Raises
    ------
    InvalidInputError
        Nothing to reach, no candidate, or constraints that contradict each other.
    """
    return ask_plan(
        desk.coverage(asked.type, asked.on),
        candidates(desk, asked.candidats, asked.liste),
        asked.constraints,
        asked.territory,
        need=need_scores(desk) if asked.pondere else None,
        aim=asked.aim,
        time_limit=TIME_LIMIT,
    )


@answer
def simulated(
    desk: Desk, kind: DeviceType, on: dt.date, scenario: Scenario, partiels: PartialChoice
) -> Simulation:
    """Simulate a scenario.

    Raises
    ------
    InvalidInputError
        A move names what the register or the territories do not hold.
    """
    return simulate(desk.coverage(kind, on), scenario, need_scores(desk), partiels=partiels)


@answer
def additions(desk: Desk, asked: PlanQuestion) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """List what lies next to each active device and would cover QPV that are not; say how counted.

    Raises
    ------
    InvalidInputError
        One's own list is empty or refused.
    """
    coverage = desk.coverage(asked.type, asked.on)
    need = need_scores(desk) if asked.pondere else None
    demand = demand_of(coverage, asked.territory, need=need, aim=asked.aim)
    rows = extensions(
        coverage,
        demand,
        candidates(desk, asked.candidats, asked.liste),
        _neighbours(desk, asked.type, asked.on),
        per_device=ADDITIONS,
    )
    return rows, counting_caution(demand)


@answer
def _neighbours(desk: Desk, kind: DeviceType, on: dt.date) -> pd.DataFrame:
    held = active_units(desk.coverage(kind, on))["contour"]
    shapes = [desk.snapshot.contours(v, "national") for v in ("commune", "arrondissement")]
    return adjacency(pd.concat(shapes, ignore_index=True), held.unique().tolist())
