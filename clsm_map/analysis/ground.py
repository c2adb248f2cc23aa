"""The territories and the register laid on them: what each territory holds, perimeters unfolded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.activity import SEAT_ONLY
from clsm_map.domain.territories import PLM, Territory

if TYPE_CHECKING:
    from clsm_map.store.register import Register
    from clsm_map.store.snapshot import Snapshot

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

ANCESTORS: Final = ["epci", "intercommunalite", "departement", "region"]
_EPCI: Final = ANCESTORS[:2]


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Which territory holds which.

    ``tables``: ``communes_all, arrondissements, anciennes_communes, qpv, qpv_communes``.
    """

    tables: Snapshot

    @cached_property
    def units(self) -> pd.DataFrame:
        """Units that perimeters unfold to.

        ``code, nom, commune, nature, epci, intercommunalite, departement, region, population``: the
        communes (less Paris, Lyon and Marseille), the arrondissements of these three and the former
        communes. ``commune`` is today's commune; ``nature`` is ``commune``, ``arrondissement`` or
        ``ancienne``.
        """
        every = self.tables.communes_all
        communes = every.loc[~every["code"].isin(PLM)]
        above = every[["code", *ANCESTORS]].rename(columns={"code": "commune"})
        parts = [
            communes.assign(commune=communes["code"], nature="commune"),
            self.tables.arrondissements.assign(nature="arrondissement"),
            self._former.merge(above, on="commune", how="left").assign(nature="ancienne"),
        ]
        columns = ["code", "nom", "commune", "nature", *ANCESTORS, "population"]
        return pd.concat([part[columns] for part in parts], ignore_index=True)

    @cached_property
    def _former(self) -> pd.DataFrame:
        """Former communes, less those that share their code with a commune of today."""
        former = self.tables.anciennes_communes
        gone = ~former["code"].isin(self.tables.communes_all["code"])
        named: pd.DataFrame = former.loc[gone, ["code", "nom", "commune", "population"]]
        return named.drop_duplicates("code")

    @cached_property
    def members(self) -> pd.DataFrame:
        """What each code of a perimeter unfolds to.

        - an EPCI, an EPT, Paris as an intercommunalité (``75056``) or the Métropole du Grand
          Paris: its communes, then as below;
        - Paris, Lyon or Marseille: its arrondissements; an arrondissement: itself only;
        - a commune: itself and the former communes merged into it;
        - a former commune: itself only. A code shared by a commune of today and by its delegated
          seat (``49126``) means the commune of today.

        ``nature`` (``commune`` or ``epci``), ``code``, ``commune`` (a code of `units`).
        """
        communes = self.tables.communes_all
        inside = pd.concat([self._former, self.tables.arrondissements])[["commune", "code"]]
        alone = pd.concat([communes.loc[~communes["code"].isin(PLM), "code"], inside["code"]])
        by_commune = pd.concat(
            [
                pd.DataFrame({"code": alone, "commune": alone}),
                inside.set_axis(["code", "commune"], axis=1),
            ]
        ).drop_duplicates()
        by_epci = holders(communes).merge(by_commune, on="code")[["epci", "commune"]]
        return pd.concat(
            [
                by_commune.assign(nature="commune"),
                by_epci.set_axis(["code", "commune"], axis=1).assign(nature="epci"),
            ],
            ignore_index=True,
        )

    @cached_property
    def outside(self) -> pd.DataFrame:
        """Rows of ``qpv_communes`` whose commune no unit is: Polynésie française, Saint-Martin."""
        pairs = self.tables.qpv_communes
        rows: pd.DataFrame = pairs.loc[~pairs["commune"].isin(self.units["code"])]
        return rows


def holders(frame: pd.DataFrame) -> pd.DataFrame:
    """Pair rows (QPV, communes) with the EPCI and the EPT that hold them: ``epci, code``."""
    pairs = [frame[[column, "code"]].set_axis(["epci", "code"], axis=1) for column in _EPCI]
    return pd.concat(pairs).dropna().drop_duplicates()


def inside(frame: pd.DataFrame, territory: Territory) -> pd.Series:
    """Tell which rows (units, communes, QPV, lines) lie in a territory, from `ANCESTORS`.

    At level ``epci``, the SIREN of an EPCI, of an EPT or of the Métropole du Grand Paris, or
    ``75056`` for Paris: a QPV over several (17 are) is counted in the one that the register of QPV
    gives it, so that sums stay whole. At the level of a commune and below, by ``code`` and by
    ``commune`` where there is one: a commune holds its former communes or its arrondissements.
    """
    if territory.level == "france":
        return pd.Series(data=True, index=frame.index)
    columns = _EPCI if territory.level == "epci" else [territory.level]
    if territory.level in {"commune", "arrondissement", "qpv"}:
        columns = frame.columns.intersection(["code", "commune"]).tolist()
    return frame[columns].isin([territory.code]).any(axis=1)


def qpv_of(ground: Ground | Hierarchy, territory: Territory) -> pd.Series:
    """Tell which QPV are counted in a territory, on the index of the QPV.

    A commune counts the QPV that it holds in whole or in part, those of its former communes and
    arrondissements included; an arrondissement, those that it holds at least 10 % of. Else by the
    territory that the register of QPV gives each of them (see `inside`).
    """
    hierarchy = ground if isinstance(ground, Hierarchy) else ground.hierarchy
    qpv, pairs = hierarchy.tables.qpv, hierarchy.tables.qpv_communes
    if territory.level not in {"commune", "arrondissement"}:
        return inside(qpv, territory)
    units = hierarchy.units.loc[inside(hierarchy.units, territory), "code"]
    held = pairs["commune"].isin([territory.code, *units])
    mask: pd.Series = qpv["code"].isin(pairs.loc[held, "qpv"].unique())
    return mask


def level_codes(frame: pd.DataFrame, level: str) -> pd.Series:
    """Give the code of the territory of a level that holds each row (QPV, units).

    ``level``: ``france`` (code ``FR``), ``region``, ``departement`` or ``epci`` (the EPT, or
    ``75056`` for Paris, inside the Métropole du Grand Paris; missing where there is none).
    Polynésie française and Saint-Martin, which lie in no région, keep their own code (``987``,
    ``978``) at level ``region`` so that sums stay whole.
    """
    if level == "france":
        return pd.Series("FR", index=frame.index, dtype="str")
    if level == "region":
        return frame["region"].fillna(frame["departement"])
    return frame["intercommunalite" if level == "epci" else level]


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
    columns = ["dispositif_id", "nature", "code"]
    rows = perimetres.loc[perimetres["nature"].isin(["commune", "epci"]), columns]
    seats = dispositifs.loc[dispositifs["perimetre_origine"].eq(SEAT_ONLY)]
    seats = seats.assign(nature="commune")[["id", "nature", "commune_siege"]].dropna()
    named = pd.concat([rows, seats.set_axis(columns, axis=1)]).drop_duplicates()
    unfolded = named.merge(hierarchy.members, on=["nature", "code"], how="left")
    as_named = unfolded["code"].where(unfolded["nature"] == "commune")
    unfolded["commune"] = unfolded["commune"].fillna(as_named)
    pairs = unfolded[["dispositif_id", "commune"]].dropna(subset="commune").drop_duplicates()
    return pairs.sort_values(["dispositif_id", "commune"], ignore_index=True)


def named_qpv(perimetres: pd.DataFrame) -> pd.DataFrame:
    """List the QPV that perimeters name one by one: ``dispositif_id, qpv``."""
    rows = perimetres.loc[perimetres["nature"] == "qpv", ["dispositif_id", "code"]]
    return rows.set_axis(["dispositif_id", "qpv"], axis=1).drop_duplicates(ignore_index=True)


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of a QPV and a device that holds one of its communes, or that names it.

    ``qpv, devices``: codes; ids of the devices that hold a QPV, sorted. Positions point into them.
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
        """Join QPV (``code``) and perimeters (``dispositif_id`` with ``commune`` or ``qpv``).

        ``qpv_communes``: ``qpv, commune, part_surface``; rows of other QPV are left out.
        """
        codes = pd.Index(qpv["code"], name="qpv")
        parts = qpv_communes.loc[qpv_communes["qpv"].isin(codes)]
        part_qpv = codes.get_indexer(pd.Index(parts["qpv"]))
        surface = parts["part_surface"].astype("float64").groupby(part_qpv)
        weight = parts["part_surface"].where(
            surface.transform("count") == surface.transform("size")
        )
        weight = weight.mask(surface.transform("size") == 1, 1.0)

        by_part = pd.DataFrame(
            {"commune": parts["commune"].to_numpy(), "qpv": part_qpv, "part": range(len(parts))}
        ).merge(perimeters, on="commune")
        by_name = named.assign(qpv=codes.get_indexer(pd.Index(named["qpv"])), part=-1)
        pairs = pd.concat([by_part, by_name.loc[by_name["qpv"] >= 0]])
        devices = pd.Index(pairs["dispositif_id"].unique()).sort_values()
        pairs = pairs.assign(device=devices.get_indexer(pd.Index(pairs["dispositif_id"])))
        pairs = pairs.sort_values(["qpv", "device"], kind="stable")
        return cls(
            qpv=codes,
            devices=devices,
            part_qpv=part_qpv,
            part_weight=weight.to_numpy("float64"),
            link_qpv=pairs["qpv"].to_numpy(np.intp),
            link_device=pairs["device"].to_numpy(np.intp),
            link_part=pairs["part"].to_numpy(np.intp),
        )

    def count(self, devices: Collection[str], qpv: Collection[str]) -> int:
        """Count the devices (ids) that hold one of the QPV (codes), in whole or in part."""
        met = self.devices.isin(list(devices))[self.link_device]
        met &= self.qpv.isin(list(qpv))[self.link_qpv]
        return len(np.unique(self.link_device[met]))


@dataclass(frozen=True, eq=False)
class Ground:
    """What does not depend on the date: territories, and perimeters once unfolded.

    ``dispositifs, completude``: of the register.
    ``perimeters``: ``dispositif_id, commune``, unfolded. ``named``: ``dispositif_id, qpv``.
    ``origine``: French words for where the register comes from; "importé" among them when a
      person's list is.
    """

    hierarchy: Hierarchy
    dispositifs: pd.DataFrame
    completude: pd.DataFrame
    perimeters: pd.DataFrame
    named: pd.DataFrame
    origine: str = ""

    @classmethod
    def of(cls, tables: Snapshot, register: Register) -> Ground:
        """Unfold the perimeters of a register over the territories of a snapshot."""
        hierarchy = Hierarchy(tables)
        return cls(
            hierarchy=hierarchy,
            dispositifs=register.dispositifs,
            completude=register.completude,
            perimeters=unfold_perimeters(register.perimetres, register.dispositifs, hierarchy),
            named=named_qpv(register.perimetres),
            origine=register.origine,
        )

    @property
    def collected(self) -> str:
        """French words for the register and where it comes from, to be put in a sentence."""
        return f"registre {self.origine}".strip()

    @property
    def qpv(self) -> pd.DataFrame:
        """``code, nom, communes, epci, intercommunalite, departement, region, population``."""
        frame: pd.DataFrame = self.hierarchy.tables.qpv
        return frame

    @property
    def qpv_communes(self) -> pd.DataFrame:
        """``qpv, commune, part_surface``."""
        return self.hierarchy.tables.qpv_communes

    @property
    def units(self) -> pd.DataFrame:
        """See `Hierarchy.units`."""
        return self.hierarchy.units

    @property
    def outside(self) -> pd.DataFrame:
        """See `Hierarchy.outside`."""
        return self.hierarchy.outside

    @cached_property
    def located(self) -> frozenset[str]:
        """Ids of the devices whose perimeter is known, be it by its seat only."""
        return frozenset([*self.perimeters["dispositif_id"], *self.named["dispositif_id"]])

    @cached_property
    def links(self) -> Links:
        """QPV and the devices of the register that hold them."""
        return Links.of(self.qpv, self.qpv_communes, self.perimeters, self.named)

    def held_by(self, devices: Collection[str]) -> pd.DataFrame:
        """Rows of `perimeters` of some devices (ids)."""
        return self.perimeters.loc[self.perimeters["dispositif_id"].isin(list(devices))]

    def qpv_in(self, territory: Territory) -> pd.Series:
        """Codes of the QPV counted in a territory: see `qpv_of`."""
        codes: pd.Series = self.qpv.loc[qpv_of(self, territory), "code"]
        return codes

    def units_in(self, territory: Territory) -> pd.DataFrame:
        """Units of a territory, then the communes that only its QPV make known (``code`` alone)."""
        units = self.units.loc[inside(self.units, territory)]
        outside = self.outside.loc[self.outside["qpv"].isin(self.qpv_in(territory)), "commune"]
        return pd.concat([units, pd.DataFrame({"code": outside.unique()})])


def complete_qpv(ground: Ground, type_: str, on: dt.date) -> frozenset[str]:
    """List the QPV where the register is declared complete for a type on a date.

    A commune of a QPV is declared when a declaration of that type, dated on or before ``on``,
    names France, its région, its département, its EPCI (or EPT), the commune itself, or the
    commune it belongs to (city of an arrondissement, parent of a former commune). A QPV is
    declared when **all** its communes are: knowing half of a QPV is not knowing it. A declaration
    without a readable date counts for nothing. Withdrawing one is removing its line. The QPV tells
    what holds the communes that no unit is.
    """
    valid = _valid(ground, type_, on)
    if valid.empty:
        return frozenset()
    pairs = ground.qpv_communes[["qpv", "commune"]].rename(columns={"commune": "code"})
    rows = pairs.merge(ground.units[["code", "commune", *ANCESTORS]], on="code", how="left")
    own = ground.qpv.set_index("code")[ANCESTORS].reindex(rows["qpv"]).set_axis(rows.index)
    rows[ANCESTORS] = rows[ANCESTORS].fillna(own)
    whole = _declared(rows, valid).groupby(rows["qpv"]).all()
    return frozenset(whole.index[whole])


def is_complete(ground: Ground, type_: str, on: dt.date, territory: Territory) -> bool:
    """Tell whether the register is declared complete for a type in a whole territory, QPV excepted.

    Every commune of the territory must be declared, as in `complete_qpv`: by France, its région,
    its département, its EPCI or itself. Eleven of the twelve départements of a région are not
    the région.
    """
    valid = _valid(ground, type_, on)
    units = ground.units.loc[inside(ground.units, territory)]
    everywhere = bool((valid["niveau"] == "france").any())
    return everywhere or (len(units) > 0 and bool(_declared(units, valid).all()))


def _valid(ground: Ground, type_: str, on: dt.date) -> pd.DataFrame:
    rows = ground.completude
    dates = pd.to_datetime(rows["date"], format="ISO8601", errors="coerce")
    return rows.loc[(rows["type"] == type_) & (dates <= pd.Timestamp(on))]


def _declared(rows: pd.DataFrame, valid: pd.DataFrame) -> pd.Series:
    """Tell which communes (``code``, ``commune`` they belong to, and ancestors) are declared."""
    found = pd.Series(data=bool((valid["niveau"] == "france").any()), index=rows.index)
    levels = {"commune": ["code", "commune"], "epci": _EPCI}
    for level in ("commune", "epci", "departement", "region"):
        codes = valid.loc[valid["niveau"] == level, "code"].tolist()
        found |= rows[levels.get(level, [level])].isin(codes).any(axis=1)
    return found
