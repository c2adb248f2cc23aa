"""What a scene says: a title, one sentence, and two to four figures, computed from the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from clsm_map.formats import NBSP
from clsm_map.views.view import Claim, View

LONGEST_TITLE: Final = 76
"""Characters of a title read from the back of a room."""


def staged(
    headline: str,
    finding: str,
    claims: Iterable[Claim] = (),
    sources: tuple[str, ...] = (),
    cautions: tuple[str, ...] = (),
) -> View:
    """Tell a view on a stage: a short title, one sentence with its figures, two to four claims."""
    return View(
        headline=headline,
        finding=finding,
        claims=tuple(claims),
        sources=sources,
        cautions=cautions,
    )


def scene_figures(lines: Iterable[Sequence[str]]) -> tuple[Claim, ...]:
    """Make claims of lines (text, label, origin)."""
    return tuple(Claim(line[0], line[1], "".join(line[2:])) for line in lines)


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
