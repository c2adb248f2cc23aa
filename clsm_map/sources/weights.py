"""What QPV weigh in each territory: how many, and how many inhabitants."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from clsm_map.domain.territories import FRANCE
from clsm_map.sources.mergers import Changes
from clsm_map.sources.sums import strict_sum
from clsm_map.sources.territories import Territories

COUNT: Final = "nombre_qpv"
PEOPLE: Final = "population_qpv_2024"
VERSION_YEAR: Final = 2026
"""Year of the version of the list of QPV."""
CENSUS_YEAR: Final = 2020
"""Year of the population of QPV."""


def qpv_weights(
    qpv: pd.DataFrame, qpv_communes: pd.DataFrame, territories: Territories, changes: Changes
) -> pd.DataFrame:
    """Count the QPV of each territory, and their inhabitants where none is missing.

    Parameters
    ----------
    qpv : pandas.DataFrame
        code, communes, epci, intercommunalite, departement, region, population.
    qpv_communes : pandas.DataFrame
        qpv, commune.

    Returns
    -------
    pandas.DataFrame
        niveau, code, indicateur, annee, valeur, statut. A QPV counts once in each territory that
        it touches; its inhabitants cannot be split and count in the one that the register gives
        it. Inhabitants are missing as soon as those of one QPV are.
    """
    touched = _touched(qpv, qpv_communes, territories, changes)
    held = {
        "epci": pd.concat([_link(qpv, "epci"), _link(qpv, "intercommunalite")]),
        "departement": _link(qpv, "departement"),
        "region": _link(qpv, "region"),
    }
    codes = {
        "commune": territories.communes_all["code"],
        "arrondissement": territories.arrondissements["code"],
        "epci": pd.concat([territories.epci["code"], territories.ept["code"]]),
        "departement": territories.departements["code"],
        "region": territories.regions["code"],
        "france": pd.Series([FRANCE.code]),
    }
    people = qpv.set_index("code")["population"]
    parts = []
    for level, known in codes.items():
        pairs = touched[level].dropna().drop_duplicates()
        count = pairs.groupby("unit").size().reindex(known.to_numpy(), fill_value=0)
        parts.append(_rows(count.astype(float), level, COUNT, VERSION_YEAR))
        if level in held:
            own = held[level].dropna().drop_duplicates()
            total = strict_sum(own["code"].map(people), own["unit"]).reindex(known.to_numpy())
            total[~total.index.isin(own["unit"])] = 0.0
            parts.append(_rows(total, level, PEOPLE, CENSUS_YEAR))
    return pd.concat(parts, ignore_index=True)


def _touched(
    qpv: pd.DataFrame, qpv_communes: pd.DataFrame, territories: Territories, changes: Changes
) -> dict[str, pd.DataFrame]:
    """Pairs of a QPV (code) and a territory that it touches (unit), by level."""
    named = qpv[["code"]].assign(unit=qpv["communes"].str.split(";")).explode("unit")
    named["unit"] = named["unit"].str.strip().map(changes.today)
    communes = territories.communes_all.set_index("code")
    above = [
        named.assign(unit=named["unit"].map(communes[c])) for c in ("epci", "intercommunalite")
    ]
    return {
        "commune": named,
        "arrondissement": qpv_communes.rename(columns={"qpv": "code", "commune": "unit"}),
        "epci": pd.concat([*above, _link(qpv, "epci"), _link(qpv, "intercommunalite")]),
        "departement": _link(qpv, "departement"),
        "region": _link(qpv, "region"),
        "france": qpv[["code"]].assign(unit=FRANCE.code),
    }


def _link(qpv: pd.DataFrame, column: str) -> pd.DataFrame:
    """Pairs of a QPV and the territory that the register gives it."""
    return qpv[["code", column]].rename(columns={column: "unit"})


def _rows(values: pd.Series, level: str, indicator: str, year: int) -> pd.DataFrame:
    """Rows of a count."""
    return pd.DataFrame(
        {
            "niveau": level,
            "code": values.index.astype(str),
            "indicateur": indicator,
            "annee": year,
            "valeur": values.to_numpy(),
            "statut": np.where(values.isna(), "manquant", "disponible"),
        }
    )
