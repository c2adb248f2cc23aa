"""A View laid out on a page: its title, figures, charts, tables, legends, cautions, sources."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from clsm_map.charts import drawing
from clsm_map.table import Column, Table
from clsm_map.ui.figure import draw_figure
from clsm_map.ui.furniture import key_figures, source_line, view_title
from clsm_map.views.view import Chart, View


def draw_head(view: View, *, tight: bool = False) -> None:
    """Draw the title of a View, the line under it, its key figures."""
    view_title(view.title, view.lead)
    if view.claims:
        key_figures(view.claims, tight=tight)


def draw_chart(chart: Chart, *, key: str) -> None:
    """Draw a chart with its pictures, its heading above and what it cannot show below."""
    if chart.heading:
        st.markdown(f"**{chart.heading}**")
    draw_figure(drawing.draw(chart), chart, key=key)
    if chart.below:
        source_line(chart.below)


def draw_table(
    table: Table, *, height: int | Literal["content"] = "content", alt: str = "", empty: str = ""
) -> None:
    """Draw a table; ``empty`` is written where a value is missing."""
    st.dataframe(
        table.labelled(),
        hide_index=True,
        height=height,
        alt=alt or table.title,
        placeholder=empty,
        column_config={c.label: _config(c) for c in table.columns},
    )


def _config(column: Column) -> Any:
    width, note = column.width or None, column.note or None
    if column.kind == "lien":
        return st.column_config.LinkColumn(display_text="Lire", width=width, help=note)
    if column.kind == "texte":
        return st.column_config.TextColumn(width=width, help=note)
    return st.column_config.NumberColumn(format="localized", width=width, help=note)
