"""Inequality between the communes of a territory, and between its QPV and the rest.

The formulas are a few lines of NumPy each: a spatial-analysis package for two of them would be one
more thing to install and to keep in step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.domain.indicators import GIVEN

Floats = npt.NDArray[np.float64]

MIN_COMMUNES = 5
"""Below this many communes with a value, dispersion is given with a caution."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """How far the communes of a territory differ on one indicator.

    ``n, manquants``: communes with and without a value (secret or missing: they never enter a
      figure).
    ``part_population``: share of the inhabitants who live in a commune with a value, % (missing
      when unknown).
    ``moyenne, q1, mediane, q3``: weighted by inhabitants; half of the inhabitants live in a commune
      at or below ``mediane``.
    ``rapport_interquartile``: ``q3 / q1``; missing when ``q1`` is not above zero.
    ``gini, theil``: missing when a value is negative or when all are zero.
    ``prudence``: French sentences to show with the figures.
    """

    n: int
    manquants: int
    part_population: float
    moyenne: float
    q1: float
    mediane: float
    q3: float
    rapport_interquartile: float
    gini: float
    theil: float
    prudence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QpvGap:
    """A rate in the QPV of a territory against the rest of it.

    ``prudence``: French sentence: how it was obtained, or why it was not.
    ``qpv, reste``: the rate in all its QPV together, and outside them; missing when it cannot be
      known.
    """

    prudence: str
    qpv: float = math.nan
    reste: float = math.nan

    @property
    def ecart(self) -> float:
        """Gap, in the unit of the rate: ``qpv - reste``."""
        return self.qpv - self.reste

    @property
    def rapport(self) -> float:
        """Ratio ``qpv / reste``; missing when there is nothing outside."""
        return self.qpv / self.reste if self.reste > 0 else math.nan


def given(rows: pd.DataFrame) -> pd.Series:
    """Give the values of an indicator by code: missing where secret or not known.

    ``rows``: ``code, valeur, statut``.
    """
    values = rows["valeur"].where(rows["statut"].isin(GIVEN)).astype(float)
    return values.set_axis(pd.Index(rows["code"]))


def mid_rank(values: pd.Series, *, highest_last: bool = True) -> pd.Series:
    """Give the percentile of each value among those known, strictly between 0 and 100, mean 50.

    ``p = 100 (r − 1/2) / n`` with ``r`` the rank, equal values sharing their mean rank: the share
    of values below (above, when the highest come first), half of the equal ones counted.
    Indifferent to the unit and to extreme values. Source: A. Hazen's plotting position (1914).
    """
    rank = values.rank(method="average", ascending=highest_last)
    return 100.0 * (rank - 0.5) / max(int(values.notna().sum()), 1)


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Average values by weight: ``Σ w x / Σ w``; missing when the weights add up to zero.

    ``values, weights``: without missing values.
    """
    total = weights.sum()
    return float((values * weights).sum() / total) if total > 0 else math.nan


def weighted_quantile(values: Floats, weights: Floats, q: float) -> float:
    """Give the smallest value at or below which a share ``q`` of the weight lies.

    No interpolation: the answer is the value of a commune (the inverse of the cumulative
    distribution, type 1 of Hyndman and Fan, 1996).

    ``values, weights``: without missing values; weights not negative.
    """
    kept = weights > 0
    if not kept.any():
        return math.nan
    return float(np.quantile(values[kept], q, weights=weights[kept], method="inverted_cdf"))


def gini(values: Floats, weights: Floats) -> float:
    """Compute the Gini coefficient of values weighted by inhabitants.

    ``G = Σ_i Σ_j w_i w_j |x_i − x_j| / (2 μ W²)``: half the expected difference between two
    inhabitants drawn at random, each counted with the value of their commune, over the mean. It is
    computed as one minus twice the area under the Lorenz curve. 0: all communes alike; towards 1:
    one commune has all. Source: C. Gini, *Variabilità e mutabilità*, 1912; weighted form in F.
    Cowell, *Measuring Inequality*, 2011.

    ``values, weights``: without missing values.

    Gives between 0 and 1; missing when a value is negative or the mean is zero.
    """
    mean = weighted_mean(values, weights)
    if math.isnan(mean) or mean <= 0 or (values < 0).any():
        return math.nan
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    mass = share * values[order] / mean
    lorenz = np.cumsum(mass)
    return float(1.0 - (share * (2 * lorenz - mass)).sum())


def theil(values: Floats, weights: Floats) -> float:
    """Compute the Theil T index of values weighted by inhabitants.

    ``T = Σ_i (w_i / W) (x_i / μ) ln(x_i / μ)``, with ``0 ln 0 = 0``. 0: all communes alike; no
    fixed upper bound below ``ln(W / w_min)``. Source: H. Theil, *Economics and Information
    Theory*, 1967.

    ``values, weights``: without missing values.
    """
    mean = weighted_mean(values, weights)
    if math.isnan(mean) or mean <= 0 or (values < 0).any():
        return math.nan
    ratio = values / mean
    logs = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0)
    return float((weights / weights.sum() * ratio * logs).sum())


def between_communes(values: pd.DataFrame, population: pd.Series) -> Inequality:
    """Measure how far the communes of a territory differ on one indicator.

    ``values``: ``code, valeur, statut``: one row per commune of the territory; only those whose
      ``statut`` has a value count.

    Every figure is missing when no commune has a value.
    """
    known = given(values).dropna()
    x = known.to_numpy()
    w = population.reindex(known.index).fillna(0).to_numpy(dtype=float)
    everybody = float(population.reindex(values["code"]).fillna(0).sum())
    share = 100 * float(w.sum()) / everybody if everybody > 0 else math.nan
    q1, median, q3 = (weighted_quantile(x, w, q) for q in (0.25, 0.5, 0.75))
    return Inequality(
        n=len(known),
        manquants=len(values) - len(known),
        part_population=share,
        moyenne=weighted_mean(x, w),
        q1=q1,
        mediane=median,
        q3=q3,
        rapport_interquartile=q3 / q1 if q1 > 0 else math.nan,
        gini=gini(x, w),
        theil=theil(x, w),
        prudence=_cautions(x, share),
    )


def _cautions(x: Floats, share: float) -> tuple[str, ...]:
    cautions = []
    if len(x) < MIN_COMMUNES:
        cautions.append(
            f"Moins de {MIN_COMMUNES} communes ont une valeur : la dispersion n’a guère de sens."
        )
    if share < 80:
        cautions.append(
            "Des communes n’ont pas de valeur (secret statistique ou donnée absente) : une part "
            "notable des habitants n’est pas représentée."
        )
    if (x < 0).any():
        cautions.append(
            "L’indicateur prend des valeurs négatives : Gini et Theil n’y ont pas de sens."
        )
    return tuple(cautions)


def share_in_qpv(habitants_qpv: pd.Series, population: float) -> float:
    """Give the share of a territory's inhabitants who live in a QPV.

    ``habitants_qpv``: inhabitants of each of its QPV; missing where unknown.

    Gives per cent; missing as soon as the population of one of its QPV is unknown, since the sum
    would be too small. 0 when it has no QPV.
    """
    if habitants_qpv.isna().any() or not population > 0:
        return math.nan
    return 100.0 * float(habitants_qpv.sum()) / population


def qpv_against_rest(
    qpv: pd.DataFrame, value: float, population: float, *, largest: float = 100.0
) -> QpvGap:
    """Compare a rate in all the QPV of a territory with the rest of the territory.

    With ``t_q`` and ``p_q`` the rate and inhabitants of each QPV, ``T`` and ``P`` those of the
    territory: ``qpv = Σ p_q t_q / Σ p_q`` and ``reste = (P T − Σ p_q t_q) / (P − Σ p_q)``.

    ``qpv``: ``valeur, population``: every QPV of the territory, each wholly inside it.
    ``value, population``: rate and inhabitants of the whole territory, same indicator and year.

    Figures are missing, with the reason, when a QPV's rate or population is not known, or when
    the subtraction gives an impossible rate.
    """
    if qpv.empty:
        return QpvGap("Ce territoire n’a pas de quartier prioritaire.")
    known = qpv["valeur"].notna() & qpv["population"].notna()
    if not known.all() or math.isnan(value):
        return QpvGap(
            "La valeur ou la population d’un des quartiers, ou du territoire, n’est pas connue."
        )
    inside = float(qpv["population"].sum())
    mass = float((qpv["valeur"] * qpv["population"]).sum())
    rest = (population * value - mass) / (population - inside) if population > inside else math.nan
    if not 0 <= rest <= largest:
        return QpvGap(
            "Le reste du territoire ne peut être déduit : les deux sources ne se recoupent pas.",
            mass / inside,
        )
    return QpvGap(
        "Approximation : les taux sont pondérés par les habitants, alors que leur dénominateur "
        "exact (population des ménages, personnes de 15 à 64 ans…) diffère un peu.",
        mass / inside,
        rest,
    )
