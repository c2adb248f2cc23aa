"""What the views of *Couverture* share: fields, files to take away, link, clicks on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.domain.terms import split_key
from clsm_map.domain.territories import Territory
from clsm_map.exports.export import DataFormat, export_data
from clsm_map.maps.around import widened, with_surroundings
from clsm_map.maps.component import read_click
from clsm_map.maps.model import Bounds, MapView, Target
from clsm_map.store.territories import bounds, find_territory
from clsm_map.ui import data
from clsm_map.ui.desk import visitor_desk
from clsm_map.ui.fiche_link import sheet_link
from clsm_map.ui.furniture import card
from clsm_map.ui.picker import pick_place
from clsm_map.ui.state import change, select, widget_key
from clsm_map.ui.takeaway import link_of
from clsm_map.views.carte import Card
from clsm_map.views.quartiers import departement_of_qpv

Lines = tuple[tuple[str, str], ...]

WIDE: Final = ("france", "region", "departement", "epci")
_FILES: Final[tuple[tuple[str, DataFormat, str], ...]] = (
    ("CSV pour Excel", "csv", "text/csv"),
    ("GeoJSON", "geojson", "application/geo+json"),
)


def territory_of(selection: Selection) -> Territory:
    """Give the territory of a selection."""
    level, code = split_key(selection.territoire)
    return find_territory(data.snapshot(), code, level)


def territory_field(selection: Selection, shown: str) -> Selection:
    """Draw the search field of wide territories."""
    choice = pick_place("Territoire", shown, WIDE, key="couverture_territoire")
    if choice and choice != selection.territoire:
        select(replace(selection, territoire=choice, choisi=""))
    return selection


def type_field(selection: Selection) -> Selection:
    """Draw the choice of device type alone."""
    kind = st.segmented_control(
        "Dispositif",
        DEVICE_TYPES,
        key=widget_key("type"),
        required=True,
        help=" · ".join(f"{k} : {v}" for k, v in DEVICE_NAMES.items()),
    )
    return replace(selection, type=kind or selection.type)


def on_map_click(key: str, act: Callable[[str, str], None]) -> Callable[[], None]:
    """Make the callback of a map: ``act`` gets the kind and the code of what was clicked."""

    def handle() -> None:
        click = read_click(st.session_state.get(key))
        if click is not None:
            act(click.kind, click.code)

    return handle


def choose_qpv(kind: str, code: str) -> None:
    """Select the QPV clicked on a map; anything else clears the selection."""
    change(choisi=f"qpv:{code}" if kind == "qpv" else "")


def chosen_qpv(selection: Selection) -> str:
    """Give the code of the QPV selected, or empty."""
    level, code = split_key(selection.choisi)
    return code if level == "qpv" else ""


def target(code: str) -> Target | None:
    """Give what a map outlines for a QPV code."""
    return Target("qpv", code) if code else None


def extent_of(code: str) -> Bounds:
    """Give the extent shown when the map goes to a QPV."""
    return widened(bounds(data.snapshot(), Territory("qpv", code, "")))


def gone_to(view: MapView, code: str) -> MapView:
    """Add the surroundings of the QPV that a map has gone to; nothing when it has gone to none."""
    if not code:
        return view
    departement = departement_of_qpv(data.snapshot(), code)
    return with_surroundings(view, data.library(), data.snapshot(), departement)


def chosen_card(selection: Selection, found: Card | None, lines: Lines, key: str) -> None:
    """Draw the card of the QPV selected, with what the list adds, its sheet and a way out."""
    if found is None:
        return
    card(found.title, found.where, (*found.rows[:1], *lines, *found.rows[1:]))
    sheet_link(selection, selection.choisi)
    st.button("Fermer la fiche", key=key, type="tertiary", on_click=change, kwargs={"choisi": ""})


def take_away(selection: Selection, name: str, statuses: Sequence[str] = ()) -> None:
    """Draw the files and the link to take away.

    Parameters
    ----------
    selection : Selection
        What the view shows.
    name : str
        Beginning of the names of the files.
    statuses : sequence of str, optional
        Statuses kept in the files.
    """
    kept = replace(selection, filtre=QpvFilter(statuts=tuple(statuses)))
    desk = visitor_desk()
    with st.container(horizontal=True, gap="small"):
        for label, fmt, mime in _FILES:
            st.download_button(
                label,
                data=partial(export_data, desk, "couverture", fmt, kept),
                file_name=f"{name}.{fmt}",
                mime=mime,
                on_click="ignore",
                key=f"{name}_{fmt}",
            )
        with st.popover("Copier le lien"):
            st.markdown(
                "Ce lien ouvre exactement cette vue : lieu, rayon, dispositif, date, quartier "
                "choisi. Le bouton au bout de la ligne le copie."
            )
            st.code(link_of(selection, "couverture"), language=None, wrap_lines=True)
