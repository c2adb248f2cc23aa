"""GeoPackage: one layer by table, with its style and its metadata, so that QGIS draws it."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.geojson import metadata
from clsm_map.exports.geometry import interchange, multi
from clsm_map.exports.styles import qml, sld
from clsm_map.exports.table import Content, Mentions
from clsm_map.table import Table

STYLES_TABLE: Final = "layer_styles"
_STYLES_SQL: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)
"""


def geopackage_bytes(content: Content) -> bytes:
    """Write every table that has shapes as a layer.

    Returns
    -------
    bytes
        EPSG:4326. Table ``layer_styles`` holds the QML and the SLD of each layer; title, sources
        and cautions are in ``gpkg_metadata``. The same bytes for the same content.

    Raises
    ------
    InvalidInputError
        No table has shapes.
    """
    tables = [t for t in content.tables if t.shapes is not None]
    if not tables:
        raise InvalidInputError("Ce tableau n’a pas de contours : choisissez csv ou xlsx.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        for table in tables:
            _write_layer(path, table, content.mentions)
        with closing(sqlite3.connect(path)) as base:
            _write_styles(base, tables, content.mentions)
            _fix_dates(base, content.mentions)
        return path.read_bytes()


def _write_layer(path: Path, table: Table, mentions: Mentions) -> None:
    frame = table.geo()
    shapes = multi(interchange(frame.geometry.to_numpy()))
    kind = "Point" if _points(table) else "MultiPolygon"
    said = metadata(mentions) | {"titre": table.title}
    texts = {
        key.upper(): value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in said.items()
    }
    labels = json.dumps({c.name: c.label for c in table.columns}, ensure_ascii=False)
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=4326),
        path,
        layer=table.name,
        driver="GPKG",
        geometry_type=kind,
        append=path.exists(),
        layer_metadata={**texts, "COLONNES": labels},
        layer_options={"IDENTIFIER": table.title, "DESCRIPTION": _description(mentions)},
    )


def _description(mentions: Mentions) -> str:
    sources = " ; ".join(f"{s.figures} : {s.producteur}, {s.millesime}" for s in mentions.sources)
    cautions = [f"{s.figures} : {s.prudence}" for s in mentions.sources if s.prudence]
    return f"{sources}. {' '.join((*mentions.prudences, *cautions))}"


def _points(table: Table) -> bool:
    shapes = pd.Series(table.shapes, dtype=object).dropna()
    return bool(len(shapes)) and isinstance(shapes.iloc[0], shapely.Point)


def _write_styles(base: sqlite3.Connection, tables: list[Table], mentions: Mentions) -> None:
    stamp = _stamp(mentions)
    with base:
        base.execute(_STYLES_SQL)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
            "VALUES (?, 'attributes', ?, ?)",
            (STYLES_TABLE, STYLES_TABLE, stamp),
        )
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, 'geom', 'clsm-map', ?, ?, 1, ?, '', ?)",
            [
                (
                    table.name,
                    qml(table.look, points=_points(table)),
                    sld(table.look, table.name, points=_points(table)),
                    table.title,
                    stamp,
                )
                for table in tables
                if table.look is not None
            ],
        )


def _fix_dates(base: sqlite3.Connection, mentions: Mentions) -> None:
    """Write the day of the export where GDAL wrote the time of the clock."""
    stamp = _stamp(mentions)
    with base:
        base.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
        base.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (stamp,))
    base.execute("VACUUM")


def _stamp(mentions: Mentions) -> str:
    return f"{mentions.etabli_le.isoformat()}T00:00:00.000Z"
