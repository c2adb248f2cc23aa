"""Classes of a choropleth, safe with missing values.

mapclassify puts the maximum in the lowest class when a value is missing, and says nothing; its
Fisher-Jenks takes seconds on a thousand values, and its import two more at the first visit. This
module drops what is missing first, asks numpy for quantiles and jenkspy for natural breaks, and
never shows an empty or doubled class.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import number, with_unit

Floats = npt.NDArray[np.float64]

MANY_ZEROS: Final = 0.1
"""Share of the known values from which zero, the least of them, has a class of its own."""

METHODS: Final[dict[str, str]] = {
    "quantiles": "Quantiles : à peu près autant de territoires par classe",
    "naturelles": "Seuils naturels (Fisher-Jenks) : classes les plus homogènes",
    "egales": "Amplitudes égales entre le minimum et le maximum",
    "ecart-type": "Écart-type de part et d’autre de la moyenne",
    "seuils": "Seuils choisis",
}
"""What each scheme does, as the legend says it."""


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Values sorted into classes.

    ``scheme``: key of `METHODS`.
    ``low``: least value.
    ``breaks``: upper bound of each class, included in it, lowest first; the last is the greatest
      value, or a threshold above it.
    ``codes``: rank of the class of each value given, -1 where it is missing.
    ``asked``: number of classes asked for; there may be fewer.
    ``zero``: whether the lowest class is that of zero, set apart.
    ``below``: number of classes below the midpoint; ``None`` when there is no midpoint.
    """

    scheme: str
    low: float
    breaks: tuple[float, ...]
    codes: npt.NDArray[np.int64]
    asked: int
    zero: bool = False
    below: int | None = None

    @property
    def method(self) -> str:
        """The scheme in French, and why there are fewer classes than asked when it is so."""
        text = METHODS[self.scheme]
        if self.zero:
            text += " ; zéro a sa classe, plus d’un territoire sur dix ayant cette valeur"
        if len(self.breaks) < self.asked:
            text += (
                f" ; {len(self.breaks)} au lieu de {self.asked}, trop de territoires ayant la "
                "même valeur"
            )
        return f"{text}."

    def labels(self, unit: str = "", decimals: int = 0) -> tuple[str, ...]:
        """Name each class by its bounds, as many decimals as it takes to tell them apart.

        Gives "de 5 à 7 %", "plus de 7 à 12 %"… ; a class of one value is named by it.

        Examples
        --------
        >>> classes = classify(pd.Series([1.0, 2.0, 3.0, 4.0]), "quantiles", 2)
        >>> [label.replace(chr(160), " ") for label in classes.labels("%")]
        ['de 1 à 2 %', 'plus de 2 à 4 %']
        """
        edges = [self.low, *self.breaks]
        widths = [high - low for low, high in itertools.pairwise(edges) if high > low]
        tolerance = 0.05 * min(widths, default=np.inf)
        while decimals < 6 and any(abs(round(e, decimals) - e) > tolerance for e in edges):
            decimals += 1
        texts = [number(e, decimals) for e in edges]
        labels = []
        for rank, (low, high) in enumerate(itertools.pairwise(edges)):
            upper = with_unit(high, unit, decimals)
            if low == high:
                labels.append(upper if high else with_unit(high, unit))
            else:
                labels.append(f"{'plus de' if rank else 'de'} {texts[rank]} à {upper}")
        return tuple(labels)


def classify(
    values: pd.Series, scheme: str, k: int = 5, thresholds: Sequence[float] = ()
) -> Classes:
    """Sort values into classes.

    ``k``: number of classes; unused by ``seuils``.
    ``thresholds``: inner thresholds of ``seuils``; those outside the values make no class.

    There are as many classes as there are distinct, non-empty ones.

    Raises `InvalidInputError`: the scheme is unknown, or no value is known.

    Examples
    --------
    >>> classify(pd.Series([1.0, None, 2.0, 9.0]), "egales", 2).codes.tolist()
    [0, -1, 0, 1]
    """
    if scheme not in METHODS:
        raise InvalidInputError(
            f"Méthode de classement inconnue : « {scheme} ». Méthodes possibles : "
            f"{', '.join(METHODS)}."
        )
    known = values.dropna().to_numpy(dtype=np.float64)
    if known.size == 0:
        raise InvalidInputError("Aucune valeur connue : il n’y a rien à classer.")
    wanted = len(thresholds) + 1 if scheme == "seuils" else k
    share = float((known == 0).mean())
    zero = scheme != "seuils" and bool(known.min() == 0) and MANY_ZEROS < share < 1
    classed, own = (known[known > 0], max(wanted - 1, 1)) if zero else (known, wanted)
    inner = _inner(scheme, classed, min(own, np.unique(classed).size), thresholds)
    breaks = _occupied(np.append(inner, 0.0) if zero else inner, known)
    return Classes(
        scheme=scheme,
        low=float(known.min()),
        breaks=tuple(float(b) for b in breaks),
        codes=_codes(values, breaks),
        asked=wanted,
        zero=zero,
    )


def classify_around(values: pd.Series, scheme: str, k: int, middle: float) -> Classes:
    """Sort values into classes on each side of a midpoint, for a diverging palette.

    Examples
    --------
    >>> found = classify_around(pd.Series([1.0, 2.0, 3.0, 8.0]), "quantiles", 2, 5.0)
    >>> found.breaks, found.below
    ((5.0, 8.0), 1)
    """
    half = max(k // 2, 1)
    if scheme == "ecart-type":
        found = classify(values, scheme, 2 * half)
        mean = float(values.mean())
        return replace(found, below=sum(b <= mean for b in found.breaks))
    sides = [values.where(values <= middle), values.where(values > middle)]
    made = [classify(side, scheme, half) if side.notna().any() else None for side in sides]
    low, high = made
    under = () if low is None else (*low.breaks[:-1], middle) if high else low.breaks
    breaks = (*under, *(high.breaks if high else ()))
    return Classes(
        scheme=scheme,
        low=float(values.min()),
        breaks=breaks,
        codes=_codes(values, breaks),
        asked=len(breaks) if None in made else 2 * half,
        zero=bool(low and low.zero),
        below=len(under),
    )


def _occupied(inner: Floats, known: Floats) -> Floats:
    """Keep the breaks that close a class holding at least one value; the maximum closes the last.

    An empty class is given to the one above it.
    """
    top = known.max()
    breaks = np.append(np.unique(inner[inner < top]), top)
    counts = np.bincount(np.searchsorted(breaks, known, side="left"), minlength=breaks.size)
    return np.asarray(breaks[counts > 0], dtype=np.float64)


def _inner(scheme: str, known: Floats, k: int, thresholds: Sequence[float]) -> Floats:
    """Upper bounds of the classes of a scheme, those of empty classes among them.

    Quantiles are brought down to the value that they close on, which legends can quote; deviations
    are whole or half ones around the mean, as many as ``k`` classes need.
    """
    if scheme == "seuils":
        return np.asarray(sorted(thresholds), dtype=np.float64)
    if scheme == "egales":
        return np.linspace(known.min(), known.max(), k + 1)[1:]
    if scheme == "ecart-type":
        steps = np.arange(k - 1) - (k - 2) / 2
        return np.asarray(known.mean() + steps * known.std(), dtype=np.float64)
    if k == 1:
        return known[:0]
    if scheme == "naturelles":
        from jenkspy import jenks_breaks  # noqa: PLC0415

        return np.asarray(jenks_breaks(known, n_classes=k)[1:], dtype=np.float64)
    ordered = np.sort(known)
    bins = np.quantile(known, np.arange(1, k + 1) / k)
    return np.asarray(ordered[np.searchsorted(ordered, bins, side="right") - 1])


def _codes(values: pd.Series, breaks: Floats | Sequence[float]) -> npt.NDArray[np.int64]:
    """Rank of the class of each value, -1 where it is missing."""
    data = values.to_numpy(dtype=np.float64, na_value=np.nan)
    ranks = np.searchsorted(breaks, data, side="left")
    return np.where(np.isnan(data), -1, ranks).astype(np.int64)
