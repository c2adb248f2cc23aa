"""How values are spread: bars, boxes by région, inhabitants by value, clouds, curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.look import INK, SOFT, dress_values, plain
from clsm_map.domain.indicators import Break, Indicator
from clsm_map.domain.territories import LEVEL_LABELS, one_each
from clsm_map.formats import NBSP, number
from clsm_map.views.inequality.crossing import Crossing
from clsm_map.views.inequality.ranking import Ranked
from clsm_map.views.inequality.trend import Trend

BAR: Final = "#8ea4c9"
PLACE: Final = "#b5651d"
_HEADROOM: Final = 1.8
"""Height of the axis, in heights of the territory's bar: its name stands above it."""
_ROW: Final = 30
_OFF: Final = {"standoff": 8}


def histogram_bars(found: Ranked) -> go.Figure:
    """Draw the number of territories by interval of value, the territory's interval marked."""
    bins, own = found.histogram.bins, found.own_value
    place = -1 if math.isnan(own) else found.histogram.place_of(own)
    noun = LEVEL_LABELS[found.level][1]
    colours = [PLACE if i == place else BAR for i in range(len(bins))]
    hover = [
        f"de {found.text(a)} à {found.text(b)}{NBSP}: {number(n)} {noun}"
        for a, b, n in zip(bins["debut"], bins["fin"], bins["effectif"], strict=True)
    ]
    figure = _bars(bins, "effectif", hover, colours)
    figure.add_vline(
        x=float(found.known.median()),
        line={"color": INK, "width": 1, "dash": "dot"},
        annotation={
            "text": f"médiane, {one_each(found.level)}", "yanchor": "bottom", "font": {"size": 12},
        },
        annotation_position="top",
    )  # fmt: skip
    if place >= 0:
        height = int(bins["effectif"].iloc[place])
        top = max(1.05 * int(bins["effectif"].max()), _HEADROOM * height)
        figure.update_yaxes(range=[0, top])
        figure.add_annotation(
            x=own,
            y=height,
            text=f"<b>{plain(found.territory.nom)}</b><br>{found.text(own)}",
            showarrow=True,
            ay=-38,
            ax=0,
            arrowcolor=PLACE,
            bgcolor="rgba(255,255,255,0.85)",
        )
    figure.update_xaxes(title={"text": axis_title(found.indicator.libelle_court, found), **_OFF})
    figure.update_yaxes(title={"text": f"Nombre de {noun}", **_OFF}, rangemode="tozero")
    dress_values(figure, 380)
    figure.update_layout(margin={"t": 46})
    return figure


def _bars(bins: pd.DataFrame, column: str, hover: list[str], colours: str | list[str]) -> go.Figure:
    """Draw a bar per interval (``debut, fin``)."""
    figure = go.Figure()
    figure.add_bar(
        x=(bins["debut"] + bins["fin"]) / 2,
        y=bins[column],
        width=(bins["fin"] - bins["debut"]) * 0.96,
        marker={"color": colours},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    return figure


def region_boxes(found: Ranked) -> go.Figure:
    """Draw one box per région, by median; whiskers reach 1.5 interquartile ranges at most."""
    rows = found.boxes.dropna(subset=["mediane"])
    figure = go.Figure()
    names = [plain(str(name)) for name in rows["groupe"]]
    figure.add_box(
        orientation="h",
        y=names,
        q1=rows["q1"],
        median=rows["mediane"],
        q3=rows["q3"],
        lowerfence=rows["bas"],
        upperfence=rows["haut"],
        fillcolor="#dbe4f1",
        line={"color": "#26578c", "width": 1.5},
        whiskerwidth=0.5,
        hoverinfo="x+y",
        showlegend=False,
    )
    own = found.own_value
    if not math.isnan(own):
        figure.add_vline(
            x=own, line={"color": PLACE, "width": 2},
            annotation={"text": plain(found.territory.nom), "font": {"color": PLACE}},
            annotation_position="top",
        )  # fmt: skip
    figure.update_xaxes(title={"text": axis_title(found.indicator.libelle_court, found), **_OFF})
    figure.update_yaxes(showgrid=False, ticklabelstandoff=6)
    dress_values(figure, 100 + _ROW * len(rows))
    figure.update_layout(margin={"t": 30})
    return figure


def axis_title(label: str, found: Ranked) -> str:
    """Write the title of an axis of values: label, unit and year."""
    return f"{label}{_unit(found.indicator)}, {found.year_text}"


def inhabitants_bars(
    bins: pd.DataFrame, quartiles: tuple[float, float, float], title: str
) -> go.Figure:
    """Draw the inhabitants by value of their commune, and the three weighted quartiles.

    ``bins``: ``debut, fin, habitants, communes``.
    """
    hover = [
        f"{number(h)} habitants dans {number(n)} communes"
        for h, n in zip(bins["habitants"], bins["communes"], strict=True)
    ]
    figure = _bars(bins, "habitants", hover, BAR)
    marks = (("1er quartile", 0, "right"), ("médiane", 16, "center"), ("3e quartile", 0, "left"))
    for value, (label, height, anchor) in zip(quartiles, marks, strict=True):
        figure.add_vline(
            x=value, line={"color": SOFT if height == 0 else INK, "width": 1, "dash": "dot"},
            annotation={"text": label, "font": {"size": 12}, "yshift": height, "xanchor": anchor},
            annotation_position="top",
        )  # fmt: skip
    figure.update_xaxes(title={"text": title, **_OFF})
    figure.update_yaxes(
        title={"text": "Habitants (RP 2023)", **_OFF}, rangemode="tozero", tickformat=",d"
    )
    dress_values(figure, 380)
    figure.update_layout(margin={"t": 46})
    return figure


DOT: Final = "#26578c"


def crossing_dots(found: Crossing) -> go.Figure:
    """Draw a dot per territory, the least-squares line, and the territory looked at.

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
