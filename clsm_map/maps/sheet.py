"""The map of a sheet on screen: the subject and its surroundings, QPV by status, perimeters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from clsm_map.analysis.coverage import Coverage
from clsm_map.domain.devices import STATUSES, StatusId
from clsm_map.domain.territories import FRANCE
from clsm_map.maps import layers
from clsm_map.maps.around import commune_lines
from clsm_map.maps.carte import perimeter_layer
from clsm_map.maps.geometry import LOCAL_DECIMALS, NATIONAL_DECIMALS, publish
from clsm_map.maps.layers import INK, QPV_REGIONAL
from clsm_map.maps.legend import (
    LegendEntry,
    aged_entries,
    device_entries,
    hollow_entries,
    status_entries,
)
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import Bounds, Layer, MapView, Style
from clsm_map.maps.towns import towns_between
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.around import DEVICE
from clsm_map.views.carte import DeviceLayer
from clsm_map.views.sheet.subject import Subject

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

    Parameters
    ----------
    coverage : Coverage
        Of the type that the sheet is about.
    devices : DeviceLayer
        Of the same type, on the same date.

    Returns
    -------
    legend : tuple of LegendEntry
        Statuses of the QPV in sight with their counts, then states of the perimeters.
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
