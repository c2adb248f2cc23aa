"""What is planned on *Planifier*: the part of a selection that only this page speaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from clsm_map.domain.territories import LEVEL_LABELS

if TYPE_CHECKING:
    from clsm_map.domain.terms import Vocabulary

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
        Moves of *Et si*, as `clsm_map.analysis.planning_scenario.Scenario.to_text` prints them.
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


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, Vocabulary], str]:
    def parse(text: str, _: Vocabulary) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


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
