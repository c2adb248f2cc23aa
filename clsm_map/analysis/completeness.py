"""Where the register of devices is declared complete: a signed and dated fact, never assumed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.scope import units_in

if TYPE_CHECKING:
    from clsm_map.analysis.perimeters import Hierarchy
    from clsm_map.domain.territories import Territory

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

    Parameters
    ----------
    completude : DataFrame
        ``type, niveau`` (``commune``, ``epci``, ``departement``, ``region``, ``france``),
        ``code, auteur, date, note``.
    type_ : str
        ``CLSM``, ``ASV`` or ``CLS``.
    on : date
        The date.
    qpv : DataFrame
        ``code, epci, intercommunalite, departement, region``; used for communes that the
        hierarchy does not hold (Polynésie française, Saint-Martin).
    qpv_communes : DataFrame
        ``qpv, commune``.
    hierarchy : Hierarchy
        The territories.

    Returns
    -------
    frozenset of str
        QPV codes.
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

    Parameters
    ----------
    completude : DataFrame
        As for `complete_qpv`.
    type_ : str
        ``CLSM``, ``ASV`` or ``CLS``.
    on : date
        The date.
    territory : Territory
        Any level but ``qpv``.
    hierarchy : Hierarchy
        The territories.
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
