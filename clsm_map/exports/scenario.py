"""One door to the sheet of a scenario, PDF or Word: its maps before and after, its tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import geopandas as gpd

from clsm_map.analysis.history import announced_total
from clsm_map.analysis.planning.scenario import Simulation
from clsm_map.desk import Desk
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import QpvFilter
from clsm_map.domain.territories import FRANCE
from clsm_map.exports import document as d
from clsm_map.exports.picture.canvas import PictureFormat, Rectangle
from clsm_map.exports.picture.frames import frame_of
from clsm_map.exports.picture.layout import GAP, Panel, Row, row_picture
from clsm_map.exports.picture.outlines import read_outlines
from clsm_map.exports.plate import sample_of
from clsm_map.exports.sheet import SheetFormat
from clsm_map.formats import date_fr
from clsm_map.maps.geometry import HEXAGONE
from clsm_map.maps.legend import status_entries
from clsm_map.maps.library import published
from clsm_map.maps.planifier import chosen_bounds, chosen_contours, chosen_entries, plan_view
from clsm_map.views.planning.question import territory_names
from clsm_map.views.planning.scenario import ScenarioSheet, codes_of, scenario_sheet
from clsm_map.views.quartiers import quartiers
from clsm_map.views.questions import devices_on
from clsm_map.views.sheet.model import Grid, KeyFigure

_EDGE: Final = "#5b6470"
_WIDTH, _TALL, _COLUMNS = 498.0, 252.0, 3
_FAR: Final = 0.35
"""Share of their radius that spots keep on the map of the country."""
COUNTRY_DEGREES: Final = 5.0
"""Territories farther apart than this are drawn on the map of the country."""
_WIDE: Final = ("Décision", "Statut", "Quartier")


def export_scenario(desk: Desk, found: Simulation, fmt: SheetFormat, link: str) -> bytes:
    """Write the sheet of a scenario: what the page gives and what the command writes.

    The same bytes for the same scenario and days.

    Parameters
    ----------
    found : Simulation
        With the need index of the QPV.
    link : str
        Address, or path with its query, of the same scenario on screen.

    Raises
    ------
    InvalidInputError
        The scenario decides nothing.
    """
    if not found.scenario.moves:
        raise InvalidInputError("Ce scénario ne décide rien : il n’a pas de fiche.")
    names = territory_names(desk.snapshot, found.avant.ground)
    kind: DeviceType = next(t for t in DEVICE_TYPES if t == found.avant.type)
    announced = announced_total(desk.snapshot.chiffres, kind)
    sheet = scenario_sheet(
        desk.snapshot, found, names, today=desk.today, announced=announced, link=link
    )
    codes = codes_of(found.scenario)
    chosen = chosen_contours(desk.snapshot, names, codes, frozenset(), "local")
    drawn: PictureFormat = "svg" if fmt == "pdf" else "png"
    picture = b"" if chosen.empty else _picture(desk, found, kind, chosen, sheet, drawn)
    made = _document(sheet, picture)
    if fmt == "docx":
        from clsm_map.exports.word import docx_bytes  # noqa: PLC0415 - slow to load

        return docx_bytes(made)
    from clsm_map.exports.pdf import pdf_bytes  # noqa: PLC0415 - slow to load

    return pdf_bytes(made)


def _document(sheet: ScenarioSheet, picture: bytes) -> d.Document:
    when = f"situation au {date_fr(sheet.date)}"
    made = f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map"
    figures = tuple(
        KeyFigure(label, value, "", apart, "", defavorable=False)
        for value, label, apart in sheet.chiffres
    )
    drawn = d.Picture(picture, _described(sheet), name="Cartes avant et après", centimetres=17.4)
    first = (
        d.Text((d.Run(when[:1].upper() + when[1:]),), "repere"),
        d.Heading(sheet.titre, level=1),
        d.Text((d.Run(sheet.constat),), "constat"),
        d.Figures(figures, "comptes"),
        *((drawn,) if picture else ()),
        *_grid(sheet.decisions),
        *_grid(sheet.statuts),
    )
    second = (
        *_grid(sheet.qpv, size=7.6, roomy=2.0),
        d.Heading("À savoir avant de citer"),
        d.Notes(sheet.prudences, "savoir"),
        d.Heading("Sources"),
        d.Notes(sheet.sources, "source"),
        d.Closing(made, when, "Le scénario à l’écran", sheet.lien),
    )
    return d.Document(
        style="scenario",
        title=sheet.titre,
        finding=sheet.constat,
        footer=(sheet.titre, when),
        day=sheet.etabli_le,
        pages=(d.Page(first), d.Page(second)),
    )


def _grid(grid: Grid, size: float = 8.0, roomy: float = 2.4) -> list[d.Block]:
    wide = next((i for i, name in enumerate(grid.colonnes) if name in _WIDE), 0)
    return d.grid_blocks(grid, size, roomy, wide)


def _described(sheet: ScenarioSheet) -> str:
    """Say in words what the maps show."""
    rows = ", ".join(
        f"{line[0]} {line[1]} puis {line[2]}" for line in sheet.statuts.lignes if line[1] != line[2]
    )
    said = (
        "Deux cartes des territoires choisis, avant et après le scénario, au "
        f"{date_fr(sheet.date)} : quartiers prioritaires selon leur couverture par un {sheet.type}."
    )
    return f"{said} Statuts qui changent, en nombre de QPV : {rows}." if rows else said


def _picture(
    desk: Desk,
    found: Simulation,
    kind: DeviceType,
    chosen: gpd.GeoDataFrame,
    sheet: ScenarioSheet,
    fmt: PictureFormat,
) -> bytes:
    """Draw the territories that a scenario touches (not empty), before and after."""
    (south, west), (north, east) = bounds = chosen_bounds(chosen)
    near = max(north - south, east - west) <= COUNTRY_DEGREES
    place = Rectangle(0, 0, (_WIDTH - GAP) / 2, _TALL)
    seen = frame_of(place, bounds, margin=0.0).degrees if near else HEXAGONE
    states = [
        quartiers(desk.snapshot, coverage, FRANCE, QpvFilter())
        for coverage in (found.avant, found.apres)
    ]
    devices = devices_on(desk, kind, found.avant.on)
    statuses = {str(status) for state in states for status in state.frame["statut"].unique()}
    entries = (*status_entries(dict.fromkeys(statuses, 1)), *chosen_entries(chosen))
    read = partial(read_outlines, static=desk.static)
    panels = []
    for name, state in zip(("Avant", "Après"), states, strict=True):
        view = plan_view(
            published(desk), state, devices, chosen, title=name, bounds=seen, near=near
        )
        framed = replace(view, bounds=bounds) if near else view
        panels.append(Panel(name, framed, read, ratio=None if near else _FAR, margin=0.0))
    row = Row(
        panels=panels,
        samples=[sample_of(entry, edge=_EDGE) for entry in entries],
        size=(_WIDTH, _TALL),
        columns=_COLUMNS,
        title=sheet.titre,
        description=_described(sheet),
    )
    return row_picture(row, fmt)
