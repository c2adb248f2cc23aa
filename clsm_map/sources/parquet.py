"""The one way in which tables of the snapshot are written: same rows, same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

ZSTD_LEVEL: Final = 15


def write_table(frame: pd.DataFrame, path: Path, row_groups: tuple[str, ...] = ()) -> None:
    """Write a table as Parquet, or GeoParquet 1.1 when it has a ``geometry`` column.

    Parameters
    ----------
    frame : pandas.DataFrame
        Already sorted; geometry in WGS 84.
    row_groups : tuple of str, optional
        Columns of which each combination gets its own row group, so that a reader that filters on
        them reads nothing else.
    """
    spatial = "geometry" in frame
    content = frame.drop(columns="geometry") if spatial else frame
    table = pa.Table.from_pandas(content, preserve_index=False)
    metadata: dict[str, str] = {}
    if spatial:
        shapes = frame["geometry"].to_numpy()
        table = table.append_column("geometry", pa.array(shapely.to_wkb(shapes), pa.binary()))
        metadata["geo"] = json.dumps(_geo(shapes), sort_keys=True)
    table = table.replace_schema_metadata(None)
    names = [name for name in table.column_names if name != "geometry"]
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=names,
        write_statistics=names,
        version="2.6",
        data_page_version="1.0",
        store_schema=False,
    ) as writer:
        for start, stop in _bounds(frame, row_groups):
            writer.write_table(table.slice(start, stop - start), row_group_size=stop - start)
        if metadata:
            writer.add_key_value_metadata(metadata)


def _bounds(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[int, int]]:
    """First and last row (excluded) of each run of equal values."""
    if not columns or frame.empty:
        return [(0, len(frame))] if len(frame) else []
    keys = frame[list(columns)].astype(object)
    changed = (keys != keys.shift()).any(axis=1).to_numpy()
    starts = np.flatnonzero(changed).tolist()
    return list(zip(starts, [*starts[1:], len(frame)], strict=True))


def _geo(shapes: Any) -> dict[str, Any]:
    """GeoParquet metadata of a column of polygons."""
    kinds = {3: "Polygon", 6: "MultiPolygon"}
    found = sorted({kinds[int(kind)] for kind in set(shapely.get_type_id(shapes))})
    column = {
        "encoding": "WKB",
        "geometry_types": found,
        "bbox": [float(bound) for bound in shapely.total_bounds(shapes)],
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
