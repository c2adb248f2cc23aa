"""The contract of each table of the snapshot, from its description in ``data/tables.toml``."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
import shapely

from clsm_map.build.sources import DESCRIBED
from clsm_map.domain.devices import DEVICE_TYPES, STATES
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES
from clsm_map.domain.territories import LEVEL_LABELS

TABLES: Final[dict[str, dict[str, Any]]] = DESCRIBED["tables"]
"""What each table holds: ``colonnes``, ``cle``, ``lignes``, ``groupes`` and ``millesime``."""
MILLESIMES: Final = {name: DESCRIBED["millesimes"][t["millesime"]] for name, t in TABLES.items()}
_CHOICES: Final = {
    "type": DEVICE_TYPES, "état": STATES, "niveau": LEVEL_LABELS, "statut": VALUE_STATUSES,
}  # fmt: skip


def columns_of(name: str) -> list[str]:
    """List the columns of a table, in order."""
    return list(TABLES[name]["colonnes"])


def _valid_polygons(geometries: pd.Series) -> pd.Series:
    """Whether each geometry is a valid, not empty Polygon or MultiPolygon."""
    shapes = geometries.to_numpy(object)
    areal = (shapely.get_type_id(shapes) == 3) | (shapely.get_type_id(shapes) == 6)
    return pd.Series(
        areal & shapely.is_valid(shapes) & ~shapely.is_empty(shapes), index=geometries.index
    )


def _status_agrees(frame: pd.DataFrame) -> pd.Series:
    """Whether a value is given exactly when its status says so."""
    return frame["valeur"].notna() == frame["statut"].isin(GIVEN)


def _column(said: str | list[str]) -> pa.Column:
    """Make the contract of a column of what ``data/tables.toml`` says of it."""
    if isinstance(said, list):
        return pa.Column("str", pa.Check.isin(said))
    missing = said.endswith("?")
    kind, *limits = said.removesuffix("?").split()
    dtype: str | None = "float64"
    checks: list[pa.Check] = []
    if kind == "polygone":
        dtype, checks = None, [pa.Check(_valid_polygons, name="polygone valide")]
    elif kind == "entier":
        dtype, checks = "Int64" if missing else "int64", [pa.Check.in_range(2010, 2030)]
    elif kind == "nombre":
        low, *high = [float(limit) for limit in limits] or [0.0]
        checks = [pa.Check.ge(low), *(pa.Check.le(limit) for limit in high)]
    elif kind != "réel":
        dtype, checks = "str", [_words(kind)]
    return pa.Column(dtype, checks, nullable=missing)


def _words(kind: str) -> pa.Check:
    if kind == "texte":
        return pa.Check.str_length(min_value=1)
    if kind in _CHOICES:
        return pa.Check.isin(list(_CHOICES[kind]))
    return pa.Check.str_matches(f"^(?:{DESCRIBED['motifs'][kind]})$")


def _schema(name: str, table: dict[str, Any]) -> Any:
    checks = []
    if name == "indicateurs":
        rule = "valeur donnée si et seulement si le statut le dit"
        checks.append(pa.Check(_status_agrees, name=rule))
    if count := table.get("lignes"):
        checks.append(pa.Check(lambda frame: len(frame) == count, name=f"{count} lignes"))
    columns = {column: _column(said) for column, said in table["colonnes"].items()}
    key = table.get("cle")
    return pa.DataFrameSchema(columns, checks=checks, strict=True, ordered=True, unique=key)


SCHEMAS: Final = {name: _schema(name, table) for name, table in TABLES.items()}
"""A pandera schema for each table of the snapshot: columns in order, types, values, row counts."""
