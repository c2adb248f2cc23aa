"""The quartiers prioritaires: where they lie, and what they weigh in each territory."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clsm_map.build.indicators import indicator_rows
from clsm_map.build.mergers import Changes, strict_sum
from clsm_map.build.schemas import MILLESIMES, columns_of
from clsm_map.build.territories import Territories
from clsm_map.domain.territories import FRANCE, MGP, OVERSEAS, PLM, metric_crs

SHARE: Final = 0.10
"""Least share of a QPV's area for an arrondissement to count among those that hold it."""


def build_qpv_communes(qpv: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the communes of each QPV; in Paris, Lyon and Marseille, the arrondissements.

    ``qpv``: code_qpv, codes_communes (";" between codes), departement, geometry (WGS 84).
    ``units``: code, type, geometry: full-detail contours (see `Territories.units`).

    Gives qpv, commune (the register's own code), part_surface: share of the QPV's area that lies
    in it (0 to 1, metric projection of the département), given for all the communes of a QPV that
    has several and for the arrondissements, else NaN. The one commune of a QPV that has no contour
    any more (93059, merged) has what the others leave; with two of these, or none with a contour
    (Polynésie française), no share of that QPV is known. Sorted.
    """
    pairs = _by_commune(qpv)
    city = pairs["commune"].isin(list(PLM))
    many = pairs.groupby("code_qpv")["commune"].transform("size") > 1
    parts = units.loc[units["type"] == "ARM", "code"]
    cities = parts.str[:2].map({code[:2]: code for code in PLM})
    arrondissements = pd.DataFrame({"commune": cities, "arrondissement": parts})
    split = pairs[city].merge(arrondissements, on="commune", how="left")
    split["commune"] = split.pop("arrondissement")
    split["part_surface"] = _shares(split, units)
    spread = pairs[many & ~city]
    spread = spread.assign(part_surface=_shares(spread, units))
    kept = [
        pairs[~many & ~city].assign(part_surface=np.nan),
        _with_the_rest(pd.concat([split[split["part_surface"] >= SHARE], spread])),
    ]
    found = pd.concat(kept).rename(columns={"code_qpv": "qpv"})
    columns = ["qpv", "commune", "part_surface"]
    return found[columns].sort_values(["qpv", "commune"], ignore_index=True)


def _by_commune(qpv: pd.DataFrame) -> pd.DataFrame:
    """Give one row per QPV and commune that the register names."""
    named = qpv[["code_qpv", "departement", "geometry"]].assign(
        commune=qpv["codes_communes"].str.split(";")
    )
    pairs = named.explode("commune", ignore_index=True)
    return pairs.assign(commune=pairs["commune"].str.strip())


def _areas(quarters: pd.Series, places: pd.Series, crs: int) -> tuple[np.ndarray, np.ndarray]:
    """Areas (m²) that each QPV has in the place beside it, and in all."""
    ground, drawn = (
        gpd.GeoSeries(list(shapes), crs=4326).to_crs(crs).to_numpy()
        for shapes in (quarters, places)
    )
    return shapely.area(shapely.intersection(ground, drawn)), shapely.area(ground)


def _shares(pairs: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Share of each QPV's area in the commune beside it; NaN where it has no contour."""
    rank = units["type"].map({"COM": 0, "ARM": 1}).fillna(2)
    drawn = units.assign(rank=rank)[units["geometry"].notna()].sort_values("rank")
    shapes = drawn.drop_duplicates("code").set_index("code")["geometry"]
    place = pairs["commune"].map(shapes)
    share = pd.Series(np.nan, index=pairs.index)
    for crs, rows in pairs[place.notna()].groupby(pairs["departement"].map(metric_crs)):
        common, whole = _areas(rows["geometry"], place[rows.index], crs)
        share[rows.index] = common / whole
    return share.round(4)


def _with_the_rest(pairs: pd.DataFrame) -> pd.DataFrame:
    """Give the one commune without contour what the others leave; no share at all beyond one."""
    share, owner = pairs["part_surface"], pairs["code_qpv"]
    unknown = share.isna().groupby(owner).transform("sum")
    rest = (1 - share.groupby(owner).transform("sum")).clip(lower=0).round(4)
    filled = share.fillna(rest).where(
        (unknown == 0) | ((unknown == 1) & share.groupby(owner).transform("any"))
    )
    return pairs.assign(part_surface=filled)


def build_qpv(qpv: pd.DataFrame, territories: Territories, changes: Changes) -> pd.DataFrame:
    """Arrange the register of QPV.

    ``qpv``: as given by `clsm_map.build.sources.read_qpv`.

    Gives columns of the snapshot. Within Grand Paris, ``intercommunalite`` is the EPT, or Paris; a
    QPV over two EPT takes the one that holds most of its area. Communes bear their official names,
    in the order of their codes; see `_names`.
    """
    offered = _main_ept(qpv[qpv["epci"] == MGP], territories, changes)
    frame = qpv.rename(
        columns={
            "code_qpv": "code",
            "nom_qpv": "nom",
            "codes_communes": "communes",
            "population_2020": "population",
        }
    ).assign(
        noms_communes=_names(qpv, territories),
        intercommunalite=qpv["epci"].where(qpv["epci"] != MGP, qpv["code_qpv"].map(offered)),
        millesime=MILLESIMES["qpv"],
    )
    return frame[columns_of("qpv")].sort_values("code", ignore_index=True)


def _names(qpv: pd.DataFrame, territories: Territories) -> list[str]:
    """Name the communes of each QPV, in the order of their codes.

    The register of QPV drops articles ("Courneuve") and the communes that have merged since: it
    only names what the code officiel does not, before the collectivité d'outre-mer.
    """
    known: dict[str, str] = {}
    for table in (territories.anciennes_communes, territories.communes_all):
        known |= dict(zip(table["code"], table["nom"], strict=True))
    columns = qpv["codes_communes"], qpv["noms_communes"].fillna(""), qpv["departement"]
    return [
        ";".join(
            dict.fromkeys(
                known.get(code) or written or OVERSEAS.get(departement, code)
                for code, written in zip_longest(codes.split(";"), names.split(";"))
                if code
            )
        )
        for codes, names, departement in zip(*columns, strict=True)
    ]


def _main_ept(qpv: pd.DataFrame, territories: Territories, changes: Changes) -> pd.Series:
    """EPT (or Paris) that holds most of each QPV of Grand Paris, indexed by QPV."""
    pairs = _by_commune(qpv)
    pairs["commune"] = pairs["commune"].map(changes.today)
    communes = territories.communes_all.set_index("code")
    pairs["ept"] = pairs["commune"].map(communes["intercommunalite"])
    pairs = pairs[pairs["ept"].isin(territories.ept["code"])]
    units = territories.units
    ground = units[units["type"] == "COM"].set_index("code")["geometry"]
    places = pairs["commune"].map(ground)
    pairs = pairs.assign(area=_areas(pairs["geometry"], places, metric_crs("75"))[0])
    shared = pairs.groupby(["code_qpv", "ept"])["area"].sum().reset_index()
    largest = shared.sort_values(["area", "ept"]).drop_duplicates("code_qpv", keep="last")
    return largest.set_index("code_qpv")["ept"]


COUNT: Final = "nombre_qpv"
PEOPLE: Final = "population_qpv_2024"
VERSION_YEAR: Final = 2026
"""Year of the version of the list of QPV."""
CENSUS_YEAR: Final = 2020
"""Year of the population of QPV."""


def qpv_weights(
    qpv: pd.DataFrame, qpv_communes: pd.DataFrame, territories: Territories, changes: Changes
) -> pd.DataFrame:
    """Count the QPV of each territory, and their inhabitants where none is missing.

    ``qpv``: code, communes, epci, intercommunalite, departement, region, population.
    ``qpv_communes``: qpv, commune.

    Gives niveau, code, indicateur, annee, valeur, statut. A QPV counts once in each territory that
    it touches; its inhabitants cannot be split and count in the one that the register gives it.
    Inhabitants are missing as soon as those of one QPV are.
    """
    touched = _touched(qpv, qpv_communes, territories, changes)
    held = {
        "epci": pd.concat([_link(qpv, "epci"), _link(qpv, "intercommunalite")]),
        "departement": _link(qpv, "departement"),
        "region": _link(qpv, "region"),
    }
    codes = territories.codes | {"arrondissement": territories.arrondissements["code"]}
    people = qpv.set_index("code")["population"]
    parts = []
    for level, known in codes.items():
        pairs = touched[level].dropna().drop_duplicates()
        count = pairs.groupby("unit").size().reindex(known.to_numpy(), fill_value=0)
        parts.append(_rows(count.astype(float), level, COUNT, VERSION_YEAR))
        if level in held:
            own = held[level].dropna().drop_duplicates()
            total = strict_sum(own["code"].map(people), own["unit"]).reindex(known.to_numpy())
            total[~total.index.isin(own["unit"])] = 0.0
            parts.append(_rows(total, level, PEOPLE, CENSUS_YEAR))
    return pd.concat(parts, ignore_index=True)


def _touched(
    qpv: pd.DataFrame, qpv_communes: pd.DataFrame, territories: Territories, changes: Changes
) -> dict[str, pd.DataFrame]:
    """Pairs of a QPV (code) and a territory that it touches (unit), by level."""
    named = qpv[["code"]].assign(unit=qpv["communes"].str.split(";")).explode("unit")
    named["unit"] = named["unit"].str.strip().map(changes.today)
    communes = territories.communes_all.set_index("code")
    above = [
        named.assign(unit=named["unit"].map(communes[c])) for c in ("epci", "intercommunalite")
    ]
    return {
        "commune": named,
        "arrondissement": qpv_communes.rename(columns={"qpv": "code", "commune": "unit"}),
        "epci": pd.concat([*above, _link(qpv, "epci"), _link(qpv, "intercommunalite")]),
        "departement": _link(qpv, "departement"),
        "region": _link(qpv, "region"),
        "france": qpv[["code"]].assign(unit=FRANCE.code),
    }


def _link(qpv: pd.DataFrame, column: str) -> pd.DataFrame:
    """Pairs of a QPV and the territory that the register gives it."""
    return qpv[["code", column]].rename(columns={column: "unit"})


def _rows(values: pd.Series, level: str, indicator: str, year: int) -> pd.DataFrame:
    """Rows of a count."""
    status = np.where(values.isna(), "manquant", "disponible")
    return indicator_rows(values, status, level, indicator, year)
