"""A presentation is kept in a file or a link and comes back equal; what is hostile is refused."""

import base64
import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clsm_map.domain.deck import (
    FORMAT,
    LAYOUTS,
    MAX_LINK,
    MAX_SCENES,
    SCENE_PAGES,
    Deck,
    Scene,
    add,
    deck_from_link,
    deck_link,
    move,
    remove,
    rename,
    replace_scene,
)
from clsm_map.domain.errors import InvalidInputError

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=80)
queries = st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True), words, max_size=5)
scenes = st.builds(
    Scene,
    titre=words,
    phrase=words,
    notes=st.builds(lambda a, b: f"{a}\n{b}", words, words),
    disposition=st.sampled_from(LAYOUTS),
    page=st.sampled_from(SCENE_PAGES),
    requete=queries,
    avant=queries,
    vedette=st.sampled_from(["", "qpv:QN09301M", "dispositif:clsm-saint-denis"]),
)
decks = st.builds(Deck, titre=words, scenes=st.lists(scenes, max_size=6).map(tuple))
A, B, C = Scene("A"), Scene("B"), Scene("C")


@given(decks)
@settings(max_examples=150, deadline=None)
def test_a_file_gives_the_same_presentation_back(deck):
    assert Deck.from_json(deck.to_json()) == deck


@given(decks)
@settings(max_examples=150, deadline=None)
def test_a_link_gives_the_same_presentation_back_when_it_is_short_enough(deck):
    link = deck_link(deck)
    if link is None:
        return
    assert len(link) <= MAX_LINK
    assert deck_from_link(link) == deck


def test_eight_ordinary_scenes_fit_in_a_link():
    scene = Scene(
        "Trois quartiers sur quatre restent sans CLSM recensé",
        "À mettre à jour avant le webinaire",
        requete={"territoire": "region:84", "indicateur": "taux_pauvrete"},
    )
    deck = Deck("Webinaire", tuple(replace(scene, notes=f"Note {n}" * 20) for n in range(8)))
    assert deck_from_link(deck_link(deck)) == deck


def test_a_presentation_too_long_has_no_link():
    noise = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(5000))
    assert deck_link(Deck("", (Scene(notes=noise),))) is None


def test_a_file_reads_in_french_with_its_accents():
    text = Deck("Santé mentale", (Scene("Été"),)).to_json()
    assert "Santé mentale" in text
    assert json.loads(text)["format"] == FORMAT


def test_a_file_from_anyone_may_leave_out_what_is_empty():
    text = json.dumps(
        {
            "format": FORMAT,
            "version": 1,
            "titre": "",
            "scenes": [{"page": "carte", "disposition": "carte"}],
        }
    )
    assert Deck.from_json(text) == Deck("", (Scene(disposition="carte"),))


def file_with(**scene):
    first = {"page": "carte", "disposition": "carte"} | scene
    return json.dumps({"format": FORMAT, "version": 1, "titre": "T", "scenes": [first]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "n’est pas une présentation"),
        ("[]", "n’est pas une présentation"),
        ("[" * 100_000, "n’est pas une présentation"),
        ('{"format": "autre"}', "n’est pas une présentation"),
        (json.dumps({"format": FORMAT, "version": 2}), "autre version"),
        (json.dumps({"format": FORMAT, "version": 1, "titre": "T"}), "il manque « scenes »"),
        (
            json.dumps({"format": FORMAT, "version": 1, "titre": "T", "scenes": {}}),
            "doit être une liste",
        ),
        (
            json.dumps({"format": FORMAT, "version": 1, "titre": 3, "scenes": []}),
            "doit être un texte",
        ),
        (
            json.dumps({"format": FORMAT, "version": 1, "titre": "T", "scenes": [3]}),
            "doit être un objet",
        ),
        (
            json.dumps({"format": FORMAT, "version": 1, "titre": "T", "scenes": [{}] * 61}),
            "61",
        ),
        (file_with(page="donnees"), "la page d’une scène n’est pas reconnue"),
        (file_with(disposition=["carte"]), "la disposition d’une scène n’est pas reconnue"),
        (file_with(disposition="avant-apres"), "quelle vue vient avant"),
        (file_with(titre="x" * 161), "161 caractères"),
        (file_with(titre="a\u0000b"), "caractères invisibles"),
        (file_with(phrase="abc\u202edef"), "caractères invisibles"),
        (file_with(phrase="abc\ud800"), "caractères invisibles"),
        (file_with(requete=["a"]), "doit être une liste"),
        (file_with(requete={"__proto__": "x"}), "réglage inconnu"),
        (file_with(requete={"territoire": 84}), "doit être un texte"),
        (file_with(requete={"scenario": "x" * 6001}), "6001 caractères"),
        (file_with(requete={f"a{'b' * n}": "" for n in range(30)} | {"c1": ""}), "réglage inconnu"),
        (file_with(vedette="javascript:alert(1)"), "échelon:code"),
        (file_with(script="x"), "« script » est inconnu"),
        (" " * 1_000_001, "trop long"),
    ],
)
def test_what_is_not_a_presentation_is_refused_in_french(text, said):
    with pytest.raises(InvalidInputError) as refused:
        Deck.from_json(text)
    assert said in str(refused.value)


def packed(plain):
    return base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "a" * 6001,
        "../../etc/passwd",
        packed(b"\xff\xfe"),
        packed(b"0" * 5_000_000),  # a small link that swells to more than a file may hold
        packed(b'{"titre":"T","scenes":[]}')[:-6],
    ],
)
def test_a_link_that_is_cut_altered_or_swells_is_refused_in_french(text):
    with pytest.raises(InvalidInputError) as refused:
        deck_from_link(text)
    assert "lien" in str(refused.value)


def test_scenes_are_added_moved_renamed_replaced_and_taken_out_without_changing_the_first():
    deck = Deck("T", (A, B))
    assert add(deck, C).scenes == (A, B, C)
    assert add(deck, C, 0).scenes == (C, A, B)
    assert move(add(deck, C), 2, -1).scenes == (A, C, B)
    assert move(deck, 0, -5) == deck
    assert move(deck, 0, 9).scenes == (B, A)
    assert remove(deck, 0).scenes == (B,)
    assert rename(deck, "U") == Deck("U", (A, B))
    assert replace_scene(deck, 1, C).scenes == (A, C)
    assert deck == Deck("T", (A, B))


@pytest.mark.parametrize("position", [-1, 2])
def test_a_scene_that_is_no_longer_there_is_said(position):
    deck = Deck("T", (A, B))
    for change in (
        lambda: remove(deck, position),
        lambda: move(deck, position, 1),
        lambda: replace_scene(deck, position, C),
    ):
        with pytest.raises(InvalidInputError, match="n’est plus"):
            change()


def test_no_more_scenes_than_a_presentation_may_hold():
    full = Deck("T", (A,) * MAX_SCENES)
    with pytest.raises(InvalidInputError, match="60 scènes au plus"):
        add(full, B)


def test_a_scene_keeps_its_own_parameters():
    asked = {"territoire": "region:84"}
    scene = Scene(requete=asked)
    asked["territoire"] = "region:11"
    assert scene.requete == {"territoire": "region:84"}
