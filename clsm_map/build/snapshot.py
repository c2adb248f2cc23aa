"""Build of the snapshot: artefacts and facts in, tables and a manifest out, the same every time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from clsm_map.build.contours import build_contours
from clsm_map.build.indicators import (
    commune_measures,
    criteria_indicators,
    departement_measures,
    former_measures,
    population_measures,
    qpv_measures,
)
from clsm_map.build.mergers import find_changes, without_doubles
from clsm_map.build.quartiers import build_qpv, build_qpv_communes, qpv_weights
from clsm_map.build.schemas import MILLESIMES, TABLES
from clsm_map.build.sources import (
    DATA,
    read_catalogue,
    read_communes,
    read_criteria,
    read_facts,
    read_indicators,
    read_qpv,
    read_source,
    read_table,
    read_toml,
    sha256_of,
    verify,
)
from clsm_map.build.territories import (
    build_territories,
    former_codes,
    postal_codes,
    prepare_units,
    with_census,
)
from clsm_map.domain.evidence import Catalogue

STEPS: Final = 8


def build(out: Path, artefacts: Path, step: Callable[[str], None]) -> Path:
    """Build the snapshot.

    ``out``: folder to write; created when needed. Tables of a former build are replaced.

    Raises `SourceError` when a package or a file is absent or is not the one that was pinned.
    """
    catalogue = read_catalogue()
    for artefact in catalogue.artefacts.values():
        verify(artefact, artefacts)
    tables = build_tables(catalogue, artefacts, step)
    step("Écriture des tables")
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(table, out / f"{name}.parquet", tuple(TABLES[name].get("groupes", ())))
    return write_manifest(out, {name: len(table) for name, table in tables.items()})


def build_tables(
    catalogue: Catalogue, artefacts: Path, step: Callable[[str], None]
) -> dict[str, pd.DataFrame]:
    """Compute every table of the snapshot, in memory (see `build`)."""

    def source(name: str) -> bytes:
        return read_source(catalogue.sources[name], catalogue, artefacts)

    def facts(name: str) -> pd.DataFrame:
        return read_facts(source(name))

    def by_key(name: str) -> pd.DataFrame:
        return facts(name).sort_values(TABLES[name]["cle"], ignore_index=True)

    step("Lecture des communes")
    epci, departements, regions = (
        read_table(source(name)) for name in ("epci", "departements", "regions")
    )
    communes = read_communes(source("communes"))
    step("Lecture des critères de la DGCL")
    criteria = {year: read_criteria(source(f"criteres_dgcl_{year}")) for year in (2020, 2021, 2022)}
    units = prepare_units(communes, epci, departements, regions)
    changes = find_changes(units, criteria)
    units = without_doubles(units, changes)
    today = facts("communes_2026")
    territories = build_territories(
        with_census(units, today),
        epci,
        departements,
        regions,
        facts("ept_communes"),
        changes.origins,
    )
    national, local, deduced = build_contours(territories, changes.grown, step)
    step("Quartiers prioritaires")
    register = read_qpv(source("qpv_2024"))
    qpv = build_qpv(register, territories, changes)
    qpv_communes = build_qpv_communes(register, territories.units)
    step("Indicateurs")
    commune_facts = facts("filosofi_2021")
    departement_facts, atlas = facts("statistiques_locales"), facts("atlas_sante_mentale")
    measures = [
        criteria_indicators(criteria, territories, changes),
        commune_measures(commune_facts, territories, changes, deduced),
        population_measures(territories),
        qpv_measures(facts("qpv_sig_ville"), qpv),
        departement_measures(departement_facts, atlas, territories.departements["code"]),
        qpv_weights(qpv, qpv_communes, territories, changes),
    ]
    programme = facts("programme")
    kinds = TABLES["programme"]["colonnes"]
    return {
        **territories.tables,
        "codes_postaux": postal_codes(today),
        "anciens_codes": former_codes(today, units),
        "qpv": qpv,
        "qpv_communes": qpv_communes,
        "indicateurs": arrange(measures),
        "indicateurs_anciennes_communes": former_measures(commune_facts, territories, qpv_communes),
        "dispositifs": by_key("dispositifs"),
        "perimetres": by_key("perimetres"),
        "programme": programme.astype({c: float for c in kinds if kinds[c].startswith("nombre")}),
        "chiffres": facts("chiffres"),
        "contours_national": national,
        "contours_local": local,
    }


def arrange(measures: list[pd.DataFrame]) -> pd.DataFrame:
    """Stack indicators, sorted by level, indicator, year and code; year a nullable integer."""
    stacked = pd.concat(
        [part.assign(annee=part["annee"].astype("Int64")) for part in measures], ignore_index=True
    )
    return stacked.sort_values(["niveau", "indicateur", "annee", "code"], ignore_index=True)


def write_manifest(out: Path, rows: dict[str, int]) -> Path:
    """Write what is in the folder: rows, vintage and digest of each table, and the definitions."""
    read_indicators()
    content = {
        "tables": {
            name: {
                "rows": count,
                "millesime": MILLESIMES[name],
                "bytes": (out / f"{name}.parquet").stat().st_size,
                "sha256": sha256_of(out / f"{name}.parquet"),
            }
            for name, count in rows.items()
        },
        **{name: read_toml(DATA / f"{name}.toml") for name in ("catalogue", "indicateurs")},
    }
    path = out / "manifest.json"
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")
    return path


ZSTD_LEVEL: Final = 15


def write_table(frame: pd.DataFrame, path: Path, row_groups: tuple[str, ...] = ()) -> None:
    """Write a table as Parquet, or GeoParquet 1.1 when it has a ``geometry`` column.

    ``frame``: already sorted; geometry in WGS 84. ``row_groups``: columns of which each
    combination gets its own row group, so that a reader that filters on them reads nothing else.
    """
    spatial = "geometry" in frame
    content = frame.drop(columns="geometry") if spatial else frame
    table = pa.Table.from_pandas(content, preserve_index=False)
    metadata: dict[str, str] = {}
    if spatial:
        shapes = frame["geometry"].to_numpy()
        table = table.append_column("geometry", pa.array(shapely.to_wkb(shapes), pa.binary()))
        metadata["geo"] = json.dumps(_geo(shapes), sort_keys=True)
    table = table.replace_schema_metadata(None)
    names = [name for name in table.column_names if name != "geometry"]
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=names,
        write_statistics=names,
        version="2.6",
        data_page_version="1.0",
        store_schema=False,
    ) as writer:
        for start, stop in _bounds(frame, row_groups):
            writer.write_table(table.slice(start, stop - start), row_group_size=stop - start)
        if metadata:
            writer.add_key_value_metadata(metadata)


def _bounds(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[int, int]]:
    """First and last row (excluded) of each run of equal values."""
    if not columns or frame.empty:
        return [(0, len(frame))] if len(frame) else []
    keys = frame[list(columns)].astype(object)
    changed = (keys != keys.shift()).any(axis=1).to_numpy()
    starts = np.flatnonzero(changed).tolist()
    return list(zip(starts, [*starts[1:], len(frame)], strict=True))


def _geo(shapes: Any) -> dict[str, Any]:
    """GeoParquet metadata of a column of polygons."""
    kinds = {3: "Polygon", 6: "MultiPolygon"}
    found = sorted({kinds[int(kind)] for kind in set(shapely.get_type_id(shapes))})
    column = {
        "encoding": "WKB",
        "geometry_types": found,
        "bbox": [float(bound) for bound in shapely.total_bounds(shapes)],
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
