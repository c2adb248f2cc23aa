"""An indicator over its years: a territory against its peers, and a map per year."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from clsm_map.analysis.classing import Classes, classify
from clsm_map.analysis.comparison.references import default_reference, members
from clsm_map.analysis.comparison.values import is_count, level_refusal, value_of
from clsm_map.analysis.comparison.within import departement_of, years_of
from clsm_map.analysis.distribution import trend
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, Break, Indicator, marked
from clsm_map.domain.selection import MapLevel
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Level, Territory, one_each
from clsm_map.formats import NBSP, NNBSP, count, gap, number, percent, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of
from clsm_map.views.choropleth import Scope, scope_of
from clsm_map.views.inequality.profile import gap_text, operand_label

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


CLASSES: Final = 5
WITHOUT: Final = ("manquant", "secret", "sans_objet")
"""Statuses of a value that is not shown, in the order of their legend."""
_PREFERRED: Final[dict[Level, tuple[MapLevel, ...]]] = {
    "france": ("departement", "epci", "region"),
    "region": ("epci", "commune", "departement"),
    "departement": ("commune", "epci"),
}


@dataclass(frozen=True, eq=False)
class YearMaps:
    """An indicator over its years, territory by territory.

    Attributes
    ----------
    territory : Territory
        The one looked at.
    scope : Scope
        Level and codes shown.
    years : tuple of int
        Oldest first.
    frame : pandas.DataFrame
        ``code, nom, annee, valeur, statut, classe``: a row per territory and year; ``classe`` is
        the rank of its class among those of all the years, -1 when there is no value.
    classes : Classes or None
        Common to the years; ``None`` when no territory has a value.
    ruptures : mapping of str to tuple of Break
        By code, where the series of a territory breaks between the first and the last year.
    """

    indicator: Indicator
    territory: Territory
    scope: Scope
    years: tuple[int, ...]
    frame: pd.DataFrame
    classes: Classes | None
    ruptures: Mapping[str, tuple[Break, ...]] = field(default_factory=dict)

    @property
    def nouns(self) -> tuple[str, str]:
        """What is shown: ``département``, ``départements``."""
        return LEVEL_LABELS[self.scope.level]

    @property
    def title(self) -> str:
        """What, where and when."""
        first, last = self.years[0], self.years[-1]
        return (
            f"{self.indicator.libelle}, {self.scope.parent.nom} ({self.nouns[1]}), "
            f"{self.indicator.between(first, last)}"
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the classes, lowest first; none when no value is known."""
        if self.classes is None:
            return ()
        return self.classes.labels(self.indicator.unite, self.indicator.decimales)

    def of(self, year: int) -> pd.DataFrame:
        """Give the rows of a year."""
        return self.frame.loc[self.frame["annee"] == year]

    def counts(self, year: int) -> list[int]:
        """Count the territories of each class in a year, then those without a value by status."""
        rows = self.of(year)
        ranks = rows["classe"].value_counts()
        statuses = rows.loc[rows["classe"] < 0, "statut"].value_counts()
        return [
            *(int(ranks.get(rank, 0)) for rank in range(len(self.labels))),
            *(int(statuses.get(status, 0)) for status in WITHOUT),
        ]

    def wide(self, column: str) -> pd.DataFrame:
        """Lay a column out with a row per territory and a column per year."""
        rows = self.frame.set_index("code")
        years = rows.groupby("annee")[column]
        return pd.DataFrame({int(str(year)): part for year, part in years}).sort_index()

    @property
    def finding(self) -> str:
        """State the change between the first and the last year, with its figures."""
        first, last = self.years[0], self.years[-1]
        ranks, values = self.wide("classe"), self.wide("valeur").astype(float)
        both = (ranks[first] >= 0) & (ranks[last] >= 0)
        broken = both & both.index.isin(list(self.ruptures))
        if broken.any() and broken.sum() == both.sum():
            return " ".join(self._breaks())
        both &= ~broken
        n = int(both.sum())
        if not n:
            return (
                f"Aucun territoire de {self.scope.parent.nom} n’a de valeur en {first} et en "
                f"{last}."
            )
        up = int((ranks[last] > ranks[first])[both].sum())
        down = int((ranks[last] < ranks[first])[both].sum())
        start, end = (self._text(float(values.loc[both, year].median())) for year in (first, last))
        return (
            f"De {first} à {last}, la médiane des {count(n, *self.nouns)} dont la valeur est "
            f"connue aux deux dates, {one_each(self.scope.level)}, passe de {start} à {end}"
            f"{NNBSP}; {number(up)} "
            f"{'montent' if up > 1 else 'monte'} d’au moins une classe, {number(down)} "
            f"{'descendent' if down > 1 else 'descend'}."
        ) + "".join(f" {said}" for said in self._breaks())

    def _breaks(self) -> list[str]:
        """Say each break once, with the number of territories where it is not everywhere."""
        found = [b for breaks in self.ruptures.values() for b in breaks]
        return [
            f"{count(found.count(b), *self.nouns)} à part{NBSP}: {b.said}"
            if b.departements
            else b.said
            for b in dict.fromkeys(found)
        ]

    @property
    def note(self) -> str:
        """Say how the classes were made, and that they are the same on every map."""
        if self.classes is None:
            return ""
        return (
            f"Mêmes classes et même échelle sur toutes les cartes{NBSP}: {CLASSES} classes au plus "
            "sur l’ensemble des valeurs de toutes les années. "
            f"{self.classes.method}"
        )

    def table(self) -> pd.DataFrame:
        """Give the maps as a table: a row per territory, a column per year, the greatest first."""
        values = self.wide("valeur").astype(float).round(self.indicator.decimales)
        names = self.frame.drop_duplicates("code").set_index("code")["nom"]
        unit = f" ({self.indicator.unite})" if self.indicator.unite else ""
        first, last = self.years[0], self.years[-1]
        table = pd.DataFrame({"Territoire": names.reindex(values.index), "Code": values.index})
        for year in self.years:
            table[f"{self.indicator.when(year)}{unit}"] = values[year]
        change = (values[last] - values[first]).drop(list(self.ruptures), errors="ignore")
        table[f"Écart {first}–{last}"] = change.round(self.indicator.decimales)
        statuses = self.wide("statut")
        table["À savoir"] = [
            ", ".join(
                [f"{year} {_SAID[str(s)]}" for year, s in row.items() if str(s) in _SAID]
                + [f"rupture de série en {b.annee}" for b in self.ruptures.get(str(code), ())]
            )
            for code, row in statuses.reindex(values.index).to_dict("index").items()
        ]
        order = values[last].sort_values(ascending=False, na_position="last", kind="stable").index
        return table.loc[order].reset_index(drop=True)

    def _text(self, value: float) -> str:
        return with_unit(value, self.indicator.unite, self.indicator.decimales)


_SAID: Final = {
    "manquant": "manquante", "secret": "secrète", "sans_objet": "sans objet",
    "a_confirmer": "à confirmer",
}  # fmt: skip


def year_levels(snapshot: Snapshot, indicator: Indicator, territory: Territory) -> list[MapLevel]:
    """List the levels at which an indicator has several years inside a territory, best first."""
    parent = scope_of(snapshot, territory, "commune").parent
    return [
        level
        for level in _PREFERRED[parent.level]
        if level in indicator.niveaux and len(snapshot.years(indicator.id, level)) > 1
    ]


def year_maps(
    snapshot: Snapshot, indicateur: str, level: MapLevel, territory: Territory
) -> YearMaps:
    """Lay an indicator out by year, with classes common to all the years.

    Parameters
    ----------
    level : MapLevel
        One of `year_levels`.

    Raises
    ------
    InvalidInputError
        The indicator has one year only at that level, or the level does not suit the territory.
    """
    indicator = snapshot.indicators[indicateur]
    if level not in year_levels(snapshot, indicator, territory):
        raise InvalidInputError(
            f"Pas de cartes par année pour les {LEVEL_LABELS[level][1]} de {territory.nom}."
        )
    scope = scope_of(snapshot, territory, level)
    rows = years_of(snapshot, indicateur, level)
    years = tuple(sorted(int(year) for year in rows["annee"].unique()))
    names = frame_of(snapshot, level)[["code", "nom"]]
    every = pd.MultiIndex.from_product([sorted(scope.codes), years], names=["code", "annee"])
    frame = every.to_frame(index=False).merge(names, on="code")
    frame = frame.merge(rows, on=["code", "annee"], how="left")
    frame["statut"] = frame["statut"].fillna("manquant")
    frame["valeur"] = frame["valeur"].where(frame["statut"].isin(GIVEN)).astype(float)
    classes = None
    frame["classe"] = -1
    if frame["valeur"].notna().any():
        classes = classify(frame["valeur"], "quantiles", CLASSES)
        frame["classe"] = classes.codes
    columns = ["code", "nom", "annee", "valeur", "statut", "classe"]
    held = departement_of(snapshot, level)
    crossed = {
        code: indicator.breaks(str(held.get(code, "")), years[0], years[-1]) for code in scope.codes
    }
    ruptures = {code: breaks for code, breaks in crossed.items() if breaks}
    return YearMaps(indicator, territory, scope, years, frame[columns], classes, ruptures)
