"""Stacked bars: the inhabitants or the QPV of each part of a territory, by coverage status."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.coverage_look import dress, plain, status_marker
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.terms import Measure
from clsm_map.formats import NBSP, number, percent
from clsm_map.views.list_table import short_epci

_COLUMNS: Final[dict[Measure, str]] = {"habitants": "habitants", "quartiers": "qpv"}
_AXIS: Final[dict[Measure, str]] = {
    "habitants": "Habitants des quartiers prioritaires (RP 2020)",
    "quartiers": "Quartiers prioritaires",
}
_ROW: Final = 26
_FURNITURE: Final = 110
_LONGEST: Final = 34


def coverage_bars(parts: pd.DataFrame, measure: Measure) -> go.Figure:
    """Draw one bar per part of a territory, largest first.

    Parameters
    ----------
    parts : pandas.DataFrame
        Columns ``code, nom, statut, qpv, habitants``: see
        `clsm_map.views.territory_coverage.TerritoryCoverage`.
    measure : Measure
        What the length of a bar counts.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per status that occurs, in the order of the statuses.
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
        ticktext=[plain(_short(str(names[code]))) for code in order],
        ticklabelstandoff=6,
        showgrid=False,
    )
    return dress(figure, _FURNITURE + _ROW * len(order))


def _hover(nom: str, label: str, value: int, total: int, measure: Measure) -> str:
    share = f" ({percent(100 * value / total)} des {number(total)})" if total else ""
    noun = "habitants" if measure == "habitants" else "quartiers"
    return f"<b>{plain(nom)}</b><br>{label}{NBSP}: {number(value)} {noun}{share}"


def _short(nom: str) -> str:
    name = short_epci(nom)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
