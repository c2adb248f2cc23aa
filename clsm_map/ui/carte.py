"""The parts of *Carte*: its bar, its map, its tables, its reading panel."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import split_key
from clsm_map.maps.carte import legends
from clsm_map.maps.component import render_map
from clsm_map.maps.drawing import draw
from clsm_map.maps.legend import device_entries
from clsm_map.store.snapshot import Scale
from clsm_map.store.territories import find_territory
from clsm_map.table import Table
from clsm_map.ui import data, filters
from clsm_map.ui.furniture import (
    card,
    caution,
    key_figures,
    legend,
    pick_place,
    sheet_link,
    sources,
    view_title,
)
from clsm_map.ui.state import select
from clsm_map.ui.view import draw_table
from clsm_map.views import questions
from clsm_map.views.carte import Card, qpv_card, territory_card
from clsm_map.views.choropleth import Choropleth, indicators_of
from clsm_map.views.quartiers import Quartiers
from clsm_map.views.view import View

PLACES = ("france", "region", "departement", "epci", "commune", "arrondissement", "qpv")


def bar(selection: Selection) -> Selection:
    """Draw the slim bar: territory, indicator, device and date, settings, filters."""
    place, indicator, device, folds = st.columns([5, 7, 9, 6], vertical_alignment="bottom")
    with place:
        selection = territory_field(selection)
    with indicator:
        selection = filters.indicator_field(selection, indicators_of(data.snapshot()))
    with device:
        selection = filters.device_controls(selection)
    with folds:
        settings, qpv = st.columns(2)
        with settings, st.popover("Réglages", width="stretch"):
            selection = filters.level_controls(selection, indicators_of(data.snapshot()))
            selection = filters.classing_controls(selection)
            selection = filters.layer_controls(selection)
        with qpv, st.popover(filters.filter_label(selection), width="stretch"):
            selection = filters.qpv_filter_controls(
                selection,
                complete=bool(data.desk().ground.completude["type"].eq(selection.type).any()),
            )
    return selection


def territory_field(selection: Selection) -> Selection:
    """Draw the search field; choosing a territory resets what was clicked."""
    level, code = split_key(selection.territoire)
    now = find_territory(data.snapshot(), code, level)
    choice = pick_place("Territoire", now.nom, PLACES, key="territoire_cherche")
    if not choice or choice == selection.territoire:
        return selection
    chosen_level, _ = split_key(choice)
    select(replace(selection, territoire=choice, choisi=choice if chosen_level == "qpv" else ""))
    return selection


def draw_map(selection: Selection, view: View) -> Selection:
    """Draw the map; a click on a territory or a QPV selects it."""
    assert view.map is not None
    national = view.data.territory.level in {"france", "region"}
    scale: Scale = "national" if national else "local"
    click = render_map(draw(data.desk(), view.map, scale=scale), key="carte")
    serial = st.session_state.get("carte_clic", 0)
    if click is None or click.serial == serial:
        return selection
    st.session_state["carte_clic"] = click.serial
    chosen = f"{click.kind}:{click.code}" if click.kind in PLACES else ""
    select(replace(selection, choisi=chosen))
    return selection


def reading_panel(selection: Selection, view: View) -> None:
    """Draw the panel: title, card, legends, counts that agree with the map, sources."""
    desk, coloured = data.desk(), view.data
    kept = questions.quartiers_kept(desk, selection)
    view_title(view.title, view.lead)
    chosen = _card(selection, coloured, kept)
    if chosen is not None:
        card(chosen.title, chosen.where, chosen.rows)
        if st.button("Désélectionner", type="tertiary"):
            select(replace(selection, choisi=""))
    sheet_link(selection, selection.choisi if chosen else coloured.territory.key)
    keys = legends(selection, coloured, kept)
    legend(coloured.indicator.libelle_court, keys.choropleth, coloured.method)
    if "qpv" in selection.couches:
        legend(f"Quartiers prioritaires et {selection.type}", keys.qpv)
    layers = questions.devices_shown(desk, selection)
    seat_only = frozenset().union(*(d.seat_only for d in layers))
    everywhere = coloured.territory.level == "france"
    devices = device_entries({d.type: d.states for d in layers}, seat_only, counted=everywhere)
    if devices:
        legend("Sièges et périmètres", devices)
    key_figures(view.claims, tight=True)
    caution(view.cautions)
    sources(*view.sources, title="Sources et méthode")


def draw_rows(table: Table) -> None:
    """Draw the table twin of the colours, or of the QPV: the same rows as on the map."""
    st.caption(table.note)
    draw_table(table, height=560)


def _card(selection: Selection, coloured: Choropleth, kept: Quartiers) -> Card | None:
    level, code = split_key(selection.choisi)
    if level == "qpv":
        return qpv_card(kept, data.desk().covered(selection), code)
    return territory_card(coloured, kept, code) if level == coloured.scope.level else None
