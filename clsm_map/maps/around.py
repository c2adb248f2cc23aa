"""The map of what lies around a place: its contour, the line at the radius, QPV by status."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.maps import layers
from clsm_map.maps.carte import perimeter_layer
from clsm_map.maps.geometry import LOCAL_DECIMALS, NATIONAL_DECIMALS, bounds_of, publish
from clsm_map.maps.layers import INK, LINE
from clsm_map.maps.legend import LegendEntry, aged_entries, hollow_entries, status_entries
from clsm_map.maps.library import QPV_DETAIL_LEVELS, GeometryLibrary
from clsm_map.maps.model import (
    Bounds,
    CircleScale,
    Layer,
    MapView,
    Style,
    Target,
    Town,
)
from clsm_map.maps.towns import towns_between
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.around import Around
from clsm_map.views.carte import DeviceLayer

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
    """Compose the map of what lies around a place.

    Parameters
    ----------
    found : Around
        Its QPV are drawn by status, those covered within the radius included.
    devices : DeviceLayer
        Perimeters drawn, of the type whose coverage colours the QPV.
    bounds : Bounds
        Extent shown.
    near : bool, optional
        QPV by their contours rather than by circles.
    """
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
    """Add the contour of a territory to a map, under its QPV.

    Parameters
    ----------
    territory : Territory
        A région, a département or an EPCI; France adds nothing.
    """
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
    """Add what helps to find one's way near a QPV: outlines of communes, names of towns.

    Parameters
    ----------
    view : MapView
        Its extent is that of a QPV and what lies around it.
    departement : str
        Département of the QPV; a collectivité without communes here adds names only.
    """
    towns = towns_between(snapshot, view.bounds)
    lines = commune_lines(library, snapshot, {departement})
    ground, *others = view.layers
    return replace(view, layers=(ground, *lines, *others), towns=towns)


def commune_lines(
    library: GeometryLibrary, snapshot: Snapshot, departements: Collection[str]
) -> tuple[Layer, ...]:
    """Draw the outlines of the communes of some départements, to find one's way.

    Parameters
    ----------
    departements : collection of str
        Codes; a collectivity without communes here has no line.
    """
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

    Parameters
    ----------
    share : float, optional
        Added on each side, as a share of the larger side.
    minimum : float, optional
        Added on each side at least, in degrees.
    """
    (south, west), (north, east) = bounds
    room = max(minimum, share * max(north - south, east - west))
    return ((south - room, west - room), (north + room, east + room))
