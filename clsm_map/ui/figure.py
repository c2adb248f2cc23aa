"""A figure in a page: drawn, told, and taken away as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from clsm_map.charts.look import CONFIG
from clsm_map.exports.chart import chart_picture
from clsm_map.exports.picture.canvas import PictureFormat
from clsm_map.formats import date_fr
from clsm_map.ui import data
from clsm_map.views.captions import Told
from clsm_map.views.view import Chart

_KINDS: Final[tuple[tuple[PictureFormat, str, str], ...]] = (
    ("png", "Figure en PNG", "image/png"),
    ("svg", "SVG", "image/svg+xml"),
)


def draw_figure(figure: go.Figure, told: Told | Chart, *, key: str) -> None:
    """Draw a figure, and under it its two pictures, made when they are asked for.

    Parameters
    ----------
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
    picture_buttons(partial(_picture_of, figure, told.title), told, key=key)


def picture_buttons(
    make: Callable[[PictureFormat, Sequence[str]], bytes], told: Told | Chart, *, key: str
) -> None:
    """Offer what is drawn as PNG and as SVG, discreetly.

    Parameters
    ----------
    make : callable
        ``(format, notes) -> bytes``; called when a visitor asks, outside the run of the page.
    told : Told
        Its finding and its notes go under the picture, with the date.
    key : str
        Names the buttons and the files.
    """
    made = f"Figure établie le {date_fr(data.desk().today)} par clsm-map."
    notes = tuple(note for note in (told.finding, *told.notes, made) if note)
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        for kind, label, mime in _KINDS:
            st.download_button(
                label,
                data=partial(make, kind, notes),
                file_name=f"{key}.{kind}",
                mime=mime,
                type="tertiary",
                on_click="ignore",
                key=f"{key}_{kind}",
            )


def _picture_of(figure: go.Figure, title: str, kind: PictureFormat, notes: Sequence[str]) -> bytes:
    return chart_picture(figure, kind, title=title, notes=notes)
