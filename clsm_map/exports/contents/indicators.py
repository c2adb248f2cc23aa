"""Every indicator of the territories of one level, one row by territory."""

from __future__ import annotations

from clsm_map.analysis.harvest import harvest_title
from clsm_map.desk import Desk
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.exports.contents.columns import indicator_columns, indicator_frame
from clsm_map.exports.contents.territories import (
    NAMES,
    coloured,
    density_coverage,
    holder_columns,
    rows_of,
    shapes_of,
)
from clsm_map.exports.mentions import indicator_source, mentions, territory_sources
from clsm_map.exports.table import Content
from clsm_map.table import Column, Table
from clsm_map.views.choropleth import density_type, indicator_values, indicators_of


def indicator_content(desk: Desk, selection: Selection) -> Content:
    """Give all the indicators published at the level of a selection.

    Parameters
    ----------
    selection : Selection
        Territory and level; the indicator chosen colours the rows.

    Returns
    -------
    Content
        Two columns by indicator: its value for the latest year, and whether there is one.

    Raises
    ------
    InvalidInputError
        No indicator is published at that level.
    """
    snapshot, territory = desk.snapshot, desk.territory(selection)
    level: MapLevel = selection.niveau
    offered = [i for i in indicators_of(snapshot).values() if level in i.niveaux]
    if not offered:
        raise InvalidInputError(f"Aucun indicateur n’est publié pour les {LEVEL_LABELS[level][1]}.")
    rows = rows_of(snapshot, level, territory)
    chosen = next((i for i in offered if i.id == selection.indicateur), offered[0])
    frame, look = coloured(desk, selection, chosen, level, rows)
    columns = [
        Column("code", "Code"),
        Column("nom", LEVEL_LABELS[level][0].capitalize()),
        *holder_columns(level),
        Column("population", "Population municipale (RP 2023)", "entier"),
    ]
    sources = []
    for indicator in offered:
        years = snapshot.years(indicator.id, level) if indicator.id in snapshot.indicators else ()
        year = max(years, default=None)
        columns += indicator_columns(indicator, year)
        sources.append(indicator_source(snapshot, indicator, year, level))
        counted = density_coverage(desk, selection, indicator)
        values = indicator_values(snapshot, counted, indicator.id, level, year)
        frame = frame.drop(columns=[indicator.id, f"{indicator.id}_statut"], errors="ignore")
        frame = frame.join(indicator_frame(indicator.id, frame["code"], values))
    columns.append(Column("classe", f"Classe : {chosen.libelle_court}"))
    columns.append(Column("a_savoir", f"À savoir : {chosen.libelle_court}", note=chosen.prudence))
    title = f"Indicateurs, {territory.nom} ({LEVEL_LABELS[level][1]})"
    if density_type(chosen.id):
        title = harvest_title(title, density_coverage(desk, selection, chosen), territory)
    shapes = shapes_of(snapshot, level, territory, frame["code"])
    table = Table(f"indicateurs_{NAMES[level]}", title, tuple(columns), frame, shapes, look)
    sources += territory_sources(snapshot)
    return Content((table,), mentions(desk, selection, territory, title, sources))
