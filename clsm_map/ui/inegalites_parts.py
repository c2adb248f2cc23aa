"""What every angle of *Inégalités* is made of: a figure and its table, its choices, its sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from clsm_map.domain.indicators import THEMES, Indicator
from clsm_map.domain.selection import Peers, Selection
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory
from clsm_map.maps.escape import html_text
from clsm_map.ui import data
from clsm_map.ui.figure import draw_figure
from clsm_map.ui.furniture import source_line
from clsm_map.ui.state import widget_key
from clsm_map.views import captions
from clsm_map.views.captions import Told, source_notes
from clsm_map.views.inequality.ranking import LEVELS_BY_PREFERENCE, suitable_level


def twin(
    key: str,
    figure: Callable[[], go.Figure],
    table: Callable[[], pd.DataFrame],
    told: Told,
    config: Mapping[str, Any] | None = None,
) -> None:
    """Draw a figure and its table as two tabs; the closed one computes and sends nothing.

    Parameters
    ----------
    key : str
        Names the two tabs in the session.
    figure : callable
        Makes the figure.
    table : callable
        Makes the table, its columns in French.
    told : Told
        Title, finding and sources: the text alternative, and what the pictures say.
    config : mapping, optional
        Column configuration of the table.
    """
    drawn, listed = st.tabs(["Graphique", "Tableau"], key=f"{key}_vue", on_change="rerun")
    if listed.open:
        with listed:
            show_table(table(), told.finding, config)
    else:
        with drawn:
            draw_figure(figure(), told, key=key)


def show_table(
    table: pd.DataFrame, summary: str, config: Mapping[str, Any] | None = None, height: int = 520
) -> None:
    """Draw a table, as tall as its rows up to a limit."""
    st.dataframe(
        table,
        hide_index=True,
        height=min(height, 38 + 35 * max(len(table), 1)),
        alt=summary,
        placeholder="–",
        column_config=_french_numbers(table) | dict(config or {}),
    )


def _french_numbers(table: pd.DataFrame) -> dict[str, Any]:
    numbers = table.select_dtypes("number").columns
    return {name: st.column_config.NumberColumn(format="localized") for name in numbers}


def finding(sentence: str) -> None:
    """Write the sentence that states what a figure shows."""
    st.html(f'<p class="constat">{html_text(sentence)}</p>')


def refusals(found: Iterable[tuple[str, str]], count_text: str) -> None:
    """List the indicators that a level cannot have, each with its reason; nothing when none."""
    lines = "".join(f"<li>{html_text(name)}. {html_text(why)}</li>" for name, why in found)
    if lines:
        with st.expander(count_text):
            st.html(f'<ul class="source">{lines}</ul>')


def indicator_choice(label: str, field: str, offered: Sequence[str], default: str) -> str:
    """Draw the choice of an indicator of the study, grouped by theme; give the one shown."""
    indicators = data.snapshot().indicators
    themes = list(THEMES)
    ids = sorted(offered, key=lambda i: themes.index(indicators[i].theme))
    key = widget_key(field)
    if st.session_state.get(key) not in ids:
        st.session_state[key] = default if default in ids else ids[0]
    chosen: str = st.selectbox(
        label,
        ids,
        format_func=lambda i: f"{indicators[i].libelle_court} · {THEMES[indicators[i].theme]}",
        key=key,
        filter_mode="contains",
    )
    return chosen


def peers_choice(selection: Selection, insides: Mapping[Peers, Territory], label: str) -> Selection:
    """Draw the choice of where the peers are taken; give the selection it makes."""
    key = widget_key("pairs")
    if st.session_state.get(key) not in insides:
        st.session_state[key] = "france"
    chosen: Peers = st.selectbox(
        label, list(insides), format_func=lambda p: insides[p].nom, key=key
    )
    return replace(selection, etude=replace(selection.etude, pairs=chosen))


def told_of(
    title: str,
    said: str,
    pairs: Iterable[tuple[Indicator, int | None]],
    *others: str,
    level: str = "",
) -> Told:
    """Gather what is said of a figure: see `clsm_map.views.captions.source_notes`."""
    return Told(title, said, source_notes(data.snapshot(), pairs, *others, level=level))


def sources(pairs: Iterable[tuple[Indicator, int | None]], *others: str, level: str = "") -> None:
    """Write source, vintage, geography, denominator and caution of each indicator shown."""
    with st.expander("Sources, géographies et dénominateurs"):
        for indicator, year in pairs:
            said = captions.indicator_source(data.snapshot(), indicator, year, level)
            source_line(f"{indicator.libelle}. {said} {indicator.prudence}")
        for text in others:
            source_line(text)
        st.page_link("pages/methode.py", label="Toutes les règles, avec leurs formules")


def level_choice(indicator: Indicator, territory: Territory) -> tuple[Level, str]:
    """Draw the choice of level; give the one shown and why it is not the one asked for."""
    key = widget_key("echelon")
    offered = [level for level in LEVELS_BY_PREFERENCE if level in indicator.niveaux]
    notice = ""
    if st.session_state.get(key) not in offered:
        asked = str(st.session_state.get(key) or "")
        st.session_state[key], notice = suitable_level(indicator, territory, asked)
    level: Level = st.selectbox(
        "Échelon",
        offered,
        format_func=lambda v: LEVEL_LABELS[v][1].capitalize(),
        key=key,
        help="Seuls les échelons où l’indicateur est donné.",
    )
    return level, notice


def default_indicator(selection: Selection) -> str:
    """Give the indicator to study first: the one of the map when the snapshot has it."""
    known = data.snapshot().indicators
    return selection.indicateur if selection.indicateur in known else "taux_pauvrete"
