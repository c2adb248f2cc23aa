"""Présentation : des scènes à montrer en grand, même sans réseau."""

import streamlit as st

from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.presentation import pop_said, scenes, stage

page_title("Présentation", visible=False)
now = stage.arrive()
with st.container():  # one place whatever is said: the stage below is never drawn anew
    notices(pop_said())
    stage.bar(now)
    stage.status(now)
left, right = st.columns([2, 1], gap="medium")
with left:
    shown = stage.stage(now)
    scenes.scene_fields(now, shown)
with right:
    scenes.scene_list(now, shown)
stage.write_link(now)
