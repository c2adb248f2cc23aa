"""What a change of register does to coverage: before, after, difference."""

from __future__ import annotations

import pandas as pd

from clsm_map.analysis.coverage import Coverage, status_counts
from clsm_map.domain.devices import STATUSES


def coverage_change(before: Coverage, after: Coverage) -> pd.DataFrame:
    """Compare two coverages of France by the same type, status by status.

    Returns
    -------
    pandas.DataFrame
        Columns ``Statut, Avant, Après, Écart, Habitants
        (RP 2020)`` (difference of known inhabitants), one
        row per status that either has.
    """
    old, new = (
        status_counts(c.status, c.ground.qpv).set_index("statut")[["qpv", "habitants"]]
        for c in (before, after)
    )
    labels = {i: s.label.capitalize() for i, s in STATUSES.items()}
    table = pd.DataFrame(
        {
            "Statut": [labels[i] for i in old.index],
            "Avant": old["qpv"].to_numpy(),
            "Après": new["qpv"].to_numpy(),
            "Écart": (new["qpv"] - old["qpv"]).to_numpy(),
            "Habitants (RP 2020)": (new["habitants"] - old["habitants"]).to_numpy(),
        }
    )
    return table[(table["Avant"] > 0) | (table["Après"] > 0)].reset_index(drop=True)
