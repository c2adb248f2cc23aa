"""Lists in GeoJSON and GeoPackage: attributes as columns, geometries as perimeters."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import tempfile
from collections.abc import Iterator, Mapping
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
from clsm_map.register.table import Cell, LineError, Row, Table, bounded, check_headers, refusal
from clsm_map.register.wording import listing

_EPSG: Final = re.compile(r"EPSG\W{1,3}(?:[\d.]*:)?(\d{4,6})", re.IGNORECASE)
_SQLITE: Final = b"SQLite format 3\0"


def read_geojson(content: bytes, nom: str) -> Table:
    """Read a GeoJSON file, in the projection it declares (WGS 84 otherwise, as RFC 7946 says).

    Returns one row per feature, numbered from 1; geometries in WGS 84, longitude first.
    """
    text, _ = decode(content, nom)
    if not text.strip():
        raise refusal(f"« {nom} » est vide : il n'y a rien à lire.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal(
            f"« {nom} » n'est pas un GeoJSON lisible : le texte est incomplet ou abîmé.", str(error)
        ) from error
    features = _features(document, nom)
    crs = _declared_crs(document, nom)
    headers = list(dict.fromkeys(str(key) for f in features for key in _properties(f)))
    table_headers = _checked(headers, nom)
    errors: list[LineError] = []

    def rows() -> Iterator[Row]:
        for rank, feature in enumerate(features, start=1):
            geometry = _shape(feature.get("geometry"), rank, errors)
            if geometry is not None and crs is not None:
                geometry = gpd.GeoSeries([shapely.force_2d(geometry)], crs=crs).to_crs(4326).iloc[0]
            if geometry is not None:
                _refuse_metres(geometry, rank, nom)
            own = _properties(feature)
            yield Row(rank, tuple(_plain(own.get(h)) for h in headers), geometry)

    said = (
        (f"Le fichier déclare la projection {_title(crs)} : ses contours y sont lus",)
        if crs is not None
        else ()
    )
    return Table(nom, table_headers, bounded(rows(), nom), tuple(errors), said)


def read_geopackage(content: bytes, nom: str) -> Table:
    """Read the first layer of a GeoPackage, in whatever projection it declares.

    Returns one row per feature, numbered from 1; geometries in WGS 84.
    """
    if not content.startswith(_SQLITE) or content[68:71] not in {b"GPK", b"GP1"}:
        raise refusal(
            f"« {nom} » porte un nom de GeoPackage mais n'en est pas un. Dans QGIS : « Exporter », "
            "« Sauvegarder les entités sous… », format GeoPackage."
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.gpkg"
        path.write_bytes(content)
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
            frame = pyogrio.read_dataframe(path, layer=layers[0]) if layers else None
        except (RuntimeError, GEOSException, ValueError, OSError) as error:
            raise refusal(f"« {nom} » est un GeoPackage abîmé.", str(error)) from error
    if frame is None:
        raise refusal(f"« {nom} » ne contient aucune couche.")
    geometries = _in_wgs84(frame, nom)
    attributes = frame.drop(columns="geometry", errors="ignore")
    headers = _checked([str(h) for h in attributes.columns], nom)
    values = zip(*(attributes[c].tolist() for c in attributes.columns), strict=True)
    rows = (
        Row(rank, tuple(_plain(v) for v in row), geometry)
        for rank, (row, geometry) in enumerate(zip(values, geometries, strict=True), start=1)
    )
    informations = []
    if len(layers) > 1:
        informations.append(
            f"Seule la couche « {layers[0]} » est lue ; les autres ne le sont pas : "
            f"{listing(layers[1:])}"
        )
    return Table(nom, headers, bounded(rows, nom), (), tuple(informations))


def _features(document: object, nom: str) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        if document.get("type") == "Feature":
            return [document]
        listed = document.get("features")
        if document.get("type") == "FeatureCollection" and isinstance(listed, list):
            features = [f for f in listed if isinstance(f, dict)]
            if features and len(features) == len(listed):
                return features
            raise refusal(
                f"« {nom} » ne contient aucune entité : il n'y a rien à lire."
                if not listed
                else f"« {nom} » contient des entités qui n'en sont pas."
            )
    raise refusal(f"« {nom} » n'est pas un GeoJSON : une « FeatureCollection » est attendue.")


def _checked(headers: list[str], nom: str) -> tuple[str, ...]:
    if not headers:
        raise refusal(f"Les entités de « {nom} » n'ont aucun attribut : ni nom, ni type.")
    return check_headers([" ".join(h.split()) or "?" for h in headers], alone=True)


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    own = feature.get("properties")
    return own if isinstance(own, dict) else {}


def _plain(value: object) -> Cell:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, (str, int, float, bool, dt.date)):
        return value
    if isinstance(value, list):
        return ";".join(str(v) for v in value)
    return str(value)


def _shape(geometry: object, rank: int, errors: list[LineError]) -> BaseGeometry | None:
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (GEOSException, ValueError, TypeError) as error:
        errors.append(
            LineError(
                rank, "géométrie", str(error)[:80], "Le contour de cette entité est illisible."
            )
        )
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
        raise refusal(
            _PROJECTED.format(nom=nom, what=f"déclare une projection inconnue : {name[:120]}")
        )
    return None if crs.to_epsg() == 4326 else crs


def _title(crs: CRS) -> str:
    return f"EPSG:{crs.to_epsg()} ({crs.name})"


def _refuse_metres(geometry: BaseGeometry, rank: int, nom: str) -> None:
    west, south, east, north = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    if all(math.isfinite(c) for c in (west, south, east, north)) and (
        max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    ):
        return
    lambert = 0 < west < 1_300_000 and 6_000_000 < south < 7_200_000
    seen = f"({west:.0f} ; {south:.0f}) à l'entité {rank}"
    what = (
        f"est en Lambert-93 (EPSG:2154) : coordonnées {seen}"
        if lambert
        else f"n'est pas en longitudes et latitudes : coordonnées {seen}"
    )
    raise refusal(_PROJECTED.format(nom=nom, what=what))


_PROJECTED: Final = (
    "« {nom} » {what}. Un GeoJSON qui n'en déclare pas d'autre est en WGS 84 (EPSG:4326, longitude "
    "puis latitude). "
    "Dans QGIS : « Exporter », « Sauvegarder les entités sous… », SCR « EPSG:4326 - WGS 84 » ; ou "
    "choisissez le format GeoPackage, qui garde sa projection."
)


def _in_wgs84(frame: pd.DataFrame, nom: str) -> list[BaseGeometry | None]:
    if not isinstance(frame, gpd.GeoDataFrame):
        return [None] * len(frame)
    if frame.crs is None:
        raise refusal(
            f"La couche de « {nom} » ne dit pas sa projection. Définissez-la dans QGIS "
            "(propriétés de la couche, SCR), puis exportez de nouveau."
        )
    flat = gpd.GeoSeries(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    return list(flat.to_crs(4326))
