"""Point d'entrée : configuration, navigation, habillage commun ; rien d'autre."""

import streamlit as st

from clsm_map.ui.errors import explained
from clsm_map.ui.navigation import pages, through_entry
from clsm_map.ui.theme import apply_theme

st.set_page_config(page_title="Quartiers et santé mentale", layout="wide")
page = st.navigation(pages(), position="top")
apply_theme()
with through_entry(), explained():
    page.run()
