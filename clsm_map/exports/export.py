"""One door to the exports of data: what, in which format, for which selection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, get_args

from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Selection
from clsm_map.exports.contents.carte import carte_content
from clsm_map.exports.contents.coverage import coverage_content
from clsm_map.exports.contents.devices import device_content
from clsm_map.exports.contents.indicators import indicator_content
from clsm_map.exports.contents.qpv import qpv_content
from clsm_map.exports.contents.territories import territory_content
from clsm_map.exports.csv_file import csv_bytes
from clsm_map.exports.desk import Desk
from clsm_map.exports.geojson import geojson_bytes
from clsm_map.exports.geopackage import geopackage_bytes
from clsm_map.exports.geoparquet import geoparquet_bytes
from clsm_map.exports.table import Content
from clsm_map.exports.xlsx import xlsx_bytes

What = Literal[
    "qpv",
    "communes",
    "epci",
    "departements",
    "dispositifs",
    "couverture",
    "indicateurs",
    "carte",
]
DataFormat = Literal["csv", "xlsx", "geojson", "gpkg", "parquet"]

WHATS: Final[tuple[What, ...]] = get_args(What)
DATA_FORMATS: Final[tuple[DataFormat, ...]] = get_args(DataFormat)

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
_WRITERS: Final[dict[DataFormat, Callable[[Content], bytes]]] = {
    "csv": csv_bytes,
    "xlsx": xlsx_bytes,
    "geojson": geojson_bytes,
    "gpkg": geopackage_bytes,
    "parquet": geoparquet_bytes,
}


def content_of(desk: Desk, what: What, selection: Selection) -> Content:
    """Gather the rows, the sources and the cautions of an export.

    Parameters
    ----------
    desk : Desk
    what : What
    selection : Selection

    Returns
    -------
    Content
    """
    return _CONTENTS[what](desk, selection)


def export_data(desk: Desk, what: What, fmt: DataFormat, selection: Selection) -> bytes:
    """Write an export of data: what a page gives and what the command writes.

    Parameters
    ----------
    desk : Desk
    what : What
    fmt : DataFormat
    selection : Selection

    Returns
    -------
    bytes
        The same for the same data, selection and day.

    Raises
    ------
    InvalidInputError
        Nothing answers the selection.
    """
    content = content_of(desk, what, selection)
    if content.main.frame.empty:
        raise InvalidInputError(
            "Rien ne répond à cette sélection : élargissez le territoire, ou retirez un filtre."
        )
    return _WRITERS[fmt](content)
