"""A figure in a page: drawn, told, and taken away as a picture."""

from __future__ import annotations

from functools import partial
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from clsm_map.charts.coverage_look import CONFIG
from clsm_map.exports.chart import chart_picture
from clsm_map.exports.picture.page import PictureFormat
from clsm_map.formats import date_fr
from clsm_map.ui import data
from clsm_map.views.told import Told

_KINDS: Final[tuple[tuple[PictureFormat, str, str], ...]] = (
    ("png", "Figure en PNG", "image/png"),
    ("svg", "SVG", "image/svg+xml"),
)


def draw_figure(figure: go.Figure, told: Told, *, key: str) -> None:
    """Draw a figure, and under it its two pictures, made when they are asked for.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
    told : Told
        What its text alternative and its pictures say.
    key : str
        Names the figure in the session, and its files.
    """
    st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        key=f"{key}_figure",
        alt=f"{told.title}. {told.finding}" if told.finding else told.title,
    )
    made = f"Figure établie le {date_fr(data.today())} par clsm-map."
    notes = (told.finding, *told.notes, made)
    with st.container(
        horizontal=True, gap="small", horizontal_alignment="right", key=f"{key}_prendre"
    ):
        for kind, label, mime in _KINDS:
            st.download_button(
                label,
                data=partial(chart_picture, figure, kind, title=told.title, notes=notes),
                file_name=f"{key}.{kind}",
                mime=mime,
                type="tertiary",
                on_click="ignore",
                key=f"{key}_{kind}",
            )
