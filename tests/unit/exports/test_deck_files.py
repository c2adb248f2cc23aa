"""The handout and the folder of a presentation, read back by other tools."""

import io
import json
import re
import shutil
import subprocess
import zipfile

import pytest

from clsm_map.domain.deck import Deck, Scene
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.deck.handout import deck_pdf
from clsm_map.exports.deck.play import FILES, POLICY, carried_deck, deck_folder, deck_payload
from clsm_map.exports.deck.standard import default_deck

PDF_TEXT = re.compile(rb"<FEFF([0-9A-F]+)>")
HOSTILE = "</script><script>alert(1)</script> & «été» \u202f漢"


@pytest.fixture(scope="module")
def deck(desk):
    return default_deck(desk, "53")


@pytest.fixture(scope="module")
def pdf(desk, deck):
    return deck_pdf(desk, deck)


@pytest.fixture(scope="module")
def folder(desk, deck):
    archive = zipfile.ZipFile(io.BytesIO(deck_folder(desk, deck)))
    return {name: archive.read(name) for name in archive.namelist()}


def script_value(content):
    return json.loads(content.decode().partition(" = ")[2].rstrip(";\n"))


def texts_of(pdf):
    """Titles, descriptions of pictures and outlines, as a PDF reader announces them."""
    return [bytes.fromhex(h.decode()).decode("utf-16-be") for h in PDF_TEXT.findall(pdf)]


def pages_of(pdf, tmp_path):
    reader = shutil.which("pdftotext")
    if not reader:
        pytest.skip("pdftotext is not installed: the words of the PDF cannot be read back.")
    path = tmp_path / "deck.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(
        [reader, "-layout", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f")[:-1]]


def test_the_handout_is_a_tagged_french_pdf(pdf, deck):
    assert b"pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(fr-FR)" in pdf
    assert len(re.findall(rb"/Type/Page[^s]", pdf)) == len(deck.scenes)


def test_the_handout_describes_each_picture(pdf, desk, deck):
    scenes = deck_payload(desk, deck)["scenes"]
    pictures = sum(len(s["cartes"]) + bool(s["figure"]) for s in scenes)
    described = [t for t in texts_of(pdf) if t.startswith("Carte : ") or "hors calcul" in t]
    assert len(described) >= pictures
    assert pdf.count(b"/Alt") >= pictures


def test_each_page_holds_the_words_of_its_scene(pdf, desk, deck, tmp_path):
    pages = pages_of(pdf, tmp_path)
    scenes = deck_payload(desk, deck)["scenes"]
    for page, scene in zip(pages, scenes, strict=True):
        for text in (scene["titre"], *(c["valeur"] for c in scene["chiffres"])):
            assert " ".join(text.split()) in page
        assert " ".join(scene["sources"][0].split()[:3]) in page


def test_the_handout_is_the_same_twice(desk):
    deck = Deck("Deux fois", (Scene(page="programme", disposition="chiffres", notes="Une\nnote"),))
    assert deck_pdf(desk, deck) == deck_pdf(desk, deck)


def test_words_that_no_font_writes_do_not_break_the_handout(desk):
    deck = Deck(HOSTILE, (Scene(HOSTILE, HOSTILE, HOSTILE, page="programme"),))
    assert any("alert(1)" in t and "été" in t for t in texts_of(deck_pdf(desk, deck)))


@pytest.mark.parametrize("make", [deck_pdf, deck_folder])
def test_an_empty_presentation_is_refused(desk, make):
    with pytest.raises(InvalidInputError, match="vide"):
        make(desk, Deck("Vide"))


def test_the_folder_holds_what_its_page_names_and_nothing_else_is_asked_for(folder):
    html = folder["index.html"].decode()
    named = set(re.findall(rf'(?:src|href)="({FILES}/[^"]+)"', html))
    assert named <= set(folder)
    assert POLICY in html
    assert "default-src 'none'" in POLICY
    assert "http" not in re.sub(r"http-equiv", "", html)
    style = folder[f"{FILES}/carte.css"].decode()
    assert re.findall(r"url\('?([^')]+)'?\)", style) == ["public-sans.woff2"]
    assert f"{FILES}/public-sans.woff2" in folder


def test_every_contour_that_a_map_names_is_carried_once(folder):
    scenes = script_value(folder[f"{FILES}/scenes.js"])["scenes"]
    carried = script_value(folder[f"{FILES}/contours.js"])
    views = [card["vue"] for scene in scenes for card in scene["cartes"]]
    urls = {layer["url"] for view in views for layer in view["layers"]}
    assert urls == set(carried)
    assert not any(url.startswith("data:") for url in urls)
    assert all(view["tiles"] == "aucun" for view in views)
    contents = [json.dumps(columns, sort_keys=True) for columns in carried.values()]
    assert len(contents) == len(set(contents))


def test_a_layer_has_as_many_classes_as_its_contours(folder):
    scenes = script_value(folder[f"{FILES}/scenes.js"])["scenes"]
    carried = script_value(folder[f"{FILES}/contours.js"])
    for scene in scenes:
        for card in scene["cartes"]:
            for layer in card["vue"]["layers"]:
                assert len(layer["classes"]) == len(carried[layer["url"]]["c"])


def test_the_folder_gives_the_presentation_back(folder, deck):
    assert Deck.from_json(folder["presentation.json"].decode()) == deck
    read_me = folder["LISEZMOI.txt"].decode("utf-8-sig")
    assert "index.html" in read_me
    assert "\r\n" in read_me


def test_hostile_words_stay_inside_their_script(desk):
    deck = Deck(HOSTILE, (Scene(HOSTILE, HOSTILE, HOSTILE, page="programme"),))
    archive = zipfile.ZipFile(io.BytesIO(deck_folder(desk, deck)))
    scenes = archive.read(f"{FILES}/scenes.js").decode()
    assert "<" not in scenes.partition(" = ")[2].replace("\\u003c", "")
    assert "<script>alert" not in archive.read("index.html").decode()


def test_contours_that_travel_in_an_address_are_told_apart_by_their_content(desk):
    near = {"vue": "autour", "rayon": "5"}
    deck = Deck(
        "",
        (
            Scene(page="couverture", requete={**near, "lieu": "QN02201M"}),
            Scene(page="couverture", requete={**near, "lieu": "QN02202M"}),
            Scene(page="couverture", requete={**near, "lieu": "QN02201M"}),
        ),
    )
    payload, carried = carried_deck(deck_payload(desk, deck), desk.static)
    places = [
        layer["url"]
        for scene in payload["scenes"]
        for layer in scene["cartes"][0]["vue"]["layers"]
        if layer["kind"] == "lieu"
    ]
    assert places[0] == places[2] != places[1]
    assert set(places) <= set(carried)


def test_the_default_presentation_stays_light(desk, deck, folder):
    payload = json.dumps(deck_payload(desk, deck)).encode()
    assert len(payload) < 400_000
    assert sum(len(content) for content in folder.values()) < 3_000_000
