"""Carte : un indicateur, les quartiers et les dispositifs, leur légende, leur tableau."""

import streamlit as st

from clsm_map.ui import carte, data
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.state import current_selection, pop_notices, update_selection
from clsm_map.views.view import view_of

selection = current_selection()
page_title("Carte", visible=False)
notices(pop_notices())
selection = carte.bar(selection)
view = view_of(data.desk(), "carte", selection)
notices(view.notices)

left, right = st.columns([2, 1], gap="medium")
with left:
    map_tab, territories_tab, qpv_tab = st.tabs(
        ["Carte", "Tableau", "Quartiers"], key="onglet_carte", on_change="rerun"
    )
    with map_tab:
        selection = carte.draw_map(selection, view)
    if territories_tab.open:
        with territories_tab:
            carte.draw_rows(view.tables[0])
    if qpv_tab.open:
        with qpv_tab:
            carte.draw_rows(view.tables[1])
with right:
    carte.reading_panel(selection, view)

# Once the map is on its way: the exports take a tenth of a second to load, the first time.
from clsm_map.ui.takeaway import CARTE, take_away  # noqa: E402

take_away(selection, CARTE)
update_selection(selection)
