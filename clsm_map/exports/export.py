"""One door to the exports: what, in which format, for which selection."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Literal, get_args

from clsm_map.desk import Desk
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.contents.carte import carte_content, choropleth_table
from clsm_map.exports.contents.coverage import coverage_content
from clsm_map.exports.contents.devices import device_content
from clsm_map.exports.contents.indicators import indicator_content
from clsm_map.exports.contents.qpv import qpv_content
from clsm_map.exports.contents.territories import territory_content
from clsm_map.exports.geographic import geojson_bytes, geopackage_bytes, geoparquet_bytes
from clsm_map.exports.offline import offline_page
from clsm_map.exports.plate import plate_of
from clsm_map.exports.table import Content
from clsm_map.exports.tables import csv_bytes, xlsx_bytes
from clsm_map.table import Table
from clsm_map.views.view import View, view_of

What = Literal[
    "qpv", "communes", "epci", "departements", "dispositifs", "couverture", "indicateurs", "carte",
]  # fmt: skip
DataFormat = Literal["csv", "xlsx", "geojson", "gpkg", "parquet"]
MapFormat = Literal["png", "svg", "html"]
Format = DataFormat | MapFormat

WHATS: Final[tuple[What, ...]] = get_args(What)
DATA_FORMATS: Final[tuple[DataFormat, ...]] = get_args(DataFormat)
MAP_FORMATS: Final[tuple[MapFormat, ...]] = get_args(MapFormat)
SCREEN_DPI: Final = 144
PRINT_DPI: Final = 300
FORMATS: Final[tuple[Format, ...]] = (*DATA_FORMATS, *MAP_FORMATS)
_CONTENTS: Final[dict[What, Callable[[Desk, Selection], Content]]] = {
    "qpv": qpv_content,
    "communes": lambda desk, selection: territory_content(desk, selection, "commune"),
    "epci": lambda desk, selection: territory_content(desk, selection, "epci"),
    "departements": lambda desk, selection: territory_content(desk, selection, "departement"),
    "dispositifs": device_content,
    "couverture": coverage_content,
    "indicateurs": indicator_content,
    "carte": carte_content,
}
_MAPS: Final[Mapping[What, str]] = {"carte": "carte", "couverture": "couverture.carte"}
"""View whose map is drawn."""


_WRITERS: Final[dict[DataFormat, Callable[[Content], bytes]]] = {
    "csv": csv_bytes,
    "xlsx": xlsx_bytes,
    "geojson": geojson_bytes,
    "gpkg": geopackage_bytes,
    "parquet": geoparquet_bytes,
}

_ASKED: Final = Selection()
_ASIDE: Final = (
    "fond", "choisi", "sujet", "vue", "tri", "mesure", "janvier", "etude", "projet",
)  # fmt: skip
"""Fields that no export reads: what is clicked, sorted, studied or planned on a page."""
_COLOURED: Final = ("indicateur", "annee", "classes", "n", "seuils", "palette", "couches")
"""Fields that colour a map: coverage has its own colours."""


def asked_of(what: str, selection: Selection, today: dt.date) -> Selection:
    """Keep what an export depends on, dated: the rest must not change its bytes.

    Its query opens the same view in the application.
    """
    aside = (*_ASIDE, *(_COLOURED if what == "couverture" else ("lieu", "rayon")))
    usual = {name: getattr(_ASKED, name) for name in aside}
    kept = replace(selection, date=selection.date or today, **usual)
    if what != "couverture":
        return kept
    if kept.lieu:
        return replace(kept, territoire=FRANCE.key, niveau=_ASKED.niveau)
    return replace(kept, rayon=_ASKED.rayon, vue="territoire")


def content_of(desk: Desk, what: What, selection: Selection) -> Content:
    """Gather the rows, the sources and the cautions of an export."""
    return _CONTENTS[what](desk, selection)


def export(
    desk: Desk, what: What, fmt: Format, selection: Selection, dpi: int = SCREEN_DPI
) -> bytes:
    """Write an export: what a page gives and what the command writes.

    Parameters
    ----------
    fmt : Format
        ``png``, ``svg`` and ``html`` for ``carte`` and ``couverture`` only.
    selection : Selection
        When it names a place, ``couverture`` is what lies around it.
    dpi : int, optional
        Dots by inch of a PNG.

    Returns
    -------
    bytes
        The same for the same data, selection and day.

    Raises
    ------
    InvalidInputError
        Nothing answers the selection, or there is no map of it.
    """
    match fmt:
        case "png" | "svg" | "html":
            return _export_map(desk, what, fmt, asked_of(what, selection, desk.today), dpi)
        case _:
            return export_data(desk, what, fmt, selection)


def file_name(what: What, fmt: Format, selection: Selection) -> str:
    """Name the file of an export: ``clsm-map_qpv_region-84_clsm.csv``.

    >>> file_name("qpv", "csv", Selection(territoire="region:84"))
    'clsm-map_qpv_region-84_clsm.csv'
    """
    around = selection.lieu if what == "couverture" else ""
    place = re.sub(r"[^0-9A-Za-z.-]", "-", around or selection.territoire)
    return f"clsm-map_{what}_{place}_{selection.type.lower()}.{fmt}"


def _export_map(desk: Desk, what: What, fmt: MapFormat, selection: Selection, dpi: int) -> bytes:
    if what not in _MAPS:
        raise InvalidInputError(
            f"Il n’y a pas d’image de « {what} » : demandez carte ou couverture, ou un format "
            f"parmi {', '.join(DATA_FORMATS)}."
        )
    around = what == "couverture" and selection.lieu
    view = view_of(desk, "couverture.autour" if around else _MAPS[what], selection)
    plate = plate_of(desk, view)
    if fmt == "html":
        return offline_page(plate, _twins(desk, what, selection, view), desk.static)
    from clsm_map.exports.picture.layout import picture  # noqa: PLC0415 - matplotlib is slow to load

    return picture(plate, desk.static, fmt, dpi)


def _twins(desk: Desk, what: What, selection: Selection, view: View) -> tuple[Table, ...]:
    """Give the tables that say what a map draws: territories coloured, then QPV."""
    coloured = (choropleth_table(desk, selection),) if what == "carte" else ()
    shown = what != "carte" or "qpv" in selection.couches
    return (*coloured, *(t for t in view.tables if shown and t.name == "qpv"))


def export_data(desk: Desk, what: What, fmt: DataFormat, selection: Selection) -> bytes:
    """Write an export of data.

    Returns
    -------
    bytes
        The same for the same data, selection and day.

    Raises
    ------
    InvalidInputError
        Nothing answers the selection.
    """
    content = content_of(desk, what, asked_of(what, selection, desk.today))
    if content.main.frame.empty:
        raise InvalidInputError(
            "Rien ne répond à cette sélection : élargissez le territoire, ou retirez un filtre."
        )
    return _WRITERS[fmt](content)
