"""Devices (dispositifs): CLSM, ASV and CLS, their states, and the coverage they give to a QPV."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pandas as pd

DeviceType = Literal["CLSM", "ASV", "CLS"]
State = Literal["en projet", "actif", "en sommeil", "arrêté", "inconnu"]
StatusId = Literal[
    "couvert",
    "couvert_en_partie",
    "en_projet",
    "a_verifier",
    "sans_dispositif",
    "sans_dispositif_recense",
]

Mark = Literal[
    "plein",
    "hachures",
    "points",
    "anneau",
    "croix",
    "contour",
    "secret",
    "absent",
    "reserve",
    "date",
    "sans_date",
]
"""Sign that doubles a colour."""

DEVICE_TYPES: Final[tuple[DeviceType, ...]] = ("CLSM", "ASV", "CLS")
DEVICE_NAMES: Final[dict[DeviceType, str]] = {
    "CLSM": "conseil local de santé mentale",
    "ASV": "atelier santé ville",
    "CLS": "contrat local de santé",
}
STATES: Final[tuple[State, ...]] = ("en projet", "actif", "en sommeil", "arrêté", "inconnu")


@dataclass(frozen=True, slots=True)
class Status:
    """How a QPV stands towards one type of device on one date.

    One meaning per hue across the application, doubled by a sign that is no colour.
    """

    id: StatusId
    label: str
    colour: str
    mark: Mark
    meaning: str


STATUSES: Final[dict[StatusId, Status]] = {
    s.id: s
    for s in (
        Status(
            "couvert",
            "couvert",
            "#0b6e6e",
            "plein",
            "Toutes les communes du quartier sont dans le périmètre d'un dispositif actif recensé.",
        ),
        Status(
            "couvert_en_partie",
            "couvert en partie",
            "#6db7b0",
            "hachures",
            "Une partie seulement des communes du quartier est dans un tel périmètre.",
        ),
        Status(
            "en_projet",
            "en projet",
            "#d98e04",
            "points",
            "Aucun dispositif actif recensé, mais un projet recensé concerne le quartier.",
        ),
        Status(
            "a_verifier",
            "à vérifier",
            "#7d6ba8",
            "anneau",
            "Un dispositif recensé concerne le quartier, sans que l'on sache s'il est actif : état "
            "inconnu, échéance passée sans suite connue, ou dernier signe trop ancien.",
        ),
        Status(
            "sans_dispositif",
            "sans dispositif",
            "#a8324a",
            "croix",
            "Aucun dispositif, dans un territoire dont le registre est déclaré complet.",
        ),
        Status(
            "sans_dispositif_recense",
            "sans dispositif recensé",
            "#d8d3ca",
            "contour",
            "Aucun dispositif recensé ; le registre n'est pas déclaré complet : ce n'est pas la "
            "preuve d'une absence.",
        ),
    )
}
"""The six statuses, in the order in which they are tried and shown."""


@dataclass(frozen=True, slots=True)
class QpvSet:
    """QPV that stand in one of some ways towards a type of device.

    Attributes
    ----------
    template : str
        French words that follow "quartiers"; ``{type}`` is the acronym of the device.
    statuses : tuple of StatusId
        The statuses of its QPV, in their order.
    """

    template: str
    statuses: tuple[StatusId, ...]

    def words(self, type_: str) -> str:
        """Name the set, after "quartiers".

        >>> WITHOUT_ACTIVE.words("CLS")
        'sans CLS actif recensé'
        """
        return self.template.format(type=type_)

    def mask(self, statuses: pd.Series) -> pd.Series:
        """Tell which statuses are of the set; aligned with ``statuses``."""
        return statuses.isin(self.statuses)


def _all_but(*left_out: StatusId) -> tuple[StatusId, ...]:
    return tuple(status for status in STATUSES if status not in left_out)


COVERED: Final = QpvSet("dans le périmètre d’un {type} actif recensé", ("couvert",))
TOUCHED: Final = QpvSet(
    "dans le périmètre d’un {type} actif recensé, en entier ou en partie",
    ("couvert", "couvert_en_partie"),
)
NOT_WHOLE: Final = QpvSet("qu’aucun {type} actif recensé ne couvre en entier", _all_but("couvert"))
WITHOUT_ACTIVE: Final = QpvSet("sans {type} actif recensé", _all_but(*TOUCHED.statuses))
"""Projects and devices to be checked are of it: what they hold, no active device holds."""
WITHOUT_RECORDED: Final = QpvSet(
    "sans {type} recensé", _all_but(*TOUCHED.statuses, "en_projet", "a_verifier")
)
"""No perimeter recorded holds them, be it active, in project or to be checked."""


def kept_words(statuses: Collection[str], type_: str) -> str:
    """Name what a filter keeps, after "quartiers": a set if it is one, else the statuses.

    >>> kept_words(WITHOUT_ACTIVE.statuses, "CLSM"), kept_words(["en_projet"], "CLSM")
    ('sans CLSM actif recensé', 'en projet')
    """
    for known in (WITHOUT_RECORDED, WITHOUT_ACTIVE, COVERED, TOUCHED, NOT_WHOLE):
        if set(statuses) == set(known.statuses):
            return known.words(type_)
    return " ou ".join(STATUSES[i].label for i in STATUSES if i in statuses)
