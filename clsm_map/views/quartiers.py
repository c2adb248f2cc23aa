"""The QPV that a selection keeps, with the status of each, and the counts that go with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.ground import qpv_of
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.selection import MapLevel, QpvFilter, Range
from clsm_map.domain.territories import PLM, Territory
from clsm_map.formats import NBSP, number, percent
from clsm_map.store.snapshot import Snapshot

POVERTY = "taux_pauvrete"
EMPLOYMENT = "taux_emploi"


@dataclass(frozen=True, slots=True)
class Quartiers:
    """QPV of a territory, filtered.

    Attributes
    ----------
    territory : Territory
        Where.
    frame : pandas.DataFrame
        One row per QPV kept: ``code, nom, noms_communes, communes, epci, intercommunalite,
        departement, region, habitants, pauvrete, emploi, evolution, statut, part_couverte,
        n_communes, n_communes_couvertes, dispositifs, longitude, latitude``.
    total : int
        QPV of the territory before filtering.
    """

    territory: Territory
    frame: pd.DataFrame
    total: int

    @property
    def inhabitants(self) -> float:
        """Known inhabitants of the QPV kept (RP 2020)."""
        return float(self.frame["habitants"].sum())

    @property
    def without_population(self) -> int:
        """QPV kept whose population is not published."""
        return int(self.frame["habitants"].isna().sum())

    def by_status(self) -> pd.DataFrame:
        """Count QPV and known inhabitants for the six statuses, in their order.

        Returns
        -------
        pandas.DataFrame
            Columns ``statut, qpv, habitants``.
        """
        grouped = self.frame.groupby("statut", observed=False)["habitants"]
        table = pd.DataFrame({"qpv": grouped.size(), "habitants": grouped.sum()})
        return table.reindex(list(STATUSES), fill_value=0).rename_axis("statut").reset_index()

    def inside(self, level: MapLevel, code: str) -> pd.DataFrame:
        """Give the QPV kept that lie, in whole or in part, in one territory of the map."""
        if level == "commune":
            listed = (";" + self.frame["communes"] + ";").str.contains(f";{code};", regex=False)
            return self.frame[listed]
        column = "intercommunalite" if level == "epci" else level
        return self.frame[self.frame[column] == code]


def quartiers(
    snapshot: Snapshot, coverage: Coverage, territory: Territory, kept: QpvFilter
) -> Quartiers:
    """Give the QPV of a territory that a filter keeps.

    Parameters
    ----------
    coverage : Coverage
        Statuses for one device type and one date.
    """
    everywhere = qpv_table(snapshot, coverage)
    inside = coverage.ground.qpv.loc[qpv_of(coverage.ground, territory), "code"]
    here = everywhere[everywhere["code"].isin(inside)]
    return Quartiers(
        territory, here[filter_mask(here, kept)].reset_index(drop=True), total=len(here)
    )


@lru_cache(maxsize=16)
def qpv_table(snapshot: Snapshot, coverage: Coverage) -> pd.DataFrame:
    """Join the QPV of France with their status and the two rates that filters use.

    The table is kept for the latest coverages: callers never change it.
    """
    qpv = pd.DataFrame(snapshot.qpv.drop(columns="geometry")).rename(
        columns={"population": "habitants"}
    )
    status = coverage.status.rename(columns={"qpv": "code"})
    table = qpv.merge(status, on="code", validate="1:1")
    for name, indicator in (("pauvrete", POVERTY), ("emploi", EMPLOYMENT)):
        values = snapshot.indicator(indicator, "qpv")[["code", "valeur"]]
        table = table.merge(
            values.rename(columns={"valeur": name}), on="code", how="left", validate="1:1"
        )
    table["statut"] = pd.Categorical(table["statut"], categories=list(STATUSES))
    return table


def part_words(row: Mapping[Any, Any], communes: str) -> str:
    """Say which part of a QPV is covered: "1 commune sur 4, environ 89 % de la surface".

    Parameters
    ----------
    row : mapping
        ``statut, part_couverte, n_communes, n_communes_couvertes``: see
        `clsm_map.analysis.coverage.status_of`.
    communes : str
        Codes of its communes, ``;`` between two.

    Returns
    -------
    str
        Empty unless the QPV is covered in part. The share is an estimate on generalised contours,
        never rounded to none nor to the whole.
    """
    if row["statut"] != "couvert_en_partie":
        return ""
    cities = {code.strip() in PLM for code in communes.split(";")}
    noun = "arrondissement" if cities == {True} else "commune"
    if len(cities) > 1:
        noun = "commune ou arrondissement"
    held, parts = int(row["n_communes_couvertes"]), int(row["n_communes"])
    nouns = noun if held < 2 else " ou ".join(f"{word}s" for word in noun.split(" ou "))
    text = f"{number(held)}{NBSP}{nouns} sur {number(parts)}"
    share = float(row["part_couverte"])
    if math.isnan(share):
        return f"{text}, surface non connue"
    return f"{text}, {_about(share)} de la surface"


def _about(share: float) -> str:
    if share < 0.01:
        return f"moins de {percent(1, 0)}"
    return f"plus de {percent(99, 0)}" if share > 0.99 else f"environ {percent(100 * share, 0)}"


def departement_of_qpv(snapshot: Snapshot, code: str) -> str:
    """Give the département or collectivité of a QPV."""
    return str(snapshot.qpv.loc[snapshot.qpv["code"] == code, "departement"].iloc[0])


def filter_mask(table: pd.DataFrame, kept: QpvFilter) -> pd.Series:
    """Tell which rows a filter keeps; a bound drops the rows whose value is not known.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``statut, habitants, pauvrete, emploi, evolution, preuve``.

    Returns
    -------
    pandas.Series of bool
        Aligned with ``table``.
    """
    mask = pd.Series(data=True, index=table.index)
    if kept.statuts:
        mask &= table["statut"].isin(kept.statuts)
    if kept.evolutions:
        mask &= table["evolution"].isin(kept.evolutions)
    if kept.preuves:
        mask &= table["preuve"].isin(kept.preuves)
    for name, bounds in (
        ("habitants", kept.habitants),
        ("pauvrete", kept.pauvrete),
        ("emploi", kept.emploi),
    ):
        mask &= _within(table[name], bounds)
    return mask


def _within(values: pd.Series, bounds: Range) -> pd.Series:
    low, high = bounds
    mask = pd.Series(data=True, index=values.index)
    if low is not None:
        mask &= values.ge(low)
    if high is not None:
        mask &= values.le(high)
    return mask
