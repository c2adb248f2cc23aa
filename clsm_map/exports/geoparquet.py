"""GeoParquet: typed columns, contours as WKB, metadata beside the ``geo`` key of the format."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq

from clsm_map.exports.geojson import metadata
from clsm_map.exports.geometry import interchange
from clsm_map.exports.table import Content

METADATA_KEY = b"clsm_map"


def geoparquet_bytes(content: Content) -> bytes:
    """Write the main table as GeoParquet (OGC:CRS84 axis order, EPSG:4326).

    Returns
    -------
    bytes
        The file's schema metadata hold, under ``clsm_map``, the JSON of
        `clsm_map.exports.geojson.metadata` and the labels of the columns.

    Raises
    ------
    InvalidInputError
        The table has no shape.
    """
    frame = content.main.geo()
    frame = frame.set_geometry(interchange(frame.geometry.to_numpy()), crs=4326)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, write_covering_bbox=True, schema_version="1.1.0")
    table = pq.read_table(buffer)
    said = metadata(content.mentions) | {
        "colonnes": {c.name: c.label for c in content.main.columns}
    }
    own = {METADATA_KEY: json.dumps(said, ensure_ascii=False).encode()}
    out = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({**(table.schema.metadata or {}), **own}),
        out,
        compression="zstd",
    )
    return out.getvalue()
