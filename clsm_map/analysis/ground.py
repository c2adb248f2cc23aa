"""The territories and the register laid on them: units, perimeters unfolded, QPV held."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.activity import SEAT_ONLY
from clsm_map.domain.territories import PLM


class Tables(Protocol):
    """The tables of the snapshot that the hierarchy is read from."""

    @property
    def communes_all(self) -> pd.DataFrame:
        """Communes, with and without a contour."""

    @property
    def arrondissements(self) -> pd.DataFrame:
        """Arrondissements of Paris, Lyon and Marseille."""

    @property
    def anciennes_communes(self) -> pd.DataFrame:
        """Delegated and associated communes with their parent."""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Which territory holds which.

    ``communes``: ``code, nom, epci, intercommunalite, departement, region, population``.
    ``arrondissements``: ``code, nom, commune, departement, region, epci, intercommunalite,
      population``.
    ``anciennes_communes``: ``code, nom, commune`` (today's parent), ``population``.
    """

    communes: pd.DataFrame
    arrondissements: pd.DataFrame
    anciennes_communes: pd.DataFrame

    @classmethod
    def of(cls, tables: Tables) -> Hierarchy:
        """Read the hierarchy from a snapshot."""
        return cls(tables.communes_all, tables.arrondissements, tables.anciennes_communes)

    @cached_property
    def units(self) -> pd.DataFrame:
        """List the units that perimeters unfold to.

        Gives ``code, nom, commune, nature, epci, intercommunalite, departement, region,
        population``: the communes (less Paris, Lyon and Marseille), the arrondissements of these
        three and the former communes. ``commune`` is today's commune; ``nature`` is ``commune``,
        ``arrondissement`` or ``ancienne``.
        """
        columns = ["code", "nom", "commune", "nature", *_ANCESTORS, "population"]
        communes = self.communes.loc[~self.communes["code"].isin(PLM)]
        communes = communes.assign(commune=communes["code"], nature="commune")
        arrondissements = self.arrondissements.assign(nature="arrondissement")
        former = self._former.merge(
            self.communes[["code", *_ANCESTORS]].rename(columns={"code": "commune"}),
            on="commune",
            how="left",
        )
        former = former.assign(nature="ancienne")
        parts = [communes[columns], arrondissements[columns], former[columns]]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def _former(self) -> pd.DataFrame:
        """Former communes, less those that share their code with a commune of today."""
        former = self.anciennes_communes
        kept = pd.Index(self.communes["code"]).get_indexer(former["code"]) < 0
        named: pd.DataFrame = former.loc[kept].drop_duplicates("code")[
            ["code", "nom", "commune", "population"]
        ]
        return named

    @cached_property
    def members(self) -> pd.DataFrame:
        """List what each code of a perimeter unfolds to.

        - an EPCI, an EPT, Paris as an intercommunalité (``75056``) or the Métropole du Grand
          Paris: its communes, then as below;
        - Paris, Lyon or Marseille: its arrondissements; an arrondissement: itself only;
        - a commune: itself and the former communes merged into it;
        - a former commune: itself only. A code shared by a commune of today and by its delegated
          seat (``49126``) means the commune of today.

        Gives ``nature`` (``commune`` or ``epci``), ``code``, ``commune`` (a code of `units`).
        """
        former = self._former
        merged = former[["commune", "code"]].set_axis(["code", "commune"], axis=1)
        parts = self.arrondissements[["commune", "code"]].set_axis(["code", "commune"], axis=1)
        whole = self.communes.loc[~self.communes["code"].isin(PLM), ["code"]]
        alone = pd.concat([whole, former[["code"]], self.arrondissements[["code"]]])
        by_commune = pd.concat([alone.assign(commune=alone["code"]), merged, parts])
        by_commune = by_commune.drop_duplicates()

        grouped = [
            self.communes[[column, "code"]].set_axis(["epci", "code"], axis=1).dropna()
            for column in ("epci", "intercommunalite")
        ]
        epci = pd.concat(grouped).drop_duplicates().merge(by_commune, on="code")
        by_epci = epci[["epci", "commune"]].set_axis(["code", "commune"], axis=1)
        return pd.concat(
            [by_commune.assign(nature="commune"), by_epci.assign(nature="epci")],
            ignore_index=True,
        )


_ANCESTORS = ["epci", "intercommunalite", "departement", "region"]


def unfold_perimeters(
    perimetres: pd.DataFrame, dispositifs: pd.DataFrame, hierarchy: Hierarchy
) -> pd.DataFrame:
    """Unfold perimeters to communes, arrondissements and former communes.

    ``communes(device) = union of members(code)`` over the rows of its perimeter (see
    `Hierarchy.members`); a device of which only the seat is known (``perimetre_origine`` is
    ``siège seul``) also holds the commune of its seat. A device without any row holds nothing:
    its perimeter is unknown.

    ``perimetres``: ``dispositif_id, nature`` (``commune``, ``epci``, ``qpv``), ``code``.
    ``dispositifs``: ``id, perimetre_origine, commune_siege``.

    Gives ``dispositif_id, commune``, without duplicates, sorted. A commune code that the hierarchy
    does not know (Polynésie française, Saint-Martin) is kept as it is.
    """
    rows = perimetres.loc[perimetres["nature"].isin(["commune", "epci"])]
    seats = dispositifs.loc[
        (dispositifs["perimetre_origine"] == SEAT_ONLY).fillna(value=False)
        & dispositifs["commune_siege"].notna()
    ]
    seats = pd.DataFrame(
        {"dispositif_id": seats["id"], "nature": "commune", "code": seats["commune_siege"]}
    )
    named = pd.concat([rows[["dispositif_id", "nature", "code"]], seats]).drop_duplicates()
    unfolded = named.merge(hierarchy.members, on=["nature", "code"], how="left")
    as_named = unfolded["code"].where(unfolded["nature"] == "commune")
    unfolded["commune"] = unfolded["commune"].fillna(as_named)
    return (
        unfolded.dropna(subset="commune")[["dispositif_id", "commune"]]
        .drop_duplicates()
        .sort_values(["dispositif_id", "commune"], ignore_index=True)
    )


def named_qpv(perimetres: pd.DataFrame) -> pd.DataFrame:
    """List the QPV that perimeters name one by one.

    ``perimetres``: ``dispositif_id, nature, code``.

    Gives ``dispositif_id, qpv``, without duplicates.
    """
    rows = perimetres.loc[perimetres["nature"] == "qpv", ["dispositif_id", "code"]]
    return rows.set_axis(["dispositif_id", "qpv"], axis=1).drop_duplicates(ignore_index=True)


Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of a QPV and a device that holds one of its communes, or that names it.

    ``qpv``: QPV codes; positions below point into it.
    ``devices``: ids of the devices that hold a QPV, sorted.
    ``part_qpv``: QPV of each part (each row of ``qpv_communes``).
    ``part_weight``: weight of each part in its QPV: share of its area, 1 for the only part of a
      QPV, missing for all the parts of a QPV where one is not known.
    ``link_qpv, link_device, link_part``: pairs, sorted by QPV then device; ``link_part`` is -1 when
      the device names the QPV.
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

        ``qpv``: ``code``; one row per QPV.
        ``qpv_communes``: ``qpv, commune, part_surface``; rows of other QPV are left out.
        ``perimeters``: ``dispositif_id, commune``, unfolded.
        ``named``: ``dispositif_id, qpv``.
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

    ``hierarchy``: the territories.
    ``qpv``: ``code, nom, communes, epci, intercommunalite, departement, region, population``.
    ``qpv_communes``: ``qpv, commune, part_surface``.
    ``dispositifs, completude``: the register.
    ``perimeters``: ``dispositif_id, commune``, unfolded.
    ``named``: ``dispositif_id, qpv``.
    ``origine``: French words for where the register comes from.
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
