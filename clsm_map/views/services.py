"""Which devices hold which QPV, whatever their state."""

from __future__ import annotations

import pandas as pd

from clsm_map.analysis.ground import Ground


def device_qpv(ground: Ground) -> pd.DataFrame:
    """Link every device to the QPV that its perimeter holds, in whole or in part.

    Returns
    -------
    pandas.DataFrame
        ``dispositif_id, qpv, habitants`` (RP 2020, NaN when not published), without duplicates,
        sorted.
    """
    by_commune = ground.perimeters.merge(ground.qpv_communes[["qpv", "commune"]], on="commune")
    pairs = pd.concat(
        [by_commune[["dispositif_id", "qpv"]], ground.named[["dispositif_id", "qpv"]]]
    )
    pairs = pairs.drop_duplicates().sort_values(["dispositif_id", "qpv"], ignore_index=True)
    people = ground.qpv.set_index("code")["population"]
    return pairs.assign(habitants=pairs["qpv"].map(people))
