"""Facts that people keep under ``data/facts``: UTF-8 CSV, codes as text."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import shapely


def read_facts(content: bytes) -> pd.DataFrame:
    """Read a CSV of facts as strings.

    Parameters
    ----------
    content : bytes
        UTF-8, comma-separated, first line the header.

    Returns
    -------
    pandas.DataFrame
        Every column a string, missing where the cell is empty; ``NA`` and the like are text.
    """
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""])


def read_qpv(content: bytes) -> pd.DataFrame:
    """Read the quartiers prioritaires of the 2024 geography with their contours made valid.

    Parameters
    ----------
    content : bytes
        ``qpv_2024.csv``; contours in WGS 84, generalised at 20 m.

    Returns
    -------
    pandas.DataFrame
        The columns of the file, numbers as floats, and ``geometry`` (valid polygons).
    """
    frame = read_facts(content)
    numbers = ["surface_ha", "population_2020", "longitude", "latitude"]
    frame[numbers] = frame[numbers].astype(float)
    contours = shapely.from_wkt(frame["contour_wkt"].to_numpy(object))
    return frame.drop(columns="contour_wkt").assign(geometry=make_polygonal(contours))


def make_polygonal(geometries: np.ndarray) -> np.ndarray:
    """Make geometries valid and keep their polygons only.

    Returns
    -------
    ndarray of shapely geometries
        Valid Polygons or MultiPolygons, normalised. The lines and points that a repair leaves
        behind have no area and are dropped.
    """
    # The other method of GEOS, "structure", leaves some official contours empty.
    repaired = shapely.make_valid(geometries, method="linework")
    parts, owners = shapely.get_parts(repaired, return_index=True)
    while (mixed := shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        smaller, index = shapely.get_parts(parts[mixed], return_index=True)
        owners = np.concatenate([owners[~mixed], owners[mixed][index]])
        parts = np.concatenate([parts[~mixed], smaller])
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    groups = pd.Series(parts[areal]).groupby(owners[areal])
    polygonal = np.full(len(geometries), shapely.MultiPolygon(), dtype=object)
    for owner, polygons in groups:
        polygonal[owner] = (
            polygons.iloc[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons.tolist())
        )
    return shapely.normalize(polygonal)
