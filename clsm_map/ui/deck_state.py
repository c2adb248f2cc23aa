"""The presentation of a visitor: kept for the time of the visit, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from clsm_map.domain.deck import Deck, Scene, add, replace_scene
from clsm_map.domain.errors import ClsmMapError

_KEY: Final = "presentation"
_SAID: Final = "presentation_avis"
_MOST: Final = 30
OWN_TITLE: Final = "Ma présentation"


@dataclass(frozen=True, slots=True)
class Desktop:
    """A presentation being made.

    Attributes
    ----------
    origin : str
        Where it came from: ``region:84`` (given to start from), ``lien``, ``fichier``, ``visite``.
    safe : Deck or None
        What can be had again: the file saved or opened, the link followed, the one given.
    index : int
        Rank of the scene that shows, from 0.
    ask : int
        Changes each time the page chooses the scene.
    turn : int
        Changes each time fields must be filled anew.
    past : tuple of Deck
        Earlier states, oldest first.
    """

    deck: Deck
    origin: str = "visite"
    safe: Deck | None = None
    index: int = 0
    ask: int = 0
    turn: int = 0
    past: tuple[Deck, ...] = ()

    @property
    def unsaved(self) -> bool:
        """Whether closing the page loses something."""
        return self.deck != self.safe

    @property
    def given(self) -> bool:
        """Whether it is the one given to start from, untouched."""
        return self.origin.startswith("region:") and not self.unsaved and not self.past

    @property
    def scene(self) -> Scene | None:
        """The scene that shows; ``None`` when there is none."""
        return self.deck.scenes[self.index] if self.deck.scenes else None


def desktop() -> Desktop | None:
    """Give the presentation of this visitor, ``None`` when they have none yet."""
    found: Desktop | None = st.session_state.get(_KEY)
    return found


def open_deck(deck: Deck, origin: str, *, index: int = 0) -> None:
    """Put a presentation in the place of the current one, which the way back keeps."""
    now = desktop()
    past = (*now.past, now.deck)[-_MOST:] if now is not None and now.unsaved else ()
    ask = now.ask + 1 if now else 0
    turn = now.turn + 1 if now else 0
    kept = min(max(index, 0), max(len(deck.scenes) - 1, 0))
    safe = None if origin == "visite" else deck
    st.session_state[_KEY] = Desktop(deck, origin, safe, kept, ask, turn, past)


def change_deck(deck: Deck, index: int | None = None, *, refill: bool = True) -> None:
    """Keep a new state of the presentation, the scene that shows included.

    Parameters
    ----------
    index : int, optional
        Scene to show; the same rank by default.
    refill : bool, optional
        ``False`` when the change comes from a field that shows it already.
    """
    now = desktop() or Desktop(Deck(OWN_TITLE))
    wanted = now.index if index is None else index
    st.session_state[_KEY] = replace(
        now,
        deck=deck,
        index=min(max(wanted, 0), max(len(deck.scenes) - 1, 0)),
        ask=now.ask + 1,
        turn=now.turn + refill,
        past=(*now.past, now.deck)[-_MOST:],
    )


def show_scene(index: int, *, asked: bool = True) -> None:
    """Make a scene the one that shows and is edited."""
    now = desktop()
    if now is None or not 0 <= index < len(now.deck.scenes) or index == now.index:
        return
    st.session_state[_KEY] = replace(
        now, index=index, ask=now.ask + 1 if asked else now.ask, turn=now.turn + 1
    )


def undo() -> None:
    """Go back to the state before the last change."""
    now = desktop()
    if now is None or not now.past:
        return
    before = now.past[-1]
    st.session_state[_KEY] = replace(
        now,
        deck=before,
        index=min(now.index, max(len(before.scenes) - 1, 0)),
        ask=now.ask + 1,
        turn=now.turn + 1,
        past=now.past[:-1],
    )


def mark_saved() -> None:
    """Note that the presentation as it is was written to a file."""
    now = desktop()
    if now is not None:
        st.session_state[_KEY] = replace(now, safe=now.deck)


def add_view(page: str, query: Mapping[str, str]) -> int:
    """Add a view of a page at the end of the presentation; its words are computed.

    Parameters
    ----------
    page : str
        One of the pages of scenes.
    query : mapping of str to str
        `clsm_map.domain.selection.Selection.to_query`.

    Returns
    -------
    int
        Scenes of the presentation from now on.

    Raises
    ------
    InvalidInputError
        The presentation is full.
    """
    now = desktop() or Desktop(Deck(OWN_TITLE))
    deck = add(now.deck, Scene(page=page, requete=dict(query)))  # type: ignore[arg-type]
    change_deck(deck, len(deck.scenes) - 1)
    return len(deck.scenes)


def edit_scene(index: int, **values: Any) -> None:
    """Change fields of one scene from the field that shows them."""
    now = desktop()
    if now is None or index >= len(now.deck.scenes):
        return
    scene = replace(now.deck.scenes[index], **values)
    if scene != now.deck.scenes[index]:
        change_deck(replace_scene(now.deck, index, scene), refill=False)


def say(sentence: str) -> None:
    """Keep a sentence for the top of the page at its next run."""
    st.session_state[_SAID] = (*st.session_state.get(_SAID, ()), sentence)


def pop_said() -> tuple[str, ...]:
    """Give, once, the sentences kept for the top of the page."""
    said: tuple[str, ...] = st.session_state.pop(_SAID, ())
    return said


def attempt(act: Callable[[], object]) -> None:
    """Do what a field or a button asks; a refusal is said at the top of the page."""
    try:
        act()
    except ClsmMapError as refusal:
        say(refusal.message_fr)
