"""Every territory that can be named, with the name that tells it apart."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Final, Protocol

import pandas as pd

from clsm_map.domain.territories import (
    FRANCE,
    OVERSEAS,
    OVERSEAS_COLLECTIVITIES,
    Level,
    Territory,
)
from clsm_map.store.search import Index
from clsm_map.store.snapshot import Snapshot

COLLECTIVITIES: Final = {
    code: name for code, name in OVERSEAS.items() if code in OVERSEAS_COLLECTIVITIES
}
"""Collectivités that hold QPV without being départements: taken as such in look-ups."""


class PostalTables(Protocol):
    """The tables that say what a postal code serves."""

    @property
    def communes_all(self) -> pd.DataFrame:
        """Communes: ``code, population``."""

    @property
    def arrondissements(self) -> pd.DataFrame:
        """Arrondissements: ``code, population``."""

    @property
    def codes_postaux(self) -> pd.DataFrame:
        """Postal codes: ``code_postal, commune`` (or arrondissement)."""


@lru_cache(maxsize=4)
def territories_by_key(snapshot: Snapshot) -> dict[tuple[str, str], Territory]:
    """Give every territory by level and code; a former commune's code gives today's commune."""
    rows = _rows(snapshot)
    names = rows[["level", "code", "nom"]].itertuples(index=False, name=None)
    known: dict[tuple[str, str], Territory] = {
        (level, code): Territory(level, code, nom) for level, code, nom in names
    }
    for former, commune in today_of(snapshot).items():
        known.setdefault(("commune", former), known["commune", commune])
    return known


@lru_cache(maxsize=4)
def search_index(snapshot: Snapshot) -> Index:
    """Names of every territory, ready for type-ahead."""
    return Index.of(_rows(snapshot), communes_by_postal_code(snapshot))


@lru_cache(maxsize=4)
def today_of(snapshot: Snapshot) -> dict[str, str]:
    """Commune of today for the code of each former commune."""
    former = snapshot.anciennes_communes
    return dict(zip(former["code"], former["commune"], strict=True))


def postal_pairs(tables: PostalTables) -> pd.DataFrame:
    """Pair postal codes with what they serve, in the order in which it is proposed.

    Parameters
    ----------
    tables : PostalTables
        The snapshot, or any object with the same tables.

    Returns
    -------
    pandas.DataFrame
        code_postal, level (``arrondissement`` first, then ``commune``), code; the most populated
        first within a level.
    """
    places = pd.concat(
        [
            tables.arrondissements.assign(level="arrondissement"),
            tables.communes_all.assign(level="commune"),
        ]
    )
    pairs = tables.codes_postaux.merge(
        places[["level", "code", "population"]], left_on="commune", right_on="code"
    )
    ordered = pairs.sort_values(["level", "population", "code"], ascending=[True, False, True])
    return ordered[["code_postal", "level", "code"]].reset_index(drop=True)


@lru_cache(maxsize=4)
def communes_by_postal_code(snapshot: Snapshot) -> dict[str, tuple[Territory, ...]]:
    """Arrondissements, then communes of each postal code, the most populated first."""
    known = territories_by_key(snapshot)
    found: dict[str, list[Territory]] = defaultdict(list)
    for postal, level, code in postal_pairs(snapshot).itertuples(index=False, name=None):
        found[postal].append(known[level, code])
    return {postal: tuple(territories) for postal, territories in found.items()}


@lru_cache(maxsize=4)
def commune_by_former_code(snapshot: Snapshot) -> dict[str, Territory]:
    """Commune of today for each code that no commune has any more: renumbered, or merged."""
    known = territories_by_key(snapshot)
    renumbered = snapshot.anciens_codes[["ancien", "commune"]].itertuples(index=False, name=None)
    pairs = {**today_of(snapshot), **dict(renumbered)}
    kept = frozenset(snapshot.communes_all["code"])
    return {
        former: known["commune", commune] for former, commune in pairs.items() if former not in kept
    }


@lru_cache(maxsize=4)
def qpv_by_commune(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """QPV of each commune and arrondissement; a city holds those of its arrondissements."""
    pairs = snapshot.qpv_communes[["qpv", "commune"]]
    city = snapshot.arrondissements.set_index("code")["commune"]
    above = pairs["commune"].map(city).fillna(pairs["commune"].map(today_of(snapshot)))
    every = pd.concat([pairs, pairs.assign(commune=above).dropna()]).drop_duplicates()
    grouped = every.sort_values("qpv").groupby("commune")["qpv"]
    return {str(code): tuple(codes) for code, codes in grouped}


def frame_of(snapshot: Snapshot, level: Level) -> pd.DataFrame:
    """Table of the territories of a level (not ``france``)."""
    frames: dict[Level, pd.DataFrame] = {
        "region": snapshot.regions,
        "departement": snapshot.departements,
        "epci": snapshot.intercommunalites,
        "commune": snapshot.communes_all,
        "arrondissement": snapshot.arrondissements,
        "qpv": snapshot.qpv,
    }
    return frames[level]


@lru_cache(maxsize=4)
def _rows(snapshot: Snapshot) -> pd.DataFrame:
    """Level, code, nom (told apart), cle (plain name) and population of every territory."""
    overseas = pd.DataFrame({"code": COLLECTIVITIES.keys(), "nom": COLLECTIVITIES.values()})
    parts = [
        pd.DataFrame([{"level": FRANCE.level, "code": FRANCE.code, "cle": FRANCE.nom}]),
        _named(snapshot.regions, "region"),
        _named(snapshot.departements, "departement"),
        _named(overseas, "departement"),
        _named(snapshot.epci[snapshot.epci["nature"] == "ME"], "epci"),
        _named(snapshot.intercommunalites, "epci", snapshot.intercommunalites["departement"]),
        _named(snapshot.communes_all, "commune", snapshot.communes_all["departement"]),
        _named(snapshot.arrondissements, "arrondissement"),
        _named(snapshot.qpv, "qpv", snapshot.qpv["noms_communes"].str.replace(";", ", ")),
    ]
    rows = pd.concat(parts).drop_duplicates(["level", "code"], keep="last", ignore_index=True)
    rows["population"] = rows["population"].fillna(0.0)
    rows["nom"] = rows["cle"]
    alike = rows.duplicated(["level", "cle"], keep=False) & rows["precision"].notna()
    rows.loc[alike, "nom"] = rows["cle"] + " (" + rows["precision"] + ")"
    return rows


def _named(frame: pd.DataFrame, level: Level, precision: pd.Series | None = None) -> pd.DataFrame:
    """Rows of a level; ``precision`` is what tells homonyms apart."""
    return pd.DataFrame(
        {
            "level": level,
            "code": frame["code"],
            "cle": frame["nom"],
            "population": frame.get("population", 0.0),
            "precision": precision,
        }
    )
