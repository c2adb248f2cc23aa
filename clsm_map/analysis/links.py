"""Which devices hold which QPV, whatever the date: joined once, read at every date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of a QPV and a device that holds one of its communes, or that names it.

    Attributes
    ----------
    qpv : Index of str
        QPV codes; positions below point into it.
    devices : Index of str
        Ids of the devices that hold a QPV, sorted.
    part_qpv : array of int
        QPV of each part (each row of ``qpv_communes``).
    part_weight : array of float
        Weight of each part in its QPV: share of its area, 1 for the only part of a QPV, missing
        for all the parts of a QPV where one is not known.
    link_qpv, link_device, link_part : array of int
        Pairs, sorted by QPV then device; ``link_part`` is -1 when the device names the QPV.
    """

    qpv: pd.Index
    devices: pd.Index
    part_qpv: Positions
    part_weight: npt.NDArray[np.float64]
    link_qpv: Positions
    link_device: Positions
    link_part: Positions

    @classmethod
    def of(
        cls,
        qpv: pd.DataFrame,
        qpv_communes: pd.DataFrame,
        perimeters: pd.DataFrame,
        named: pd.DataFrame,
    ) -> Links:
        """Join QPV and perimeters.

        Parameters
        ----------
        qpv : DataFrame
            ``code``; one row per QPV.
        qpv_communes : DataFrame
            ``qpv, commune, part_surface``; rows of other QPV are left out.
        perimeters : DataFrame
            ``dispositif_id, commune``, unfolded.
        named : DataFrame
            ``dispositif_id, qpv``.
        """
        codes = pd.Index(qpv["code"], name="qpv")
        part_qpv = codes.get_indexer(pd.Index(qpv_communes["qpv"]))
        known = part_qpv >= 0
        part_qpv, parts = part_qpv[known], qpv_communes.loc[known]
        surface = parts["part_surface"].to_numpy("float64")
        unmeasured = np.zeros(len(codes), dtype=np.bool_)
        unmeasured[part_qpv[np.isnan(surface)]] = True
        alone = np.bincount(part_qpv, minlength=len(codes)) == 1
        weight = np.where(unmeasured[part_qpv], np.nan, surface)
        weight[alone[part_qpv]] = 1.0

        by_part = pd.DataFrame(
            {"commune": parts["commune"].to_numpy(), "qpv": part_qpv, "part": range(len(parts))}
        ).merge(perimeters, on="commune")
        by_name = named.assign(qpv=codes.get_indexer(pd.Index(named["qpv"])), part=-1)
        columns = ["qpv", "dispositif_id", "part"]
        pairs = pd.concat([by_part[columns], by_name.loc[by_name["qpv"] >= 0, columns]])
        devices = pd.Index(pairs["dispositif_id"].unique()).sort_values()
        at_qpv = pairs["qpv"].to_numpy(np.intp)
        at_device = devices.get_indexer(pd.Index(pairs["dispositif_id"]))
        order = np.lexsort((at_device, at_qpv))
        return cls(
            qpv=codes,
            devices=devices,
            part_qpv=part_qpv,
            part_weight=weight,
            link_qpv=at_qpv[order],
            link_device=at_device[order],
            link_part=pairs["part"].to_numpy(np.intp)[order],
        )
