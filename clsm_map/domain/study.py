"""What is studied on *Inégalités*: the part of a selection that only this page speaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from clsm_map.domain.territories import LEVEL_LABELS

if TYPE_CHECKING:
    from clsm_map.domain.terms import Vocabulary

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
