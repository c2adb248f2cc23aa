"""Values of the indicators: from the facts, and from the DGCL criteria carried to today's map."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from clsm_map.build.mergers import BASE_YEAR, Changes, strict_sum, whole_population
from clsm_map.build.sources import DESCRIBED
from clsm_map.build.territories import CENSUSES, POPULATIONS, Territories
from clsm_map.domain.territories import FRANCE, OVERSEAS_COLLECTIVITIES, departement_of


@dataclass(frozen=True, slots=True)
class Column:
    """A column of facts that becomes an indicator: see ``data/tables.toml``."""

    colonne: str
    indicateur: str = ""
    annee: int | None = None
    secret: bool = False
    hors: Collection[str] = ()
    fusionne: bool = False


_COLUMNS: Final = {
    level: tuple(Column(**said) for said in columns)
    for level, columns in DESCRIBED["mesures"].items()
}
_OLDER: Final = tuple(column for column in _COLUMNS["commune"] if not column.fusionne)
_CARE: Final = DESCRIBED["atlas"]["soins"]
_ATLAS: Final = DESCRIBED["atlas"]["offre"] | _CARE
FAR: Final = 10.0
"""Times above or below the value of France from which a value is to be confirmed."""


def commune_measures(
    facts: pd.DataFrame, territories: Territories, changes: Changes, absorbers: frozenset[str]
) -> pd.DataFrame:
    """Compute the indicators of communes and arrondissements.

    A median or a rate cannot be summed: a commune made since of several rows of the file has no
    value, and neither has one that was split since.

    ``facts``: ``indicateurs_communes.csv`` as strings. ``absorbers``: communes that absorbed
    another since the geography of the file, without delegated commune.
    """
    rows = facts.set_index("code_commune")
    communes = territories.communes_all.set_index("code")["departement"]
    cities = territories.arrondissements.set_index("code")["departement"]
    older = [column.colonne for column in _OLDER]
    carried = _carry(rows.loc[rows[older].notna().any(axis=1), older], changes, absorbers)
    parts = []
    for column in _COLUMNS["commune"]:
        table = rows if column.fusionne else carried
        values = table[column.colonne].astype(float)
        known = _among(communes.index, table.index) & ~communes.index.isin(_split(values, changes))
        parts.append(_measure(values, communes, "commune", column, known))
        if not column.fusionne:
            known = _among(cities.index, rows.index)
            own = rows[column.colonne].astype(float)
            parts.append(_measure(own, cities, "arrondissement", column, known))
    return pd.concat(parts, ignore_index=True)


def former_measures(
    facts: pd.DataFrame, territories: Territories, qpv_communes: pd.DataFrame
) -> pd.DataFrame:
    """Keep the values of the communes that the register of QPV knew before they merged.

    The register names Pierrefitte-sur-Seine (93059), of Saint-Denis since 2025: it predates their
    merger, and so does the file, which gives both. In such a commune of today each QPV has the
    value of its own former commune, whereas no value can be given for the whole.

    ``facts``: ``indicateurs_communes.csv`` as strings. ``qpv_communes``: qpv, commune (the
    register's own code).

    Gives code (a former commune, which may bear the code of today's), indicateur, annee, valeur:
    known values only, sorted.
    """
    today = {*territories.communes_all["code"], *territories.arrondissements["code"]}
    former = territories.anciennes_communes
    named = former["code"].isin(qpv_communes["commune"]) & ~former["code"].isin(list(today))
    merged = former.loc[former["commune"].isin(former.loc[named, "commune"]), "code"]
    rows = facts.loc[facts["code_commune"].isin(merged)]
    parts = [
        pd.DataFrame(
            {
                "code": rows["code_commune"],
                "indicateur": column.indicateur,
                "annee": column.annee,
                "valeur": rows[column.colonne].astype(float),
            }
        )
        for column in _OLDER
    ]
    known = pd.concat(parts).dropna(subset=["valeur"])
    return known.sort_values(["code", "indicateur"], ignore_index=True)


def _carry(rows: pd.DataFrame, changes: Changes, absorbers: frozenset[str]) -> pd.DataFrame:
    """Keep the rows that alone lead to a commune of today, under its code."""
    today = pd.Series(rows.index, index=rows.index).map(changes.today)
    alone = today.notna() & ~today.duplicated(keep=False) & ~today.isin([*absorbers])
    return rows[alone].set_axis(pd.Index(today[alone]), axis=0)


def _split(values: pd.Series, changes: Changes) -> frozenset[str]:
    """Communes restored since the file, and those they come from, whose value is for the whole."""
    restored = changes.origins.index[values.reindex(changes.origins.index).isna()]
    return frozenset(restored) | frozenset(changes.origins[restored])


def _among(codes: pd.Index, known: pd.Index) -> np.ndarray:
    """Whether each code is known; much faster than ``isin`` on strings."""
    return np.asarray(known.get_indexer(codes) >= 0)


def population_measures(territories: Territories) -> pd.DataFrame:
    """Give the municipal populations of both censuses at every level."""
    columns = ["code", *POPULATIONS]
    france = pd.DataFrame([{"code": FRANCE.code, **territories.regions[[*POPULATIONS]].sum()}])
    levels = {
        "commune": territories.communes_all,
        "arrondissement": territories.arrondissements,
        "epci": pd.concat([territories.epci[columns], territories.ept[columns]]),
        "departement": territories.departements,
        "region": territories.regions,
        "france": france,
    }
    parts = []
    for level, table in levels.items():
        for name, year in zip(POPULATIONS, CENSUSES, strict=True):
            column = Column(name, "population_municipale", year)
            values = table.set_index("code")[name]
            none = pd.Series("", index=values.index)
            parts.append(_measure(values, none, level, column, np.ones(len(values), dtype=bool)))
    return pd.concat(parts, ignore_index=True)


def qpv_measures(facts: pd.DataFrame, qpv: pd.DataFrame) -> pd.DataFrame:
    """Compute the indicators of QPV; RSA is a share of the CAF recipients of the same file.

    ``facts``: ``indicateurs_qpv.csv`` as strings. ``qpv``: code, departement, population.
    """
    rows = facts.set_index("code_qpv").astype(float)
    rows["part_allocataires_rsa"] = 100 * rows["allocataires_rsa"] / rows["allocataires_caf"]
    departements = qpv.set_index("code")["departement"]
    known = _among(departements.index, rows.index)
    parts = [_measure(rows[c.colonne], departements, "qpv", c, known) for c in _COLUMNS["qpv"]]
    population = Column("population", "population", 2020)
    everywhere = np.ones(len(qpv), dtype=bool)
    parts.append(
        _measure(qpv.set_index("code")["population"], departements, "qpv", population, everywhere)
    )
    return pd.concat(parts, ignore_index=True)


def departement_measures(
    facts: pd.DataFrame, atlas: pd.DataFrame, codes: pd.Series
) -> pd.DataFrame:
    """Compute the indicators of départements, and those of the Atlas for France too.

    ``facts``: ``indicateurs_departements.csv`` as strings. ``atlas``: departement ("FR" for
    France), code_atlas, annee, valeur, as strings. ``codes``: codes of the 101 départements.
    """
    own = pd.Series(codes.to_numpy(), index=codes.to_numpy())
    rows = facts.set_index("departement")
    known = _among(own.index, rows.index)
    columns = _COLUMNS["departement"]
    parts = [_measure(rows[c.colonne], own, "departement", c, known) for c in columns]
    france = pd.Series([FRANCE.code], index=[FRANCE.code])
    told = _without_false_zeros(atlas)
    for (code, year), values in told.groupby(["code_atlas", "annee"]):
        column = Column("valeur", _ATLAS[str(code)], int(str(year)))
        found = values.set_index("departement")["valeur"]
        for level, territories in (("departement", own), ("france", france)):
            here = np.ones(len(territories), dtype=bool)
            rows = _measure(found, territories, level, column, here)
            parts.append(_to_confirm(rows, float(found.get(FRANCE.code, np.nan))))
    return pd.concat(parts, ignore_index=True)


def _without_false_zeros(atlas: pd.DataFrame) -> pd.DataFrame:
    """Set missing the zeros of a département whose hospital records are incomplete that year."""
    values = atlas["valeur"].astype(float)
    care = atlas["code_atlas"].isin(list(_CARE))
    known = atlas[care & values.notna()]
    given = known.groupby(["departement", "annee"])["code_atlas"].nunique()
    expected = known.groupby("annee")["code_atlas"].nunique()
    pairs = pd.MultiIndex.from_frame(atlas[["departement", "annee"]])
    incomplete = given.reindex(pairs, fill_value=0).to_numpy() < atlas["annee"].map(expected)
    return atlas.assign(valeur=values.mask(care & (values == 0) & incomplete))


def _to_confirm(rows: pd.DataFrame, france: float) -> pd.DataFrame:
    """Mark the values of the Atlas that are too far from France's; a zero is not a small value."""
    values = rows["valeur"]
    far = (values > 0) & ((values < france / FAR) | (values > france * FAR))
    return rows.assign(statut=rows["statut"].mask(far, "a_confirmer"))


def _measure(
    values: pd.Series,
    departements: pd.Series,
    level: str,
    column: Column,
    known: np.ndarray,
) -> pd.DataFrame:
    """Rows of an indicator for every territory of a level, each with its status."""
    found = values.astype(float).reindex(departements.index).where(known)
    absent = np.where(column.secret & known, "secret", "manquant")
    outside = departements.isin(list(column.hors)).to_numpy()
    status = np.where(found.notna(), "disponible", np.where(outside, "sans_objet", absent))
    return indicator_rows(found, status, level, column.indicateur or column.colonne, column.annee)


def indicator_rows(
    values: pd.Series, status: Any, level: str, indicator: str, year: int | None
) -> pd.DataFrame:
    """Make rows of the table ``indicateurs`` of values and statuses, indexed by code."""
    return pd.DataFrame(
        {
            "niveau": level,
            "code": values.index.astype(str),
            "indicateur": indicator,
            "annee": year,
            "valeur": values.to_numpy(),
            "statut": np.asarray(status),
        }
    )


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

    ``criteria``: by year, as given by `clsm_map.build.sources.read_criteria`; `BASE_YEAR` is
    needed.

    Gives niveau, code, indicateur, annee, valeur, statut. A territory that the rows of a year do
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
