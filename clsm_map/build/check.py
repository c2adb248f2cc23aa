"""Verification of the snapshot: files, contracts, links between tables, contours that touch."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import shapely
from pandera.errors import SchemaErrors

from clsm_map.build.artefacts import DATA, read_catalogue, sha256_of
from clsm_map.build.schemas import SCHEMAS
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
        content = {
            "ok": self.ok,
            "tables": self.tables,
            "failures": self.failures,
            "warnings": self.warnings,
        }
        return json.dumps(content, ensure_ascii=False, indent=1)


def check_snapshot(path: Path) -> Report:
    """Verify a snapshot.

    Returns never raises for what is wrong with the data: it is in `Report.failures`.
    """
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

    Returns at most `SHOWN` lines by rule, then how many more there are.
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
    for key, name in (("catalogue", "catalogue.toml"), ("indicateurs", "indicateurs.toml")):
        edited = tomllib.loads((DATA / name).read_text(encoding="utf-8"))
        if manifest.get(key) != json.loads(json.dumps(edited, default=str)):
            yield f"{name} : modifié depuis la construction des tables"


def _changed_facts() -> Iterator[str]:
    """Yield the facts that are not those that the catalogue describes."""
    seen: set[str] = set()
    for source in read_catalogue().sources.values():
        if source.artefact or source.fichier in seen:
            continue
        seen.add(source.fichier)
        file = DATA / source.fichier
        if not file.is_file():
            yield f"{source.fichier} : absent"
        elif sha256_of(file) != source.sha256:
            yield f"{source.fichier} : n'est pas celui que décrit le catalogue"


Frames = Mapping[str, pd.DataFrame]


def broken_links(frames: Frames, indicators: Mapping[str, Indicator]) -> list[str]:
    """List the rows that cite an unknown code, and the totals that do not add up.

    ``frames``: every table of the snapshot.

    Returns ``table : rule : code``.
    """
    return [
        *_hierarchy(frames),
        *_quartiers(frames),
        *_devices(frames),
        *_indicators(frames, indicators),
        *_contours(frames),
    ]


def unknown_perimeters(frames: Frames) -> list[str]:
    """List the perimeters whose code is no territory known here."""
    perimeters = frames["perimetres"]
    known = {
        "commune": _communes(frames)
        | frozenset(frames["arrondissements"]["code"])
        | frozenset(frames["anciennes_communes"]["code"]),
        "epci": _offered(frames) | {MGP},
        "qpv": frozenset(frames["qpv"]["code"]),
    }
    return [
        f"perimetres : {row.nature} inconnu : {row.code} ({row.dispositif_id})"
        for row in perimeters.itertuples()
        if row.code not in known.get(str(row.nature), frozenset())
    ]


def _communes(frames: Frames) -> frozenset[str]:
    """Codes of the communes of today."""
    return frozenset(frames["communes"]["code"]) | frozenset(
        frames["communes_sans_contour"]["code"]
    )


def _offered(frames: Frames) -> frozenset[str]:
    """Codes offered as intercommunalités."""
    return (frozenset(frames["epci"]["code"]) - {MGP}) | frozenset(frames["ept"]["code"])


def _unknown(table: str, rule: str, codes: pd.Series, known: frozenset[str]) -> Iterator[str]:
    """Yield the codes that are not known, each once."""
    for code in sorted(frozenset(codes.dropna()) - known):
        yield f"{table} : {rule} : {code}"


def _hierarchy(frames: Frames) -> Iterator[str]:
    """Communes lie in known territories; départements in known régions."""
    above = {
        "departement": frozenset(frames["departements"]["code"]),
        "region": frozenset(frames["regions"]["code"]),
        "epci": frozenset(frames["epci"]["code"]),
        "intercommunalite": _offered(frames),
    }
    for table in ("communes", "communes_sans_contour", "arrondissements"):
        for column, known in above.items():
            yield from _unknown(table, f"{column} inconnu", frames[table][column], known)
    yield from _unknown(
        "departements", "région inconnue", frames["departements"]["region"], above["region"]
    )
    former = frames["anciennes_communes"]
    yield from _unknown(
        "anciennes_communes", "commune inconnue", former["commune"], _communes(frames)
    )
    yield from _unknown(
        "anciens_codes", "commune inconnue", frames["anciens_codes"]["commune"], _communes(frames)
    )
    cities = frames["arrondissements"].groupby("commune")["population"].sum()
    whole = frames["communes"].set_index("code")["population"]
    for city in PLM:
        if cities.get(city) != whole.get(city):
            yield f"arrondissements : la somme n'est pas la population de la commune : {city}"


def _quartiers(frames: Frames) -> Iterator[str]:
    """QPV lie in known territories, and each has at least one commune."""
    qpv, pairs = frames["qpv"], frames["qpv_communes"]
    inside = qpv[~qpv["departement"].isin(OVERSEAS_COLLECTIVITIES)]
    known = _communes(frames) | frozenset(frames["anciennes_communes"]["code"])
    named = inside["communes"].str.split(";").explode().str.strip()
    yield from _unknown("qpv", "commune inconnue", named, known)
    yield from _unknown(
        "qpv",
        "département inconnu",
        inside["departement"],
        frozenset(frames["departements"]["code"]),
    )
    yield from _unknown("qpv", "EPCI inconnu", qpv["epci"], frozenset(frames["epci"]["code"]))
    offered = _offered(frames)
    yield from _unknown("qpv", "intercommunalité inconnue", qpv["intercommunalite"], offered)
    codes = frozenset(qpv["code"])
    yield from _unknown("qpv_communes", "QPV inconnu", pairs["qpv"], codes)
    yield from _unknown("qpv", "QPV sans commune", qpv["code"], frozenset(pairs["qpv"]))


def _devices(frames: Frames) -> Iterator[str]:
    """Perimeters belong to known devices; seats are known communes."""
    devices = frames["dispositifs"]
    known = (
        _communes(frames)
        | frozenset(frames["arrondissements"]["code"])
        | frozenset(frames["anciennes_communes"]["code"])
    )
    yield from _unknown(
        "perimetres",
        "dispositif inconnu",
        frames["perimetres"]["dispositif_id"],
        frozenset(devices["id"]),
    )
    yield from _unknown("dispositifs", "commune siège inconnue", devices["commune_siege"], known)
    backwards = devices[devices["annee_fin"] < devices["annee_debut"]]
    for identifier in backwards["id"]:
        yield f"dispositifs : fin avant le début : {identifier}"


def _indicators(frames: Frames, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    """Values have a definition, at the levels and for the years that it states."""
    values = frames["indicateurs"]
    found = values[["indicateur", "niveau", "annee"]].drop_duplicates()
    yield from _unknown(
        "indicateurs", "indicateur sans définition", found["indicateur"], frozenset(indicators)
    )
    for identifier, indicator in indicators.items():
        own = found[found["indicateur"] == identifier]
        levels = frozenset(own["niveau"])
        if levels != frozenset(indicator.niveaux):
            yield f"indicateurs : niveaux autres que ceux de la définition : {identifier}"
        years = tuple(sorted(int(year) for year in own["annee"].dropna().unique()))
        if years != indicator.annees:
            yield f"indicateurs : années autres que celles de la définition : {identifier}"


def _contours(frames: Frames) -> Iterator[str]:
    """Every territory has its contour at both scales, but the communes restored lately."""
    bare = frames["communes_sans_contour"]
    restored = frozenset(bare.loc[bare["note"].str.startswith("commune rétablie"), "code"])
    wanted = {
        "commune": _communes(frames) - restored,
        "arrondissement": frozenset(frames["arrondissements"]["code"]),
        "epci": frozenset(frames["epci"]["code"]),
        "ept": frozenset(frames["ept"]["code"]),
        "departement": frozenset(frames["departements"]["code"]),
        "region": frozenset(frames["regions"]["code"]),
    }
    for table in ("contours_national", "contours_local"):
        for level, codes in wanted.items():
            own = frames[table]
            given = frozenset(own.loc[own["niveau"] == level, "code"])
            for code in sorted(codes ^ given):
                yield f"{table} : contour manquant ou en trop : {level} {code}"
