"""The two maps of a scenario, before and after, under one legend."""

from __future__ import annotations

from functools import partial
from typing import Final

import geopandas as gpd
from matplotlib.figure import Figure

from clsm_map.analysis.planning.scenario import Simulation
from clsm_map.desk import Desk
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.selection import QpvFilter
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.picture.country import draw_country
from clsm_map.exports.picture.frames import Rectangle, frame_of
from clsm_map.exports.picture.furniture import draw_sample, draw_scale, draw_towns
from clsm_map.exports.picture.outlines import read_outlines
from clsm_map.exports.picture.page import PictureFormat, blank_page, drawing, written
from clsm_map.exports.picture.paint import box, paint, shrink
from clsm_map.exports.picture.text import Face, write
from clsm_map.exports.plate import Sample
from clsm_map.formats import date_fr
from clsm_map.maps.geometry import HEXAGONE
from clsm_map.maps.legend import LegendEntry, status_entries
from clsm_map.maps.library import published
from clsm_map.maps.model import Bounds, Style
from clsm_map.maps.planifier import chosen_bounds, chosen_entries, plan_view
from clsm_map.views.planning.scenario import ScenarioSheet
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.questions import devices_on

WIDTH: Final = 498.0
_GAP: Final = 12.0
_TALL: Final = 252.0
_HEAD: Final = 16.0
_ROW: Final = 13.0
_COLUMNS: Final = 3
_LABEL: Final = Face(9.4, 600)
_FRAME: Final = "#d8d3ca"
_DPI: Final = 220
_FAR: Final = 0.35
"""Share of their radius that spots keep on the map of the country."""
COUNTRY_DEGREES: Final = 5.0
"""Territories farther apart than this are drawn on the map of the country."""


def scenario_picture(
    desk: Desk,
    found: Simulation,
    kind: DeviceType,
    chosen: gpd.GeoDataFrame,
    sheet: ScenarioSheet,
    fmt: PictureFormat,
) -> bytes:
    """Draw the territories that a scenario touches, before and after.

    Parameters
    ----------
    chosen : geopandas.GeoDataFrame
        See `clsm_map.maps.planifier.chosen_contours`; not empty.
    sheet : ScenarioSheet
        Gives the title and the description.

    Returns
    -------
    bytes
        Both maps at one scale, in the metric projection of their middle.
    """
    with drawing():
        figure = _figure(desk, found, kind, chosen)
        return written(figure, fmt, title=sheet.titre, description=describe(sheet), dpi=_DPI)


def describe(sheet: ScenarioSheet) -> str:
    """Say in words what the maps show."""
    rows = ", ".join(
        f"{line[0]} {line[1]} puis {line[2]}" for line in sheet.statuts.lignes if line[1] != line[2]
    )
    said = (
        "Deux cartes des territoires choisis, avant et après le scénario, au "
        f"{date_fr(sheet.date)} : quartiers prioritaires selon leur couverture par un {sheet.type}."
    )
    return f"{said} Statuts qui changent, en nombre de QPV : {rows}." if rows else said


def _figure(desk: Desk, found: Simulation, kind: DeviceType, chosen: gpd.GeoDataFrame) -> Figure:
    bounds = chosen_bounds(chosen)
    wide_apart = _spread(bounds) > COUNTRY_DEGREES
    states = [
        quartiers(desk.snapshot, coverage, FRANCE, QpvFilter())
        for coverage in (found.avant, found.apres)
    ]
    entries = (*_statuses(states), *chosen_entries(chosen))
    legend = -(-len(entries) // _COLUMNS) * _ROW + 8
    figure, page = blank_page(WIDTH, _HEAD + _TALL + legend)
    wide = (WIDTH - _GAP) / 2
    read = partial(read_outlines, static=desk.static)
    for rank, (name, state) in enumerate(zip(("Avant", "Après"), states, strict=True)):
        left = rank * (wide + _GAP)
        write(page, left, legend + _TALL + 4.5, name, _LABEL)
        area = Rectangle(left + 0.5, legend + 0.5, wide - 1, _TALL - 1)
        frame = frame_of(area, HEXAGONE if wide_apart else bounds, margin=0.0)
        view = plan_view(
            published(desk), state, devices_on(desk, kind, found.avant.on), chosen,
            title=name, bounds=frame.degrees, near=not wide_apart,
        )  # fmt: skip
        if wide_apart:
            draw_country(page, view, area, read, _FAR)
            continue
        paint(page, view, frame, read, shrink(frame.zoom()))
        draw_towns(page, frame, view.towns)
        draw_scale(page, frame, area.right - 8, area.bottom + 8, 60)
        page.add_patch(box(frame, facecolor="none", edgecolor=_FRAME, linewidth=0.8))
    column = WIDTH / _COLUMNS
    for rank, entry in enumerate(entries):
        x, y = (rank % _COLUMNS) * column, legend - 6 - (rank // _COLUMNS) * _ROW
        draw_sample(page, x, y, column - 10, _sample(entry), 1.0)
    return figure


def _spread(bounds: Bounds) -> float:
    """Give the longer side of a box, in degrees."""
    (south, west), (north, east) = bounds
    return max(north - south, east - west)


def _statuses(states: list[Quartiers]) -> tuple[LegendEntry, ...]:
    """Name the statuses that occur before or after."""
    seen = {str(status) for state in states for status in state.frame["statut"].unique()}
    return status_entries(dict.fromkeys(seen, 1))


def _sample(entry: LegendEntry) -> Sample:
    style = Style(entry.label, entry.colour, entry.mark, "#5b6470", 0.6)
    return Sample(entry.label, style, "point" if entry.round else "aire", radius=5)
