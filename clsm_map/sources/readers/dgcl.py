"""DGCL criteria of the allocations to communes (critères de répartition), 2020 to 2022."""

from __future__ import annotations

import io
from typing import Final

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from clsm_map.domain.errors import SourceError

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

    Parameters
    ----------
    content : bytes
        A ``criteres_repartition_<year>.csv`` member.

    Returns
    -------
    pandas.DataFrame
        code, nom, epci of the year (str), and floats: population (Insee, inhabitants),
        population_dgf, superficie (ha), potentiel (euros), potentiel_par_habitant, logements
        (subject to the taxe d'habitation), logements_sociaux, beneficiaires (of housing benefits,
        dependants included), revenu (euros), revenu_par_habitant, indice_dsu, population_qpv
        (inhabitants). NaN where the producer writes "nd" (collectivités d'outre-mer).

    Raises
    ------
    SourceError
        A column is absent.
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
