"""The curve of what is computed and the points of what was published, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import INK, SOFT, dress, plain
from clsm_map.domain.devices import STATUSES
from clsm_map.formats import NBSP, number
from clsm_map.views.coverage_history import CoverageHistory, Curve, site_of

PUBLISHED: Final = "#a34a00"
"""Colour of what was published: none of the statuses has it."""


class _Line(TypedDict):
    column: str
    name: str
    colour: str
    dash: str
    symbol: str


_LINES: Final[dict[Curve, tuple[_Line, ...]]] = {
    "dispositifs": (
        {"column": "dispositifs", "name": "Calculé : début connu",
         "colour": STATUSES["couvert"].colour, "dash": "solid", "symbol": "circle"},
        {"column": "debut_inconnu", "name": "À part : début inconnu",
         "colour": SOFT, "dash": "dot", "symbol": "circle-open"},
    ),
    "qpv_couverts": (
        {"column": "qpv_couverts", "name": "Calculé : en entier, début connu",
         "colour": STATUSES["couvert"].colour, "dash": "solid", "symbol": "circle"},
        {"column": "qpv_couverts_en_partie", "name": "Calculé : en partie",
         "colour": STATUSES["couvert_en_partie"].colour, "dash": "dash", "symbol": "square"},
        {"column": "qpv_couverts_debut_inconnu", "name": "À part : début inconnu",
         "colour": SOFT, "dash": "dot", "symbol": "circle-open"},
    ),
}  # fmt: skip


def history_figure(history: CoverageHistory, curve: Curve, year: int) -> go.Figure:
    """Draw a computed count at each 1 January and the published figures of the same kind.

    The published points are never joined to one another nor to the curve: they count other
    devices, and before 2024 other QPV.

    Parameters
    ----------
    curve : {"dispositifs", "qpv_couverts"}
        What is counted.
    year : int
        Year marked.
    """
    figure = go.Figure()
    rows = history.computed
    days = [dt.date(int(y), 1, 1) for y in rows["annee"]]
    for line in _LINES[curve]:
        figure.add_scatter(
            x=days,
            y=rows[line["column"]],
            name=line["name"],
            mode="lines+markers",
            line={"color": line["colour"], "dash": line["dash"], "width": 2},
            marker={"size": 5, "symbol": line["symbol"], "color": line["colour"]},
            hovertext=[
                f"{line['name']}<br>1er janvier {y}{NBSP}: {number(v)}"
                for y, v in zip(rows["annee"], rows[line["column"]], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    points = history.published
    points = points[(points["serie"] == curve) & points["date"].notna()]
    if len(points):
        figure.add_scatter(
            x=points["date"],
            y=points["valeur"],
            name="Publié, hors calcul",
            mode="markers",
            marker={
                "size": 10, "symbol": "diamond", "color": "#ffffff",
                "line": {"color": PUBLISHED, "width": 2},
            },
            hovertext=[_published_hover(row) for row in points.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=dt.date(year, 1, 1), line={"color": INK, "width": 1, "dash": "dot"})
    figure.update_yaxes(rangemode="tozero", nticks=6)
    first, last = history.years
    figure.update_xaxes(
        range=[dt.date(first - 1, 7, 1), dt.date(last, 10, 1)],
        tickformat="%Y",
        dtick="M60",
        tick0=dt.date(2005, 1, 1),
        showgrid=False,
    )
    return dress(figure, 270)


def _published_hover(row: Mapping[Any, Any]) -> str:
    note = "" if pd.isna(row["note"]) else f"<br>{plain(_cut(str(row['note'])))}"
    return (
        f"<b>Publié</b>{NBSP}: {number(float(str(row['valeur'])))}<br>"
        f"{plain(str(row['indicateur']))}, {row['annee']}<br>"
        f"Source{NBSP}: {plain(_cut(site_of(str(row['source']))))}{note}"
    )


def _cut(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
