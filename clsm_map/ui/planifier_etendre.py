"""*Étendre avant de créer*: the best neighbours of each device, sent to *Et si* in one click."""

from __future__ import annotations

from typing import Final

import streamlit as st

from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Selection
from clsm_map.ui import data
from clsm_map.ui import planifier_parts as parts
from clsm_map.ui.furniture import notice, view_title
from clsm_map.ui.state import select, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.planning.plan import BUTTON, NUMBERS, read_extensions
from clsm_map.views.planning.question import CANDIDATE_LABELS

_OFFERED: Final = ("epci", "commune")
_CLICK: Final = "planifier_essayer"


def extend_first(selection: Selection) -> Selection:
    """Draw the view; give the selection it makes."""
    selection = _controls(selection)
    asked = parts.question(selection)
    try:
        with st.spinner("Recherche des territoires voisins…"):
            rows, counted = questions.additions(data.desk(), asked)
    except InvalidInputError as error:
        notice(error.message_fr)
        return selection
    when = captions.on_date(asked.on, data.desk().today)
    reading = read_extensions(rows, asked.type, asked.territory.nom, weighted=asked.pondere)
    view_title(reading.title, f"{reading.finding} Situation {when}.")
    if reading.moves:
        st.dataframe(
            reading.table,
            hide_index=True,
            height=480,
            alt=reading.title,
            key="planifier_extensions",
            column_config={
                **{name: st.column_config.NumberColumn(format="localized") for name in NUMBERS},
                "Code": st.column_config.TextColumn(width=110),
                "Dispositif": st.column_config.TextColumn(width=380),
                BUTTON: st.column_config.ButtonColumn(
                    BUTTON, key=_CLICK, type="secondary", help="Porte l’extension dans « Et si »"
                ),
            },
        )
        parts.csv_button("Extensions (CSV)", reading.table.drop(columns=BUTTON), "extensions")
        click = st.session_state.get(_CLICK)
        if click is not None:
            scenario = parts.scenario_of(selection).then(reading.moves[click["row"]])
            select(parts.planned(selection, plan="et-si", scenario=scenario.to_text()))
    parts.reserves(asked, [CAUTION.format(type=asked.type), *counted])
    return selection


def _controls(selection: Selection) -> Selection:
    where, need, counting = st.columns([3, 2, 1], vertical_alignment="bottom")
    offered = _OFFERED if selection.projet.candidats != "liste" else (*_OFFERED, "liste")
    with where:
        choice = st.segmented_control(
            "Ajouter",
            offered,
            format_func=CANDIDATE_LABELS.__getitem__,
            key=widget_key("candidats"),
            required=True,
        )
    with need:
        weighed = st.toggle("Pondérer par le besoin", key=widget_key("pondere"))
    with counting, st.popover("Comptage", width="stretch"):
        selection = parts.partial_field(selection)
    return parts.planned(selection, candidats=choice or selection.projet.candidats, pondere=weighed)
