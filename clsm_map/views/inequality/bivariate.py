"""Need against coverage, territory by territory, for a map of both at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.comparison.values import is_count, level_refusal, year_for
from clsm_map.analysis.coverage import Coverage, status_counts
from clsm_map.analysis.distribution import Bivariate, bivariate
from clsm_map.analysis.ground import level_codes
from clsm_map.analysis.harvest import harvest_title
from clsm_map.analysis.need import NeedIndex
from clsm_map.domain.devices import COVERED, TOUCHED
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, Indicator
from clsm_map.domain.selection import MapLevel
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.formats import NBSP, NNBSP, count, number, percent, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of
from clsm_map.views.choropleth import Scope, scope_of
from clsm_map.views.inequality.index import absent_overseas_text

NEED_LABELS: Final = ("besoin bas", "besoin moyen", "besoin élevé")
COVERAGE_LABELS: Final = ("aucun habitant", "une partie", "tous les habitants")
AMONG_QPV: Final = "parmi les quartiers prioritaires"
INDEX_NAME: Final = "Indice de besoin des QPV"
_NAMED: Final = 4
MIN_SCORED: Final = 0.8
"""Share of the inhabitants of its QPV that must have a score for a territory to have a mean."""


@dataclass(frozen=True, eq=False)
class NeedCoverage:
    """Territories by need and by coverage of their QPV.

    Attributes
    ----------
    indicator : Indicator or None
        What need is measured by; ``None``: the need index, averaged over the QPV of the territory
        by inhabitants.
    scope : Scope
        Level and codes shown.
    classes : Bivariate
        Classes of all the territories of the level in France, so that two views compare.
    frame : pandas.DataFrame
        ``code, nom, qpv, habitants, besoin`` (as published)``, couverture`` (%)``, classe_besoin,
        classe_couverture``: the territories shown; classes missing where there is no QPV or no
        value; ``couverts, avec_partiels, estimes``, inhabitants covered
        (RP 2020). With the index: ``qpv_notes``, QPV that have a score, ``part_notee``, share of
        the inhabitants of the QPV that they hold (under `MIN_SCORED` the need is not known), and
        ``outre_mer``.
    absents : tuple of str
        Components of the index, by their labels, that no QPV of the overseas has a value for.
    """

    coverage: Coverage
    indicator: Indicator | None
    year: int | None
    territory: Territory
    scope: Scope
    classes: Bivariate
    frame: pd.DataFrame
    absents: tuple[str, ...] = ()

    @property
    def need_labels(self) -> tuple[str, str, str]:
        """Name the three classes of need; the index only compares quartiers with each other."""
        if self.indicator:
            return NEED_LABELS
        low, middle, high = (f"{label} {AMONG_QPV}" for label in NEED_LABELS)
        return low, middle, high

    @property
    def classes_title(self) -> str:
        """Say what the classes are of."""
        if self.indicator:
            return "Besoin, et part des habitants de QPV couverts"
        return f"Besoin {AMONG_QPV}, et part de leurs habitants couverts"

    @property
    def need_name(self) -> str:
        """What need is measured by."""
        return self.indicator.libelle_court if self.indicator else INDEX_NAME

    @property
    def title(self) -> str:
        """What and where; that coverage is the harvest's."""
        plural = LEVEL_LABELS[self.scope.level][1]
        title = f"Besoin et couverture par un {self.coverage.type}, {self.territory.nom} ({plural})"
        return harvest_title(title, self.coverage, self.territory)

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
            f"{self.need_text(high)} (chaque tiers réunit environ un tiers des habitants des "
            f"quartiers prioritaires de France{NNBSP}; {more}). Couverture{NBSP}: habitants des "
            f"QPV couverts par un {self.coverage.type} actif recensé, ceux des QPV couverts en "
            f"partie comptant pour leur part de surface{NNBSP}; «{NBSP}une "
            f"partie{NBSP}» va de 1 à 99 %."
        )

    @property
    def finding(self) -> str:
        """State how many territories have a high need and no coverage, with their inhabitants."""
        both = self.frame.loc[(self.position == 6).to_numpy()]
        type_ = self.coverage.type
        nouns = LEVEL_LABELS[self.scope.level]
        if both.empty:
            return (
                f"{self.territory.nom}{NBSP}: aucun territoire de cet échelon ne cumule un "
                f"{self.need_labels[2]} et l’absence de tout habitant de QPV couvert par un "
                f"{type_} actif recensé."
            )
        people = float(both["habitants"].sum())
        classed = int((self.position < 9).sum())
        return (
            f"{self.territory.nom}{NBSP}: {count(len(both), *nouns)} sur {number(classed)} "
            f"{'ont' if len(both) > 1 else 'a'} un {self.need_labels[2]} et aucun habitant de "
            f"QPV couvert par un {type_} actif recensé, soit {number(people)} habitants de "
            "quartiers prioritaires."
        )

    def table(self) -> pd.DataFrame:
        """Give the map as a table: high need and low coverage first.

        Inhabitants covered have three columns: two bounds, and the estimate that the map colours.
        """
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
                "Besoin": _words(rows["classe_besoin"], self.need_labels),
                "Couverture": _words(rows["classe_couverture"], COVERAGE_LABELS),
                "Habitants couverts selon la surface (%)": rows["couverture"].round(),
                "QPV": rows["qpv"],
                "Habitants des QPV (RP 2020)": rows["habitants"],
                "Couverts en entier": rows["couverts"],
                "Avec les QPV couverts en partie": rows["avec_partiels"],
                "Estimés selon la surface": rows["estimes"],
            }
        )

    @property
    def unknown(self) -> str:
        """Say which territories have no known need although they have QPV, and why; else empty."""
        if self.indicator is not None:
            return ""
        rows = self.frame.loc[
            self.frame["habitants"].gt(0) & self.frame["part_notee"].lt(MIN_SCORED)
        ]
        if rows.empty:
            return ""
        rows = rows.sort_values(["habitants", "code"], ascending=[False, True])
        named = [_scored(row) for row in rows.head(_NAMED).to_dict("records")]
        left = len(rows) - len(named)
        more = f" et {number(left)} autre{'s' if left > 1 else ''}" if left else ""
        said = (
            f"Besoin inconnu, faute d’indice pour 80{NBSP}% des habitants de leurs "
            f"quartiers{NBSP}: {', '.join(named)}{more}."
        )
        if not rows["outre_mer"].eq(True).any():
            return said
        return f"{said} {absent_overseas_text(self.absents)}".strip()

    def row_text(self, code: str) -> str:
        """Write one line on a territory shown; empty when it is not."""
        found = self.frame.loc[self.frame["code"] == code]
        if found.empty:
            return ""
        row = found.iloc[0]
        if pd.isna(row["couverture"]):
            return f"{row['nom']}{NBSP}: pas de quartier prioritaire à population connue."
        if pd.isna(row["besoin"]):
            whole = str(row["nom"]) if self.indicator else _scored(row.to_dict())
            return (
                f"{whole}{NBSP}: besoin inconnu, {percent(float(row['couverture']), 0)} des "
                f"{number(float(row['habitants']))} habitants de QPV couverts."
            )
        return (
            f"{row['nom']}{NBSP}: {self.need_name} {self.need_text(float(row['besoin']))}, "
            f"{percent(float(row['couverture']), 0)} des {number(float(row['habitants']))} "
            "habitants de QPV couverts."
        )


def _scored(row: dict[Any, Any]) -> str:
    scored, total = int(row["qpv_notes"]), int(row["qpv"])
    share = percent(100 * float(row["part_notee"]), 0)
    return f"{row['nom']} ({number(scored)} QPV sur {number(total)}, {share} des habitants)"


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
    level : MapLevel
        ``departement`` or ``epci``; see `map_levels`.
    need : NeedIndex or str
        The index of the QPV, or an indicator given at this level.

    Raises
    ------
    InvalidInputError
        The indicator is not given at this level, has no direction, or has too few values.
    """
    qpv = coverage.ground.qpv
    counted = status_counts(coverage.status, qpv, level)
    whole = counted.groupby("code")[["qpv", "habitants"]].sum()
    covered = _covered(counted)
    people = whole["habitants"].astype(float)
    share = (100 * covered["estimes"] / people).where(people > 0)
    indicator, year = None, None
    scored = pd.DataFrame(columns=["moyenne", "part", "qpv", "outre_mer"], dtype=float)
    absent: tuple[str, ...] = ()
    if isinstance(need, NeedIndex):
        scored = _mean_index(need, qpv, level)
        besoin = oriented = scored["moyenne"].where(scored["part"] >= MIN_SCORED)
        absent = tuple(snapshot.indicators[i].libelle_court for i in need.absent_overseas)
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
    table = frame_of(snapshot, level)
    codes = pd.Index(table["code"])
    found = bivariate(oriented.reindex(codes), share.reindex(codes), people.reindex(codes))
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
    for name, column in covered.items():
        frame[str(name)] = frame["code"].map(column.where(people > 0))
    frame["qpv_notes"] = frame["code"].map(scored["qpv"])
    frame["outre_mer"] = frame["code"].map(scored["outre_mer"])
    frame["part_notee"] = frame["code"].map(scored["part"])
    shown = frame.loc[frame["code"].isin(scope.codes)].reset_index(drop=True)
    return NeedCoverage(coverage, indicator, year, territory, scope, found, shown, absent)


def _covered(counted: pd.DataFrame) -> pd.DataFrame:
    """Count the inhabitants of the QPV of each territory that active devices cover.

    By code: ``couverts``, in the QPV covered whole; ``avec_partiels``, also in those covered in
    part; ``estimes``, these counting for the share of their area.
    """
    strict = counted["habitants"].where(counted["statut"].isin(COVERED.statuses), 0)
    most = counted["habitants"].where(counted["statut"].isin(TOUCHED.statuses), 0)
    estimated = counted["habitants_estimes"]
    rows = pd.DataFrame({"couverts": strict, "avec_partiels": most, "estimes": estimated})
    return rows.groupby(counted["code"]).sum()


def map_levels(snapshot: Snapshot, territory: Territory) -> list[MapLevel]:
    """List the levels of the map for a territory: départements and EPCI, or EPCI alone."""
    wide: list[MapLevel] = ["epci", "departement"]
    parent = scope_of(snapshot, territory, "epci").parent
    return wide if parent.level in {"france", "region"} else ["epci"]


def _mean_index(need: NeedIndex, qpv: pd.DataFrame, level: MapLevel) -> pd.DataFrame:
    """Average the scores of the QPV of each territory by inhabitants.

    ``moyenne``; ``part``, share of the inhabitants known whose QPV has a score; ``qpv``, how many
    have one; ``outre_mer``, whether they are of the overseas.
    """
    scores = qpv["code"].map(need.scores["score"]).astype(float)
    people = qpv["population"].astype(float).fillna(0.0)
    rows = pd.DataFrame(
        {
            "code": level_codes(qpv, level),
            "all": people,
            "w": people.where(scores.notna(), 0.0),
            "x": (scores * people).fillna(0.0),
            "qpv": scores.notna().astype(int),
            "overseas": qpv["code"].str[2:4].isin(["97", "98"]).astype(int),
        }
    )
    sums = rows.groupby("code").sum()
    return pd.DataFrame(
        {
            "moyenne": sums["x"] / sums["w"].replace(0, np.nan),
            "part": sums["w"] / sums["all"].replace(0, np.nan),
            "qpv": sums["qpv"],
            "outre_mer": sums["overseas"] > 0,
        }
    )


def _words(ranks: pd.Series, labels: tuple[str, ...]) -> list[str]:
    return ["–" if pd.isna(rank) else labels[int(rank) - 1] for rank in ranks]
