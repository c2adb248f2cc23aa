"""The angle *Profil*: a territory over all its indicators, against a reference and its peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from clsm_map.analysis.comparison.profile import level_of
from clsm_map.charts.comparison import percentile_dots
from clsm_map.domain.selection import Selection, Subject
from clsm_map.formats import count
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, notices, source_line, view_title
from clsm_map.ui.inegalites_parts import (
    finding,
    peers_choice,
    refusals,
    show_table,
    sources,
    told_of,
    twin,
)
from clsm_map.ui.state import widget_key
from clsm_map.views import questions
from clsm_map.views.inequality.profile import (
    ProfileChoices,
    indicator_years,
    operand_label,
    percentile_rows,
    profile_choices,
    profile_finding,
    profile_table,
    refused_indicators,
)

SUBJECTS: Mapping[Subject, str] = {"territoire": "Le territoire", "qpv": "Ses QPV ensemble"}
_TABLE = {
    "Unité": st.column_config.TextColumn(width="small"),
    "Indicateur": st.column_config.TextColumn(width="medium", pinned=True),
    "Valeur": st.column_config.TextColumn(alignment="right"),
    "Référence": st.column_config.TextColumn(alignment="right"),
    "Écart": st.column_config.TextColumn(
        alignment="right", help="Valeur moins référence, dans l’unité ; en points pour un %."
    ),
    "Médiane des pairs": st.column_config.TextColumn(
        alignment="right", help="Chaque territoire dont la valeur est publiée y compte pour un."
    ),
    "Rapport": st.column_config.NumberColumn(format="localized"),
    "Centile": st.column_config.NumberColumn(
        format="localized",
        help="Part des pairs dont la valeur est plus basse, la moitié des ex aequo comprise, en %.",
    ),
    "Rang": st.column_config.NumberColumn(help="Rang 1 : la valeur la plus élevée."),
    "Ex aequo": st.column_config.NumberColumn(help="Combien de pairs partagent ce rang."),
    "À savoir": st.column_config.TextColumn(width="large"),
}


def draw(selection: Selection) -> Selection:
    """Draw the profile; give the selection that its controls make."""
    selection, choices = _controls(selection)
    notices(n for n in (choices.notice,) if n)
    with st.spinner("Calcul du profil…"):
        found = questions.profile_of(
            data.desk(), choices.subject, choices.reference, choices.inside
        )
    rows = percentile_rows(found, data.snapshot().indicators)
    said = profile_finding(found)
    indicators = data.snapshot().indicators
    shown = [(indicators[i], year) for i, year in indicator_years(found).items()]
    level = level_of(found.sujet)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        against = f"Référence : {operand_label(choices.reference)}"
        view_title(operand_label(choices.subject), against)
        finding(said)
        if rows.empty:
            show_table(profile_table(found), said, _TABLE, height=560)
        else:
            twin(
                "profil",
                lambda: percentile_dots(rows),
                lambda: profile_table(found),
                told_of(f"{operand_label(choices.subject)}. {against}", said, shown, level=level),
                _TABLE,
            )
    with right:
        if found.pairs:
            source_line(
                f"Rangs et centiles parmi les {found.pairs} dont la valeur est connue. Un centile "
                "de 90 % : neuf pairs sur dix ont une valeur plus basse."
            )
        caution(found.mises_en_garde)
        refused = refused_indicators(found)
        refusals(refused, f"{count(len(refused), 'indicateur')} sans donnée à cet échelon")
        sources(shown, level=level)
    return selection


def _controls(selection: Selection) -> tuple[Selection, ProfileChoices]:
    territory = data.desk().territory(selection)
    first, second, third = st.columns([2, 3, 3], vertical_alignment="bottom")
    study = selection.etude
    if territory.level not in {"qpv", "arrondissement"}:
        with first:
            subject = st.segmented_control(
                "Sujet",
                list(SUBJECTS),
                format_func=SUBJECTS.__getitem__,
                key=widget_key("ensemble"),
                required=True,
            )
        study = replace(study, ensemble=subject or study.ensemble)
    offered = profile_choices(data.snapshot(), territory, study)
    with second:
        kinds = list(offered.references)
        key = widget_key("reference")
        if st.session_state.get(key) not in kinds:
            st.session_state[key] = kinds[0]
        kind = st.selectbox(
            "Comparé à",
            kinds,
            format_func=lambda k: operand_label(offered.references[k]),
            key=key,
        )
    kept = "" if kind == kinds[0] else kind
    selection = replace(selection, etude=replace(study, reference=kept))
    if study.ensemble == "territoire" and territory.level != "france":
        with third:
            selection = peers_choice(selection, offered.insides, "Pairs pris dans")
    found = profile_choices(data.snapshot(), territory, selection.etude)
    return selection, replace(found, notice=offered.notice)
