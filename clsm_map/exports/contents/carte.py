"""The current map as data: the territories coloured, the QPV and the devices drawn over them."""

from __future__ import annotations

from dataclasses import replace

from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.exports.contents.columns import (
    WITHOUT_VALUE,
    class_look,
    indicator_columns,
    indicator_frame,
    reserve_column,
    reserve_words,
)
from clsm_map.exports.contents.devices import device_rows, device_tables
from clsm_map.exports.contents.qpv import qpv_table
from clsm_map.exports.contents.territories import NAMES, shapes_of
from clsm_map.exports.mentions import indicator_source, mentions, qpv_sources, table_source
from clsm_map.exports.table import Content
from clsm_map.formats import date_fr
from clsm_map.maps.carte import class_look as map_class_look
from clsm_map.table import Column, Table
from clsm_map.views import questions
from clsm_map.views.captions import year_words


def carte_content(desk: Desk, selection: Selection) -> Content:
    """Give the rows of the map, layer by layer.

    Returns
    -------
    Content
        First the territories coloured (the table twin of the map), then the layers shown: QPV
        kept, perimeters and seats of devices.
    """
    territory, coverage = desk.territory(selection), desk.covered(selection)
    coloured = questions.coloured(desk, selection)
    tables = [choropleth_table(desk, selection)]
    when = f"au {date_fr(coverage.on)}"
    if "qpv" in selection.couches:
        kept = questions.quartiers_kept(desk, selection)
        title = f"Quartiers prioritaires, {territory.nom} : couverture {coverage.type} {when}"
        tables.append(qpv_table(desk, selection, kept, title))
    for layer in questions.devices_shown(desk, selection):
        of_type = desk.coverage(layer.type, desk.day(selection))
        rows = device_rows(desk.snapshot, of_type, territory, shown_only=True)
        tables += device_tables(layer, rows, f"{layer.type} recensés, {territory.nom}, {when}")
    sources = [
        indicator_source(desk.snapshot, coloured.indicator, coloured.year, coloured.scope.level),
        table_source(desk.snapshot, "communes", "Contours"),
        *qpv_sources(desk.snapshot),
    ]
    said = mentions(desk, selection, territory, coloured.title, sources)
    if coloured.scope.notice:
        said = replace(said, prudences=(coloured.scope.notice, *said.prudences))
    return Content(tuple(tables), said)


def choropleth_table(desk: Desk, selection: Selection) -> Table:
    """Write the territories of a map with their value and their class."""
    coloured = questions.coloured(desk, selection)
    level, indicator = coloured.scope.level, coloured.indicator
    labels, colours = map_class_look(selection, coloured)
    frame = coloured.frame
    words = frame["statut"].map(WITHOUT_VALUE)
    classes = frame["classe"].map(dict(enumerate(labels))).fillna(words)
    rows = frame[["code", "nom"]].join(indicator_frame(indicator.id, frame["code"], frame))
    columns = (
        Column("code", "Code"),
        Column("nom", LEVEL_LABELS[level][0].capitalize()),
        *indicator_columns(indicator, coloured.year),
        Column("classe", "Classe de la carte"),
        reserve_column(indicator),
    )
    title = coloured.title + year_words(indicator, coloured.year)
    shapes = shapes_of(desk.snapshot, level, coloured.territory, frame["code"])
    return Table(
        NAMES[level],
        title,
        columns,
        rows.assign(classe=classes, a_savoir=reserve_words(indicator, frame["reserve"])),
        shapes,
        class_look(labels, colours),
    )
