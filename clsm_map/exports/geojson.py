"""GeoJSON as RFC 7946 defines it: WGS 84 longitude and latitude, right-hand rule, box."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Final

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.geometry import DECIMALS, interchange
from clsm_map.exports.table import Content, Mentions

_CRS84: Final = "urn:ogc:def:crs:OGC::CRS84"


def geojson_bytes(content: Content) -> bytes:
    """Write the main table as a feature collection.

    Returns
    -------
    bytes
        UTF-8. Each feature has its code as ``id``; ``bbox`` is that of all; ``metadata``, a
        foreign member (RFC 7946, 6.1), tells the columns, the sources and the cautions.

    Raises
    ------
    InvalidInputError
        The table has no shape.
    """
    table = content.main
    if table.shapes is None:
        raise InvalidInputError("Ce tableau n’a pas de contours : choisissez csv ou xlsx.")
    shapes = interchange(table.shapes)
    values = table.values()
    rows = values.astype(object).where(values.notna(), None).to_dict("records")
    features = [
        {
            "type": "Feature",
            "id": row["code"],
            "geometry": None if shape is None else _geometry(shape),
            "properties": row,
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    known = shapes[~pd.isna(shapes)]
    box = [round(float(v), DECIMALS) for v in shapely.total_bounds(known)] if len(known) else None
    collection = {
        "type": "FeatureCollection",
        "name": table.name,
        **({"bbox": box} if box else {}),
        "metadata": metadata(content.mentions)
        | {"crs": _CRS84, "colonnes": {c.name: c.label for c in table.columns}},
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def metadata(mentions: Mentions) -> dict[str, Any]:
    """Give title, dates, sources and cautions as plain values.

    Returns
    -------
    dict
        ``titre, situation, etabli_le, sources, prudences, vue``.
    """
    return {
        "titre": mentions.titre,
        "situation": mentions.situation.isoformat(),
        "etabli_le": mentions.etabli_le.isoformat(),
        "sources": [dataclasses.asdict(s) for s in mentions.sources],
        "prudences": list(mentions.prudences),
        "vue": dict(mentions.vue),
    }


def _geometry(shape: BaseGeometry) -> dict[str, Any]:
    found: dict[str, Any] = shapely.geometry.mapping(shape)
    return found
