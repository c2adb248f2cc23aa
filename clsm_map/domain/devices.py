"""Devices (dispositifs): CLSM, ASV and CLS, their states, and the coverage they give to a QPV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

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

    Attributes
    ----------
    label : str
        French label, the same in maps, tables, charts and exports.
    colour : str
        Hexadecimal colour; one meaning per hue across the application.
    mark : str
        The non-colour sign that doubles it: ``plein``, ``hachures``, ``points``, ``anneau``,
        ``croix`` or ``contour``.
    meaning : str
        One French sentence that defines it.
    """

    id: StatusId
    label: str
    colour: str
    mark: str
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
