"""The indicators a map can colour: those of the snapshot and the density of devices."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.analysis.centre import density
from clsm_map.analysis.comparison.profile import SMALL_POPULATION, VERY_SMALL_POPULATION
from clsm_map.analysis.comparison.values import is_count
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.harvest import UNEVEN
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, DeviceType
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, Indicator
from clsm_map.domain.terms import MAP_LEVELS, MapLevel
from clsm_map.store.snapshot import Snapshot

_DENSITY = "densite_"

RESERVES: Final = {
    "petit": "petit effectif, moins de 1 000 habitants",
    "tres_petit": "petit effectif, moins de 200 habitants",
    "a_confirmer": VALUE_STATUSES["a_confirmer"],
}
"""What a value must be read with, in words."""
HATCHED: Final = ("tres_petit", "a_confirmer")
"""Those whose colour is hatched on a map, in the order of the legend."""


def level_table(snapshot: Snapshot, level: str) -> pd.DataFrame:
    """Give the table of names and populations of a level of the map."""
    tables: dict[str, pd.DataFrame] = {
        "commune": snapshot.communes_all,
        "epci": snapshot.intercommunalites,
        "departement": snapshot.departements,
        "region": snapshot.regions,
    }
    return tables[level]


def indicators_of(snapshot: Snapshot) -> dict[str, Indicator]:
    """Give the indicators that a map may colour, by id, in the order of their themes."""
    levels = set(MAP_LEVELS)
    own = {i: d for i, d in snapshot.indicators.items() if levels & set(d.niveaux)}
    return own | {_DENSITY + t.lower(): _density_of(t) for t in DEVICE_TYPES}


def reserves(indicator: Indicator, population: pd.Series, statut: pd.Series) -> pd.Series:
    """Say what each value must be read with.

    Parameters
    ----------
    indicator : Indicator
        A number of things is never too small.
    population : pandas.Series of float
        Inhabitants.
    statut : pandas.Series of str
        Statuses of the values, aligned.

    Returns
    -------
    pandas.Series of str
        A key of `RESERVES`, empty where there is nothing to say or no value.
    """
    found = pd.Series("", index=population.index, dtype="str")
    if not is_count(indicator):
        found = found.mask(population < SMALL_POPULATION, "petit")
        found = found.mask(population < VERY_SMALL_POPULATION, "tres_petit")
    found = found.mask(statut == "a_confirmer", "a_confirmer")
    return found.where(statut.isin(GIVEN), "")


def density_type(indicator: str) -> DeviceType | None:
    """Give the device type of a density indicator, ``None`` for any other."""
    if not indicator.startswith(_DENSITY):
        return None
    name = indicator.removeprefix(_DENSITY).upper()
    return next((t for t in DEVICE_TYPES if t == name), None)


def indicator_values(
    snapshot: Snapshot,
    coverage_of: Coverage,
    indicator: str,
    level: MapLevel,
    year: int | None,
) -> pd.DataFrame:
    """Read or compute the values of an indicator at one level.

    Parameters
    ----------
    coverage_of : Coverage
        Coverage of the type that a density indicator counts; unused otherwise.
    indicator : str
        Id among `indicators_of`.
    year : int or None
        ``None`` is the latest.

    Returns
    -------
    pandas.DataFrame
        Columns ``code, valeur, statut``.
    """
    if density_type(indicator) is not None:
        return density(coverage_of, level, level_table(snapshot, level))
    return snapshot.indicator(indicator, level, year)


def _density_of(kind: DeviceType) -> Indicator:
    return Indicator(
        id=_DENSITY + kind.lower(),
        libelle=f"{kind} actifs recensés pour 100 000 habitants",
        libelle_court=f"{kind} recensés pour 100 000 hab.",
        theme="dispositifs",
        unite="",
        decimales=2,
        sens="plus_favorable",
        niveaux=("region", "departement", "epci"),
        annees=(),
        source="dispositifs",
        geographie="communes des contours embarqués",
        denominateur="population municipale du territoire",
        definition=(
            f"Nombre de {kind} ({DEVICE_NAMES[kind]}) actifs recensés dont le périmètre touche le "
            "territoire, rapporté à sa population."
        ),
        prudence=(
            "Le registre est un extrait sourcé : zéro veut dire « aucun recensé », pas « aucun », "
            f"et ces nombres sont {UNEVEN} d’une région à l’autre."
        ),
        agregation="rapport",
    )
