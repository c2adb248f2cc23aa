"""Where the register of devices is declared complete: a signed and dated fact, never assumed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from clsm_map.analysis.perimeters import Hierarchy

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
    dates = pd.to_datetime(completude["date"], format="ISO8601", errors="coerce")
    valid = completude.loc[(completude["type"] == type_) & (dates <= pd.Timestamp(on))]
    if valid.empty:
        return frozenset()
    if (valid["niveau"] == "france").any():
        return frozenset(qpv["code"])

    declared = {level: set(valid.loc[valid["niveau"] == level, "code"]) for level in _LEVELS}
    ancestors = ["epci", "intercommunalite", "departement", "region"]
    units = hierarchy.units[["code", "commune", *ancestors]]
    units = units.rename(columns={"code": "unit", "commune": "parent"})
    rows = qpv_communes[["qpv", "commune"]].merge(
        units, left_on="commune", right_on="unit", how="left"
    )
    own = qpv.set_index("code")[ancestors].reindex(rows["qpv"]).set_axis(rows.index)
    rows[ancestors] = rows[ancestors].fillna(own)

    found = rows["commune"].isin(declared["commune"]) | rows["parent"].isin(declared["commune"])
    found |= rows["epci"].isin(declared["epci"])
    found |= rows["intercommunalite"].isin(declared["epci"])
    found |= rows["departement"].isin(declared["departement"])
    found |= rows["region"].isin(declared["region"])
    whole = found.groupby(rows["qpv"]).all()
    return frozenset(whole.index[whole])
