"""*Profil* and *Côte à côte*: one territory over all its indicators, or several beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from clsm_map.analysis.comparison.profile import level_of
from clsm_map.analysis.comparison.references import default_reference
from clsm_map.charts.comparison import percentile_dots, side_dots
from clsm_map.domain.selection import MAX_OTHERS, SUBJECTS, Selection, Subject
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import count
from clsm_map.maps.escape import html_text
from clsm_map.store.territories import find_territory
from clsm_map.ui import data, filters
from clsm_map.ui import furniture as page
from clsm_map.ui.state import fresh_key, select, studied
from clsm_map.ui.view import chart_and_table, indicator_sources, told_of
from clsm_map.views import questions
from clsm_map.views.inequality import profile as view

SUBJECT_LABELS: Mapping[Subject, str] = {"territoire": "Le territoire", "qpv": "Ses QPV ensemble"}
_OTHERS = ("region", "departement", "epci", "commune", "arrondissement", "qpv", "france")
_NUMBER = st.column_config.NumberColumn
_TEXT = st.column_config.TextColumn
_COLUMNS = {
    "Unité": _TEXT(width="small"),
    "Indicateur": _TEXT(width="medium", pinned=True),
    "Valeur": _TEXT(alignment="right"),
    "Référence": _TEXT(alignment="right"),
    "Écart": _TEXT(
        alignment="right", help="Valeur moins référence, dans l’unité ; en points pour un %."
    ),
    "Médiane des pairs": _TEXT(
        alignment="right", help="Chaque territoire dont la valeur est publiée y compte pour un."
    ),
    "Rapport": page.LOCALIZED,
    "Centile": _NUMBER(
        format="localized",
        help="Part des pairs dont la valeur est plus basse, la moitié des ex aequo comprise, en %.",
    ),
    "Rang": _NUMBER(help="Rang 1 : la valeur la plus élevée."),
    "Ex aequo": _NUMBER(help="Combien de pairs partagent ce rang."),
    "À savoir": _TEXT(width="large"),
}


def profile(selection: Selection, territory: Territory) -> Selection:
    """Draw a territory, or its QPV together, against a reference and its peers."""
    selection, choices = _choices(selection, territory)
    page.notices(n for n in (choices.notice,) if n)
    with st.spinner("Calcul du profil…"):
        found = questions.profile_of(
            data.desk(), choices.subject, choices.reference, choices.inside
        )
    indicators = data.snapshot().indicators
    rows, said = view.percentile_rows(found, indicators), view.profile_finding(found)
    shown = [(indicators[i], year) for i, year in view.indicator_years(found).items()]
    level = level_of(found.sujet)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        title = view.operand_label(choices.subject)
        against = f"Référence : {view.operand_label(choices.reference)}"
        page.view_title(title, against)
        page.finding(said)
        if rows.empty:
            page.table(view.profile_table(found), said, _COLUMNS, most=560)
        else:
            told = told_of(f"{title}. {against}", said, shown, level=level)
            chart_and_table(
                "profil",
                lambda: percentile_dots(rows),
                lambda: view.profile_table(found),
                told,
                _COLUMNS,
            )
    with right:
        if found.pairs:
            page.source_line(
                f"Rangs et centiles parmi les {found.pairs} dont la valeur est connue. Un centile "
                "de 90 % : neuf pairs sur dix ont une valeur plus basse."
            )
        page.caution(found.mises_en_garde)
        _refused(view.refused_indicators(found))
        indicator_sources(shown, level=level)
    return selection


def _choices(selection: Selection, territory: Territory) -> tuple[Selection, view.ProfileChoices]:
    first, second, third = st.columns([2, 3, 3], vertical_alignment="bottom")
    if territory.level not in {"qpv", "arrondissement"}:
        with first:
            subject = filters.one_of("Sujet", SUBJECTS, "ensemble", SUBJECT_LABELS)
        selection = studied(selection, ensemble=subject)
    offered = view.profile_choices(data.snapshot(), territory, selection.etude)
    kinds = list(offered.references)
    with second:
        kind = filters.one_among(
            "Comparé à", kinds, "reference", kinds[0],
            lambda k: view.operand_label(offered.references[k]),
        )  # fmt: skip
    selection = studied(selection, reference="" if kind == kinds[0] else kind)
    if selection.etude.ensemble == "territoire" and territory.level != "france":
        with third:
            selection = filters.peers_choice(selection, offered.insides, "Pairs pris dans")
    found = view.profile_choices(data.snapshot(), territory, selection.etude)
    return selection, replace(found, notice=offered.notice)


def _refused(found: list[tuple[str, str]]) -> None:
    """List the indicators that a level cannot have, each with its reason; nothing when none."""
    lines = "".join(f"<li>{html_text(name)}. {html_text(why)}</li>" for name, why in found)
    if lines:
        with st.expander(f"{count(len(found), 'indicateur')} sans donnée à cet échelon"):
            st.html(f'<ul class="source">{lines}</ul>')


def side_by_side(selection: Selection, first: Territory) -> Selection:
    """Draw two to four territories, each among the peers of its level."""
    snapshot, others = data.snapshot(), [k for k in selection.etude.avec if k != first.key]
    chosen = [first, *(find_territory(snapshot, key) for key in others)]
    _others_field(selection, others, chosen)
    if len(chosen) < 2:
        page.notice(
            f"Ajoutez de un à trois territoires à comparer à « {first.nom} », de n’importe "
            "quel échelon."
        )
        return selection
    found = [
        questions.profile_of(data.desk(), t, default_reference(snapshot, t), FRANCE) for t in chosen
    ]
    rows = view.side_rows(found, snapshot.indicators)
    said = view.side_finding(rows, found)
    years = {i: year for p in found for i, year in view.indicator_years(p).items()}
    shown = [(snapshot.indicators[i], year) for i, year in years.items()]
    title = " · ".join(t.nom for t in chosen)
    told = told_of(f"{title} : indicateurs connus pour au moins deux", said, shown)
    names = {t.key: view.operand_label(t) for t in chosen}
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(title, "Indicateurs connus pour au moins deux")
        page.finding(said)
        chart_and_table(
            "cote", lambda: side_dots(rows, names), lambda: view.side_table(found), told
        )
    with right:
        page.source_line(
            "Chaque place est donnée parmi les territoires de France du même échelon dont la "
            "valeur est connue. Le tableau ne garde que les indicateurs donnés pour tous."
        )
        page.caution(view.side_cautions(found))
        indicator_sources(shown)
    return selection


def _others_field(selection: Selection, others: list[str], chosen: list[Territory]) -> None:
    """Draw one field to add a territory, and one button to take each away."""
    field, *slots = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    with field:
        if len(others) < MAX_OTHERS:
            key = fresh_key("avec")
            choice = page.pick_place("Comparer avec", "", _OTHERS, key=key, placeholder="Ajouter")
            if choice and choice not in {t.key for t in chosen}:
                select(studied(selection, avec=(*others, choice)))
        else:
            st.caption("Quatre territoires au plus.")
    for slot, territory in zip(slots, chosen[1:], strict=False):
        with slot:
            if st.button(f"Retirer {territory.nom}", type="tertiary", key=f"sans_{territory.key}"):
                select(studied(selection, avec=tuple(k for k in others if k != territory.key)))
