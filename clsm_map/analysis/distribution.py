"""How the values of an indicator are spread: histogram, boxes, and change over the years."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN

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
    known = values.loc[
        values["statut"].isin(GIVEN) & values["valeur"].notna() & values["annee"].notna()
    ].sort_values(["code", "annee"])
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
