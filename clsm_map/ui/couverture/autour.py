"""*Autour de moi*: the QPV without coverage around a CLSM, a commune, an intercommunalité."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import MAX_RADIUS_KM, Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.formats import number
from clsm_map.maps.around import around_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.drawing import draw as draw_map
from clsm_map.ui import couverture as parts
from clsm_map.ui import data, filters
from clsm_map.ui.furniture import (
    caution,
    choose_from,
    legend,
    notice,
    pick_place,
    sheet_link,
    source_line,
)
from clsm_map.ui.state import change, select, widget_key
from clsm_map.ui.view import draw_head
from clsm_map.views import questions
from clsm_map.views.around import DEVICE, Around, seat_of
from clsm_map.views.gap_lists import gap_rows
from clsm_map.views.view import View, view_of

PLACES: Final = (DEVICE, "epci", "commune", "arrondissement", "qpv")
MAP: Final = "couverture_autour"
START_MAP: Final = "couverture_depart"


def draw(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    try:
        with st.spinner("Préparation des contours et des distances…"):
            place = questions.place_named(data.desk(), selection.lieu) if selection.lieu else None
    except InvalidInputError as error:
        selection = _bar(selection, "")
        _dead_end(selection, error)
        _start(selection)
        return selection
    selection = _bar(selection, place.nom if place else "")
    if place is None:
        _start(selection)
        return selection
    view = view_of(data.desk(), "couverture.autour", selection)
    found: Around = view.data
    left, right = st.columns([8, 5], gap="medium")
    with left:
        _answer(selection, view, found)
    with right:
        _map(selection, view, found)
    return selection


def _bar(selection: Selection, shown: str) -> Selection:
    place, device, radius = st.columns([6, 8, 5], vertical_alignment="bottom")
    with place:
        choice = pick_place(
            "Votre CLSM, ou un lieu",
            shown,
            PLACES,
            key="couverture_lieu",
            placeholder="CLSM, commune, intercommunalité…",
        )
        if choice and choice != selection.lieu:
            select(replace(selection, lieu=choice, choisi=""))
    with device:
        selection = filters.device_controls(selection)
    with radius:
        kilometres = st.slider(
            "Rayon",
            1.0,
            MAX_RADIUS_KM,
            step=1.0,
            format="%g km",
            key=widget_key("rayon"),
            help="Depuis le bord du périmètre, de contour à contour.",
        )
    return replace(selection, rayon=kilometres)


def _dead_end(selection: Selection, error: InvalidInputError) -> None:
    """Say why nothing can be shown, and offer what can."""
    notice(error.message_fr)
    seat = seat_of(selection.lieu, data.snapshot(), data.desk().ground)
    if seat is None:
        return
    if seat.level == "departement":
        st.button(
            f"Voir tout le département : {seat.nom}",
            on_click=change,
            kwargs={"vue": "territoire", "territoire": seat.key, "choisi": ""},
        )
        return
    st.button(
        f"Chercher autour de la commune de son siège : {seat.nom}",
        on_click=change,
        kwargs={"lieu": seat.key, "choisi": ""},
    )


def _answer(selection: Selection, view: View, found: Around) -> None:
    """Draw the title, the finding, the totals, the list, and what can be taken away."""
    if found.gaps.empty:
        draw_head(replace(view, claims=()))
        _nothing(found)
        return
    draw_head(view, tight=True)
    choose_from(
        gap_rows(found.gaps, found.coverage.type, view.tables[0].title),
        parts.chosen_qpv(selection),
        key="couverture_autour_liste",
        height=440,
        on_choice=partial(parts.choose_row, MAP),
    )
    parts.take_away(selection, "quartiers-autour")
    place = f"{found.place.kind}:{found.place.code}"
    sheet_link(selection, selection.lieu if ":" in selection.lieu else place)


def _nothing(found: Around) -> None:
    """Say that the list is empty, and offer the radius at which it no longer is."""
    if math.isnan(found.beyond_km):
        notice("Aucun autre à moins de 100 km par voie de terre, dans le même territoire.")
        return
    wider = float(min(MAX_RADIUS_KM, math.ceil(found.beyond_km)))
    away = number(found.beyond_km, 1)
    notice(f"Le plus proche quartier {NOT_WHOLE.words(found.coverage.type)} est à {away} km.")
    st.button(f"Élargir le rayon à {number(wider)} km", on_click=change, kwargs={"rayon": wider})


def _map(selection: Selection, view: View, found: Around) -> None:
    """Draw the map and what helps to read it.

    It goes to the QPV of the row chosen, and stays still after its own clicks.
    """
    assert view.map is not None
    focus = parts.focus_of(selection, MAP, (selection.lieu, selection.rayon))
    parts.draw_map(selection, view.map, focus, key=MAP, height=440)
    parts.chosen_card(selection, FRANCE, found.coverage, found.gaps, key="couverture_autour_fiche")
    legend(
        f"Quartiers du rayon et {selection.type} recensés",
        around_legend(found, near=bool(focus)),
        "Trait plein : le lieu ; pointillé : la limite du rayon. Un cercle selon les habitants.",
    )
    caution(view.cautions)
    parts.draw_sources(view)


def _start(selection: Selection) -> None:
    """Say what to do, with a map of France on which a seat or a QPV can be chosen."""
    desk = data.desk()
    view = view_of(desk, "couverture.autour", replace(selection, lieu=""))
    assert view.map is not None
    left, right = st.columns([5, 8], gap="medium")
    with left:
        draw_head(view)
        st.markdown(
            "Tapez ci-dessus votre CLSM, votre commune ou votre intercommunalité, ou cliquez un "
            "siège ou un quartier sur la carte : la liste vient aussitôt, du quartier le plus "
            "proche au plus loin."
        )
        parts.draw_legends(
            view.map, "Un quartier, un cercle selon ses habitants", "Sièges et périmètres"
        )
        caution(view.cautions)
        for line in view.sources:
            source_line(line)
    with right:
        click = parts.on_map_click(START_MAP, _choose_place)
        render_map(draw_map(desk, view.map), key=START_MAP, height=600, on_click=click)


def _choose_place(kind: str, code: str) -> None:
    if kind in {DEVICE, "qpv"}:
        change(lieu=f"{kind}:{code}", choisi="")
