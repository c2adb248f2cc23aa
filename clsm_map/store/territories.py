"""Look-ups of territories: by code, by name, by what they hold and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from clsm_map.domain.errors import AmbiguousTerritoryError, UnknownTerritoryError
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, MGP, Level, Territory, departement_of
from clsm_map.store.gazetteer import (
    COLLECTIVITIES,
    commune_by_former_code,
    communes_by_postal_code,
    frame_of,
    qpv_by_commune,
    search_index,
    territories_by_key,
    today_of,
)
from clsm_map.store.search import normalise
from clsm_map.store.snapshot import Scale, Snapshot

Box = tuple[tuple[float, float], tuple[float, float]]

HEXAGONE: Final[Box] = ((41.3, -5.2), (51.1, 9.6))
"""Box of mainland France and Corsica, in which France is shown."""

_READ_AS: Final[tuple[Level, ...]] = (
    "departement",
    "region",
    "epci",
    "commune",
    "arrondissement",
    "qpv",
)
"""Levels that a bare code is looked for in: a French reader takes "93" for a département."""

_MOST_CHOICES: Final = 6

_BELOW: Final[dict[Level, Level]] = {
    "france": "region",
    "region": "departement",
    "departement": "epci",
    "epci": "commune",
    "commune": "arrondissement",
}


def find_territory(snapshot: Snapshot, text_or_code: str, level: str | None = None) -> Territory:
    """Find one territory by its code, its ``level:code`` key or its whole name.

    Parameters
    ----------
    text_or_code : str
        A bare code must mean one territory only (see `read_bare_code`). The code of a former
        commune gives its commune of today. A name must be whole; homonyms are told apart by
        département ("Saint-Denis (93)").
    level : str, optional
        Level to look in; a ``level:code`` of another level is refused.

    Raises
    ------
    AmbiguousTerritoryError
        Several territories answer: each is given with its level.
    UnknownTerritoryError
        Nothing answers; near misses are suggested.
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

    Parameters
    ----------
    text : str
        "93" is a département and a région; "97110" the Insee code of La Désirade and the postal
        code of Pointe-à-Pitre; "75056" the commune of Paris, which is the same at level ``epci``.

    Returns
    -------
    Territory or None
        ``None`` when it is no code.

    Raises
    ------
    AmbiguousTerritoryError
        It is the code of several territories; the postal code of other communes counts.
    UnknownTerritoryError
        It is a postal code, which is no territory's code, or a code that no commune has any more.
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

    Parameters
    ----------
    text : str
        Accents, case, hyphens and "St" for "Saint" do not matter; a code works too.
    n : int, optional
        Most results wanted.
    level : str, optional
        Level to keep.

    Returns
    -------
    list of Territory
        Best first; homonyms carry their département ("Saint-Denis (974)").
    """
    return search_index(snapshot).search(text, n, [level] if level else None)


def children(snapshot: Snapshot, territory: Territory) -> list[Territory]:
    """Give the territories of the level below: régions of France, down to arrondissements.

    An EPCI over several départements is a child of the one that holds most of its population.
    """
    below = _BELOW.get(territory.level)
    if below is None:
        return []
    column = _holder(territory)
    frame = frame_of(snapshot, below)
    own = frame if territory.level == "france" else frame[frame[column] == territory.code]
    known = territories_by_key(snapshot)
    return [known[below, code] for code in own["code"]]


def communes_of(snapshot: Snapshot, territory: Territory) -> tuple[str, ...]:
    """Codes of the communes of a territory, sorted.

    Parameters
    ----------
    territory : Territory
        For an arrondissement, its own code; for a QPV, the communes of today that it lies in.
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

    Parameters
    ----------
    territory : Territory
        A commune holds the QPV of the communes merged into it; Paris, Lyon and Marseille those of
        their arrondissements.
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

    Raises
    ------
    UnknownTerritoryError
        The territory has no contour.
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
