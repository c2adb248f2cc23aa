"""Which territories a choropleth colours for a selection, and with which outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from clsm_map.domain.terms import MapLevel
from clsm_map.domain.territories import Territory
from clsm_map.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Scope:
    """The territories to colour.

    Attributes
    ----------
    level : MapLevel
        Level really shown (the asked one, or the finest the territory allows).
    codes : tuple of str
        Codes coloured, in the order of the table.
    parent : Territory
        Territory whose outlines are fetched: France, a région or a département.
    notice : str
        French sentence when the level asked for could not be shown, else empty.
    """

    level: MapLevel
    codes: tuple[str, ...]
    parent: Territory
    notice: str = ""


def scope_of(snapshot: Snapshot, territory: Territory, asked: MapLevel) -> Scope:
    """Choose what to colour: never more than one région of communes at once.

    Parameters
    ----------
    territory : Territory
        Territory of the selection, at any level.
    asked : MapLevel
        Level of the choropleth asked for.

    Returns
    -------
    Scope
        At France, communes become EPCI (34,867 contours do not make a readable map). Below a
        région, régions and départements are not coloured: the level becomes the commune.
    """
    parent = _parent(snapshot, territory)
    level, notice = asked, ""
    if parent.level == "france" and asked == "commune":
        level = "epci"
        notice = (
            "À l’échelle de la France, la carte montre les intercommunalités : choisissez une "
            "région ou un département pour voir les communes."
        )
    elif parent.level != "france" and asked == "region":
        level, notice = "departement", "Dans une région, la carte montre les départements."
    if parent.level == "departement" and level == "departement":
        level, notice = "commune", "Dans un département, la carte montre les communes."
    return Scope(level, tuple(_codes(snapshot, parent, territory, level)), parent, notice)


def _parent(snapshot: Snapshot, territory: Territory) -> Territory:
    if territory.level in {"france", "region", "departement"}:
        return territory
    tables: dict[str, pd.DataFrame] = {
        "epci": snapshot.intercommunalites,
        "commune": snapshot.communes_all,
        "arrondissement": snapshot.arrondissements,
        "qpv": snapshot.qpv,
    }
    table = tables[territory.level]
    code = str(table.loc[table["code"] == territory.code, "departement"].iloc[0])
    names = snapshot.departements.set_index("code")["nom"]
    if code not in names.index:
        return Territory("france", "FR", "France")
    return Territory("departement", code, str(names[code]))


def _codes(
    snapshot: Snapshot, parent: Territory, territory: Territory, level: MapLevel
) -> list[str]:
    communes = snapshot.communes_all
    inside: dict[str, Literal["departement", "region"]] = {
        "departement": "departement",
        "region": "region",
    }
    if parent.level in inside:
        communes = communes[communes[inside[parent.level]] == parent.code]
    if territory.level == "epci" and level == "commune":
        whole = snapshot.communes_all
        communes = whole[whole["intercommunalite"] == territory.code]
    column = {
        "commune": "code",
        "epci": "intercommunalite",
        "departement": "departement",
        "region": "region",
    }[level]
    return sorted(communes[column].dropna().unique())
