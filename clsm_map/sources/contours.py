"""Contours: one gapless coverage of France, at two scales, for every level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from clsm_map.domain.errors import SourceError
from clsm_map.domain.territories import PLM

LOCAL_GRID: Final = 1e-5
COMMUNE_GRID: Final = 1e-4
NATIONAL_GRID: Final = 1e-3
COMMUNE_TOLERANCE: Final = 4e-3
NATIONAL_TOLERANCE: Final = 1.2e-2
"""Grids and tolerances in degrees; a tolerance is about the side of the details removed."""

HECTARE_MIN: Final = 2.5e-5
"""Smallest hole (square degrees, about 20 ha) that may be an absorbed commune."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Polygons that touch without gap or overlap, one per code.

    Attributes
    ----------
    codes : ndarray of str
        Communes (Paris, Lyon and Marseille by arrondissement).
    geometries : ndarray of shapely geometries
        WGS 84, same order.
    """

    codes: np.ndarray
    geometries: np.ndarray


def assemble(units: pd.DataFrame) -> Coverage:
    """Take the finest units that cover the country once.

    Parameters
    ----------
    units : pandas.DataFrame
        code, type, parent, geometry (see `Territories.units`).

    Returns
    -------
    Coverage
        Communes but Paris, Lyon, Marseille; their arrondissements; and the communes whose contour
        the package lacks, rebuilt from their delegated communes. Overlaps of the source removed.
    """
    communes = units[(units["type"] == "COM") & ~units["code"].isin(list(PLM))]
    delegated = units[(units["type"] == "COMD") & units["geometry"].notna()]
    bare = communes[communes["geometry"].isna()]
    rebuilt = {
        code: shapely.union_all(parts["geometry"].to_numpy())
        for code, parts in delegated[delegated["parent"].isin(bare["code"])].groupby("parent")
    }
    whole = pd.concat([communes[communes["geometry"].notna()], units[units["type"] == "ARM"]])
    pieces = pd.Series(whole["geometry"].to_numpy(object), index=whole["code"])
    pieces = pd.concat([pieces, pd.Series(rebuilt, dtype=object)]).sort_index()
    clean = shapely.coverage_clean(pieces.to_numpy(object))
    return Coverage(pieces.index.to_numpy(str), np.asarray(clean, dtype=object))


def fill_absorbed(
    coverage: Coverage, absorbers: frozenset[str], grown: frozenset[str]
) -> tuple[Coverage, frozenset[str]]:
    """Give each hole left by an absorbed commune to the commune that absorbed it.

    The package has no contour for communes merged lately: their ground is a hole. It goes to the
    one neighbour that is known to have absorbed a commune without contour, or else to the one
    neighbour whose population shows that it grew by a merger. Any other hole (the Spanish enclave
    of Llívia, estuaries) stays.

    Parameters
    ----------
    coverage : Coverage
    absorbers : frozenset of str
        Communes with a delegated commune without contour.
    grown : frozenset of str
        Communes more populated than the rows of 2020 that lead to them.

    Returns
    -------
    coverage : Coverage
    deduced : frozenset of str
        Communes of `grown` that were given a hole.
    """
    holes = _holes(coverage.geometries)
    tree = shapely.STRtree(coverage.geometries)
    filled = coverage.geometries.copy()
    deduced: set[str] = set()
    for hole in holes[shapely.area(holes) >= HECTARE_MIN]:
        around = sorted(tree.query(hole, predicate="intersects"))
        known = [i for i in around if coverage.codes[i] in absorbers]
        owners = known or [i for i in around if coverage.codes[i] in grown]
        if len(owners) == 1:
            filled[owners[0]] = shapely.union(filled[owners[0]], hole)
            if not known:
                deduced.add(str(coverage.codes[owners[0]]))
    return Coverage(coverage.codes, filled), frozenset(deduced)


def snap(geometries: np.ndarray, grid: float) -> np.ndarray:
    """Round a coverage to a grid and keep it a coverage.

    All boundaries are noded together by snap rounding, then polygonised; each face goes back to
    the polygon it lies in. Rounding each polygon alone would open gaps.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
        A valid coverage.
    grid : float
        Step of the grid, in the unit of the coordinates.

    Returns
    -------
    ndarray of shapely geometries
        Valid polygons on the grid, normalised. A polygon smaller than the grid is left empty.

    Raises
    ------
    SourceError
        The result is not a coverage.
    """
    lines = shapely.union_all(shapely.boundary(geometries), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside, owner = shapely.STRtree(geometries).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    snapped = union_by(faces[inside], owner, len(geometries))
    if not (shapely.is_valid(snapped).all() and shapely.coverage_is_valid(snapped)):
        raise SourceError("Les contours arrondis ne se raccordent plus.", f"grid {grid}")
    return snapped


def union_by(pieces: np.ndarray, groups: np.ndarray, size: int) -> np.ndarray:
    """Unite the pieces of a coverage by group.

    Parameters
    ----------
    pieces : ndarray of shapely geometries
    groups : ndarray of int
        Group of each piece, from 0 to ``size - 1``.
    size : int

    Returns
    -------
    ndarray of shapely geometries
        Length ``size``, normalised; empty where a group has no piece.
    """
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(size + 1))
    united = np.full(size, shapely.MultiPolygon(), dtype=object)
    for group in range(size):
        own = pieces[order[bounds[group] : bounds[group + 1]]]
        if len(own):
            united[group] = own[0] if len(own) == 1 else shapely.coverage_union_all(own)
    return shapely.normalize(united)


def dissolve(coverage: Coverage, labels: pd.Series) -> Coverage:
    """Unite the polygons that share a label; those without a label are left out.

    Parameters
    ----------
    coverage : Coverage
    labels : pandas.Series
        Label of each code, indexed by code.

    Returns
    -------
    Coverage
        One polygon per label, sorted by label.
    """
    labelled = labels.reindex(coverage.codes)
    known = labelled.notna().to_numpy()
    groups, names = pd.factorize(labelled[known].astype(str), sort=True)
    return Coverage(
        np.asarray(names, dtype=str), union_by(coverage.geometries[known], groups, len(names))
    )


def simplify(coverage: Coverage, tolerance: float, grid: float) -> Coverage:
    """Simplify shared borders together (Visvalingam-Whyatt), then snap to a grid."""
    coarse = shapely.coverage_simplify(coverage.geometries, tolerance)
    return Coverage(coverage.codes, snap(np.asarray(coarse, dtype=object), grid))


def _holes(geometries: np.ndarray) -> np.ndarray:
    """Holes in the union of a coverage."""
    polygons = shapely.get_parts(shapely.coverage_union_all(geometries))
    rings = [ring for polygon in polygons for ring in polygon.interiors]
    return shapely.polygons(rings) if rings else np.empty(0, dtype=object)
