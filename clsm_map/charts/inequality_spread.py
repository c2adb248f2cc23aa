"""How values are spread: bars with the territory's place, boxes by région, inhabitants by value."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import INK, SOFT, plain
from clsm_map.charts.inequality_look import dress_values
from clsm_map.domain.territories import LEVEL_LABELS, one_each
from clsm_map.formats import NBSP, number
from clsm_map.views.inequality_ranking import Ranked

BAR: Final = "#8ea4c9"
PLACE: Final = "#b5651d"
_HEADROOM: Final = 1.8
"""Height of the axis, in heights of the territory's bar: its name stands above it."""
_ROW: Final = 30


def histogram_bars(found: Ranked) -> go.Figure:
    """Draw the number of territories by interval of value, the territory's interval marked."""
    bins, own = found.histogram.bins, found.own_value
    place = -1 if math.isnan(own) else found.histogram.place_of(own)
    noun = LEVEL_LABELS[found.level][1]
    figure = go.Figure()
    figure.add_bar(
        x=(bins["debut"] + bins["fin"]) / 2,
        y=bins["effectif"],
        width=(bins["fin"] - bins["debut"]) * 0.96,
        marker={"color": [PLACE if i == place else BAR for i in range(len(bins))]},
        hovertext=[
            f"de {found.text(a)} à {found.text(b)}{NBSP}: {number(n)} {noun}"
            for a, b, n in zip(bins["debut"], bins["fin"], bins["effectif"], strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
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
    unit = f" ({found.indicator.unite})" if found.indicator.unite else ""
    return f"{label}{unit}, {found.year_text}"


def inhabitants_bars(
    bins: pd.DataFrame, quartiles: tuple[float, float, float], title: str
) -> go.Figure:
    """Draw the inhabitants by value of their commune, and the three weighted quartiles.

    Parameters
    ----------
    bins : pandas.DataFrame
        ``debut, fin, habitants, communes``.
    quartiles : tuple of float
        First quartile, median, third quartile.
    title : str
        Title of the axis of values.
    """
    figure = go.Figure()
    figure.add_bar(
        x=(bins["debut"] + bins["fin"]) / 2,
        y=bins["habitants"],
        width=(bins["fin"] - bins["debut"]) * 0.96,
        marker={"color": BAR},
        hovertext=[
            f"{number(h)} habitants dans {number(n)} communes"
            for h, n in zip(bins["habitants"], bins["communes"], strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
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


_OFF: Final = {"standoff": 8}
