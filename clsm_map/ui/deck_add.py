"""« Ajouter à la présentation »: one view of a page becomes a scene, its words computed."""

from __future__ import annotations

from typing import Final

import streamlit as st

from clsm_map.domain.deck import SCENE_PAGES, Deck
from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.selection import Selection
from clsm_map.maps.escape import markdown_text
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui.deck_state import OWN_TITLE, add_view, desktop, open_deck
from clsm_map.ui.presentation import open_region, region_in_hand

_ASKING: Final = "emporter_presentation_demande"
_SAID: Final = "emporter_presentation_dit"


def add_to_deck(selection: Selection, page: str) -> None:
    """Draw the button, and the way to the presentation once it has a scene.

    As long as the visitor has made none, the view could begin one or go on with the one given:
    they are asked, whether or not they have opened the page of presentations.

    Parameters
    ----------
    selection : Selection
        What the page shows.
    page : str
        Its address; a page that makes no scene has no button.
    """
    if page not in SCENE_PAGES:
        return
    now = desktop()
    undecided = now is None or now.given
    if st.button("Ajouter à la présentation", key="emporter_presentation"):
        st.session_state[_ASKING] = undecided
        if not undecided:
            _add(page, selection)
    if undecided and st.session_state.get(_ASKING):
        _ask(page, selection)
    for sentence in st.session_state.pop(_SAID, ()):
        st.toast(markdown_text(sentence))
    now = desktop()
    if now is not None and now.deck.scenes:
        scenes = len(now.deck.scenes)
        plural = "s" if scenes > 1 else ""
        st.page_link(
            "pages/presentation.py", label=f"Voir la présentation ({scenes} scène{plural})"
        )


def _ask(page: str, selection: Selection) -> None:
    """Ask, the first time, which presentation the view begins or goes on."""
    region = find_territory(data.snapshot(), region_in_hand(), "region").nom
    st.caption("À quelle présentation ajouter cette vue\u202f?")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Une nouvelle, de cette seule vue",
            key="emporter_presentation_seule",
            on_click=_begin,
            args=(page, selection),
        )
        st.button(
            f"Les huit scènes proposées, {region}",
            key="emporter_presentation_suite",
            on_click=_go_on,
            args=(page, selection),
        )


def _begin(page: str, selection: Selection) -> None:
    open_deck(Deck(OWN_TITLE), "visite")
    _add(page, selection)


def _go_on(page: str, selection: Selection) -> None:
    open_region(region_in_hand())
    _add(page, selection)


def _add(page: str, selection: Selection) -> None:
    st.session_state[_ASKING] = False
    try:
        said = f"Vue ajoutée à la présentation\u202f: scène {add_view(page, selection.to_query())}."
    except ClsmMapError as refusal:
        said = refusal.message_fr
    st.session_state[_SAID] = (said,)
