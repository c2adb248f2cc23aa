"""The status of each QPV towards a type of device on a date."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import ACTIVE, NONE, PROJECT, TO_CHECK

LIST_SEPARATOR: Final = ";"
"""Between the device ids of one cell, as between the commune codes of a QPV."""

_BY_RANK: Final = [ACTIVE, PROJECT, TO_CHECK]


def qpv_status(
    qpv: pd.DataFrame,
    qpv_communes: pd.DataFrame,
    devices: pd.DataFrame,
    perimeters: pd.DataFrame,
    named: pd.DataFrame,
    complete: Collection[str] = (),
) -> pd.DataFrame:
    """Give the status of every QPV; the first that applies, in this order.

    1. ``couvert``: all its communes are in the union of the perimeters of active devices, or an
       active device names it;
    2. ``couvert_en_partie``: some of its communes are;
    3. ``en_projet``: none is, but a project holds one of its communes or names it;
    4. ``a_verifier``: nor that, but a device whose state on the date is not known does;
    5. ``sans_dispositif``: none of these, and the register is declared complete there;
    6. ``sans_dispositif_recense``: none of these. It is not the proof of an absence.

    ``part_couverte = communes covered / communes of the QPV``; in Paris, Lyon and Marseille, where
    its communes are the arrondissements that hold at least 10 % of its area, ``area in the covered
    ones / area in all of these``. 1 when an active device names the QPV.

    Parameters
    ----------
    qpv : DataFrame
        ``code``; one row per QPV.
    qpv_communes : DataFrame
        ``qpv, commune, part_surface`` (share of the QPV's area, missing outside Paris, Lyon and
        Marseille).
    devices : DataFrame
        As `clsm_map.analysis.activity.devices_on` gives them.
    perimeters : DataFrame
        ``dispositif_id, commune``: see `clsm_map.analysis.perimeters.unfold_perimeters`.
    named : DataFrame
        ``dispositif_id, qpv``: see `clsm_map.analysis.perimeters.named_qpv`.
    complete : collection of str
        QPV where the register is declared complete.

    Returns
    -------
    DataFrame
        In the order of ``qpv``: ``qpv, statut, part_couverte`` (0 to 1), ``dispositifs`` (ids of
        the devices that give the status, ``;`` between two, empty when none), ``a_preciser``
        (true when the status rests on a perimeter of which only the seat is known, and on no
        better one).
    """
    codes = pd.Index(qpv["code"], name="qpv")
    links = qpv_devices(qpv_communes, devices, perimeters, named)
    share = _covered_share(qpv_communes, links).reindex(codes).fillna(0.0).to_numpy()
    by_name = (links["role"] == ACTIVE) & links["commune"].isna()
    share = np.where(codes.isin(links.loc[by_name, "qpv"]), 1.0, share)

    touched = [codes.isin(links.loc[links["role"] == role, "qpv"]) for role in _BY_RANK]
    statut = np.select(
        [share >= 1.0, *touched, codes.isin(list(complete))],
        ["couvert", "couvert_en_partie", "en_projet", "a_verifier", "sans_dispositif"],
        default="sans_dispositif_recense",
    )
    giving = pd.Series(np.select(touched, _BY_RANK, default=""), index=codes, dtype="str")
    grounds = links.loc[links["role"].to_numpy() == giving.reindex(links["qpv"]).to_numpy()]
    grounds = grounds.drop_duplicates(["qpv", "dispositif_id"])
    return pd.DataFrame(
        {
            "qpv": codes,
            "statut": statut,
            "part_couverte": share,
            "dispositifs": _joined(grounds).reindex(codes, fill_value="").to_numpy(),
            "a_preciser": grounds.groupby("qpv")["a_preciser"]
            .all()
            .reindex(codes, fill_value=False)
            .to_numpy(),
        }
    )


def qpv_devices(
    qpv_communes: pd.DataFrame,
    devices: pd.DataFrame,
    perimeters: pd.DataFrame,
    named: pd.DataFrame,
) -> pd.DataFrame:
    """Link QPV to the devices that hold one of their communes, or that name them.

    Parameters
    ----------
    qpv_communes, devices, perimeters, named : DataFrame
        As for `qpv_status`.

    Returns
    -------
    DataFrame
        ``qpv, commune`` (missing when the QPV is named), ``dispositif_id, role, a_preciser``,
        sorted by device; devices that are nothing on the date are left out.
    """
    useful = devices.loc[devices["role"] != NONE, ["id", "role", "a_preciser"]]
    useful = useful.rename(columns={"id": "dispositif_id"})
    by_commune = qpv_communes[["qpv", "commune"]].merge(
        perimeters.merge(useful, on="dispositif_id"), on="commune"
    )
    by_name = named.merge(useful, on="dispositif_id")
    return pd.concat([by_commune, by_name], ignore_index=True).sort_values(
        ["qpv", "dispositif_id"], ignore_index=True
    )


def _covered_share(qpv_communes: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Share of each QPV that active devices hold; see `qpv_status` for the formula."""
    held = links.loc[links["role"] == ACTIVE, ["qpv", "commune"]].dropna()
    held = held.drop_duplicates().assign(held=True)
    rows = qpv_communes[["qpv", "commune", "part_surface"]].merge(
        held, on=["qpv", "commune"], how="left"
    )
    rows["held"] = rows["held"].notna()
    measured = rows["part_surface"].notna().groupby(rows["qpv"]).transform("all")
    rows["weight"] = rows["part_surface"].where(measured, 1.0)
    rows["held_weight"] = rows["weight"].where(rows["held"], 0.0)
    by_qpv = rows.groupby("qpv")
    share = by_qpv["held_weight"].sum() / by_qpv["weight"].sum()
    return share.mask(by_qpv["held"].all(), 1.0)


def _joined(links: pd.DataFrame) -> pd.Series:
    """Device ids of each QPV in one text; ``links`` is sorted by QPV."""
    ids = links["dispositif_id"].to_numpy(object)
    first = np.flatnonzero(~links["qpv"].duplicated())
    texts = [LIST_SEPARATOR.join(part) for part in np.split(ids, first[1:])]
    index = links["qpv"].iloc[first]
    return pd.Series(texts if len(first) else [], index=index, dtype="str")
