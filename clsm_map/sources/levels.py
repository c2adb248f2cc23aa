"""The contours of every level, at the two scales, from one coverage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from clsm_map.sources.contours import (
    COMMUNE_GRID,
    COMMUNE_TOLERANCE,
    LOCAL_GRID,
    NATIONAL_GRID,
    NATIONAL_TOLERANCE,
    Coverage,
    assemble,
    cover,
    dissolve,
    fill_absorbed,
    simplify,
)
from clsm_map.sources.territories import Territories

LEVELS = ("region", "departement", "epci", "ept", "arrondissement", "commune")


def build_contours(
    territories: Territories, grown: frozenset[str], step: Callable[[str], None]
) -> tuple[pd.DataFrame, pd.DataFrame, frozenset[str]]:
    """Build the tables ``contours_national`` and ``contours_local``.

    Parameters
    ----------
    grown : frozenset of str
        Communes more populated than in 2020 (see `fill_absorbed`).
    step : callable
        Told the name of each step as it starts.

    Returns
    -------
    national, local : pandas.DataFrame
        niveau, code, geometry; WGS 84. Locally every level is made of the communes. Nationally
        EPCI, EPT, départements and régions share one coverage, simplified more than that of the
        communes.
    deduced : frozenset of str
        Communes completed thanks to `grown` alone.
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

    Parameters
    ----------
    codes : ndarray of str
        Communes, and arrondissements in Paris, Lyon and Marseille.

    Returns
    -------
    pandas.DataFrame
        Indexed by code: commune, arrondissement, epci, ept, departement, region, and ``atome``,
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
