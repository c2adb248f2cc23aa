"""The words that a selection and its link may use: levels, classings, views, bounds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from clsm_map.domain.territories import LEVEL_LABELS

Scheme = Literal["quantiles", "naturelles", "egales", "ecart-type", "seuils"]
MapLevel = Literal["region", "departement", "epci", "commune"]
Layer = Literal["qpv", "clsm", "asv", "cls", "villes"]
Basemap = Literal["aucun", "ign", "osm"]
CoverageView = Literal["autour", "territoire", "evolution", "registre"]
GapOrder = Literal["habitants", "pauvrete", "distance"]
Measure = Literal["habitants", "quartiers"]

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
MAP_LEVELS: Final[tuple[MapLevel, ...]] = get_args(MapLevel)
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
BASEMAPS: Final[tuple[Basemap, ...]] = get_args(Basemap)
COVERAGE_VIEWS: Final[tuple[CoverageView, ...]] = get_args(CoverageView)
GAP_ORDERS: Final[tuple[GapOrder, ...]] = get_args(GapOrder)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
EVOLUTIONS: Final[dict[str, str]] = {
    "I": "inchangé depuis 2015",
    "M": "périmètre modifié",
    "N": "nouveau en 2024",
    "C": "créé à Mayotte en 2026",
}
"""Last letter of a QPV code: what became of its perimeter since the 2015 geography."""

MAX_CLASSES: Final = 5
DIVERGING: Final = frozenset({"vik"})
"""Palettes with two sides: classes are made on each side of a midpoint."""
FIRST_DATE: Final = dt.date(2000, 1, 1)
"""ASV exist since 2000: no device is older."""
MAX_RADIUS_KM: Final = 100.0
FIRST_HISTORY_YEAR: Final = 2005
"""First year of the curve of devices: the first published count is of that year."""

Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a selection may name in the data at hand.

    Attributes
    ----------
    indicators : mapping of str to frozenset of str
        Indicator id to the levels at which it is valid.
    palettes : frozenset of str
        Names of palettes.
    is_territory : callable
        ``(level, code) -> bool``: whether such a territory exists.
    studied : frozenset of str
        Indicators that *Inégalités* may study, those of QPV included.
    """

    indicators: Mapping[str, frozenset[str]]
    palettes: frozenset[str]
    is_territory: Callable[[str, str], bool]
    studied: frozenset[str] = frozenset()


def split_key(key: str) -> tuple[str, str]:
    """Split ``level:code``; two empty strings when there is nothing."""
    level, _, code = key.partition(":")
    return level, code


Angle = Literal[
    "profil", "cote", "classement", "croisement", "evolution", "interieur", "carte", "indice"
]
Subject = Literal["territoire", "qpv"]
Peers = Literal["france", "region", "departement"]
IndexMean = Literal["arithmetique", "geometrique"]
IndexLevel = Literal["qpv", "commune"]

ANGLES: Final[tuple[Angle, ...]] = get_args(Angle)
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
PEERS: Final[tuple[Peers, ...]] = get_args(Peers)
INDEX_MEANS: Final[tuple[IndexMean, ...]] = get_args(IndexMean)
INDEX_LEVELS: Final[tuple[IndexLevel, ...]] = get_args(IndexLevel)
_HOLDERS: Final = ("arrondissement", "commune", "epci", "departement", "region", "france")
REFERENCES: Final = ("", *_HOLDERS, "hexagone", *(f"qpv@{level}" for level in _HOLDERS))
"""Kinds of reference: the territory of that level that holds the subject, or all its QPV."""
MAX_OTHERS: Final = 3
MAX_COMPONENTS: Final = 12
MAX_WEIGHT: Final = 10.0
_COMPONENT: Final = re.compile(r"([a-z0-9_]{1,60}):([0-9]{1,2}(?:\.[0-9]{1,2})?)")


@dataclass(frozen=True, slots=True)
class Study:
    """How inequalities are looked at.

    Attributes
    ----------
    angle : Angle
        Part of the page.
    ensemble : Subject
        The territory itself, or all its QPV together.
    reference : str
        One of `REFERENCES`; empty for the usual one.
    pairs : Peers
        Where the peers are taken.
    avec : tuple of str
        ``level:code`` of the territories put beside the first, three at most.
    etudie, croise : str
        Indicator studied, and the one it is crossed with; empty for a suitable one.
    echelon : str
        Level of the territories ranked and crossed; empty for a suitable one.
    besoin : str
        Indicator of need of the map; empty for the need index of the QPV.
    indice : IndexLevel
        What the need index ranks: the QPV, or the communes.
    composantes : tuple of str
        ``indicator:weight`` of the need index; empty for the default ones.
    moyenne : IndexMean
        Mean of the need index.
    """

    angle: Angle = "profil"
    ensemble: Subject = "territoire"
    reference: str = ""
    pairs: Peers = "france"
    avec: tuple[str, ...] = ()
    etudie: str = ""
    croise: str = ""
    echelon: str = ""
    besoin: str = ""
    indice: IndexLevel = "qpv"
    composantes: tuple[str, ...] = ()
    moyenne: IndexMean = "arithmetique"


def weights_of(composantes: tuple[str, ...]) -> dict[str, float]:
    """Give the weight of each component, by indicator.

    >>> weights_of(("taux_pauvrete:3", "taux_emploi:0.5"))
    {'taux_pauvrete': 3.0, 'taux_emploi': 0.5}
    """
    pairs = (part.rpartition(":") for part in composantes)
    return {indicator: float(weight) for indicator, _, weight in pairs}


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, Vocabulary], str]:
    def parse(text: str, _: Vocabulary) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _others(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(part for part in text.split(",") if part))
    pairs = [key.partition(":") for key in keys]
    if len(keys) > MAX_OTHERS or not all(
        level in LEVEL_LABELS and vocabulary.is_territory(level, code) for level, _, code in pairs
    ):
        raise ValueError(text)
    return keys


def _indicator(text: str, vocabulary: Vocabulary) -> str:
    if text and text not in vocabulary.studied:
        raise ValueError(text)
    return text


def _components(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    parts = [part for part in text.split(",") if part]
    found = [_COMPONENT.fullmatch(part) for part in parts]
    names = [match[1] for match in found if match]
    weights = [float(match[2]) for match in found if match]
    if (
        len(names) < len(parts)
        or len(set(names)) < len(names)
        or len(names) > MAX_COMPONENTS
        or not set(names) <= vocabulary.studied
        or not all(0 < weight <= MAX_WEIGHT for weight in weights)
    ):
        raise ValueError(text)
    return tuple(parts)


STUDY_PARSERS: Final[dict[str, Callable[[str, Vocabulary], Any]]] = {
    "angle": _one_of(ANGLES),
    "ensemble": _one_of(SUBJECTS),
    "reference": _one_of(REFERENCES),
    "pairs": _one_of(PEERS),
    "avec": _others,
    "etudie": _indicator,
    "croise": _indicator,
    "echelon": _one_of(tuple(level for level in LEVEL_LABELS if level != "france")),
    "besoin": _indicator,
    "indice": _one_of(INDEX_LEVELS),
    "composantes": _components,
    "moyenne": _one_of(INDEX_MEANS),
}
"""Readers of the query parameters of a study, by field."""


PlanView = Literal["ou-ensuite", "et-si", "etendre"]
CandidateChoice = Literal["epci", "commune", "liste"]
Moment = Literal["avant", "apres"]
PartialChoice = Literal["surface", "sans", "entier"]
"""How a QPV that is already covered in part counts: for the inhabitants of the share of its area
that is not, an estimate; not at all; for all its inhabitants."""

PLAN_VIEWS: Final[tuple[PlanView, ...]] = get_args(PlanView)
CANDIDATE_CHOICES: Final[tuple[CandidateChoice, ...]] = get_args(CandidateChoice)
MOMENTS: Final[tuple[Moment, ...]] = get_args(Moment)
PARTIAL_CHOICES: Final[tuple[PartialChoice, ...]] = get_args(PartialChoice)
MAX_PLAN: Final = 20
"""New devices that a page plans at once."""
MAX_LISTED: Final = 200
"""Candidates of one's own list, or exclusions, that a link carries."""
MAX_CEILING: Final = 100_000_000
"""Inhabitants: a ceiling above the population of France limits nothing."""
_SCENARIO: Final = re.compile(r"[0-9A-Za-z.~%_-]{0,6000}")
_RECEIVING: Final = ("epci", "commune", "arrondissement")


@dataclass(frozen=True, slots=True)
class Planning:
    """What the page plans.

    Attributes
    ----------
    plan : PlanView
        View of the page.
    k : int
        New devices to place, 1 to 20.
    candidats : CandidateChoice
        Where they may be created.
    liste : tuple of str
        Codes of one's own candidates, used when ``candidats`` is ``liste``.
    pondere : bool
        Whether inhabitants are weighed by need.
    sans_projets : bool
        Whether the QPV of a project are left out of what is to be reached.
    partiels : PartialChoice
        How a QPV already covered in part counts.
    par_departement : int or None
        New devices in one département, at most.
    plafond : int or None
        Inhabitants of all the new perimeters, at most.
    plafond_chacun : int or None
        Inhabitants of each new perimeter, at most.
    exclus : tuple of str
        ``level:code`` of territories where nothing is created.
    imposes : tuple of str
        Codes of the candidates that must be chosen; they count among the ``k``.
    moment : Moment
        Whether the map shows what is, or what would be.
    scenario : str
        Moves of *Et si*, as `clsm_map.analysis.planning.scenario.Scenario.to_text` prints them.
    """

    plan: PlanView = "ou-ensuite"
    k: int = 5
    candidats: CandidateChoice = "epci"
    liste: tuple[str, ...] = ()
    pondere: bool = False
    sans_projets: bool = False
    partiels: PartialChoice = "surface"
    par_departement: int | None = None
    plafond: int | None = None
    plafond_chacun: int | None = None
    exclus: tuple[str, ...] = ()
    imposes: tuple[str, ...] = ()
    moment: Moment = "apres"
    scenario: str = ""


def _yes_or_no(text: str, _: Vocabulary) -> bool:
    if text not in {"oui", "non"}:
        raise ValueError(text)
    return text == "oui"


def _whole(least: int, most: int) -> Callable[[str, Vocabulary], int]:
    def parse(text: str, _: Vocabulary) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return parse


def _limit(most: int) -> Callable[[str, Vocabulary], int | None]:
    whole = _whole(1, most)
    return lambda text, vocabulary: whole(text, vocabulary) if text else None


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part for part in text.split(",") if part))
    if len(parts) > MAX_LISTED:
        raise ValueError(text)
    return parts


def _candidates(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    codes = _parts(text)
    if not all(any(vocabulary.is_territory(v, code) for v in _RECEIVING) for code in codes):
        raise ValueError(text)
    return codes


def _territories(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    keys = _parts(text)
    pairs = [key.partition(":") for key in keys]
    if not all(v in LEVEL_LABELS and vocabulary.is_territory(v, code) for v, _, code in pairs):
        raise ValueError(text)
    return keys


def _scenario(text: str, _: Vocabulary) -> str:
    if not _SCENARIO.fullmatch(text):
        raise ValueError(text)
    return text


PLANNING_PARSERS: Final[dict[str, Callable[[str, Vocabulary], Any]]] = {
    "plan": _one_of(PLAN_VIEWS),
    "k": _whole(1, MAX_PLAN),
    "candidats": _one_of(CANDIDATE_CHOICES),
    "liste": _candidates,
    "pondere": _yes_or_no,
    "sans_projets": _yes_or_no,
    "partiels": _one_of(PARTIAL_CHOICES),
    "par_departement": _limit(MAX_PLAN),
    "plafond": _limit(MAX_CEILING),
    "plafond_chacun": _limit(MAX_CEILING),
    "exclus": _territories,
    "imposes": _candidates,
    "moment": _one_of(MOMENTS),
    "scenario": _scenario,
}
"""Readers of the query parameters of a plan, by field."""
