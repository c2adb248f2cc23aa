"""The geometry files of the application, published once per process and per set of contours."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from clsm_map.desk import Desk
from clsm_map.domain.selection import MapLevel
from clsm_map.domain.territories import Level, Territory
from clsm_map.maps.geometry import LOCAL_DECIMALS, NATIONAL_DECIMALS, publish
from clsm_map.maps.model import Form, Geometry
from clsm_map.store.snapshot import Scale, Snapshot
from clsm_map.views.devices import DeviceLayer

QPV_DETAIL_LEVELS: Final[frozenset[Level]] = frozenset(
    {"departement", "epci", "commune", "arrondissement", "qpv"}
)
"""Levels of the territory at which QPV are drawn by their contours rather than by circles."""


@lru_cache(maxsize=4)
def _library(snapshot: Snapshot, static: Path) -> GeometryLibrary:
    return GeometryLibrary(snapshot, static)


def published(desk: Desk) -> GeometryLibrary:
    """Give the contours published for the maps of a desk."""
    return _library(desk.snapshot, desk.static)


class GeometryLibrary:
    """Contours by level and parent, written for the browser when first asked for.

    ``static``: folder served under ``/app/static``.
    """

    def __init__(self, snapshot: Snapshot, static: Path) -> None:
        self._snapshot = snapshot
        self._static = static
        self.territories = cache(self._territories)
        self.qpv = cache(self._qpv)
        self.devices = lru_cache(maxsize=64)(self._devices)

    def _territories(self, level: MapLevel, parent: Territory) -> Geometry:
        """Give the contours of a level; those of communes and EPCI are finer below France."""
        local = parent.level != "france"
        frame = self._named(level, "local" if local else "national")
        if local:
            inside = self._inside(level, parent)
            frame = frame[frame["code"].isin(inside)]
        stem = f"{level}-{parent.code}" if local else level
        return publish(frame, stem, self._static, self._decimals(parent))

    def _qpv(self, form: Form, departement: str = "") -> Geometry:
        """Give the QPV of France or of a département, as points for circles or as contours.

        Their inhabitants are in the file.
        """
        qpv = self._snapshot.qpv
        if departement:
            qpv = qpv[qpv["departement"] == departement]
        shapes = (
            shapely.points(qpv["longitude"].to_numpy(), qpv["latitude"].to_numpy())
            if form == "points"
            else qpv.geometry.to_numpy()
        )
        frame = gpd.GeoDataFrame(
            {
                "code": qpv["code"],
                "nom": qpv["nom"],
                "detail": qpv["noms_communes"].str.replace(";", ", ", regex=False),
                "valeur": qpv["population"],
            },
            geometry=shapes,
            crs=4326,
        )
        stem = f"qpv-{form}-{departement}" if departement else f"qpv-{form}"
        return publish(frame, stem, self._static, LOCAL_DECIMALS)

    def quartiers(self, level: Level, departements: Iterable[str]) -> list[Geometry]:
        """Give the files that draw QPV in a territory: contours near, circles from afar."""
        if level in QPV_DETAIL_LEVELS:
            return [self.qpv("aires", code) for code in sorted(set(departements))]
        return [self.qpv("points")]

    def _devices(self, devices: DeviceLayer, form: Form) -> Geometry:
        """Give the perimeters (contours) or the seats (points) of devices.

        Those of a visitor's own register are written to no file: they travel with the page.
        """
        contours = devices.seats if form == "points" else devices.perimeters
        stem = f"{'sieges' if form == 'points' else 'perimetres'}-{devices.type.lower()}"
        static = None if devices.private else self._static
        return publish(contours, stem, static, LOCAL_DECIMALS)

    def _named(self, level: MapLevel, scale: Scale) -> gpd.GeoDataFrame:
        snapshot = self._snapshot
        names: dict[MapLevel, pd.DataFrame] = {
            "commune": snapshot.communes_all,
            "epci": snapshot.intercommunalites,
            "departement": snapshot.departements,
            "region": snapshot.regions,
        }
        contours = snapshot.contours(level, scale)
        return contours.merge(names[level][["code", "nom"]], on="code").sort_values("code")

    def _inside(self, level: MapLevel, parent: Territory) -> pd.Series:
        communes = self._snapshot.communes_all
        within = communes[communes[parent.level] == parent.code]
        column = {"commune": "code", "epci": "intercommunalite"}.get(level, level)
        return within[column]

    @staticmethod
    def _decimals(parent: Territory) -> int:
        return LOCAL_DECIMALS if parent.level == "departement" else NATIONAL_DECIMALS
