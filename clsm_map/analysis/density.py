"""Active devices recorded per 100,000 inhabitants, by territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import ACTIVE
from clsm_map.analysis.scope import level_codes

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage

PER: Final = 100_000


def density(coverage: Coverage, level: str, populations: pd.DataFrame) -> pd.DataFrame:
    """Compute active devices recorded per 100,000 inhabitants.

    ``100 000 × active devices that touch the territory / its municipal population``. A device
    touches a territory when its perimeter holds one of its communes or names one of its QPV;
    where its perimeter is not known, its seat lies there (the commune of its seat, else its
    département, which no EPCI can be told from). It counts whole in each territory
    that it touches, so that the counts of territories do not add up to the national one.

    The register is an extract: zero means that none is *recorded*. Captions must say so.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    level : str
        ``region``, ``departement``, ``epci`` or ``france``.
    populations : DataFrame
        ``code, population`` of the territories of that level.

    Returns
    -------
    DataFrame
        ``code, valeur, statut`` (``disponible``; ``manquant`` where the population is not known),
        plus ``dispositifs`` (the count), one row per row of ``populations``.
    """
    touched = touched_territories(coverage, level)
    counts = touched.groupby("code")["dispositif_id"].nunique()
    dispositifs = populations["code"].map(counts).fillna(0).astype("int64")
    known = populations["population"] > 0
    valeur = (PER * dispositifs / populations["population"].where(known)).astype("float64")
    return pd.DataFrame(
        {
            "code": populations["code"],
            "valeur": valeur,
            "statut": np.where(known, "disponible", "manquant"),
            "dispositifs": dispositifs,
        }
    ).reset_index(drop=True)


def touched_territories(coverage: Coverage, level: str) -> pd.DataFrame:
    """List the territories of a level that each active device touches.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    level : str
        ``region``, ``departement``, ``epci`` or ``france``.

    Returns
    -------
    DataFrame
        ``dispositif_id, code``, without duplicates.
    """
    ground = coverage.ground
    active = coverage.devices.loc[coverage.devices["role"] == ACTIVE]
    units = ground.units.assign(territoire=level_codes(ground.units, level))
    qpv = ground.qpv.assign(territoire=level_codes(ground.qpv, level))
    outside = qpv.merge(ground.outside, left_on="code", right_on="qpv")
    by_commune = pd.concat(
        [
            units[["code", "territoire"]].set_axis(["commune", "territoire"], axis=1),
            outside[["commune", "territoire"]],
        ]
    )

    unlocated = active.loc[~active["perimetre_connu"], "id"]
    seats = ground.dispositifs.loc[ground.dispositifs["id"].isin(unlocated)]
    by_seat = seats[["id", "commune_siege", "departement"]].rename(columns={"id": "dispositif_id"})
    by_seat = by_seat.merge(by_commune, left_on="commune_siege", right_on="commune", how="left")
    if level in {"departement", "region", "france"}:
        held = units.drop_duplicates("departement").set_index("departement")["territoire"]
        by_seat["territoire"] = by_seat["territoire"].fillna(by_seat["departement"].map(held))
    rows = pd.concat(
        [
            ground.perimeters.merge(by_commune, on="commune"),
            ground.named.merge(qpv[["code", "territoire"]], left_on="qpv", right_on="code"),
            by_seat,
        ]
    )
    rows = rows.loc[rows["dispositif_id"].isin(active["id"]), ["dispositif_id", "territoire"]]
    return (
        rows.dropna()
        .drop_duplicates()
        .rename(columns={"territoire": "code"})
        .reset_index(drop=True)
    )
