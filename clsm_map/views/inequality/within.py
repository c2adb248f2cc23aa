"""Inequality inside a territory: between its communes, and between its QPV and the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clsm_map.analysis.comparison.references import members
from clsm_map.analysis.comparison.values import is_count, year_for
from clsm_map.analysis.comparison.within import inequality_of, qpv_gap_of, qpv_share_of
from clsm_map.analysis.distribution import histogram
from clsm_map.analysis.inequality import Inequality, QpvGap
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, Indicator
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.formats import NBSP, NNBSP, count, number, percent, with_unit
from clsm_map.store.snapshot import Snapshot

WIDE = ("epci", "departement", "region", "france")


@dataclass(frozen=True, eq=False)
class Within:
    """How far the communes of a territory differ on an indicator, and its QPV from the rest.

    Attributes
    ----------
    bins : pandas.DataFrame
        ``debut, fin, habitants, communes``.
    share_in_qpv : float
        Share of the inhabitants in a QPV, %; missing when it cannot be known.
    poverty : QpvGap or None
        Poverty in the QPV and in the rest; ``None`` where the rate is not given at this level.
    """

    territory: Territory
    indicator: Indicator
    year: int | None
    figures: Inequality
    bins: pd.DataFrame
    share_in_qpv: float
    poverty: QpvGap | None

    @property
    def title(self) -> str:
        """What, where and when."""
        when = self.indicator.when(self.year)
        return f"{self.indicator.libelle} entre les communes, {self.territory.nom}, {when}"

    def text(self, value: float) -> str:
        """Write a value with its unit."""
        return with_unit(value, self.indicator.unite, self.indicator.decimales)

    @property
    def finding(self) -> str:
        """State the spread in one sentence with its figures."""
        f = self.figures
        if not f.n:
            return f"Aucune commune de {self.territory.nom} n’a de valeur pour cet indicateur."
        if f.n == 1:
            return (
                f"{self.territory.nom} n’a qu’une commune avec une valeur "
                f"({self.text(f.mediane)}){NNBSP}: rien à comparer à l’intérieur."
            )
        ratio = (
            f", soit un rapport interquartile de {number(f.rapport_interquartile, 2)}"
            if not math.isnan(f.rapport_interquartile)
            else ""
        )
        return (
            f"{self.territory.nom}{NBSP}: un quart des habitants vit dans une commune à "
            f"{self.text(f.q1)} ou moins, un quart dans une commune à {self.text(f.q3)} ou plus"
            f"{ratio}."
        )

    def headlines(self) -> list[tuple[str, str, str]]:
        """Give the key figures: value, what it is, what it rests on."""
        f = self.figures
        rest = f"{count(f.n, 'commune')} avec une valeur, {number(f.manquants)} sans"
        lines = [
            (
                number(f.rapport_interquartile, 2),
                "rapport interquartile (Q3 / Q1)",
                f"{self.text(f.q3)} / {self.text(f.q1)}{NNBSP}; {rest}",
            ),
            (number(f.gini, 3), "indice de Gini", "0 : communes toutes pareilles"),
            (number(f.theil, 3), "indice de Theil", "0 : communes toutes pareilles"),
            (
                percent(self.share_in_qpv),
                "des habitants vivent en quartier prioritaire",
                "RP 2020 des deux côtés, QPV de la géographie 2024",
            ),
        ]
        if self.poverty is not None and not math.isnan(self.poverty.qpv):
            rest_text = (
                f"{percent(self.poverty.reste)} dans le reste du territoire"
                if not math.isnan(self.poverty.reste)
                else "le reste ne peut être déduit"
            )
            lines.append((percent(self.poverty.qpv), "de pauvreté dans ses QPV (2021)", rest_text))
        return lines

    @property
    def cautions(self) -> list[str]:
        """List what must be known before quoting."""
        said = list(self.figures.prudence)
        if self.indicator.prudence:
            said.append(self.indicator.prudence)
        said.append(
            "Chaque habitant compte pour la valeur de sa commune\u202f: les écarts à l’intérieur "
            "d’une commune n’y sont pas."
        )
        if math.isnan(self.share_in_qpv):
            said.append(
                "Part en quartier prioritaire inconnue\u202f: la population d’un de ses quartiers "
                "n’est pas publiée."
            )
        if self.poverty is not None and self.poverty.prudence:
            said.append(f"Pauvreté des QPV et du reste{NBSP}: {self.poverty.prudence}")
        return said


def within_indicators(snapshot: Snapshot) -> list[str]:
    """List the rates and indices that are given for communes."""
    return [
        i.id for i in snapshot.indicators.values() if "commune" in i.niveaux and not is_count(i)
    ]


def within(snapshot: Snapshot, territory: Territory, indicateur: str) -> Within:
    """Measure inequality inside a territory.

    Parameters
    ----------
    territory : Territory
        EPCI, département, région or France.

    Raises
    ------
    InvalidInputError
        The territory is not made of communes, or the indicator is not given for them.
    """
    if territory.level not in WIDE:
        raise InvalidInputError(
            f"Un territoire de cet échelon ({LEVEL_LABELS[territory.level][0]}) ne se découpe pas "
            "en communes\u202f: choisissez une intercommunalité, un département ou une région."
        )
    indicator = snapshot.indicators[indicateur]
    year = year_for(snapshot, indicator, "commune", None)
    poverty = None
    if territory.level in snapshot.indicators["taux_pauvrete"].niveaux:
        poverty = qpv_gap_of(snapshot, territory)
    return Within(
        territory,
        indicator,
        year,
        inequality_of(snapshot, territory, indicateur, year),
        _bins(snapshot, territory, indicateur, year),
        qpv_share_of(snapshot, territory),
        poverty,
    )


def within_table(snapshot: Snapshot, territory: Territory) -> pd.DataFrame:
    """Give the spread between communes for every rate, one row per indicator.

    Returns
    -------
    pandas.DataFrame
        ``Indicateur, Année, Communes, Habitants représentés, 1er quartile, Médiane, 3e quartile,
        Rapport interquartile, Gini, Theil``.
    """
    rows = []
    for name in within_indicators(snapshot):
        indicator = snapshot.indicators[name]
        year = year_for(snapshot, indicator, "commune", None)
        f = inequality_of(snapshot, territory, name, year)
        texts = (
            with_unit(v, indicator.unite, indicator.decimales) for v in (f.q1, f.mediane, f.q3)
        )
        q1, median, q3 = texts
        rows.append(
            {
                "Indicateur": indicator.libelle,
                "Année": indicator.when(year),
                "Communes": f.n,
                "Habitants représentés": percent(f.part_population),
                "1er quartile": q1,
                "Médiane": median,
                "3e quartile": q3,
                "Rapport interquartile": round(f.rapport_interquartile, 2),
                "Gini": round(f.gini, 3),
                "Theil": round(f.theil, 3),
            }
        )
    return pd.DataFrame(rows)


def _bins(
    snapshot: Snapshot, territory: Territory, indicateur: str, year: int | None
) -> pd.DataFrame:
    communes = members(snapshot, "commune", territory)
    rows = communes.merge(snapshot.indicator(indicateur, "commune", year), on="code")
    known = rows.loc[rows["statut"].isin(GIVEN)]
    if known.empty:
        return pd.DataFrame({"debut": [], "fin": [], "habitants": [], "communes": []})
    bins = histogram(known["valeur"]).bins
    edges = [*bins["debut"], float(bins["fin"].iloc[-1])]
    people, _ = np.histogram(
        known["valeur"], edges, weights=known["population"].astype(float).fillna(0)
    )
    return pd.DataFrame(
        {
            "debut": bins["debut"],
            "fin": bins["fin"],
            "habitants": people.round().astype(int),
            "communes": bins["effectif"],
        }
    )
