"""The selection: the one value that every page, export, command and link speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from clsm_map.domain.devices import DeviceType
from clsm_map.domain.link import PARSERS, print_field, print_range
from clsm_map.domain.planning import PLANNING_PARSERS, Planning
from clsm_map.domain.study import STUDY_PARSERS, Study
from clsm_map.domain.terms import (
    MAP_LEVELS,
    Basemap,
    CoverageView,
    GapOrder,
    Layer,
    MapLevel,
    Measure,
    Range,
    Scheme,
    Vocabulary,
)
from clsm_map.domain.territories import FRANCE

_LEVELS_BY_PREFERENCE: Final[tuple[MapLevel, ...]] = ("epci", "departement", "commune", "region")
_PARTS: Final = frozenset({"filtre", "etude", "projet"})
_RANGES: Final = frozenset({"habitants", "pauvrete", "emploi"})


@dataclass(frozen=True, slots=True)
class QpvFilter:
    """Which QPV are kept, on the map, in the table and in the counts alike.

    Attributes
    ----------
    statuts : tuple of str
        Coverage statuses kept; empty keeps all.
    habitants, pauvrete, emploi : tuple of (float or None, float or None)
        Inclusive bounds on inhabitants, poverty rate (%) and employment rate (%); a bound that is
        set drops the QPV whose value is not known.
    evolutions : tuple of str
        Keys of `EVOLUTIONS` kept; empty keeps all.
    preuves : tuple of str
        Ages of the page that the status rests on (keys of `EVIDENCE`) kept; empty keeps all. A
        QPV that no device concerns rests on none.
    """

    statuts: tuple[str, ...] = ()
    habitants: Range = (None, None)
    pauvrete: Range = (None, None)
    emploi: Range = (None, None)
    evolutions: tuple[str, ...] = ()
    preuves: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered out."""
        return self == QpvFilter()


_FILTER_NAMES: Final = frozenset(f.name for f in fields(QpvFilter))


@dataclass(frozen=True, slots=True)
class Selection:
    """What is being looked at.

    Attributes
    ----------
    territoire : str
        ``level:code`` such as ``region:84``; ``france:FR`` for the whole country.
    type : DeviceType
        Device type whose coverage is shown.
    date : datetime.date or None
        Date of the coverage; ``None`` is today.
    niveau : MapLevel
        Level of the choropleth.
    indicateur : str
        Indicator id.
    annee : int or None
        Year of the indicator; ``None`` is the latest.
    classes : Scheme
        Classing scheme.
    n : int
        Number of classes, 2 to 5.
    seuils : tuple of float
        Inner thresholds, used when ``classes`` is ``seuils``.
    palette : str
        Palette name; empty: the one that suits the indicator.
    couches : tuple of Layer
        Layers drawn over the choropleth.
    fond : Basemap
        Optional tiles.
    filtre : QpvFilter
        Which QPV are kept.
    choisi : str
        ``level:code`` of what was clicked, or empty.
    sujet : str
        ``level:code`` or ``dispositif:id`` of what *Fiche* tells of; empty: what is selected.
    lieu : str
        Place around which QPV are looked for: device id, code, or ``lon,lat``.
    rayon : float
        Radius in kilometres around ``lieu``.
    vue : CoverageView
        View of *Couverture*.
    tri : GapOrder
        What the list of QPV without a device is sorted by in a territory.
    mesure : Measure
        Whether bars count inhabitants or QPV.
    janvier : int or None
        Year whose 1 January the history shows; ``None`` is the latest.
    etude : Study
        What *Inégalités* studies.
    projet : Planning
        What *Planifier* plans.
    """

    territoire: str = FRANCE.key
    type: DeviceType = "CLSM"
    date: dt.date | None = None
    niveau: MapLevel = "epci"
    indicateur: str = "revenu_imposable_par_habitant"
    annee: int | None = None
    classes: Scheme = "quantiles"
    n: int = 5
    seuils: tuple[float, ...] = ()
    palette: str = ""
    couches: tuple[Layer, ...] = ("qpv", "clsm")
    fond: Basemap = "aucun"
    filtre: QpvFilter = field(default_factory=QpvFilter)
    choisi: str = ""
    sujet: str = ""
    lieu: str = ""
    rayon: float = 15.0
    vue: CoverageView = "autour"
    tri: GapOrder = "habitants"
    mesure: Measure = "habitants"
    janvier: int | None = None
    etude: Study = field(default_factory=Study)
    projet: Planning = field(default_factory=Planning)

    def to_query(self) -> dict[str, str]:
        """Print the fields that differ from the default as query parameters.

        Returns
        -------
        dict of str to str
            `Selection.from_query` reads it back to an equal selection.
        """
        query: dict[str, str] = {}
        default = Selection()
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name not in _PARTS and value != getattr(default, f.name):
                query[f.name] = print_field(value)
        for f in fields(QpvFilter):
            value = getattr(self.filtre, f.name)
            if value != getattr(default.filtre, f.name):
                query[f.name] = print_range(value) if f.name in _RANGES else print_field(value)
        for f in fields(Study):
            value = getattr(self.etude, f.name)
            if value != f.default:
                query[f.name] = print_field(value)
        for f in fields(Planning):
            value = getattr(self.projet, f.name)
            if value != f.default:
                query[f.name] = print_field(value)
        return query

    @staticmethod
    def from_query(
        query: Mapping[str, str], vocabulary: Vocabulary
    ) -> tuple[Selection, tuple[str, ...]]:
        """Read a selection from query parameters; a bad value is ignored with a notice.

        Parameters
        ----------
        query : mapping of str to str
            Parameters of a link; unknown names are ignored in silence (trackers add some).
        vocabulary : Vocabulary
            What may be named.

        Returns
        -------
        selection : Selection
            With defaults wherever a value was absent or bad.
        notices : tuple of str
            One French sentence for each value that was ignored.
        """
        view: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        studied: dict[str, Any] = {}
        planned: dict[str, Any] = {}
        notices: list[str] = []
        for name, text in query.items():
            parser = PARSERS.get(name)
            if parser is None:
                continue
            try:
                value = parser(text.strip(), vocabulary)
            except ValueError:
                shown = text if len(text) <= 40 else f"{text[:40]}…"
                notices.append(
                    f"Le lien demande « {name} = {shown} », qui n’existe pas ici : "
                    "la valeur par défaut est affichée."
                )
                continue
            part = kept if name in _FILTER_NAMES else studied if name in STUDY_PARSERS else view
            (planned if name in PLANNING_PARSERS else part)[name] = value
        selection = Selection(
            **view,
            filtre=QpvFilter(**kept),
            etude=Study(**studied),
            projet=Planning(**planned),
        )
        published = vocabulary.indicators.get(selection.indicateur, frozenset(MAP_LEVELS))
        if selection.niveau not in published:
            if "niveau" in view:
                notices.append(
                    "Cet indicateur n’est pas publié à l’échelon demandé : la carte montre "
                    "l’échelon le plus proche."
                )
            offered = (level for level in _LEVELS_BY_PREFERENCE if level in published)
            selection = replace(selection, niveau=next(offered, selection.niveau))
        return selection, tuple(notices)
