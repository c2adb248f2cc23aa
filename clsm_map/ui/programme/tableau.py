"""*Programme*, from a detailed table: reach by year and territory, map, table, evaluation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from clsm_map.analysis.programme import FEW_PARTICIPANTS, FEW_ROWS
from clsm_map.charts.programme import participants_bars, qpv_bars
from clsm_map.domain.programme import EXAMPLE, REACH_STATES
from clsm_map.domain.selection import Selection
from clsm_map.exports.chart import chart_picture
from clsm_map.formats import count, date_fr, number
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import markdown_text
from clsm_map.maps.planifier import reach_legend, reach_view
from clsm_map.ui import couverture as parts
from clsm_map.ui import data
from clsm_map.ui import furniture as page
from clsm_map.ui.data import ProgrammeTable
from clsm_map.ui.state import change
from clsm_map.ui.view import plot, reserves
from clsm_map.views import programme as reading

_MAP: Final = "programme_carte"
_ABSENT: Final = (
    "« Absent du tableau » veut dire que le tableau n’en parle pas, pas que rien n’y a été fait."
)
_RULE: Final = (
    "Une ligne qui nomme une commune ou une intercommunalité n’atteint ses quartiers que si elle "
    "le documente (colonne « portee » : tous) ; sinon ils sont comptés à part."
)


def draw(selection: Selection, loaded: ProgrammeTable) -> tuple[Selection, reading.ProgrammeView]:
    """Draw the reach of a table in the territory of the selection."""
    place, _ = st.columns([2, 3])
    with place:
        where, wider = parts.wide_field(selection, "programme_territoire")
    if wider:
        page.notice(f"Le programme se lit ici à partir de l’intercommunalité : voici {where.nom}.")
    with st.spinner("Lecture du tableau…"):
        view = data.programme_in(loaded, where)
    page.view_title(view.finding(), "Quartiers de la géographie 2024 ; CLSM recensés à ce jour")
    if not view.reach.qpv:
        return selection, view
    page.key_figures(reading.figure_lines(view), tight=True)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        names = ["Par année", "Par territoire", "Quartiers", "Évaluation"]
        for tab, part in zip(
            st.tabs(names), (_years, _territories, _quartiers, _scores), strict=True
        ):
            with tab:
                part(view)
    with right:
        _map(selection, view)
    return selection, view


def _listed(view: reading.ProgrammeView, rows: pd.DataFrame, alt: str, stem: str) -> None:
    page.table(rows, view.marked(alt))
    page.csv_button("CSV pour Excel", reading.exported(view, rows), reading.file_name(view, stem))


def _bars(view: reading.ProgrammeView) -> dict[str, tuple[str, Callable[..., go.Figure], str]]:
    """Give the charts: heading, figure, sentence."""
    return {
        "quartiers": ("Quartiers atteints", qpv_bars, view.qpv_sentence()),
        "participants": ("Participants", participants_bars, view.people_sentence()),
    }


def _years(view: reading.ProgrammeView) -> None:
    for key, (heading, figure, sentence) in _bars(view).items():
        named = f"{heading} dans l’année" if key == "quartiers" else heading
        st.markdown(f"**{view.marked(named)}**  \n{sentence}")
        bars = figure(view.years, example=view.example)
        plot(bars, sentence, key=f"programme_barres_{key}")
    _listed(view, reading.year_table(view), "Le programme par année", "annees")


def _territories(view: reading.ProgrammeView) -> None:
    rows = reading.part_table(view)
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
    _listed(view, rows, "Le programme par territoire", "territoires")


def _quartiers(view: reading.ProgrammeView) -> None:
    rows, counts = reading.quartier_table(view), view.counts()
    said = " · ".join(f"{REACH_STATES[s].label} : {number(n)}" for s, n in counts.items())
    st.caption(view.marked(f"{count(len(rows), 'quartier')} · {said}"))
    _listed(view, rows, "Les quartiers et leur état", "quartiers")


def _scores(view: reading.ProgrammeView) -> None:
    st.markdown(markdown_text(reading.score_sentence(view)))
    if view.scores.empty:
        return
    page.table(reading.score_table(view), view.marked("Scores d’évaluation, toutes années"))
    st.markdown(f"**{view.marked('Année par année')}**")
    rows = reading.score_year_table(view)
    _listed(view, rows, "Scores d’évaluation par année", "evaluation_annees")
    page.source_line(
        "Moyennes pondérées par les participants, avant et après sur les mêmes lignes, dans "
        f"l’unité du tableau. Effectif faible : moins de {FEW_ROWS} lignes ou de "
        f"{FEW_PARTICIPANTS} participants. Un écart avant-après ne prouve pas une cause."
    )


def _map(selection: Selection, view: reading.ProgrammeView) -> None:
    code = parts.chosen_qpv(selection)
    page.view_title(view.title, "Un quartier, un signe ; l’aire d’un cercle suit ses habitants")
    drawn = reach_view(
        data.library(),
        data.snapshot(),
        view,
        bounds=data.extent(view.territory),
        selected=parts.target(code),
        tiles=selection.fond,
    )
    clicked = parts.on_map_click(_MAP, parts.choose_qpv)
    render_map(drawn, key=_MAP, height=480, on_click=clicked)
    _card(view, code)
    page.legend(view.marked("Quartiers prioritaires"), reach_legend(view))
    made_up = [f"{EXAMPLE.capitalize()} : rien de cette carte n’a eu lieu."] if view.example else []
    reserves(view.coverage, [*made_up, _ABSENT, _RULE])
    page.rules_link()


def _card(view: reading.ProgrammeView, code: str) -> None:
    rows = reading.quartier_table(view)
    found = rows[rows["Code"] == code]
    if found.empty:
        return
    row = found.iloc[0]
    shown = ("État", "Lignes", "Séances", "Participants", "Dernière date", "Habitants (RP 2020)")
    pairs = [(label, _text(row[label])) for label in shown]
    page.card(view.marked(str(row["Quartier"])), f"{row['Communes']} · {code}", pairs)
    close = partial(change, choisi="")
    st.button("Fermer la fiche", key="programme_fermer", type="tertiary", on_click=close)


def _text(value: object) -> str:
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return "n. d."
    return value if isinstance(value, str) else number(float(str(value)))


def files_of(view: reading.ProgrammeView) -> list[page.File]:
    """List tables and charts to take away; those of a made-up table say so."""
    tables = {
        "Par année (CSV)": (reading.year_table(view), "annees"),
        "Par territoire (CSV)": (reading.part_table(view), "territoires"),
        "Quartiers (CSV)": (reading.quartier_table(view), "quartiers"),
        "Évaluation (CSV)": (reading.score_table(view), "evaluation"),
    }
    files = [
        page.File(
            label,
            f"{reading.file_name(view, stem)}.csv",
            partial(page.csv_of, reading.exported(view, rows)),
        )
        for label, (rows, stem) in tables.items()
        if len(rows)
    ]
    source = f"Source : tableau importé ; établi le {date_fr(data.desk().today)}."
    for stem, (heading, figure, sentence) in _bars(view).items():
        title = f"{heading} par année, {view.territory.nom}, {view.period}"
        picture = partial(
            chart_picture,
            figure(view.years, example=view.example),
            "png",
            title=view.marked(title),
            notes=(sentence, view.marked(source)),
        )
        name = f"{reading.file_name(view, f'graphique_{stem}')}.png"
        files.append(page.File(f"Graphique : {stem} (PNG)", name, picture))
    return files
