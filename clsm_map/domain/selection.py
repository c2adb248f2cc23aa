"""The selection: the one value that every page, export, command and link speaks.

Each field is described once: its name is that of the parameter of a link and of the option of a
command, its type says what it may hold and how a text is read, its description is the help of the
option.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields, replace
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)
from pydantic.dataclasses import dataclass

from clsm_map.domain.devices import STATUSES, DeviceType
from clsm_map.domain.evidence import EVIDENCE
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, split_key

Value = TypeVar("Value")

Scheme = Literal["quantiles", "naturelles", "egales", "ecart-type", "seuils"]
MapLevel = Literal["region", "departement", "epci", "commune"]
Layer = Literal["qpv", "clsm", "asv", "cls", "villes"]
Basemap = Literal["aucun", "ign", "osm"]
CoverageView = Literal["autour", "territoire", "evolution", "registre"]
GapOrder = Literal["habitants", "pauvrete", "distance"]
Measure = Literal["habitants", "quartiers"]
Angle = Literal[
    "profil", "cote", "classement", "croisement", "evolution", "interieur", "carte", "indice"
]
Subject = Literal["territoire", "qpv"]
Peers = Literal["france", "region", "departement"]
IndexMean = Literal["arithmetique", "geometrique"]
IndexLevel = Literal["qpv", "commune"]
PlanView = Literal["ou-ensuite", "et-si", "etendre"]
CandidateChoice = Literal["epci", "commune", "liste"]
Moment = Literal["avant", "apres"]
PartialChoice = Literal["surface", "sans", "entier"]

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
MAP_LEVELS: Final[tuple[MapLevel, ...]] = get_args(MapLevel)
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
BASEMAPS: Final[tuple[Basemap, ...]] = get_args(Basemap)
COVERAGE_VIEWS: Final[tuple[CoverageView, ...]] = get_args(CoverageView)
GAP_ORDERS: Final[tuple[GapOrder, ...]] = get_args(GapOrder)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
PEERS: Final[tuple[Peers, ...]] = get_args(Peers)
INDEX_MEANS: Final[tuple[IndexMean, ...]] = get_args(IndexMean)
INDEX_LEVELS: Final[tuple[IndexLevel, ...]] = get_args(IndexLevel)
CANDIDATE_CHOICES: Final[tuple[CandidateChoice, ...]] = get_args(CandidateChoice)
MOMENTS: Final[tuple[Moment, ...]] = get_args(Moment)
PARTIAL_CHOICES: Final[tuple[PartialChoice, ...]] = get_args(PartialChoice)
EVOLUTIONS: Final[dict[str, str]] = {
    "I": "inchangé depuis 2015",
    "M": "périmètre modifié",
    "N": "nouveau en 2024",
    "C": "créé à Mayotte en 2026",
}
"""Last letter of a QPV code: what became of its perimeter since the 2015 geography."""
_HOLDERS: Final = ("arrondissement", "commune", "epci", "departement", "region", "france")
REFERENCES: Final = ("", *_HOLDERS, "hexagone", *(f"qpv@{level}" for level in _HOLDERS))
"""Kinds of reference: the territory of that level that holds the subject, or all its QPV."""

MAX_CLASSES: Final = 5
DIVERGING: Final = frozenset({"vik"})
"""Palettes with two sides: classes are made on each side of a midpoint."""
FIRST_DATE: Final = dt.date(2000, 1, 1)
"""ASV exist since 2000: no device is older."""
MAX_RADIUS_KM: Final = 100.0
FIRST_HISTORY_YEAR: Final = 2005
"""First year of the curve of devices: the first published count is of that year."""
MAX_OTHERS: Final = 3
MAX_COMPONENTS: Final = 12
MAX_PLAN: Final = 20
"""New devices that a page plans at once."""
MAX_LISTED: Final = 200
"""Candidates of one's own list, or exclusions, that a link carries."""

_LIKE_A_LINK: Final = "comme dans un lien de l'application"
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,12}")
_COMPONENT: Final = re.compile(r"([a-z0-9_]{1,60}):([0-9]{1,2}(?:\.[0-9]{1,2})?)")
_RECEIVING: Final = ("epci", "commune", "arrondissement")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a selection may name in the data at hand.

    ``indicators`` gives the levels at which each is valid, ``is_territory(level, code)`` tells
    whether there is one, ``studied`` are the indicators of *Inégalités*, those of QPV included.
    """

    indicators: Mapping[str, frozenset[str]]
    palettes: frozenset[str]
    is_territory: Callable[[str, str], bool]
    studied: frozenset[str] = frozenset()

    def has_key(self, key: str) -> bool:
        """Whether ``level:code`` is a territory."""
        level, code = split_key(key)
        known = level in LEVEL_LABELS and _CODE.fullmatch(code) is not None
        return known and self.is_territory(level, code)

    def receives(self, code: str) -> bool:
        """Whether a device may be created on a code."""
        return any(self.is_territory(level, code) for level in _RECEIVING)

    def weighs(self, component: str) -> bool:
        """Whether ``indicator:weight`` may be part of an index."""
        found = _COMPONENT.fullmatch(component)
        return bool(found and found[1] in self.studied and 0 < float(found[2]) <= 10)


def weights_of(composantes: tuple[str, ...]) -> dict[str, float]:
    """Give the weight of each component, by indicator.

    >>> weights_of(("taux_pauvrete:3", "taux_emploi:0.5"))
    {'taux_pauvrete': 3.0, 'taux_emploi': 0.5}
    """
    pairs = (part.rpartition(":") for part in composantes)
    return {indicator: float(weight) for indicator, _, weight in pairs}


def _reading(read: Callable[[str], object]) -> BeforeValidator:
    """Read the text of a link; what is already a value stays."""
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _holding(accepts: Callable[[Value], bool]) -> AfterValidator:
    def validate(value: Value) -> Value:
        if not accepts(value):
            raise ValueError(value)
        return value

    return AfterValidator(validate)


def _known(accepts: Callable[[Vocabulary, str], bool]) -> AfterValidator:
    """Accept what the vocabulary at hand has, each part of a list; all of it without one."""

    def validate(value: Any, info: ValidationInfo) -> Any:
        parts = value if isinstance(value, tuple) else (value,) if value else ()
        if info.context is not None and not all(accepts(info.context, part) for part in parts):
            raise ValueError(value)
        return value

    return AfterValidator(validate)


def _some_of(allowed: tuple[str, ...]) -> AfterValidator:
    """Accept some of the values allowed, and put them in their order."""

    def validate(values: tuple[str, ...]) -> tuple[str, ...]:
        if not set(values) <= set(allowed):
            raise ValueError(values)
        return tuple(a for a in allowed if a in values)

    return AfterValidator(validate)


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _bounds(text: str) -> tuple[str | None, str | None]:
    low, dash, high = text.partition("-")
    if not dash:
        raise ValueError(text)
    return low or None, high or None


def _print_range(bounds: Range) -> str:
    """Write two bounds; one that is open is left empty.

    >>> _print_range((45.0, None))
    '45-'
    """
    return "-".join("" if b is None else f"{b:.12g}" for b in bounds)


_PARTED = _reading(lambda text: tuple(dict.fromkeys(part for part in text.split(",") if part)))
_OPEN = _reading(lambda text: text or None)
_TERRITORY = _known(Vocabulary.has_key)
_RECEIVES = _known(Vocabulary.receives)

Range = tuple[float | None, float | None]
_ANY: Final[Range] = (None, None)
_Number = Annotated[float, Field(gt=-1e12, lt=1e12, allow_inf_nan=False)]
_Range = Annotated[
    tuple[_Number | None, _Number | None],
    _reading(_bounds),
    _holding(lambda bounds: None in bounds or bounds[0] <= bounds[1]),
    PlainSerializer(_print_range),
]
_Flag = Annotated[
    bool, _reading(lambda text: {"oui": True, "non": False}.get(text, text)), Field(strict=True)
]
_Date = Annotated[dt.date, Field(ge=FIRST_DATE, le=dt.date(2100, 1, 1))]
_Year = Annotated[Annotated[int, Field(ge=1990, le=2100)] | None, _OPEN]
_January = Annotated[Annotated[int, Field(ge=FIRST_HISTORY_YEAR, le=2100)] | None, _OPEN]
_Few = Annotated[int, Field(ge=1, le=MAX_PLAN)]
_Ceiling = Annotated[Annotated[int, Field(ge=1, le=100_000_000)] | None, _OPEN]
"""Inhabitants: a ceiling above the population of France limits nothing."""
_Thresholds = Annotated[
    tuple[_Number, ...],
    _PARTED,
    AfterValidator(lambda values: tuple(sorted(set(values)))),
    _holding(lambda values: len(values) < MAX_CLASSES),
]
_Territory = Annotated[str, Field(min_length=1), _TERRITORY]
_Indicator = Annotated[str, Field(min_length=1), _known(lambda words, i: i in words.indicators)]
_Studied = Annotated[str, _known(lambda words, text: text in words.studied)]
_Palette = Annotated[str, _known(lambda words, text: text in words.palettes)]
_Place = Annotated[str, Field(pattern=r"^[0-9A-Za-z:.,_-]{0,120}$")]
_Scenario = Annotated[str, Field(pattern=r"^[0-9A-Za-z.~%_-]{0,6000}$")]
_Reference = Annotated[str, _holding(lambda kind: kind in REFERENCES)]
_Ranked = Annotated[str, _holding(lambda level: level in ("", *LEVEL_LABELS) and level != "france")]
_Listed = Annotated[tuple[str, ...], _PARTED, Field(max_length=MAX_LISTED)]
_Others = Annotated[tuple[str, ...], _PARTED, Field(max_length=MAX_OTHERS), _TERRITORY]
_Components = Annotated[
    tuple[str, ...],
    _PARTED,
    Field(max_length=MAX_COMPONENTS),
    _known(Vocabulary.weighs),
    _holding(lambda parts: len(weights_of(parts)) == len(parts)),
]
_Layers = Annotated[tuple[Layer, ...], _PARTED, _some_of(LAYERS)]
_Statuses = Annotated[tuple[str, ...], _PARTED, _some_of(tuple(STATUSES))]
_Evolutions = Annotated[tuple[str, ...], _PARTED, _some_of(tuple(EVOLUTIONS))]
_Pages = Annotated[tuple[str, ...], _PARTED, _some_of(tuple(EVIDENCE))]


@dataclass(frozen=True, slots=True)
class QpvFilter:
    """Which QPV are kept, on the map, in the table and in the counts alike.

    What is empty keeps all; a bound that is set drops the QPV whose value is not known; a QPV that
    no device concerns rests on no page.
    """

    statuts: Annotated[_Statuses, f"Statuts gardés, séparés par des virgules, {_LIKE_A_LINK}."] = ()
    habitants: Annotated[_Range, "QPV gardés : 2000- pour au moins 2 000 habitants."] = _ANY
    pauvrete: Annotated[_Range, "QPV gardés : 45- pour au moins 45 % de pauvreté."] = _ANY
    emploi: Annotated[_Range, "QPV gardés : -40 pour au plus 40 % d'emploi."] = _ANY
    evolutions: Annotated[_Evolutions, "QPV gardés : I, M, N, C, séparés par des virgules."] = ()
    preuves: Annotated[_Pages, "QPV gardés : recente, ancienne, non_datee (âge de la page)."] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered out."""
        return self == QpvFilter()


@dataclass(frozen=True, slots=True)
class Study:
    """How inequalities are looked at; a text left empty is the usual or a suitable one."""

    angle: Annotated[Angle, "Partie de la page Inégalités."] = "profil"
    ensemble: Annotated[Subject, "Le territoire, ou tous ses QPV ensemble."] = "territoire"
    reference: Annotated[
        _Reference, "Échelon de la référence, « hexagone », ou « qpv@departement »."
    ] = ""
    pairs: Annotated[Peers, "Où sont pris les pairs."] = "france"
    avec: Annotated[_Others, "« niveau:code » des territoires mis à côté, trois au plus."] = ()
    etudie: Annotated[_Studied, "Indicateur étudié."] = ""
    croise: Annotated[_Studied, "Indicateur croisé avec le premier."] = ""
    echelon: Annotated[_Ranked, "Échelon des territoires classés et croisés."] = ""
    besoin: Annotated[_Studied, "Indicateur de besoin de la carte."] = ""
    indice: Annotated[IndexLevel, "Ce que classe l'indice : qpv ou commune."] = "qpv"
    composantes: Annotated[
        _Components, "« indicateur:poids » de l'indice, séparés par des virgules."
    ] = ()
    moyenne: Annotated[IndexMean, "Moyenne de l'indice."] = "arithmetique"


@dataclass(frozen=True, slots=True)
class Planning:
    """What *Planifier* plans.

    ``partiels`` tells how a QPV already covered in part counts: for the inhabitants of the share
    of its area that is not, an estimate; not at all; for all its inhabitants.
    """

    plan: Annotated[PlanView, "Vue de la page Planifier."] = "ou-ensuite"
    k: Annotated[_Few, "Dispositifs à créer."] = 5
    candidats: Annotated[CandidateChoice, "Où ils peuvent l'être."] = "epci"
    liste: Annotated[_Listed, _RECEIVES, "Codes de sa propre liste de candidats."] = ()
    pondere: Annotated[_Flag, "oui : habitants pondérés par le besoin."] = False
    sans_projets: Annotated[_Flag, "oui : les QPV en projet ne comptent pas."] = False
    partiels: Annotated[
        PartialChoice, "QPV déjà couverts en partie : surface (non couverte), sans, entier."
    ] = "surface"
    par_departement: Annotated[
        _Few | None, _OPEN, "Dispositifs créés par département, au plus."
    ] = None
    plafond: Annotated[_Ceiling, "Habitants de tous les périmètres créés, au plus."] = None
    plafond_chacun: Annotated[_Ceiling, "Habitants de chaque périmètre créé, au plus."] = None
    exclus: Annotated[
        _Listed, _TERRITORY, "« niveau:code » des territoires où rien n'est créé."
    ] = ()
    imposes: Annotated[_Listed, _RECEIVES, "Codes des candidats imposés."] = ()
    moment: Annotated[Moment, "La carte montre avant, ou après."] = "apres"
    scenario: Annotated[_Scenario, f"Scénario de « Et si », {_LIKE_A_LINK}."] = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is being looked at; a date or a year left out is the latest."""

    territoire: Annotated[_Territory, "« niveau:code », comme departement:93."] = FRANCE.key
    type: Annotated[DeviceType, "CLSM, ASV ou CLS."] = "CLSM"
    date: Annotated[_Date | None, _reading(_date), "Date AAAA-MM-JJ ; aujourd'hui sinon."] = None
    niveau: Annotated[MapLevel, "region, departement, epci ou commune."] = "epci"
    indicateur: Annotated[_Indicator, "Identifiant d'un indicateur."] = (
        "revenu_imposable_par_habitant"
    )
    annee: Annotated[_Year, "Année de l'indicateur."] = None
    classes: Annotated[Scheme, "quantiles, naturelles, egales, ecart-type ou seuils."] = "quantiles"
    n: Annotated[int, Field(ge=2, le=MAX_CLASSES), "Nombre de classes, de 2 à 5."] = MAX_CLASSES
    seuils: Annotated[_Thresholds, "Seuils séparés par des virgules : 10,20,30."] = ()
    palette: Annotated[_Palette, "YlOrBr, lajolla, Blues, oslo, vik."] = ""
    couches: Annotated[_Layers, f"qpv,clsm,asv,cls,villes, {_LIKE_A_LINK}."] = ("qpv", "clsm")
    fond: Annotated[Basemap, "Fond de carte : aucun, ign ou osm."] = "aucun"
    choisi: Annotated[str, _TERRITORY, "« niveau:code » de ce qui est cliqué."] = ""
    sujet: Annotated[_Place, "« niveau:code » ou « dispositif:identifiant » de la fiche."] = ""
    lieu: Annotated[_Place, "Lieu autour duquel chercher (dispositif, code, lon,lat)."] = ""
    rayon: Annotated[float, Field(ge=1, le=MAX_RADIUS_KM), "Rayon, en km, de 1 à 100."] = 15.0
    vue: Annotated[CoverageView, "Vue de la page Couverture."] = "autour"
    tri: Annotated[GapOrder, "Ordre de la liste : habitants, pauvrete, distance."] = "habitants"
    mesure: Annotated[Measure, "Les barres comptent habitants ou quartiers."] = "habitants"
    janvier: Annotated[_January, "Année dont l'historique montre le 1er janvier."] = None
    filtre: QpvFilter = field(default_factory=QpvFilter)
    etude: Study = field(default_factory=Study)
    projet: Planning = field(default_factory=Planning)

    def to_query(self) -> dict[str, str]:
        """Print the fields that differ from the default as query parameters.

        `Selection.from_query` reads them back to an equal selection.
        """
        query: dict[str, str] = {}
        for name, value in _LINK.dump_python(self, exclude_defaults=True).items():
            part = value if isinstance(value, dict) else {name: value}
            query |= {key: _printed(kept) for key, kept in part.items()}
        return query

    @staticmethod
    def from_query(
        query: Mapping[str, str], vocabulary: Vocabulary
    ) -> tuple[Selection, tuple[str, ...]]:
        """Read a selection from query parameters; a bad value is ignored with a notice.

        Returns
        -------
        selection : Selection
            With defaults wherever a value was absent or bad.
        notices : tuple of str
            One French sentence for each value that was ignored; a name that is not one of ours is
            ignored in silence (trackers add some).
        """
        asked = {name: text.strip() for name, text in query.items() if name in OPTIONS}
        refused: set[str | int] = set()
        try:
            selection = _read(asked, vocabulary)
        except ValidationError as error:
            refused = {part for problem in error.errors() for part in problem["loc"]}
            kept = {name: text for name, text in asked.items() if name not in refused}
            selection = _read(kept, vocabulary)
        notices = [
            f"Le lien demande « {name} = {text if len(text) <= 40 else f'{text[:40]}…'} », qui "
            "n’existe pas ici : la valeur par défaut est affichée."
            for name, text in query.items()
            if name in refused
        ]
        published = vocabulary.indicators.get(selection.indicateur, frozenset(MAP_LEVELS))
        if selection.niveau not in published:
            if "niveau" in asked.keys() - refused:
                notices.append(
                    "Cet indicateur n’est pas publié à l’échelon demandé : la carte montre "
                    "l’échelon le plus proche."
                )
            offered = (level for level in _LEVELS_BY_PREFERENCE if level in published)
            selection = replace(selection, niveau=next(offered, selection.niveau))
        return selection, tuple(notices)


_LEVELS_BY_PREFERENCE: Final[tuple[MapLevel, ...]] = ("epci", "departement", "commune", "region")
_LINK: Final = TypeAdapter(Selection)
_PARTS: Final[dict[str, Any]] = {"filtre": QpvFilter, "etude": Study, "projet": Planning}
_PART_OF: Final = {f.name: part for part, kind in _PARTS.items() for f in fields(kind)}
OPTIONS: Final[dict[str, str]] = {
    name: next(words for words in said.metadata if isinstance(words, str))
    for kind in (Selection, *_PARTS.values())
    for name, said in kind.__pydantic_fields__.items()
    if name not in _PARTS
}
"""Every name of a link, and the French words of the option of a command."""


def _read(asked: Mapping[str, str], vocabulary: Vocabulary) -> Selection:
    values: dict[str, Any] = {part: {} for part in _PARTS}
    for name, text in asked.items():
        (values[_PART_OF[name]] if name in _PART_OF else values)[name] = text
    return _LINK.validate_python(values, context=vocabulary)


def _printed(value: object) -> str:
    """Write the value of a field.

    >>> _printed(("qpv", "clsm")), _printed(True), _printed(2.5)
    ('qpv,clsm', 'oui', '2.5')
    """
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple | list):
        return ",".join(_printed(v) for v in value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
