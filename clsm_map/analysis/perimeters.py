"""From the perimeters that pages give to the communes and QPV that devices hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

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

    Attributes
    ----------
    communes : DataFrame
        ``code, nom, epci, intercommunalite, departement, region, population``.
    arrondissements : DataFrame
        ``code, nom, commune, departement, region, epci, intercommunalite, population``.
    anciennes_communes : DataFrame
        ``code, nom, commune`` (today's parent), ``population``.
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

        Returns
        -------
        DataFrame
            ``code, nom, commune, nature, epci, intercommunalite, departement, region,
            population``: the communes (less Paris, Lyon and Marseille), the arrondissements of
            these three and the former communes. ``commune`` is today's commune; ``nature`` is
            ``commune``, ``arrondissement`` or ``ancienne``.
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

        Returns
        -------
        DataFrame
            ``nature`` (``commune`` or ``epci``), ``code``, ``commune`` (a code of `units`).
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

    Parameters
    ----------
    perimetres : DataFrame
        ``dispositif_id, nature`` (``commune``, ``epci``, ``qpv``), ``code``.
    dispositifs : DataFrame
        ``id, perimetre_origine, commune_siege``.
    hierarchy : Hierarchy
        The territories.

    Returns
    -------
    DataFrame
        ``dispositif_id, commune``, without duplicates, sorted. A commune code that the hierarchy
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

    Parameters
    ----------
    perimetres : DataFrame
        ``dispositif_id, nature, code``.

    Returns
    -------
    DataFrame
        ``dispositif_id, qpv``, without duplicates.
    """
    rows = perimetres.loc[perimetres["nature"] == "qpv", ["dispositif_id", "code"]]
    return rows.set_axis(["dispositif_id", "qpv"], axis=1).drop_duplicates(ignore_index=True)
