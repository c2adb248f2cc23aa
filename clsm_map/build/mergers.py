"""Communes that changed since a source was published: what can be carried to today's, and what not.

The package says which former communes (delegated, associated) each commune holds, not the mergers
without delegated commune, nor the splits. Both show in populations: the census population of the
criteria of 2020 and that of the package are the same figure, of the same census.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

BASE_YEAR: Final = 2020
"""Year of the criteria whose populations are those of the package."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is known of the changes of communes.

    ``today``: commune of today for each code known, today's own codes included; indexed by code.
    ``deduced``: the part of `today` that populations or names show and that the package does not
    say. ``unlike_2020``: communes of today whose ground is not that of the rows of 2020 that lead
    to them. ``grown``: communes more populated than the rows of 2020 that the package says lead to
    them. ``origins``: commune from which each restored commune was taken; indexed by the restored
    commune. ``doubled``: communes in which the package still counts the inhabitants of those
    restored from them.
    """

    today: pd.Series
    deduced: pd.Series
    unlike_2020: frozenset[str]
    grown: frozenset[str]
    origins: pd.Series
    doubled: frozenset[str]


def find_changes(units: pd.DataFrame, criteria: Mapping[int, pd.DataFrame]) -> Changes:
    """Compare the communes of today with the criteria.

    ``units``: code, type, parent, epci, population_totale (see `clsm_map.build.territories`).
    ``criteria``: by year: code, nom, epci, population; `BASE_YEAR` is needed.
    """
    communes = units[units["type"] == "COM"].set_index("code")
    former = units[units["type"].isin(["COMD", "COMA"]) & ~units["code"].isin(communes.index)]
    parents = former.drop_duplicates("code").set_index("code")["parent"]
    said = pd.concat([communes.index.to_series(), parents])
    whole = whole_population(units)
    base = criteria[BASE_YEAR]
    carried = _carried(base, said).reindex(communes.index)
    origins, doubled = _splits(units, whole, carried)
    deduced = _mergers(base[~base["code"].isin(said.index)], communes["epci"], whole - carried)
    deduced |= _renamings(criteria, said)
    today = pd.concat([said, pd.Series(deduced, dtype=object)])
    unlike = _carried(base, today).reindex(communes.index) != whole
    return Changes(
        today=today,
        deduced=pd.Series(deduced, dtype=object).sort_index(),
        unlike_2020=frozenset(communes.index[unlike & whole.notna()]) | doubled,
        grown=frozenset(communes.index[whole > carried]),
        origins=pd.Series(origins, dtype=object).sort_index(),
        doubled=doubled,
    )


def whole_population(units: pd.DataFrame) -> pd.Series:
    """Census population (population totale) of each commune of today, by code.

    Where the package has none, that of its delegated communes; NaN at Mayotte.
    """
    communes = units[units["type"] == "COM"].set_index("code")["population_totale"]
    return communes.fillna(_delegated_population(units))


def without_doubles(units: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """Take the inhabitants of restored communes out of the commune that still counts them.

    ``units``: code, type, population, population_totale.
    """
    corrected = units.copy()
    communes = units[units["type"] == "COM"].set_index("code")
    for code in sorted(changes.doubled):
        restored = communes.loc[changes.origins.index[changes.origins == code]]
        row = (units["code"] == code) & (units["type"] == "COM")
        for column in ("population", "population_totale"):
            corrected.loc[row, column] -= restored[column].sum()
    return corrected


def _delegated_population(units: pd.DataFrame) -> pd.Series:
    """Census population of the delegated communes of each commune."""
    delegated = units[units["type"] == "COMD"]
    return strict_sum(delegated["population_totale"], delegated["parent"])


def _carried(rows: pd.DataFrame, today: pd.Series) -> pd.Series:
    """Inhabitants of the rows that lead to each commune of today."""
    return rows["population"].groupby(rows["code"].map(today)).sum()


def _splits(
    units: pd.DataFrame, whole: pd.Series, carried: pd.Series
) -> tuple[dict[str, str], frozenset[str]]:
    """Find where restored communes come from: the loss is the sum of what was restored.

    The package either gives the remaining commune its population without them, or still counts
    them in it: its delegated communes then show what remains.
    """
    communes = units[units["type"] == "COM"].set_index("code")
    parts = _delegated_population(units).reindex(communes.index)
    restored = whole[carried.isna() & whole.notna()]
    origins: dict[str, str] = {}
    doubled: set[str] = set()
    for epci, taken in restored.groupby(communes["epci"].reindex(restored.index)):
        same = communes.index[(communes["epci"] == epci) & carried.notna()]
        for code in same:
            lost = carried[code] == whole[code] + taken.sum()
            counted_twice = carried[code] == whole[code] == parts[code] + taken.sum()
            if lost or counted_twice:
                origins |= dict.fromkeys(taken.index, code)
            if counted_twice:
                doubled.add(code)
    return origins, frozenset(doubled)


def _mergers(orphans: pd.DataFrame, epci: pd.Series, gain: pd.Series) -> dict[str, str]:
    """Lead the rows that no commune claims to the one that gained just their inhabitants.

    Gives within an EPCI: one row and one commune that match to the inhabitant, without another
    candidate; or all the rows of the EPCI and its only commune that gained.
    """
    found: dict[str, str] = {}
    for code, rows in orphans.dropna(subset=["epci"]).groupby("epci"):
        people = rows.set_index("code")["population"]
        gained = gain[(epci == code) & (gain > 0)]
        if len(gained) == 1 and people.sum() == gained.iloc[0]:
            found |= dict.fromkeys(people.index, str(gained.index[0]))
            continue
        for orphan, inhabitants in people.items():
            match = gained.index[gained == inhabitants]
            if len(match) == 1 and (people == inhabitants).sum() == 1:
                found[str(orphan)] = str(match[0])
    return found


def _renamings(criteria: Mapping[int, pd.DataFrame], known: pd.Series) -> dict[str, str]:
    """Lead a code used in some years only to the one that the same name has in the base year."""
    base = criteria[BASE_YEAR].set_index("code")
    found: dict[str, str] = {}
    for rows in criteria.values():
        year = rows.set_index("code")
        absent = base[base.index.isin(known.index) & ~base.index.isin(year.index)]
        for code, row in year[~year.index.isin(known.index)].iterrows():
            same = (absent["nom"] == row["nom"]) & (absent["epci"] == row["epci"])
            if same.sum() == 1:
                found[str(code)] = str(known[absent.index[same][0]])
    return found


def strict_sum(values: pd.Series, by: pd.Series) -> pd.Series:
    """Sum by group, NaN as soon as one value of the group is missing.

    Examples
    --------
    >>> strict_sum(pd.Series([1.0, 2.0, None]), pd.Series(["a", "a", "b"])).to_dict()
    {'a': 3.0, 'b': nan}
    """
    groups = values.groupby(by)
    return groups.sum().where(groups.count() == groups.size())
