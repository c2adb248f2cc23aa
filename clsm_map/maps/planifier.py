"""The map of a plan or a scenario: QPV by status, the territories chosen outlined and numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from clsm_map.maps.around import widened
from clsm_map.maps.carte import coverage_view
from clsm_map.maps.geometry import LOCAL_DECIMALS, bounds_of, publish
from clsm_map.maps.layers import INK, QPV_REGIONAL
from clsm_map.maps.legend import LegendEntry
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import Bounds, Layer, MapView, Style, Town
from clsm_map.store.snapshot import Scale, Snapshot
from clsm_map.views.carte import DeviceLayer
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

    Parameters
    ----------
    quartiers : Quartiers
        QPV with their status, before or after.
    devices : DeviceLayer
        Perimeters that exist.
    chosen : geopandas.GeoDataFrame
        ``code, nom, incertain, geometry`` (EPSG:4326): territories outlined, numbered in order.
    bounds : Bounds or None
        ``None`` for mainland France.
    near : bool, optional
        Larger circles, for an extent smaller than that of the QPV.
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

    Parameters
    ----------
    names : mapping of str to str
        Name of each territory.
    codes : tuple of str
        Those without a contour are left out.
    uncertain : frozenset of str
        Those to be marked.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code, nom, incertain, geometry`` (EPSG:4326).
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
