"""An indicator over its years: a territory, its reference, its peers."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.comparison.references import default_reference, members
from clsm_map.analysis.comparison.values import is_count, level_refusal, value_of
from clsm_map.analysis.comparison.within import departement_of, years_of
from clsm_map.analysis.distribution import trend
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, Break, Indicator, marked
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Territory, one_each
from clsm_map.formats import NBSP, NNBSP, gap, percent, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.inequality_profile import gap_text, operand_label

_ENDS: Final = ("debut", "fin")


@dataclass(frozen=True, eq=False)
class Trend:
    """A territory over the years of an indicator.

    Attributes
    ----------
    reference : str
        Name of the reference.
    frame : pandas.DataFrame
        ``annee, valeur, statut, reference, q1, mediane, q3, n``: quartiles of the peers of
        France whose value is known that year; missing for France itself.
    change : pandas.DataFrame
        One row of `clsm_map.analysis.distribution.trend`; no ``variation`` across a break.
    ruptures : tuple of Break
        Breaks of the territory's own series between its years.
    """

    indicator: Indicator
    territory: Territory
    reference: str
    frame: pd.DataFrame
    change: pd.DataFrame
    ruptures: tuple[Break, ...] = ()

    @property
    def title(self) -> str:
        """What, where and when."""
        first, last = int(self.frame["annee"].min()), int(self.frame["annee"].max())
        when = self.indicator.between(first, last)
        return f"{self.indicator.libelle}, {self.territory.nom}, {when}"

    @property
    def peers(self) -> str:
        """Who the peers are; empty for France."""
        if self.territory.level == "france":
            return ""
        return LEVEL_LABELS[self.territory.level][1]

    def text(self, value: float) -> str:
        """Write a value with its unit."""
        return with_unit(value, self.indicator.unite, self.indicator.decimales)

    def told(self, row: Mapping[Hashable, object], column: str = "valeur") -> str:
        """Write a value of a year of `frame` with its unit; marked if to be confirmed."""
        value = self.text(float(str(row[column])))
        return marked(value, row["statut"]) if column == "valeur" else value

    def end(self, name: str) -> str:
        """Write the value at the ``debut`` or the ``fin`` of the change."""
        year = self.change.iloc[0][name]
        return self.told(self.frame.loc[self.frame["annee"] == year].to_dict("records")[0])

    @property
    def finding(self) -> str:
        """State the change in one sentence with its figures."""
        row = self.change.iloc[0]
        if self.ruptures and pd.isna(row["variation"]) and row["fin"] > row["debut"]:
            return (
                f"{self.indicator.libelle}, {self.territory.nom}{NBSP}: {self.end('debut')} en "
                f"{row['debut']}, {self.end('fin')} en {row['fin']}. "
                f"{' '.join(b.said for b in self.ruptures)}"
            )
        if pd.isna(row["variation"]):
            return f"{self.territory.nom} n’a pas deux années avec une valeur."
        indicator = self.indicator
        apart = gap(float(row["valeur_fin"]), float(row["valeur_debut"]), indicator.decimales)
        change = gap_text(apart, indicator.unite, indicator.decimales)
        relative = float(row["variation_relative"])
        share = ""
        if not math.isnan(relative):
            sign = "+" if relative > 0 else "−" if relative < 0 else ""
            share = f", soit {sign}{percent(abs(relative))}"
        said = (
            f"{indicator.libelle}, {self.territory.nom}{NBSP}: de "
            f"{self.end('debut')} {self._at(int(row['debut']))} à "
            f"{self.end('fin')} {self._at(int(row['fin']))} ({change}{share})"
        )
        ends = self.frame["mediane"].dropna()
        if len(ends) > 1:
            said += (
                f"{NNBSP}; médiane des {self.peers}, {one_each(self.territory.level)}{NBSP}: de "
                f"{self.text(float(ends.iloc[0]))} à {self.text(float(ends.iloc[-1]))}"
            )
        return f"{said}."

    def _at(self, year: int) -> str:
        """Say a year after a value: ``en 2019``, ``(RP 2023)``."""
        when = self.indicator.when(year)
        return f"en {year}" if when == str(year) else f"({when})"

    @property
    def cautions(self) -> list[str]:
        """List what must be known before quoting."""
        said = [self.indicator.prudence] if self.indicator.prudence else []
        said += [b.said for b in self.ruptures]
        if len(self.frame) == 2:
            said.append(
                "Deux années seulement\u202f: un écart entre deux dates n’est pas une tendance."
            )
        if self.indicator.unite.startswith("€"):
            said.append("Euros de chaque année, non corrigés de la hausse des prix.")
        return said

    def table(self) -> pd.DataFrame:
        """Give the curve as a table, a row per year."""
        frame, digits = self.frame, self.indicator.decimales
        names = {
            "valeur": self.territory.nom, "reference": f"{self.reference} (référence)",
            "q1": "1er quartile des pairs", "mediane": "Médiane des pairs",
            "q3": "3e quartile des pairs",
        }  # fmt: skip
        table = pd.DataFrame({"Année": [self.indicator.when(int(year)) for year in frame["annee"]]})
        if frame["statut"].eq("a_confirmer").any():
            table["Donnée"] = frame["statut"].map(VALUE_STATUSES)
        for column, name in names.items():
            if frame[column].notna().any():
                table[name] = frame[column].astype(float).round(digits)
        return table.assign(**{"Pairs avec une valeur": frame["n"]})


def trend_indicators(snapshot: Snapshot, territory: Territory) -> list[str]:
    """List the indicators that have several years and are given for a territory's level."""
    return [
        i.id
        for i in snapshot.indicators.values()
        if territory.level in i.niveaux and len(snapshot.years(i.id, territory.level)) > 1
    ]


def trend_of(snapshot: Snapshot, indicateur: str, territory: Territory) -> Trend:
    """Follow an indicator over its years for a territory.

    Raises
    ------
    InvalidInputError
        The indicator is not given at that level, or has one year only.
    """
    indicator = snapshot.indicators[indicateur]
    if territory.level not in indicator.niveaux:
        raise InvalidInputError(level_refusal(indicator, territory.level))
    rows = years_of(snapshot, indicateur, territory.level)
    own = rows.loc[rows["code"] == territory.code]
    change = trend(own)
    if change.empty:
        raise InvalidInputError(f"{territory.nom} n’a pas de valeur pour cet indicateur.")
    reference = default_reference(snapshot, territory)
    alone = territory.level == "france"
    peers = pd.Series(dtype=str) if alone else members(snapshot, territory.level, FRANCE)["code"]
    records = []
    for year, part in rows.groupby("annee"):
        known = part.loc[part["statut"].isin(GIVEN)]
        spread = known.loc[known["code"].isin(peers), "valeur"]
        value = known.loc[known["code"] == territory.code, "valeur"]
        against = value_of(snapshot, indicator, reference, int(str(year)))
        same = against.annee == year and not alone and not is_count(indicator)
        records.append(
            {
                "annee": int(str(year)),
                "valeur": float(value.iloc[0]) if len(value) else math.nan,
                "statut": part.loc[part["code"] == territory.code, "statut"].iloc[0],
                "reference": against.valeur if same else math.nan,
                "q1": spread.quantile(0.25) if len(spread) else math.nan,
                "mediane": spread.median() if len(spread) else math.nan,
                "q3": spread.quantile(0.75) if len(spread) else math.nan,
                "n": len(spread),
            }
        )
    frame = pd.DataFrame(records)
    where = str(departement_of(snapshot, territory.level).get(territory.code, ""))
    ruptures = indicator.breaks(where, int(frame["annee"].min()), int(frame["annee"].max()))
    crossed = indicator.breaks(where, *(int(change[end].fillna(0).iloc[0]) for end in _ENDS))
    if crossed:
        change = change.assign(variation=math.nan, variation_relative=math.nan, par_an=math.nan)
    return Trend(indicator, territory, operand_label(reference), frame, change, ruptures)


def refusal_of_trend(territory: Territory) -> str:
    """Say why there is no change over the years for a territory."""
    level = LEVEL_LABELS[territory.level][1]
    return (
        f"Aucun indicateur n’est connu pour plusieurs années à cet échelon ({level}). Les séries "
        "vont des communes à la France (2020 à 2022, critères de la DGCL) et "
        "des départements à la France (2015 et 2019, atlas de la santé mentale)."
    )
