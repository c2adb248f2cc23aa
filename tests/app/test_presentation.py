"""The page Présentation without a browser: its deck, its order, its words, its files."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from clsm_map.desk import open_desk
from clsm_map.domain.deck import Deck, Scene, deck_link
from clsm_map.domain.errors import InvalidInputError
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.ui.data import OwnRegister
from clsm_map.ui.presentation.stage import file_stem, read_file


def played(app):
    """What the frame of the player receives."""
    found = [
        json.loads(block.proto.json_args)
        for block in app.main
        if "clsm_presentation" in getattr(getattr(block, "proto", None), "component_name", "")
    ]
    assert len(found) == 1
    return found[0]


def titles(app):
    return [scene["titre"] for scene in played(app)["payload"]["scenes"]]


def said(app):
    return " ".join(i.value for i in app.info)


@pytest.fixture
def own_deck():
    """Three light scenes, so that a test does not compute eight."""
    scenes = tuple(
        Scene(titre=f"Scène {name}", disposition="chiffres", page="programme") for name in "ABC"
    )
    return Deck("Trois scènes", scenes)


@pytest.fixture
def opened(open_page, own_deck):
    def go(**query):
        return open_page("presentation", diapo=deck_link(own_deck), **query)

    return go


def test_eight_scenes_are_told_for_the_region_of_the_link(open_page):
    app = open_page("presentation", territoire="region:53", scene="3")
    told = played(app)
    assert len(told["payload"]["scenes"]) == 8
    assert "Bretagne" in told["payload"]["titre"]
    assert told["index"] == 2
    assert titles(app)[2].startswith("Bretagne")
    for scene in told["payload"]["scenes"]:
        assert scene["titre"]
        assert scene["phrase"]
        assert scene["sources"]
    assert app.query_params == {"territoire": "region:53", "scene": "3"}


def test_every_address_that_the_frame_loads_is_served_by_the_application(opened):
    told = played(opened())
    addresses = [*told["scripts"], *told["styles"]]
    assert addresses
    assert all(a.startswith("../../app/static/") for a in addresses)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"territoire": "region:99"}, "n’est pas une région"),
        ({"territoire": "departement:69"}, "n’est pas une région"),
        ({"diapo": "abîmé"}, "incomplet ou abîmé"),
        ({"scene": "99"}, "scène «\u00a099\u00a0»"),
        ({"scene": "<b>"}, "scène «\u00a0\\<b\\>\u00a0»"),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_is_told_so(open_page, query, words):
    app = open_page("presentation", **query)
    assert words in said(app)
    assert len(titles(app)) == 8


def test_scenes_are_moved_doubled_and_taken_out_and_each_step_is_undone(opened):
    app = opened()
    assert titles(app) == ["Scène A", "Scène B", "Scène C"]
    app.button(key="presentation_descendre").click().run()
    assert titles(app) == ["Scène B", "Scène A", "Scène C"]
    assert played(app)["index"] == 1
    app.button(key="presentation_dupliquer").click().run()
    assert titles(app) == ["Scène B", "Scène A", "Scène A", "Scène C"]
    app.button(key="presentation_retirer").click().run()
    app.button(key="presentation_retirer").click().run()
    assert titles(app) == ["Scène B", "Scène A"]
    for _ in range(4):
        app.button(key="presentation_annuler").click().run()
    assert titles(app) == ["Scène A", "Scène B", "Scène C"]
    assert app.button(key="presentation_annuler").disabled


def test_the_last_scene_can_be_taken_out_and_the_page_says_what_to_do(opened):
    app = opened()
    for _ in range(3):
        app.button(key="presentation_retirer").click().run()
    assert titles(app) == []
    assert not app.exception
    app.button(key="presentation_annuler").click().run()
    assert len(titles(app)) == 1


def test_words_are_written_and_emptied_words_are_computed_again(opened):
    app = opened()
    field = next(f for f in app.text_input if f.label == "Titre de la scène")
    field.set_value("Un titre à moi").run()
    assert titles(app)[0] == "Un titre à moi"
    field = next(f for f in app.text_input if f.label == "Titre de la scène")
    field.set_value("").run()
    assert titles(app)[0].startswith("Le programme")
    area = next(f for f in app.text_area if f.label == "Notes pour qui présente")
    area.set_value("Ligne une.\nLigne deux.").run()
    assert played(app)["payload"]["scenes"][0]["notes"] == "Ligne une.\nLigne deux."


def test_what_is_not_saved_is_said_and_a_link_is_given_back(opened, own_deck):
    app = opened()
    assert "non enregistrées" not in page_html(app)
    app.button(key="presentation_descendre").click().run()
    assert "non enregistrées" in page_html(app)
    assert app.query_params == {}
    links = [block.value for block in app.code]
    moved = Deck(own_deck.titre, (own_deck.scenes[1], own_deck.scenes[0], own_deck.scenes[2]))
    assert deck_link(moved) in links[0]
    assert links[1].endswith("&scene=2")


def page_html(app):
    return " ".join(
        str(block.proto.body) for block in app.main if getattr(block, "type", "") == "html"
    )


def test_another_region_takes_the_place_of_the_deck_which_one_step_gives_back(opened):
    app = opened()
    app.button(key="presentation_descendre").click().run()
    app.selectbox(key="presentation_region").set_value("94").run()
    assert len(titles(app)) == 8
    assert "Corse" in played(app)["payload"]["titre"]
    app.button(key="presentation_annuler").click().run()
    assert titles(app) == ["Scène B", "Scène A", "Scène C"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00bin", "son texte ne se lit pas"),
        (b"{}", "n’est pas une présentation"),
        (b"x" * 4_000_001, "trop lourd"),
    ],
)
def test_a_file_that_is_no_deck_is_refused_in_words(content, words):
    with pytest.raises(InvalidInputError, match=words):
        read_file(content)


def test_a_deck_comes_back_from_its_file(own_deck):
    assert read_file(own_deck.to_json().encode()) == own_deck
    assert read_file(b"\xef\xbb\xbf" + own_deck.to_json().encode()) == own_deck
    assert file_stem(own_deck) == "presentation-trois-scenes"
    assert file_stem(Deck("../../etc/passwd")) == "presentation-etc-passwd"


def test_a_visitor_s_own_list_is_told_to_them_alone(open_page):
    deck = Deck("La France", (Scene(disposition="chiffres", page="couverture"),))
    query = {"diapo": deck_link(deck)}
    app = open_page("presentation", **query)
    told = titles(app)
    data = open_snapshot()
    embedded = embedded_register(data)
    empty = replace(
        embedded, dispositifs=embedded.dispositifs.iloc[:0], perimetres=embedded.perimetres.iloc[:0]
    )
    app.session_state["registre_importe"] = OwnRegister(empty, open_desk(data, empty), "vide.csv")
    app.run()
    assert "ses 1\u202f584 quartiers sans CLSM" in titles(app)[0]
    del app.session_state["registre_importe"]
    app.run()
    assert titles(app) == told == titles(open_page("presentation", **query))


def test_a_scene_of_the_map_is_compared_with_another_date(open_page):
    scene = Scene(disposition="carte", page="carte", requete={"territoire": "region:94"})
    app = open_page("presentation", diapo=deck_link(Deck("Corse", (scene,))))
    layout = next(f for f in app.selectbox if f.label == "Disposition")
    layout.set_value("avant-apres").run()
    assert not app.exception
    told = played(app)["payload"]["scenes"][0]
    assert told["disposition"] == "avant-apres"
    assert len(told["cartes"]) == 2
    field = next(f for f in app.date_input if f.label == "Date de la carte d’avant")
    field.set_value(dt.date(2015, 1, 1)).run()
    told = played(app)["payload"]["scenes"][0]
    assert "2015" in told["cartes"][0]["etiquette"]
    assert told["cartes"][0]["vue"]["bounds"] == told["cartes"][1]["vue"]["bounds"]
