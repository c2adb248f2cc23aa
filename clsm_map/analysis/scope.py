"""Which QPV and which communes a territory holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Ground
    from clsm_map.domain.territories import Territory


def qpv_in(qpv: pd.DataFrame, territory: Territory) -> pd.Series:
    """Tell which QPV lie in a territory that the register of QPV gives each of them.

    Parameters
    ----------
    qpv : DataFrame
        ``code, communes`` (codes joined by ``;``), ``epci, intercommunalite, departement,
        region``.
    territory : Territory
        Any level; what a commune holds is asked of `qpv_of`, for here only its own code in the
        register counts. At level ``epci``, the SIREN of an EPCI, of an EPT or of the Métropole du
        Grand Paris, or ``75056`` for Paris: a QPV over several (17 are) is counted in the one
        that the register gives it, so that sums stay whole.

    Returns
    -------
    Series of bool
        On the index of ``qpv``.
    """
    code = territory.code
    if territory.level == "france":
        return pd.Series(data=True, index=qpv.index)
    if territory.level == "epci":
        return ((qpv["epci"] == code) | (qpv["intercommunalite"] == code)).fillna(value=False)
    if territory.level in {"departement", "region"}:
        return (qpv[territory.level] == code).fillna(value=False)
    if territory.level == "qpv":
        return qpv["code"] == code
    return (";" + qpv["communes"] + ";").str.contains(f";{code};", regex=False)


def qpv_of(ground: Ground, territory: Territory) -> pd.Series:
    """Tell which QPV are counted in a territory: `qpv_in`, and what communes hold.

    A commune counts the QPV that it holds in whole or in part, those of its former communes and
    arrondissements included; an arrondissement, those that it holds at least 10 % of.

    Parameters
    ----------
    ground : Ground
        Territories and QPV.
    territory : Territory
        Any level.

    Returns
    -------
    Series of bool
        On the index of ``ground.qpv``.
    """
    if territory.level not in {"commune", "arrondissement"}:
        return qpv_in(ground.qpv, territory)
    units = ground.units.loc[units_in(ground.units, territory), "code"]
    held = ground.qpv_communes["commune"].isin([territory.code, *units])
    return ground.qpv["code"].isin(ground.qpv_communes.loc[held, "qpv"].unique())


def units_in(units: pd.DataFrame, territory: Territory) -> pd.Series:
    """Tell which units lie in a territory.

    Parameters
    ----------
    units : DataFrame
        As `clsm_map.analysis.perimeters.Hierarchy.units` gives them.
    territory : Territory
        Any level but ``qpv``; a commune holds its former communes or its arrondissements.

    Returns
    -------
    Series of bool
        On the index of ``units``.
    """
    code = territory.code
    if territory.level == "france":
        return pd.Series(data=True, index=units.index)
    if territory.level == "epci":
        return ((units["epci"] == code) | (units["intercommunalite"] == code)).fillna(value=False)
    if territory.level in {"departement", "region"}:
        return (units[territory.level] == code).fillna(value=False)
    return (units["code"] == code) | (units["commune"] == code)


def level_codes(frame: pd.DataFrame, level: str) -> pd.Series:
    """Give the code of the territory of a level that holds each row.

    Parameters
    ----------
    frame : DataFrame
        QPV or units: ``intercommunalite, departement, region``.
    level : str
        ``france`` (code ``FR``), ``region``, ``departement`` or ``epci`` (the EPT, or ``75056``
        for Paris, inside the Métropole du Grand Paris).

    Returns
    -------
    Series of str
        On the index of ``frame``. Polynésie française and Saint-Martin, which lie in no région,
        keep their own code (``987``, ``978``) at level ``region`` so that sums stay whole;
        missing where there is no intercommunalité.
    """
    if level == "france":
        return pd.Series("FR", index=frame.index, dtype="str")
    if level == "epci":
        return frame["intercommunalite"]
    if level == "region":
        return frame["region"].fillna(frame["departement"])
    return frame[level]
