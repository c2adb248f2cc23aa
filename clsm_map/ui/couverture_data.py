"""What *Couverture* computes, once per question and per register."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from clsm_map.analysis.contours import Contours
from clsm_map.analysis.gaps import nearest_active
from clsm_map.analysis.places import Place
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.domain.territories import Territory
from clsm_map.ui import data
from clsm_map.ui.desk import visitor_desk
from clsm_map.ui.own_register import remembered
from clsm_map.views.around import Around
from clsm_map.views.around import around as look_around
from clsm_map.views.coverage_history import CoverageHistory, coverage_history
from clsm_map.views.places import read_place
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.register_knowledge import (
    HarvestByRegion,
    RegisterKnowledge,
    harvest_by_region,
    register_knowledge,
)
from clsm_map.views.territory_coverage import TerritoryCoverage, territory_coverage


def contours() -> Contours:
    """Give the contours in metres of the QPV and of the perimeters."""
    return visitor_desk().contours()


def place(lieu: str) -> Place:
    """Read the place to look around.

    Raises
    ------
    InvalidInputError
        It is unknown, or its contour is.
    """

    def compute() -> Place:
        return read_place(lieu, data.snapshot(), data.ground(), contours())

    return remembered(("lieu", lieu), compute)


def around(selection: Selection) -> Around:
    """Look around the place of a selection."""
    lieu, kind, day = selection.lieu, selection.type, selection.date

    def compute() -> Around:
        coverage = data.coverage(kind, day)
        return look_around(data.snapshot(), coverage, contours(), place(lieu), selection.rayon)

    return remembered(("autour", lieu, kind, day or data.today(), selection.rayon), compute)


def quartiers_of(territory: Territory, kind: DeviceType, day: dt.date | None) -> Quartiers:
    """Give the QPV of a territory with their status."""
    return remembered(
        ("quartiers", territory.key, kind, day or data.today()),
        lambda: quartiers(data.snapshot(), data.coverage(kind, day), territory, QpvFilter()),
    )


def nearest(kind: DeviceType, day: dt.date | None) -> pd.DataFrame:
    """Give the nearest active device of every QPV."""

    def compute() -> pd.DataFrame:
        return nearest_active(data.coverage(kind, day), contours(), data.ground().qpv["code"])

    return remembered(("proche", kind, day or data.today()), compute)


def territory(where: Territory, kind: DeviceType, day: dt.date | None) -> TerritoryCoverage:
    """Compute the coverage of a territory."""

    def compute() -> TerritoryCoverage:
        coverage = data.coverage(kind, day)
        return territory_coverage(data.snapshot(), coverage, nearest(kind, day), where)

    return remembered(("territoire", where.key, kind, day or data.today()), compute)


def history(where: Territory, kind: DeviceType) -> CoverageHistory:
    """Compute the history of a territory."""

    def compute() -> CoverageHistory:
        return coverage_history(data.snapshot(), data.ground(), kind, where, data.today())

    return remembered(("evolution", where.key, kind, data.today()), compute)


def knowledge(kind: DeviceType) -> RegisterKnowledge:
    """Gather what is known of the devices of a type today."""
    return remembered(
        ("registre", kind, data.today()),
        lambda: register_knowledge(data.coverage(kind, None), data.snapshot().chiffres),
    )


def harvest(kind: DeviceType) -> HarvestByRegion:
    """Count what was found of the devices of a type in each région today."""
    return remembered(
        ("recolte", kind, data.today()),
        lambda: harvest_by_region(data.snapshot(), data.coverage(kind, None)),
    )
