"""*Autour de moi*: the QPV without coverage around a CLSM, a commune, an intercommunalité."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.analysis.cautions import gaps_cautions, register_caution
from clsm_map.analysis.harvest import harvest_title
from clsm_map.domain.devices import DEVICE_NAMES, NOT_WHOLE
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import MAX_RADIUS_KM, Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.formats import count, number
from clsm_map.maps.around import around_bounds, around_legend, around_view
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.geometry import towns_between
from clsm_map.maps.legend import device_entries
from clsm_map.ui import couverture as parts
from clsm_map.ui import data, filters
from clsm_map.ui.components import choose_from, pick_place
from clsm_map.ui.furniture import (
    KeyFigure,
    caution,
    key_figures,
    legend,
    notice,
    sheet_link,
    source_line,
    view_title,
)
from clsm_map.ui.state import change, select, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.around import DEVICE, Around, seat_of
from clsm_map.views.gap_lists import around_list

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
    found = questions.around_of(data.desk(), selection)
    left, right = st.columns([8, 5], gap="medium")
    with left:
        _answer(selection, found)
    with right:
        _map(selection, found)
        _reading(selection, found)
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


def _answer(selection: Selection, found: Around) -> None:
    """Draw the title, the finding, the totals, the list, and what can be taken away."""
    when = captions.on_date(found.coverage.on, data.desk().today)
    view_title(found.title, f"À moins de {number(found.radius_km)} km, {when}. {found.finding}")
    if found.gaps.empty:
        _nothing(found)
        return
    key_figures(_figures(found), tight=True)
    choose_from(
        around_list(found),
        parts.chosen_qpv(selection),
        key="couverture_autour_liste",
        height=440,
        on_choice=partial(parts.choose_row, MAP),
    )
    parts.take_away(selection, "quartiers-autour")
    place = f"{found.place.kind}:{found.place.code}"
    sheet_link(selection, selection.lieu if ":" in selection.lieu else place)


def _figures(found: Around) -> list[KeyFigure]:
    hidden = found.without_population
    return [
        KeyFigure(number(len(found.gaps)), "quartiers à rejoindre"),
        KeyFigure(
            number(found.inhabitants),
            "habitants (RP 2020)",
            f"non publiés pour {count(hidden, 'quartier')}" if hidden else "",
        ),
        KeyFigure(number(found.with_project), "avec un projet recensé"),
        KeyFigure(number(len(found.covered)), "autres, dans un périmètre actif", "hors liste"),
    ]


def _nothing(found: Around) -> None:
    """Say that the list is empty, and offer the radius at which it no longer is."""
    if math.isnan(found.beyond_km):
        notice("Aucun autre à moins de 100 km par voie de terre, dans le même territoire.")
        return
    wider = float(min(MAX_RADIUS_KM, math.ceil(found.beyond_km)))
    away = number(found.beyond_km, 1)
    notice(f"Le plus proche quartier {NOT_WHOLE.words(found.coverage.type)} est à {away} km.")
    st.button(f"Élargir le rayon à {number(wider)} km", on_click=change, kwargs={"rayon": wider})


def _map(selection: Selection, found: Around) -> None:
    """Draw the map: it goes to the QPV of the row chosen, and stays still after its own clicks."""
    focus = _focus(selection)
    extent = parts.extent_around(focus) if focus else around_bounds(found)
    view = around_view(
        data.library(),
        found,
        questions.devices_on(data.desk(), selection.type, found.coverage.on, "local"),
        bounds=extent,
        near=bool(focus),
        selected=parts.target(parts.chosen_qpv(selection)),
        towns=towns_between(data.snapshot(), extent),
        tiles=selection.fond,
    )
    parts.draw_map(view, focus, key=MAP, height=440)


def _focus(selection: Selection) -> str:
    return parts.focus_of(selection, MAP, (selection.lieu, selection.rayon))


def _reading(selection: Selection, found: Around) -> None:
    """Draw the card of what is chosen, the legend, the cautions and the sources."""
    coverage = found.coverage
    parts.chosen_card(selection, FRANCE, coverage, found.gaps, key="couverture_autour_fiche")
    legend(
        f"Quartiers du rayon et {selection.type} recensés",
        around_legend(found, near=bool(_focus(selection))),
        "Trait plein : le lieu ; pointillé : la limite du rayon. Un cercle selon les habitants.",
    )
    caution(gaps_cautions(coverage, found.place, data.published_total(selection.type)))
    parts.draw_sources(coverage)


def _start(selection: Selection) -> None:
    """Say what to do, with a map of France on which a seat or a QPV can be chosen."""
    kind = selection.type
    coverage = data.desk().coverage(kind, selection.date)
    every = questions.quartiers_in(data.desk(), FRANCE, kind, data.desk().day(selection))
    title = harvest_title(f"Quartiers prioritaires et {kind} recensés, France", coverage)
    left, right = st.columns([5, 8], gap="medium")
    with left:
        view_title(
            f"Autour de vous, quels quartiers sont hors du périmètre d’un {kind} actif recensé ?",
            f"{kind} : {DEVICE_NAMES[kind]} · {captions.on_date(coverage.on, data.desk().today)}",
        )
        st.markdown(
            "Tapez ci-dessus votre CLSM, votre commune ou votre intercommunalité, ou cliquez un "
            "siège ou un quartier sur la carte : la liste vient aussitôt, du quartier le plus "
            "proche au plus loin."
        )
        legend("Un quartier, un cercle selon ses habitants", status_legend(every))
        layer = questions.devices_on(data.desk(), kind, data.desk().day(selection))
        legend("Sièges et périmètres", device_entries({kind: layer.states}, layer.seat_only))
        caution([register_caution(coverage, data.published_total(kind))])
        source_line(captions.qpv_source())
        source_line(captions.device_source(coverage))
    with right:
        view = coverage_view(data.library(), every, kind, (layer,), title=title)
        render_map(
            view, key=START_MAP, height=600, on_click=parts.on_map_click(START_MAP, _choose_place)
        )


def _choose_place(kind: str, code: str) -> None:
    if kind in {DEVICE, "qpv"}:
        change(lieu=f"{kind}:{code}", choisi="")
