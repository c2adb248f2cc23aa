"""Places among peers drawn as dots; the need index as intervals and contributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.look import INK, LINE, SOFT, dress, plain
from clsm_map.formats import NBSP, number
from clsm_map.views.inequality.profile import READINGS, Reading

NEED: Final = "#b5651d"
RESOURCE: Final = "#2171b5"
_LOOKS: Final[dict[Reading, tuple[str, str]]] = {
    "defavorable": (NEED, "circle"),
    "favorable": (RESOURCE, "diamond"),
    "neutre": (SOFT, "square-open"),
}
SERIES: Final = (
    ("#23262b", "circle"),
    ("#d98e04", "diamond"),
    ("#0b6e6e", "square"),
    ("#7d6ba8", "triangle-up"),
)
"""Colour and shape of the territories put side by side, in their order."""
_ROW: Final = 25
_FURNITURE: Final = 92
_LONGEST: Final = 30


def percentile_dots(rows: pd.DataFrame, *, grouped: bool = True) -> go.Figure:
    """Draw the place of a territory among its peers, an indicator a row, grouped by theme.

    Gives one trace per reading that occurs; a stem joins each dot to the median of the peers.
    """
    order, ticks = _axis(rows, grouped)
    figure = go.Figure()
    figure.add_scatter(
        x=[x for p in rows["percentile"] for x in (50.0, p, None)],
        y=[y for i in rows["indicateur"] for y in (i, i, None)],
        mode="lines",
        line={"color": LINE, "width": 3},
        hoverinfo="skip",
        showlegend=False,
    )
    for reading, label in READINGS.items():
        kept = rows.loc[rows["lecture"] == reading]
        if kept.empty:
            continue
        colour, symbol = _LOOKS[reading]
        figure.add_scatter(
            x=kept["percentile"],
            y=kept["indicateur"],
            name=label,
            mode="markers",
            marker={"size": 11, "color": colour, "symbol": symbol, "line": {"width": 1.5}},
            hovertext=[_hover(row) for row in kept.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    return _scale(figure, order, ticks)


def side_dots(rows: pd.DataFrame, names: Mapping[str, str], *, grouped: bool = True) -> go.Figure:
    """Draw the places of two to four territories, each among the peers of its own level.

    ``rows``: columns of `clsm_map.views.inequality.profile.percentile_rows`, and ``cle``.
    """
    order, ticks = _axis(rows.drop_duplicates("indicateur"), grouped)
    figure = go.Figure()
    ends = rows.groupby("indicateur")["percentile"].agg(["min", "max"])
    pairs = zip(ends["min"], ends["max"], strict=True)
    figure.add_scatter(
        x=[x for low, high in pairs for x in (low, high, None)],
        y=[y for i in ends.index for y in (i, i, None)],
        mode="lines",
        line={"color": LINE, "width": 3},
        hoverinfo="skip",
        showlegend=False,
    )
    for (key, name), (colour, symbol) in zip(names.items(), SERIES, strict=False):
        kept = rows.loc[rows["cle"] == key]
        figure.add_scatter(
            x=kept["percentile"],
            y=kept["indicateur"],
            name=plain(name),
            mode="markers",
            marker={"size": 11, "color": colour, "symbol": symbol, "line": {"width": 1}},
            hovertext=[f"<b>{plain(name)}</b><br>{_hover(r)}" for r in kept.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    return _scale(figure, order, ticks)


def _axis(rows: pd.DataFrame, grouped: bool) -> tuple[list[str], list[str]]:
    """Rows from the bottom up; grouped, a heading above each theme."""
    order: list[str] = []
    ticks: list[str] = []
    for theme, part in rows.groupby("theme", sort=False):
        if grouped:
            order.append(f"theme:{theme}")
            ticks.append(f"<b>{plain(str(theme))}</b>")
        order += list(part["indicateur"])
        ticks += [plain(str(label), _LONGEST) for label in part["libelle"]]
    return order[::-1], ticks[::-1]


def _scale(figure: go.Figure, order: list[str], ticks: list[str]) -> go.Figure:
    figure.add_vline(x=50, line={"color": INK, "width": 1, "dash": "dot"})
    figure.update_xaxes(
        range=[-2, 102],
        tickvals=[0, 25, 50, 75, 100],
        ticksuffix=f"{NBSP}%",
        title={"text": "Pairs dont la valeur est plus basse", "standoff": 8},
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=order,
        range=[-0.6, len(order) - 0.4],
        tickmode="array",
        tickvals=order,
        ticktext=ticks,
        ticklabelstandoff=6,
        showgrid=False,
    )
    return dress(figure, _FURNITURE + _ROW * len(order))


def _hover(row: Mapping[object, object]) -> str:
    return (
        f"<b>{plain(str(row['libelle']))}</b> ({row['annee']})<br>"
        f"{row['valeur']}, médiane des pairs{NBSP}: {row['mediane']}<br>"
        f"{plain(str(row['place']))}"
    )


SHOWN: Final = 20
"""Intervals drawn at once."""
_ROW_PLACE: Final = 27
_LONGEST_PLACE: Final = 32


def rank_intervals(frame: pd.DataFrame, n: int) -> go.Figure:
    """Draw the rank of the first ones, and how far it moves when one weight moves by half.

    ``frame``: ``code, nom, lieu, rang, rang_min, rang_max, score``, greatest need first.
    """
    rows = frame.head(SHOWN)
    codes = [str(code) for code in rows["code"]]
    ends = zip(rows["rang_min"].astype(int), rows["rang_max"].astype(int), strict=True)
    figure = go.Figure()
    figure.add_scatter(
        x=[x for pair in ends for x in (*pair, None)],
        y=[y for code in codes for y in (code, code, None)],
        mode="lines",
        name="Rangs extrêmes quand un poids varie de ±50 %",
        line={"color": "#dcb98a", "width": 8},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=rows["rang"].astype(int),
        y=codes,
        mode="markers",
        name="Rang avec les poids choisis",
        marker={"size": 10, "color": NEED, "line": {"width": 1, "color": "#ffffff"}},
        hovertext=[
            f"<b>{plain(str(row['nom']))}</b><br>{plain(str(row['lieu']))}<br>"
            f"rang {number(row['rang'])} sur {number(n)}, de {number(row['rang_min'])} à "
            f"{number(row['rang_max'])}<br>score {number(float(row['score']), 1)}"
            for row in rows.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_xaxes(
        title={"text": f"Rang sur {number(n)} (1{NBSP}: plus grand besoin)"} | {"standoff": 8},
        rangemode="tozero",
        tickformat=",d",
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=codes[::-1],
        tickmode="array",
        tickvals=codes,
        ticktext=[plain(str(nom), _LONGEST_PLACE) for nom in rows["nom"]],
        ticklabelstandoff=6,
        showgrid=False,
    )
    return dress(figure, 110 + _ROW_PLACE * len(codes))


def contribution_bars(rows: pd.DataFrame, score: float) -> go.Figure:
    """Draw the points that each component adds to, or takes from, a score of 50."""
    known = rows["points"].notna().to_numpy()
    points = rows["points"].fillna(0.0)
    texts = [
        ("+" if v > 0 else "−" if v < 0 else "") + number(abs(v), 1) if k else "non connue"
        for v, k in zip(points, known, strict=True)
    ]
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        x=points,
        y=[plain(str(name)) for name in rows["composante"]],
        marker={"color": np.where(points > 0, NEED, RESOURCE).tolist()},
        text=texts,
        textposition="outside",
        cliponaxis=False,
        hovertext=[
            f"<b>{plain(str(row['composante']))}</b><br>poids {number(row['poids'])}{NBSP}%<br>"
            f"centile de besoin{NBSP}: {number(float(row['percentile']))}"
            for row in rows.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    reach = max(float(points.abs().max()) * 1.3, 1.0)
    figure.add_vline(x=0, line={"color": INK, "width": 1})
    figure.update_xaxes(
        range=[-reach, reach],
        title={"text": f"Points autour de 50 (score{NBSP}: {number(score, 1)})"} | {"standoff": 8},
        zeroline=False,
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    return dress(figure, 90 + 34 * len(rows))
