"""The programme « La santé mentale dans mon quartier »: its beginning, its reach, its kit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

FIRST_PROGRAMME_YEAR: Final = 2021
"""First year of the results that the national centre publishes."""

EXAMPLE: Final = "exemple, données fictives"
"""Words that mark made-up rows: one row whose note holds them marks the whole table."""

EVERY_QPV: Final = "tous"
"""What ``portee`` holds when a row documents that it reached every QPV of its territory."""

SCORE_PREFIX: Final = "score_"
BEFORE: Final = "avant"
AFTER: Final = "apres"

CENTRE: Final = "Centre national de ressources et d’appui aux CLSM"
CENTRE_SITE: Final = "https://ressources-clsm.org"

ReachId = Literal["atteint", "possible", "hors_tableau"]


@dataclass(frozen=True, slots=True)
class ReachState:
    """How a QPV stands towards a table of the programme.

    ``mark`` is the sign that doubles the colour; no other meaning has this hue.
    """

    id: ReachId
    label: str
    colour: str
    mark: Literal["plein", "hachures", "contour"]


REACH_STATES: Final[dict[ReachId, ReachState]] = {
    s.id: s
    for s in (
        ReachState("atteint", "atteint", "#34459c", "plein"),
        ReachState("possible", "possible, quartier non précisé", "#92a2dd", "hachures"),
        ReachState("hors_tableau", "absent du tableau", "#e9e6df", "contour"),
    )
}


@dataclass(frozen=True, slots=True)
class KitPart:
    """A part of the kit, and what a territory does with it.

    ``geste`` is what to do; ``page`` and ``appel``, the page that helps and the label of its link.
    """

    id: str
    titre: str
    geste: str
    page: str = ""
    appel: str = ""


KIT: Final = (
    KitPart(
        "chiffres",
        "Chiffres clés",
        "Situer le territoire : ses quartiers prioritaires, leurs habitants, les dispositifs qui "
        "les couvrent.",
        "pages/couverture.py",
        "Lire la couverture du territoire",
    ),
    KitPart(
        "impact",
        "Évaluation d’impact",
        "Lire ce que le programme a montré ailleurs, et dire aux partenaires ce que l’on en "
        "attend ici.",
    ),
    KitPart(
        "cahier",
        "Cahier des charges",
        "S’accorder par écrit avec les partenaires : qui porte, qui anime, dans quels quartiers, "
        "avec quels moyens.",
        "pages/planifier.py",
        "Choisir les quartiers",
    ),
    KitPart(
        "seances",
        "Plan des séances",
        "Fixer les séances (trois heures chacune la première année), les lieux et les dates, "
        "quartier par quartier.",
    ),
    KitPart(
        "supports",
        "Supports de communication",
        "Faire connaître les séances aux habitants et aux structures du quartier.",
    ),
    KitPart(
        "outils",
        "Outils d’évaluation",
        "Faire remplir le questionnaire avant et après, puis reporter les résultats dans le "
        "tableau des séances.",
        "pages/donnees.py",
        "Prendre le modèle de tableau",
    ),
)
"""The parts of the kit, in the order in which a territory follows them."""

_KIT_SEPARATOR: Final = "-"


def kit_from_text(text: str) -> frozenset[str]:
    """Read the parts ticked in a link, such as ``chiffres-cahier``; unknown words are ignored."""
    known = {part.id for part in KIT}
    return frozenset(word for word in text.split(_KIT_SEPARATOR) if word in known)


def kit_to_text(ticked: Collection[str]) -> str:
    """Write the parts ticked as a link holds them, in the order of the kit."""
    return _KIT_SEPARATOR.join(part.id for part in KIT if part.id in ticked)
