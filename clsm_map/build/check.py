"""Verification of the snapshot: files, contracts, links between tables, contours that touch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import shapely
from pandera.errors import SchemaErrors

from clsm_map.build.schemas import SCHEMAS
from clsm_map.build.sources import DATA, read_catalogue, read_toml, sha256_of
from clsm_map.domain.indicators import Indicator, parse_indicators
from clsm_map.domain.territories import MGP, OVERSEAS_COLLECTIVITIES, PLM

MOST_BYTES: Final = 20_000_000
"""Most that the whole snapshot may weigh."""
SHOWN: Final = 20
"""Failing rows listed for each rule."""
MANIFEST: Final = "manifest.json"


@dataclass(slots=True)
class Report:
    """What a verification found.

    ``tables``: rows, vintage, bytes and sha256 of each table, as found. ``failures``: ``table :
    rule : row``, in French; empty when all is well. ``warnings``: what deserves a look and breaks
    nothing.
    """

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def to_json(self) -> str:
        """Write the report as JSON."""
        return json.dumps({"ok": self.ok, **asdict(self)}, ensure_ascii=False, indent=1)


def check_snapshot(path: Path) -> Report:
    """Verify a snapshot; what is wrong with the data is in `Report.failures` and never raised."""
    report = Report()
    manifest = _read_manifest(path, report)
    frames: dict[str, pd.DataFrame] = {}
    for name, schema in SCHEMAS.items():
        frame = _read_table(path, name, manifest, report)
        if frame is not None:
            frames[name] = frame
            report.failures += [f"{name} : {line}" for line in schema_failures(schema, frame)]
    weight = sum(item.stat().st_size for item in path.glob("*") if item.is_file())
    if weight > MOST_BYTES:
        report.failures.append(f"snapshot : {weight} octets, plus que {MOST_BYTES}")
    report.failures += _stale_definitions(manifest)
    report.failures += _changed_facts()
    if len(frames) == len(SCHEMAS):
        report.failures += broken_links(frames, parse_indicators(manifest.get("indicateurs", {})))
        report.warnings += unknown_perimeters(frames)
        for name in ("contours_national", "contours_local"):
            report.failures += list(coverage_failures(name, frames[name]))
    return report


def schema_failures(schema: Any, frame: pd.DataFrame) -> list[str]:
    """List what breaks a schema: column, rule, value and row.

    Gives at most `SHOWN` lines by rule, then how many more there are.
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        lines: list[str] = []
        cases = error.failure_cases.astype(object)
        for (column, rule), rows in cases.groupby(["column", "check"], dropna=False):
            lines += [
                f"{column} : {rule} : {row.failure_case} (ligne {row.index})"
                for row in rows.head(SHOWN).itertuples(index=False)
            ]
            if len(rows) > SHOWN:
                lines.append(f"{column} : {rule} : et {len(rows) - SHOWN} autres")
        return lines
    return []


def coverage_failures(name: str, contours: pd.DataFrame) -> Iterator[str]:
    """List the contours of each level that overlap or do not share their edges.

    ``contours``: niveau, code, geometry.
    """
    for level, own in contours.groupby("niveau"):
        shapes = own["geometry"].to_numpy(object)
        if shapely.coverage_is_valid(shapes):
            continue
        edges = shapely.coverage_invalid_edges(shapes)
        for code in own["code"].to_numpy()[~shapely.is_empty(edges)][:SHOWN]:
            yield f"{name} : {level} {code} : le contour ne se raccorde pas à ses voisins"


def _read_manifest(path: Path, report: Report) -> Mapping[str, Any]:
    """Read the manifest; what is wrong goes to the report."""
    try:
        content: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        report.failures.append(f"{MANIFEST} : absent de {path}")
        return {}
    except json.JSONDecodeError as error:
        report.failures.append(f"{MANIFEST} : mal formé : {error}")
        return {}
    return content


def _read_table(
    path: Path, name: str, manifest: Mapping[str, Any], report: Report
) -> pd.DataFrame | None:
    """Read a table and compare it with the manifest."""
    file = path / f"{name}.parquet"
    if not file.is_file():
        report.failures.append(f"{name} : table absente")
        return None
    declared = manifest.get("tables", {}).get(name, {})
    found = {
        "rows": pq.read_metadata(file).num_rows,
        "millesime": declared.get("millesime", ""),
        "bytes": file.stat().st_size,
        "sha256": sha256_of(file),
    }
    report.tables[name] = found
    report.failures += [
        f"{name} : {key} : {found[key]} au lieu de {declared.get(key)}"
        for key in ("rows", "sha256")
        if found[key] != declared.get(key)
    ]
    if "geometry" in pq.read_schema(file).names:
        return pd.DataFrame(gpd.read_parquet(file))
    frame: pd.DataFrame = pq.read_table(file).to_pandas()
    if "annee" in frame and name == "indicateurs":
        frame["annee"] = frame["annee"].astype("Int64")
    return frame


def _stale_definitions(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the definitions that were edited since the snapshot was built."""
    for name in ("catalogue", "indicateurs"):
        edited = read_toml(DATA / f"{name}.toml")
        if manifest.get(name) != json.loads(json.dumps(edited, default=str)):
            yield f"{name}.toml : modifié depuis la construction des tables"


def _changed_facts() -> Iterator[str]:
    """Yield the facts that are not those that the catalogue describes."""
    sources = read_catalogue().sources.values()
    for name, sha256 in {s.fichier: s.sha256 for s in sources if not s.artefact}.items():
        file = DATA / name
        if not file.is_file():
            yield f"{name} : absent"
        elif sha256_of(file) != sha256:
            yield f"{name} : n'est pas celui que décrit le catalogue"


Frames = Mapping[str, pd.DataFrame]

_ABOVE: Final = ("departement", "region", "epci", "intercommunalite")
_LINKS: Final = (
    *(
        (table, column, f"{column} inconnu", column)
        for table in ("communes", "communes_sans_contour", "arrondissements")
        for column in _ABOVE
    ),
    ("departements", "region", "région inconnue", "region"),
    ("anciennes_communes", "commune", "commune inconnue", "commune"),
    ("anciens_codes", "commune", "commune inconnue", "commune"),
    ("qpv", "epci", "EPCI inconnu", "epci"),
    ("qpv", "intercommunalite", "intercommunalité inconnue", "intercommunalite"),
    ("qpv", "code", "QPV sans commune", "qpv situé"),
    ("qpv_communes", "qpv", "QPV inconnu", "qpv"),
    ("perimetres", "dispositif_id", "dispositif inconnu", "dispositif"),
    ("dispositifs", "commune_siege", "commune siège inconnue", "lieu"),
)
"""Table, column, what is said of a code that is not known, and those that are."""


def broken_links(frames: Frames, indicators: Mapping[str, Indicator]) -> list[str]:
    """List the rows that cite an unknown code, and the totals that do not add up.

    ``table : rule : code``.
    """
    known = _known(frames)
    cited = [(table, rule, frames[table][column], key) for table, column, rule, key in _LINKS]
    qpv = frames["qpv"]
    inside = qpv[~qpv["departement"].isin(OVERSEAS_COLLECTIVITIES)]
    named = inside["communes"].str.split(";").explode().str.strip()
    cited += [
        ("qpv", "commune inconnue", named, "ancienne ou commune"),
        ("qpv", "département inconnu", inside["departement"], "departement"),
    ]
    return [
        *(
            f"{table} : {rule} : {code}"
            for table, rule, codes, key in cited
            for code in sorted(frozenset(codes.dropna()) - known[key])
        ),
        *_sums(frames),
        *_indicators(frames["indicateurs"], indicators),
        *_missing_contours(frames),
    ]


def unknown_perimeters(frames: Frames) -> list[str]:
    """List the perimeters whose code is no territory known here."""
    known = _known(frames)
    places = {
        "commune": known["lieu"],
        "epci": known["intercommunalite"] | {MGP},
        "qpv": known["qpv"],
    }
    return [
        f"perimetres : {row.nature} inconnu : {row.code} ({row.dispositif_id})"
        for row in frames["perimetres"].itertuples()
        if row.code not in places.get(str(row.nature), frozenset())
    ]


def _known(frames: Frames) -> dict[str, frozenset[str]]:
    """Codes that may be cited, by what they are the codes of."""
    codes = {name: frozenset(frame["code"]) for name, frame in frames.items() if "code" in frame}
    communes = codes["communes"] | codes["communes_sans_contour"]
    old_or_new = communes | codes["anciennes_communes"]
    return {
        "commune": communes,
        "ancienne ou commune": old_or_new,
        "lieu": old_or_new | codes["arrondissements"],
        "epci": codes["epci"],
        "intercommunalite": (codes["epci"] - {MGP}) | codes["ept"],
        "departement": codes["departements"],
        "region": codes["regions"],
        "qpv": codes["qpv"],
        "qpv situé": frozenset(frames["qpv_communes"]["qpv"]),
        "dispositif": frozenset(frames["dispositifs"]["id"]),
    }


def _sums(frames: Frames) -> Iterator[str]:
    """Yield the cities that are not the sum of their parts, and the years that run backwards."""
    cities = frames["arrondissements"].groupby("commune")["population"].sum()
    whole = frames["communes"].set_index("code")["population"]
    for city in PLM:
        if cities.get(city) != whole.get(city):
            yield f"arrondissements : la somme n'est pas la population de la commune : {city}"
    devices = frames["dispositifs"]
    for identifier in devices.loc[devices["annee_fin"] < devices["annee_debut"], "id"]:
        yield f"dispositifs : fin avant le début : {identifier}"


def _indicators(values: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    """Yield the values without a definition, or at other levels and years than it states."""
    found = values[["indicateur", "niveau", "annee"]].drop_duplicates()
    for identifier in sorted(frozenset(found["indicateur"]) - indicators.keys()):
        yield f"indicateurs : indicateur sans définition : {identifier}"
    for identifier, indicator in indicators.items():
        own = found[found["indicateur"] == identifier]
        if frozenset(own["niveau"]) != frozenset(indicator.niveaux):
            yield f"indicateurs : niveaux autres que ceux de la définition : {identifier}"
        years = tuple(sorted(int(year) for year in own["annee"].dropna().unique()))
        if years != indicator.annees:
            yield f"indicateurs : années autres que celles de la définition : {identifier}"


def _missing_contours(frames: Frames) -> Iterator[str]:
    """Every territory has its contour at both scales, but the communes restored lately."""
    bare = frames["communes_sans_contour"]
    restored = bare.loc[bare["note"].str.startswith("commune rétablie"), "code"]
    known = _known(frames)
    wanted = {level: known[level] for level in ("epci", "departement", "region")}
    wanted |= {
        "commune": known["commune"] - frozenset(restored),
        "arrondissement": frozenset(frames["arrondissements"]["code"]),
        "ept": frozenset(frames["ept"]["code"]),
    }
    for table in ("contours_national", "contours_local"):
        given = frames[table].groupby("niveau")["code"].agg(frozenset)
        for level, codes in wanted.items():
            for code in sorted(codes ^ given.get(level, frozenset())):
                yield f"{table} : contour manquant ou en trop : {level} {code}"
