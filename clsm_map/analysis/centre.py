"""The figures that the national centre publishes, computed on the devices recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import ACTIVE, roles
from clsm_map.analysis.ground import inside, level_codes, qpv_of
from clsm_map.domain.devices import TOUCHED
from clsm_map.domain.territories import FRANCE, PLM, Territory

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.ground import Ground


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
    """Compute the national centre's figures: what the register records, never what exists."""
    ground = coverage.ground
    devices = coverage.devices.loc[coverage.devices["id"].isin(devices_of(ground, territory))]
    active = devices.loc[devices["role"] == ACTIVE]
    counts = roles(devices)
    here = ground.qpv.loc[qpv_of(ground, territory), ["code", "population"]]
    qpv = here.merge(coverage.status, left_on="code", right_on="qpv", how="left")
    people = qpv["population"]
    whole = qpv["statut"] == "couvert"
    some = TOUCHED.mask(qpv["statut"])
    return CentreFigures(
        actifs=counts["actif"],
        projets=counts["projet"],
        a_verifier=counts["a_verifier"],
        debut_inconnu=int(active["debut_inconnu"].sum()),
        a_preciser=int(active["a_preciser"].sum()),
        sans_perimetre=int((~active["perimetre_connu"]).sum()),
        couvrant_un_qpv=ground.links.count(active["id"], qpv["code"]),
        habitants=inhabitants(ground, active["id"], territory),
        qpv=len(qpv),
        qpv_couverts=int(whole.sum()),
        qpv_couverts_avec_partiels=int(some.sum()),
        habitants_qpv=int(people.sum()),
        habitants_qpv_couverts=int(people[whole].sum()),
        habitants_qpv_couverts_avec_partiels=int(people[some].sum()),
        habitants_qpv_couverts_estimes=round(float((people * qpv["part_couverte"]).sum())),
        qpv_sans_population=int(people.isna().sum()),
    )


def devices_of(ground: Ground, territory: Territory) -> frozenset[str]:
    """List the devices of a territory.

    A device is of a territory when its perimeter holds one of its communes or names one of its
    QPV; when its perimeter is not known, when its seat lies there (the commune of its seat, else
    its département). A device over two territories is of both: their counts do not add up.
    """
    devices, level = ground.dispositifs, territory.level
    if level == "france":
        return frozenset(devices["id"])
    units = ground.units_in(territory)
    holding = ground.perimeters["commune"].isin(units["code"])
    naming = ground.named["qpv"].isin(ground.qpv_in(territory))
    departements = {territory.code} if level == "departement" else set[str]()
    if level == "region":
        departements = set(units["departement"].dropna())
    by_departement = devices["commune_siege"].isna() & devices["departement"].isin(departements)
    # A seat may be the whole of Paris, Lyon or Marseille: only their arrondissements are units.
    cities = set(PLM) if level == "arrondissement" else set[str]()
    seats = {*units["code"], *units["commune"].dropna()} - cities
    seated = devices["commune_siege"].isin(seats) | by_departement
    return frozenset(
        [
            *ground.perimeters.loc[holding, "dispositif_id"],
            *ground.named.loc[naming, "dispositif_id"],
            *devices.loc[seated & ~devices["id"].isin(ground.located), "id"],
        ]
    )


def inhabitants(ground: Ground, ids: Collection[str], territory: Territory = FRANCE) -> int:
    """Count the inhabitants of a territory in the union of the perimeters of some devices.

    ``sum of the municipal populations of the communes (arrondissements in Paris, Lyon and
    Marseille) of the union``, each counted once. A former commune adds its own population only
    when its parent is not in the union; a QPV that is named adds its own only when none of its
    communes is. What has no known population adds nothing.
    """
    held = ground.held_by(ids)["commune"].unique()
    units = ground.units.loc[inside(ground.units, territory) & ground.units["code"].isin(held)]
    own = (units["nature"] != "ancienne") | ~units["commune"].isin(held)
    named = ground.named.loc[ground.named["dispositif_id"].isin(list(ids)), "qpv"]
    touched = ground.qpv_communes.loc[ground.qpv_communes["commune"].isin(held), "qpv"]
    codes = ground.qpv["code"]
    alone = qpv_of(ground, territory) & codes.isin(named) & ~codes.isin(touched)
    return int(units.loc[own, "population"].sum() + ground.qpv.loc[alone, "population"].sum())


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
    counts = _touched(coverage, level).groupby("code")["dispositif_id"].nunique()
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


def _touched(coverage: Coverage, level: str) -> pd.DataFrame:
    """Pair each active device with the territories of a level that it touches."""
    ground = coverage.ground
    units = ground.units.assign(territoire=level_codes(ground.units, level))
    qpv = ground.qpv[["code"]].assign(territoire=level_codes(ground.qpv, level))
    qpv = qpv.rename(columns={"code": "qpv"})
    known = units[["code", "territoire"]].rename(columns={"code": "commune"})
    by_commune = pd.concat([known, qpv.merge(ground.outside, on="qpv")[known.columns]])
    seats = ground.dispositifs.loc[
        ~ground.dispositifs["id"].isin(ground.located), ["id", "commune_siege", "departement"]
    ].set_axis(["dispositif_id", "commune", "departement"], axis=1)
    by_seat = seats.merge(by_commune, on="commune", how="left")
    if level != "epci":
        above = units.drop_duplicates("departement").set_index("departement")["territoire"]
        by_seat["territoire"] = by_seat["territoire"].fillna(by_seat["departement"].map(above))
    held, named = (
        ground.perimeters.merge(by_commune, on="commune"),
        ground.named.merge(qpv, on="qpv"),
    )
    pairs = pd.concat([held, named, by_seat])[["dispositif_id", "territoire"]].dropna()
    pairs = pairs.loc[pairs["dispositif_id"].isin(coverage.active)]
    return pairs.rename(columns={"territoire": "code"})
