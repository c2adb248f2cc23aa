"""*Programme*: the reach of « La santé mentale dans mon quartier », and its kit to follow."""

from __future__ import annotations

import streamlit as st

from clsm_map.domain.selection import Selection
from clsm_map.ui import data, programme_detail, programme_import, programme_publie
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.programme_files import programme_kit
from clsm_map.ui.programme_kit import kit_checklist
from clsm_map.ui.quirks import ASSETS
from clsm_map.ui.takeaway import take_away


def draw(selection: Selection) -> tuple[Selection, str]:
    """Draw the page.

    Returns
    -------
    selection : Selection
        With what its controls changed.
    kit : str
        What is ticked, as the link holds it.
    """
    st.html(ASSETS / "programme.css")
    published = programme_publie.published()
    page_title("Programme « La santé mentale dans mon quartier »", published.finding)
    notices(data.server_programme().refusals)
    loaded = data.programme_table()
    programme_import.banner()
    view = None
    if loaded is not None:
        selection, view = programme_detail.draw(selection, loaded)
        st.divider()
    programme_publie.draw(published, beside_example=view is not None and view.example)
    st.divider()
    if loaded is None:
        told, tried = st.columns([3, 2], gap="large")
        with told:
            programme_publie.what_detail_adds()
        with tried:
            programme_import.sample_button("programme_essayer")
            _import()
    else:
        _import()
    st.divider()
    ticked = kit_checklist(published.link)
    take_away(selection, programme_kit(published, view, ticked))
    return selection, ticked


def _import() -> None:
    with st.expander("Importer un tableau détaillé (pour vous seulement, en mémoire)"):
        programme_import.import_field()
