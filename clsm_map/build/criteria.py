"""Indicators drawn from the DGCL criteria, carried to today's communes and summed above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from clsm_map.build.measures import indicator_rows
from clsm_map.build.mergers import BASE_YEAR, Changes, strict_sum, whole_population
from clsm_map.build.schemas import DESCRIBED
from clsm_map.build.territories import Territories
from clsm_map.domain.territories import FRANCE, OVERSEAS_COLLECTIVITIES, departement_of

DSU: Final = "indice_dsu"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum, or a sum over a sum, of columns of the criteria: see ``data/tables.toml``."""

    haut: str
    bas: str = ""
    facteur: float = 1.0
    positif: bool = False


RATIOS: Final = {name: Ratio(**said) for name, said in DESCRIBED["rapports"].items()}


def criteria_indicators(
    criteria: Mapping[int, pd.DataFrame], territories: Territories, changes: Changes
) -> pd.DataFrame:
    """Compute every indicator of the criteria at every level.

    ``criteria``: by year, as given by `clsm_map.build.readers.read_criteria`; `BASE_YEAR` is
    needed.

    Returns niveau, code, indicateur, annee, valeur, statut. A territory that the rows of a year do
    not describe exactly is ``manquant``.
    """
    labelled = {year: _label(rows, territories, changes) for year, rows in criteria.items()}
    parts = []
    for year, rows in labelled.items():
        for level, codes in territories.codes.items():
            usable = _usable(level, rows, labelled[BASE_YEAR], territories, changes)
            for name, ratio in RATIOS.items():
                table = _aggregate(rows, level, ratio)
                parts.append(_long(table, usable, codes, (level, name, year)))
            if level == "commune":
                parts.append(_long(_dsu(rows), usable, codes, (level, DSU, year)))
    return pd.concat(parts, ignore_index=True)


def _label(rows: pd.DataFrame, territories: Territories, changes: Changes) -> pd.DataFrame:
    """Add to each row the commune of today and the larger territories that hold it.

    A row that leads to no commune still counts in its département and above.
    """
    own = rows[~rows["code"].map(departement_of).isin(OVERSEAS_COLLECTIVITIES)].copy()
    communes = territories.communes_all.set_index("code")
    region_of = territories.departements.set_index("code")["region"]
    own["commune"] = own["code"].map(changes.today)
    departement = own["commune"].map(communes["departement"])
    own["departement"] = departement.fillna(own["code"].map(departement_of))
    own["region"] = own["departement"].map(region_of)
    own["epci"] = own["commune"].map(communes["epci"])
    offered = own["commune"].map(communes["intercommunalite"])
    own["ept"] = offered.where(offered.isin(territories.ept["code"]))
    own["france"] = FRANCE.code
    return own


def _usable(
    level: str,
    rows: pd.DataFrame,
    base: pd.DataFrame,
    territories: Territories,
    changes: Changes,
) -> pd.Index:
    """Territories of a level that the rows of a year describe exactly.

    An EPCI is when the rows of the base year that lead to it hold its very population, and when
    the same communes have rows in the year. Départements and above always are: the criteria list
    every commune.
    """
    if level == "commune":
        return _index(frozenset(rows["commune"].dropna()) - changes.unlike_2020)
    if level != "epci":
        return _index(frozenset(rows[level].dropna()))
    whole = whole_population(territories.units)
    communes = territories.communes_all.set_index("code")
    exact: set[str] = set()
    for column in ("epci", "ept"):
        holder = communes["epci" if column == "epci" else "intercommunalite"]
        today = strict_sum(whole, holder.reindex(whole.index))
        found = base.groupby(column)["population"].sum().reindex(today.index)
        now, before = (_members(frame, column) for frame in (rows, base))
        kept = today.index[(found == today) | today.isna()]
        exact |= {code for code in kept if code in now and now[code] == before.get(code)}
    return _index(frozenset(exact))


def _index(codes: frozenset[str]) -> pd.Index:
    """Sort codes into an index."""
    return pd.DataFrame(index=sorted(codes)).index


def _members(rows: pd.DataFrame, column: str) -> dict[str, frozenset[str]]:
    """Communes of today that have rows, by EPCI or EPT."""
    groups = rows["commune"].groupby(rows[column])
    return {str(code): frozenset(found) for code, found in groups}


def _aggregate(rows: pd.DataFrame, level: str, ratio: Ratio) -> pd.DataFrame:
    """Sum over each territory, leaving out the rows that lack a term of the ratio."""
    top = rows[ratio.haut]
    bottom = rows[ratio.bas] if ratio.bas else pd.Series(1.0, index=rows.index)
    known = top.notna() & (bottom > 0)
    if ratio.positif:
        known &= top > 0
    parts = []
    for column in ["epci", "ept"] if level == "epci" else [level]:
        kept = rows.loc[known, column]
        value = top[known].groupby(kept).sum()
        if ratio.bas:
            value = ratio.facteur * value / bottom[known].groupby(kept).sum()
        people = rows.groupby(column)["population"].sum()
        value = value.reindex(people.index)
        unknown = np.where(people == 0, "sans_objet", "manquant")
        status = np.where(value.notna(), "disponible", unknown)
        parts.append(pd.DataFrame({"valeur": value, "statut": status}))
    return pd.concat(parts)


def _dsu(rows: pd.DataFrame) -> pd.DataFrame:
    """DSU index of communes that one row describes; zero means not ranked."""
    groups = rows.groupby("commune")[DSU]
    value = groups.first().where(groups.size() == 1)
    status = np.select([value.isna(), value == 0], ["manquant", "sans_objet"], "disponible")
    return pd.DataFrame({"valeur": value.where(value > 0), "statut": status}, index=value.index)


def _long(
    table: pd.DataFrame, usable: pd.Index, codes: pd.Series, key: tuple[str, str, int]
) -> pd.DataFrame:
    """Give every territory of a level a row; those that are not usable are missing."""
    full = table.loc[table.index.intersection(usable)].reindex(codes.to_numpy())
    return indicator_rows(full["valeur"], full["statut"].fillna("manquant"), *key)
