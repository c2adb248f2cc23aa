"""Which QPV and which communes a territory holds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from clsm_map.analysis.ground import Ground, Hierarchy
    from clsm_map.domain.territories import Territory


def qpv_in(qpv: pd.DataFrame, territory: Territory) -> pd.Series:
    """Tell which QPV lie in a territory that the register of QPV gives each of them.

    ``qpv``: ``code, communes`` (codes joined by ``;``), ``epci, intercommunalite, departement,
      region``.
    ``territory``: any level; what a commune holds is asked of `qpv_of`, for here only its own code
      in the register counts. At level ``epci``, the SIREN of an EPCI, of an EPT or of the Métropole
      du Grand Paris, or ``75056`` for Paris: a QPV over several (17 are) is counted in the one that
      the register gives it, so that sums stay whole.

    Gives on the index of ``qpv``.
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

    Gives on the index of ``ground.qpv``.
    """
    if territory.level not in {"commune", "arrondissement"}:
        return qpv_in(ground.qpv, territory)
    units = ground.units.loc[units_in(ground.units, territory), "code"]
    held = ground.qpv_communes["commune"].isin([territory.code, *units])
    return ground.qpv["code"].isin(ground.qpv_communes.loc[held, "qpv"].unique())


def units_in(units: pd.DataFrame, territory: Territory) -> pd.Series:
    """Tell which units lie in a territory.

    ``territory``: any level but ``qpv``; a commune holds its former communes or its
      arrondissements.

    Gives on the index of ``units``.
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

    ``frame``: QPV or units: ``intercommunalite, departement, region``.
    ``level``: ``france`` (code ``FR``), ``region``, ``departement`` or ``epci`` (the EPT, or
      ``75056`` for Paris, inside the Métropole du Grand Paris).

    Gives on the index of ``frame``. Polynésie française and Saint-Martin, which lie in no région,
    keep their own code (``987``, ``978``) at level ``region`` so that sums stay whole; missing
    where there is no intercommunalité.
    """
    if level == "france":
        return pd.Series("FR", index=frame.index, dtype="str")
    if level == "epci":
        return frame["intercommunalite"]
    if level == "region":
        return frame["region"].fillna(frame["departement"])
    return frame[level]


_LEVELS = ("commune", "epci", "departement", "region")


def complete_qpv(
    completude: pd.DataFrame,
    type_: str,
    on: dt.date,
    qpv: pd.DataFrame,
    qpv_communes: pd.DataFrame,
    hierarchy: Hierarchy,
) -> frozenset[str]:
    """List the QPV where the register is declared complete for a type on a date.

    A commune of a QPV is declared when a declaration of that type, dated on or before ``on``,
    names France, its région, its département, its EPCI (or EPT), the commune itself, or the
    commune it belongs to (city of an arrondissement, parent of a former commune). A QPV is
    declared when **all** its communes are: knowing half of a QPV is not knowing it. A declaration
    without a readable date counts for nothing. Withdrawing one is removing its line.

    ``completude``: ``type, niveau`` (``commune``, ``epci``, ``departement``, ``region``,
      ``france``), ``code, auteur, date, note``.
    ``type_``: ``CLSM``, ``ASV`` or ``CLS``.
    ``qpv``: ``code, epci, intercommunalite, departement, region``; used for communes that the
      hierarchy does not hold (Polynésie française, Saint-Martin).
    ``qpv_communes``: ``qpv, commune``.
    """
    valid = _valid(completude, type_, on)
    if valid.empty:
        return frozenset()
    if (valid["niveau"] == "france").any():
        return frozenset(qpv["code"])

    ancestors = ["epci", "intercommunalite", "departement", "region"]
    units = hierarchy.units[["code", "commune", *ancestors]]
    units = units.rename(columns={"code": "unit", "commune": "parent"})
    rows = qpv_communes[["qpv", "commune"]].merge(
        units, left_on="commune", right_on="unit", how="left"
    )
    own = qpv.set_index("code")[ancestors].reindex(rows["qpv"]).set_axis(rows.index)
    rows[ancestors] = rows[ancestors].fillna(own)
    rows = rows.rename(columns={"commune": "code", "parent": "commune"})
    whole = _declared(rows, valid).groupby(rows["qpv"]).all()
    return frozenset(whole.index[whole])


def is_complete(
    completude: pd.DataFrame, type_: str, on: dt.date, territory: Territory, hierarchy: Hierarchy
) -> bool:
    """Tell whether the register is declared complete for a type in a whole territory.

    Every commune of the territory must be declared, as in `complete_qpv`: by France, its région,
    its département, its EPCI or itself. Eleven of the twelve départements of a région are not
    the région.

    ``type_``: ``CLSM``, ``ASV`` or ``CLS``.
    ``territory``: any level but ``qpv``.
    """
    valid = _valid(completude, type_, on)
    if valid.empty:
        return False
    if (valid["niveau"] == "france").any():
        return True
    units = hierarchy.units.loc[units_in(hierarchy.units, territory)]
    return len(units) > 0 and bool(_declared(units, valid).all())


def _valid(completude: pd.DataFrame, type_: str, on: dt.date) -> pd.DataFrame:
    dates = pd.to_datetime(completude["date"], format="ISO8601", errors="coerce")
    return completude.loc[(completude["type"] == type_) & (dates <= pd.Timestamp(on))]


def _declared(rows: pd.DataFrame, valid: pd.DataFrame) -> pd.Series:
    """Tell which communes (``code``, ``commune`` they belong to, and ancestors) are declared."""
    declared = {level: set(valid.loc[valid["niveau"] == level, "code"]) for level in _LEVELS}
    found = rows["code"].isin(declared["commune"]) | rows["commune"].isin(declared["commune"])
    found |= rows["epci"].isin(declared["epci"])
    found |= rows["intercommunalite"].isin(declared["epci"])
    found |= rows["departement"].isin(declared["departement"])
    found |= rows["region"].isin(declared["region"])
    return found
