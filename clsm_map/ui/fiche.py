"""*Fiche territoire*: two pages about a territory or a device, on screen and to take away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from clsm_map.analysis.coverage import Coverage
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.exports.sheet import place_in_words, sheet_asked
from clsm_map.maps.around import sheet_map
from clsm_map.maps.component import render_map
from clsm_map.ui import data, fiche_files, filters
from clsm_map.ui import fiche_parts as parts
from clsm_map.ui.components import pick_place
from clsm_map.ui.furniture import legend, notice, page_title
from clsm_map.ui.state import select
from clsm_map.ui.takeaway import Kit, link_of, take_away
from clsm_map.views import questions
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.model import Sheet
from clsm_map.views.sheet.subject import SHEET_LEVELS, Subject

PLACES: Final = (DEVICE, *SHEET_LEVELS)
MAP_HEIGHT: Final = 520
_EXAMPLES: Final = (
    ("departement:93", "Un département\u00a0: la Seine-Saint-Denis"),
    ("commune:69259", "Une commune\u00a0: Vénissieux"),
    ("qpv:QN06909M", "Un quartier\u00a0: Terraillon – Chenier, à Bron et Vaulx-en-Velin"),
    ("dispositif:clsm-grenoble", "Un dispositif\u00a0: le CLSM de Grenoble"),
)


@dataclass(frozen=True, eq=False)
class Fiche:
    """A sheet and what it is about."""

    subject: Subject
    sheet: Sheet
    coverage: Coverage


def draw(selection: Selection) -> Selection:
    """Draw the page; give the selection that its controls make."""
    parts.style()
    found = _asked(selection)
    selection = _bar(selection, found)
    if found is None:
        _start()
        take_away(selection, Kit("fiche"))
        return selection
    _first_page(found)
    _second_page(found)
    files = fiche_files.files_of(selection, found.sheet, site_address())
    take_away(selection, Kit("fiche", others=files, others_title="La fiche, deux pages"))
    return selection


def _asked(selection: Selection) -> Fiche | None:
    """Build the sheet asked for; what cannot be is said, and nothing is shown."""
    asked = subject_of(selection)
    try:
        with st.spinner("Composition de la fiche…"):
            return fiche_of(selection, asked) if asked else None
    except (InvalidInputError, UnknownTerritoryError) as error:
        notice(error.message_fr)
        return None


def subject_of(selection: Selection) -> str:
    """Give what the sheet is about: what was asked for, else what the visitor selected."""
    wide = "" if selection.territoire == FRANCE.key else selection.territoire
    return selection.sujet or selection.choisi or wide or selection.lieu


def fiche_of(selection: Selection, asked: str) -> Fiche:
    """Build the sheet of a subject.

    Raises
    ------
    InvalidInputError
        Nothing answers, or it has no sheet.
    """
    desk, day = data.desk(), data.desk().day(selection)
    subject, sheet = sheet_asked(desk, asked, selection.type, day, site_address())
    return Fiche(subject, sheet, desk.coverage(sheet.type, day))


def site_address() -> str:
    """Give the address of the application, for the link that a sheet carries."""
    return link_of(Selection(), "fiche").removesuffix("/fiche")


def _bar(selection: Selection, found: Fiche | None) -> Selection:
    """Draw the slim bar: subject, type and date, files."""
    place, device, files = st.columns([6, 8, 6], vertical_alignment="bottom")
    with place:
        choice = pick_place(
            "Territoire ou dispositif",
            found.subject.nom if found else "",
            PLACES,
            key="fiche_sujet",
            placeholder="Quartier, commune, département, CLSM…",
        )
        if choice and choice != selection.sujet:
            select(replace(selection, sujet=choice))
    with device:
        selection = filters.device_controls(selection)
    if found is not None:
        with files:
            fiche_files.buttons(selection, found.sheet, site_address())
    return selection


def _start() -> None:
    """Say what the page gives, with examples."""
    page_title(
        "Fiche territoire",
        "Deux pages pour un élu\u00a0: qui dessert le territoire et depuis quand, ses habitants, "
        "cinq chiffres avec leur référence, puis tous les indicateurs, les voisins et les sources.",
    )
    st.markdown("Tapez un nom ci-dessus, ou ouvrez un exemple\u00a0:")
    for key, label in _EXAMPLES:
        st.page_link("pages/fiche.py", label=label, query_params={"sujet": key})


def _first_page(found: Fiche) -> None:
    sheet = found.sheet
    page_title(sheet.titre, " · ".join(t for t in (place_in_words(sheet), sheet.lieu) if t))
    parts.finding(sheet)
    left, right = st.columns([7, 5], gap="large")
    with left:
        _map(found)
    with right:
        parts.serving(sheet)
    parts.figures(sheet)


def _map(found: Fiche) -> None:
    level, kind = found.subject.level, found.sheet.type
    far = level in {"region", "departement"}
    devices = questions.devices_on(
        data.desk(), kind, found.coverage.on, "national" if far else "local"
    )
    view, entries = sheet_map(
        data.library(), data.snapshot(), found.coverage, found.subject, devices
    )
    render_map(view, key="fiche_carte", height=MAP_HEIGHT)
    legend(f"Quartiers prioritaires visibles et {kind} recensés", entries)


def _second_page(found: Fiche) -> None:
    sheet = found.sheet
    st.divider()
    parts.indicators(sheet)
    if split_key(sheet.key)[0] in {"departement", "region"}:
        parts.grid(sheet.dispositifs)
        parts.grid(sheet.voisins)
    else:
        left, right = st.columns(2, gap="large")
        with left:
            parts.grid(sheet.voisins)
        with right:
            parts.grid(sheet.dispositifs)
    parts.cautions_and_sources(sheet)
