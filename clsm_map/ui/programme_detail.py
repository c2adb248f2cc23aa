"""*Programme*, from a detailed table: reach by year and territory, map, table, evaluation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.programme import FEW_PARTICIPANTS, FEW_ROWS
from clsm_map.charts.look import CONFIG
from clsm_map.charts.programme import participants_bars, qpv_bars
from clsm_map.domain.programme import EXAMPLE, REACH_STATES
from clsm_map.domain.selection import Selection
from clsm_map.formats import count, number
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import markdown_text
from clsm_map.maps.planifier import reach_legend, reach_view
from clsm_map.ui import couverture as parts
from clsm_map.ui import data
from clsm_map.ui.data import ProgrammeTable
from clsm_map.ui.furniture import (
    KeyFigure,
    card,
    caution,
    key_figures,
    legend,
    notice,
    rules_link,
    source_line,
    view_title,
)
from clsm_map.ui.planifier_parts import csv_button, table
from clsm_map.ui.state import change
from clsm_map.views import captions
from clsm_map.views.programme import (
    ProgrammeView,
    exported,
    figure_lines,
    file_name,
    part_table,
    quartier_table,
    score_sentence,
    score_table,
    score_year_table,
    year_table,
)

MAP: Final = "programme_carte"
_MAP_HEIGHT: Final = 480
_NOTHING: Final = "–"
_ABSENT: Final = (
    "« Absent du tableau » veut dire que le tableau n’en parle pas, pas que rien n’y a été fait."
)
_RULE: Final = (
    "Une ligne qui nomme une commune ou une intercommunalité n’atteint ses quartiers que si elle "
    "le documente (colonne « portee » : tous) ; sinon ils sont comptés à part."
)


def draw(selection: Selection, loaded: ProgrammeTable) -> tuple[Selection, ProgrammeView]:
    """Draw the reach of a table in the territory of the selection."""
    place, _ = st.columns([2, 3])
    with place:
        where, wider = parts.wide_field(selection, "programme_territoire")
    if wider:
        notice(f"Le programme se lit ici à partir de l’intercommunalité : voici {where.nom}.")
    with st.spinner("Lecture du tableau…"):
        view = data.programme_in(loaded, where)
    view_title(view.finding(), "Quartiers de la géographie 2024 ; CLSM recensés à ce jour")
    if not view.reach.qpv:
        return selection, view
    key_figures((KeyFigure(*line) for line in figure_lines(view)), tight=True)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        years, territories, quartiers, scores = st.tabs(
            ["Par année", "Par territoire", "Quartiers", "Évaluation"]
        )
        with years:
            _years(view)
        with territories:
            _parts(view)
        with quartiers:
            _quartiers(view)
        with scores:
            _scores(view)
    with right:
        _map(selection, view)
    return selection, view


def _years(view: ProgrammeView) -> None:
    _bars(view, "Quartiers atteints dans l’année", qpv_bars, view.qpv_sentence(), "quartiers")
    _bars(view, "Participants", participants_bars, view.people_sentence(), "participants")
    rows = year_table(view)
    table(rows, view.marked("Le programme par année"), _NOTHING)
    csv_button("CSV pour Excel", exported(view, rows), file_name(view, "annees"))


def _bars(
    view: ProgrammeView,
    heading: str,
    figure: Callable[..., go.Figure],
    sentence: str,
    key: str,
) -> None:
    st.markdown(f"**{view.marked(heading)}**  \n{sentence}")
    st.plotly_chart(
        figure(view.years, example=view.example),
        theme=None,
        config=CONFIG,
        key=f"programme_barres_{key}",
        alt=sentence,
    )


def _parts(view: ProgrammeView) -> None:
    rows = part_table(view)
    if rows.empty:
        st.caption("À l’échelle d’une intercommunalité, le détail est dans « Quartiers ».")
        return
    apart = view.reach.lignes - int(view.parts["lignes"].sum())
    wider = (
        f" · {count(apart, 'ligne')} d’un territoire plus large : dans les totaux, dans aucune part"
        if apart
        else ""
    )
    st.caption(
        f"{view.marked(count(len(rows), 'territoire'))} · mêmes chiffres que la carte{wider}"
    )
    table(rows, view.marked("Le programme par territoire"), _NOTHING)
    csv_button("CSV pour Excel", exported(view, rows), file_name(view, "territoires"))


def _quartiers(view: ProgrammeView) -> None:
    rows = quartier_table(view)
    counts = view.counts()
    said = " · ".join(f"{REACH_STATES[s].label} : {number(n)}" for s, n in counts.items())
    st.caption(view.marked(f"{count(len(rows), 'quartier')} · {said}"))
    table(rows, view.marked("Les quartiers et leur état"), _NOTHING)
    csv_button("CSV pour Excel", exported(view, rows), file_name(view, "quartiers"))


def _scores(view: ProgrammeView) -> None:
    st.markdown(markdown_text(score_sentence(view)))
    if view.scores.empty:
        return
    table(score_table(view), view.marked("Scores d’évaluation, toutes années"), _NOTHING)
    rows = score_year_table(view)
    st.markdown(f"**{view.marked('Année par année')}**")
    table(rows, view.marked("Scores d’évaluation par année"), _NOTHING)
    csv_button("CSV pour Excel", exported(view, rows), file_name(view, "evaluation_annees"))
    source_line(
        "Moyennes pondérées par les participants, avant et après sur les mêmes lignes, dans "
        f"l’unité du tableau. Effectif faible : moins de {FEW_ROWS} lignes ou de "
        f"{FEW_PARTICIPANTS} participants. Un écart avant-après ne prouve pas une cause."
    )


def _map(selection: Selection, view: ProgrammeView) -> None:
    where, code = view.territory, parts.chosen_qpv(selection)
    view_title(view.title, "Un quartier, un signe ; l’aire d’un cercle suit ses habitants")
    drawn = reach_view(
        data.library(),
        data.snapshot(),
        view,
        bounds=data.extent(where),
        selected=parts.target(code),
        tiles=selection.fond,
    )
    render_map(
        drawn, key=MAP, height=_MAP_HEIGHT, on_click=parts.on_map_click(MAP, parts.choose_qpv)
    )
    _card(view, code)
    legend(view.marked("Quartiers prioritaires"), reach_legend(view))
    made_up = [f"{EXAMPLE.capitalize()} : rien de cette carte n’a eu lieu."] if view.example else []
    known = register_caution(view.coverage, data.published_total("CLSM"))
    caution([*made_up, _ABSENT, _RULE, known])
    source_line(captions.qpv_source())
    source_line(captions.device_source(view.coverage))
    rules_link()


def _card(view: ProgrammeView, code: str) -> None:
    rows = quartier_table(view)
    found = rows[rows["Code"] == code]
    if found.empty:
        return
    row = found.iloc[0]
    shown = ("État", "Lignes", "Séances", "Participants", "Dernière date", "Habitants (RP 2020)")
    card(
        view.marked(str(row["Quartier"])),
        f"{row['Communes']} · {code}",
        [(label, _text(row[label])) for label in shown],
    )
    st.button(
        "Fermer la fiche",
        key="programme_fermer",
        type="tertiary",
        on_click=partial(change, choisi=""),
    )


def _text(value: object) -> str:
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return "n. d."
    return value if isinstance(value, str) else number(float(str(value)))
