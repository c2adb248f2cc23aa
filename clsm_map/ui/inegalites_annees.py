"""Under the curve of *Évolution*: one map per year, the same classes and scale for all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.exports.picture.canvas import PictureFormat
from clsm_map.exports.picture.layout import years_picture
from clsm_map.formats import number
from clsm_map.maps.carte import year_legend, year_view
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import html_text
from clsm_map.maps.legend import swatch_image
from clsm_map.maps.model import MapView
from clsm_map.settings import get_settings
from clsm_map.store.territories import bounds
from clsm_map.ui import data
from clsm_map.ui.figure import picture_buttons
from clsm_map.ui.furniture import view_title
from clsm_map.ui.inegalites_parts import finding, show_table
from clsm_map.ui.state import widget_key
from clsm_map.views import questions
from clsm_map.views.captions import Told
from clsm_map.views.inequality.trend import YearMaps, year_levels

_HEIGHT: Final = 340


def draw_years(selection: Selection, indicator: str, notes: tuple[str, ...]) -> MapLevel | None:
    """Draw the maps by year of an indicator around a territory; nothing where there are none.

    Parameters
    ----------
    indicator : str
        Identifier.
    notes : tuple of str
        Sources and cautions that go with the picture.

    Returns
    -------
    MapLevel or None
        The level shown.
    """
    territory = data.desk().territory(selection)
    levels = year_levels(data.snapshot(), data.snapshot().indicators[indicator], territory)
    if not levels:
        return None
    heading, field = st.columns([3, 1], vertical_alignment="bottom")
    with field:
        key = widget_key("echelon")
        if st.session_state.get(key) not in levels:
            st.session_state[key] = levels[0]
        level: MapLevel = st.selectbox(
            "Échelon des cartes",
            levels,
            format_func=lambda v: LEVEL_LABELS[v][1].capitalize(),
            key=key,
        )
    found = questions.years_in(data.desk(), indicator, level, territory)
    with heading:
        view_title(f"{found.title} : une carte par année")
        finding(found.finding)
    drawn, listed = st.tabs(["Cartes", "Tableau"], key="annees_vue", on_change="rerun")
    if listed.open:
        with listed:
            show_table(found.table(), found.finding)
    else:
        with drawn:
            _maps(found, territory, notes)
    return level


def _maps(found: YearMaps, territory: Territory, notes: tuple[str, ...]) -> None:
    national = found.scope.parent.level == "france"
    extent = None if national else bounds(data.snapshot(), _extent(found, territory))
    views = [year_view(data.library(), found, year, extent) for year in found.years]
    for column, year, view in zip(st.columns(len(views)), found.years, views, strict=True):
        with column:
            view_title(found.indicator.when(year))
            render_map(view, key=f"annees_{year}", height=_HEIGHT)
    legend, _ = st.columns([3, 2])
    with legend:
        _legend(found)
    told = Told(found.title, found.finding, notes)
    picture_buttons(partial(_picture, found, views), told, key="annees")


def _extent(found: YearMaps, territory: Territory) -> Territory:
    """Show an intercommunalité by itself when its communes are coloured, else what holds it."""
    inside = territory.level == "epci" and found.scope.level == "commune"
    return territory if inside else found.scope.parent


def _picture(
    found: YearMaps, views: Sequence[MapView], fmt: PictureFormat, notes: Sequence[str]
) -> bytes:
    return years_picture(found, views, get_settings().static, fmt, notes=notes)


def _legend(found: YearMaps) -> None:
    """Draw the common legend: each class, and how many territories it has each year."""
    counts = [found.counts(year) for year in found.years]
    shown = [rank for rank in range(len(counts[0])) if rank < len(found.labels)]
    shown += [
        rank for rank in range(len(found.labels), len(counts[0])) if any(c[rank] for c in counts)
    ]
    items = "".join(
        f'<li><img src="{swatch_image(entry)}" alt=""><span>{html_text(entry.label)}</span>'
        f'<span class="n">{" · ".join(number(c[rank]) for c in counts)}</span></li>'
        for rank, entry in zip(shown, year_legend(found), strict=True)
    )
    heading = f"Nombre de {found.nouns[1]} par classe : {' · '.join(map(str, found.years))}"
    st.html(
        f'<section class="legende" aria-label="Légende commune aux cartes">'
        f"<h3>{html_text(heading)}</h3><ul>{items}</ul><p>{html_text(found.note)}</p></section>"
    )
