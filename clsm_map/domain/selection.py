"""The selection: the one value that every page, export, command and link speaks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from clsm_map.domain.devices import DEVICE_TYPES, STATUSES, DeviceType
from clsm_map.domain.evidence import EVIDENCE
from clsm_map.domain.terms import (
    BASEMAPS,
    COVERAGE_VIEWS,
    EVOLUTIONS,
    FIRST_DATE,
    FIRST_HISTORY_YEAR,
    GAP_ORDERS,
    LAYERS,
    MAP_LEVELS,
    MAX_CLASSES,
    MAX_RADIUS_KM,
    MEASURES,
    PLANNING_PARSERS,
    SCHEMES,
    STUDY_PARSERS,
    Basemap,
    CoverageView,
    GapOrder,
    Layer,
    MapLevel,
    Measure,
    Planning,
    Range,
    Scheme,
    Study,
    Vocabulary,
    split_key,
)
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS

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


_CODE: Final = re.compile(r"[0-9A-Za-z]{1,12}")
_PLACE: Final = re.compile(r"[0-9A-Za-z:.,_-]{1,120}")


def print_field(value: object) -> str:
    """Write the value of a field.

    >>> print_field(("qpv", "clsm")), print_field(True), print_field(2.5)
    ('qpv,clsm', 'oui', '2.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ",".join(print_field(v) for v in value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def print_range(bounds: Range) -> str:
    """Write two bounds; one that is open is left empty.

    >>> print_range((45.0, None))
    '45-'
    """
    return "-".join("" if b is None else f"{b:.12g}" for b in bounds)


def _one_of(allowed: tuple[str, ...] | frozenset[str]) -> Callable[[str, Vocabulary], str]:
    def parse(text: str, _: Vocabulary) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _some_of(allowed: tuple[str, ...]) -> Callable[[str, Vocabulary], tuple[str, ...]]:
    def parse(text: str, _: Vocabulary) -> tuple[str, ...]:
        asked = {part for part in text.split(",") if part}
        if not asked <= set(allowed):
            raise ValueError(text)
        return tuple(a for a in allowed if a in asked)

    return parse


def _territory(text: str, vocabulary: Vocabulary) -> str:
    level, code = split_key(text)
    if level not in LEVEL_LABELS or not _CODE.fullmatch(code):
        raise ValueError(text)
    if not vocabulary.is_territory(level, code):
        raise ValueError(text)
    return text


def _optional_territory(text: str, vocabulary: Vocabulary) -> str:
    return _territory(text, vocabulary) if text else ""


def _date(text: str, _: Vocabulary) -> dt.date | None:
    if not text:
        return None
    day = dt.date.fromisoformat(text)
    if not FIRST_DATE <= day <= dt.date(2100, 1, 1):
        raise ValueError(text)
    return day


def _indicator(text: str, vocabulary: Vocabulary) -> str:
    if text not in vocabulary.indicators:
        raise ValueError(text)
    return text


def _palette(text: str, vocabulary: Vocabulary) -> str:
    if text and text not in vocabulary.palettes:
        raise ValueError(text)
    return text


def _year(text: str, _: Vocabulary) -> int | None:
    if not text:
        return None
    year = int(text)
    if not 1990 <= year <= 2100:
        raise ValueError(text)
    return year


def _history_year(text: str, vocabulary: Vocabulary) -> int | None:
    year = _year(text, vocabulary)
    if year is not None and year < FIRST_HISTORY_YEAR:
        raise ValueError(text)
    return year


def _n(text: str, _: Vocabulary) -> int:
    n = int(text)
    if not 2 <= n <= MAX_CLASSES:
        raise ValueError(text)
    return n


def _finite(text: str) -> float:
    value = float(text)
    if not abs(value) < 1e12:  # NaN and infinities fail this too
        raise ValueError(text)
    return value


def _thresholds(text: str, _: Vocabulary) -> tuple[float, ...]:
    values = tuple(sorted({_finite(part) for part in text.split(",") if part}))
    if len(values) >= MAX_CLASSES:
        raise ValueError(text)
    return values


def _range(text: str, _: Vocabulary) -> Range:
    low, dash, high = text.partition("-")
    if not dash:
        raise ValueError(text)
    bounds = (_finite(low) if low else None, _finite(high) if high else None)
    if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
        raise ValueError(text)
    return bounds


def _place(text: str, _: Vocabulary) -> str:
    if text and not _PLACE.fullmatch(text):
        raise ValueError(text)
    return text


def _radius(text: str, _: Vocabulary) -> float:
    radius = _finite(text)
    if not 1 <= radius <= MAX_RADIUS_KM:
        raise ValueError(text)
    return radius


PARSERS: Final[dict[str, Callable[[str, Vocabulary], Any]]] = {
    "territoire": _territory,
    "type": _one_of(DEVICE_TYPES),
    "date": _date,
    "niveau": _one_of(MAP_LEVELS),
    "indicateur": _indicator,
    "annee": _year,
    "classes": _one_of(SCHEMES),
    "n": _n,
    "seuils": _thresholds,
    "palette": _palette,
    "couches": _some_of(LAYERS),
    "fond": _one_of(BASEMAPS),
    "choisi": _optional_territory,
    "sujet": _place,
    "lieu": _place,
    "rayon": _radius,
    "vue": _one_of(COVERAGE_VIEWS),
    "tri": _one_of(GAP_ORDERS),
    "mesure": _one_of(MEASURES),
    "janvier": _history_year,
    "statuts": _some_of(tuple(STATUSES)),
    "habitants": _range,
    "pauvrete": _range,
    "emploi": _range,
    "evolutions": _some_of(tuple(EVOLUTIONS)),
    "preuves": _some_of(tuple(EVIDENCE)),
    **STUDY_PARSERS,
    **PLANNING_PARSERS,
}
"""Name of a parameter to its reader, which raises ``ValueError`` on a bad value."""
