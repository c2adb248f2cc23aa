"""From a drawn perimeter to the communes that lie in it."""

from __future__ import annotations

from collections import defaultdict
from typing import Final
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from clsm_map.domain.territories import PLM, departement_of, metric_crs
from clsm_map.formats import number
from clsm_map.register.gazetteer import Reference
from clsm_map.register.values import RefusedValueError

HALF: Final = 0.5
MOST_TOUCHED: Final = 5_000
"""No région has more communes."""
MOST_DRAWN: Final = 2_000
"""Contours that one list may draw: four times all the devices of France."""

_AREAS: Final = frozenset({"Polygon", "MultiPolygon"})


class CommuneContours:
    """Contours of communes, with Paris, Lyon and Marseille by arrondissement."""

    def __init__(self, reference: Reference) -> None:
        communes = reference.contours("commune", "local")
        communes = communes.loc[~communes["code"].isin(PLM)]
        arrondissements = reference.contours("arrondissement", "local")
        self._codes = [*communes["code"], *arrondissements["code"]]
        self._shapes = np.concatenate(
            [communes.geometry.to_numpy(), arrondissements.geometry.to_numpy()]
        )
        self._tree = shapely.STRtree(self._shapes)
        pairs = (reference.arrondissements["code"], reference.arrondissements["commune"])
        self._cities: dict[str, str] = dict(zip(*pairs, strict=True))

    def more_than_half_inside(self, drawn: BaseGeometry) -> list[str]:
        """List the communes more than half of whose area lies in a contour.

        ``area(commune ∩ contour) / area(commune) > 1/2``, areas in the metric projection of the
        commune's département.

        Returns codes, sorted; arrondissements of Paris, Lyon and Marseille, or the city's code
        when all of its arrondissements are in.
        """
        try:
            area = shapely.make_valid(drawn)
            shapely.prepare(area)
            touched = self._tree.query(area, predicate="intersects")
            if len(touched) > MOST_TOUCHED:
                raise RefusedValueError(
                    f"Ce contour touche plus de {number(MOST_TOUCHED)} communes : ce n'est pas le "
                    "périmètre d'un dispositif local."
                )
            whole = shapely.covers(area, self._shapes[touched])
            inside = {self._codes[i] for i in touched[whole]}
            inside |= self._by_share(area, [int(i) for i in touched[~whole]])
        except GEOSException as error:
            raise RefusedValueError(
                "Le contour de cette entité ne peut pas être calculé."
            ) from error
        return sorted(self._whole_cities(inside))

    def _by_share(self, area: BaseGeometry, candidates: list[int]) -> set[str]:
        by_crs: dict[int, list[int]] = defaultdict(list)
        for i in candidates:
            by_crs[metric_crs(departement_of(self._codes[i]))].append(i)
        inside = set()
        for crs, members in by_crs.items():
            shapes = gpd.GeoSeries(self._shapes[members], crs=4326).to_crs(crs).to_numpy()
            window = shapely.box(*shapely.total_bounds(self._shapes[members])).buffer(0.01)
            near = gpd.GeoSeries([area.intersection(window)], crs=4326).to_crs(crs).iloc[0]
            shares = shapely.area(shapely.intersection(shapes, shapely.make_valid(near)))
            shares = shares / shapely.area(shapes)
            inside |= {self._codes[i] for i, s in zip(members, shares, strict=True) if s > HALF}
        return inside

    def _whole_cities(self, codes: set[str]) -> set[str]:
        out = set(codes)
        for city in PLM:
            own = {a for a, c in self._cities.items() if c == city}
            if own and own <= out:
                out = (out - own) | {city}
        return out


def is_area(geometry: BaseGeometry) -> bool:
    """Tell whether a geometry can be a perimeter: a polygon, not a point or a line."""
    return geometry.geom_type in _AREAS and not geometry.is_empty


class Drawing:
    """Drawn perimeters of one list, within what one list may ask of the machine."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._drawn = 0

    def communes(self, drawn: BaseGeometry) -> list[str]:
        """List the communes of a contour (see `CommuneContours.more_than_half_inside`)."""
        self._drawn += 1
        if self._drawn > MOST_DRAWN:
            raise RefusedValueError(
                f"Plus de {number(MOST_DRAWN)} contours dans une même liste : partagez-la."
            )
        codes = contours_of(self._reference).more_than_half_inside(drawn)
        if not codes:
            raise RefusedValueError(
                "Aucune commune n'est pour plus de la moitié dans ce contour : est-il à sa place, "
                "et en France ?"
            )
        return codes


_BUILT: WeakKeyDictionary[Reference, CommuneContours] = WeakKeyDictionary()


def contours_of(reference: Reference) -> CommuneContours:
    """Give the contours of a snapshot, indexed the first time they are asked for."""
    built = _BUILT.get(reference)
    if built is None:
        built = _BUILT[reference] = CommuneContours(reference)
    return built
