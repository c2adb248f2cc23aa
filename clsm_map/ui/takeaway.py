"""« Emporter » : what can be taken away from a page, at the same place on every page.

Files are written when their button is clicked, by the very functions that the command line calls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal
from urllib.parse import urlencode, urlsplit

import streamlit as st

from clsm_map.domain.selection import MAP_LEVELS, QpvFilter, Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.export import (
    PRINT_DPI,
    SCREEN_DPI,
    Format,
    What,
    export,
    file_name,
)
from clsm_map.maps.escape import html_text
from clsm_map.ui import data
from clsm_map.ui.furniture import File, downloads
from clsm_map.ui.presentation import add_to_deck
from clsm_map.views.coverage import wide_enough

Page = Literal["carte", "couverture", "inegalites", "planifier", "programme", "fiche"]

_PICTURES: Final[tuple[tuple[str, Format, int], ...]] = (
    ("PNG, écran", "png", SCREEN_DPI),
    ("PNG, 300 dpi", "png", PRINT_DPI),
    ("SVG", "svg", SCREEN_DPI),
    ("Page hors ligne", "html", SCREEN_DPI),
)
_TABLES: Final[tuple[tuple[str, Format], ...]] = (
    ("CSV pour Excel", "csv"),
    ("Excel", "xlsx"),
    ("GeoJSON", "geojson"),
    ("GeoPackage", "gpkg"),
    ("GeoParquet", "parquet"),
)
_WAITING: Final = (
    '<p class="source attente" role="status"><span>Un fichier s’écrit au clic\u00a0: quelques '
    "secondes pour les plus lourds.</span><span>Le fichier se prépare…</span></p>"
)
"""What is said of files, at rest and while one is written (the style sheet shows one of them)."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a page offers: its map as a picture, its tables with their names, files of its own.

    ``drawn`` gives the selection that the files are of, where the page does not follow the whole;
    the link keeps it as it is, with the parameters ``own`` to the page that are not empty.
    """

    page: Page
    picture: What | None = None
    picture_title: str = "La carte en image"
    tables: Mapping[What, str] = field(default_factory=dict)
    others: Sequence[File] = ()
    others_title: str = "Ce que montre la page"
    drawn: Callable[[Selection], Selection] = lambda selection: selection
    own: Mapping[str, str] = field(default_factory=dict)


def take_away(selection: Selection, kit: Kit) -> None:
    """Draw the button, and what it opens."""
    with st.container(key="emporter"), st.popover("Emporter", type="tertiary"):
        _content(selection, kit)


@st.fragment
def _content(selection: Selection, kit: Kit) -> None:
    """Draw what the button opens: choosing a table there runs nothing else of the page."""
    shown = kit.drawn(selection)
    with st.container(gap="small", key="emporter_corps"):
        if kit.picture is not None:
            _title(kit.picture_title)
            downloads(picture_files(shown, kit.picture), "emporter_image")
        if kit.others:
            _title(kit.others_title)
            downloads(kit.others, "emporter_propres")
        if kit.tables:
            _title("Les données affichées")
            what = _table_field(kit.tables)
            downloads(table_files(shown, what), f"emporter_table_{what}")
        add_to_deck(selection, kit.page)
        _title("Le lien de cette vue")
        st.code(link_of(selection, kit.page, kit.own), language=None, wrap_lines=True)
        st.html(_WAITING)


def picture_files(selection: Selection, what: What) -> tuple[File, ...]:
    """List the pictures of the map of a selection."""
    return tuple(_file(label, what, fmt, selection, dpi) for label, fmt, dpi in _PICTURES)


def table_files(selection: Selection, what: What) -> tuple[File, ...]:
    """List the tables and layers of a selection."""
    return tuple(_file(label, what, fmt, selection) for label, fmt in _TABLES)


def _file(label: str, what: What, fmt: Format, selection: Selection, dpi: int = SCREEN_DPI) -> File:
    name = file_name(what, fmt, selection)
    if dpi != SCREEN_DPI:
        name = name.replace(f".{fmt}", f"_{dpi}dpi.{fmt}")
    return File(label, name, partial(export, data.desk(), what, fmt, selection, dpi))


def link_of(selection: Selection, page: str, own: Mapping[str, str] | None = None) -> str:
    """Write the address that opens this very view, from any page of the application."""
    here = urlsplit(st.context.url or "")
    root = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    address = f"{root}{here.path.rstrip('/').rpartition('/')[0]}/{page}"
    kept = {name: value for name, value in (own or {}).items() if value}
    query = urlencode(selection.to_query() | kept, safe=":,")
    return f"{address}?{query}" if query else address


def _table_field(tables: Mapping[What, str]) -> What:
    names = list(tables)
    if len(names) == 1:
        return names[0]
    chosen = st.segmented_control(
        "Les données affichées",
        names,
        default=names[0],
        format_func=tables.__getitem__,
        key="emporter_quoi_" + "_".join(names),
        required=True,
        label_visibility="collapsed",
    )
    return chosen or names[0]


def _title(text: str) -> None:
    st.html(f'<h3 class="emporter">{html_text(text)}</h3>')


CARTE: Final = Kit(
    "carte",
    "carte",
    tables={
        "carte": "Carte",
        "qpv": "Quartiers",
        "dispositifs": "Dispositifs",
        "indicateurs": "Indicateurs",
    },
)


def coverage_kit(selection: Selection) -> Kit:
    """Give the kit of the view of *Couverture* that is open."""
    if selection.vue == "registre":
        return Kit("couverture", tables={"dispositifs": "Dispositifs"}, drawn=_everywhere)
    around = selection.vue == "autour" and selection.lieu
    return Kit(
        "couverture",
        "couverture",
        tables={
            "couverture": "Quartiers à rejoindre" if around else "Quartiers",
            "dispositifs": "Dispositifs",
        },
        drawn=_covered,
    )


def _everywhere(selection: Selection) -> Selection:
    return replace(selection, territoire=FRANCE.key, filtre=QpvFilter(), lieu="")


def _covered(selection: Selection) -> Selection:
    """Keep what a view of *Couverture* follows: it has no filter, and starts at the EPCI."""
    if selection.vue == "autour":
        return replace(_everywhere(selection), lieu=selection.lieu)
    where = wide_enough(data.snapshot(), data.desk().territory(selection))
    shown = replace(_everywhere(selection), territoire=where.key)
    if selection.vue == "evolution":
        today = data.desk().today
        first = dt.date(selection.janvier or today.year, 1, 1)
        return replace(shown, date=min(first, today))
    return shown


def _studied(selection: Selection) -> Selection:
    """Follow the level that *Inégalités* compares, where maps have it."""
    level = next((lv for lv in MAP_LEVELS if lv == selection.etude.echelon), selection.niveau)
    return replace(selection, niveau=level)


INEGALITES: Final = Kit("inegalites", tables={"indicateurs": "Indicateurs"}, drawn=_studied)


def _planned(selection: Selection) -> Selection:
    return replace(selection, filtre=QpvFilter(), lieu="")


PLANIFIER: Final = Kit(
    "planifier",
    "couverture",
    "La situation d’aujourd’hui en image",
    tables={"couverture": "Quartiers", "epci": "Intercommunalités", "dispositifs": "Dispositifs"},
    drawn=_planned,
)
