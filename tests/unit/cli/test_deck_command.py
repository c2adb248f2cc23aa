"""``deck`` as it is typed."""

import io
import zipfile
from functools import partial

import pytest

from clsm_map.desk import open_desk
from clsm_map.domain.deck import Deck, Scene
from clsm_map.exports.deck.handout import deck_pdf
from clsm_map.exports.deck.play import deck_folder
from clsm_map.exports.deck.standard import default_deck

SMALL = Deck("Deux scènes", (Scene("Un titre", page="programme", disposition="chiffres"), Scene()))


@pytest.fixture
def run(typed):
    return partial(typed, "deck")


def test_the_default_presentation_of_a_region_as_a_file_that_reads_back(run, tmp_path):
    out = tmp_path / "bretagne.json"
    code, said, err = run("--region", "Bretagne", "--out", out)
    assert code in {0, None}, err
    assert str(out) in said
    deck = Deck.from_json(out.read_text(encoding="utf-8"))
    assert deck == default_deck(open_desk(), "53")
    assert len(deck.scenes) == 8


def test_the_command_and_the_page_give_the_same_bytes(run, tmp_path):
    source, desk = tmp_path / "deck.json", open_desk()
    source.write_text(SMALL.to_json(), encoding="utf-8")
    for suffix, make in ((".pdf", deck_pdf), (".zip", deck_folder)):
        out = tmp_path / f"deck{suffix}"
        code, _, err = run("--from", source, "--out", out)
        assert code in {0, None}, err
        assert "Terminé" in err
        assert out.read_bytes() == make(desk, SMALL)
    with zipfile.ZipFile(io.BytesIO((tmp_path / "deck.zip").read_bytes())) as archive:
        assert "index.html" in archive.namelist()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-o", "x.pptx"), "pas « .pptx »"),
        (("--region", "53", "--from", "x.json", "-o", "x.pdf"), "gardez l’une des deux"),
        (("--region", "999", "-o", "x.pdf"), "Aucun"),
        (("--from", "absent.json", "-o", "x.pdf"), "n’a pas pu être lu"),
    ],
)
def test_what_cannot_be_done_is_said_in_french(run, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*words)
    assert code == 2
    assert sentence in err
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_a_presentation_is_refused(run, tmp_path):
    source = tmp_path / "autre.json"
    source.write_text('{"scenes": []}', encoding="utf-8")
    code, _, err = run("--from", source, "-o", tmp_path / "x.pdf")
    assert code == 2
    assert "n’est pas une présentation" in err
    assert not (tmp_path / "x.pdf").exists()
