"""The marginal curve of a plan: what each next device adds."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import INK, SOFT, dress
from clsm_map.domain.devices import STATUSES
from clsm_map.formats import NBSP, number

HEIGHT = 300


def marginal_curve(curve: pd.DataFrame, unit: str) -> go.Figure:
    """Draw what the best choice of each number of devices adds to the best of one less.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``k, gain, poids, optimal``: see `clsm_map.analysis.planning.choice.Plan`.
    unit : str
        What a gain counts.

    Returns
    -------
    plotly.graph_objects.Figure
        One bar per number, hatched where no optimum is proven, and a line at half of the first.
    """
    proven = [bool(o) for o in curve["optimal"]]
    figure = go.Figure()
    figure.add_bar(
        x=curve["k"].astype(int).tolist(),
        y=curve["gain"].tolist(),
        marker={
            "color": STATUSES["couvert"].colour,
            "pattern": {"shape": ["" if o else "/" for o in proven], "fgcolor": "#ffffff"},
        },
        hovertext=[
            f"<b>Dispositif n°{NBSP}{k}</b>{NBSP}: + {number(round(gain))} {unit}<br>"
            f"Total atteint avec {k}{NBSP}: {number(round(total))}"
            + ("" if optimal else "<br>Optimum non démontré pour ce point")
            for k, gain, total, optimal in zip(
                curve["k"], curve["gain"], curve["poids"], proven, strict=True
            )
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    half = float(curve["gain"].iloc[0]) / 2
    figure.add_hline(
        y=half,
        line={"color": INK, "width": 1, "dash": "dot"},
        annotation={
            "text": "moitié du premier",
            "font": {"size": 12, "color": SOFT},
            "bgcolor": "rgba(255,255,255,0.85)",
            "xanchor": "right",
            "yanchor": "bottom",
        },
    )
    figure.update_layout(bargap=0.3)
    figure.update_xaxes(
        title={"text": "Nombre de dispositifs créés", "standoff": 8},
        dtick=1,
        tickformat="d",
        showgrid=False,
    )
    figure.update_yaxes(
        title={"text": f"Apport ({unit})", "standoff": 8},
        tickformat=",d",
        rangemode="tozero",
        nticks=5,
    )
    return dress(figure, HEIGHT)
