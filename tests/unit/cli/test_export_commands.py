"""``export`` as it is typed: options, refusals, and the bytes of the page."""

import csv
import json
from functools import partial

import pyogrio
import pytest

from clsm_map.cli.asking import read_place, read_selection
from clsm_map.desk import open_desk
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.exports.export import export
from clsm_map.store.snapshot import open_snapshot


@pytest.fixture
def run(typed):
    return partial(typed, "export")


def test_the_command_and_the_page_give_the_same_bytes(run, tmp_path):
    out = tmp_path / "qpv.gpkg"
    code, said, _ = run("qpv", "--region", "Bretagne", "--on", "2026-01-01", "--out", out)
    assert code in {0, None}
    assert "ko" in said
    snapshot = open_snapshot()
    selection = read_selection(
        snapshot, read_place(snapshot, "53"), {"date": "2026-01-01", "type": "CLSM"}
    )
    assert out.read_bytes() == export(open_desk(), "qpv", "gpkg", selection)
    assert pyogrio.read_info(out, layer="qpv")["features"] == (snapshot.qpv["region"] == "53").sum()


def test_options_make_a_selection():
    options = {
        "type": "ASV",
        "date": "2020-01-01",
        "niveau": "departement",
        "indicateur": "taux_pauvrete",
        "annee": "2021",
        "classes": "seuils",
        "seuils": "10,20,30",
        "palette": "lajolla",
        "couches": "qpv,asv",
        "pauvrete": "45-",
        "habitants": "2000-5000",
        "evolutions": "N,M",
        "lieu": None,
    }
    snapshot = open_snapshot()
    read = read_selection(snapshot, read_place(snapshot, any_level="region:84"), options)
    assert read.territoire == "region:84"
    assert (read.type, read.niveau, read.indicateur, read.annee) == (
        "ASV",
        "departement",
        "taux_pauvrete",
        2021,
    )
    assert read.seuils == (10.0, 20.0, 30.0)
    assert read.couches == ("qpv", "asv")
    assert read.filtre == QpvFilter(
        habitants=(2000.0, 5000.0), pauvrete=(45.0, None), evolutions=("M", "N")
    )
    assert read.lieu == Selection().lieu


def test_the_name_of_the_file_says_the_format(run, tmp_path):
    out = tmp_path / "departements.geojson"
    assert run("departements", "--territoire", "region:84", "-o", out)[0] in {0, None}
    found = json.loads(out.read_text(encoding="utf-8"))
    assert {f["id"] for f in found["features"]} >= {"01", "69", "73"}
    assert len(found["features"]) == 12
    assert found["metadata"]["vue"]["territoire"] == "region:84"


def test_a_picture_for_paper(run, tmp_path):
    out = tmp_path / "carte.png"
    assert run("carte", "--departement", "974", "--dpi", "300", "-o", out)[0] in {0, None}
    assert out.read_bytes().startswith(b"\x89PNG")


def test_thresholds_choose_their_scheme(run, tmp_path):
    out = tmp_path / "c.csv"
    code, _, err = run(
        "carte", "--departement", "93", "--niveau", "commune", "--indicateur", "taux_pauvrete",
        "--seuils", "20,30", "-o", out,
    )  # fmt: skip
    assert code in {0, None}, err
    rows = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    classes = {r["Classe de la carte"] for r in rows}
    assert any(c.endswith("à 20\u00a0%") for c in classes)
    assert any("plus de 30" in c for c in classes)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("quartiers", "-o", "x.csv"), "s’exportent : qpv, communes"),
        (("qpv", "-o", "x.pdf"), "Le format « pdf » n’existe pas"),
        (("qpv", "--n", "9", "-o", "x.csv"), "--n n’accepte pas « 9 » : de 2 à 5"),
        (("qpv", "--pauvrete", "beaucoup", "-o", "x.csv"), "écrivez 45- pour au moins"),
        (("qpv", "--type", "CLSN", "-o", "x.csv"), "les types sont CLSM, ASV, CLS"),
        (("qpv", "--on", "hier", "-o", "x.csv"), "AAAA-MM-JJ"),
        (("qpv", "--region", "84", "--epci", "75056", "-o", "x.csv"), "Un seul territoire"),
        (("qpv", "--territoire", "Bretgne", "-o", "x.csv"), "Bretagne"),
        (("qpv", "--territoire", "93", "-o", "x.csv"), "departement:93 Seine-Saint-Denis ; region"),
        (("carte", "--indicateur", "taux_pauvrete", "--niveau", "epci", "-o", "x.csv"), "--niveau"),
        (("qpv", "-o", "x.png"), "Il n’y a pas d’image de « qpv »"),
        (("carte", "--dpi", "5000", "-o", "x.png"), "--dpi"),
        (("qpv", "--departement", "23", "-o", "/nulle/part/x.csv"), "n’a pas pu être écrit"),
        (("qpv", "--departement", "23", "--pauvrete", "99-", "-o", "x.csv"), "Rien ne répond"),
    ],
)
def test_what_cannot_be_done_is_said_in_french(run, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*words)
    assert code == 2
    assert sentence in err
    assert not list(tmp_path.iterdir())


def test_the_map_around_a_place_is_that_of_the_page(run, tmp_path):
    out = tmp_path / "autour.svg"
    code, _, err = run("couverture", "--lieu", "commune:93066", "--rayon", "7", "-o", out)
    assert code in {0, None}, err
    selection = Selection(lieu="commune:93066", rayon=7.0)
    assert out.read_bytes() == export(open_desk(), "couverture", "svg", selection)
