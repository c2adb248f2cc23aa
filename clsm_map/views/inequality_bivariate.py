"""Need against coverage, territory by territory, for a map of both at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from clsm_map.analysis.bivariate import Bivariate, bivariate
from clsm_map.analysis.comparison_values import is_count, level_refusal, year_for
from clsm_map.analysis.coverage import Coverage, status_counts
from clsm_map.analysis.need_index import NeedIndex
from clsm_map.analysis.scope import level_codes
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, Indicator
from clsm_map.domain.terms import MapLevel
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.formats import NBSP, NNBSP, count, number, percent, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.indicators import level_table
from clsm_map.views.scope import Scope, scope_of

NEED_LABELS: Final = ("besoin bas", "besoin moyen", "besoin élevé")
COVERAGE_LABELS: Final = ("aucun habitant", "une partie", "tous les habitants")
INDEX_NAME: Final = "Indice de besoin des QPV"


@dataclass(frozen=True, eq=False)
class NeedCoverage:
    """Territories by need and by coverage of their QPV.

    Attributes
    ----------
    coverage : Coverage
    indicator : Indicator or None
        What need is measured by; ``None``: the need index, averaged over the QPV of the territory
        by inhabitants.
    year : int or None
    territory : Territory
    scope : Scope
        Level and codes shown.
    classes : Bivariate
        Classes of all the territories of the level in France, so that two views compare.
    frame : pandas.DataFrame
        ``code, nom, qpv, habitants, besoin`` (as published)``, couverture`` (%)``, classe_besoin,
        classe_couverture``: the territories shown; classes missing where there is no QPV or no
        value.
    """

    coverage: Coverage
    indicator: Indicator | None
    year: int | None
    territory: Territory
    scope: Scope
    classes: Bivariate
    frame: pd.DataFrame

    @property
    def need_name(self) -> str:
        """What need is measured by."""
        return self.indicator.libelle_court if self.indicator else INDEX_NAME

    @property
    def title(self) -> str:
        """What and where."""
        plural = LEVEL_LABELS[self.scope.level][1]
        return f"Besoin et couverture par un {self.coverage.type}, {self.territory.nom} ({plural})"

    def need_text(self, value: float) -> str:
        """Write a value of need."""
        if self.indicator is None:
            return number(value, 1)
        return with_unit(value, self.indicator.unite, self.indicator.decimales)

    @cached_property
    def position(self) -> pd.Series:
        """Rank of the class of each territory by code: 3 × need + coverage, 9 when missing."""
        need = self.frame["classe_besoin"].astype(float) - 1
        cover = self.frame["classe_couverture"].astype(float) - 1
        found = (3 * need + cover).fillna(9).astype(int)
        return found.set_axis(pd.Index(self.frame["code"]))

    @property
    def counts(self) -> tuple[tuple[int, ...], ...]:
        """Territories shown in each class: a row by need, a column by coverage."""
        sizes = self.position.value_counts()
        return tuple(tuple(int(sizes.get(3 * i + j, 0)) for j in range(3)) for i in range(3))

    @property
    def unclassed(self) -> int:
        """Territories shown without a class."""
        return int((self.position == 9).sum())

    @property
    def edges_text(self) -> str:
        """Say the thresholds of need."""
        low, high = self.classes.seuils_besoin
        favourable = self.indicator is not None and self.indicator.sens == "plus_favorable"
        if favourable:
            low, high = -high, -low
        more = "plus bas, plus de besoin" if favourable else "plus haut, plus de besoin"
        return (
            f"Besoin{NBSP}: {self.need_name}, seuils {self.need_text(low)} et "
            f"{self.need_text(high)} (tiers des territoires de France de cet échelon{NNBSP}; "
            f"{more}). Couverture{NBSP}: habitants des QPV couverts en entier par un "
            f"{self.coverage.type} actif recensé{NNBSP}; «{NBSP}une partie{NBSP}» va de 1 à 99 %."
        )

    @property
    def finding(self) -> str:
        """State how many territories have a high need and no coverage, with their inhabitants."""
        both = self.frame.loc[(self.position == 6).to_numpy()]
        type_ = self.coverage.type
        nouns = LEVEL_LABELS[self.scope.level]
        if both.empty:
            return (
                f"{self.territory.nom}{NBSP}: aucun territoire de cet échelon ne cumule un besoin "
                f"élevé et l’absence de tout habitant de QPV couvert par un {type_} actif recensé."
            )
        people = float(both["habitants"].sum())
        classed = int((self.position < 9).sum())
        return (
            f"{self.territory.nom}{NBSP}: {count(len(both), *nouns)} sur {number(classed)} "
            f"{'ont' if len(both) > 1 else 'a'} un besoin élevé et aucun habitant de QPV couvert "
            f"par un {type_} actif recensé, soit {number(people)} habitants de quartiers "
            "prioritaires."
        )

    def table(self) -> pd.DataFrame:
        """Give the map as a table: high need and low coverage first."""
        need = self.frame["classe_besoin"].astype(float)
        cover = self.frame["classe_couverture"].astype(float)
        order = pd.DataFrame({"n": -need, "c": cover, "h": -self.frame["habitants"]})
        rows = self.frame.loc[order.sort_values(["n", "c", "h"]).index]
        unit = f" ({self.indicator.unite})" if self.indicator and self.indicator.unite else ""
        digits = self.indicator.decimales if self.indicator else 1
        return pd.DataFrame(
            {
                "Territoire": rows["nom"],
                "Code": rows["code"],
                f"{self.need_name}{unit}": rows["besoin"].round(digits),
                "Besoin": _words(rows["classe_besoin"], NEED_LABELS),
                "Habitants des QPV couverts (%)": rows["couverture"].round(1),
                "Couverture": _words(rows["classe_couverture"], COVERAGE_LABELS),
                "QPV": rows["qpv"],
                "Habitants des QPV (RP 2020)": rows["habitants"],
            }
        )

    def row_text(self, code: str) -> str:
        """Write one line on a territory shown; empty when it is not."""
        found = self.frame.loc[self.frame["code"] == code]
        if found.empty:
            return ""
        row = found.iloc[0]
        if pd.isna(row["couverture"]):
            return f"{row['nom']}{NBSP}: pas de quartier prioritaire à population connue."
        return (
            f"{row['nom']}{NBSP}: {self.need_name} {self.need_text(float(row['besoin']))}, "
            f"{percent(float(row['couverture']))} des {number(float(row['habitants']))} habitants "
            f"de QPV couverts."
        )


def need_indicators(snapshot: Snapshot, level: MapLevel) -> list[str]:
    """List the indicators of need that a level has: rates and indices with a direction."""
    return [
        i.id
        for i in snapshot.indicators.values()
        if level in i.niveaux and i.sens != "neutre" and not is_count(i)
    ]


def need_coverage(
    snapshot: Snapshot,
    coverage: Coverage,
    territory: Territory,
    level: MapLevel,
    need: NeedIndex | str,
) -> NeedCoverage:
    """Class territories by need and coverage.

    Parameters
    ----------
    snapshot : Snapshot
    coverage : Coverage
    territory : Territory
    level : MapLevel
        ``departement`` or ``epci``; see `map_levels`.
    need : NeedIndex or str
        The index of the QPV, or an indicator given at this level.

    Returns
    -------
    NeedCoverage

    Raises
    ------
    InvalidInputError
        The indicator is not given at this level, has no direction, or has too few values.
    """
    qpv = coverage.ground.qpv
    counted = status_counts(coverage.status, qpv, level)
    whole = counted.groupby("code")[["qpv", "habitants"]].sum()
    covered = counted.loc[counted["statut"] == "couvert"].groupby("code")["habitants"].sum()
    people = whole["habitants"].astype(float)
    share = (100 * covered.reindex(whole.index).fillna(0) / people).where(people > 0)
    indicator, year = None, None
    if isinstance(need, NeedIndex):
        besoin = _mean_index(need, qpv, level)
        oriented = besoin
    else:
        indicator = snapshot.indicators[need]
        if level not in indicator.niveaux:
            raise InvalidInputError(level_refusal(indicator, level))
        if indicator.sens == "neutre":
            raise InvalidInputError(
                f"« {indicator.libelle} » n’est ni favorable ni défavorable\u202f: ce n’est pas "
                "une mesure de besoin."
            )
        year = year_for(snapshot, indicator, level, None)
        rows = snapshot.indicator(need, level, year)
        known = rows["valeur"].where(rows["statut"].isin(GIVEN))
        besoin = known.set_axis(pd.Index(rows["code"])).astype(float)
        oriented = besoin if indicator.sens == "plus_defavorable" else -besoin
    table = level_table(snapshot, level)
    codes = pd.Index(table["code"])
    found = bivariate(oriented.reindex(codes), share.reindex(codes))
    scope = scope_of(snapshot, territory, level)
    frame = table[["code", "nom"]].merge(
        found.classes[["code", "couverture", "classe_besoin", "classe_couverture"]], on="code"
    )
    both = frame["classe_besoin"].notna() & frame["classe_couverture"].notna()
    frame["classe_besoin"] = frame["classe_besoin"].where(both)
    frame["classe_couverture"] = frame["classe_couverture"].where(both)
    frame["besoin"] = frame["code"].map(besoin).astype(float)
    frame["qpv"] = frame["code"].map(whole["qpv"]).fillna(0).astype(int)
    frame["habitants"] = frame["code"].map(people)
    shown = frame.loc[frame["code"].isin(scope.codes)].reset_index(drop=True)
    return NeedCoverage(coverage, indicator, year, territory, scope, found, shown)


def map_levels(snapshot: Snapshot, territory: Territory) -> list[MapLevel]:
    """List the levels of the map for a territory: départements and EPCI, or EPCI alone."""
    wide: list[MapLevel] = ["epci", "departement"]
    parent = scope_of(snapshot, territory, "epci").parent
    return wide if parent.level in {"france", "region"} else ["epci"]


def _mean_index(need: NeedIndex, qpv: pd.DataFrame, level: MapLevel) -> pd.Series:
    """Average the scores of the QPV of each territory by inhabitants."""
    scores = qpv["code"].map(need.scores["score"]).astype(float)
    people = qpv["population"].astype(float)
    known = scores.notna() & people.gt(0)
    sums = pd.DataFrame(
        {"code": level_codes(qpv, level), "w": people.where(known, 0.0), "x": scores * people}
    )
    grouped = sums.groupby("code")
    total = grouped["w"].sum()
    return (grouped["x"].sum() / total.replace(0, np.nan)).astype(float)


def _words(ranks: pd.Series, labels: tuple[str, ...]) -> list[str]:
    return ["–" if pd.isna(rank) else labels[int(rank) - 1] for rank in ranks]
