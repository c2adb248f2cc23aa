"""Communes that changed since a source was published: what can be carried to today's, and what not.

The package says which former communes (delegated, associated) each commune holds, not the mergers
without delegated commune, nor the splits. Both show in populations: the census population of the
criteria of 2020 and that of the package are the same figure, of the same census.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Changes:
    """What is known of the changes of communes.

    Attributes
    ----------
    today : pandas.Series
        Commune of today for each code known, today's own codes included; indexed by code.
    unlike_2020 : frozenset of str
        Communes of today whose ground is not that of the rows of 2020 that lead to them.
    grown : frozenset of str
        Those of them that are more populated than these rows.
    origins : pandas.Series
        Commune from which each restored commune was taken; indexed by the restored commune.
    doubled : frozenset of str
        Communes in which the package still counts the inhabitants of those restored from them.
    """

    today: pd.Series
    unlike_2020: frozenset[str]
    grown: frozenset[str]
    origins: pd.Series
    doubled: frozenset[str]


def find_changes(units: pd.DataFrame, criteria_2020: pd.DataFrame) -> Changes:
    """Compare the communes of today with the criteria of 2020.

    Parameters
    ----------
    units : pandas.DataFrame
        code, type, parent, epci, population_totale (see `Territories.units`).
    criteria_2020 : pandas.DataFrame
        code, population.

    Returns
    -------
    Changes
    """
    communes = units[units["type"] == "COM"].set_index("code")
    former = units[units["type"].isin(["COMD", "COMA"]) & ~units["code"].isin(communes.index)]
    today = pd.concat(
        [communes.index.to_series(), former.drop_duplicates("code").set_index("code")["parent"]]
    )
    published = criteria_2020.set_index("code")["population"]
    carried = published.groupby(published.index.map(today)).sum().reindex(communes.index)
    delegated = units[units["type"] == "COMD"].groupby("parent")["population_totale"]
    parts = delegated.sum(min_count=1).reindex(communes.index)
    whole = communes["population_totale"].fillna(parts)
    unlike = whole.notna() & (carried != whole)

    origins: dict[str, str] = {}
    doubled: set[str] = set()
    new = communes.index[carried.isna() & whole.notna()]
    for epci, restored in whole[new].groupby(communes.loc[new, "epci"]):
        taken = restored.sum()
        same = communes.index[(communes["epci"] == epci) & carried.notna()]
        for code in same:
            if carried[code] == whole[code] == parts[code] + taken:
                doubled.add(code)
            elif carried[code] != whole[code] + taken:
                continue
            origins |= dict.fromkeys(restored.index, code)
    return Changes(
        today=today,
        unlike_2020=frozenset(communes.index[unlike]) | doubled,
        grown=frozenset(communes.index[whole > carried]),
        origins=pd.Series(origins, dtype=object).sort_index(),
        doubled=frozenset(doubled),
    )


def without_doubles(units: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """Take the inhabitants of restored communes out of the commune that still counts them.

    Parameters
    ----------
    units : pandas.DataFrame
        code, type, population, population_totale.
    changes : Changes

    Returns
    -------
    pandas.DataFrame
        The same rows, populations corrected.
    """
    corrected = units.copy()
    communes = units[units["type"] == "COM"].set_index("code")
    for code in sorted(changes.doubled):
        restored = communes.loc[changes.origins.index[changes.origins == code]]
        row = (units["code"] == code) & (units["type"] == "COM")
        for column in ("population", "population_totale"):
            corrected.loc[row, column] -= restored[column].sum()
    return corrected
