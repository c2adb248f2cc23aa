"""Tables of the quartiers prioritaires and of the communes and arrondissements they lie in."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clsm_map.domain.territories import MGP, OVERSEAS, PLM, metric_crs
from clsm_map.sources.mergers import Changes
from clsm_map.sources.territories import Territories

MILLESIME: Final = "géographie 2024, version de janvier 2026"
SHARE: Final = 0.10
"""Least share of a QPV's area for an arrondissement to count among those that hold it."""


def build_qpv_communes(qpv: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the communes of each QPV; in Paris, Lyon and Marseille, the arrondissements.

    Parameters
    ----------
    qpv : pandas.DataFrame
        code_qpv, codes_communes (";" between codes), departement, geometry.
    units : pandas.DataFrame
        code, type, geometry: full-detail contours (see `Territories.units`).

    Returns
    -------
    pandas.DataFrame
        qpv, commune (the register's own code), part_surface: share of the QPV's area in the
        arrondissement, measured in Lambert-93; NaN elsewhere. Sorted.
    """
    pairs = qpv[["code_qpv"]].assign(commune=qpv["codes_communes"].str.split(";"))
    pairs = pairs.explode("commune", ignore_index=True)
    pairs["commune"] = pairs["commune"].str.strip()
    city = pairs["commune"].isin(list(PLM))
    inside = qpv[qpv["code_qpv"].isin(pairs.loc[city, "code_qpv"])]
    shares = [
        shares_by_arrondissement(inside[inside["code_qpv"].isin(own)], units, code)
        for code in PLM
        for own in (pairs.loc[pairs["commune"] == code, "code_qpv"],)
    ]
    kept = pairs[~city].rename(columns={"code_qpv": "qpv"}).assign(part_surface=np.nan)
    return pd.concat([kept, *shares]).sort_values(["qpv", "commune"], ignore_index=True)


def shares_by_arrondissement(qpv: pd.DataFrame, units: pd.DataFrame, city: str) -> pd.DataFrame:
    """Measure how the area of each QPV is split between the arrondissements of a city.

    Parameters
    ----------
    qpv : pandas.DataFrame
        code_qpv, geometry (WGS 84): the QPV of the city.
    units : pandas.DataFrame
        code, type, geometry.
    city : str
        Commune code.

    Returns
    -------
    pandas.DataFrame
        qpv, commune, part_surface (0 to 1); shares under `SHARE` left out.
    """
    own = units[(units["type"] == "ARM") & (units["code"].str[:2] == city[:2])]
    crs = metric_crs(city[:2])
    places = gpd.GeoSeries(own["geometry"].to_numpy(), crs=4326).to_crs(crs).to_numpy()
    quarters = gpd.GeoSeries(qpv["geometry"].to_numpy(), crs=4326).to_crs(crs).to_numpy()
    crossing = shapely.area(shapely.intersection(quarters[:, None], places[None, :]))
    share = crossing / shapely.area(quarters)[:, None]
    rows, columns = np.nonzero(share >= SHARE)
    return pd.DataFrame(
        {
            "qpv": qpv["code_qpv"].to_numpy()[rows],
            "commune": own["code"].to_numpy()[columns],
            "part_surface": share[rows, columns].round(4),
        }
    )


def build_qpv(qpv: pd.DataFrame, territories: Territories, changes: Changes) -> pd.DataFrame:
    """Arrange the register of QPV.

    Parameters
    ----------
    qpv : pandas.DataFrame
        As given by `clsm_map.sources.readers.facts.read_qpv`.
    territories : Territories
    changes : Changes

    Returns
    -------
    pandas.DataFrame
        Columns of the snapshot. Within Grand Paris, ``intercommunalite`` is the EPT, or Paris;
        a QPV over two EPT takes the one that holds most of its area. Where the register does not
        name the communes, their names of today, or that of the collectivité d'outre-mer.
    """
    offered = _main_ept(qpv[qpv["epci"] == MGP], territories, changes)
    frame = pd.DataFrame(
        {
            "code": qpv["code_qpv"],
            "nom": qpv["nom_qpv"],
            "evolution": qpv["evolution"],
            "communes": qpv["codes_communes"],
            "noms_communes": qpv["noms_communes"].fillna(_names(qpv, territories)),
            "epci": qpv["epci"],
            "intercommunalite": qpv["epci"].where(qpv["epci"] != MGP, qpv["code_qpv"].map(offered)),
            "departement": qpv["departement"],
            "region": qpv["region"],
            "surface_ha": qpv["surface_ha"],
            "population": qpv["population_2020"],
            "longitude": qpv["longitude"],
            "latitude": qpv["latitude"],
            "millesime": MILLESIME,
            "geometry": qpv["geometry"],
        }
    )
    return frame.sort_values("code", ignore_index=True)


def _names(qpv: pd.DataFrame, territories: Territories) -> pd.Series:
    """Name the communes of each QPV, or else the collectivité d'outre-mer it lies in."""
    former = territories.anciennes_communes.drop_duplicates("code").set_index("code")["nom"]
    known = territories.communes_all.set_index("code")["nom"]
    names = pd.concat([known, former[former.index.difference(known.index)]])
    pairs = qpv["codes_communes"].str.split(";").explode().str.strip()
    collectivity = qpv["departement"].map(OVERSEAS).reindex(pairs.index)
    named = pairs.map(names).fillna(collectivity)
    return named.groupby(level=0).agg(lambda found: ";".join(dict.fromkeys(found)))


def _main_ept(qpv: pd.DataFrame, territories: Territories, changes: Changes) -> pd.Series:
    """EPT (or Paris) that holds most of each QPV of Grand Paris, indexed by QPV."""
    pairs = qpv[["code_qpv", "geometry"]].assign(commune=qpv["codes_communes"].str.split(";"))
    pairs = pairs.explode("commune", ignore_index=True)
    pairs["commune"] = pairs["commune"].str.strip().map(changes.today)
    communes = territories.communes_all.set_index("code")
    pairs["ept"] = pairs["commune"].map(communes["intercommunalite"])
    pairs = pairs[pairs["ept"].isin(territories.ept["code"])]
    units = territories.units
    ground = units[units["type"] == "COM"].set_index("code")["geometry"]
    crs = metric_crs("75")
    quarters, places = (
        gpd.GeoSeries(list(shapes), crs=4326).to_crs(crs).to_numpy()
        for shapes in (pairs["geometry"], pairs["commune"].map(ground))
    )
    pairs["area"] = shapely.area(shapely.intersection(quarters, places))
    shared = pairs.groupby(["code_qpv", "ept"])["area"].sum().reset_index()
    largest = shared.sort_values(["area", "ept"]).drop_duplicates("code_qpv", keep="last")
    return largest.set_index("code_qpv")["ept"]
