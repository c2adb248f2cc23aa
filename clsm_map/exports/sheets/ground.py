"""The layers of a sheet's map: the land around, the subject, the QPV and the perimeters."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from clsm_map.exports.picture.outlines import Outlines, outlines_of
from clsm_map.maps.around import WIDE_DEGREES
from clsm_map.maps.layers import (
    INK,
    LAND,
    LINE,
    QPV_REGIONAL,
    perimeters,
)
from clsm_map.maps.layers import qpv as qpv_layer
from clsm_map.maps.model import (
    Bounds,
    Form,
    Geometry,
    Layer,
    MapView,
    Style,
    Town,
)
from clsm_map.store.snapshot import Scale
from clsm_map.views.around import DEVICE
from clsm_map.views.questions import devices_on
from clsm_map.views.sheet.model import Sheet
from clsm_map.views.sheet.subject import Subject

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


@dataclass
class Atlas:
    """Layers made in memory, and their outlines."""

    layers: list[Layer] = field(default_factory=list)
    outlines: dict[str, Outlines] = field(default_factory=dict)

    def read(self, geometry: Geometry) -> Outlines:
        """Give the outlines of one of the layers."""
        return self.outlines[geometry.url]

    def geometry(self, codes: tuple[str, ...], shapes: NDArray[Any]) -> Geometry:
        """Keep shapes under an address of their own."""
        url = f"memory:{len(self.outlines)}"
        outlines = outlines_of(shapes)
        self.outlines[url] = outlines
        form: Form = outlines.form
        west, south, east, north = (
            (float(v) for v in shapely.total_bounds(shapes)) if len(shapes) else (0.0,) * 4
        )
        return Geometry(url, form, codes, ((south, west), (north, east)))

    def add(self, kind: str, shapes: NDArray[Any], style: Style) -> None:
        """Add shapes that are all drawn alike."""
        if len(shapes):
            codes = tuple(str(i) for i in range(len(shapes)))
            self.layers.append(
                Layer(kind, self.geometry(codes, shapes), (style,), (0,) * len(shapes))
            )


def sheet_view(
    desk: Desk, coverage: Coverage, subject: Subject, sheet: Sheet, seen: Bounds
) -> tuple[MapView, Atlas]:
    """Compose the map of a sheet.

    Parameters
    ----------
    coverage : Coverage
        Of the type of the sheet.
    seen : Bounds
        What the frame of the map shows.

    Returns
    -------
    atlas : Atlas
        Whose `Atlas.read` gives the outlines of the view.
    """
    (south, west), (north, east) = seen
    box = shapely.box(west, south, east, north)
    snapshot, atlas = desk.snapshot, Atlas()
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
    wide = north - south > WIDE_DEGREES
    if subject.level == "qpv":
        _add_qpv(atlas, desk, coverage, box, wide=wide)
        atlas.add("sujet", shape, _QUARTIER_EDGE)
    else:
        atlas.add("sujet", shape, _EDGE)
        _add_qpv(atlas, desk, coverage, box, wide=wide)
    view = MapView(
        title=f"{sheet.titre} : quartiers prioritaires et {sheet.type}",
        bounds=seen,
        layers=tuple(atlas.layers),
        towns=_towns(desk, box, subject),
    )
    return view, atlas


def _within(frame: gpd.GeoDataFrame, box: BaseGeometry) -> NDArray[Any]:
    found = frame.iloc[np.sort(frame.sindex.query(box))]
    shapes: NDArray[Any] = found.geometry.to_numpy()
    return shapes


def _add_perimeters(
    atlas: Atlas, desk: Desk, coverage: Coverage, box: BaseGeometry, *, precise: bool
) -> None:
    kind = next(t for t in ("CLSM", "ASV", "CLS") if t == coverage.type)
    layer = devices_on(desk, kind, coverage.on)
    found = layer.perimeters[layer.perimeters.intersects(box)]
    if found.empty:
        return
    shapes = found.geometry.to_numpy()
    if precise:
        shapes = np.array([_local(desk, coverage, i) for i in found["code"]], dtype=object)
    codes = tuple(found["code"])
    states = {c: s for c, s in layer.states.items() if c in codes}
    geometry = atlas.geometry(codes, shapes)
    drawn = perimeters(geometry, kind, states, layer.seat_only)  # type: ignore[arg-type]
    atlas.layers.append(drawn)


def _local(desk: Desk, coverage: Coverage, device: str) -> BaseGeometry:
    """Unite the precise contours of a perimeter."""
    held = coverage.ground.perimeters
    codes = held.loc[held["dispositif_id"] == device, "commune"]
    units = [desk.snapshot.contours(level, "local") for level in ("commune", "arrondissement")]
    found = pd.concat([u[u["code"].isin(codes)] for u in units])
    united: BaseGeometry = shapely.union_all(found.geometry.to_numpy())
    return united


def _add_qpv(
    atlas: Atlas, desk: Desk, coverage: Coverage, box: BaseGeometry, *, wide: bool
) -> None:
    qpv = desk.snapshot.qpv
    found = qpv.iloc[np.sort(qpv.sindex.query(box))]
    if found.empty:
        return
    codes = found["code"]
    status = coverage.status.set_index("qpv")["statut"].reindex(codes).dropna()
    statuses = {str(code): STATUSES[s].id for code, s in status.items()}
    shapes = (
        shapely.points(found["longitude"].to_numpy(), found["latitude"].to_numpy())
        if wide
        else found.geometry.to_numpy()
    )
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
    communes_named = (
        Town(str(nom), float(p.y), float(p.x), 1 if code == subject.code else 2)
        for code, nom, p in zip(named["code"], named["nom"], points, strict=True)
    )
    if subject.level != "qpv":
        return tuple(communes_named)
    middle = subject.shape.representative_point()
    return (Town(subject.nom, float(middle.y), float(middle.x), 1), *communes_named)
