"""What a sheet is about: its units, its QPV, its inhabitants and its contour."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from clsm_map.analysis.gaps import to_metric, zone_of
from clsm_map.analysis.ground import Ground, inside, qpv_of
from clsm_map.domain.devices import DEVICE_NAMES, DeviceType
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.domain.territories import (
    LEVEL_LABELS,
    MGP,
    OVERSEAS,
    OVERSEAS_COLLECTIVITIES,
    Territory,
    departement_of,
)
from clsm_map.store.snapshot import Scale, Snapshot
from clsm_map.store.territories import find_territory
from clsm_map.views.around import DEVICE
from clsm_map.views.devices import device_qpv

SHEET_LEVELS: Final = ("qpv", "commune", "arrondissement", "epci", "departement", "region")
"""Levels of the territories that have a sheet; devices have one too."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune or an arrondissement: the commune it belongs to, and its inhabitants."""

    commune: str
    inhabitants: float


@lru_cache(maxsize=4)
def units_of(ground: Ground) -> Mapping[str, Unit]:
    """Give the communes and arrondissements of today by code.

    Returns
    -------
    mapping of str to Unit
        NaN where inhabitants are not known.
    """
    rows = ground.units[ground.units["nature"] != "ancienne"]
    facts = zip(rows["code"], rows["commune"], rows["population"], strict=True)
    return {str(code): Unit(str(commune), float(people)) for code, commune, people in facts}


def inhabitants_of(ground: Ground, codes: Iterable[str]) -> float:
    """Add the known inhabitants of some units; NaN when none is known."""
    known = units_of(ground)
    people = [known[c].inhabitants for c in codes if c in known]
    counted = [p for p in people if not math.isnan(p)]
    return sum(counted) if counted else math.nan


@dataclass(frozen=True, eq=False)
class Subject:
    """A territory or a device.

    Attributes
    ----------
    level : str
        One of `SHEET_LEVELS`, or ``dispositif``.
    code, nom, nature, lieu : str
        See `clsm_map.views.sheet.model.Sheet`.
    territory : Territory
        The territory; for a device, the département of its seat.
    units : frozenset of str
        Communes and arrondissements that it holds.
    qpv : tuple of str
        QPV that it holds, in whole or in part.
    inhabitants : float
        NaN when not published.
    shape : shapely geometry
        Contour, EPSG:4326.
    zone : str
        See `clsm_map.analysis.gaps.zone_of`.
    """

    level: str
    code: str
    nom: str
    nature: str
    lieu: str
    territory: Territory
    units: frozenset[str]
    qpv: tuple[str, ...]
    inhabitants: float
    shape: BaseGeometry
    zone: str

    @property
    def key(self) -> str:
        """``level:code``."""
        return f"{self.level}:{self.code}"

    @property
    def metric(self) -> BaseGeometry:
        """The contour in metres, to the nearest 20 m."""
        projected: BaseGeometry = to_metric(np.array([self.shape], dtype=object), self.zone)[0]
        return projected.simplify(20)


def find_subject(snapshot: Snapshot, ground: Ground, text: str) -> Subject:
    """Find what a sheet is asked about.

    Parameters
    ----------
    text : str
        A device id, a code, a whole name, ``level:code`` or ``dispositif:id``.

    Raises
    ------
    UnknownTerritoryError
        Nothing answers; near misses are suggested.
    InvalidInputError
        It has no sheet (France), or no contour.
    """
    wanted = text.strip()
    identifier = wanted.removeprefix(f"{DEVICE}:")
    if (ground.dispositifs["id"] == identifier).any():
        return _device(snapshot, ground, identifier)
    if wanted.startswith(f"{DEVICE}:"):
        raise UnknownTerritoryError(f"Aucun dispositif n’a l’identifiant « {identifier} ».")
    territory = find_territory(snapshot, wanted)
    if territory.level not in SHEET_LEVELS:
        raise InvalidInputError(
            "La France entière n’a pas de fiche : demandez une région, un département, une "
            "intercommunalité, une commune, un quartier ou un dispositif."
        )
    return _territory(snapshot, ground, territory)


def _territory(snapshot: Snapshot, ground: Ground, territory: Territory) -> Subject:
    level, code = territory.level, territory.code
    rows = ground.qpv[qpv_of(ground, territory)]
    if level == "qpv":
        links = ground.qpv_communes[ground.qpv_communes["qpv"] == code]
        units = frozenset(links["commune"])
        inhabitants = float(rows["population"].iloc[0])
    else:
        kept = ground.units[inside(ground.units, territory)]
        units = frozenset(kept.loc[kept["nature"] != "ancienne", "code"])
        inhabitants = inhabitants_of(ground, units)
    departement = _departement(snapshot, ground, territory)
    return Subject(
        level=level,
        code=code,
        nom=_plain_name(snapshot, territory),
        nature=_nature(territory),
        lieu=_where(snapshot, territory, departement),
        territory=territory,
        units=units,
        qpv=tuple(rows["code"]),
        inhabitants=inhabitants,
        shape=_shape(snapshot, territory, rows["code"]),
        zone=zone_of(departement),
    )


def _nature(territory: Territory) -> str:
    if territory.level == "departement" and territory.code in OVERSEAS_COLLECTIVITIES:
        return "Collectivité d’outre-mer"
    return LEVEL_LABELS[territory.level][0].capitalize()


def _device(snapshot: Snapshot, ground: Ground, identifier: str) -> Subject:
    row = ground.dispositifs[ground.dispositifs["id"] == identifier].iloc[0]
    held = ground.perimeters.loc[ground.perimeters["dispositif_id"] == identifier, "commune"]
    units = frozenset(code for code in held if code in units_of(ground))
    links = device_qpv(ground)
    qpv = tuple(links.loc[links["dispositif_id"] == identifier, "qpv"])
    shape = _device_shape(snapshot, held, qpv, row)
    if shape is None:
        raise InvalidInputError(
            f"On ne sait pas où est « {row['nom']} » : ce dispositif n’a pas de fiche."
        )
    departement = str(row["departement"]) if pd.notna(row["departement"]) else ""
    if not departement:
        departement = departement_of(next(iter(sorted(held)), str(row["commune_siege"])))
    kind: DeviceType = row["type"]
    name = DEVICE_NAMES[kind]
    return Subject(
        level=DEVICE,
        code=identifier,
        nom=str(row["nom"]),
        nature=f"{name[0].upper()}{name[1:]} ({kind})",
        lieu=_departement_name(snapshot, departement),
        territory=Territory("departement", departement, _departement_name(snapshot, departement)),
        units=units,
        qpv=qpv,
        inhabitants=inhabitants_of(ground, units),
        shape=shape,
        zone=zone_of(departement),
    )


def _departement(snapshot: Snapshot, ground: Ground, territory: Territory) -> str:
    """Give a département that holds the territory, to choose its projection."""
    if territory.level == "departement":
        return territory.code
    if territory.level == "qpv":
        return str(ground.qpv.loc[ground.qpv["code"] == territory.code, "departement"].iloc[0])
    if territory.level in {"commune", "arrondissement"}:
        return departement_of(territory.code)
    if territory.level == "region":
        rows = snapshot.departements
        return str(rows.loc[rows["region"] == territory.code, "code"].iloc[0])
    every = pd.concat([snapshot.intercommunalites, snapshot.epci])
    return str(every.loc[every["code"] == territory.code, "departement"].iloc[0])


def _departement_name(snapshot: Snapshot, code: str) -> str:
    names = snapshot.departements.set_index("code")["nom"]
    return str(names[code]) if code in names.index else OVERSEAS.get(code, code)


def _plain_name(snapshot: Snapshot, territory: Territory) -> str:
    """Give the name without what tells homonyms apart, which the place below says."""
    tables = {"qpv": snapshot.qpv, "commune": snapshot.communes_all}
    table = tables.get(territory.level)
    if table is None:
        return territory.nom
    return str(table.loc[table["code"] == territory.code, "nom"].iloc[0])


def _where(snapshot: Snapshot, territory: Territory, departement: str) -> str:
    parts: list[str] = []
    names = snapshot.intercommunalites.set_index("code")["nom"]
    if territory.level == "qpv":
        row = snapshot.qpv[snapshot.qpv["code"] == territory.code].iloc[0]
        if pd.notna(row["noms_communes"]):
            parts.append(str(row["noms_communes"]).replace(";", ", "))
        if pd.notna(row["intercommunalite"]):
            parts.append(str(names[row["intercommunalite"]]))
    elif territory.level in {"commune", "arrondissement"}:
        every = pd.concat([snapshot.communes_all, snapshot.arrondissements]).drop_duplicates("code")
        held_by = every.set_index("code")["intercommunalite"][territory.code]
        if pd.notna(held_by) and held_by != territory.code:
            parts.append(str(names[held_by]))
    if territory.level == "region":
        return "France"
    if territory.level != "departement":
        parts.append(_departement_name(snapshot, departement))
    regions = snapshot.departements.set_index("code")["region"]
    if departement in regions.index:
        parts.append(str(snapshot.regions.set_index("code")["nom"][regions[departement]]))
    return " · ".join(dict.fromkeys(parts))


def _shape(snapshot: Snapshot, territory: Territory, qpv: pd.Series) -> BaseGeometry:
    level, code = territory.level, territory.code
    if level == "qpv":
        return _union(snapshot.qpv[snapshot.qpv["code"] == code])
    scale: Scale = "local" if level in {"commune", "arrondissement", "epci"} else "national"
    contours = snapshot.contours(level, scale)
    codes = list(snapshot.ept["code"]) if code == MGP else [code]
    found = contours[contours["code"].isin(codes)]
    if found.empty:
        found = snapshot.qpv[snapshot.qpv["code"].isin(qpv)]
    if found.empty:
        raise InvalidInputError(
            f"{territory.nom} n’a pas de contour dans les données embarquées : demandez la fiche "
            "de son intercommunalité."
        )
    return _union(found)


def _device_shape(
    snapshot: Snapshot, held: pd.Series, qpv: tuple[str, ...], row: pd.Series
) -> BaseGeometry | None:
    """Unite the communes of a perimeter; else its QPV; else its seat; else its département."""
    communes = pd.concat(
        [snapshot.contours(level, "local") for level in ("commune", "arrondissement")]
    )
    quartiers, departements = snapshot.qpv, snapshot.contours("departement")
    for found in (
        communes[communes["code"].isin(held)],
        quartiers[quartiers["code"].isin(qpv)],
        communes[communes["code"] == row["commune_siege"]],
        departements[departements["code"] == row["departement"]],
    ):
        if len(found):
            return _union(found)
    return None


def _union(frame: gpd.GeoDataFrame) -> BaseGeometry:
    shapes = frame.geometry.to_numpy()
    united: BaseGeometry = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
    return united
