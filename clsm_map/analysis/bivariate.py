"""Need against coverage in nine classes, for a map of both at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

COVERAGE_EDGES: Final = (1.0, 99.0)
"""Share of QPV inhabitants covered, %: nobody (below 1), some, everybody (99 and above).

Most territories are at 0 or 100: terciles of such values would be arbitrary.
"""


@dataclass(frozen=True, eq=False)
class Bivariate:
    """Territories in 3 × 3 classes.

    Attributes
    ----------
    classes : DataFrame
        ``code, besoin, couverture, classe_besoin, classe_couverture`` (1 to 3, missing where the
        value is) and ``classe`` (``"1-3"``: need 1, coverage 3; empty where one is missing).
    seuils_besoin, seuils_couverture : tuple of float
        The two inner thresholds of each; a value equal to a threshold is in the upper class.
    effectifs : DataFrame
        ``classe_besoin, classe_couverture, n``: nine rows, zero included.
    manquants : int
        Territories where one of the two is missing.
    """

    classes: pd.DataFrame
    seuils_besoin: tuple[float, float]
    seuils_couverture: tuple[float, float]
    effectifs: pd.DataFrame
    manquants: int


def terciles(values: pd.Series) -> tuple[float, float]:
    """Give the two values that part territories in three groups of equal size.

    Parameters
    ----------
    values : Series of float
        Missing values are left out.

    Returns
    -------
    tuple of float

    Raises
    ------
    InvalidInputError
        Fewer than three different values: three classes would be an illusion.
    """
    known = values.dropna().to_numpy(dtype=float)
    if len(np.unique(known)) < 3:
        raise InvalidInputError("Il faut au moins trois valeurs différentes pour faire 3 classes.")
    low, high = np.quantile(known, [1 / 3, 2 / 3])
    return float(low), float(high)


def bivariate(
    besoin: pd.Series,
    couverture: pd.Series,
    *,
    seuils_besoin: Sequence[float] | None = None,
    seuils_couverture: Sequence[float] = COVERAGE_EDGES,
) -> Bivariate:
    """Class territories by need and coverage.

    Parameters
    ----------
    besoin : Series of float
        Need by territory code, a higher value for a greater need (turn the others first).
    couverture : Series of float
        Share covered by territory code, %; missing where there is nothing to cover.
    seuils_besoin : sequence of two floats, optional
        Thresholds; by default the terciles of the territories where both are known.
    seuils_couverture : sequence of two floats, optional
        Thresholds of coverage.

    Returns
    -------
    Bivariate

    Raises
    ------
    InvalidInputError
        Thresholds that do not ascend, or too few different values for terciles.
    """
    frame = pd.DataFrame({"besoin": besoin, "couverture": couverture}).rename_axis("code")
    both = frame.dropna()
    need_edges = terciles(both["besoin"]) if seuils_besoin is None else _pair(seuils_besoin)
    coverage_edges = _pair(seuils_couverture)
    frame["classe_besoin"] = _class(frame["besoin"], need_edges)
    frame["classe_couverture"] = _class(frame["couverture"], coverage_edges)
    known = frame["classe_besoin"].notna() & frame["classe_couverture"].notna()
    label = frame["classe_besoin"].astype("str") + "-" + frame["classe_couverture"].astype("str")
    frame["classe"] = label.where(known, "")
    nine = pd.MultiIndex.from_product([[1, 2, 3]] * 2, names=["classe_besoin", "classe_couverture"])
    sizes = frame.loc[known].groupby(["classe_besoin", "classe_couverture"]).size()
    counts = sizes.reindex(nine, fill_value=0).astype("int64").to_frame("n").reset_index()
    return Bivariate(frame.reset_index(), need_edges, coverage_edges, counts, int((~known).sum()))


def _pair(edges: Sequence[float]) -> tuple[float, float]:
    if len(edges) != 2 or not edges[0] < edges[1]:
        raise InvalidInputError("Il faut deux seuils, le premier plus petit que le second.")
    return float(edges[0]), float(edges[1])


def _class(values: pd.Series, edges: tuple[float, float]) -> pd.Series:
    found = pd.Series(np.searchsorted(edges, values, side="right") + 1, index=values.index)
    return found.astype("Int64").where(values.notna())
