"""The value of an indicator for a territory, or for several territories together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

import pandas as pd

from clsm_map import formats
from clsm_map.analysis.comparison.references import (
    HEXAGON_REGIONS,
    Group,
    Operand,
    members,
    qpv_codes,
)
from clsm_map.analysis.inequality import given, weighted_mean
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory

if TYPE_CHECKING:
    from clsm_map.domain.indicators import Indicator, ValueStatus
    from clsm_map.store.snapshot import Snapshot

Nature = Literal["publiée", "calculée", "aucune"]


@dataclass(frozen=True, slots=True)
class Weighting:
    """How a rate of several territories together is computed: ``Σ w x / Σ w``.

    ``indicateur``: indicator whose values are the weights.
    ``exact``: whether the weight is the rate's own denominator.
    ``nom``: what the weight is, in French.
    """

    indicateur: str
    exact: bool
    nom: str


QPV_WEIGHTS: Final[dict[str, Weighting]] = {
    "taux_pauvrete": Weighting("population", exact=False, nom="habitants"),
    "taux_emploi": Weighting("population", exact=False, nom="habitants"),
    "part_allocataires_rsa": Weighting("allocataires_caf", exact=True, nom="allocataires"),
    "part_menages_1_personne": Weighting("menages", exact=True, nom="ménages"),
    "part_menages_6_personnes_ou_plus": Weighting("menages", exact=True, nom="ménages"),
}
"""Weights of the QPV. The poverty rate's own denominator is the inhabitants of tax households and
the employment rate's is the people of working age: neither is published by QPV, inhabitants stand
for them, and every figure says that it is an approximation."""

GRANTS: Final = "habitants (population totale des dotations)"

REGION_WEIGHTS: Final[dict[str, Weighting]] = {
    "revenu_imposable_par_habitant": Weighting("population_totale", exact=True, nom=GRANTS),
    "part_population_qpv": Weighting("population_totale", exact=True, nom=GRANTS),
}
"""Weights of the régions, for mainland France: only where the snapshot holds the denominator."""

AVERAGED: Final = frozenset(
    {
        "apl_generalistes",
        "fedi",
        "mortalite_prematuree",
        "part_75_ans_ou_plus",
        "part_familles_monoparentales",
        "taux_pauvrete",
    }
)
"""Rates and indices that a larger territory is given when nobody publishes them for it: the mean
of its parts, weighted by their inhabitants. A median or a life expectancy has no such mean."""

ENOUGH: Final = 0.8
"""Share of the inhabitants that the parts with a value must hold for their mean to be given."""

_COUNT_UNITS: Final = frozenset(
    {"habitants", "personnes", "allocataires", "logements", "ménages", "quartiers"}
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value and what it rests on.

    ``valeur``: missing unless ``statut`` is one of `clsm_map.domain.indicators.GIVEN`.
    ``annee``: ``None``: year not stated, or no value at all.
    ``nature``: given by the producer (or in the snapshot's aggregates), computed here over several
      territories, or none at this level.
    ``note``: French sentence: how it was computed, or why there is none; empty when published.
    """

    valeur: float
    statut: ValueStatus
    annee: int | None
    nature: Nature
    note: str = ""


def indicator_of(tables: Snapshot, indicateur: str, *levels: Level) -> Indicator:
    """Give an indicator by its id.

    Raises `InvalidInputError`: it does not exist or is not given at one of the levels.
    """
    if indicateur not in tables.indicators:
        raise InvalidInputError(f"Indicateur inconnu : {indicateur}.")
    found = tables.indicators[indicateur]
    for level in levels:
        if level not in found.niveaux:
            raise InvalidInputError(level_refusal(found, level))
    return found


def is_count(indicator: Indicator) -> bool:
    """Tell whether an indicator is a number of things, that grows with the territory."""
    return indicator.agregation == "somme" or indicator.unite in _COUNT_UNITS


def year_for(tables: Snapshot, indicator: Indicator, level: str, wanted: int | None) -> int | None:
    """Choose the year of a level: the wanted one when it is there, else the latest.

    Gives ``None`` when the years are not stated.
    """
    years = tables.years(indicator.id, level)
    return wanted if wanted in years else max(years, default=None)


def value_of(
    tables: Snapshot, indicator: Indicator, operand: Operand, annee: int | None = None
) -> Value:
    """Give the value of an indicator for a territory or a group.

    ``annee``: year wanted; another is taken, and said by ``Value.annee``, when this one is not
      there.

    Published at the level of the territory, else the mean of its parts (see `AVERAGED`).
    """
    if isinstance(operand, Group):
        if operand.kind == "hexagone":
            return _hexagon(tables, indicator, annee)
        return _all_qpv(tables, indicator, operand, annee)
    if operand.level not in indicator.niveaux:
        return _averaged(tables, indicator, operand, annee)
    year = year_for(tables, indicator, operand.level, annee)
    rows = tables.indicator(indicator.id, operand.level, year)
    found = rows.loc[rows["code"] == operand.code]
    if found.empty:
        return Value(math.nan, "manquant", year, "publiée")
    status = cast("ValueStatus", found["statut"].iloc[0])
    return Value(float(given(found).iloc[0]), status, year, "publiée")


def level_refusal(indicator: Indicator, level: str) -> str:
    """Say at which levels an indicator is given, when it is not at the one asked for."""
    levels = ", ".join(names[1] for key, names in LEVEL_LABELS.items() if key in indicator.niveaux)
    asked = next(names[1] for key, names in LEVEL_LABELS.items() if key == level)
    asked = "la France" if level == "france" else f"les {asked}"
    return f"Cet indicateur n’est pas donné pour {asked}, seulement pour : {levels}."


def weighted(values: pd.DataFrame, weights: pd.DataFrame) -> tuple[float, int]:
    """Average values by weight, ``Σ w x / Σ w``, over the territories where both are known.

    ``values, weights``: ``code, valeur, statut``. Gives also how many territories these are.
    """
    x = given(values).dropna()
    w = given(weights).reindex(x.index).dropna()
    return weighted_mean(x[w.index].to_numpy(), w.to_numpy()), len(w)


def _averaged(
    tables: Snapshot, indicator: Indicator, territory: Territory, annee: int | None
) -> Value:
    """Average the parts of a territory by their inhabitants: départements, else communes."""
    levels: tuple[Level, ...] = ("departement", "commune")
    larger = levels if territory.level in {"france", "region"} else levels[1:]
    level = next((part for part in larger if part in indicator.niveaux), None)
    if indicator.id not in AVERAGED or level is None or territory.level == "qpv":
        return _refused(level_refusal(indicator, territory.level))
    year = year_for(tables, indicator, level, annee)
    parts = _parts(tables, indicator, territory, level, year)
    known = parts.dropna(subset=["valeur", "population"])
    held, whole = float(known["population"].sum()), float(parts["population"].sum())
    nouns = LEVEL_LABELS[level][1]
    if not parts["code"].isin(members(tables, level)["code"]).all():
        nouns += " et arrondissements"
    if not whole or held < ENOUGH * whole:
        share = formats.percent(100 * held / whole if whole else 0.0, 0)
        return _refused(
            f"Les {nouns} dont la valeur est publiée ne réunissent que {share} des habitants : "
            "leur moyenne ne vaut pas pour l’ensemble."
        )
    stands = ""
    if indicator.denominateur != "habitants":
        what = f"du dénominateur du taux ({indicator.denominateur})"
        stands = f", qui tiennent lieu {what if indicator.denominateur else 'de poids'}"
    note = (
        f"Moyenne de {formats.number(len(known))} {nouns} sur {formats.number(len(parts))}, "
        f"pondérée par leurs habitants (RP 2023){stands}."
    )
    mean = weighted_mean(known["valeur"].to_numpy(), known["population"].to_numpy(float))
    return _computed(mean, year, note)


def _parts(
    tables: Snapshot, indicator: Indicator, territory: Territory, level: Level, year: int | None
) -> pd.DataFrame:
    """List ``code, population, valeur`` of the parts of a territory.

    Arrondissements stand for a city whose value is published by arrondissement only.
    """
    found = members(tables, level, territory)
    if territory.level == "commune":
        found = members(tables, level)
        found = found.loc[found["code"] == territory.code]
    found = found.assign(
        valeur=found["code"].map(given(tables.indicator(indicator.id, level, year)))
    )
    if level == "commune" and "arrondissement" in indicator.niveaux:
        cities = found.loc[found["valeur"].isna(), "code"]
        own = tables.arrondissements.loc[tables.arrondissements["commune"].isin(cities)]
        known = given(tables.indicator(indicator.id, "arrondissement", year))
        own = own.assign(valeur=own["code"].map(known))
        found = pd.concat([found.loc[~found["code"].isin(own["commune"])], own])
    return found[["code", "population", "valeur"]]


def _refused(reason: str) -> Value:
    return Value(math.nan, "sans_objet", None, "aucune", reason)


def _all_qpv(tables: Snapshot, indicator: Indicator, group: Group, annee: int | None) -> Value:
    if "qpv" not in indicator.niveaux:
        return _refused(level_refusal(indicator, "qpv"))
    codes = qpv_codes(tables, group.territory)
    year = year_for(tables, indicator, "qpv", annee)
    values = _among(tables.indicator(indicator.id, "qpv", year), codes)
    if is_count(indicator):
        known = given(values).dropna()
        note = f"Somme sur {len(known)} QPV où le nombre est connu, sur {len(codes)}."
        return _computed(float(known.sum()) if len(known) else math.nan, year, note)
    weighting = QPV_WEIGHTS.get(indicator.id)
    if weighting is None:
        return _refused("Le dénominateur n’est pas connu : aucun ensemble ne peut être calculé.")
    weights = _among(tables.indicator(weighting.indicateur, "qpv"), codes)
    mean, n = weighted(values, weights)
    how = f"Moyenne de {n} QPV sur {len(codes)}, pondérée par les {weighting.nom}"
    if not weighting.exact:
        how += " (approximation : ce n’est pas le dénominateur exact du taux)"
    return _computed(mean, year, f"{how}.")


def _hexagon(tables: Snapshot, indicator: Indicator, annee: int | None) -> Value:
    weighting = REGION_WEIGHTS.get(indicator.id)
    total = indicator.agregation == "somme"
    if "region" not in indicator.niveaux or (weighting is None and not total):
        return _refused(
            "Le dénominateur n’est pas dans les données embarquées : la valeur de la France "
            "hexagonale ne peut pas être calculée."
        )
    year = year_for(tables, indicator, "region", annee)
    codes = pd.Series(sorted(HEXAGON_REGIONS))
    values = _among(tables.indicator(indicator.id, "region", year), codes)
    if weighting is None:
        amount = float(given(values).reindex(codes).sum(skipna=False))
        return _computed(amount, year, "Somme des 12 régions de l’Hexagone.")
    weights = _among(tables.indicator(weighting.indicateur, "region", year), codes)
    mean, n = weighted(values, weights)
    note = f"Moyenne des 12 régions de l’Hexagone, pondérée par les {weighting.nom}."
    return _computed(mean if n == len(codes) else math.nan, year, note)


def _among(values: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    return values.loc[values["code"].isin(codes)]


def _computed(value: float, year: int | None, note: str) -> Value:
    status: ValueStatus = "manquant" if math.isnan(value) else "disponible"
    return Value(value, status, year, "calculée", note)
