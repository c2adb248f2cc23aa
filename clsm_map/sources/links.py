"""Links between the tables of the snapshot: every code that one table cites is in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from clsm_map.domain.indicators import Indicator
from clsm_map.domain.territories import MGP, OVERSEAS_COLLECTIVITIES, PLM

Frames = Mapping[str, pd.DataFrame]


def broken_links(frames: Frames, indicators: Mapping[str, Indicator]) -> list[str]:
    """List the rows that cite an unknown code, and the totals that do not add up.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Every table of the snapshot.
    indicators : mapping of str to Indicator
        Definitions.

    Returns
    -------
    list of str
        ``table : rule : code``.
    """
    return [
        *_hierarchy(frames),
        *_quartiers(frames),
        *_devices(frames),
        *_indicators(frames, indicators),
        *_contours(frames),
    ]


def unknown_perimeters(frames: Frames) -> list[str]:
    """List the perimeters whose code is no territory known here."""
    perimeters = frames["perimetres"]
    known = {
        "commune": _communes(frames)
        | frozenset(frames["arrondissements"]["code"])
        | frozenset(frames["anciennes_communes"]["code"]),
        "epci": _offered(frames) | {MGP},
        "qpv": frozenset(frames["qpv"]["code"]),
    }
    return [
        f"perimetres : {row.nature} inconnu : {row.code} ({row.dispositif_id})"
        for row in perimeters.itertuples()
        if row.code not in known.get(str(row.nature), frozenset())
    ]


def _communes(frames: Frames) -> frozenset[str]:
    """Codes of the communes of today."""
    return frozenset(frames["communes"]["code"]) | frozenset(
        frames["communes_sans_contour"]["code"]
    )


def _offered(frames: Frames) -> frozenset[str]:
    """Codes offered as intercommunalités."""
    return (frozenset(frames["epci"]["code"]) - {MGP}) | frozenset(frames["ept"]["code"])


def _unknown(table: str, rule: str, codes: pd.Series, known: frozenset[str]) -> Iterator[str]:
    """Yield the codes that are not known, each once."""
    for code in sorted(frozenset(codes.dropna()) - known):
        yield f"{table} : {rule} : {code}"


def _hierarchy(frames: Frames) -> Iterator[str]:
    """Communes lie in known territories; départements in known régions."""
    above = {
        "departement": frozenset(frames["departements"]["code"]),
        "region": frozenset(frames["regions"]["code"]),
        "epci": frozenset(frames["epci"]["code"]),
        "intercommunalite": _offered(frames),
    }
    for table in ("communes", "communes_sans_contour", "arrondissements"):
        for column, known in above.items():
            yield from _unknown(table, f"{column} inconnu", frames[table][column], known)
    yield from _unknown(
        "departements", "région inconnue", frames["departements"]["region"], above["region"]
    )
    former = frames["anciennes_communes"]
    yield from _unknown(
        "anciennes_communes", "commune inconnue", former["commune"], _communes(frames)
    )
    yield from _unknown(
        "anciens_codes", "commune inconnue", frames["anciens_codes"]["commune"], _communes(frames)
    )
    cities = frames["arrondissements"].groupby("commune")["population"].sum()
    whole = frames["communes"].set_index("code")["population"]
    for city in PLM:
        if cities.get(city) != whole.get(city):
            yield f"arrondissements : la somme n'est pas la population de la commune : {city}"


def _quartiers(frames: Frames) -> Iterator[str]:
    """QPV lie in known territories, and each has at least one commune."""
    qpv, pairs = frames["qpv"], frames["qpv_communes"]
    inside = qpv[~qpv["departement"].isin(OVERSEAS_COLLECTIVITIES)]
    known = _communes(frames) | frozenset(frames["anciennes_communes"]["code"])
    named = inside["communes"].str.split(";").explode().str.strip()
    yield from _unknown("qpv", "commune inconnue", named, known)
    yield from _unknown(
        "qpv",
        "département inconnu",
        inside["departement"],
        frozenset(frames["departements"]["code"]),
    )
    yield from _unknown("qpv", "EPCI inconnu", qpv["epci"], frozenset(frames["epci"]["code"]))
    offered = _offered(frames)
    yield from _unknown("qpv", "intercommunalité inconnue", qpv["intercommunalite"], offered)
    codes = frozenset(qpv["code"])
    yield from _unknown("qpv_communes", "QPV inconnu", pairs["qpv"], codes)
    yield from _unknown("qpv", "QPV sans commune", qpv["code"], frozenset(pairs["qpv"]))


def _devices(frames: Frames) -> Iterator[str]:
    """Perimeters belong to known devices; seats are known communes."""
    devices = frames["dispositifs"]
    known = (
        _communes(frames)
        | frozenset(frames["arrondissements"]["code"])
        | frozenset(frames["anciennes_communes"]["code"])
    )
    yield from _unknown(
        "perimetres",
        "dispositif inconnu",
        frames["perimetres"]["dispositif_id"],
        frozenset(devices["id"]),
    )
    yield from _unknown("dispositifs", "commune siège inconnue", devices["commune_siege"], known)
    backwards = devices[devices["annee_fin"] < devices["annee_debut"]]
    for identifier in backwards["id"]:
        yield f"dispositifs : fin avant le début : {identifier}"


def _indicators(frames: Frames, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    """Values have a definition, at the levels and for the years that it states."""
    values = frames["indicateurs"]
    found = values[["indicateur", "niveau", "annee"]].drop_duplicates()
    yield from _unknown(
        "indicateurs", "indicateur sans définition", found["indicateur"], frozenset(indicators)
    )
    for identifier, indicator in indicators.items():
        own = found[found["indicateur"] == identifier]
        levels = frozenset(own["niveau"])
        if levels != frozenset(indicator.niveaux):
            yield f"indicateurs : niveaux autres que ceux de la définition : {identifier}"
        years = tuple(sorted(int(year) for year in own["annee"].dropna().unique()))
        if years != indicator.annees:
            yield f"indicateurs : années autres que celles de la définition : {identifier}"


def _contours(frames: Frames) -> Iterator[str]:
    """Every territory has its contour at both scales, but the communes restored lately."""
    bare = frames["communes_sans_contour"]
    restored = frozenset(bare.loc[bare["note"].str.startswith("commune rétablie"), "code"])
    wanted = {
        "commune": _communes(frames) - restored,
        "arrondissement": frozenset(frames["arrondissements"]["code"]),
        "epci": frozenset(frames["epci"]["code"]),
        "ept": frozenset(frames["ept"]["code"]),
        "departement": frozenset(frames["departements"]["code"]),
        "region": frozenset(frames["regions"]["code"]),
    }
    for table in ("contours_national", "contours_local"):
        for level, codes in wanted.items():
            own = frames[table]
            given = frozenset(own.loc[own["niveau"] == level, "code"])
            for code in sorted(codes ^ given):
                yield f"{table} : contour manquant ou en trop : {level} {code}"
