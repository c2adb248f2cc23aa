"""« Ajouter à la présentation »: one view of a page becomes a scene, its words computed."""

from __future__ import annotations

import streamlit as st

from clsm_map.domain.deck_text import SCENE_PAGES
from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.selection import Selection
from clsm_map.maps.escape import markdown_text
from clsm_map.ui.deck_state import add_view, desktop


def add_to_deck(selection: Selection, page: str) -> None:
    """Draw the button, and the way to the presentation once it has a scene.

    Parameters
    ----------
    selection : Selection
        What the page shows.
    page : str
        Its address; a page that makes no scene has no button.
    """
    if page not in SCENE_PAGES:
        return
    if st.button("Ajouter à la présentation", key="emporter_presentation"):
        try:
            rank = add_view(page, selection.to_query())
        except ClsmMapError as refusal:
            st.toast(markdown_text(refusal.message_fr))
        else:
            st.toast(markdown_text(f"Vue ajoutée à la présentation\u202f: scène {rank}."))
    now = desktop()
    if now is not None and now.deck.scenes:
        scenes = len(now.deck.scenes)
        plural = "s" if scenes > 1 else ""
        st.page_link(
            "pages/presentation.py", label=f"Voir la présentation ({scenes} scène{plural})"
        )
