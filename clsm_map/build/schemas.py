"""The contract of each table of the snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
import shapely

from clsm_map.domain.devices import DEVICE_TYPES, STATES
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES
from clsm_map.domain.territories import LEVEL_LABELS

COMMUNE: Final = r"(?:\d{2}|2[AB])\d{3}"
DEPARTEMENT: Final = r"\d{2}|2[AB]|97[1-6]"
ANYWHERE: Final = DEPARTEMENT + "|978|987"
EPCI: Final = r"\d{9}"
OFFERED: Final = EPCI + "|75056"
QPV: Final = r"QN(?:\d{3}|02[AB])\d{2}[IMNC]"
DATE: Final = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
YEAR: Final = r"\d{4}"
_REGION: Final = r"\d{2}"

MEMBERSHIPS: Final = ("commune", "epci", "qpv")


def _text(pattern: str = "", *, missing: bool = False, unique: bool = False) -> pa.Column:
    """Text, matching a whole pattern when one is given."""
    checks = (
        [pa.Check.str_matches(f"^(?:{pattern})$")]
        if pattern
        else [pa.Check.str_length(min_value=1)]
    )
    return pa.Column("str", checks, nullable=missing, unique=unique)


def _choice(values: Any) -> pa.Column:
    return pa.Column("str", pa.Check.isin(list(values)))


def _number(low: float = 0.0, high: float | None = None, *, missing: bool = True) -> pa.Column:
    checks = [pa.Check.ge(low), *([pa.Check.le(high)] if high is not None else [])]
    return pa.Column("float64", checks, nullable=missing)


def _valid_polygons(geometries: pd.Series) -> pd.Series:
    """Whether each geometry is a valid, not empty Polygon or MultiPolygon."""
    shapes = geometries.to_numpy(object)
    areal = (shapely.get_type_id(shapes) == 3) | (shapely.get_type_id(shapes) == 6)
    return pd.Series(
        areal & shapely.is_valid(shapes) & ~shapely.is_empty(shapes), index=geometries.index
    )


def _polygons() -> pa.Column:
    return pa.Column(None, pa.Check(_valid_polygons, name="polygone valide"))


def _status_agrees(frame: pd.DataFrame) -> pd.Series:
    """Whether a value is given exactly when its status says so."""
    return frame["valeur"].notna() == frame["statut"].isin(GIVEN)


def _table(columns: dict[str, pa.Column], count: int | None = None, **options: Any) -> Any:
    """Make a strict schema; ``count`` is the number of rows that the country has."""
    checks = options.pop("checks", [])
    if count is not None:
        checks.append(pa.Check(_has_rows(count), name=f"{count} lignes"))
    return pa.DataFrameSchema(columns, checks=checks, strict=True, ordered=True, **options)


def _has_rows(count: int) -> Callable[[pd.DataFrame], bool]:
    def check(frame: pd.DataFrame) -> bool:
        return len(frame) == count

    return check


_HIERARCHY: Final = {
    "departement": _text(DEPARTEMENT),
    "region": _text(_REGION),
    "epci": _text(EPCI, missing=True),
    "intercommunalite": _text(OFFERED, missing=True),
}
_POPULATIONS: Final = {"population": _number(missing=False), "population_2020": _number()}
_COMMUNES: Final = {
    "code": _text(COMMUNE, unique=True),
    "nom": _text(),
    **_HIERARCHY,
    **_POPULATIONS,
}
_CONTOURS: Final = {
    "niveau": _choice(["region", "departement", "epci", "ept", "arrondissement", "commune"]),
    "code": _text(),
    "geometry": _polygons(),
}

SCHEMAS: Final[dict[str, Any]] = {
    "communes": _table(_COMMUNES, 34_867),
    "communes_sans_contour": _table({**_COMMUNES, "note": _text()}, 8),
    "arrondissements": _table(
        {
            "code": _text(COMMUNE, unique=True),
            "nom": _text(),
            "commune": _choice(["75056", "69123", "13055"]),
            **_HIERARCHY,
            **_POPULATIONS,
        },
        45,
    ),
    "anciennes_communes": _table(
        {
            "code": _text(COMMUNE),
            "nom": _text(),
            "nature": _choice(["COMD", "COMA"]),
            "commune": _text(COMMUNE),
            "population": _number(),
        }
    ),
    "codes_postaux": _table(
        {"code_postal": _text(r"\d{5}"), "commune": _text(COMMUNE)},
        unique=["code_postal", "commune"],
    ),
    "anciens_codes": _table(
        {"ancien": _text(COMMUNE, unique=True), "commune": _text(COMMUNE)},
    ),
    "epci": _table(
        {
            "code": _text(EPCI, unique=True),
            "nom": _text(),
            "nature": _choice(["CC", "CA", "CU", "ME"]),
            "departement": _text(DEPARTEMENT),
            "region": _text(_REGION),
            **_POPULATIONS,
        },
        1_253,
    ),
    "ept": _table(
        {
            "code": _text(OFFERED, unique=True),
            "nom": _text(),
            "epci": _text(EPCI),
            "departement": _text(DEPARTEMENT),
            "region": _text(_REGION),
            **_POPULATIONS,
        },
        12,
    ),
    "departements": _table(
        {
            "code": _text(DEPARTEMENT, unique=True),
            "nom": _text(),
            "region": _text(_REGION),
            **_POPULATIONS,
        },
        101,
    ),
    "regions": _table({"code": _text(_REGION, unique=True), "nom": _text(), **_POPULATIONS}, 18),
    "qpv": _table(
        {
            "code": _text(QPV, unique=True),
            "nom": _text(),
            "evolution": _choice("MINC"),
            "communes": _text(rf"(?:{COMMUNE})(?:;\s?(?:{COMMUNE}))*"),
            "noms_communes": _text(),
            "epci": _text(EPCI, missing=True),
            "intercommunalite": _text(OFFERED, missing=True),
            "departement": _text(ANYWHERE),
            "region": _text(_REGION, missing=True),
            "surface_ha": _number(0.1, 5_000, missing=False),
            "population": _number(1, 200_000),
            "longitude": _number(-180, 180, missing=False),
            "latitude": _number(-90, 90, missing=False),
            "millesime": _text(),
            "geometry": _polygons(),
        },
        1_584,
    ),
    "qpv_communes": _table(
        {"qpv": _text(QPV), "commune": _text(COMMUNE), "part_surface": _number(0, 1)},
        unique=["qpv", "commune"],
    ),
    "indicateurs": _table(
        {
            "niveau": _choice(LEVEL_LABELS),
            "code": _text(),
            "indicateur": _text(),
            "annee": pa.Column("Int64", pa.Check.in_range(2010, 2030), nullable=True),
            "valeur": pa.Column("float64", nullable=True),
            "statut": _choice(VALUE_STATUSES),
        },
        unique=["niveau", "code", "indicateur", "annee"],
        checks=[pa.Check(_status_agrees, name="valeur donnée si et seulement si le statut le dit")],
    ),
    "indicateurs_anciennes_communes": _table(
        {
            "code": _text(COMMUNE),
            "indicateur": _text(),
            "annee": pa.Column("int64", pa.Check.in_range(2010, 2030)),
            "valeur": pa.Column("float64"),
        },
        unique=["code", "indicateur"],
    ),
    "dispositifs": _table(
        {
            "id": _text(r"[a-z0-9-]+", unique=True),
            "type": _choice(DEVICE_TYPES),
            "nom": _text(),
            "territoire": _text(missing=True),
            "statut": _choice(STATES),
            "annee_debut": _text(YEAR, missing=True),
            "annee_fin": _text(YEAR, missing=True),
            "commune_siege": _text(COMMUNE, missing=True),
            "departement": _text(ANYWHERE, missing=True),
            "perimetre": _text(missing=True),
            "perimetre_origine": _text(missing=True),
            "source_url": _text(),
            "source_date": _text(DATE, missing=True),
            "note": _text(missing=True),
        }
    ),
    "perimetres": _table(
        {"dispositif_id": _text(), "nature": _choice(MEMBERSHIPS), "code": _text()},
        unique=["dispositif_id", "nature", "code"],
    ),
    "programme": _table(
        {
            "territoire": _text(),
            "annees": _text(r"\d{4}(?:-\d{4})?"),
            "seances": _number(),
            "clsm": _number(),
            "communes": _number(),
            "qpv": _number(),
            "participants": _number(),
            "structures": _number(),
            "source": _text(),
            "note": _text(missing=True),
        }
    ),
    "chiffres": _table(
        {
            "annee": _text(YEAR, missing=True),
            "territoire": _text(),
            "theme": _text(),
            "indicateur": _text(),
            "valeur": _text(),
            "unite": _text(),
            "source": _text(),
            "note": _text(missing=True),
        }
    ),
    "contours_national": _table(_CONTOURS, unique=["niveau", "code"]),
    "contours_local": _table(_CONTOURS, unique=["niveau", "code"]),
}
"""A pandera schema for each table of the snapshot: columns in order, types, values, row counts."""
