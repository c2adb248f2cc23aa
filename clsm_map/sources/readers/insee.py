"""Official files of Insee: Filosofi by commune, and QPV of the 2015 geography."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from clsm_map.domain.errors import SourceError
from clsm_map.sources.readers.french_csv import CONFIDENTIAL, french_numbers, read_french_csv

FILOSOFI: Final[dict[str, str]] = {"MED21": "niveau_de_vie_median", "TP6021": "taux_pauvrete"}


def read_filosofi(content: bytes) -> pd.DataFrame:
    """Read Filosofi by commune.

    Parameters
    ----------
    content : bytes
        ``cc_filosofi_2021_COM.csv``: ``s`` marks statistical secrecy.

    Returns
    -------
    pandas.DataFrame
        Long: code, indicateur (a value of `FILOSOFI`), valeur (float), statut (disponible,
        secret, manquant).

    Raises
    ------
    SourceError
        A column is absent.
    """
    raw = read_french_csv(content)
    absent = sorted({"CODGEO", *FILOSOFI} - set(raw.columns))
    if absent:
        raise SourceError(f"Le fichier Filosofi n'a pas les colonnes {', '.join(absent)}.")
    parts = []
    for column, name in FILOSOFI.items():
        values = french_numbers(raw[column])
        secret = raw[column] == CONFIDENTIAL
        status = np.select([values.notna(), secret], ["disponible", "secret"], "manquant")
        parts.append(
            pd.DataFrame(
                {"code": raw["CODGEO"], "indicateur": name, "valeur": values, "statut": status}
            )
        )
    return pd.concat(parts, ignore_index=True)


def read_qpv_2015(content: bytes) -> pd.DataFrame:
    """Read a table of QPV of the 2015 geography (``QP…``).

    Parameters
    ----------
    content : bytes
        ``DEMO_2022.csv``, ``IPRO_2022.csv`` or ``REVN_2022.csv``.

    Returns
    -------
    pandas.DataFrame
        CODGEO and LIBGEO as text, notes (``NOTE_…``) and names (``LIB_…``) as text, every other
        column as floats. These QPV are not those of 2024: never mix the two.

    Raises
    ------
    SourceError
        The file is not about QPV of the 2015 geography.
    """
    raw = read_french_csv(content)
    if "CODGEO" not in raw or not raw["CODGEO"].str.fullmatch(r"QP(?:\d{3}|02[AB])\d{3}").all():
        raise SourceError("Le fichier ne décrit pas les quartiers de la géographie de 2015.")
    return pd.DataFrame(
        {name: raw[name] if _is_text(str(name)) else french_numbers(raw[name]) for name in raw}
    )


def _is_text(name: str) -> bool:
    """Whether a column holds codes, names or notes."""
    return name.startswith(("CODGEO", "LIB", "NOTE"))
