import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.programme import KIT, REACH_STATES, kit_from_text, kit_to_text

IDS = [part.id for part in KIT]


@given(st.sets(st.sampled_from(IDS)))
def test_what_is_ticked_reads_back_from_the_link(ticked):
    text = kit_to_text(ticked)
    assert text.isascii()
    assert kit_from_text(text) == ticked


@pytest.mark.parametrize("text", ["", "-", "inconnu", "<script>", "chiffre", "CHIFFRES"])
def test_unknown_words_of_a_link_tick_nothing(text):
    assert kit_from_text(text) == frozenset()


def test_the_order_of_a_link_is_that_of_the_kit():
    assert kit_to_text({"outils", "chiffres"}) == "chiffres-outils"


def test_no_state_of_the_programme_has_the_colour_of_a_coverage_status():
    colours = {s.colour for s in REACH_STATES.values()}
    assert not colours & {s.colour for s in STATUSES.values()}
    assert len({s.mark for s in REACH_STATES.values()}) == len(REACH_STATES)
