"""The presentation of a visitor, kept for the time of the visit, and how a page adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from clsm_map.domain.deck import SCENE_PAGES, Deck, Scene, add, replace_scene
from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import Territory
from clsm_map.exports.deck.standard import USUAL_REGION, default_deck
from clsm_map.maps.escape import markdown_text
from clsm_map.store.territories import find_territory, region_of
from clsm_map.ui import data
from clsm_map.ui.state import territory_in_hand

_KEY: Final = "presentation"
_SAID: Final = "presentation_avis"
_ASKING: Final = "emporter_presentation_demande"
_ADDED: Final = "emporter_presentation_dit"
_MOST: Final = 30
OWN_TITLE: Final = "Ma présentation"


@dataclass(frozen=True, slots=True)
class Desktop:
    """A presentation being made.

    ``origin`` is ``region:84`` (given to start from), ``lien``, ``fichier`` or ``visite``;
    ``safe`` can be had again; ``ask`` changes each time the page chooses the scene, ``turn`` each
    time fields must be filled anew; ``past`` are earlier states, oldest first.
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


def _keep(now: Desktop, deck: Deck, index: int, *, refill: bool = True, **values: Any) -> None:
    """Keep a presentation; it shows a scene, and its fields are filled anew."""
    st.session_state[_KEY] = replace(
        now,
        deck=deck,
        index=min(max(index, 0), max(len(deck.scenes) - 1, 0)),
        ask=now.ask + 1,
        turn=now.turn + refill,
        **values,
    )


def open_deck(deck: Deck, origin: str) -> None:
    """Put a presentation in the place of the current one, which the way back keeps."""
    now = desktop() or Desktop(Deck(), ask=-1, turn=-1, safe=Deck())
    past = (*now.past, now.deck)[-_MOST:] if now.unsaved else ()
    _keep(now, deck, 0, origin=origin, safe=None if origin == "visite" else deck, past=past)


def open_region(code: str) -> None:
    """Open the presentation given to start from, for a région."""
    open_deck(default_deck(data.desk(), code), f"region:{code}")


def region_in_hand() -> Territory:
    """Give the région that holds the territory in hand; the usual one for France."""
    snapshot = data.snapshot()
    code = region_of(snapshot, find_territory(snapshot, territory_in_hand())) or USUAL_REGION
    return find_territory(snapshot, code, "region")


def change_deck(deck: Deck, index: int | None = None, *, refill: bool = True) -> None:
    """Keep a new state of the presentation, at the same rank by default.

    Fields are not filled anew when the change comes from one that shows it already.
    """
    now = desktop() or Desktop(Deck(OWN_TITLE))
    wanted = now.index if index is None else index
    _keep(now, deck, wanted, refill=refill, past=(*now.past, now.deck)[-_MOST:])


def show_scene(index: int, *, asked: bool = True) -> None:
    """Make a scene the one that shows and is edited."""
    now = desktop()
    if now is not None and 0 <= index < len(now.deck.scenes) and index != now.index:
        st.session_state[_KEY] = replace(now, index=index, ask=now.ask + asked, turn=now.turn + 1)


def undo() -> None:
    """Go back to the state before the last change."""
    now = desktop()
    if now is not None and now.past:
        _keep(now, now.past[-1], now.index, past=now.past[:-1])


def mark_saved() -> None:
    """Note that the presentation as it is was written to a file."""
    now = desktop()
    if now is not None:
        st.session_state[_KEY] = replace(now, safe=now.deck)


def edit_scene(index: int, *, refill: bool = False, **values: Any) -> None:
    """Change fields of one scene, from the field that shows them unless it is to be refilled."""
    now = desktop()
    if now is None or index >= len(now.deck.scenes):
        return
    scene = replace(now.deck.scenes[index], **values)
    if scene != now.deck.scenes[index]:
        change_deck(replace_scene(now.deck, index, scene), refill=refill)


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


def add_to_deck(selection: Selection, page: str) -> None:
    """Draw « Ajouter à la présentation », and the way to it once it has a scene.

    As long as the visitor has made none, the view could begin one or go on with the one given:
    they are asked, whether or not they have opened the page of presentations.
    """
    if page not in SCENE_PAGES:
        return
    now, query = desktop(), selection.to_query()
    undecided = now is None or now.given
    if st.button("Ajouter à la présentation", key="emporter_presentation"):
        st.session_state[_ASKING] = undecided
        if not undecided:
            _add(page, query)
    if undecided and st.session_state.get(_ASKING):
        _ask(page, query)
    for sentence in st.session_state.pop(_ADDED, ()):
        st.toast(markdown_text(sentence))
    now = desktop()
    if now is not None and now.deck.scenes:
        n = len(now.deck.scenes)
        label = f"Voir la présentation ({n} scène{'s' if n > 1 else ''})"
        st.page_link("pages/presentation.py", label=label)


def _ask(page: str, query: Mapping[str, str]) -> None:
    """Ask, the first time, which presentation the view begins or goes on."""
    region = region_in_hand()

    def begin() -> None:
        open_deck(Deck(OWN_TITLE), "visite")
        _add(page, query)

    def go_on() -> None:
        open_region(region.code)
        _add(page, query)

    st.caption("À quelle présentation ajouter cette vue\u202f?")
    with st.container(horizontal=True, gap="small"):
        alone, rest = "emporter_presentation_seule", "emporter_presentation_suite"
        st.button("Une nouvelle, de cette seule vue", key=alone, on_click=begin)
        st.button(f"Les huit scènes proposées, {region.nom}", key=rest, on_click=go_on)


def _add(page: str, query: Mapping[str, str]) -> None:
    """Add a view of a page at the end of the presentation; its words are computed."""
    st.session_state[_ASKING] = False
    now = desktop() or Desktop(Deck(OWN_TITLE))
    try:
        deck = add(now.deck, Scene(page=page, requete=dict(query)))  # type: ignore[arg-type]
        change_deck(deck, len(deck.scenes) - 1)
        said = f"Vue ajoutée à la présentation\u202f: scène {len(deck.scenes)}."
    except ClsmMapError as refusal:
        said = refusal.message_fr
    st.session_state[_ADDED] = (said,)
