"""What a territory is compared with: a territory above it, or several territories together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from clsm_map.analysis.ground import Hierarchy, inside, qpv_of
from clsm_map.domain.errors import UnknownTerritoryError
from clsm_map.domain.territories import (
    FRANCE,
    LEVEL_LABELS,
    MGP,
    OVERSEAS,
    OVERSEAS_COLLECTIVITIES,
    Level,
    Territory,
)
from clsm_map.store.territories import frame_of

if TYPE_CHECKING:
    from clsm_map.store.snapshot import Snapshot

HEXAGON_REGIONS: Final = frozenset(
    {"11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93"}
)
"""The twelve régions of mainland France: neither Corsica nor overseas."""


@dataclass(frozen=True, slots=True)
class Group:
    """Territories taken together.

    ``kind``: all the QPV of ``territory``, or mainland France.
    ``territory``: where the QPV are; France for mainland France.
    """

    kind: Literal["qpv", "hexagone"]
    territory: Territory = FRANCE

    @property
    def nom(self) -> str:
        """Name as people read it."""
        if self.kind == "hexagone":
            return "France hexagonale (sans la Corse ni l’outre-mer)"
        return f"ensemble des QPV ({self.territory.nom})"

    @property
    def key(self) -> str:
        """``hexagone``, or ``qpv@level:code``."""
        return "hexagone" if self.kind == "hexagone" else f"qpv@{self.territory.key}"


Operand = Territory | Group
"""What has a value: one territory, or several together."""

HEXAGON: Final = Group("hexagone")


def ancestors(tables: Snapshot, territory: Territory) -> dict[Level, Territory]:
    """List the territories that hold a territory, the smallest first.

    The territory itself is left out. A QPV over several communes has no commune; in Paris, Lyon
    and Marseille one that lies in a single arrondissement has it too. An EPCI belongs to the
    département of most of its inhabitants.

    Raises `UnknownTerritoryError`: the code is not one of that level.
    """
    if territory.level == "france":
        return {}
    if territory.level == "departement" and territory.code in OVERSEAS_COLLECTIVITIES:
        return {"france": FRANCE}
    row = _row(tables, territory)
    above: dict[Level, str] = {}
    if territory.level == "qpv":
        above |= _communes_of_qpv(tables, territory.code, str(row["communes"]))
    if territory.level == "arrondissement":
        above["commune"] = str(row["commune"])
    columns: tuple[tuple[Level, str], ...] = (
        ("epci", "intercommunalite"),
        ("departement", "departement"),
        ("region", "region"),
    )
    for level, column in columns:
        if column in row.index and level != territory.level and pd.notna(row[column]):
            above[level] = str(row[column])
    named: dict[Level, Territory] = {
        level: Territory(level, code, name_of(tables, level, code)) for level, code in above.items()
    }
    return named | {"france": FRANCE}


def references(tables: Snapshot, territory: Territory) -> tuple[Operand, ...]:
    """List what a territory may be compared with, the nearest first.

    Gives territories that hold it, then mainland France if it lies there; for a QPV, also all the
    QPV of each of these territories together.
    """
    above = ancestors(tables, territory)
    found: list[Operand] = list(above.values())
    if above.get("region", territory).code in HEXAGON_REGIONS:
        found.append(HEXAGON)
    if territory.level == "qpv":
        found += [Group("qpv", holder) for holder in above.values()]
    return tuple(found)


def default_reference(tables: Snapshot, territory: Territory) -> Operand:
    """Give what a territory is compared with when nothing is said.

    Gives its département for a QPV, a commune, an arrondissement or an EPCI (where most indicators
    are published); France for a département or a région, and for France itself.
    """
    if territory.level in {"departement", "region", "france"}:
        return FRANCE
    return ancestors(tables, territory).get("departement", FRANCE)


def name_of(tables: Snapshot, level: Level, code: str) -> str:
    """Name a territory; overseas collectivités that are no département are known too.

    Raises `UnknownTerritoryError`: the code is not one of that level.
    """
    if level == "departement" and code in OVERSEAS:
        return OVERSEAS[code]
    return str(_row(tables, Territory(level, code, code))["nom"])


def members(tables: Snapshot, level: Level, place: Territory = FRANCE) -> pd.DataFrame:
    """List the territories of a level, in France or inside one of them.

    ``level``: not ``france``.

    Gives ``code, nom, population`` (missing where unknown). At level ``epci``, those offered.
    """
    frame = pd.DataFrame(frame_of(tables, level))
    kept = qpv_of(Hierarchy(tables), place) if level == "qpv" else inside(frame, place)
    frame = frame.loc[kept]
    return frame[["code", "nom", "population"]].reset_index(drop=True)


def inhabitants_2020(tables: Snapshot, territory: Territory) -> float:
    """Count the inhabitants of a territory at the census of its QPV; missing where not known."""
    if territory.level == "france":
        return float(tables.regions["population_2020"].sum(skipna=False))
    frame = pd.DataFrame(frame_of(tables, territory.level))
    rows = frame.loc[frame["code"] == territory.code, "population_2020"]
    return float(rows.astype(float).sum(min_count=1))


def qpv_codes(tables: Snapshot, territory: Territory) -> pd.Series:
    """List the QPV that are counted in a territory (see `clsm_map.analysis.ground.qpv_of`)."""
    codes: pd.Series = tables.qpv.loc[qpv_of(Hierarchy(tables), territory), "code"]
    return codes


def _communes_of_qpv(tables: Snapshot, code: str, communes: str) -> dict[Level, str]:
    above: dict[Level, str] = {}
    pairs = tables.qpv_communes
    parts = pairs.loc[pairs["qpv"] == code, "commune"]
    if len(parts) == 1 and parts.isin(tables.arrondissements["code"]).all():
        above["arrondissement"] = str(parts.iloc[0])
    known = set(tables.communes_all["code"])
    former = tables.anciennes_communes.drop_duplicates("code").set_index("code")["commune"]
    today = {c if c in known else str(former.get(c, c)) for c in communes.split(";")}
    if len(today) == 1 and today <= known:
        above["commune"] = today.pop()
    return above


def _row(tables: Snapshot, territory: Territory) -> pd.Series:
    frame = frame_of(tables, territory.level)
    if territory.level == "epci" and territory.code == MGP:
        frame = tables.epci
    found = frame.loc[frame["code"] == territory.code]
    if found.empty:
        kind = LEVEL_LABELS[territory.level][1]
        raise UnknownTerritoryError(f"« {territory.code} » n’est pas parmi les {kind} connus.")
    return found.iloc[0]
