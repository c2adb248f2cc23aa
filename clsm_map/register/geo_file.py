"""Lists in GeoJSON and GeoPackage: attributes as columns, geometries as perimeters."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from clsm_map.register.csv_file import decode
from clsm_map.register.table import Cell, LineError, Row, Table, bounded, check_headers
from clsm_map.register.vocabulary import listing, refusal, say

_EPSG: Final = re.compile(r"EPSG\W{1,3}(?:[\d.]*:)?(\d{4,6})", re.IGNORECASE)
_SQLITE: Final = b"SQLite format 3\0"


def read_geojson(content: bytes, nom: str) -> Table:
    """Read a GeoJSON file, in the projection it declares (WGS 84 otherwise, as RFC 7946 says).

    One row per feature, numbered from 1; geometries in WGS 84, longitude first. Coordinates in
    metres without a projection (Lambert-93, …) are refused.
    """
    text, _ = decode(content, nom)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal("geojson_abime", str(error), nom=nom) from error
    features = _features(document, nom)
    crs = _declared_crs(document, nom)
    properties = [p if isinstance(p := f.get("properties"), dict) else {} for f in features]
    headers = list(dict.fromkeys(str(key) for own in properties for key in own))
    titles = _checked(headers, nom)
    errors: list[LineError] = []
    shapes = [_shape(f.get("geometry"), rank, errors) for rank, f in enumerate(features, start=1)]
    placed = _in_wgs84(shapes, crs)
    for rank, geometry in enumerate(placed, start=1):
        if geometry is not None:
            _refuse_metres(geometry, rank, nom)
    values = [tuple(own.get(h) for h in headers) for own in properties]
    said = []
    if crs is not None:
        said.append(say("projection_lue", projection=f"EPSG:{crs.to_epsg()} ({crs.name})"))
    return Table(nom, titles, _rows(values, placed, nom), tuple(errors), tuple(said))


def read_geopackage(content: bytes, nom: str) -> Table:
    """Read the first layer of a GeoPackage, in whatever projection it declares.

    One row per feature, numbered from 1; geometries in WGS 84.
    """
    if not content.startswith(_SQLITE) or content[68:71] not in {b"GPK", b"GP1"}:
        raise refusal("pas_un_geopackage", nom=nom)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.gpkg"
        path.write_bytes(content)
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
            frame = pyogrio.read_dataframe(path, layer=layers[0]) if layers else None
        except (RuntimeError, GEOSException, ValueError, OSError) as error:
            raise refusal("geopackage_abime", str(error), nom=nom) from error
    if frame is None:
        raise refusal("aucune_couche", nom=nom)
    geometries: Sequence[BaseGeometry | None] = [None] * len(frame)
    if isinstance(frame, gpd.GeoDataFrame):
        if frame.crs is None:
            raise refusal("sans_projection", nom=nom)
        geometries = _in_wgs84(frame.geometry.to_numpy(), frame.crs)
    attributes = frame.drop(columns="geometry", errors="ignore")
    headers = _checked([str(h) for h in attributes.columns], nom)
    values = list(zip(*(attributes[c].tolist() for c in attributes.columns), strict=True))
    said = []
    if len(layers) > 1:
        said.append(say("couche_lue", titre=layers[0], autres=listing(layers[1:])))
    return Table(nom, headers, _rows(values, geometries, nom), (), tuple(said))


def _rows(
    values: Sequence[Sequence[object]], geometries: Sequence[BaseGeometry | None], nom: str
) -> tuple[Row, ...]:
    pairs = enumerate(zip(values, geometries, strict=True), start=1)
    rows = (Row(rank, tuple(_plain(v) for v in own), shape) for rank, (own, shape) in pairs)
    return bounded(rows, nom)


def _features(document: object, nom: str) -> list[dict[str, Any]]:
    if not isinstance(document, dict):
        raise refusal("pas_un_geojson", nom=nom)
    if document.get("type") == "Feature":
        return [document]
    listed = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(listed, list):
        raise refusal("pas_un_geojson", nom=nom)
    if not listed:
        raise refusal("aucune_entite", nom=nom)
    if not all(isinstance(f, dict) for f in listed):
        raise refusal("fausses_entites", nom=nom)
    return listed


def _checked(headers: list[str], nom: str) -> tuple[str, ...]:
    if not headers:
        raise refusal("aucun_attribut", nom=nom)
    return check_headers([" ".join(h.split()) or "?" for h in headers], alone=True)


def _plain(value: object) -> Cell:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, (str, int, float, bool, dt.date)):
        return value
    return ";".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _shape(geometry: object, rank: int, errors: list[LineError]) -> BaseGeometry | None:
    try:
        return None if geometry is None else shapely.from_geojson(json.dumps(geometry))
    except (GEOSException, ValueError, TypeError) as error:
        errors.append(LineError(rank, "géométrie", str(error)[:80], say("contour_illisible")))
        return None


def _declared_crs(document: Mapping[str, Any], nom: str) -> CRS | None:
    """Give the projection of the ``crs`` member of older GeoJSON, None when it is WGS 84."""
    declared = document.get("crs")
    name = json.dumps(declared) if declared else ""
    if not name or "CRS84" in name:
        return None
    code = _EPSG.search(name)
    try:
        crs = CRS.from_epsg(int(code[1])) if code else None
    except CRSError:
        crs = None
    if crs is None:
        what = f"déclare une projection inconnue : {name[:120]}"
        raise refusal("projection", nom=nom, quoi=what)
    return None if crs.to_epsg() == 4326 else crs


def _in_wgs84(
    shapes: Sequence[BaseGeometry | None], crs: CRS | None
) -> Sequence[BaseGeometry | None]:
    """Lay shapes flat and project them to WGS 84; as they are when they declare no other."""
    if crs is None:
        return shapes
    return list(gpd.GeoSeries(shapely.force_2d(shapes), crs=crs).to_crs(4326))


def _refuse_metres(geometry: BaseGeometry, rank: int, nom: str) -> None:
    west, south, east, north = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    if all(math.isfinite(c) for c in (west, south, east, north)) and (
        max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    ):
        return
    lambert = 0 < west < 1_300_000 and 6_000_000 < south < 7_200_000
    what = "en Lambert-93 (EPSG:2154)" if lambert else "pas en longitudes et latitudes"
    start = "est" if lambert else "n'est"
    seen = f"coordonnées ({west:.0f} ; {south:.0f}) à l'entité {rank}"
    raise refusal("projection", nom=nom, quoi=f"{start} {what} : {seen}")
