"""How the values of an indicator are spread, change over the years, and go with another's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from clsm_map import formats
from clsm_map.analysis.inequality import Floats, given
from clsm_map.domain.errors import InvalidInputError

MAX_BINS = 30


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of territories by interval of value.

    ``bins``: ``debut, fin, effectif``; the last interval includes its end.
    ``n, manquants``: territories counted, and those without a value.
    """

    bins: pd.DataFrame
    n: int
    manquants: int

    def place_of(self, value: float) -> int:
        """Give the row of the interval that holds a value.

        Raises `InvalidInputError`: the value is missing or outside the histogram.
        """
        inside = (self.bins["debut"] <= value) & (value <= self.bins["fin"])
        if not inside.any():
            raise InvalidInputError("Cette valeur n’est pas dans la distribution montrée.")
        return int(np.flatnonzero(inside.to_numpy())[-1])


def histogram(values: pd.Series) -> Histogram:
    """Count territories in intervals of equal and round width.

    The width follows Freedman and Diaconis (1981), ``2 IQR / n^(1/3)``, rounded up to 1, 2 or 5
    times a power of ten, and widened until there are at most 30 intervals.

    Raises `InvalidInputError`: no value is known.
    """
    known = values.dropna().to_numpy(dtype=float)
    if not len(known):
        raise InvalidInputError("Aucune valeur n’est connue pour cet indicateur ici.")
    low, high = float(known.min()), float(known.max())
    q1, q3 = np.quantile(known, [0.25, 0.75])
    wanted = 2 * float(q3 - q1) / len(known) ** (1 / 3)
    width = _round_up(max(wanted, (high - low) / (MAX_BINS - 1)) or 1.0)
    first = math.floor(low / width)
    last = max(math.ceil(high / width), first + 1)
    edges = np.arange(first, last + 1) * width
    counts, _ = np.histogram(known, edges)
    bins = pd.DataFrame({"debut": edges[:-1], "fin": edges[1:], "effectif": counts})
    return Histogram(bins, len(known), int(values.isna().sum()))


def _round_up(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width))
    step = next(s for s in (1, 2, 5, 10) if s * power >= width * (1 - 1e-9))
    return float(f"{step * power:.12g}")


def boxes(values: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Summarise values by group, such as départements by région.

    ``values``: by territory code; missing values are left out and counted.

    Gives ``groupe, n, manquants, minimum, bas, q1, mediane, q3, haut, maximum``, by ascending
    median. ``bas`` and ``haut`` are the lowest and highest values within 1.5 interquartile ranges
    of the box (J. Tukey, 1977). Quartiles are interpolated between territories, each counting once.
    A group without any value is kept, its figures missing.
    """
    frame = pd.DataFrame({"valeur": values, "groupe": groups.reindex(values.index)})
    records = [_box(str(name), part["valeur"]) for name, part in frame.groupby("groupe")]
    columns = ["groupe", "n", "manquants", "minimum", "bas", "q1", "mediane", "q3", "haut"]
    table = pd.DataFrame(records, columns=[*columns, "maximum"])
    return table.sort_values(["mediane", "groupe"], ignore_index=True)


def _box(name: str, values: pd.Series) -> dict[str, object]:
    known = values.dropna().to_numpy(dtype=float)
    head = {"groupe": name, "n": len(known), "manquants": len(values) - len(known)}
    if not len(known):
        return head
    low, q1, median, q3, high = np.quantile(known, [0, 0.25, 0.5, 0.75, 1])
    reach = 1.5 * (q3 - q1)
    return head | {
        "minimum": low,
        "bas": known[known >= q1 - reach].min(),
        "q1": q1,
        "mediane": median,
        "q3": q3,
        "haut": known[known <= q3 + reach].max(),
        "maximum": high,
    }


def trend(values: pd.DataFrame) -> pd.DataFrame:
    """Follow an indicator over its years, territory by territory.

    ``values``: ``code, annee, valeur, statut``: one indicator whose definition did not change
      between these years.

    Gives ``code, debut, fin, valeur_debut, valeur_fin, variation, variation_relative`` (%),
    ``par_an``: between the first and the last year where each territory has a value; missing when
    it has fewer than two. ``variation_relative`` is missing when the start is not above zero.
    """
    known = values.assign(valeur=given(values).to_numpy()).dropna(subset=["valeur", "annee"])
    known = known.sort_values(["code", "annee"])
    ends = known.groupby("code").agg(
        debut=("annee", "first"),
        fin=("annee", "last"),
        valeur_debut=("valeur", "first"),
        valeur_fin=("valeur", "last"),
    )
    ends = ends.reindex(sorted(values["code"].unique())).rename_axis("code")
    several = (ends["fin"] > ends["debut"]).fillna(value=False).astype(bool)
    start, end = ends["valeur_debut"].astype(float), ends["valeur_fin"].astype(float)
    years = (ends["fin"] - ends["debut"]).astype(float)
    change = (end - start).where(several)
    return ends.assign(
        variation=change,
        variation_relative=(100 * change / start).where(start > 0),
        par_an=change / years.where(several),
    ).reset_index()


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
    wanted = seuils_besoin or terciles(both["besoin"], poids.reindex(both.index))
    need_edges, coverage_edges = _pair(wanted), _pair(seuils_couverture)
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
