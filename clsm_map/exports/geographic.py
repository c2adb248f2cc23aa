"""Tables as geographic files: GeoJSON, GeoPackage with its styles, GeoParquet; all in WGS 84."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from clsm_map.domain.devices import Mark
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.table import Content, Mentions
from clsm_map.table import Category, Look, Table

METADATA_KEY: Final = b"clsm_map"
STYLES_TABLE: Final = "layer_styles"
_DECIMALS: Final = 6
"""Digits of the degrees: about 10 cm, far below what the contours know."""
_CRS84: Final = "urn:ogc:def:crs:OGC::CRS84"
_STYLES_SQL: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)
"""
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SLD_SPACES: Final = {
    "xmlns": "http://www.opengis.net/sld", "xmlns:ogc": "http://www.opengis.net/ogc",
}  # fmt: skip
_MM_PER_PIXEL: Final = 25.4 / 96
_BRUSHES: Final[dict[Mark, tuple[str, str]]] = {
    "hachures": ("f_diagonal", "#ffffff"),
    "points": ("dense5", "#ffffff"),
    "croix": ("diagonal_x", "#ffffff"),
    "date": ("dense6", "#ffffff"),
    "sans_date": ("horizontal", "#ffffff"),
    "secret": ("b_diagonal", "#9a9a98"),
    "absent": ("dense6", "#b9b5ac"),
}
"""Brush of QGIS and its colour, laid over the fill, for each mark that has one."""


def _shapes(table: Table) -> NDArray[Any]:
    """Turn outer rings counter-clockwise (RFC 7946, 3.1.6) and drop the digits beyond the known.

    Raises
    ------
    InvalidInputError
        The table has no shape.
    """
    if table.shapes is None:
        raise InvalidInputError("Ce tableau n’a pas de contours : choisissez csv ou xlsx.")
    rounded = shapely.transform(table.shapes, lambda xy: np.round(xy, _DECIMALS))
    return np.asarray(shapely.orient_polygons(rounded), dtype=object)


def _metadata(mentions: Mentions) -> dict[str, Any]:
    """Give title, dates, sources and cautions as plain values."""
    return {
        "titre": mentions.titre,
        "situation": mentions.situation.isoformat(),
        "etabli_le": mentions.etabli_le.isoformat(),
        "sources": [asdict(s) for s in mentions.sources],
        "prudences": list(mentions.prudences),
        "vue": dict(mentions.vue),
    }


def _labels(table: Table) -> dict[str, str]:
    return {c.name: c.label for c in table.columns}


def geojson_bytes(content: Content) -> bytes:
    """Write the main table as a feature collection (RFC 7946).

    Each feature has its code as ``id``; ``bbox`` is that of all; ``metadata``, a foreign member
    (6.1), tells the columns, the sources and the cautions.

    Raises
    ------
    InvalidInputError
        The table has no shape.
    """
    table = content.main
    shapes = _shapes(table)
    values = table.values()
    rows = values.astype(object).where(values.notna(), None).to_dict("records")
    features = [
        {
            "type": "Feature",
            "id": row["code"],
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
            "properties": row,
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    known = shapes[~pd.isna(shapes)]
    box = [round(float(v), _DECIMALS) for v in shapely.total_bounds(known)] if len(known) else None
    collection = {
        "type": "FeatureCollection",
        "name": table.name,
        **({"bbox": box} if box else {}),
        "metadata": _metadata(content.mentions) | {"crs": _CRS84, "colonnes": _labels(table)},
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def geoparquet_bytes(content: Content) -> bytes:
    """Write the main table as GeoParquet 1.1: typed columns, contours as WKB.

    The schema metadata hold, under ``clsm_map`` and as JSON, titles, sources, cautions and the
    labels of the columns.

    Raises
    ------
    InvalidInputError
        The table has no shape.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to load

    table = content.main
    frame = gpd.GeoDataFrame(table.values(), geometry=_shapes(table), crs=4326)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, write_covering_bbox=True, schema_version="1.1.0")
    written = pq.read_table(buffer)
    said = _metadata(content.mentions) | {"colonnes": _labels(table)}
    own = {METADATA_KEY: json.dumps(said, ensure_ascii=False).encode()}
    out = io.BytesIO()
    schema = {**(written.schema.metadata or {}), **own}
    pq.write_table(written.replace_schema_metadata(schema), out, compression="zstd")
    return out.getvalue()


def geopackage_bytes(content: Content) -> bytes:
    """Write every table that has shapes as a layer, with its style, so that QGIS draws it.

    Table ``layer_styles`` holds the QML and the SLD of each layer; title, sources and cautions are
    in ``gpkg_metadata``. The same bytes for the same content.

    Raises
    ------
    InvalidInputError
        No table has shapes.
    """
    tables = [t for t in content.tables if t.shapes is not None] or [content.main]
    stamp = f"{content.mentions.etabli_le.isoformat()}T00:00:00.000Z"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        for table in tables:
            _write_layer(path, table, content.mentions)
        with closing(sqlite3.connect(path)) as base:
            with base:
                _write_styles(base, tables, stamp)
                # GDAL wrote the time of the clock: write the day of the export.
                base.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
                base.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (stamp,))
            base.execute("VACUUM")
        return path.read_bytes()


def _write_layer(path: Path, table: Table, mentions: Mentions) -> None:
    import pyogrio  # noqa: PLC0415 - GDAL: slow to load

    said = _metadata(mentions) | {"titre": table.title}
    texts = {
        key.upper(): value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in said.items()
    }
    labels = json.dumps(_labels(table), ensure_ascii=False)
    shapes = [_multi(shape) for shape in _shapes(table)]
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(table.values(), geometry=shapes, crs=4326),
        path,
        layer=table.name,
        driver="GPKG",
        geometry_type="Point" if _points(table) else "MultiPolygon",
        append=path.exists(),
        layer_metadata={**texts, "COLONNES": labels},
        layer_options={"IDENTIFIER": table.title, "DESCRIPTION": _description(mentions)},
    )


def _multi(shape: Any) -> Any:
    """Make a polygon a multipolygon, so that a layer holds one type; points stay."""
    if shape is None or isinstance(shape, shapely.Point):
        return shape
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon([p for p in parts if isinstance(p, shapely.Polygon)])


def _description(mentions: Mentions) -> str:
    sources = " ; ".join(f"{s.figures} : {s.producteur}, {s.millesime}" for s in mentions.sources)
    cautions = [f"{s.figures} : {s.prudence}" for s in mentions.sources if s.prudence]
    return f"{sources}. {' '.join((*mentions.prudences, *cautions))}"


def _points(table: Table) -> bool:
    shapes = pd.Series(table.shapes, dtype=object).dropna()
    return bool(len(shapes)) and isinstance(shapes.iloc[0], shapely.Point)


def _write_styles(base: sqlite3.Connection, tables: list[Table], stamp: str) -> None:
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
                _qml(table.look, points=_points(table)),
                _sld(table.look, table.name, points=_points(table)),
                table.title,
                stamp,
            )
            for table in tables
            if table.look is not None
        ],
    )


def _tag(name: str, attributes: dict[str, str] | None = None, *inside: ET.Element | str) -> Any:
    """Make an XML element of its attributes, its text or its children."""
    element = ET.Element(name, attributes or {})
    for child in inside:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


def _qml(look: Look, *, points: bool) -> str:
    """Write the style of a layer for QGIS 3: one category by value."""
    ranked = [(str(rank), category) for rank, category in enumerate(look.categories)]
    categories = [
        _tag("category", {"value": c.value, "label": c.value, "symbol": rank, "render": "true",
                          "type": "string"})
        for rank, c in ranked
    ]  # fmt: skip
    kind = "marker" if points else "fill"
    symbols = [
        _tag("symbol", {"type": kind, "name": rank, "alpha": "1"}, *_symbol(c, points=points))
        for rank, c in ranked
    ]
    renderer = _tag(
        "renderer-v2",
        {"type": "categorizedSymbol", "attr": look.column, "symbollevels": "0",
         "enableorderby": "0", "forceraster": "0"},
        _tag("categories", None, *categories),
        _tag("symbols", None, *symbols),
    )  # fmt: skip
    geometry = _tag("layerGeometryType", None, "0" if points else "2")
    root = _tag("qgis", {"version": "3.28.0", "styleCategories": "Symbology"}, renderer, geometry)
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _symbol(category: Category, *, points: bool) -> list[Any]:
    """Give the layers of the symbol of a category."""
    outline = {
        "outline_color": _rgba(category.stroke),
        "outline_style": _pen(category.dash),
        "outline_width": f"{category.width * _MM_PER_PIXEL:.2f}",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    if points:
        fill = category.fill if category.value == "actif" else "#ffffff"
        square = {"name": "square", "size": "2.4", "size_unit": "MM", "color": _rgba(fill)}
        return [_symbol_layer("SimpleMarker", square | outline)]
    hollow = category.mark == "anneau"
    colour = _rgba(category.fill, category.opacity * (0.22 if hollow else 1.0))
    layers = [_symbol_layer("SimpleFill", {"color": colour, "style": "solid", **outline})]
    if category.mark in _BRUSHES:
        style, ink = _BRUSHES[category.mark]
        brush = {"color": _rgba(ink, 0.9), "style": style, "outline_style": "no"}
        layers.append(_symbol_layer("SimpleFill", brush))
    return layers


def _symbol_layer(kind: str, properties: dict[str, str]) -> Any:
    options = [
        _tag("Option", {"type": "QString", "name": name, "value": value})
        for name, value in properties.items()
    ]
    old = [_tag("prop", {"k": k, "v": v}) for k, v in properties.items()]  # QGIS before 3.26
    told = {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    return _tag("layer", told, _tag("Option", {"type": "Map"}, *options), *old)


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _pen(dash: tuple[float, ...]) -> str:
    return "solid" if not dash else "dash" if dash[0] >= 3 else "dot"


def _sld(look: Look, name: str, *, points: bool) -> str:
    """Write the style of a layer as an OGC Styled Layer Descriptor 1.0.

    Fills and outlines, without the marks, which SLD cannot say portably.
    """
    rules = []
    for category in look.categories:
        equal = _tag(
            "ogc:PropertyIsEqualTo",
            None,
            _tag("ogc:PropertyName", None, look.column),
            _tag("ogc:Literal", None, category.value),
        )
        paint = _sld_paint(category)
        if points:
            mark = _tag("Mark", None, _tag("WellKnownName", None, "square"), *paint)
            drawn = _tag("Graphic", None, mark, _tag("Size", None, "9"))
            symbolizer = _tag("PointSymbolizer", None, drawn)
        else:
            symbolizer = _tag("PolygonSymbolizer", None, *paint)
        titles = (_tag(tag, None, category.value) for tag in ("Name", "Title"))
        rules.append(_tag("Rule", None, *titles, _tag("ogc:Filter", None, equal), symbolizer))
    style = _tag("UserStyle", None, _tag("FeatureTypeStyle", None, *rules))
    layer = _tag("NamedLayer", None, _tag("Name", None, name), style)
    root = _tag("StyledLayerDescriptor", _SLD_SPACES | {"version": "1.0.0"}, layer)
    return _XML + ET.tostring(root, encoding="unicode")


def _sld_paint(category: Category) -> tuple[Any, Any]:
    fill = {"fill": category.fill, "fill-opacity": f"{category.opacity:g}"}
    stroke = {"stroke": category.stroke, "stroke-width": f"{category.width:g}"}
    if category.dash:
        stroke["stroke-dasharray"] = " ".join(f"{d:g}" for d in category.dash)
    made = [
        _tag(tag, None, *(_tag("CssParameter", {"name": k}, v) for k, v in given.items()))
        for tag, given in (("Fill", fill), ("Stroke", stroke))
    ]
    return made[0], made[1]
