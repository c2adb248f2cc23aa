"""Two indicators crossed: how they go together, and the map that shows both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map import formats
from clsm_map.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]

ECOLOGICAL_FALLACY: Final = (
    "Une corrélation entre territoires ne dit rien des personnes qui y vivent (erreur "
    "écologique), et n’établit pas de cause."
)
SMALL: Final = 30
"""Below this many territories the figure is flagged as fragile."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """How two indicators go together.

    ``n``: territories where both are known.
    ``manquants``: territories where one at least is not.
    ``pearson, spearman``: linear and rank correlation, each territory counting once.
    ``pearson_pondere``: linear correlation where each territory counts for its inhabitants; missing
      when no weight was given.
    ``phrase``: the finding in one French sentence.
    ``prudence``: what must be said with it.
    """

    n: int
    manquants: int
    pearson: float
    spearman: float
    pearson_pondere: float
    phrase: str
    prudence: tuple[str, ...]


def weighted_pearson(x: Floats, y: Floats, weights: Floats) -> float:
    """Compute the weighted linear correlation.

    ``r = Σ w (x − x̄)(y − ȳ) / √(Σ w (x − x̄)² · Σ w (y − ȳ)²)`` with ``x̄, ȳ`` the weighted means
    (K. Pearson, 1895, with weights). With equal weights it is the usual coefficient.

    ``x, y, weights``: same length, without missing values.
    """
    total = weights.sum()
    if total <= 0:
        return math.nan
    dx = x - (weights * x).sum() / total
    dy = y - (weights * y).sum() / total
    spread = math.sqrt(float((weights * dx**2).sum()) * float((weights * dy**2).sum()))
    return float((weights * dx * dy).sum()) / spread if spread > 0 else math.nan


def correlate(
    x: pd.Series, y: pd.Series, population: pd.Series | None = None, *, noun: str = "territoires"
) -> Correlation:
    """Correlate two indicators over the territories where both are known.

    Spearman's coefficient is Pearson's on the ranks, equal values sharing their mean rank
    (C. Spearman, 1904).

    ``x, y``: values by territory code, missing where secret or not known.

    Raises `InvalidInputError`: fewer than three territories have both values, or one of the
    indicators does not vary.
    """
    both = pd.concat({"x": x, "y": y}, axis=1)
    known = both.dropna()
    if len(known) < 3:
        raise InvalidInputError(
            "Il faut au moins trois territoires où les deux indicateurs sont connus."
        )
    a, b = known["x"].to_numpy(dtype=float), known["y"].to_numpy(dtype=float)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        raise InvalidInputError(
            "Un des deux indicateurs a partout la même valeur : aucune corrélation ne se calcule."
        )
    ones = np.ones(len(known))
    pearson = weighted_pearson(a, b, ones)
    ranks = known.rank()
    spearman = weighted_pearson(ranks["x"].to_numpy(), ranks["y"].to_numpy(), ones)
    weighted = math.nan
    if population is not None:
        weights = population.reindex(known.index).fillna(0).to_numpy(dtype=float)
        weighted = weighted_pearson(a, b, weights)
    cautions = [ECOLOGICAL_FALLACY]
    if len(known) < SMALL:
        cautions.append(f"Effectif faible ({len(known)} {noun}) : le chiffre est fragile.")
    phrase = (
        f"Sur {formats.number(len(known))}{formats.NBSP}{noun}, la corrélation est "
        f"{_strength(pearson)} (r = {formats.number(pearson, 2)} ; "
        f"rang : {formats.number(spearman, 2)})."
    )
    return Correlation(
        len(known), len(both) - len(known), pearson, spearman, weighted, phrase, tuple(cautions)
    )


def _strength(r: float) -> str:
    """Put a coefficient in words; the thresholds are a convention (J. Cohen, 1988)."""
    if abs(r) < 0.1:
        return "quasi nulle"
    size = "faible" if abs(r) < 0.3 else "moyenne" if abs(r) < 0.5 else "forte"
    return f"{size} et {'positive' if r > 0 else 'négative'}"


COVERAGE_EDGES: Final = (1.0, 99.0)
"""Share of QPV inhabitants covered, %: nobody (below 1), some, everybody (99 and above).

Most territories are at 0 or 100: terciles of such values would be arbitrary.
"""


@dataclass(frozen=True, eq=False)
class Bivariate:
    """Territories in 3 × 3 classes.

    ``classes``: ``code, besoin, couverture, classe_besoin, classe_couverture`` (1 to 3, missing
      where the value is) and ``classe`` (``"1-3"``: need 1, coverage 3; empty where one is
      missing).
    ``seuils_besoin, seuils_couverture``: the two inner thresholds of each; a value equal to a
      threshold is in the upper class.
    ``effectifs``: ``classe_besoin, classe_couverture, n``: nine rows, zero included.
    ``manquants``: territories where one of the two is missing.
    """

    classes: pd.DataFrame
    seuils_besoin: tuple[float, float]
    seuils_couverture: tuple[float, float]
    effectifs: pd.DataFrame
    manquants: int


def terciles(values: pd.Series, weights: pd.Series) -> tuple[float, float]:
    """Give the two values that part territories in three groups of about equal weight.

    Each threshold is the value under which the share of the weight is nearest to a third, or to two
    thirds; a class takes the values from its threshold on. Groups are no more equal than the
    heaviest territory allows.

    ``values``: by code; missing values are left out.
    ``weights``: same index: inhabitants of the quartiers, so that a territory of a few of them does
      not weigh as much as one of a hundred thousand.

    Raises `InvalidInputError`: fewer than three different values, or one that outweighs all the
    others: three classes would be an illusion.
    """
    known = pd.DataFrame({"value": values, "weight": weights}).dropna()
    weight = known.loc[known["weight"] > 0].groupby("value")["weight"].sum().sort_index()
    if len(weight) < 3:
        raise InvalidInputError("Il faut au moins trois valeurs différentes pour faire 3 classes.")
    below = (weight.cumsum() - weight).to_numpy(dtype=float) / float(weight.sum())
    at = [1 + int(np.abs(below[1:] - part).argmin()) for part in (1 / 3, 2 / 3)]
    low, high = (float(edge) for edge in weight.index.to_numpy(dtype=float)[at])
    if low >= high:
        raise InvalidInputError("Une seule valeur pèse trop pour faire 3 classes.")
    return low, high


def bivariate(
    besoin: pd.Series,
    couverture: pd.Series,
    poids: pd.Series,
    *,
    seuils_besoin: Sequence[float] | None = None,
    seuils_couverture: Sequence[float] = COVERAGE_EDGES,
) -> Bivariate:
    """Class territories by need and coverage.

    ``couverture``: share covered by territory code, %; missing where there is nothing to cover.
    ``seuils_besoin``: thresholds; by default the terciles, by weight, of the territories where both
      are known.

    Raises `InvalidInputError`: thresholds that do not ascend, or too few different values for
    terciles.
    """
    frame = pd.DataFrame({"besoin": besoin, "couverture": couverture}).rename_axis("code")
    both = frame.dropna()
    need_edges = (
        terciles(both["besoin"], poids.reindex(both.index))
        if seuils_besoin is None
        else _pair(seuils_besoin)
    )
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
