"""Tables as people read them: French column names, the same rows as the map."""

from __future__ import annotations

import pandas as pd

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.listing import device_names
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.terms import EVOLUTIONS
from clsm_map.views.quartiers import Quartiers


def qpv_rows(quartiers: Quartiers, coverage: Coverage) -> pd.DataFrame:
    """Give the QPV kept, one row each.

    Returns
    -------
    pandas.DataFrame
        Columns ``Code, Quartier, Communes, Département, Couverture <type>, Dispositifs, Habitants
        (RP 2020), Pauvreté 2021 (%), Emploi (%), Périmètre``.
    """
    frame = quartiers.frame
    return pd.DataFrame(
        {
            "Code": frame["code"],
            "Quartier": frame["nom"],
            "Communes": frame["noms_communes"].str.replace(";", ", ", regex=False),
            "Département": frame["departement"],
            f"Couverture {coverage.type}": frame["statut"].map(
                {i: s.label for i, s in STATUSES.items()}
            ),
            "Dispositifs": [
                names.replace(";", ", ") for names in device_names(coverage, frame["dispositifs"])
            ],
            "Habitants (RP 2020)": frame["habitants"],
            "Pauvreté 2021 (%)": frame["pauvrete"],
            "Emploi (%)": frame["emploi"],
            "Périmètre": frame["evolution"].map(EVOLUTIONS),
        }
    )
