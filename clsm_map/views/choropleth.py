"""The territories that a map colours: which, their values, their classes, what must be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from clsm_map.analysis.centre import density
from clsm_map.analysis.classing import Classes, classify, classify_around
from clsm_map.analysis.comparison.profile import SMALL_POPULATION, VERY_SMALL_POPULATION
from clsm_map.analysis.comparison.values import is_count
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.harvest import UNEVEN, harvest_title
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, DeviceType
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, Indicator
from clsm_map.domain.selection import DIVERGING, MAP_LEVELS, MapLevel, Selection
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.formats import count, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of


@dataclass(frozen=True, slots=True)
class Scope:
    """The territories to colour.

    Attributes
    ----------
    level : MapLevel
        Level really shown (the asked one, or the finest the territory allows).
    codes : tuple of str
        Codes coloured, in the order of the table.
    parent : Territory
        Territory whose outlines are fetched: France, a région or a département.
    notice : str
        French sentence when the level asked for could not be shown, else empty.
    """

    level: MapLevel
    codes: tuple[str, ...]
    parent: Territory
    notice: str = ""


def scope_of(snapshot: Snapshot, territory: Territory, asked: MapLevel) -> Scope:
    """Choose what to colour: never more than one région of communes at once.

    Parameters
    ----------
    territory : Territory
        Territory of the selection, at any level.
    asked : MapLevel
        Level of the choropleth asked for.

    Returns
    -------
    Scope
        At France, communes become EPCI (34,867 contours do not make a readable map). Below a
        région, régions and départements are not coloured: the level becomes the commune.
    """
    parent = _parent(snapshot, territory)
    level, notice = asked, ""
    if parent.level == "france" and asked == "commune":
        level = "epci"
        notice = (
            "À l’échelle de la France, la carte montre les intercommunalités : choisissez une "
            "région ou un département pour voir les communes."
        )
    elif parent.level != "france" and asked == "region":
        level, notice = "departement", "Dans une région, la carte montre les départements."
    if parent.level == "departement" and level == "departement":
        level, notice = "commune", "Dans un département, la carte montre les communes."
    return Scope(level, tuple(_codes(snapshot, parent, territory, level)), parent, notice)


def _parent(snapshot: Snapshot, territory: Territory) -> Territory:
    if territory.level in {"france", "region", "departement"}:
        return territory
    table = frame_of(snapshot, territory.level)
    code = str(table.loc[table["code"] == territory.code, "departement"].iloc[0])
    names = snapshot.departements.set_index("code")["nom"]
    if code not in names.index:
        return Territory("france", "FR", "France")
    return Territory("departement", code, str(names[code]))


def _codes(
    snapshot: Snapshot, parent: Territory, territory: Territory, level: MapLevel
) -> list[str]:
    communes = snapshot.communes_all
    inside: dict[str, Literal["departement", "region"]] = {
        "departement": "departement",
        "region": "region",
    }
    if parent.level in inside:
        communes = communes[communes[inside[parent.level]] == parent.code]
    if territory.level == "epci" and level == "commune":
        whole = snapshot.communes_all
        communes = whole[whole["intercommunalite"] == territory.code]
    column = {
        "commune": "code",
        "epci": "intercommunalite",
        "departement": "departement",
        "region": "region",
    }[level]
    return sorted(communes[column].dropna().unique())


_DENSITY = "densite_"

RESERVES: Final = {
    "petit": "petit effectif, moins de 1 000 habitants",
    "tres_petit": "petit effectif, moins de 200 habitants",
    "a_confirmer": VALUE_STATUSES["a_confirmer"],
}
"""What a value must be read with, in words."""
HATCHED: Final = ("tres_petit", "a_confirmer")
"""Those whose colour is hatched on a map, in the order of the legend."""


def indicators_of(snapshot: Snapshot) -> dict[str, Indicator]:
    """Give the indicators that a map may colour, by id, in the order of their themes."""
    levels = set(MAP_LEVELS)
    own = {i: d for i, d in snapshot.indicators.items() if levels & set(d.niveaux)}
    return own | {_DENSITY + t.lower(): _density_of(t) for t in DEVICE_TYPES}


def reserves(indicator: Indicator, population: pd.Series, statut: pd.Series) -> pd.Series:
    """Say what each value must be read with.

    Parameters
    ----------
    indicator : Indicator
        A number of things is never too small.
    population : pandas.Series of float
        Inhabitants.
    statut : pandas.Series of str
        Statuses of the values, aligned.

    Returns
    -------
    pandas.Series of str
        A key of `RESERVES`, empty where there is nothing to say or no value.
    """
    found = pd.Series("", index=population.index, dtype="str")
    if not is_count(indicator):
        found = found.mask(population < SMALL_POPULATION, "petit")
        found = found.mask(population < VERY_SMALL_POPULATION, "tres_petit")
    found = found.mask(statut == "a_confirmer", "a_confirmer")
    return found.where(statut.isin(GIVEN), "")


def density_type(indicator: str) -> DeviceType | None:
    """Give the device type of a density indicator, ``None`` for any other."""
    if not indicator.startswith(_DENSITY):
        return None
    name = indicator.removeprefix(_DENSITY).upper()
    return next((t for t in DEVICE_TYPES if t == name), None)


def indicator_values(
    snapshot: Snapshot,
    coverage_of: Coverage,
    indicator: str,
    level: MapLevel,
    year: int | None,
) -> pd.DataFrame:
    """Read or compute the values of an indicator at one level.

    Parameters
    ----------
    coverage_of : Coverage
        Coverage of the type that a density indicator counts; unused otherwise.
    indicator : str
        Id among `indicators_of`.
    year : int or None
        ``None`` is the latest.

    Returns
    -------
    pandas.DataFrame
        Columns ``code, valeur, statut``.
    """
    if density_type(indicator) is not None:
        return density(coverage_of, level, frame_of(snapshot, level))
    return snapshot.indicator(indicator, level, year)


def _density_of(kind: DeviceType) -> Indicator:
    return Indicator(
        id=_DENSITY + kind.lower(),
        libelle=f"{kind} actifs recensés pour 100 000 habitants",
        libelle_court=f"{kind} recensés pour 100 000 hab.",
        theme="dispositifs",
        unite="",
        decimales=2,
        sens="plus_favorable",
        niveaux=("region", "departement", "epci"),
        annees=(),
        source="dispositifs",
        geographie="communes des contours embarqués",
        denominateur="population municipale du territoire",
        definition=(
            f"Nombre de {kind} ({DEVICE_NAMES[kind]}) actifs recensés dont le périmètre touche le "
            "territoire, rapporté à sa population."
        ),
        prudence=(
            "Le registre est un extrait sourcé : zéro veut dire « aucun recensé », pas « aucun », "
            f"et ces nombres sont {UNEVEN} d’une région à l’autre."
        ),
        agregation="rapport",
    )


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
        `clsm_map.views.choropleth.reserves`).
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

    @property
    def class_labels(self) -> tuple[str, ...]:
        """Labels of the classes, lowest first; none without a value."""
        if self.classes is None:
            return ()
        return tuple(self.classes.labels(self.indicator.unite, self.indicator.decimales))

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
    names = frame_of(snapshot, scope.level)[["code", "nom", "population"]]
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
