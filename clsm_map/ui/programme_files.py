"""What *Programme* offers to take away: its tables, its figures, the link with the kit ticked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import plotly.graph_objects as go

from clsm_map.charts.programme import participants_bars, qpv_bars
from clsm_map.exports.chart import chart_picture
from clsm_map.formats import date_fr
from clsm_map.ui import data
from clsm_map.ui.planifier_parts import csv_of
from clsm_map.ui.takeaway import File, Kit
from clsm_map.views.programme import (
    ProgrammeView,
    exported,
    file_name,
    part_table,
    quartier_table,
    score_table,
    year_table,
)
from clsm_map.views.programme_published import PublishedReach

_CSV = "text/csv"


def programme_kit(published: PublishedReach, view: ProgrammeView | None, ticked: str) -> Kit:
    """List the files of the page.

    Parameters
    ----------
    view : ProgrammeView or None
        The detailed table in the territory shown, when there is one.
    ticked : str
        Parts of the kit ticked, as the link holds them.

    Returns
    -------
    Kit
        Names and rows of what comes from a made-up table say so.
    """
    files = [_csv("Chiffres publiés (CSV)", published.table(), "programme_publie")]
    if view is not None:
        tables = {
            "Par année (CSV)": (year_table(view), "annees"),
            "Par territoire (CSV)": (part_table(view), "territoires"),
            "Quartiers (CSV)": (quartier_table(view), "quartiers"),
            "Évaluation (CSV)": (score_table(view), "evaluation"),
        }
        files += [
            _csv(label, exported(view, table), file_name(view, stem))
            for label, (table, stem) in tables.items()
            if len(table)
        ]
        files += _pictures(view)
    return Kit("programme", others=tuple(files), own={"kit": ticked})


def _csv(label: str, table: pd.DataFrame, name: str) -> File:
    return File(label, f"{name}.csv", _CSV, partial(csv_of, table))


def _pictures(view: ProgrammeView) -> list[File]:
    where = f"{view.territory.nom}, {view.period}"
    charts: dict[str, tuple[Callable[..., go.Figure], str, str]] = {
        "quartiers": (qpv_bars, f"Quartiers atteints par année, {where}", view.qpv_sentence()),
        "participants": (participants_bars, f"Participants par année, {where}",
                         view.people_sentence()),
    }  # fmt: skip
    notes = f"Source : tableau importé ; établi le {date_fr(data.desk().today)}."
    return [
        File(
            f"Graphique : {stem} (PNG)",
            f"{file_name(view, f'graphique_{stem}')}.png",
            "image/png",
            partial(
                chart_picture,
                draw(view.years, example=view.example),
                "png",
                title=view.marked(title),
                notes=(sentence, view.marked(notes)),
            ),
        )
        for stem, (draw, title, sentence) in charts.items()
    ]
