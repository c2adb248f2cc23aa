"""What a scene says: a title, one sentence, and two to four figures, computed from the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from clsm_map.formats import NBSP, typeset

MOST_FIGURES: Final = 4
LONGEST_TITLE: Final = 76
"""Characters of a title read from the back of a room."""


@dataclass(frozen=True, slots=True)
class SceneFigure:
    """A figure in large type.

    Attributes
    ----------
    libelle : str
        What it counts.
    origine : str
        Its denominator, its date, its source.
    """

    valeur: str
    libelle: str
    origine: str = ""


@dataclass(frozen=True, slots=True)
class SceneWords:
    """The words of a scene.

    Attributes
    ----------
    titre : str
        The finding, short.
    phrase : str
        The finding with its figures, in one sentence.
    chiffres : tuple of SceneFigure
        At most four.
    """

    titre: str
    phrase: str
    chiffres: tuple[SceneFigure, ...] = ()
    sources: tuple[str, ...] = ()
    prudences: tuple[str, ...] = ()


def typeset_words(words: SceneWords) -> SceneWords:
    """Give every text its French typography, and keep each source and caution once."""
    return replace(
        words,
        titre=typeset(words.titre),
        phrase=typeset(words.phrase),
        chiffres=tuple(
            SceneFigure(typeset(c.valeur), typeset(c.libelle), typeset(c.origine))
            for c in words.chiffres[:MOST_FIGURES]
        ),
        sources=tuple(dict.fromkeys(typeset(s) for s in words.sources if s)),
        prudences=tuple(dict.fromkeys(typeset(p) for p in words.prudences if p)),
    )


def scene_figures(lines: Iterable[Sequence[str]]) -> tuple[SceneFigure, ...]:
    """Make figures of lines (value, label, origin)."""
    return tuple(SceneFigure(*line) for line in lines)


def headline(nom: str, *said: str) -> str:
    """Put a place before what is said of it: the first wording that is short enough.

    The place is shortened when even the last wording is too long.

    >>> headline("Bretagne", "12 quartiers").replace(NBSP, "_")
    'Bretagne_: 12 quartiers'
    >>> headline("Bretagne", 80 * "a", "12 quartiers").replace(NBSP, "_")
    'Bretagne_: 12 quartiers'
    """
    for wording in said:
        if len(nom) + 3 + len(wording) <= LONGEST_TITLE:
            return f"{nom}{NBSP}: {wording}"
    room = max(12, LONGEST_TITLE - len(said[-1]) - 3)
    return f"{shortened(nom, room)}{NBSP}: {said[-1]}"


def within(text: str) -> str:
    """Write a label inside a sentence: its first letter small, unless it begins an acronym.

    >>> within("Revenu par habitant"), within("QPV couverts")
    ('revenu par habitant', 'QPV couverts')
    """
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def shortened(text: str, most: int) -> str:
    """Cut a text at a word, with an ellipsis, when it is longer than ``most`` characters.

    >>> shortened("Communauté de communes du Pays", 22)
    'Communauté de…'
    """
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0].rstrip(' ,;:')}…"
