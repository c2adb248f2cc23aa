"""The same indicator on one map per year, with the same classes for all the years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from clsm_map.analysis.classing import Classes, classify
from clsm_map.analysis.comparison.within import departement_of, years_of
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, Break, Indicator
from clsm_map.domain.terms import MapLevel
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory, one_each
from clsm_map.formats import NBSP, NNBSP, count, number, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.indicators import level_table
from clsm_map.views.scope import Scope, scope_of

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
    names = level_table(snapshot, level)[["code", "nom"]]
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
