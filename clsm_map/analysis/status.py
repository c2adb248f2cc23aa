"""The status of each QPV towards a type of device on a date."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.activity import ACTIVE, NONE, PROJECT, TO_CHECK
from clsm_map.analysis.links import Links

LIST_SEPARATOR: Final = ";"
"""Between the device ids of one cell, as between the commune codes of a QPV."""

_RANKS: Final = (NONE, ACTIVE, PROJECT, TO_CHECK)
_BY_RANK: Final = (1, 2, 3)

Flags = npt.NDArray[np.bool_]


def qpv_status(
    qpv: pd.DataFrame,
    qpv_communes: pd.DataFrame,
    devices: pd.DataFrame,
    perimeters: pd.DataFrame,
    named: pd.DataFrame,
    complete: Collection[str] = (),
) -> pd.DataFrame:
    """Give the status of every QPV, from frames; see `status_of` for the rule.

    Parameters
    ----------
    qpv : DataFrame
        ``code``; one row per QPV.
    qpv_communes : DataFrame
        ``qpv, commune, part_surface`` (share of the QPV's area, missing where it is not known).
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
        See `status_of`.
    """
    return status_of(Links.of(qpv, qpv_communes, perimeters, named), devices, complete)


def status_of(links: Links, devices: pd.DataFrame, complete: Collection[str] = ()) -> pd.DataFrame:
    """Give the status of every QPV; the first that applies, in this order.

    1. ``couvert``: all its communes are in the union of the perimeters of active devices, or an
       active device names it;
    2. ``couvert_en_partie``: some of its communes are;
    3. ``en_projet``: none is, but a project holds one of its communes or names it;
    4. ``a_verifier``: nor that, but a device whose state on the date is not known does;
    5. ``sans_dispositif``: none of these, and the register is declared complete there;
    6. ``sans_dispositif_recense``: none of these. It is not the proof of an absence.

    Statuses are defined by communes: in Paris, Lyon and Marseille, the arrondissements that hold at
    least 10 % of the QPV's area. ``part_couverte = area in the covered ones / area in all of
    these``, whatever their number; contours are generalised, so it is an estimate. 1 when an
    active device names the QPV.

    Parameters
    ----------
    links : Links
        QPV and the devices that hold them.
    devices : DataFrame
        ``id, role, a_preciser``: see `clsm_map.analysis.activity.devices_on`. A device that is not
        there counts for nothing.
    complete : collection of str
        QPV where the register is declared complete.

    Returns
    -------
    DataFrame
        In the order of the QPV: ``qpv, statut, part_couverte`` (0 to 1; missing for a QPV covered
        in part whose areas are not known), ``n_communes`` and ``n_communes_couvertes`` (those of
        the definition), ``dispositifs`` (ids of the devices that give the status, ``;`` between
        two, empty when none), ``a_preciser`` (true when the perimeters that are known would not be
        enough for the status: it rests on one of which only the seat is known).
    """
    rank, rough = _ranks(links, devices)
    link_rank = rank[links.link_device]
    size = len(links.qpv)
    touched = [_any(links.link_qpv[link_rank == value], size) for value in _BY_RANK]
    parts, held, whole = _covered_parts(links, link_rank == 1)
    known = links.qpv.isin(list(complete))
    statut = _first(whole, touched, known)
    sure_rank = np.where(rough, 0, rank)[links.link_device]
    sure = _first(
        _covered_parts(links, sure_rank == 1)[2],
        [_any(links.link_qpv[sure_rank == value], size) for value in _BY_RANK],
        known,
    )
    giving = np.select(touched, list(_BY_RANK), default=-1)
    grounds = np.flatnonzero(link_rank == giving[links.link_qpv])
    return pd.DataFrame(
        {
            "qpv": links.qpv,
            "statut": statut,
            "part_couverte": np.where(whole, 1.0, _covered_share(links, held)).round(4),
            "n_communes": parts,
            "n_communes_couvertes": np.bincount(links.part_qpv, held, minlength=size).astype(int),
            "dispositifs": _joined(links, grounds),
            "a_preciser": (giving > 0) & (statut != sure),
        }
    )


def _first(whole: Flags, touched: Sequence[Flags], complete: Flags) -> npt.NDArray[np.str_]:
    """Give the first status that applies to each QPV."""
    return np.select(
        [whole, *touched, complete],
        ["couvert", "couvert_en_partie", "en_projet", "a_verifier", "sans_dispositif"],
        default="sans_dispositif_recense",
    )


def _ranks(links: Links, devices: pd.DataFrame) -> tuple[npt.NDArray[np.intp], Flags]:
    """Role of each device of the links as a rank, and whether only its seat is known."""
    at = links.devices.get_indexer(pd.Index(devices["id"]))
    rank = np.zeros(len(links.devices), dtype=np.intp)
    rough = np.zeros(len(links.devices), dtype=np.bool_)
    roles = pd.Index(_RANKS).get_indexer(pd.Index(devices["role"]))
    rank[at[at >= 0]] = roles[at >= 0]
    rough[at[at >= 0]] = devices["a_preciser"].to_numpy(np.bool_)[at >= 0]
    return rank, rough


def _covered_parts(links: Links, active: Flags) -> tuple[npt.NDArray[np.intp], Flags, Flags]:
    """Parts of each QPV, parts that active devices hold, QPV that they cover whole."""
    size = len(links.qpv)
    by_name = links.link_part < 0
    held = _any(links.link_part[active & ~by_name], len(links.part_qpv))
    parts = np.bincount(links.part_qpv, minlength=size)
    missing = _any(links.part_qpv[~held], size)
    whole = (~missing & (parts > 0)) | _any(links.link_qpv[active & by_name], size)
    return parts, held, whole


def _covered_share(links: Links, held: Flags) -> npt.NDArray[np.float64]:
    """Share of the area of each QPV that lies in some of its parts; see `status_of`."""
    size = len(links.qpv)
    total = np.bincount(links.part_qpv, links.part_weight, minlength=size)
    weight = np.where(held, links.part_weight, 0.0)
    inside = np.bincount(links.part_qpv, weight, minlength=size)
    none = ~_any(links.part_qpv[held], size)
    return np.divide(inside, total, out=np.zeros(size), where=~none)


def _any(positions: npt.NDArray[np.intp], size: int) -> Flags:
    """Flag the positions met at least once."""
    flags = np.zeros(size, dtype=np.bool_)
    flags[positions] = True
    return flags


def _joined(links: Links, kept: npt.NDArray[np.intp]) -> npt.NDArray[np.object_]:
    """Ids of the devices of some links, in one text per QPV."""
    pairs = np.unique(np.column_stack([links.link_qpv[kept], links.link_device[kept]]), axis=0)
    texts = np.full(len(links.qpv), "", dtype=object)
    if len(pairs):
        ids = links.devices.to_numpy(object)[pairs[:, 1]]
        qpv, first = np.unique(pairs[:, 0], return_index=True)
        parts = np.split(ids, first[1:])
        texts[qpv] = [LIST_SEPARATOR.join(part) for part in parts]
    return texts
