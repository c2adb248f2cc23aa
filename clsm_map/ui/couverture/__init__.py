"""The page *Couverture*: who is covered, by what, since when; and what its views share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.analysis.coverage import Coverage
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.domain.territories import Territory, split_key
from clsm_map.exports.export import DataFormat, export_data
from clsm_map.maps.around import widened
from clsm_map.maps.carte import status_legend
from clsm_map.maps.component import read_click, render_map
from clsm_map.maps.drawing import draw
from clsm_map.maps.legend import device_entries
from clsm_map.maps.model import Target
from clsm_map.store.snapshot import Scale
from clsm_map.store.territories import bounds
from clsm_map.ui import data, filters
from clsm_map.ui.furniture import card, download, legend, sheet_link, sources
from clsm_map.ui.state import change
from clsm_map.ui.takeaway import link_of
from clsm_map.views import questions
from clsm_map.views.carte import qpv_card
from clsm_map.views.coverage import wide_enough
from clsm_map.views.gap_lists import card_lines
from clsm_map.views.view import Map, View

WIDE: Final = ("france", "region", "departement", "epci")
_FILES: Final[tuple[tuple[str, DataFormat], ...]] = (
    ("CSV pour Excel", "csv"),
    ("GeoJSON", "geojson"),
)


def wide_field(selection: Selection, key: str = "couverture_territoire") -> tuple[Territory, bool]:
    """Draw the search field of wide territories; give the one shown, and whether it is wider."""
    asked = data.desk().territory(selection)
    where = wide_enough(data.snapshot(), asked)
    filters.territory_field(selection, WIDE, key=key, shown=where.nom)
    return where, where != asked


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


def choose_row(key: str, code: str) -> None:
    """Select the QPV of a row of a list: the map of that key goes to it."""
    st.session_state[f"{key}_cible"] = code
    change(choisi=f"qpv:{code}")


def focus_of(selection: Selection, key: str, here: Hashable) -> str:
    """Give the QPV a map goes to: that of the last row chosen, until the place changes."""
    if st.session_state.get(f"{key}_lieu") != here or not selection.choisi:
        st.session_state[f"{key}_lieu"] = here
        st.session_state.pop(f"{key}_cible", None)
    focus: str = st.session_state.get(f"{key}_cible", "")
    return focus


def draw_map(
    selection: Selection, asked: Map, focus: str, *, key: str, height: int, scale: Scale = "local"
) -> None:
    """Draw the map of a list, around the QPV that it has gone to."""
    extent = widened(bounds(data.snapshot(), Territory("qpv", focus, ""))) if focus else None
    drawn = draw(
        data.desk(),
        asked,
        scale=scale,
        extent=extent,
        near=focus,
        selected=target(chosen_qpv(selection)),
        tiles=selection.fond,
    )
    render_map(drawn, key=key, height=height, on_click=on_map_click(key, choose_qpv))


def draw_legends(
    asked: Map, title: str, devices_title: str = "Sièges et périmètres dessinés"
) -> None:
    """Draw the legend of the QPV of a map of coverage, and that of its perimeters."""
    desk, selection = data.desk(), asked.selection
    legend(title, status_legend(questions.quartiers_kept(desk, selection)))
    devices = questions.devices_on(desk, selection.type, desk.day(selection))
    drawn = device_entries({devices.type: devices.states}, devices.seat_only)
    legend(devices_title, drawn)


def draw_sources(view: View) -> None:
    """Fold the sources of a list and of its map, that of the devices last."""
    quartiers, devices, *others = view.sources
    sources(quartiers, *others, devices)


def chosen_card(
    selection: Selection, where: Territory, coverage: Coverage, gaps: pd.DataFrame, key: str
) -> None:
    """Draw the card of the QPV selected, with what the list adds, its sheet and a way out."""
    code = chosen_qpv(selection)
    if not code:
        return
    kept = questions.quartiers_in(data.desk(), where, selection.type, coverage.on)
    found = qpv_card(kept, coverage, code)
    if found is None:
        return
    lines = card_lines(gaps, code, selection.type)
    card(found.title, found.where, (*found.rows[:1], *lines, *found.rows[1:]))
    sheet_link(selection, selection.choisi)
    st.button("Fermer la fiche", key=key, type="tertiary", on_click=change, kwargs={"choisi": ""})


def take_away(selection: Selection, name: str, statuses: Sequence[str] = ()) -> None:
    """Draw the files of what a view shows, of these statuses only, and the link to take away."""
    kept = replace(selection, filtre=QpvFilter(statuts=tuple(statuses)))
    desk = data.desk()
    with st.container(horizontal=True, gap="small"):
        for label, fmt in _FILES:
            write = partial(export_data, desk, "couverture", fmt, kept)
            download(label, f"{name}.{fmt}", write, key=f"{name}_{fmt}")
        with st.popover("Copier le lien"):
            st.markdown(
                "Ce lien ouvre exactement cette vue : lieu, rayon, dispositif, date, quartier "
                "choisi. Le bouton au bout de la ligne le copie."
            )
            st.code(link_of(selection, "couverture"), language=None, wrap_lines=True)
