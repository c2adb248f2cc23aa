"""Indicators drawn from the DGCL criteria, carried to today's communes and summed above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from clsm_map.domain.territories import FRANCE, OVERSEAS_COLLECTIVITIES, departement_of
from clsm_map.sources.mergers import Changes
from clsm_map.sources.territories import Territories

DSU: Final = "indice_dsu"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum, or a sum over a sum, of columns of the criteria.

    Attributes
    ----------
    numerator, denominator : str
        Columns; no denominator makes a plain sum.
    factor : float
        100 for a percentage.
    positive : bool
        Whether a zero numerator means that the producer does not give the figure.
    """

    numerator: str
    denominator: str = ""
    factor: float = 1.0
    positive: bool = False


RATIOS: Final[dict[str, Ratio]] = {
    "population_totale": Ratio("population"),
    "population_qpv": Ratio("population_qpv"),
    "part_population_qpv": Ratio("population_qpv", "population", 100),
    "revenu_imposable_par_habitant": Ratio("revenu", "population", positive=True),
    "part_logements_sociaux": Ratio("logements_sociaux", "logements", 100),
    "beneficiaires_aides_logement": Ratio("beneficiaires", "logements", 100),
    "potentiel_financier_par_habitant": Ratio("potentiel", "population_dgf"),
}


def criteria_indicators(
    criteria: Mapping[int, pd.DataFrame], territories: Territories, changes: Changes
) -> pd.DataFrame:
    """Compute every indicator of the criteria at every level.

    Parameters
    ----------
    criteria : mapping of int to pandas.DataFrame
        By year, as given by `clsm_map.sources.readers.dgcl.read_criteria`; 2020 is needed.
    territories : Territories
    changes : Changes

    Returns
    -------
    pandas.DataFrame
        niveau, code, indicateur, annee, valeur, statut.
    """
    labelled = {year: _label(rows, territories, changes) for year, rows in criteria.items()}
    usable = _usable(labelled, territories, changes)
    codes = {
        "commune": territories.communes_all["code"],
        "epci": pd.concat([territories.epci["code"], territories.ept["code"]]),
        "departement": territories.departements["code"],
        "region": territories.regions["code"],
        "france": pd.Series([FRANCE.code]),
    }
    parts = []
    for year, rows in labelled.items():
        for level, known in codes.items():
            for name, ratio in RATIOS.items():
                table = _aggregate(rows, level, ratio)
                table.loc[~table.index.isin(usable[year, level])] = (np.nan, "manquant")
                parts.append(_long(table, known, level, name, year))
        table = _dsu(rows, usable[year, "commune"])
        parts.append(_long(table, codes["commune"], "commune", DSU, year))
    return pd.concat(parts, ignore_index=True)


def _label(rows: pd.DataFrame, territories: Territories, changes: Changes) -> pd.DataFrame:
    """Add to each row the commune of today and the larger territories that hold it.

    A commune that changed too much to be carried still counts in its département.
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
    labelled: Mapping[int, pd.DataFrame], territories: Territories, changes: Changes
) -> dict[tuple[int, str], frozenset[str]]:
    """Territories that the rows of each year describe exactly, by year and level.

    An EPCI is usable when the rows of 2020 that lead to it hold its very population, and when the
    same communes have rows in the other years.
    """
    units = territories.units
    communes = units[units["type"] == "COM"].set_index("code")
    parts = units[units["type"] == "COMD"].groupby("parent")["population_totale"].sum(min_count=1)
    whole = communes["population_totale"].fillna(parts)
    offered = territories.communes_all.set_index("code")["intercommunalite"]
    found: dict[tuple[int, str], frozenset[str]] = {}
    for year, rows in labelled.items():
        known = frozenset(rows["commune"].dropna()) - changes.unlike_2020
        found[year, "commune"] = known
        exact: set[str] = set()
        for column, holder in (("epci", communes["epci"]), ("ept", offered)):
            today = whole.groupby(holder).agg(lambda s: s.sum(skipna=False))
            base = labelled[2020].groupby(column)["population"].sum()
            same = (today == base.reindex(today.index)) | today.isna()
            before = labelled[2020].groupby(column)["commune"].agg(frozenset)
            now = rows.groupby(column)["commune"].agg(frozenset)
            exact |= {c for c in now.index if same.get(c, False) and before.get(c) == now[c]}
        found[year, "epci"] = frozenset(exact)
        for level in ("departement", "region", "france"):
            found[year, level] = frozenset(rows[level].dropna())
    return found


def _aggregate(rows: pd.DataFrame, level: str, ratio: Ratio) -> pd.DataFrame:
    """Sum over each territory, leaving out the rows that lack a term of the ratio."""
    columns = ["epci", "ept"] if level == "epci" else [level]
    top = rows[ratio.numerator]
    bottom = rows[ratio.denominator] if ratio.denominator else pd.Series(1.0, index=rows.index)
    empty = bottom <= 0
    known = top.notna() & bottom.notna() & ~empty & ((top > 0) | (not ratio.positive))
    parts = []
    for column in columns:
        kept = rows.loc[known, column]
        value = top[known].groupby(kept).sum()
        if ratio.denominator:
            value = ratio.factor * value / bottom[known].groupby(kept).sum()
        people = rows.groupby(column)["population"].sum()
        status = pd.Series(
            np.where(people.index.isin(value.index), "disponible", "manquant"), people.index
        )
        status[(people == 0) & (status == "manquant")] = "sans_objet"
        parts.append(pd.DataFrame({"valeur": value.reindex(people.index), "statut": status}))
    return pd.concat(parts)


def _dsu(rows: pd.DataFrame, usable: frozenset[str]) -> pd.DataFrame:
    """DSU index of communes that are still the same; zero means not ranked."""
    groups = rows.groupby("commune")["indice_dsu"]
    value, alone = groups.first(), groups.size() == 1
    status = pd.Series("disponible", index=value.index)
    status[value == 0] = "sans_objet"
    status[~alone | ~value.index.isin(usable)] = "manquant"
    return pd.DataFrame({"valeur": value.where(status == "disponible"), "statut": status})


def _long(
    table: pd.DataFrame, codes: pd.Series, level: str, name: str, year: int
) -> pd.DataFrame:
    """Give every territory of a level a row; those the source does not know are missing."""
    full = table.reindex(codes.to_numpy())
    return pd.DataFrame(
        {
            "niveau": level,
            "code": full.index.astype(str),
            "indicateur": name,
            "annee": year,
            "valeur": full["valeur"].to_numpy(),
            "statut": full["statut"].fillna("manquant").to_numpy(),
        }
    )
