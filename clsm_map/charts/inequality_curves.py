"""Two indicators as a cloud of dots, and one indicator as a curve over its years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import INK, SOFT, plain
from clsm_map.charts.inequality_look import dress_values
from clsm_map.charts.inequality_spread import PLACE
from clsm_map.domain.indicators import Break, Indicator
from clsm_map.formats import number
from clsm_map.views.inequality_crossing import Crossing
from clsm_map.views.inequality_trend import Trend

DOT: Final = "#26578c"
_OFF: Final = {"standoff": 8}


def crossing_dots(found: Crossing) -> go.Figure:
    """Draw a dot per territory, the least-squares line, and the territory looked at.

    Returns
    -------
    plotly.graph_objects.Figure
        The area of a dot goes with its inhabitants where they are known.
    """
    frame = found.frame
    people = frame["population"].astype(float).fillna(frame["population"].astype(float).min())
    size = 4 + 16 * np.sqrt(people.to_numpy() / max(float(people.max()), 1.0))
    figure = go.Figure()
    own = (frame["code"] == found.territory.code) & (found.territory.level == found.level)
    figure.add_scatter(
        x=frame["x"],
        y=frame["y"],
        mode="markers",
        name="Territoires (surface selon les habitants)",
        marker={
            "size": size,
            "color": DOT,
            "opacity": 0.45,
            "line": {"width": 0.5, "color": "#ffffff"},
        },
        hovertext=[
            f"<b>{plain(str(row['nom']))}</b><br>{found.told('x', row)}<br>{found.told('y', row)}"
            for row in frame.to_dict("records")
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    slope, origin = np.polyfit(frame["x"], frame["y"], 1)
    ends = np.array([frame["x"].min(), frame["x"].max()])
    figure.add_scatter(
        x=ends,
        y=origin + slope * ends,
        mode="lines",
        name=f"Droite des moindres carrés (r = {number(found.correlation.pearson, 2)})",
        line={"color": INK, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    if own.any():
        figure.add_scatter(
            x=frame.loc[own, "x"],
            y=frame.loc[own, "y"],
            mode="markers+text",
            name=plain(found.territory.nom),
            text=[plain(found.territory.nom)],
            textposition="top center",
            marker={"size": 13, "color": PLACE, "symbol": "diamond", "line": {"width": 1.5}},
            hoverinfo="skip",
        )
    figure.update_xaxes(title={"text": _title(found.x, found.years[0]), **_OFF}, zeroline=False)
    figure.update_yaxes(title={"text": _title(found.y, found.years[1]), **_OFF}, zeroline=False)
    return dress_values(figure, 480)


def trend_curves(found: Trend) -> go.Figure:
    """Draw a territory over the years, its reference, and the middle half of its peers."""
    frame = found.frame
    figure = go.Figure()
    shared = [b for b in found.ruptures if not b.departements]
    if frame["mediane"].notna().any():
        for rank, part in enumerate(_segments(frame, shared)):
            when = part["annee"].astype(str)
            figure.add_scatter(
                x=when, y=part["q3"], mode="lines", line={"width": 0}, hoverinfo="skip",
                showlegend=False,
            )  # fmt: skip
            figure.add_scatter(
                x=when, y=part["q1"], mode="lines", line={"width": 0}, fill="tonexty",
                fillcolor="rgba(142,164,201,0.28)", name=f"Moitié centrale des {found.peers}",
                hoverinfo="skip", showlegend=not rank,
            )  # fmt: skip
    series = (
        ("mediane", f"Médiane des {found.peers}", SOFT, "dot", "circle-open"),
        ("reference", f"{found.reference} (référence)", DOT, "dash", "square"),
        ("valeur", found.territory.nom, PLACE, "solid", "diamond"),
    )
    for column, name, colour, dash, symbol in series:
        if not frame[column].notna().any():
            continue
        parts = _segments(frame, found.ruptures if column == "valeur" else shared)
        for rank, part in enumerate(parts):
            figure.add_scatter(
                x=part["annee"].astype(str),
                y=part[column],
                mode="lines+markers",
                name=plain(name),
                legendgroup=column,
                showlegend=not rank,
                line={"color": colour, "dash": dash, "width": 2.5 if column == "valeur" else 1.8},
                marker={"size": 9, "symbol": symbol, "color": colour},
                hovertext=[
                    f"{plain(name)}, {found.indicator.when(int(row['annee']))}<br>"
                    f"{found.told(row, column)}"
                    for row in part.to_dict("records")
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
    for rupture in found.ruptures:
        figure.add_vline(
            x=int((frame["annee"] < rupture.annee).sum()) - 0.5,
            line={"color": INK, "width": 1.2, "dash": "dot"},
            annotation={"text": "Rupture de série", "font": {"size": 12}, "yanchor": "bottom"},
            annotation_position="top",
        )
    years = frame["annee"].astype(str).tolist()
    figure.update_xaxes(type="category", showgrid=False, categoryorder="array", categoryarray=years)
    indicator = found.indicator
    figure.update_yaxes(
        title={"text": indicator.libelle_court + _unit(indicator), **_OFF}, zeroline=False
    )
    return dress_values(figure, 400)


def _segments(frame: pd.DataFrame, ruptures: Sequence[Break]) -> list[pd.DataFrame]:
    """Cut years where a series breaks: no line goes across."""
    series = sum((frame["annee"] >= b.annee).astype(int) for b in ruptures)
    if isinstance(series, int):
        return [frame]
    return [part for _, part in frame.groupby(series)]


def _title(indicator: Indicator, year: int | None) -> str:
    return f"{indicator.libelle_court}{_unit(indicator)}, {indicator.when(year)}"


def _unit(indicator: Indicator) -> str:
    return f" ({indicator.unite})" if indicator.unite else ""
