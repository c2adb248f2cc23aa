"""Présentation : des scènes à montrer en grand, même sans réseau."""

import streamlit as st

from clsm_map.ui import presentation, presentation_files, presentation_scenes
from clsm_map.ui.deck_state import pop_said
from clsm_map.ui.furniture import notices, page_title

page_title("Présentation", visible=False)
now = presentation.arrive()
with st.container():  # one place whatever is said: the stage below is never drawn anew
    notices(pop_said())
    presentation_files.bar(now)
    presentation_files.status(now)
left, right = st.columns([2, 1], gap="medium")
with left:
    shown = presentation.stage(now)
    presentation_scenes.scene_fields(now, shown)
with right:
    presentation_scenes.scene_list(now, shown)
presentation.write_link(now)
