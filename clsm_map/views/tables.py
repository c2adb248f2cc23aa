"""Tables as people read them: French column names, the same rows as the map."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.listing import device_names
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.indicators import VALUE_STATUSES
from clsm_map.domain.terms import EVOLUTIONS
from clsm_map.views.choropleth import Choropleth
from clsm_map.views.indicators import RESERVES
from clsm_map.views.quartiers import Quartiers


def value_rows(coloured: Choropleth, classes: Sequence[str]) -> pd.DataFrame:
    """Give the territories coloured, one row each.

    Parameters
    ----------
    classes : sequence of str
        Labels of the classes, as the legend writes them.

    Returns
    -------
    pandas.DataFrame
        Columns ``Code, Territoire``, the indicator with the decimals it is published with,
        ``Classe, Donnée, À savoir``.
    """
    frame, indicator = coloured.frame, coloured.indicator
    return pd.DataFrame(
        {
            "Code": frame["code"],
            "Territoire": frame["nom"],
            indicator.libelle_court: frame["valeur"].astype(float).round(indicator.decimales),
            "Classe": [classes[c] if c >= 0 else "" for c in frame["classe"]],
            "Donnée": frame["statut"].map(VALUE_STATUSES),
            "À savoir": frame["reserve"].map(RESERVES).fillna(""),
        }
    )


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
            "Pauvreté 2021 (%)": frame["pauvrete"].round(),
            "Emploi (%)": frame["emploi"],
            "Périmètre": frame["evolution"].map(EVOLUTIONS),
        }
    )
