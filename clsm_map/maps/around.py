"""The map of what lies around a place: its contour, the line at the radius, QPV by status."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from clsm_map.analysis.coverage import Coverage
from clsm_map.domain.devices import STATUSES, StatusId
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.maps import layers
from clsm_map.maps.carte import perimeter_layer
from clsm_map.maps.geometry import (
    LOCAL_DECIMALS,
    NATIONAL_DECIMALS,
    bounds_of,
    publish,
    towns_between,
)
from clsm_map.maps.layers import INK, LINE, QPV_REGIONAL
from clsm_map.maps.legend import (
    LegendEntry,
    aged_entries,
    device_entries,
    hollow_entries,
    status_entries,
)
from clsm_map.maps.library import QPV_DETAIL_LEVELS, GeometryLibrary
from clsm_map.maps.model import Bounds, CircleScale, Layer, MapView, Style, Target, Town
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.around import DEVICE, Around
from clsm_map.views.devices import DeviceLayer
from clsm_map.views.sheet.subject import Subject

CIRCLES: Final = CircleScale.reaching(16.0, 20_000, minimum=4.0)
"""Circles around a place: 16 px for 20 000 inhabitants."""

_NEAR_TOLERANCE: Final = 0.0004
"""Degrees, some 40 m: enough for the outline of a département, at most some tens of kilobytes."""

_OUTLINE_STYLES: Final = (
    Style("rayon", stroke=INK, width=1.2, dash=(2.0, 4.0)),
    Style("lieu", stroke=INK, width=2.2),
)


def around_view(
    library: GeometryLibrary,
    found: Around,
    devices: DeviceLayer,
    *,
    bounds: Bounds,
    near: bool = False,
    selected: Target | None = None,
    towns: Sequence[Town] = (),
    tiles: str = "aucun",
) -> MapView:
    """Compose the map of what lies around a place."""
    land = library.territories("departement", FRANCE)
    contours = [library.qpv("aires", code) for code in found.departements]
    geometries = contours if near else [library.qpv("points")]
    index = {str(i): s.id for i, s in STATUSES.items()}
    statuses = {code: index[status] for code, status in found.statuses.items()}
    outline = publish(found.outline, "autour", None, LOCAL_DECIMALS)
    return MapView(
        title=found.title,
        bounds=bounds,
        layers=(
            layers.ground(land),
            *layers.lines(land, library.territories("region", FRANCE)),
            *([perimeter_layer(library, devices)] if len(devices.perimeters) else []),
            Layer("lieu", outline, _OUTLINE_STYLES, (0, 1), interactive=False),
            *(
                layers.qpv(g, statuses, found.population, devices.type, CIRCLES, found.evidence)
                for g in geometries
            ),
        ),
        towns=tuple(towns),
        selected=selected,
        sources="Insee, IGN, ANCT",
        tiles=tiles,
    )


def around_legend(found: Around, *, near: bool = False) -> tuple[LegendEntry, ...]:
    """Make the legend of the QPV drawn, each status with its count; parameters of `around_view`."""
    drawn = list(found.statuses.values())
    unknown = [code for code in found.statuses if not found.population.get(code, math.nan) > 0]
    return (
        *status_entries({status: drawn.count(status) for status in set(drawn)}),
        *aged_entries(found.statuses, found.evidence),
        *hollow_entries(0 if near else len(unknown)),
    )


def around_bounds(found: Around) -> Bounds:
    """Give the extent of the line at the radius."""
    return bounds_of(found.outline.geometry.to_numpy())


def with_outline(view: MapView, snapshot: Snapshot, territory: Territory) -> MapView:
    """Add the contour of a territory to a map, under its QPV."""
    if territory.level == "france":
        return view
    near = territory.level in QPV_DETAIL_LEVELS
    contours = snapshot.contours(territory.level, "local" if near else "national")
    frame = contours[contours["code"] == territory.code].assign(nom=territory.nom)
    if frame.empty:
        return view
    if near:
        frame = frame.assign(geometry=frame.geometry.simplify(_NEAR_TOLERANCE))
    geometry = publish(frame, "territoire", None, LOCAL_DECIMALS if near else NATIONAL_DECIMALS)
    style = Style("territoire", stroke=INK, width=1.6)
    outline = Layer("territoire", geometry, (style,), (0,), interactive=False)
    first = next((i for i, layer in enumerate(view.layers) if layer.interactive), 0)
    return replace(view, layers=(*view.layers[:first], outline, *view.layers[first:]))


def with_surroundings(
    view: MapView, library: GeometryLibrary, snapshot: Snapshot, departement: str
) -> MapView:
    """Add what helps to find one's way near a QPV: outlines of communes, names of towns."""
    towns = towns_between(snapshot, view.bounds)
    lines = commune_lines(library, snapshot, {departement})
    ground, *others = view.layers
    return replace(view, layers=(ground, *lines, *others), towns=towns)


def commune_lines(
    library: GeometryLibrary, snapshot: Snapshot, departements: Collection[str]
) -> tuple[Layer, ...]:
    """Draw the outlines of the communes of some départements, to find one's way."""
    thin = Style("commune", stroke=LINE, width=0.7)
    names = snapshot.departements.set_index("code")["nom"]
    drawn = []
    for code in sorted(set(departements) & set(names.index)):
        communes = library.territories("commune", Territory("departement", code, str(names[code])))
        every = (0,) * len(communes.codes)
        drawn.append(Layer("lignes", communes, (thin,), every, interactive=False))
    return tuple(drawn)


def widened(bounds: Bounds, share: float = 1.0, minimum: float = 0.05) -> Bounds:
    """Give an extent with room around it.

    ``minimum``: added on each side at least, in degrees.
    """
    (south, west), (north, east) = bounds
    room = max(minimum, share * max(north - south, east - west))
    return ((south - room, west - room), (north + room, east + room))


WIDE_DEGREES: Final = 0.5
"""Height of a map from which QPV are circles: their contours would not be seen."""
_MARGINS: Final = {"qpv": 1.3, "commune": 0.18, "arrondissement": 0.25}
_LEAST_DEGREES: Final = 0.035
"""Least height of a map, about 4 km: a small QPV needs its surroundings."""
_TOLERANCE: Final = 0.0004
"""Degrees, some 40 m."""
_WIDE_TOLERANCE: Final = 0.002


def bounds_around(subject: Subject) -> Bounds:
    """Give the box of a subject with what it needs around it."""
    west, south, east, north = subject.shape.bounds
    margin = _MARGINS.get(subject.level, 0.06)
    height = max(north - south, _LEAST_DEGREES) * (1 + margin)
    width = max(east - west, _LEAST_DEGREES / math.cos(math.radians(south))) * (1 + margin)
    x, y = (west + east) / 2, (south + north) / 2
    return ((y - height / 2, x - width / 2), (y + height / 2, x + width / 2))


def sheet_map(
    library: GeometryLibrary,
    snapshot: Snapshot,
    coverage: Coverage,
    subject: Subject,
    devices: DeviceLayer,
) -> tuple[MapView, tuple[LegendEntry, ...]]:
    """Compose the map of a sheet and its legend.

    Gives ``legend``: statuses of the QPV in sight with their counts, then states of the perimeters.
    """
    bounds = bounds_around(subject)
    (south, west), (north, east) = bounds
    wide = north - south > WIDE_DEGREES
    seen = shapely.box(west - (east - west) / 2, south, east + (east - west) / 2, north)
    qpv = snapshot.qpv
    shown = qpv.iloc[np.sort(qpv.sindex.query(seen))]
    status = coverage.status.set_index("qpv")["statut"]
    statuses: dict[str, StatusId] = {c: status[c] for c in shown["code"] if c in status.index}
    held = sorted(set(shown["departement"]))
    geometries = [library.qpv("points")] if wide else [library.qpv("aires", d) for d in held]
    people = dict(zip(shown["code"], shown["population"], strict=True))
    known = coverage.status
    pages = dict(zip(known["qpv"], known["preuve"], strict=True))
    quartiers = [
        layers.qpv(g, statuses, people, devices.type, QPV_REGIONAL, pages) for g in geometries
    ]
    outline = _outline(subject, wide=wide)
    over = [outline, *quartiers] if subject.level != "qpv" else [*quartiers, outline]
    land = library.territories("departement", FRANCE)
    near = () if wide else commune_lines(library, snapshot, {*held, _departement(subject)})
    drawn = MapView(
        title=f"{subject.nom} : quartiers prioritaires et {coverage.type}",
        bounds=bounds,
        layers=(
            layers.ground(land),
            *near,
            *layers.lines(land, library.territories("region", FRANCE)),
            *([perimeter_layer(library, devices)] if len(devices.perimeters) else []),
            *over,
        ),
        towns=towns_between(snapshot, bounds),
        sources="Insee, IGN, ANCT",
    )
    in_sight = devices.perimeters[devices.perimeters.intersects(seen)]["code"]
    states = {code: devices.states[code] for code in in_sight if code in devices.states}
    unknown = int(shown["population"].isna().sum()) if wide else 0
    devices_legend = device_entries({devices.type: states}, devices.seat_only, counted=False)
    return drawn, (
        *_counted(statuses),
        *aged_entries(statuses, pages),
        *hollow_entries(unknown),
        *devices_legend,
    )


def _counted(statuses: Mapping[str, StatusId]) -> tuple[LegendEntry, ...]:
    found = list(statuses.values())
    return status_entries({s: found.count(s) for s in STATUSES})


def _outline(subject: Subject, *, wide: bool) -> Layer:
    """Draw the contour of the subject; it travels in the page, since few look at it."""
    shape = subject.shape.simplify(_WIDE_TOLERANCE if wide else _TOLERANCE)
    frame = gpd.GeoDataFrame(
        {"code": [subject.code], "nom": [subject.nom]}, geometry=[shape], crs=4326
    )
    geometry = publish(frame, "sujet", None, NATIONAL_DECIMALS if wide else LOCAL_DECIMALS)
    style = Style("sujet", stroke=INK, width=2.0 if subject.level in {"qpv", DEVICE} else 1.8)
    return Layer("sujet", geometry, (style,), (0,), interactive=False)


def _departement(subject: Subject) -> str:
    return subject.territory.code if subject.level in {"departement", DEVICE} else ""
