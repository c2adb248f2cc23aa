"""What plays a presentation: parts joined in order, no outside host, a legend in few words."""

import re

import pytest

from clsm_map.exports.deck.play import PARTS, player_script, player_style, stage_block
from clsm_map.exports.plate import Block, Sample
from clsm_map.maps.model import Style


def block(title, *labels):
    return Block(title, tuple(Sample(la, Style(la), "aire", i) for i, la in enumerate(labels)))


@pytest.mark.parametrize(
    ("title", "label", "short"),
    [
        ("CLSM recensés : périmètres", "Périmètre actif", "Actif"),
        ("CLSM recensés", "Siège (vide : pas encore actif)", "Siège (vide : pas encore actif)"),
        ("Quartiers prioritaires et ASV", "Sans dispositif recensé", "Sans dispositif recensé"),
        ("Besoin", "Besoin élevé, aucun habitant couvert", "Élevé, aucun"),
        ("Besoin", "Besoin bas, tous les habitants couverts", "Bas, tous"),
    ],
)
def test_a_label_keeps_its_sense_in_fewer_words(title, label, short):
    found = stage_block(block(title, label))
    assert [s.label for s in found.samples] == [short]
    assert [s.count for s in found.samples] == [0]


def test_the_title_of_quartiers_is_short_and_the_others_stay():
    assert stage_block(block("Quartiers prioritaires et CLSM", "Couvert")).title == "Quartiers"
    assert stage_block(block("Revenu par habitant, 2022", "a")).title == "Revenu par habitant, 2022"


def test_the_script_holds_every_part_once_and_keeps_its_names():
    script = player_script()
    assert script.startswith("(() => {")
    assert len(set(PARTS)) == len(PARTS)
    assert script.index("class MapPlace") < script.index("class Scene {")
    assert script.index("class Scene {") < script.index("class Player {")
    assert "window.clsmPlayer" in script


def test_nothing_of_the_player_names_a_host_or_writes_html_but_the_legend():
    assert re.findall(r"https?:|//[a-z]+\.", player_script() + player_style()) == []
    assert re.findall(r"(\S+)\.innerHTML = (\S+);", player_script()) == [
        ("box", "this.data.legende")
    ]
    assert "insertAdjacentHTML" not in player_script()
    assert "document.write" not in player_script()
