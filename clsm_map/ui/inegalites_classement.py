"""The angle *Classement*: the territories of a level on one indicator, ranked and spread out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.charts.distribution import histogram_bars, region_boxes
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS, RP_QPV, RP_TODAY, Level, Territory
from clsm_map.formats import number
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, notices, source_line, view_title
from clsm_map.ui.inegalites_parts import (
    default_indicator,
    finding,
    indicator_choice,
    level_choice,
    peers_choice,
    show_table,
    sources,
    told_of,
    twin,
)
from clsm_map.views import questions
from clsm_map.views.captions import Told
from clsm_map.views.inequality.profile import territory_insides
from clsm_map.views.inequality.ranking import MAX_ROWS, Ranked

_COLUMNS = {
    "Rang": st.column_config.NumberColumn(help="Rang 1 : la valeur la plus élevée.", width="small"),
    "Ex aequo": st.column_config.NumberColumn(
        help="Combien de territoires partagent ce rang.", width="small"
    ),
    "Territoire": st.column_config.TextColumn(pinned=True),
    "Centile": st.column_config.NumberColumn(
        format="localized",
        help="Part des territoires classés dont la valeur est plus basse, la moitié des ex aequo "
        "comprise, en %.",
    ),
    **{
        f"Habitants ({year})": st.column_config.NumberColumn(format="localized")
        for year in (RP_TODAY, RP_QPV)
    },
}


def draw(selection: Selection) -> Selection:
    """Draw the ranking; give the selection that its controls make."""
    territory = data.desk().territory(selection)
    selection, level, inside = controls(selection, territory)
    found = questions.ranking_of(data.desk(), selection.etude.etudie, level, territory, inside)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(found.title, found.year_text)
        finding(found.finding)
        labels = ["Classement", "Distribution", *(["Par région"] if found.has_regions else [])]
        tabs = st.tabs(labels, key=f"classement_{len(labels)}", on_change="rerun")
        parts = (_ranking, _distribution, _regions)
        for tab, part in zip(tabs, parts, strict=False):
            if tab.open:
                with tab:
                    part(found)
    with right:
        caution(found.cautions)
        source_line(found.indicator.definition)
        sources([(found.indicator, found.year)], level=found.level)
    return selection


def controls(selection: Selection, territory: Territory) -> tuple[Selection, Level, Territory]:
    """Draw the choice of indicator, level and place; give them with the selection they make."""
    indicators = data.snapshot().indicators
    ranked_ones = [i for i, d in indicators.items() if d.niveaux != ("france",)]
    first, second, third = st.columns([4, 2, 2], vertical_alignment="bottom")
    with first:
        chosen = indicator_choice("Indicateur", "etudie", ranked_ones, default_indicator(selection))
    with second:
        level, notice = level_choice(indicators[chosen], territory)
    selection = replace(selection, etude=replace(selection.etude, etudie=chosen, echelon=level))
    insides = territory_insides(data.snapshot(), territory)
    insides = {k: t for k, t in insides.items() if k != level}
    with third:
        selection = peers_choice(selection, insides, "Pris dans")
    notices(n for n in (notice,) if n)
    return selection, level, insides[selection.etude.pairs]


def _ranking(found: Ranked) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        minimum = st.number_input(
            "Au moins… habitants", min_value=0, value=0, step=1000, key="classement_habitants"
        )
    with right:
        known = st.checkbox("Seulement ceux qui ont une valeur", key="classement_connus")
    table = found.table(int(minimum), known_only=known)
    level = LEVEL_LABELS[found.level][1]
    if len(table) > MAX_ROWS:
        source_line(
            f"Les {number(MAX_ROWS)} premières lignes sur {number(len(table))} : choisissez une "
            "région ou un département pour voir toutes les autres."
        )
    else:
        source_line(f"{number(len(table))} {level} · un clic sur un titre de colonne trie")
    show_table(table.head(MAX_ROWS), found.finding, _COLUMNS, height=480)


def _told(found: Ranked, title: str, said: str) -> Told:
    return told_of(title, said, [(found.indicator, found.year)], level=found.level)


def _distribution(found: Ranked) -> None:
    told = _told(found, f"{found.title}, {found.year_text}", found.finding)
    twin("distribution", lambda: histogram_bars(found), found.histogram_table, told)


def _regions(found: Ranked) -> None:
    finding(found.box_finding)
    told = _told(found, f"{found.title}, par région, {found.year_text}", found.box_finding)
    twin("regions", lambda: region_boxes(found), found.box_table, told)
    source_line(
        "Boîte : la moitié centrale des territoires de la région, trait à la médiane ; les "
        "moustaches vont au plus à 1,5 fois la hauteur de la boîte. Chaque territoire compte pour "
        "un."
    )
