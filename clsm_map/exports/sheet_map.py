"""The map of a sheet: the land around, the subject, the QPV and the perimeters, their legend."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from clsm_map.analysis.coverage import Coverage
from clsm_map.desk import Desk
from clsm_map.domain.devices import STATUSES
from clsm_map.exports.picture.canvas import PictureFormat, Rectangle
from clsm_map.exports.picture.frames import frame_of
from clsm_map.exports.picture.layout import Panel, Row, legend_height, row_picture
from clsm_map.exports.picture.outlines import Outlines, outlines_of
from clsm_map.exports.plate import Sample, size_sample
from clsm_map.exports.sheet import describe_map
from clsm_map.maps.around import WIDE_DEGREES, bounds_around
from clsm_map.maps.layers import INK, LAND, LINE, QPV_REGIONAL, perimeters
from clsm_map.maps.layers import qpv as qpv_layer
from clsm_map.maps.model import Bounds, Geometry, Layer, MapView, Style, Town
from clsm_map.store.snapshot import Scale
from clsm_map.views.around import DEVICE
from clsm_map.views.questions import devices_on
from clsm_map.views.sheet.model import Sheet
from clsm_map.views.sheet.subject import Subject

WIDTH: Final = 318.0
HEIGHT: Final = 424.0
"""Size on the page, in points."""
_COLUMNS: Final = 2
_GUESS: Final = 37.5
"""Height of most legends: what the map shows is chosen before its legend is known."""
_PARTS: Final[dict[str, tuple[str, Scale]]] = {
    "region": ("departement", "national"),
    "departement": ("epci", "national"),
    "epci": ("commune", "local"),
    DEVICE: ("commune", "local"),
}
"""Lines drawn inside the subject, by level."""
_TOWNS: Final = 14
_SUBJECT: Final = Style("", fill="#ffffff", stroke="")
_EDGE: Final = Style("", stroke=INK, width=1.7, casing=1.3)
_QUARTIER_EDGE: Final = Style("", stroke=INK, width=2.6, casing=0.5)
_AROUND: Final = Style("", fill=LAND, stroke="#ded9cf", width=0.6)
_INSIDE: Final = Style("", stroke=LINE, width=0.6)
_STATES: Final = {"inconnu": "à vérifier"}
"""States of a perimeter that are not told by their own name."""


def sheet_picture(desk: Desk, subject: Subject, sheet: Sheet, fmt: PictureFormat) -> bytes:
    """Draw the map of a sheet: SVG for a PDF, PNG for Word."""
    bounds = bounds_around(subject)
    guess = frame_of(Rectangle(0, 0, WIDTH, HEIGHT - _GUESS), bounds, margin=0.0)
    coverage = desk.coverage(sheet.type, sheet.date)
    view, outlines = _view(desk, coverage, subject, sheet, guess.degrees)
    samples = _samples(view)
    row = Row(
        panels=[Panel("", replace(view, bounds=bounds), lambda g: outlines[g.url], margin=0.0)],
        samples=samples,
        size=(WIDTH, HEIGHT - legend_height(len(samples), _COLUMNS)),
        columns=_COLUMNS,
        title=sheet.titre,
        description=describe_map(sheet),
    )
    return row_picture(row, fmt)


@dataclass
class _Atlas:
    """Layers made in memory, and their outlines by address."""

    layers: list[Layer] = field(default_factory=list)
    outlines: dict[str, Outlines] = field(default_factory=dict)

    def geometry(self, codes: tuple[str, ...], shapes: NDArray[Any]) -> Geometry:
        """Keep shapes under an address of their own."""
        url = f"memory:{len(self.outlines)}"
        self.outlines[url] = outlines_of(shapes)
        west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
        return Geometry(url, self.outlines[url].form, codes, ((south, west), (north, east)))

    def add(self, kind: str, shapes: NDArray[Any], style: Style) -> None:
        """Add shapes that are all drawn alike."""
        if n := len(shapes):
            geometry = self.geometry(tuple(map(str, range(n))), shapes)
            self.layers.append(Layer(kind, geometry, (style,), (0,) * n))


def _view(
    desk: Desk, coverage: Coverage, subject: Subject, sheet: Sheet, seen: Bounds
) -> tuple[MapView, dict[str, Outlines]]:
    """Compose what the frame of the map shows, and give the outlines of its geometries."""
    (south, west), (north, east) = seen
    box = shapely.box(west, south, east, north)
    snapshot, atlas = desk.snapshot, _Atlas()
    far = subject.level in {"region", "departement"}
    land = snapshot.contours("departement") if far else snapshot.contours("commune", "local")
    atlas.add("terre", _within(land, box), _AROUND)
    shape = np.array([subject.shape], dtype=object)
    atlas.add("sujet", shape, _SUBJECT)
    if subject.level in _PARTS:
        parts = _within(snapshot.contours(*_PARTS[subject.level]), box)
        middles = shapely.point_on_surface(parts)
        atlas.add("lignes", parts[shapely.intersects(middles, subject.shape)], _INSIDE)
    _add_perimeters(atlas, desk, coverage, box, precise=not far)
    quartier = subject.level == "qpv"
    if not quartier:
        atlas.add("sujet", shape, _EDGE)
    _add_qpv(atlas, desk, coverage, box, wide=north - south > WIDE_DEGREES)
    if quartier:
        atlas.add("sujet", shape, _QUARTIER_EDGE)
    view = MapView(
        title=f"{sheet.titre} : quartiers prioritaires et {sheet.type}",
        bounds=seen,
        layers=tuple(atlas.layers),
        towns=_towns(desk, box, subject),
    )
    return view, atlas.outlines


def _within(frame: gpd.GeoDataFrame, box: BaseGeometry) -> NDArray[Any]:
    shapes: NDArray[Any] = frame.iloc[np.sort(frame.sindex.query(box))].geometry.to_numpy()
    return shapes


def _add_perimeters(
    atlas: _Atlas, desk: Desk, coverage: Coverage, box: BaseGeometry, *, precise: bool
) -> None:
    kind = next(t for t in ("CLSM", "ASV", "CLS") if t == coverage.type)
    layer = devices_on(desk, kind, coverage.on)
    found = layer.perimeters[layer.perimeters.intersects(box)]
    if found.empty:
        return
    codes = tuple(found["code"])
    shapes = found.geometry.to_numpy()
    if precise:
        shapes = np.array([_local(desk, coverage, code) for code in codes], dtype=object)
    states = {c: s for c, s in layer.states.items() if c in codes}
    geometry = atlas.geometry(codes, shapes)
    atlas.layers.append(perimeters(geometry, kind, states, layer.seat_only))  # type: ignore[arg-type]


def _local(desk: Desk, coverage: Coverage, device: str) -> BaseGeometry:
    """Unite the precise contours of a perimeter."""
    held = coverage.ground.perimeters
    codes = held.loc[held["dispositif_id"] == device, "commune"]
    units = [desk.snapshot.contours(level, "local") for level in ("commune", "arrondissement")]
    found = pd.concat([u[u["code"].isin(codes)] for u in units])
    united: BaseGeometry = shapely.union_all(found.geometry.to_numpy())
    return united


def _add_qpv(
    atlas: _Atlas, desk: Desk, coverage: Coverage, box: BaseGeometry, *, wide: bool
) -> None:
    qpv = desk.snapshot.qpv
    found = qpv.iloc[np.sort(qpv.sindex.query(box))]
    if found.empty:
        return
    codes = found["code"]
    status = coverage.status.set_index("qpv")["statut"].reindex(codes).dropna()
    statuses = {str(code): STATUSES[s].id for code, s in status.items()}
    centres = shapely.points(found["longitude"].to_numpy(), found["latitude"].to_numpy())
    shapes = centres if wide else found.geometry.to_numpy()
    atlas.layers.append(
        qpv_layer(
            atlas.geometry(tuple(codes), shapes),
            statuses,
            dict(zip(codes, found["population"], strict=True)),
            coverage.type,
            QPV_REGIONAL,
            dict(zip(coverage.status["qpv"], coverage.status["preuve"], strict=True)),
        )
    )


def _towns(desk: Desk, box: BaseGeometry, subject: Subject) -> tuple[Town, ...]:
    """Name the most populous communes of the map."""
    shapes = desk.snapshot.contours("commune", "national")
    seen = shapes.iloc[shapes.sindex.query(box)]
    communes = desk.snapshot.communes_all
    named = communes[communes["code"].isin(seen["code"])].nlargest(_TOWNS, "population")
    known = seen.set_index("code")["geometry"]
    points = shapely.point_on_surface(known.loc[named["code"]].to_numpy())
    towns = [
        Town(str(nom), float(p.y), float(p.x), 1 if code == subject.code else 2)
        for code, nom, p in zip(named["code"], named["nom"], points, strict=True)
    ]
    if subject.level == "qpv":
        middle = subject.shape.representative_point()
        towns.insert(0, Town(subject.nom, float(middle.y), float(middle.x), 1))
    return tuple(towns)


def _samples(view: MapView) -> list[Sample]:
    """Make the legend of what the map holds: statuses, then perimeters by state."""
    samples: list[Sample] = []
    for layer in view.layers:
        if layer.kind == "qpv":
            spots = layer.geometry.form == "points"
            form = "point" if spots else "aire"
            samples += (
                Sample(s.label[0].upper() + s.label[1:], s, form, radius=5) for s in _present(layer)
            )
            if spots:
                samples.append(size_sample(10_000, layer.size.radius(10_000)))
    for layer in view.layers:
        if layer.kind == "perimetre":
            for s in _present(layer):
                line = Style(s.label, stroke=s.stroke, width=s.width, dash=s.dash)
                said = f"Périmètre {_STATES.get(s.label, s.label)}"
                samples.append(Sample(said, line, "ligne"))
    return samples


def _present(layer: Layer) -> list[Style]:
    return [s for s, n in zip(layer.styles, layer.counts(), strict=True) if n]
