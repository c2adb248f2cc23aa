"""The territories that a map colours: their values, their classes, and what must be said."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clsm_map.analysis.classing import Classes, classify, classify_around
from clsm_map.analysis.comparison.values import is_count
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.harvest import harvest_title
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import Selection
from clsm_map.domain.terms import DIVERGING, MAP_LEVELS
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.formats import count, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.indicators import (
    density_type,
    indicator_values,
    indicators_of,
    level_table,
    reserves,
)
from clsm_map.views.scope import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Choropleth:
    """One indicator, at one level, for one territory.

    Attributes
    ----------
    year : int or None
        Year shown; ``None`` when the producer does not state it.
    territory : Territory
        Where.
    scope : Scope
        Level and codes coloured.
    frame : pandas.DataFrame
        One row per territory coloured, by code: ``code, nom, population, valeur, statut, classe``
        (rank of its class, -1 when there is no value)``, reserve`` (see
        `clsm_map.views.indicators.reserves`).
    classes : Classes or None
        ``None`` when no territory has a value.
    milieu : str
        Midpoint of a diverging palette, in words.
    counted : Coverage or None
        Coverage by the type whose devices a density counts.
    """

    indicator: Indicator
    year: int | None
    territory: Territory
    scope: Scope
    frame: pd.DataFrame
    classes: Classes | None
    milieu: str = ""
    counted: Coverage | None = None

    @property
    def title(self) -> str:
        """What and where, for the head of the map."""
        plural = LEVEL_LABELS[self.scope.level][1]
        return self.told(f"{self.indicator.libelle}, {self.territory.nom} ({plural})")

    def told(self, title: str) -> str:
        """Say in a title that a density of devices is that of the harvest."""
        return harvest_title(title, self.counted, self.territory) if self.counted else title

    @property
    def year_text(self) -> str:
        """The year, or the fact that its producer does not state it."""
        return self.indicator.when(self.year)

    @property
    def method(self) -> str:
        """How the classes were made, and how many territories are small."""
        said = self.classes.method if self.classes else "Aucune valeur à cet échelon."
        if self.milieu:
            said += f" Palette de part et d’autre de {self.milieu}."
        small = int((self.frame["reserve"] == "petit").sum())
        if small:
            said += (
                f" {count(small, *LEVEL_LABELS[self.scope.level])} de 200 à moins de 1 000 "
                "habitants (petit effectif) : quelques ménages y déplacent un taux."
            )
        return said

    def count(self, status: str) -> int:
        """Count the territories of a value status (``disponible``, ``secret``…)."""
        return int((self.frame["statut"] == status).sum())


def choropleth(
    snapshot: Snapshot, coverage: Coverage, selection: Selection, territory: Territory
) -> Choropleth:
    """Compute the choropleth of a selection.

    Parameters
    ----------
    coverage : Coverage
        Of the type that a density indicator counts; unused by the other indicators.
    territory : Territory
        That of the selection.
    """
    indicator = indicators_of(snapshot)[selection.indicateur]
    scope = scope_of(snapshot, territory, selection.niveau)
    offered = [level for level in MAP_LEVELS if level in indicator.niveaux]
    if scope.level not in offered and territory.level == "france":
        scope = scope_of(snapshot, territory, offered[0])
    names = level_table(snapshot, scope.level)[["code", "nom", "population"]]
    names = names[names["code"].isin(scope.codes)]
    if scope.level in indicator.niveaux:
        values = indicator_values(
            snapshot, coverage, selection.indicateur, scope.level, selection.annee
        )
        frame = names.merge(values[["code", "valeur", "statut"]], on="code", how="left")
        frame["statut"] = frame["statut"].fillna("manquant")
    else:
        frame = names.assign(valeur=float("nan"), statut="sans_objet")
    frame = frame.sort_values("code", ignore_index=True)
    frame["reserve"] = reserves(indicator, frame["population"].astype(float), frame["statut"])
    classes, middle = None, ""
    frame["classe"] = -1
    if frame["valeur"].notna().any():
        classes, middle = classed(snapshot, indicator, selection, frame["valeur"])
        frame["classe"] = classes.codes
    year = selection.annee if selection.annee in indicator.annees else indicator.derniere_annee
    counted = coverage if density_type(indicator.id) else None
    return Choropleth(indicator, year, territory, scope, frame, classes, middle, counted)


def classed(
    snapshot: Snapshot, indicator: Indicator, selection: Selection, values: pd.Series
) -> tuple[Classes, str]:
    """Sort the values shown into the classes of a selection.

    A diverging palette has its midpoint: the value of France where its producer gives one, else
    the median of the territories shown; their mean for deviations. Own thresholds are the
    reader's: their middle one is the midpoint.

    Parameters
    ----------
    values : pandas.Series of float
        One at least is known.

    Returns
    -------
    milieu : str
        The midpoint in words; empty without any.
    """
    scheme = selection.classes
    if selection.palette not in DIVERGING or scheme == "seuils":
        return classify(values, scheme, selection.n, selection.seuils), ""
    middle, name = float(values.median()), "médiane des territoires affichés"
    if scheme == "ecart-type":
        middle, name = float(values.mean()), "moyenne des territoires affichés"
    elif indicator.id in snapshot.indicators and "france" in indicator.niveaux:
        years = snapshot.years(indicator.id, "france")
        year = selection.annee if selection.annee in years else None
        known = snapshot.indicator(indicator.id, "france", year)["valeur"].dropna()
        if len(known) and not is_count(indicator):
            middle, name = float(known.iloc[0]), "France"
    said = f"{with_unit(middle, indicator.unite, indicator.decimales)} ({name})"
    return classify_around(values, scheme, selection.n, middle), said
