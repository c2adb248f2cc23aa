"""The map of a plan or a scenario: QPV by status, the territories chosen outlined and numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from clsm_map.domain.programme import REACH_STATES, ReachId
from clsm_map.domain.territories import FRANCE, OVERSEAS
from clsm_map.maps import layers
from clsm_map.maps.around import widened, with_outline
from clsm_map.maps.carte import coverage_view
from clsm_map.maps.geometry import HEXAGONE, LOCAL_DECIMALS, bounds_of, default_places, publish
from clsm_map.maps.layers import INK, QPV_REGIONAL
from clsm_map.maps.legend import LegendEntry
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import (
    HIDDEN,
    Bounds,
    Geometry,
    Layer,
    MapView,
    Style,
    Target,
    Town,
    classes_in_order,
    values_in_order,
)
from clsm_map.store.snapshot import Scale, Snapshot
from clsm_map.views.devices import DeviceLayer
from clsm_map.views.programme import ProgrammeView
from clsm_map.views.quartiers import Quartiers

_STYLES: Final = (
    Style("territoire choisi", fill=INK, stroke=INK, width=2.4, opacity=0.08, casing=1.8),
    Style(
        "territoire choisi, à vérifier", fill=INK, stroke=INK, width=2.4, dash=(6.0, 4.0),
        opacity=0.08, casing=1.8,
    ),
)  # fmt: skip


def plan_view(
    library: GeometryLibrary,
    quartiers: Quartiers,
    devices: DeviceLayer,
    chosen: gpd.GeoDataFrame,
    *,
    title: str,
    bounds: Bounds | None = None,
    near: bool = False,
) -> MapView:
    """Compose the map.

    ``chosen``: ``code, nom, incertain, geometry`` (EPSG:4326): territories outlined, numbered in
      order.
    ``bounds``: ``None`` for mainland France.
    """
    view = coverage_view(library, quartiers, devices.type, (devices,), title=title, bounds=bounds)
    if chosen.empty:
        return view
    outline = Layer(
        "choisi",
        publish(chosen, "choisis", None, LOCAL_DECIMALS),
        _STYLES,
        tuple(int(u) for u in chosen["incertain"]),
        interactive=False,
        mention=True,
    )
    below = next(i for i, layer in enumerate(view.layers) if layer.kind == "qpv")
    spots = chosen.geometry.representative_point()
    towns = tuple(
        Town(str(rank), float(spot.y), float(spot.x), 1) for rank, spot in enumerate(spots, start=1)
    )
    return MapView(
        title=view.title,
        bounds=view.bounds,
        layers=(
            *view.layers[:below],
            outline,
            *(
                replace(la, size=QPV_REGIONAL) if near else la
                for la in view.layers[below : below + 1]
            ),
            *view.layers[below + 1 :],
        ),
        towns=towns,
        places=view.places,
        selected=None,
        sources=view.sources,
        tiles=view.tiles,
    )


def chosen_contours(
    snapshot: Snapshot,
    names: Mapping[str, str],
    codes: tuple[str, ...],
    uncertain: frozenset[str],
    scale: Scale,
) -> gpd.GeoDataFrame:
    """Give the contours of territories, in the order of their codes.

    Gives ``code, nom, incertain, geometry`` (EPSG:4326).
    """
    levels = ("epci", "commune", "arrondissement")
    shapes = pd.concat([snapshot.contours(v, scale) for v in levels], ignore_index=True)
    shapes = shapes.drop_duplicates("code").set_index("code")["geometry"]
    known = [code for code in codes if code in shapes.index]
    return gpd.GeoDataFrame(
        {
            "code": known,
            "nom": [names.get(code, code) for code in known],
            "incertain": [code in uncertain for code in known],
        },
        geometry=[shapes[code] for code in known],
        crs=4326,
    )


def chosen_bounds(chosen: gpd.GeoDataFrame) -> Bounds:
    """Give the extent of the territories chosen, with room around."""
    return widened(bounds_of(chosen.geometry.to_numpy()), 0.15)


def chosen_entries(chosen: gpd.GeoDataFrame) -> tuple[LegendEntry, ...]:
    """Make the legend of the outlines."""
    uncertain = int(chosen["incertain"].sum())
    counted = ((len(chosen) - uncertain, _STYLES[0].label), (uncertain, _STYLES[1].label))
    return tuple(
        LegendEntry(label.capitalize(), "#e6e5e4", "contour" if "vérifier" in label else "plein", n)
        for n, label in counted
        if n
    )


_FROM_BELOW: Final[tuple[ReachId, ...]] = ("hors_tableau", "possible", "atteint")
_STROKES: Final[dict[ReachId, str]] = {
    "hors_tableau": "#77726a",
    "possible": "#34459c",
    "atteint": "#ffffff",
}


def reach_view(
    library: GeometryLibrary,
    snapshot: Snapshot,
    view: ProgrammeView,
    *,
    bounds: Bounds | None = None,
    selected: Target | None = None,
    tiles: str = "aucun",
) -> MapView:
    """Compose the map, the QPV reached above the others.

    ``bounds``: ``None`` for mainland France.
    """
    land = library.territories("departement", FRANCE)
    level = view.territory.level
    geometries = library.quartiers(level, view.qpv["departement"])
    drawn = MapView(
        title=view.title,
        bounds=bounds or HEXAGONE,
        layers=(
            layers.ground(land),
            *layers.lines(land, library.territories("region", FRANCE)),
            *(_layer(g, view, state) for state in _FROM_BELOW for g in geometries),
        ),
        places=default_places(OVERSEAS) if level == "france" else (),
        selected=selected,
        sources="Insee, IGN, ANCT",
        tiles=tiles,
    )
    return with_outline(drawn, snapshot, view.territory)


def reach_legend(view: ProgrammeView) -> tuple[LegendEntry, ...]:
    """Make the legend: the states that occur, each with the number of QPV drawn."""
    return tuple(
        LegendEntry(look.label.capitalize(), look.colour, look.mark, n, round=True)
        for state, n in view.counts().items()
        if n and (look := REACH_STATES[state])
    )


def _layer(geometry: Geometry, view: ProgrammeView, state: ReachId) -> Layer:
    look = REACH_STATES[state]
    codes = view.qpv.loc[view.qpv["etat"] == state, "code"]
    spots = geometry.form == "points"
    style = Style(
        look.label,
        fill=look.colour,
        mark=look.mark,
        stroke=_STROKES[state] if spots or state != "atteint" else look.colour,
        width=0.8 if spots else 1.4,
        opacity=0.95,
    )
    habitants = dict(zip(view.qpv["code"], view.qpv["habitants"], strict=True))
    national = view.territory.level == "france"
    return Layer(
        "qpv",
        geometry,
        (style,),
        classes_in_order(geometry, dict.fromkeys(codes, 0), HIDDEN),
        values=None if geometry.valued else values_in_order(geometry, habitants),
        label="Habitants (RP 2020)",
        class_label=view.marked("programme"),
        size=layers.QPV_NATIONAL if national else layers.QPV_REGIONAL,
    )
