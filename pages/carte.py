"""Carte : un indicateur, les quartiers et les dispositifs, leur légende, leur tableau."""

import streamlit as st

from clsm_map.ui import carte
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.state import current_selection, pop_notices, update_selection

selection = current_selection()
page_title("Carte", visible=False)
notices(pop_notices())
selection = carte.bar(selection)
view = carte.build(selection)
notices(view.notices)

left, right = st.columns([2, 1], gap="medium")
with left:
    map_tab, territories_tab, qpv_tab = st.tabs(
        ["Carte", "Tableau", "Quartiers"], key="onglet_carte", on_change="rerun"
    )
    with map_tab:
        selection = carte.draw_map(view)
    if territories_tab.open:
        with territories_tab:
            carte.territories_table(view)
    if qpv_tab.open:
        with qpv_tab:
            carte.qpv_table(view)
with right:
    carte.reading_panel(view)

# Once the map is on its way: the exports take a tenth of a second to load, the first time.
from clsm_map.ui import takeaway_kits as kits  # noqa: E402
from clsm_map.ui.takeaway import take_away  # noqa: E402

take_away(selection, kits.CARTE)
update_selection(selection)
