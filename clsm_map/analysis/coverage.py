"""Coverage of the QPV by a type of device on a date: statuses, counts and inhabitants."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import pandas as pd

from clsm_map.analysis.activity import devices_on, register_day
from clsm_map.analysis.completeness import complete_qpv
from clsm_map.analysis.evidence import device_evidence, status_evidence
from clsm_map.analysis.links import Links
from clsm_map.analysis.perimeters import Hierarchy, Tables, named_qpv, unfold_perimeters
from clsm_map.analysis.scope import level_codes
from clsm_map.analysis.status import status_of
from clsm_map.domain.devices import STATUSES


class QpvTables(Tables, Protocol):
    """The tables of the snapshot that coverage is computed from."""

    @property
    def qpv(self) -> pd.DataFrame:
        """QPV with their territories and population."""

    @property
    def qpv_communes(self) -> pd.DataFrame:
        """Communes (arrondissements in Paris, Lyon and Marseille) of each QPV."""


class Facts(Protocol):
    """A register of devices."""

    @property
    def dispositifs(self) -> pd.DataFrame:
        """Devices."""

    @property
    def perimetres(self) -> pd.DataFrame:
        """Rows of their perimeters."""

    @property
    def completude(self) -> pd.DataFrame:
        """Declarations of completeness."""

    @property
    def origine(self) -> str:
        """French words for where it comes from; "importé" among them when a person's list is."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What does not depend on the date: territories, and perimeters once unfolded.

    Attributes
    ----------
    hierarchy : Hierarchy
        The territories.
    qpv : DataFrame
        ``code, nom, communes, epci, intercommunalite, departement, region, population``.
    qpv_communes : DataFrame
        ``qpv, commune, part_surface``.
    dispositifs, completude : DataFrame
        The register.
    perimeters : DataFrame
        ``dispositif_id, commune``, unfolded.
    named : DataFrame
        ``dispositif_id, qpv``.
    origine : str
        French words for where the register comes from.
    """

    hierarchy: Hierarchy
    qpv: pd.DataFrame
    qpv_communes: pd.DataFrame
    dispositifs: pd.DataFrame
    completude: pd.DataFrame
    perimeters: pd.DataFrame
    named: pd.DataFrame
    origine: str = ""

    @property
    def collected(self) -> str:
        """French words for the register and where it comes from, to be put in a sentence."""
        return f"registre {self.origine}".strip()

    @property
    def units(self) -> pd.DataFrame:
        """Units of the territories: see `Hierarchy.units`."""
        return self.hierarchy.units

    @cached_property
    def located(self) -> frozenset[str]:
        """Ids of the devices whose perimeter is known, be it by its seat only."""
        return frozenset([*self.perimeters["dispositif_id"], *self.named["dispositif_id"]])

    @cached_property
    def links(self) -> Links:
        """QPV and the devices of the register that hold them."""
        return Links.of(self.qpv, self.qpv_communes, self.perimeters, self.named)

    @cached_property
    def outside(self) -> pd.DataFrame:
        """Rows of ``qpv_communes`` whose commune no unit is: Polynésie française, Saint-Martin."""
        place = pd.Index(self.units["code"]).get_indexer(self.qpv_communes["commune"])
        rows: pd.DataFrame = self.qpv_communes.loc[place < 0]
        return rows

    @classmethod
    def of(cls, tables: QpvTables, register: Facts) -> Ground:
        """Unfold the perimeters of a register over the territories of a snapshot."""
        hierarchy = Hierarchy.of(tables)
        return cls(
            hierarchy=hierarchy,
            qpv=tables.qpv,
            qpv_communes=tables.qpv_communes,
            dispositifs=register.dispositifs,
            completude=register.completude,
            perimeters=unfold_perimeters(register.perimetres, register.dispositifs, hierarchy),
            named=named_qpv(register.perimetres),
            origine=register.origine,
        )


@dataclass(frozen=True, eq=False)
class Coverage:
    """Coverage by a type of device on a date.

    Attributes
    ----------
    ground : Ground
        What it was computed on.
    type : str
        ``CLSM``, ``ASV`` or ``CLS``.
    on : date
        The date.
    described : date
        The day that the register describes; see `clsm_map.analysis.activity.register_day`.
    devices : DataFrame
        See `clsm_map.analysis.activity.devices_on`, plus ``perimetre_connu``, ``page`` (date of
        the page, may be empty) and ``preuve`` (its age: see
        `clsm_map.analysis.evidence.device_evidence`).
    status : DataFrame
        See `clsm_map.analysis.status.status_of`, plus ``preuve`` (what the status rests on: see
        `clsm_map.analysis.evidence.status_evidence`).
    """

    ground: Ground
    type: str
    on: dt.date
    described: dt.date
    devices: pd.DataFrame
    status: pd.DataFrame


def coverage_on(ground: Ground, type_: str, on: dt.date, *, today: dt.date) -> Coverage:
    """Compute coverage by a type of device on a date.

    Parameters
    ----------
    ground : Ground
        Territories and register.
    type_ : str
        ``CLSM``, ``ASV`` or ``CLS``.
    on, today : date
        The date asked for, and today.

    Returns
    -------
    Coverage
        Devices with their role on the date, QPV with their status.
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

    Parameters
    ----------
    status : DataFrame
        ``qpv, statut, part_couverte``.
    qpv : DataFrame
        ``code, intercommunalite, departement, region, population``; only these QPV are counted.
    level : str
        ``france``, ``region``, ``departement`` or ``epci``; see
        `clsm_map.analysis.scope.level_codes`.

    Returns
    -------
    DataFrame
        ``code, statut, qpv, habitants, sans_population, habitants_estimes`` (inhabitants times
        the share of the area that active devices hold): the six statuses of each territory that
        holds a QPV, zero included, in the order of `clsm_map.domain.devices.STATUSES`.
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
