"""The need index drawn: rank intervals, and the points that make a score."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import INK, dress, plain
from clsm_map.charts.inequality_dots import NEED, RESOURCE
from clsm_map.formats import NBSP, number

SHOWN: Final = 20
"""Intervals drawn at once."""
_ROW: Final = 27
_LONGEST: Final = 32


def rank_intervals(frame: pd.DataFrame, n: int) -> go.Figure:
    """Draw the rank of the first ones, and how far it moves when one weight moves by half.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``code, nom, lieu, rang, rang_min, rang_max, score``, greatest need first.
    n : int
        Those of France that have a score.
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
        ticktext=[_short(str(nom)) for nom in rows["nom"]],
        ticklabelstandoff=6,
        showgrid=False,
    )
    return dress(figure, 110 + _ROW * len(codes))


def contribution_bars(rows: pd.DataFrame, score: float) -> go.Figure:
    """Draw the points that each component adds to, or takes from, a score of 50.

    Parameters
    ----------
    rows : pandas.DataFrame
        See `clsm_map.views.inequality_index.IndexView.contribution_rows`.
    score : float
        Score of the QPV.
    """
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


def _short(text: str) -> str:
    return plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…")
