"""Contours: one gapless coverage of France, and every level made of it, at two scales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from clsm_map.build.territories import Territories
from clsm_map.domain.errors import SourceError
from clsm_map.domain.territories import PLM

LOCAL_GRID: Final = 1e-5
COMMUNE_GRID: Final = 1e-4
NATIONAL_GRID: Final = 1e-3
COMMUNE_TOLERANCE: Final = 4e-3
NATIONAL_TOLERANCE: Final = 1.2e-2
"""Grids and tolerances in degrees; a tolerance is about the side of the details removed."""

SMALLEST_HOLE: Final = 2.5e-5
"""Smallest hole (square degrees, about 20 ha) that may be an absorbed commune."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Polygons that touch without gap or overlap, one per code.

    ``codes``: communes (Paris, Lyon and Marseille by arrondissement). ``geometries``: WGS 84, same
    order.
    """

    codes: np.ndarray
    geometries: np.ndarray


def assemble(units: pd.DataFrame) -> Coverage:
    """Take the finest units that cover the country once.

    ``units``: code, type, parent, geometry (see `Territories.units`).

    Gives communes but Paris, Lyon, Marseille; their arrondissements; and the communes whose
    contour the package lacks, rebuilt from their delegated communes. Contours are those of the
    source, which overlap here and there by some metres: `cover` makes them a true coverage.
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
    return Coverage(pieces.index.to_numpy(str), pieces.to_numpy(object))


def cover(coverage: Coverage, grid: float) -> tuple[Coverage, np.ndarray]:
    """Round polygons to a grid so that they touch without gap or overlap.

    All boundaries are noded together by snap rounding, then polygonised; each face goes back to
    the polygon it lies in, the first by code where two overlap. Rounding each polygon alone would
    open gaps.

    Gives ``coverage``: valid polygons on the grid, normalised; one smaller than the grid is left
    empty. ``holes``: faces that lie in no polygon and are enclosed by some.

    Raises `SourceError` when the result is not a coverage.
    """
    lines = shapely.union_all(shapely.boundary(coverage.geometries), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside, owner = shapely.STRtree(coverage.geometries).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    order = np.lexsort((owner, inside))
    owned, first = np.unique(inside[order], return_index=True)
    snapped = union_by(faces[owned], owner[order][first], len(coverage.codes))
    result = Coverage(coverage.codes, snapped)
    require_coverage(result)
    return result, np.delete(faces, owned)


def require_coverage(coverage: Coverage) -> None:
    """Refuse polygons that are invalid, overlap, or do not share their edges."""
    valid = shapely.is_valid(coverage.geometries).all()
    if not (valid and shapely.coverage_is_valid(coverage.geometries)):
        edges = shapely.coverage_invalid_edges(coverage.geometries)
        bad = coverage.codes[~shapely.is_empty(edges)]
        raise SourceError("Les contours ne se raccordent pas.", ", ".join(bad[:20]))


def fill_absorbed(
    coverage: Coverage, holes: np.ndarray, absorbers: frozenset[str], grown: frozenset[str]
) -> tuple[Coverage, frozenset[str]]:
    """Give each hole left by an absorbed commune to the commune that absorbed it.

    The package has no contour for communes merged lately: their ground is a hole. It goes to the
    one neighbour that is known to have absorbed a commune without contour, or else to the one
    neighbour whose population shows that it grew by a merger. Any other hole (the Spanish enclave
    of Llívia, estuaries) stays.

    ``grown``: communes more populated than the rows of 2020 that lead to them.

    Gives communes of `grown` that were given a hole.
    """
    tree = shapely.STRtree(coverage.geometries)
    filled = coverage.geometries.copy()
    deduced: set[str] = set()
    for hole in holes[shapely.area(holes) >= SMALLEST_HOLE]:
        around = sorted(tree.query(hole, predicate="intersects"))
        known = [i for i in around if coverage.codes[i] in absorbers]
        owners = known or [i for i in around if coverage.codes[i] in grown]
        if len(owners) == 1:
            filled[owners[0]] = shapely.union(filled[owners[0]], hole)
            if not known:
                deduced.add(str(coverage.codes[owners[0]]))
    result = Coverage(coverage.codes, shapely.normalize(filled))
    require_coverage(result)
    return result, frozenset(deduced)


def union_by(pieces: np.ndarray, groups: np.ndarray, size: int) -> np.ndarray:
    """Unite the pieces of a coverage by group.

    ``groups``: group of each piece, from 0 to ``size - 1``.

    Gives length ``size``, normalised; empty where a group has no piece.
    """
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(size + 1))
    count = np.diff(bounds)
    united = np.full(size, shapely.MultiPolygon(), dtype=object)
    united[count == 1] = pieces[order[bounds[:-1][count == 1]]]
    for group in np.flatnonzero(count > 1):
        own = pieces[order[bounds[group] : bounds[group + 1]]]
        united[group] = shapely.coverage_union_all(own)
    return shapely.normalize(united)


def dissolve(coverage: Coverage, labels: pd.Series) -> Coverage:
    """Unite the polygons that share a label; those without a label are left out.

    ``labels``: label of each code, indexed by code.

    Gives one polygon per label, sorted by label.
    """
    labelled = labels.reindex(coverage.codes)
    known = labelled.notna().to_numpy()
    groups, names = pd.factorize(labelled[known].astype(str), sort=True)
    return Coverage(
        np.asarray(names, dtype=str), union_by(coverage.geometries[known], groups, len(names))
    )


def simplify(coverage: Coverage, tolerance: float, grid: float) -> Coverage:
    """Simplify shared borders together (Visvalingam-Whyatt), then round to a grid."""
    coarse = shapely.coverage_simplify(coverage.geometries, tolerance)
    return cover(Coverage(coverage.codes, np.asarray(coarse, dtype=object)), grid)[0]


LEVELS = ("region", "departement", "epci", "ept", "arrondissement", "commune")


def build_contours(
    territories: Territories, grown: frozenset[str], step: Callable[[str], None]
) -> tuple[pd.DataFrame, pd.DataFrame, frozenset[str]]:
    """Build the tables ``contours_national`` and ``contours_local``.

    Gives ``national, local``: niveau, code, geometry; WGS 84. Locally every level is made of the
    communes. Nationally EPCI, EPT, départements and régions share one coverage, simplified more
    than that of the communes. ``deduced``: communes completed thanks to `grown` alone.
    """
    units = territories.units
    step("Contours : échelle locale")
    former = units[units["type"].isin(["COMD", "COMA"])]
    absorbers = frozenset(former.loc[former["geometry"].isna(), "parent"])
    local, holes = cover(assemble(units), LOCAL_GRID)
    local, deduced = fill_absorbed(local, holes, absorbers, grown)
    step("Contours : échelle nationale")
    labels = labels_of(territories, local.codes)
    atoms = dissolve(local, labels["atome"])
    coarse = simplify(atoms, NATIONAL_TOLERANCE, NATIONAL_GRID)
    above = labels.drop_duplicates("atome").set_index("atome").reindex(coarse.codes)
    step("Contours : communes à l'échelle nationale")
    communes = simplify(local, COMMUNE_TOLERANCE, COMMUNE_GRID)
    levels = {level: dissolve(coarse, above[level]) for level in LEVELS[:4]}
    levels |= {"arrondissement": dissolve(communes, labels["arrondissement"])}
    levels |= {"commune": dissolve(communes, labels["commune"])}
    detailed = {level: dissolve(local, labels[level]) for level in LEVELS}
    return _table(levels), _table(detailed), deduced


def labels_of(territories: Territories, codes: np.ndarray) -> pd.DataFrame:
    """Give, for each unit of the coverage, the territory that holds it at every level.

    ``codes``: communes, and arrondissements in Paris, Lyon and Marseille.

    Gives indexed by code: commune, arrondissement, epci, ept, departement, region, and ``atome``,
    the smallest parts of which all the larger levels are made.
    """
    city = territories.arrondissements.set_index("code")["commune"]
    frame = pd.DataFrame(index=pd.Index(codes, name="code"))
    own = frame.index.to_series()
    frame["arrondissement"] = own.where(own.isin(city.index))
    frame["commune"] = own.map(city).fillna(own)
    communes = territories.communes_all.set_index("code")
    for level in ("epci", "departement", "region"):
        frame[level] = frame["commune"].map(communes[level])
    offered = frame["commune"].map(communes["intercommunalite"])
    frame["ept"] = offered.where(offered.isin(territories.ept["code"]))
    frame["atome"] = offered.fillna(frame["commune"]) + "|" + frame["departement"]
    return frame


def _table(levels: dict[str, Coverage]) -> pd.DataFrame:
    """Stack the levels, in the order of `LEVELS`."""
    parts = [
        pd.DataFrame({"niveau": level, "code": found.codes, "geometry": found.geometries})
        for level in LEVELS
        for found in (levels[level],)
    ]
    return pd.concat(parts, ignore_index=True)
