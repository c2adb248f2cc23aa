"""Bars of a programme table by year; a made-up table says so across the figure."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.look import SOFT, dress
from clsm_map.domain.programme import EXAMPLE, REACH_STATES
from clsm_map.formats import NBSP, number

REACHED: Final = REACH_STATES["atteint"].colour
AGAIN: Final = REACH_STATES["possible"].colour
_HEIGHT: Final = 260
_ROOM: Final = 1.18
_ROOM_FOR_MARK: Final = 1.4
"""Height of the axis over that of the highest bar: its figure, and the mention, stand above."""
_FEW: Final = 5
"""Under this the axis counts one by one, never by halves."""


def qpv_bars(years: pd.DataFrame, *, example: bool) -> go.Figure:
    """Draw the QPV reached each year: for the first time, or again."""
    again = years["qpv_atteints"] - years["nouveaux"]
    figure = go.Figure()
    for name, values, colour, pattern in (
        ("Atteints pour la première fois", years["nouveaux"], REACHED, ""),
        ("Déjà atteints une année d’avant", again, AGAIN, "/"),
    ):
        figure.add_bar(
            name=name,
            x=_years(years),
            y=values.to_numpy(),
            marker=_marker(colour, pattern),
            hovertext=[
                f"{y}{NBSP}: {number(v)}<br>{name}"
                for y, v in zip(years["annee"], values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.update_layout(barmode="stack", showlegend=True)
    return _dressed(figure, years, years["qpv_atteints"], example=example)


def participants_bars(years: pd.DataFrame, *, example: bool) -> go.Figure:
    """Draw the participants of each year."""
    figure = go.Figure()
    figure.add_bar(
        name="Participants",
        x=_years(years),
        y=years["participants"].to_numpy(),
        marker=_marker(REACHED, ""),
        text=["" if pd.isna(v) else number(v) for v in years["participants"]],
        textposition="outside",
        cliponaxis=False,
        hovertext=[
            f"{row['annee']}{NBSP}: {number(row['participants'])} participants, "
            f"{number(row['seances'])} séances"
            for row in years.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_layout(showlegend=False)
    return _dressed(figure, years, years["participants"], example=example)


def _years(years: pd.DataFrame) -> list[str]:
    return [str(int(year)) for year in years["annee"]]


def _marker(colour: str, pattern: str) -> dict[str, object]:
    return {
        "color": colour,
        "line": {"color": "#ffffff", "width": 0.5},
        "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": "#ffffff", "size": 6},
    }


def _dressed(
    figure: go.Figure, years: pd.DataFrame, heights: pd.Series, *, example: bool
) -> go.Figure:
    top = float(heights.max(skipna=True)) if heights.notna().any() else 1.0
    figure.update_layout(bargap=0.45)
    figure.update_xaxes(type="category", showgrid=False)
    room = _ROOM_FOR_MARK if example else _ROOM
    figure.update_yaxes(tickformat=",d", range=[0, room * (top or 1)])
    figure.update_yaxes(**({"dtick": 1} if top < _FEW else {"nticks": 5}))
    for place, rows in enumerate(years["lignes"]):
        if not rows:
            figure.add_annotation(
                x=place,
                y=0,
                text="aucune ligne",
                showarrow=False,
                yanchor="bottom",
                font={"size": 12, "color": SOFT},
            )
    if example:
        figure.add_annotation(
            xref="paper",
            yref="paper",
            x=0.5,
            y=1.0,
            text=EXAMPLE.upper(),
            showarrow=False,
            yanchor="top",
            font={"size": 15, "color": "#9a3412"},
            bgcolor="#ffffff",
        )
    return dress(figure, _HEIGHT)
