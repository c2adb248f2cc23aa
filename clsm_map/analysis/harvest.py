"""The harvest of devices, région by région: what was found, from where, against what is published.

The register cites the pages that were found. How many were found in a région says first how its
pages were looked for: until it is declared complete, it is the harvest that is compared.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.activity import roles
from clsm_map.analysis.centre import devices_of
from clsm_map.analysis.ground import is_complete
from clsm_map.analysis.history import announced_in, published_series
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import number

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.domain.evidence import Producers

OUTSIDE: Final = "Hors région"
"""Row of the devices that lie in no région: Saint-Martin, Polynésie française."""

UNEVEN: Final = "selon la récolte, inégale"
"""What every comparison of territories by devices recorded is, in words."""

_BEGINNING: Final = 6
_COLON: Final = re.compile("[ \u00a0]: ")
MAIN_SHARE: Final = 0.1
"""Share of the devices of a type that a source brings to be named under every figure."""

_TITLED: Final = ("CLS", "ASV")
"""Types whose harvest is so uneven that the title says it; for CLSM a caution does."""


def is_uneven(coverage: Coverage, territory: Territory = FRANCE) -> bool:
    """Tell whether a comparison of the parts of a territory is one of the harvest."""
    return not is_complete(coverage.ground, coverage.type, coverage.on, territory)


def harvest_title(title: str, coverage: Coverage, territory: Territory = FRANCE) -> str:
    """Say in a title that what is ranked or coloured by coverage is the harvest.

    Gives "Selon la récolte, inégale : …" for CLS and ASV until the territory is declared complete;
    else, or where it is said already, the title itself. A colon of the title becomes a comma.
    """
    said = title.startswith(UNEVEN.capitalize())
    if said or coverage.type not in _TITLED or not is_uneven(coverage, territory):
        return title
    begins = title[:_BEGINNING] == territory.nom[:_BEGINNING] or title[:2].isupper()
    rest = title if begins else title[0].lower() + title[1:]
    rest = _COLON.sub(", ", rest, count=1)
    return f"{UNEVEN.capitalize()} : {rest}"


def sources_of(dispositifs: pd.DataFrame, known: Producers) -> pd.DataFrame:
    """Count the devices that each source brings, the one that brings most first.

    ``dispositifs``: ``source_url``.

    Gives ``source`` (name)``, dispositifs``; a device without a web page adds to no source.
    """
    found = [known.source_of(str(page)) for page in dispositifs["source_url"].fillna("")]
    rows = pd.DataFrame(found, columns=["key", "source"])
    counts = rows.loc[rows["key"] != ""].groupby(["key", "source"]).size()
    ordered = counts.rename("dispositifs").reset_index()
    ordered = ordered.sort_values(["dispositifs", "key"], ascending=[False, True])
    return ordered[["source", "dispositifs"]].reset_index(drop=True)


def main_sources(coverage: Coverage, known: Producers) -> str:
    """Name the sources that bring a tenth or more of the devices recorded, with their numbers.

    Such as "54 d’une même source : ARS Auvergne-Rhône-Alpes, couche des CLS"; empty when
    every source brings less.
    """
    here = coverage.ground.dispositifs
    here = here.loc[here["type"] == coverage.type]
    found = sources_of(here, known)
    kept = found.loc[found["dispositifs"].ge(MAIN_SHARE * len(here)) & found["dispositifs"].gt(1)]
    named = [
        f"{number(n)} d’une même source, {source}"
        for source, n in zip(kept["source"], kept["dispositifs"], strict=True)
    ]
    return " ; ".join(named)


def harvest(
    coverage: Coverage, regions: pd.DataFrame, chiffres: pd.DataFrame, known: Producers
) -> pd.DataFrame:
    """Count what was found of a type in each région, beside what is published there.

    A device over two régions is of both (see `clsm_map.analysis.centre.devices_of`), as in every
    count by région: the sum may exceed the total.

    ``regions``: ``code, nom``.

    Gives one row per région, and a last one, without code, for the devices of none if there are:
    ``code, nom, recenses, actifs`` (on the date)``, publies`` (numbers of active devices published,
    each with its date, or empty)``, page`` (of the last of them)``, source`` (the one that brings
    most)``, de_la_source, part_source`` (% of those recorded, missing without any)``, complete``
    (the région is declared so).
    """
    ground = coverage.ground
    pages = ground.dispositifs.loc[ground.dispositifs["type"] == coverage.type]
    places = [
        Territory("region", str(c), str(n))
        for c, n in zip(regions["code"], regions["nom"], strict=True)
    ]
    held = {place: devices_of(ground, place) for place in places}
    everywhere = frozenset().union(*held.values())
    rows = [_row(coverage, place, pages, ids, chiffres, known) for place, ids in held.items()]
    alone = frozenset(pages["id"]) - everywhere
    if alone:
        rows.append(_row(coverage, Territory("region", "", OUTSIDE), pages, alone, chiffres, known))
    return pd.DataFrame(rows)


def _row(
    coverage: Coverage,
    place: Territory,
    pages: pd.DataFrame,
    ids: frozenset[str],
    chiffres: pd.DataFrame,
    known: Producers,
) -> dict[str, object]:
    here = pages.loc[pages["id"].isin(ids)]
    published = published_series(chiffres, coverage.type, place.nom)
    announced = announced_in(published)
    counted = published.loc[published["serie"] == "dispositifs"]
    main = sources_of(here, known).head(1)
    brought = int(main["dispositifs"].sum())
    return {
        "code": place.code,
        "nom": place.nom,
        "recenses": len(here),
        "actifs": roles(coverage.devices.loc[coverage.devices["id"].isin(ids)])["actif"],
        "publies": announced.words if announced else "",
        "page": str(counted.iloc[-1]["source"]) if len(counted) else "",
        "source": str(main["source"].iloc[0]) if brought else "",
        "de_la_source": brought,
        "part_source": 100 * brought / len(here) if len(here) else float("nan"),
        "complete": bool(place.code) and not is_uneven(coverage, place),
    }


def published_elsewhere(chiffres: pd.DataFrame, type_: str, regions: pd.DataFrame) -> list[str]:
    """List the territories, neither France nor a région of today, whose number is published."""
    names = chiffres.loc[~chiffres["territoire"].isin([FRANCE.nom, *regions["nom"]]), "territoire"]
    return [
        str(name)
        for name in sorted(names.dropna().unique())
        if announced_in(published_series(chiffres, type_, str(name)))
    ]
