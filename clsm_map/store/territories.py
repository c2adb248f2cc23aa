"""Every territory that can be named, with the name that tells it apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pandas as pd

from clsm_map.domain.errors import AmbiguousTerritoryError, UnknownTerritoryError
from clsm_map.domain.territories import (
    FRANCE,
    LEVEL_LABELS,
    MGP,
    Level,
    Territory,
    departement_of,
)
from clsm_map.store.gazetteer import COLLECTIVITIES, every_place, postal_pairs
from clsm_map.store.search import Index, normalise
from clsm_map.store.snapshot import Scale, Snapshot


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
    places = every_place(snapshot).rename(columns={"nature": "level", "nom": "cle"})
    rows = places[places["level"] != "ancienne"].reset_index(drop=True)
    rows["population"] = rows["population"].fillna(0.0)
    alike = rows.duplicated(["level", "cle"], keep=False) & rows["precision"].notna()
    rows["nom"] = rows["cle"].mask(alike, rows["cle"] + " (" + rows["precision"] + ")")
    return rows


Box = tuple[tuple[float, float], tuple[float, float]]

HEXAGONE: Final[Box] = ((41.3, -5.2), (51.1, 9.6))
"""Box of mainland France and Corsica, in which France is shown."""

_READ_AS: Final[tuple[Level, ...]] = (
    "departement", "region", "epci", "commune", "arrondissement", "qpv",
)  # fmt: skip
"""Levels that a bare code is looked for in: a French reader takes "93" for a département."""

_MOST_CHOICES: Final = 6


def find_territory(snapshot: Snapshot, text_or_code: str, level: str | None = None) -> Territory:
    """Find one territory by its code, its ``level:code`` key or its whole name.

    ``text_or_code``: A bare code must mean one territory only (see `read_bare_code`). The code of
    a former commune gives its commune of today. A name must be whole; homonyms are told apart by
    département ("Saint-Denis (93)"). ``level``: level to look in; a ``level:code`` of another
    level is refused.

    Raises `AmbiguousTerritoryError` when several territories answer: each is given with its level.
    Raises `UnknownTerritoryError` when nothing answers; near misses are suggested.
    """
    text = text_or_code.strip()
    prefix, _, rest = text.partition(":")
    if rest and prefix in LEVEL_LABELS and level in {None, prefix}:
        text, level = rest, prefix
    if (level, text.upper()) == (FRANCE.level, FRANCE.code):
        return FRANCE
    found = (
        territories_by_key(snapshot).get((level, text.upper()))
        if level
        else read_bare_code(snapshot, text)
    )
    if found:
        return found
    named = suggest(snapshot, text, 5, level)
    key = normalise(text)
    exact = [t for t in named if key in {normalise(t.nom), normalise(t.nom.partition(" (")[0])}]
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise AmbiguousTerritoryError(text, _choices(exact))
    raise UnknownTerritoryError(
        f"Aucun territoire ne répond à « {text} ».", f"level {level}", _choices(named)
    )


def read_bare_code(snapshot: Snapshot, text: str) -> Territory | None:
    """Read a code written without its level, when it can mean one territory only.

    ``text``: "93" is a département and a région; "97110" the Insee code of La Désirade and the
    postal code of Pointe-à-Pitre; "75056" the commune of Paris, which is the same at level
    ``epci``.

    Gives ``None`` when it is no code.

    Raises `AmbiguousTerritoryError` when it is the code of several territories; the postal code of
    other communes counts. Raises `UnknownTerritoryError` when it is a postal code, which is no
    territory's code, or a code that no commune has any more.
    """
    code = text.strip().upper()
    if code == FRANCE.code:
        return FRANCE
    known = territories_by_key(snapshot)
    found = [known[level, code] for level in _READ_AS if (level, code) in known]
    if len(found) > 1:
        found = [t for t in found if t.level != "epci"]
    served = communes_by_postal_code(snapshot).get(code, ())
    by_post = [t for t in served if t not in found]
    if len(found) == 1 and not by_post:
        return found[0]
    posted = [f"{c} (code postal {code})" for c in _choices(by_post[: _MOST_CHOICES - 1])]
    rest = len(by_post) - len(posted)
    if found:
        raise AmbiguousTerritoryError(text, [*posted, *_choices(found)], rest)
    today = commune_by_former_code(snapshot).get(code)
    if by_post:
        raise UnknownTerritoryError(
            f"« {text} » est un code postal ; c’est le code Insee qui est attendu.",
            suggestions=[*posted, *_choices([today] if today else [])],
        )
    if today:
        raise UnknownTerritoryError(
            f"« {text} » est un ancien code Insee.", suggestions=_choices([today])
        )
    return None


def _choices(territories: Iterable[Territory]) -> list[str]:
    """Write territories as they can be typed, then as they are read."""
    return [f"{t.key} {t.nom}" for t in territories]


def suggest(
    snapshot: Snapshot, text: str, n: int = 10, level: str | None = None
) -> list[Territory]:
    """Propose territories as someone types.

    ``text``: accents, case, hyphens and "St" for "Saint" do not matter; a code works too.

    Gives best first; homonyms carry their département ("Saint-Denis (974)").
    """
    return search_index(snapshot).search(text, n, [level] if level else None)


def communes_of(snapshot: Snapshot, territory: Territory) -> tuple[str, ...]:
    """Codes of the communes of a territory, sorted.

    ``territory``: for an arrondissement, its own code; for a QPV, the communes of today that it
    lies in.
    """
    communes = snapshot.communes_all
    if territory.level == "france":
        return tuple(communes["code"])
    if territory.level in {"commune", "arrondissement"}:
        return (territory.code,)
    if territory.level == "qpv":
        row = snapshot.qpv.loc[snapshot.qpv["code"] == territory.code, "communes"]
        today = today_of(snapshot)
        named = row.iloc[0].split(";") if len(row) else []
        return tuple(sorted({today.get(code.strip(), code.strip()) for code in named}))
    return tuple(communes.loc[communes[_holder(territory)] == territory.code, "code"])


def region_of(snapshot: Snapshot, territory: Territory) -> str | None:
    """Code of the région of a territory, that of its first commune when there are several.

    ``None`` for France, and for a collectivité that is in none.
    """
    if territory.level in {"france", "region"}:
        return territory.code if territory.level == "region" else None
    communes = communes_of(snapshot, territory)
    held = snapshot.departements.set_index("code")["region"]
    found = held.get(departement_of(communes[0])) if communes else None
    return found if isinstance(found, str) else None


def qpv_of(snapshot: Snapshot, territory: Territory) -> tuple[str, ...]:
    """Codes of the QPV that lie in a territory, in whole or in part, sorted.

    ``territory``: A commune holds the QPV of the communes merged into it; Paris, Lyon and
    Marseille those of their arrondissements.
    """
    qpv = snapshot.qpv
    if territory.level == "france":
        return tuple(qpv["code"])
    if territory.level == "qpv":
        return tuple(qpv.loc[qpv["code"] == territory.code, "code"])
    if territory.level in {"commune", "arrondissement"}:
        return qpv_by_commune(snapshot).get(territory.code, ())
    column = territory.level
    if territory.level == "epci" and territory.code != MGP:
        inside = set(communes_of(snapshot, territory))
        held = qpv_by_commune(snapshot)
        return tuple(sorted({q for code in inside for q in held.get(code, ())}))
    return tuple(qpv.loc[qpv[column] == territory.code, "code"])


def bounds(snapshot: Snapshot, territory: Territory) -> Box:
    """Give the box of a territory as ``((south, west), (north, east))``, WGS 84.

    Raises `UnknownTerritoryError` when the territory has no contour.
    """
    if territory.level == "france":
        return HEXAGONE
    if territory.level == "qpv":
        frame = snapshot.qpv
        own = frame[frame["code"] == territory.code]
    elif territory.level == "departement" and territory.code in COLLECTIVITIES:
        own = snapshot.qpv[snapshot.qpv["departement"] == territory.code]
    else:
        scale: Scale = "local" if territory.level in {"commune", "arrondissement"} else "national"
        frame = snapshot.contours(territory.level, scale)
        codes = list(snapshot.ept["code"]) if territory.code == MGP else [territory.code]
        own = frame[frame["code"].isin(codes)]
    if own.empty:
        raise UnknownTerritoryError(f"{territory.nom} n'a pas de contour.", territory.key)
    west, south, east, north = (float(value) for value in own.total_bounds)
    return ((south, west), (north, east))


def _holder(territory: Territory) -> str:
    """Column of the communes that says which of them a territory holds."""
    offered = territory.level == "epci" and territory.code != MGP
    return "intercommunalite" if offered else territory.level
