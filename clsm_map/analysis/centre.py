"""The figures that the national centre publishes, computed on the devices recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import ACTIVE, roles
from clsm_map.analysis.scope import level_codes, qpv_of, units_in
from clsm_map.domain.territories import FRANCE, PLM, Territory

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.ground import Ground, Links


@dataclass(frozen=True, slots=True)
class CentreFigures:
    """Devices, QPV covered and inhabitants, for a type, a date and a territory.

    ``actifs, projets, a_verifier``: devices of the territory by role on the date: see `devices_of`.
    ``debut_inconnu, a_preciser, sans_perimetre``: among ``actifs``: no first year; only the seat is
      known; perimeter unknown.
    ``couvrant_un_qpv``: active devices that hold at least one QPV of the territory, in whole or in
      part.
    ``habitants``: inhabitants of the territory in the perimeters of active devices: see
      `inhabitants`.
    ``qpv, qpv_couverts, qpv_couverts_avec_partiels``: QPV of the territory; ``couvert``;
      ``couvert`` or ``couvert_en_partie``.
    ``habitants_qpv, habitants_qpv_couverts, habitants_qpv_couverts_avec_partiels``: their
      inhabitants where known (RP 2020).
    ``habitants_qpv_couverts_estimes``: between the last two: a QPV covered in part counts for the
      share of its area.
    ``qpv_sans_population``: QPV of the territory whose population is not known.
    """

    actifs: int
    projets: int
    a_verifier: int
    debut_inconnu: int
    a_preciser: int
    sans_perimetre: int
    couvrant_un_qpv: int
    habitants: int
    qpv: int
    qpv_couverts: int
    qpv_couverts_avec_partiels: int
    habitants_qpv: int
    habitants_qpv_couverts: int
    habitants_qpv_couverts_avec_partiels: int
    habitants_qpv_couverts_estimes: int
    qpv_sans_population: int


def centre_figures(coverage: Coverage, territory: Territory = FRANCE) -> CentreFigures:
    """Compute the national centre's figures on the devices recorded.

    Gives every figure counts what the register records, never what exists.
    """
    ground = coverage.ground
    here = coverage.devices["id"].isin(devices_of(ground, territory))
    devices = coverage.devices.loc[here]
    active = devices.loc[devices["role"] == ACTIVE]
    counts = roles(devices)

    qpv = ground.qpv.loc[qpv_of(ground, territory), ["code", "population"]]
    status = coverage.status.set_index("qpv").reindex(qpv["code"])
    statut = status["statut"].to_numpy()
    estimated = qpv["population"].to_numpy() * status["part_couverte"].to_numpy()
    whole = statut == "couvert"
    some = whole | (statut == "couvert_en_partie")
    return CentreFigures(
        actifs=counts["actif"],
        projets=counts["projet"],
        a_verifier=counts["a_verifier"],
        debut_inconnu=int(active["debut_inconnu"].sum()),
        a_preciser=int(active["a_preciser"].sum()),
        sans_perimetre=int((~active["perimetre_connu"]).sum()),
        couvrant_un_qpv=devices_covering(ground.links, active["id"], qpv["code"]),
        habitants=inhabitants(ground, active["id"], territory),
        qpv=len(qpv),
        qpv_couverts=int(whole.sum()),
        qpv_couverts_avec_partiels=int(some.sum()),
        habitants_qpv=int(qpv["population"].sum()),
        habitants_qpv_couverts=int(qpv.loc[whole, "population"].sum()),
        habitants_qpv_couverts_avec_partiels=int(qpv.loc[some, "population"].sum()),
        habitants_qpv_couverts_estimes=round(float(np.nansum(estimated))),
        qpv_sans_population=int(qpv["population"].isna().sum()),
    )


def devices_of(ground: Ground, territory: Territory) -> frozenset[str]:
    """List the devices of a territory.

    A device is of a territory when its perimeter holds one of its communes or names one of its
    QPV; when its perimeter is not known, when its seat lies there (the commune of its seat, else
    its département). A device over two territories is of both: their counts do not add up.
    """
    devices = ground.dispositifs
    if territory.level == "france":
        return frozenset(devices["id"])
    perimeters, named = ground.perimeters, ground.named
    units = ground.units.loc[units_in(ground.units, territory)]
    qpv = ground.qpv.loc[qpv_of(ground, territory), "code"]
    outside = ground.outside.loc[ground.outside["qpv"].isin(qpv), "commune"]
    held = pd.Index(units["code"]).append(pd.Index(outside.unique()))
    holding = held.get_indexer(perimeters["commune"]) >= 0

    located = devices["id"].isin(ground.located)
    departements = {territory.code} if territory.level == "departement" else set()
    if territory.level == "region":
        departements = set(units["departement"])
    by_departement = devices["commune_siege"].isna() & devices["departement"].isin(departements)
    # A seat may be the whole of Paris, Lyon or Marseille: only their arrondissements are units.
    cities = list(PLM) if territory.level == "arrondissement" else []
    seats = held.append(pd.Index(units["commune"])).difference(cities).unique()
    seated = (seats.get_indexer(devices["commune_siege"]) >= 0) | by_departement
    return frozenset(
        [
            *perimeters.loc[holding, "dispositif_id"],
            *named.loc[named["qpv"].isin(qpv), "dispositif_id"],
            *devices.loc[~located & seated, "id"],
        ]
    )


def inhabitants(ground: Ground, ids: pd.Series, territory: Territory = FRANCE) -> int:
    """Count the inhabitants of a territory in the union of the perimeters of some devices.

    ``sum of the municipal populations of the communes (arrondissements in Paris, Lyon and
    Marseille) of the union``, each counted once. A former commune adds its own population only
    when its parent is not in the union; a QPV that is named adds its own only when none of its
    communes is. What has no known population adds nothing.
    """
    held = ground.perimeters.loc[ground.perimeters["dispositif_id"].isin(ids), "commune"].unique()
    units = ground.units.loc[units_in(ground.units, territory) & ground.units["code"].isin(held)]
    inside_parent = (units["nature"] == "ancienne") & units["commune"].isin(held)
    named = ground.named.loc[ground.named["dispositif_id"].isin(ids), "qpv"]
    touched = ground.qpv_communes.loc[ground.qpv_communes["commune"].isin(held), "qpv"]
    alone = (
        qpv_of(ground, territory)
        & ground.qpv["code"].isin(named)
        & ~ground.qpv["code"].isin(touched)
    )
    return int(
        units.loc[~inside_parent, "population"].sum() + ground.qpv.loc[alone, "population"].sum()
    )


def devices_covering(links: Links, active: pd.Series, qpv: pd.Series) -> int:
    """Count the devices given (ids) that hold one of the QPV (codes), in whole or in part."""
    is_active = np.isin(links.link_device, links.devices.get_indexer(pd.Index(active)))
    is_here = np.isin(links.link_qpv, links.qpv.get_indexer(pd.Index(qpv)))
    return len(np.unique(links.link_device[is_active & is_here]))


PER: Final = 100_000


def density(coverage: Coverage, level: str, populations: pd.DataFrame) -> pd.DataFrame:
    """Compute active devices recorded per 100,000 inhabitants.

    ``100 000 × active devices that touch the territory / its municipal population``. A device
    touches a territory when its perimeter holds one of its communes or names one of its QPV;
    where its perimeter is not known, its seat lies there (the commune of its seat, else its
    département, which no EPCI can be told from). It counts whole in each territory
    that it touches, so that the counts of territories do not add up to the national one.

    The register is an extract: zero means that none is *recorded*. Captions must say so.

    ``level``: ``region``, ``departement``, ``epci`` or ``france``.
    ``populations``: ``code, population`` of the territories of that level.

    Gives ``code, valeur, statut`` (``disponible``; ``manquant`` where the population is not known),
    plus ``dispositifs`` (the count), one row per row of ``populations``.
    """
    touched = touched_territories(coverage, level)
    counts = touched.groupby("code")["dispositif_id"].nunique()
    dispositifs = populations["code"].map(counts).fillna(0).astype("int64")
    known = populations["population"] > 0
    valeur = (PER * dispositifs / populations["population"].where(known)).astype("float64")
    return pd.DataFrame(
        {
            "code": populations["code"],
            "valeur": valeur,
            "statut": np.where(known, "disponible", "manquant"),
            "dispositifs": dispositifs,
        }
    ).reset_index(drop=True)


def touched_territories(coverage: Coverage, level: str) -> pd.DataFrame:
    """List the territories of a level that each active device touches.

    ``level``: ``region``, ``departement``, ``epci`` or ``france``.

    Gives ``dispositif_id, code``, without duplicates.
    """
    ground = coverage.ground
    active = coverage.devices.loc[coverage.devices["role"] == ACTIVE]
    units = ground.units.assign(territoire=level_codes(ground.units, level))
    qpv = ground.qpv.assign(territoire=level_codes(ground.qpv, level))
    outside = qpv.merge(ground.outside, left_on="code", right_on="qpv")
    by_commune = pd.concat(
        [
            units[["code", "territoire"]].set_axis(["commune", "territoire"], axis=1),
            outside[["commune", "territoire"]],
        ]
    )

    unlocated = active.loc[~active["perimetre_connu"], "id"]
    seats = ground.dispositifs.loc[ground.dispositifs["id"].isin(unlocated)]
    by_seat = seats[["id", "commune_siege", "departement"]].rename(columns={"id": "dispositif_id"})
    by_seat = by_seat.merge(by_commune, left_on="commune_siege", right_on="commune", how="left")
    if level in {"departement", "region", "france"}:
        held = units.drop_duplicates("departement").set_index("departement")["territoire"]
        by_seat["territoire"] = by_seat["territoire"].fillna(by_seat["departement"].map(held))
    rows = pd.concat(
        [
            ground.perimeters.merge(by_commune, on="commune"),
            ground.named.merge(qpv[["code", "territoire"]], left_on="qpv", right_on="code"),
            by_seat,
        ]
    )
    rows = rows.loc[rows["dispositif_id"].isin(active["id"]), ["dispositif_id", "territoire"]]
    return (
        rows.dropna()
        .drop_duplicates()
        .rename(columns={"territoire": "code"})
        .reset_index(drop=True)
    )
