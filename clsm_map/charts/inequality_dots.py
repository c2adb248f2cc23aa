"""Dots on a scale of percentiles: one territory over its indicators, or several side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import INK, LINE, SOFT, dress, plain
from clsm_map.formats import NBSP
from clsm_map.views.inequality_profile import READINGS, Reading

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

    Parameters
    ----------
    rows : pandas.DataFrame
        See `clsm_map.views.inequality_profile.percentile_rows`.
    grouped : bool, optional
        Whether a heading stands above the indicators of each theme.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per reading that occurs; a stem joins each dot to the median of the peers.
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

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns of `clsm_map.views.inequality_profile.percentile_rows`, and ``cle``.
    names : mapping of str to str
        Name of each territory by key, in the order of the page.
    grouped : bool, optional
        Whether a heading stands above the indicators of each theme.
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
        ticks += [_short(str(label)) for label in part["libelle"]]
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


def _short(text: str) -> str:
    return plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…")
