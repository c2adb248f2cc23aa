"""A snapshot that was tampered with is refused, and the failing rows are named."""

import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from typer.testing import CliRunner

from clsm_map.__main__ import build_app
from clsm_map.build.check import check_snapshot, coverage_failures, schema_failures
from clsm_map.build.schemas import SCHEMAS
from clsm_map.build.snapshot import write_table
from clsm_map.settings import ROOT

EMBEDDED = ROOT / "data" / "snapshot"


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "snapshot"
    shutil.copytree(EMBEDDED, folder)
    return folder


def rewrite(folder, name, change):
    """Change a table and declare its new digest nowhere."""
    frame = pq.read_table(folder / f"{name}.parquet").to_pandas()
    write_table(change(frame), folder / f"{name}.parquet")


def test_a_wrong_population_is_named_and_the_command_ends_with_1(copy):
    def negative(frame):
        frame.loc[frame["code"] == "84", "population"] = -1.0
        return frame

    rewrite(copy, "regions", negative)
    done = CliRunner().invoke(
        build_app(), ["data", "check", "--json", "--path", str(copy)], catch_exceptions=False
    )
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["ok"] is False
    assert any(line.startswith("regions : sha256") for line in report["failures"])
    assert any("regions : population" in line and "-1.0" in line for line in report["failures"])


def test_a_broken_link_fails_and_an_unknown_perimeter_deserves_a_look(copy):
    rewrite(copy, "perimetres", lambda frame: frame.assign(code=["99999", *frame["code"][1:]]))
    rewrite(copy, "departements", lambda frame: frame.assign(region=["99", *frame["region"][1:]]))
    report = check_snapshot(copy)
    assert "departements : région inconnue : 99" in report.failures
    assert any("perimetres : commune inconnu : 99999" in line for line in report.warnings)


def test_a_folder_without_manifest_fails_without_raising(tmp_path):
    report = check_snapshot(tmp_path)
    assert not report.ok
    assert any("manifest.json" in line for line in report.failures)
    assert "programme : table absente" in report.failures


def failures_of(name, **columns):
    frame = pq.read_table(EMBEDDED / f"{name}.parquet").to_pandas()
    return schema_failures(SCHEMAS[name], frame.assign(**columns))


def test_a_code_that_lost_its_zero_is_refused():
    frame = pq.read_table(EMBEDDED / "departements.parquet").to_pandas()
    lines = failures_of("departements", code=frame["code"].str.lstrip("0"))
    assert any("code" in line and " 1 (ligne 0)" in line for line in lines)


def test_codes_that_became_numbers_are_refused():
    frame = pq.read_table(EMBEDDED / "regions.parquet").to_pandas()
    assert failures_of("regions", code=frame["code"].astype(int))


def test_a_missing_row_is_refused():
    frame = pq.read_table(EMBEDDED / "epci.parquet").to_pandas().iloc[1:]
    assert any("1253 lignes" in line for line in schema_failures(SCHEMAS["epci"], frame))


def test_many_failures_are_counted_rather_than_all_listed():
    lines = failures_of("epci", nature="XX")
    assert len(lines) == 21
    assert lines[-1].endswith("et 1233 autres")


@pytest.mark.parametrize(
    ("value", "status", "fine"),
    [
        (1.0, "disponible", True),
        (None, "secret", True),
        (None, "disponible", False),
        (0.0, "manquant", False),
    ],
)
def test_a_value_and_its_status_must_agree(value, status, fine):
    frame = pd.DataFrame(
        {
            "niveau": ["commune"],
            "code": ["01001"],
            "indicateur": ["taux"],
            "annee": pd.array([2021], dtype="Int64"),
            "valeur": pd.array([value], dtype="float64"),
            "statut": [status],
        }
    )
    assert (schema_failures(SCHEMAS["indicateurs"], frame) == []) is fine


def contours(*shapes):
    codes = [f"0{i}" for i in range(1, len(shapes) + 1)]
    return pd.DataFrame({"niveau": "departement", "code": codes, "geometry": shapes})


def test_contours_that_overlap_are_named_and_those_that_touch_are_not():
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    assert list(coverage_failures("essai", contours(left, right))) == []
    overlapping = list(coverage_failures("essai", contours(left, shapely.box(0.5, 0, 2, 1))))
    assert [line.split(" : ")[1] for line in overlapping] == ["departement 01", "departement 02"]


def test_an_invalid_or_linear_contour_is_refused():
    bowtie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    line = shapely.LineString([(0, 0), (1, 1)])
    frame = contours(bowtie, line, shapely.box(5, 5, 6, 6))
    found = schema_failures(SCHEMAS["contours_local"], frame)
    assert len([failure for failure in found if "polygone valide" in failure]) == 2
