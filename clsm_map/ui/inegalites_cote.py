"""The angle *Côte à côte*: two to four territories, each among the peers of its level."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.analysis.comparison.references import default_reference
from clsm_map.charts.comparison import side_dots
from clsm_map.domain.selection import MAX_OTHERS, Selection
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui.components import pick_place
from clsm_map.ui.furniture import caution, notice, source_line, view_title
from clsm_map.ui.inegalites_parts import finding, sources, told_of, twin
from clsm_map.ui.state import fresh_key, select
from clsm_map.views import questions
from clsm_map.views.inequality.profile import (
    indicator_years,
    operand_label,
    side_cautions,
    side_finding,
    side_rows,
    side_table,
)

PLACES = ("region", "departement", "epci", "commune", "arrondissement", "qpv", "france")


def draw(selection: Selection) -> Selection:
    """Draw the comparison; give the selection unchanged, or start again with one more or less."""
    first = data.desk().territory(selection)
    others = [k for k in selection.etude.avec if k != first.key]
    chosen = [first, *(find_territory(data.snapshot(), key) for key in others)]
    _controls(selection, others, chosen)
    if len(chosen) < 2:
        notice(
            f"Ajoutez de un à trois territoires à comparer à « {first.nom} », de n’importe "
            "quel échelon."
        )
        return selection
    found = [
        questions.profile_of(data.desk(), t, default_reference(data.snapshot(), t), FRANCE)
        for t in chosen
    ]
    rows = side_rows(found, data.snapshot().indicators)
    names = {t.key: operand_label(t) for t in chosen}
    said = side_finding(rows, found)
    indicators = data.snapshot().indicators
    years = {i: year for p in found for i, year in indicator_years(p).items()}
    shown = [(indicators[i], year) for i, year in years.items()]
    title = " · ".join(t.nom for t in chosen)
    told = told_of(f"{title} : indicateurs connus pour au moins deux", said, shown)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(title, "Indicateurs connus pour au moins deux")
        finding(said)
        twin("cote", lambda: side_dots(rows, names), lambda: side_table(found), told)
    with right:
        source_line(
            "Chaque place est donnée parmi les territoires de France du même échelon dont la "
            "valeur est connue. Le tableau ne garde que les indicateurs donnés pour tous."
        )
        caution(side_cautions(found))
        sources(shown)
    return selection


def _controls(selection: Selection, others: list[str], chosen: list[Territory]) -> None:
    """Draw one field to add a territory, and one button to take each away."""
    field, *slots = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    with field:
        if len(others) < MAX_OTHERS:
            choice = pick_place(
                "Comparer avec", "", PLACES, key=fresh_key("avec"), placeholder="Ajouter"
            )
            if choice and choice not in {t.key for t in chosen}:
                _restart(selection, [*others, choice])
        else:
            st.caption("Quatre territoires au plus.")
    for slot, territory in zip(slots, chosen[1:], strict=False):
        with slot:
            if st.button(f"Retirer {territory.nom}", type="tertiary", key=f"sans_{territory.key}"):
                _restart(selection, [k for k in others if k != territory.key])


def _restart(selection: Selection, others: list[str]) -> None:
    select(replace(selection, etude=replace(selection.etude, avec=tuple(others))))
