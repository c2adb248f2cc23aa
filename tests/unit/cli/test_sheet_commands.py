"""``sheet`` as it is typed; all those of a département, which take long, are in tests/golden."""

from functools import partial

import pytest

from clsm_map.desk import open_desk
from clsm_map.exports.sheet import export_sheet


@pytest.fixture
def run(typed):
    return partial(typed, "sheet")


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
def test_the_command_and_the_page_give_the_same_bytes(run, tmp_path, fmt):
    out = tmp_path / f"fiche.{fmt}"
    code, said, err = run("Vénissieux", "--out", out, "--address", "https://exemple.fr")
    assert code in {0, None}, err
    assert str(out) in said
    desk = open_desk()
    assert out.read_bytes() == export_sheet(desk, "69259", fmt, address="https://exemple.fr")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("69259", "-o", "x.odt"), "pdf ou en docx, pas en « odt »"),
        (("69259", "--all", "-o", "x.pdf"), "fichier .zip"),
        (("69259", "--toutes-les-communes", "-o", "x.pdf"), "fichier .zip"),
        (("999", "--all", "-o", "x.zip"), "Aucun territoire"),
        (("FR", "-o", "x.pdf"), "pas de fiche"),
        (("Venisieux", "-o", "x.pdf"), "commune:69259 Vénissieux"),
        (("93", "-o", "x.pdf"), "departement:93 Seine-Saint-Denis ; region:93 Provence"),
        (("97110", "-o", "x.pdf"), "commune:97120 Pointe-à-Pitre (code postal 97110) ; commune:"),
        (("69259", "--type", "PTSM", "-o", "x.pdf"), "CLSM, ASV, CLS"),
    ],
)
def test_what_cannot_be_done_is_said_in_french(run, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*words)
    assert code == 2
    assert sentence in err
    assert not list(tmp_path.iterdir())
