"""``show`` says, of every view, what its page says."""

import csv
import io
import json

import openpyxl
import pytest

from clsm_map.domain.selection import OPTIONS
from clsm_map.views.view import VIEWS

HERE = (
    "--territoire", "departement:01", "--lieu", "clsm-bourg-en-bresse", "--rayon", "27",
    "--avec", "departement:38",
)  # fmt: skip


@pytest.fixture
def answer(typed):
    def execute(*words):
        code, out, err = typed("show", *words, "--json")
        assert not code, err
        return json.loads(out)

    return execute


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers_as_a_table_json_csv_and_a_workbook(view, answer, typed, tmp_path):
    path = tmp_path / "vue.xlsx"
    found = answer(view, *HERE, "--xlsx", path)
    assert found["titre"]
    assert found["constat"] or found["chapeau"]
    assert found["sources"]
    code, said, _ = typed("show", view, *HERE)
    assert not code
    assert found["titre"] in " ".join(said.split()).replace("\u00a0", " ") or found["titre"] in said
    sheets = openpyxl.load_workbook(path).sheetnames
    assert sheets[:-2] == [table["nom"] for table in found["tableaux"]]
    if found["tableaux"]:
        first = found["tableaux"][0]
        code, out, _ = typed("show", view, *HERE, "--csv")
        rows = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")), delimiter=";")
        assert not code
        assert rows.fieldnames == list(first["colonnes"].values())
        assert len(list(rows)) == len(first["lignes"])


def test_the_figures_of_a_departement_are_those_of_coverage(answer, typed):
    """Ain: 8 QPV in qpv_2024.csv."""
    words = ("--departement", "01", "--on", "2026-11-28")
    shown = answer("couverture.territoire", *words)
    counted = json.loads(typed("coverage", *words, "--json")[1])
    assert shown["territoire"] == counted["territoire"] == {
        "niveau": "departement", "code": "01", "nom": "Ain",
    }  # fmt: skip
    assert shown["on"] == counted["on"] == "2026-11-28"
    assert str(counted["qpv"]) in shown["chiffres"][0]["libelle"] + shown["chiffres"][0]["texte"]


def test_nothing_around_a_place_is_an_empty_list(answer):
    """The nearest QPV without a CLSM is at more than 15 km of Bourg-en-Bresse: see `gaps`."""
    assert (
        answer("couverture.autour", "--lieu", "clsm-bourg-en-bresse")["tableaux"][0]["lignes"] == []
    )


def test_its_options_are_the_fields_of_a_selection(typed):
    _, out, _ = typed("show", "--help")
    assert all(f"--{name.replace('_', '-')}" in out or name == "date" for name in OPTIONS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("partout",), "couverture.territoire"),
        (("carte", "--n", "9"), "--n n’accepte pas"),
        (("carte", "--json", "--csv"), "--json et --csv"),
        (("inegalites.cote",), "Ajoutez de un à trois territoires"),
        (("carte", "--type", "PTSM"), "CLSM, ASV, CLS"),
    ],
)
def test_what_means_nothing_is_refused_in_french(typed, words, said):
    code, out, err = typed("show", *words)
    assert (code, out) == (2, "")
    assert said in err
