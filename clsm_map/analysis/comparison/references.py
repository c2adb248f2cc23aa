"""What a territory is compared with: a territory above it, or several territories together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

import pandas as pd

from clsm_map.analysis.ground import Ground, Hierarchy, QpvTables
from clsm_map.analysis.scope import qpv_of
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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clsm_map.domain.indicators import Indicator

GroupKind = Literal["qpv", "hexagone"]

HEXAGON_REGIONS: Final = frozenset(
    {"11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93"}
)
"""The twelve régions of mainland France: neither Corsica nor overseas."""

HEXAGON_NAME: Final = "France hexagonale (sans la Corse ni l’outre-mer)"


class IndicatorTables(QpvTables, Protocol):
    """The tables and indicators of the snapshot that comparisons are computed from."""

    @property
    def intercommunalites(self) -> pd.DataFrame:
        """EPCI offered, EPT and Paris in place of the Métropole du Grand Paris."""

    @property
    def epci(self) -> pd.DataFrame:
        """EPCI, the Métropole du Grand Paris included."""

    @property
    def departements(self) -> pd.DataFrame:
        """Départements."""

    @property
    def regions(self) -> pd.DataFrame:
        """Régions."""

    @property
    def indicateurs_anciennes_communes(self) -> pd.DataFrame:
        """``code, indicateur, annee, valeur`` of communes that merged since the list of QPV."""

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Definitions by identifier."""

    def indicator(self, identifier: str, niveau: str, annee: int | None = None) -> pd.DataFrame:
        """Give ``code, valeur, statut`` at a level, the latest year by default."""

    def years(self, identifier: str, niveau: str) -> tuple[int, ...]:
        """Years at a level; empty when the year is not stated."""


@dataclass(frozen=True, slots=True)
class Group:
    """Territories taken together.

    ``kind``: all the QPV of ``territory``, or mainland France.
    ``territory``: where the QPV are; France for mainland France.
    """

    kind: GroupKind
    territory: Territory = FRANCE

    @property
    def nom(self) -> str:
        """Name as people read it."""
        if self.kind == "hexagone":
            return HEXAGON_NAME
        return f"ensemble des QPV ({self.territory.nom})"

    @property
    def key(self) -> str:
        """``hexagone``, or ``qpv@level:code``."""
        return "hexagone" if self.kind == "hexagone" else f"qpv@{self.territory.key}"


Operand = Territory | Group
"""What has a value: one territory, or several together."""

HEXAGON: Final = Group("hexagone")


def ancestors(tables: IndicatorTables, territory: Territory) -> dict[Level, Territory]:
    """List the territories that hold a territory, the smallest first.

    Gives without the territory itself. A QPV over several communes has no commune; in Paris, Lyon
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


def references(tables: IndicatorTables, territory: Territory) -> tuple[Operand, ...]:
    """List what a territory may be compared with, the nearest first.

    Gives territories that hold it, then mainland France if it lies there; for a QPV, also all the
    QPV of each of these territories together.
    """
    above = ancestors(tables, territory)
    found: list[Operand] = list(above.values())
    region = territory.code if territory.level == "region" else None
    region = above["region"].code if "region" in above else region
    if region in HEXAGON_REGIONS:
        found.append(HEXAGON)
    if territory.level == "qpv":
        found += [Group("qpv", holder) for holder in above.values()]
    return tuple(found)


def default_reference(tables: IndicatorTables, territory: Territory) -> Operand:
    """Give what a territory is compared with when nothing is said.

    Gives its département for a QPV, a commune, an arrondissement or an EPCI (where most indicators
    are published); France for a département or a région, and for France itself.
    """
    above = ancestors(tables, territory)
    if territory.level in {"departement", "region", "france"}:
        return FRANCE
    return above.get("departement", FRANCE)


def name_of(tables: IndicatorTables, level: Level, code: str) -> str:
    """Name a territory; overseas collectivités that are no département are known too.

    Raises `UnknownTerritoryError`: the code is not one of that level.
    """
    if level == "departement" and code in OVERSEAS:
        return OVERSEAS[code]
    return str(_row(tables, Territory(level, code, code))["nom"])


def members(tables: IndicatorTables, level: Level, inside: Territory = FRANCE) -> pd.DataFrame:
    """List the territories of a level, in France or inside one of them.

    ``level``: not ``france``.

    Gives ``code, nom, population`` (missing where unknown). At level ``epci``, those offered.
    """
    frame = pd.DataFrame(_frame(tables, level))
    if level == "qpv":
        frame = frame.loc[frame["code"].isin(qpv_codes(tables, inside))]
    elif inside.level == "epci":
        column = "epci" if inside.code == MGP else "intercommunalite"
        frame = frame.loc[frame[column] == inside.code]
    elif inside.level != "france":
        frame = frame.loc[frame[inside.level] == inside.code]
    return frame[["code", "nom", "population"]].reset_index(drop=True)


def inhabitants_2020(tables: IndicatorTables, territory: Territory) -> float:
    """Count the inhabitants of a territory at the census of its QPV; missing where not known."""
    if territory.level == "france":
        return float(tables.regions["population_2020"].sum(skipna=False))
    frame = pd.DataFrame(_frame(tables, territory.level))
    rows = frame.loc[frame["code"] == territory.code, "population_2020"]
    return float(rows.astype(float).sum(min_count=1))


def qpv_codes(tables: IndicatorTables, territory: Territory) -> pd.Series:
    """List the QPV that are counted in a territory (see `clsm_map.analysis.scope.qpv_of`)."""
    qpv = pd.DataFrame(tables.qpv)
    codes: pd.Series = qpv.loc[qpv_of(_bare_ground(tables), territory), "code"]
    return codes


def _bare_ground(tables: IndicatorTables) -> Ground:
    """Territories without any device, to ask which QPV they hold."""
    nothing = pd.DataFrame()
    return Ground(
        hierarchy=Hierarchy.of(tables),
        qpv=tables.qpv,
        qpv_communes=tables.qpv_communes,
        dispositifs=nothing,
        completude=nothing,
        perimeters=nothing,
        named=nothing,
    )


def _communes_of_qpv(tables: IndicatorTables, code: str, communes: str) -> dict[Level, str]:
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


def _frame(tables: IndicatorTables, level: Level) -> pd.DataFrame:
    frames = {
        "qpv": lambda: tables.qpv,
        "commune": lambda: tables.communes_all,
        "arrondissement": lambda: tables.arrondissements,
        "epci": lambda: tables.intercommunalites,
        "departement": lambda: tables.departements,
        "region": lambda: tables.regions,
    }
    return frames[level]()


def _row(tables: IndicatorTables, territory: Territory) -> pd.Series:
    frame = _frame(tables, territory.level)
    if territory.level == "epci" and territory.code == MGP:
        frame = tables.epci
    found = frame.loc[frame["code"] == territory.code]
    if found.empty:
        kind = LEVEL_LABELS[territory.level][1]
        raise UnknownTerritoryError(f"« {territory.code} » n’est pas parmi les {kind} connus.")
    return found.iloc[0]
