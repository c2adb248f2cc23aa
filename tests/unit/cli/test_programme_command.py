"""``programme`` on the published totals and on the made-up sample, run as people run it."""

import csv
import io
import json

import pytest

from clsm_map.__main__ import main
from clsm_map.domain.programme import EXAMPLE
from clsm_map.settings import ROOT

SAMPLE = str(ROOT / "data" / "exemples" / "programme-exemple.csv")


@pytest.fixture
def run(monkeypatch, capfdbinary):
    def execute(*words):
        monkeypatch.setattr("sys.argv", ["clsm_map", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capfdbinary.readouterr()
        return stop.value.code or 0, out.decode("utf-8"), err.decode("utf-8")

    return execute


def test_published_totals_keep_their_refusals(run):
    code, out, _ = run("programme", "--json")
    rows = json.loads(out)["publie"]
    assert code == 0
    shares = {r["Part (%)"] for r in rows if r["Valeur"] == "111"}
    assert shares == {7.3, 7.0, None}
    assert all(r["Lecture"] for r in rows if r["Part (%)"] is None)


def test_published_totals_are_not_those_of_a_region(run):
    code, _, err = run("programme", "--region", "53")
    assert code == 2
    assert "ne valent que pour la France" in err


def test_the_sample_is_read_in_a_region_and_says_that_it_is_made_up(run):
    code, out, _ = run("programme", SAMPLE, "--region", "53", "--json")
    read = json.loads(out)
    assert (code, read["exemple"], read["territoire"]["code"]) == (0, True, "53")
    assert read["constat"].startswith("Exemple, données fictives")
    assert [y["Quartiers atteints"] for y in read["annees"]] == [1, 2, 0, 5]
    assert read["annees"][2]["Séances"] is None
    assert read["evaluation"][0]["Effectif"] == "faible"


def test_the_csv_of_the_sample_is_marked_on_every_row(run):
    _, out, _ = run("programme", SAMPLE, "--csv")
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff")), delimiter=";"))
    assert {r["Mention"] for r in rows} == {EXAMPLE}
    assert [r["Part des quartiers (%)"] for r in rows] == ["0,5", "0,7", "0", "0,9"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ("CLSM engagés", "13,5", "ne se divisent pas par des quartiers")),
        ((SAMPLE,), ("Quartiers atteints", "2025", "330", "Aucune ligne pour 2024")),
    ],
)
def test_people_read_a_table(run, words, said):
    code, out, _ = run("programme", *words)
    assert code == 0
    assert all(words in out for words in said)


def test_a_file_without_a_good_line_is_refused(run, tmp_path):
    bad = tmp_path / "seances.csv"
    bad.write_text("code_qpv;date;seances\nQN99999Z;2023;1\n", encoding="utf-8")
    code, _, err = run("programme", str(bad))
    assert code == 2
    assert "Aucune ligne" in err
