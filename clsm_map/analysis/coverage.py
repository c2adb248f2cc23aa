"""Coverage of the QPV by a type of device on a date: statuses, what they rest on, counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.activity import (
    ACTIVE,
    NONE,
    PROJECT,
    SCENARIO,
    TO_CHECK,
    devices_on,
    register_day,
)
from clsm_map.analysis.ground import Ground, Links
from clsm_map.analysis.scope import complete_qpv, level_codes, qpv_of
from clsm_map.domain.devices import STATUSES, TOUCHED
from clsm_map.domain.evidence import EVIDENCE, EvidenceId, Pages, evidence_of, page_words
from clsm_map.domain.territories import FRANCE, Territory

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    ``qpv``: ``code``; one row per QPV.
    ``qpv_communes``: ``qpv, commune, part_surface`` (share of the QPV's area, missing where it is
      not known).
    ``perimeters``: ``dispositif_id, commune``: see `clsm_map.analysis.ground.unfold_perimeters`.
    ``named``: ``dispositif_id, qpv``: see `clsm_map.analysis.ground.named_qpv`.

    Gives see `status_of`.
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

    ``devices``: ``id, role, a_preciser``: see `clsm_map.analysis.activity.devices_on`. A device
      that is not there counts for nothing.

    Gives in the order of the QPV: ``qpv, statut, part_couverte`` (0 to 1; missing for a QPV covered
    in part whose areas are not known), ``n_communes`` and ``n_communes_couvertes`` (those of the
    definition), ``dispositifs`` (ids of the devices that give the status, ``;`` between two, empty
    when none), ``a_preciser`` (true when the perimeters that are known would not be enough for the
    status: it rests on one of which only the seat is known).
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


_RESTING: Final = (*TOUCHED.statuses, "en_projet", "a_verifier")


def device_evidence(
    devices: pd.DataFrame, dispositifs: pd.DataFrame, on: dt.date
) -> tuple[list[str], list[str]]:
    """Give the date of the page of each device, and the class of its age.

    ``devices``: ``id``.
    ``dispositifs``: ``id, source_date, perimetre_origine``.

    Gives ``pages``: as the register writes them; empty when the page is not dated.
    Gives ``classes``: ids of `clsm_map.domain.evidence.EVIDENCE`; empty for a device that a
    scenario creates.
    """
    known = dispositifs.set_index("id").reindex(devices["id"])
    pages = known["source_date"].fillna("").astype(str).tolist()
    imagined = (known["perimetre_origine"] == SCENARIO).tolist()
    classes = [
        "" if made else evidence_of(page, on) for page, made in zip(pages, imagined, strict=True)
    ]
    return pages, classes


def status_evidence(links: Links, devices: pd.DataFrame, status: pd.DataFrame) -> list[str]:
    """Say on what the status of each QPV rests.

    The strongest class of pages that gives the same status alone: ``recente`` when the devices of
    recent pages are enough, else ``ancienne`` when those of dated pages are, else ``non_datee``.
    A QPV that takes two perimeters to be covered rests on the weaker of the two.

    ``devices``: ``id, role, a_preciser, preuve``.
    ``status``: ``statut``: see `clsm_map.analysis.coverage.status_of`, of the same links and
      devices.

    Gives in the order of the QPV; empty where no device gives the status.
    """
    found = np.full(len(status), "non_datee", dtype=object)
    for name, kept in (("ancienne", ("", "recente", "ancienne")), ("recente", ("", "recente"))):
        alone = status_of(links, devices.loc[devices["preuve"].isin(kept)])
        found[(alone["statut"] == status["statut"]).to_numpy()] = name
    found[~status["statut"].isin(_RESTING).to_numpy()] = ""
    return [str(value) for value in found]


def covered_by_evidence(
    coverage: Coverage, territory: Territory = FRANCE
) -> Mapping[EvidenceId, int]:
    """Count the QPV covered, in whole or in part, by the age of what says so.

    Gives the three classes, zero included; they add up to ``qpv_couverts_avec_partiels`` of
    `clsm_map.analysis.centre.centre_figures`.
    """
    here = coverage.ground.qpv.loc[qpv_of(coverage.ground, territory), "code"]
    status = coverage.status
    covered = status.loc[TOUCHED.mask(status["statut"]) & status["qpv"].isin(here), "preuve"]
    counts = covered.value_counts()
    return {i: int(counts.get(i, 0)) for i in EVIDENCE}


def names_with_pages(coverage: Coverage) -> dict[str, str]:
    """Name each device with its page: ``CLSM de Lille (page de 2024)``, by id."""
    devices = coverage.devices
    return {
        str(i): nom if not preuve else f"{nom} ({page_words(page)})"
        for i, nom, page, preuve in zip(
            devices["id"], devices["nom"], devices["page"], devices["preuve"], strict=True
        )
    }


def pages_of(dispositifs: pd.DataFrame, type_: str) -> Pages:
    """Describe the pages that the devices of a type come from, whatever their state.

    ``dispositifs``: ``type, source_date``.
    ``type_``: ``CLSM``, ``ASV`` or ``CLS``.
    """
    pages = dispositifs.loc[dispositifs["type"] == type_, "source_date"].fillna("").astype(str)
    dated = pages[pages != ""]
    return Pages(len(pages), str(dated.max()) if len(dated) else "", len(pages) - len(dated))


@dataclass(frozen=True, eq=False)
class Coverage:
    """Coverage by a type of device on a date.

    ``ground``: what it was computed on.
    ``type``: ``CLSM``, ``ASV`` or ``CLS``.
    ``on``: the date.
    ``described``: the day that the register describes; see
      `clsm_map.analysis.activity.register_day`.
    ``devices``: see `clsm_map.analysis.activity.devices_on`, plus ``perimetre_connu``, ``page``
      (date of the page, may be empty) and ``preuve`` (its age: see
      `clsm_map.analysis.coverage.device_evidence`).
    ``status``: see `clsm_map.analysis.coverage.status_of`, plus ``preuve`` (what the status rests
      on: see `clsm_map.analysis.coverage.status_evidence`).
    """

    ground: Ground
    type: str
    on: dt.date
    described: dt.date
    devices: pd.DataFrame
    status: pd.DataFrame


def coverage_on(ground: Ground, type_: str, on: dt.date, *, today: dt.date) -> Coverage:
    """Compute coverage by a type of device on a date.

    ``type_``: ``CLSM``, ``ASV`` or ``CLS``.
    """
    devices = devices_on(ground.dispositifs, type_, on, today=today)
    devices["perimetre_connu"] = devices["id"].isin(ground.located)
    devices["page"], devices["preuve"] = device_evidence(devices, ground.dispositifs, on)
    complete = complete_qpv(
        ground.completude, type_, on, ground.qpv, ground.qpv_communes, ground.hierarchy
    )
    status = status_of(ground.links, devices, complete)
    status["preuve"] = status_evidence(ground.links, devices, status)
    return Coverage(
        ground=ground,
        type=type_,
        on=on,
        described=register_day(ground.dispositifs, today),
        devices=devices,
        status=status,
    )


def status_counts(status: pd.DataFrame, qpv: pd.DataFrame, level: str = "france") -> pd.DataFrame:
    """Count QPV and their inhabitants by status and territory.

    ``habitants`` is the sum of the known populations (RP 2020); the QPV whose population is not
    known are counted in ``sans_population`` and add nothing.

    ``status``: ``qpv, statut, part_couverte``.
    ``qpv``: ``code, intercommunalite, departement, region, population``; only these QPV are
      counted.
    ``level``: ``france``, ``region``, ``departement`` or ``epci``; see
      `clsm_map.analysis.scope.level_codes`.

    Gives ``code, statut, qpv, habitants, sans_population, habitants_estimes`` (inhabitants times
    the share of the area that active devices hold): the six statuses of each territory that holds a
    QPV, zero included, in the order of `clsm_map.domain.devices.STATUSES`.
    """
    rows = pd.DataFrame(
        {
            "qpv": qpv["code"],
            "code": level_codes(qpv, level),
            "habitants": qpv["population"],
            "sans_population": qpv["population"].isna(),
        }
    ).merge(status[["qpv", "statut", "part_couverte"]], on="qpv")
    rows["habitants_estimes"] = rows["habitants"] * rows["part_couverte"]
    counted = rows.groupby(["code", "statut"]).agg(
        qpv=("qpv", "size"),
        habitants=("habitants", "sum"),
        sans_population=("sans_population", "sum"),
        habitants_estimes=("habitants_estimes", "sum"),
    )
    counted["habitants_estimes"] = counted["habitants_estimes"].round()
    every = pd.MultiIndex.from_product(
        [sorted(rows["code"].dropna().unique()), list(STATUSES)], names=["code", "statut"]
    )
    return counted.reindex(every, fill_value=0).astype("int64").reset_index()
