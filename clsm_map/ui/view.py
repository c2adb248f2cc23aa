"""A View laid out on a page: its head, charts, maps' twins, tables, cautions and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.coverage import Coverage
from clsm_map.charts import drawing
from clsm_map.charts.look import CONFIG
from clsm_map.domain.indicators import Indicator
from clsm_map.exports.chart import chart_picture
from clsm_map.exports.picture.canvas import PictureFormat
from clsm_map.formats import date_fr
from clsm_map.table import Column, Table
from clsm_map.ui import data
from clsm_map.ui import furniture as page
from clsm_map.views import captions, questions
from clsm_map.views.captions import Told
from clsm_map.views.view import Chart, View

Shown = Iterable[tuple[Indicator, int | None]]
"""Indicators that a figure shows, each with its year."""


def plot(figure: go.Figure, said: str, *, key: str) -> None:
    """Draw a figure with its text alternative."""
    st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=said)


def draw_figure(figure: go.Figure, told: Told | Chart, *, key: str) -> None:
    """Draw a figure, and under it its two pictures, made when they are asked for."""
    said = f"{told.title}. {told.finding}" if told.finding else told.title
    plot(figure, said, key=f"{key}_figure")

    def picture(kind: PictureFormat, notes: Sequence[str]) -> bytes:
        return chart_picture(figure, kind, title=told.title, notes=notes)

    picture_buttons(picture, told, key=key)


def picture_buttons(
    make: Callable[[PictureFormat, Sequence[str]], bytes], told: Told | Chart, *, key: str
) -> None:
    """Offer what is drawn as PNG and as SVG; its finding, notes and date go under the picture."""
    made = f"Figure établie le {date_fr(data.desk().today)} par clsm-map."
    notes = tuple(note for note in (told.finding, *told.notes, made) if note)
    kinds: tuple[tuple[PictureFormat, str], ...] = (("png", "Figure en PNG"), ("svg", "SVG"))
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        for kind, label in kinds:
            write = partial(make, kind, notes)
            page.download(label, f"{key}.{kind}", write, key=f"{key}_{kind}", type="tertiary")


def drawn_or_listed(
    key: str,
    label: str,
    draw: Callable[[], None],
    rows: Callable[[], pd.DataFrame],
    said: str,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Draw a view and its table as two tabs; the closed one computes and sends nothing."""
    drawn, listed = st.tabs([label, "Tableau"], key=f"{key}_vue", on_change="rerun")
    if listed.open:
        with listed:
            page.table(rows(), said, columns, most=520)
    else:
        with drawn:
            draw()


def chart_and_table(
    key: str,
    figure: Callable[[], go.Figure],
    rows: Callable[[], pd.DataFrame],
    told: Told,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Draw a figure and its table as two tabs; ``key`` names its files too."""
    drawn_or_listed(
        key, "Graphique", lambda: draw_figure(figure(), told, key=key), rows, told.finding, columns
    )


def told_of(title: str, said: str, shown: Shown, *others: str, level: str = "") -> Told:
    """Gather what is said of a figure: see `clsm_map.views.captions.source_notes`."""
    return Told(title, said, captions.source_notes(data.snapshot(), shown, *others, level=level))


def indicator_sources(shown: Shown, *others: str, level: str = "") -> None:
    """Fold source, vintage, geography, denominator and caution of each indicator shown."""
    said = [
        f"{i.libelle}. {captions.indicator_source(data.snapshot(), i, year, level)} {i.prudence}"
        for i, year in shown
    ]
    page.sources(*said, *others, title="Sources, géographies et dénominateurs")


def draw_head(view: View, *, tight: bool = False) -> None:
    """Draw the title of a View, the line under it, its key figures."""
    page.view_title(view.title, view.lead)
    if view.claims:
        page.key_figures(view.claims, tight=tight)


def draw_chart(chart: Chart, *, key: str) -> None:
    """Draw a chart with its pictures, its heading above and what it cannot show below."""
    if chart.heading:
        st.markdown(f"**{chart.heading}**")
    draw_figure(drawing.draw(chart), chart, key=key)
    if chart.below:
        page.source_line(chart.below)


def draw_table(
    table: Table, *, height: int | Literal["content"] = "content", alt: str = "", empty: str = ""
) -> None:
    """Draw a table; ``empty`` is written where a value is missing."""
    columns = {c.label: _config(c) for c in table.columns}
    named = alt or table.title
    page.table(table.labelled(), named, columns, height=height, missing=empty)


def _config(column: Column) -> Any:
    width, note = column.width or None, column.note or None
    if column.kind == "lien":
        return st.column_config.LinkColumn(display_text="Lire", width=width, help=note)
    if column.kind == "texte":
        return st.column_config.TextColumn(width=width, help=note)
    return st.column_config.NumberColumn(format="localized", width=width, help=note)


def reserves(coverage: Coverage, said: Sequence[str] = ()) -> None:
    """Draw what bounds an answer on coverage, the register last, then its sources."""
    known = register_caution(coverage, questions.announced(data.desk(), coverage.type))
    page.notes([*said, known], captions.qpv_source(), captions.device_source(coverage))
