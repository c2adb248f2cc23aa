"""The map of a sheet as a picture: SVG for the PDF, PNG for Word, and its description in words."""

from __future__ import annotations

from typing import Final

from matplotlib.figure import Figure

from clsm_map.analysis.coverage import Coverage
from clsm_map.desk import Desk
from clsm_map.domain.evidence import SEAT_ONLY_WORDS
from clsm_map.exports.picture.frames import Frame, Rectangle, frame_of
from clsm_map.exports.picture.furniture import draw_north, draw_sample, draw_scale, draw_towns
from clsm_map.exports.picture.page import blank_page, drawing, written
from clsm_map.exports.picture.paint import box, paint, shrink
from clsm_map.exports.plate import Sample
from clsm_map.exports.sheets.ground import sheet_view
from clsm_map.formats import date_fr
from clsm_map.maps.around import bounds_around
from clsm_map.maps.model import Layer, MapView, Style
from clsm_map.views.sheet.model import Sheet
from clsm_map.views.sheet.subject import Subject

WIDTH: Final = 318.0
HEIGHT: Final = 424.0
"""Size on the page, in points."""
_ROW: Final = 12.5
_COLUMNS: Final = 2
_DPI: Final = 220


def sheet_svg(desk: Desk, coverage: Coverage, subject: Subject, sheet: Sheet) -> bytes:
    """Draw the map of a sheet as SVG.

    Parameters
    ----------
    coverage : Coverage
        Of the type of the sheet.
    """
    with drawing():
        figure = _figure(desk, coverage, subject, sheet)
        return written(figure, "svg", title=sheet.titre, description=describe_map(sheet), dpi=72)


def sheet_png(desk: Desk, coverage: Coverage, subject: Subject, sheet: Sheet) -> bytes:
    """Draw the map of a sheet as PNG, for Word."""
    with drawing():
        figure = _figure(desk, coverage, subject, sheet)
        return written(figure, "png", title=sheet.titre, description="", dpi=_DPI)


def describe_map(sheet: Sheet) -> str:
    """Say in words what the map shows."""
    own = next(s for s in sheet.statuts if s.type == sheet.type)
    near = ", ".join(line[0] for line in sheet.voisins.lignes[:3])
    text = (
        f"Carte de {sheet.titre} et de ses alentours : quartiers prioritaires selon leur "
        f"couverture par un {sheet.type}, et périmètres des {sheet.type} recensés, au "
        f"{date_fr(sheet.date)}. {own.libelle}."
    )
    return f"{text} {sheet.voisins.titre} : {near}." if near else text


def _figure(desk: Desk, coverage: Coverage, subject: Subject, sheet: Sheet) -> Figure:
    bounds = bounds_around(subject)
    guess = frame_of(Rectangle(0, 0, WIDTH, HEIGHT - 3 * _ROW), bounds, margin=0.0)
    view, atlas = sheet_view(desk, coverage, subject, sheet, guess.degrees)
    samples = _samples(view)
    rows = -(-len(samples) // _COLUMNS)
    legend = rows * _ROW + 6
    figure, axes = blank_page(WIDTH, HEIGHT)
    area = Rectangle(0.5, legend, WIDTH - 1, HEIGHT - legend - 0.5)
    frame: Frame = frame_of(area, bounds, margin=0.0)
    ratio = shrink(frame.zoom())
    paint(axes, view, frame, atlas.read, ratio)
    draw_towns(axes, frame, view.towns)
    draw_scale(axes, frame, area.right - 6, area.bottom + 6, 70)
    draw_north(axes, frame, area.right - 11, area.top - 14)
    axes.add_patch(box(frame, facecolor="none", edgecolor="#d8d3ca", linewidth=0.7))
    width = WIDTH / _COLUMNS - 6
    for i, sample in enumerate(samples):
        left = (i % _COLUMNS) * (width + 12)
        draw_sample(axes, left, legend - 4 - (i // _COLUMNS) * _ROW, width, sample, ratio)
    return figure


def _samples(view: MapView) -> list[Sample]:
    """Make the legend of what the map holds: statuses, then perimeters by state."""
    samples = []
    for layer in view.layers:
        if layer.kind == "qpv":
            spots = layer.geometry.form == "points"
            form = "point" if spots else "aire"
            samples += [
                Sample(s.label[0].upper() + s.label[1:], s, form, radius=5) for s in _present(layer)
            ]
            if spots:
                size = Style("", fill="#ffffff", stroke="#5b6470", width=0.8)
                radius = layer.size.radius(10_000)
                samples.append(
                    Sample("10\u202f000 hab. (RP 2020)", size, "point", None, radius, to_scale=True)
                )
    for layer in view.layers:
        if layer.kind == "perimetre":
            samples += [
                Sample(f"Périmètre {_STATES[s.label]}", _line(s), "ligne") for s in _present(layer)
            ]
    return samples


_STATES: Final = {
    "actif": "actif",
    "en projet": "en projet",
    "inconnu": "à vérifier",
    "en sommeil": "en sommeil",
    "arrêté": "arrêté",
    f"actif, {SEAT_ONLY_WORDS}": f"actif, {SEAT_ONLY_WORDS}",
}


def _present(layer: Layer) -> list[Style]:
    return [s for s, n in zip(layer.styles, layer.counts(), strict=True) if n]


def _line(style: Style) -> Style:
    return Style(style.label, stroke=style.stroke, width=style.width, dash=style.dash)
