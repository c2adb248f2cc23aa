"""Correlation of two indicators over the same territories, with the caution that goes with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map import formats
from clsm_map.domain.errors import InvalidInputError

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

    Attributes
    ----------
    n : int
        Territories where both are known.
    manquants : int
        Territories where one at least is not.
    pearson, spearman : float
        Linear and rank correlation, each territory counting once.
    pearson_pondere : float
        Linear correlation where each territory counts for its inhabitants; missing when no weight
        was given.
    phrase : str
        The finding in one French sentence.
    prudence : tuple of str
        What must be said with it.
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

    Parameters
    ----------
    x, y, weights : array of float
        Same length, without missing values.

    Returns
    -------
    float
        Missing when an indicator does not vary.
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

    Parameters
    ----------
    x, y : Series
        Values by territory code, missing where secret or not known.
    population : Series, optional
        Inhabitants by code, for the weighted coefficient.
    noun : str, optional
        What the territories are called, plural.

    Raises
    ------
    InvalidInputError
        Fewer than three territories have both values, or one of the indicators does not vary.
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
