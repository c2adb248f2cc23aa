"""Inequality inside a territory of the snapshot: between its communes, and of its QPV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.comparison_references import inhabitants_2020, members, qpv_codes
from clsm_map.analysis.comparison_values import is_count, level_refusal, value_of, year_for
from clsm_map.analysis.inequality import (
    Inequality,
    QpvGap,
    between_communes,
    qpv_against_rest,
    share_in_qpv,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN
from clsm_map.domain.territories import FRANCE

if TYPE_CHECKING:
    from clsm_map.analysis.comparison_references import IndicatorTables
    from clsm_map.domain.indicators import Indicator
    from clsm_map.domain.territories import Level, Territory


def inequality_of(
    tables: IndicatorTables, territory: Territory, indicateur: str, annee: int | None = None
) -> Inequality:
    """Measure how far the communes of a territory differ on an indicator.

    Parameters
    ----------
    territory : Territory
        EPCI, département, région or France.
    indicateur : str
        One that is given for communes and is not a number of things.
    annee : int or None, optional
        The latest by default.

    Returns
    -------
    Inequality
        Communes weighted by their inhabitants.

    Raises
    ------
    InvalidInputError
        The indicator does not exist, is a number of things, or is not given for communes.
    """
    indicator = _indicator(tables, indicateur)
    if "commune" not in indicator.niveaux:
        raise InvalidInputError(level_refusal(indicator, "commune"))
    if is_count(indicator):
        raise InvalidInputError(
            "Un nombre dépend de la taille de la commune : sa dispersion n’a pas de sens ici."
        )
    year = year_for(tables, indicator, "commune", annee)
    communes = members(tables, "commune", territory)
    rows = communes.merge(tables.indicator(indicateur, "commune", year), on="code", how="left")
    rows["statut"] = rows["statut"].fillna("manquant")
    population = communes.set_index("code")["population"].astype(float)
    return between_communes(rows[["code", "valeur", "statut"]], population)


def qpv_share_of(tables: IndicatorTables, territory: Territory) -> float:
    """Give the share of a territory's inhabitants who live in a QPV of 2024, %.

    Inhabitants of the QPV and of the territory are those of the census of 2020.

    Parameters
    ----------
    territory : Territory
        Commune, EPCI, département, région or France; a QPV over several communes counts whole in
        each of them, in one EPCI only.

    Returns
    -------
    float
        Missing when the population of a QPV, or of the territory, is not known.
    """
    qpv = pd.DataFrame(tables.qpv)
    mine = qpv.loc[qpv["code"].isin(qpv_codes(tables, territory)), "population"]
    return share_in_qpv(mine.astype(float), inhabitants_2020(tables, territory))


def qpv_gap_of(
    tables: IndicatorTables, territory: Territory, indicateur: str = "taux_pauvrete"
) -> QpvGap:
    """Compare a rate in the QPV of a territory with the rest of it.

    Parameters
    ----------
    territory : Territory
        One at whose level the rate is given.
    indicateur : str, optional
        A percentage given for QPV too, at the same year.

    Returns
    -------
    QpvGap
        Missing figures, with the reason, when a QPV lies partly outside or a value is unknown.

    Raises
    ------
    InvalidInputError
        The indicator does not exist, is not a percentage, or is not given for QPV or at the level
        of the territory.
    """
    indicator = _indicator(tables, indicateur)
    for level in ("qpv", territory.level):
        if level not in indicator.niveaux:
            raise InvalidInputError(level_refusal(indicator, level))
    if indicator.unite != "%":
        raise InvalidInputError("Seul un pourcentage se compare ainsi.")
    whole = value_of(tables, indicator, territory)
    if year_for(tables, indicator, "qpv", whole.annee) != whole.annee:
        return QpvGap("Les quartiers et le territoire n’ont pas de valeur pour la même année.")
    codes = qpv_codes(tables, territory)
    if _straddles(tables, territory, codes):
        return QpvGap(
            "Un des quartiers s’étend hors du territoire : sa part à l’intérieur n’est pas connue."
        )
    values = tables.indicator(indicateur, "qpv", whole.annee)
    known = values["valeur"].where(values["statut"].isin(GIVEN))
    qpv = pd.DataFrame(tables.qpv)[["code", "population"]]
    rows = qpv.loc[qpv["code"].isin(codes)].merge(
        pd.DataFrame({"code": values["code"], "valeur": known}), on="code", how="left"
    )
    return qpv_against_rest(rows, whole.valeur, inhabitants_2020(tables, territory))


def years_of(tables: IndicatorTables, indicateur: str, level: Level) -> pd.DataFrame:
    """Stack the years of an indicator at a level, for `clsm_map.analysis.distribution.trend`.

    Returns
    -------
    DataFrame
        ``code, annee, valeur, statut``.

    Raises
    ------
    InvalidInputError
        The indicator does not exist, is not given at that level, or has fewer than two years.
    """
    indicator = _indicator(tables, indicateur)
    if level not in indicator.niveaux:
        raise InvalidInputError(level_refusal(indicator, level))
    years = tables.years(indicateur, level)
    if len(years) < 2:
        raise InvalidInputError("Cet indicateur n’est connu que pour une année : pas d’évolution.")
    parts = [tables.indicator(indicateur, level, year).assign(annee=year) for year in years]
    return pd.concat(parts, ignore_index=True)[["code", "annee", "valeur", "statut"]]


def departement_of(tables: IndicatorTables, level: Level) -> pd.Series:
    """Give the only département of each territory of a level, by code; empty when it has several.

    Parameters
    ----------
    level : Level
        An EPCI over several départements counts in that of most of its inhabitants.
    """
    if level == "france":
        return pd.Series("", index=pd.Index([FRANCE.code]))
    departements = tables.departements.set_index("code")
    if level == "departement":
        return pd.Series(departements.index, index=departements.index)
    if level == "region":
        codes = departements.index.to_series().groupby(departements["region"]).agg(list)
        return codes.map(lambda held: held[0] if len(held) == 1 else "")
    frame: pd.DataFrame = {
        "qpv": tables.qpv, "commune": tables.communes_all,
        "arrondissement": tables.arrondissements, "epci": tables.intercommunalites,
    }[level]  # fmt: skip
    return pd.Series(frame["departement"].to_numpy(), index=pd.Index(frame["code"]))


def _indicator(tables: IndicatorTables, indicateur: str) -> Indicator:
    if indicateur not in tables.indicators:
        raise InvalidInputError(f"Indicateur inconnu : {indicateur}.")
    return tables.indicators[indicateur]


def _straddles(tables: IndicatorTables, territory: Territory, codes: pd.Series) -> bool:
    if territory.level == "france":
        return False
    inside = _communes(tables, territory)
    communes = tables.qpv.loc[tables.qpv["code"].isin(codes), "communes"].str.split(";").explode()
    return not communes.isin(inside).all()


def _communes(tables: IndicatorTables, territory: Territory) -> set[str]:
    if territory.level in {"commune", "arrondissement"}:
        own = {territory.code}
    else:
        own = set(members(tables, "commune", territory)["code"])
    former = tables.anciennes_communes
    return own | set(former.loc[former["commune"].isin(own), "code"])
