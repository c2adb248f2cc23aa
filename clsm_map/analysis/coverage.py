"""Coverage of the QPV by a type of device on a date: statuses, what they rest on, counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
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
from clsm_map.analysis.ground import Flags, Ground, Links, Positions, complete_qpv, level_codes
from clsm_map.domain.devices import STATUSES, TOUCHED
from clsm_map.domain.evidence import EVIDENCE, EvidenceId, Pages, evidence_of, page_words
from clsm_map.domain.territories import FRANCE, Territory

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST_SEPARATOR: Final = ";"
"""Between the device ids of one cell, as between the commune codes of a QPV."""

_RANKS: Final = (NONE, ACTIVE, PROJECT, TO_CHECK)
_ORDER: Final = tuple(STATUSES)


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

    In the order of the QPV: ``qpv, statut, part_couverte`` (0 to 1; missing for a QPV covered
    in part whose areas are not known), ``n_communes`` and ``n_communes_couvertes`` (those of the
    definition), ``dispositifs`` (ids of the devices that give the status, ``;`` between two, empty
    when none), ``a_preciser`` (true when the perimeters that are known would not be enough for the
    status: it rests on one of which only the seat is known).
    """
    known = links.qpv.isin(list(complete))
    rough = links.devices.isin(devices.loc[devices["a_preciser"], "id"])
    rank = _ranks(links, devices)
    state = _State.of(links, rank, known)
    sure = _State.of(links, np.where(rough, 0, rank), known)
    n_held, total, inside = (
        np.bincount(links.part_qpv, weight, minlength=len(links.qpv))
        for weight in (
            state.held,
            links.part_weight,
            np.where(state.held, links.part_weight, 0.0),
        )
    )
    share = np.divide(inside, total, out=np.zeros(len(total)), where=n_held > 0)
    grounds = rank[links.link_device] == state.giving[links.link_qpv]
    return pd.DataFrame(
        {
            "qpv": links.qpv,
            "statut": state.statut,
            "part_couverte": np.where(state.whole, 1.0, share).round(4),
            "n_communes": np.bincount(links.part_qpv, minlength=len(links.qpv)),
            "n_communes_couvertes": n_held.astype(int),
            "dispositifs": _joined(links, grounds),
            "a_preciser": (state.giving > 0) & (state.statut != sure.statut),
        }
    )


def statuses(links: Links, devices: pd.DataFrame) -> npt.NDArray[np.str_]:
    """Give the status alone of every QPV by some devices: see `status_of`."""
    nowhere = np.zeros(len(links.qpv), dtype=np.bool_)
    return _State.of(links, _ranks(links, devices), nowhere).statut


def _ranks(links: Links, devices: pd.DataFrame) -> Positions:
    """Role of each device of the links, as a position in `_RANKS`."""
    roles = pd.Series(pd.Index(_RANKS).get_indexer(pd.Index(devices["role"])), devices["id"])
    return roles.reindex(links.devices, fill_value=0).to_numpy(np.intp)


@dataclass(frozen=True, eq=False)
class _State:
    """Status of each QPV, rank of the role that gives it (-1: none), whole ones, parts held."""

    statut: npt.NDArray[np.str_]
    giving: Positions
    whole: Flags
    held: Flags

    @classmethod
    def of(cls, links: Links, rank: Positions, complete: Flags) -> _State:
        size = len(links.qpv)
        link_rank = rank[links.link_device]
        by_name = links.link_part < 0
        held = _any(links.link_part[(link_rank == 1) & ~by_name], len(links.part_qpv))
        parted = _any(links.part_qpv, size)
        whole = parted & ~_any(links.part_qpv[~held], size)
        whole |= _any(links.link_qpv[(link_rank == 1) & by_name], size)
        touched = [_any(links.link_qpv[link_rank == value], size) for value in (1, 2, 3)]
        status = np.select([whole, *touched, complete], _ORDER[:-1], default=_ORDER[-1])
        return cls(status, np.select(touched, [1, 2, 3], default=-1), whole, held)


def _any(positions: Positions, size: int) -> Flags:
    """Flag the positions met at least once."""
    flags = np.zeros(size, dtype=np.bool_)
    flags[positions] = True
    return flags


def _joined(links: Links, kept: Flags) -> npt.NDArray[np.object_]:
    """Ids of the devices of some links, in one text per QPV."""
    pairs = np.unique(np.column_stack([links.link_qpv[kept], links.link_device[kept]]), axis=0)
    texts = np.full(len(links.qpv), "", dtype=object)
    if len(pairs):
        qpv, first = np.unique(pairs[:, 0], return_index=True)
        parts = np.split(links.devices.to_numpy(object)[pairs[:, 1]], first[1:])
        texts[qpv] = [LIST_SEPARATOR.join(part) for part in parts]
    return texts


@dataclass(frozen=True, eq=False)
class Coverage:
    """Coverage by a type of device (``CLSM``, ``ASV`` or ``CLS``) on a date.

    ``described``: the day that the register describes; see
      `clsm_map.analysis.activity.register_day`.
    ``devices``: see `clsm_map.analysis.activity.devices_on`, plus ``perimetre_connu``, ``page``
      (date of the page as the register writes it, may be empty) and ``preuve`` (its age: one of
      `clsm_map.domain.evidence.EVIDENCE`, empty for a device that a scenario creates).
    ``status``: see `status_of`, plus ``preuve`` (what the status rests on: see
      `status_evidence`).
    """

    ground: Ground
    type: str
    on: dt.date
    described: dt.date
    devices: pd.DataFrame
    status: pd.DataFrame

    @property
    def active(self) -> pd.Series:
        """Ids of the devices that are active on the date."""
        ids: pd.Series = self.devices.loc[self.devices["role"] == ACTIVE, "id"]
        return ids

    def status_in(self, territory: Territory) -> pd.DataFrame:
        """Rows of `status` of the QPV of a territory."""
        return self.status.loc[self.status["qpv"].isin(self.ground.qpv_in(territory))]


def coverage_on(ground: Ground, type_: str, on: dt.date, *, today: dt.date) -> Coverage:
    """Compute coverage by a type of device (``CLSM``, ``ASV`` or ``CLS``) on a date."""
    devices = devices_on(ground.dispositifs, type_, on, today=today)
    known = ground.dispositifs.set_index("id").reindex(devices["id"])
    pages = known["source_date"].fillna("").astype(str)
    imagined = known["perimetre_origine"].eq(SCENARIO)
    devices["perimetre_connu"] = devices["id"].isin(ground.located)
    devices["page"] = pages.tolist()
    devices["preuve"] = [
        "" if made else evidence_of(page, on) for page, made in zip(pages, imagined, strict=True)
    ]
    status = status_of(ground.links, devices, complete_qpv(ground, type_, on))
    status["preuve"] = status_evidence(ground.links, devices, status)
    return Coverage(ground, type_, on, register_day(ground.dispositifs, today), devices, status)


def status_evidence(links: Links, devices: pd.DataFrame, status: pd.DataFrame) -> pd.Series:
    """Say on what the status of each QPV rests.

    The strongest class of pages that gives the same status alone: ``recente`` when the devices of
    recent pages are enough, else ``ancienne`` when those of dated pages are, else ``non_datee``;
    empty where no device gives the status. A QPV that takes two perimeters to be covered rests on
    the weaker of the two.

    ``devices``: ``id, role, preuve``. ``status``: of the same links and devices.
    """
    found = pd.Series("non_datee", index=status.index)
    for name, kept in (("ancienne", ("", "recente", "ancienne")), ("recente", ("", "recente"))):
        alone = statuses(links, devices.loc[devices["preuve"].isin(kept)])
        found = found.mask(status["statut"] == alone, name)
    return found.where(status["statut"].isin([*TOUCHED.statuses, "en_projet", "a_verifier"]), "")


def covered_by_evidence(
    coverage: Coverage, territory: Territory = FRANCE
) -> Mapping[EvidenceId, int]:
    """Count the QPV covered, in whole or in part, by the age of what says so.

    The three classes, zero included; they add up to ``qpv_couverts_avec_partiels`` of
    `clsm_map.analysis.centre.centre_figures`.
    """
    status = coverage.status_in(territory)
    covered = status.loc[TOUCHED.mask(status["statut"]), "preuve"]
    return {name: int((covered == name).sum()) for name in EVIDENCE}


def names_with_pages(coverage: Coverage) -> dict[str, str]:
    """Name each device with its page: ``CLSM de Lille (page de 2024)``, by id."""
    rows = coverage.devices[["id", "nom", "page", "preuve"]].itertuples(index=False, name=None)
    return {
        id_: f"{nom} ({page_words(page)})" if preuve else nom for id_, nom, page, preuve in rows
    }


def pages_of(dispositifs: pd.DataFrame, type_: str) -> Pages:
    """Describe the pages that the devices of a type come from, whatever their state.

    ``dispositifs``: ``type, source_date``.
    """
    pages = dispositifs.loc[dispositifs["type"] == type_, "source_date"].fillna("").astype(str)
    dated = pages[pages != ""]
    return Pages(len(pages), str(dated.max()) if len(dated) else "", len(pages) - len(dated))


def status_counts(status: pd.DataFrame, qpv: pd.DataFrame, level: str = "france") -> pd.DataFrame:
    """Count QPV and their inhabitants by status and territory.

    ``habitants`` is the sum of the known populations (RP 2020); the QPV whose population is not
    known are counted in ``sans_population`` and add nothing.

    ``status``: ``qpv, statut, part_couverte``.
    ``qpv``: ``code, intercommunalite, departement, region, population``; only these QPV are
      counted.
    ``level``: ``france``, ``region``, ``departement`` or ``epci``; see
      `clsm_map.analysis.ground.level_codes`.

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
