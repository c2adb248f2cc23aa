"""Coverage drawn: parts by status, years beside what was published, what each device adds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.look import INK, SOFT, dress, plain, status_marker
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.selection import Measure
from clsm_map.domain.territories import short_name
from clsm_map.formats import NBSP, number, percent
from clsm_map.views.coverage import CoverageHistory, Curve, site_of

_COLUMNS: Final[dict[Measure, str]] = {"habitants": "habitants", "quartiers": "qpv"}
_AXIS: Final[dict[Measure, str]] = {
    "habitants": "Habitants des quartiers prioritaires (RP 2020)",
    "quartiers": "Quartiers prioritaires",
}
_ROW: Final = 26
_FURNITURE: Final = 110
_LONGEST: Final = 34
_LONGEST_HOVER: Final = 70


def coverage_bars(parts: pd.DataFrame, measure: Measure) -> go.Figure:
    """Draw one bar per part of a territory, largest first.

    ``parts``: columns ``code, nom, statut, qpv, habitants``: see
      `clsm_map.views.coverage.TerritoryCoverage`.

    Gives one trace per status that occurs, in the order of the statuses.
    """
    column = _COLUMNS[measure]
    totals = parts.groupby("code")[column].sum()
    order = [str(code) for code in totals.sort_values(kind="stable").index]
    names = parts.drop_duplicates("code").set_index("code")["nom"]
    figure = go.Figure()
    for identifier, status in STATUSES.items():
        counted = parts.loc[parts["statut"] == identifier].set_index("code")[column]
        rows = counted.reindex(order, fill_value=0)
        if not rows.sum():
            continue
        figure.add_bar(
            name=status.label.capitalize(),
            orientation="h",
            x=rows.to_numpy(),
            y=order,
            marker=status_marker(identifier),
            hovertext=[
                _hover(str(names[code]), status.label, int(value), int(totals[code]), measure)
                for code, value in zip(order, rows, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.28, showlegend=True)
    figure.update_xaxes(title={"text": _AXIS[measure], "standoff": 8}, tickformat=",d", nticks=6)
    figure.update_yaxes(
        type="category",
        tickmode="array",
        tickvals=order,
        ticktext=[plain(short_name(str(names[code])), _LONGEST) for code in order],
        ticklabelstandoff=6,
        showgrid=False,
    )
    return dress(figure, _FURNITURE + _ROW * len(order))


def _hover(nom: str, label: str, value: int, total: int, measure: Measure) -> str:
    share = f" ({percent(100 * value / total)} des {number(total)})" if total else ""
    noun = "habitants" if measure == "habitants" else "quartiers"
    return f"<b>{plain(nom)}</b><br>{label}{NBSP}: {number(value)} {noun}{share}"


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
    note = "" if pd.isna(row["note"]) else f"<br>{plain(str(row['note']), _LONGEST_HOVER)}"
    return (
        f"<b>Publié</b>{NBSP}: {number(float(str(row['valeur'])))}<br>"
        f"{plain(str(row['indicateur']))}, {row['annee']}<br>"
        f"Source{NBSP}: {plain(site_of(str(row['source'])), _LONGEST_HOVER)}{note}"
    )


HEIGHT = 300


def marginal_curve(curve: pd.DataFrame, unit: str) -> go.Figure:
    """Draw what the best choice of each number of devices adds to the best of one less.

    ``curve``: ``k, gain, poids, optimal``: see `clsm_map.analysis.planning.choice.Plan`.

    Gives one bar per number, hatched where no optimum is proven, and a line at half of the first.
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
