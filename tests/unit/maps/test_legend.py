"""Legends that agree with what is drawn: counts, marks, and swatches of devices."""

from urllib.parse import unquote

import pytest

from clsm_map.maps.legend import (
    aged_entries,
    class_entries,
    device_entries,
    status_entries,
    swatch_image,
)


def test_a_class_has_its_count_and_absent_statuses_have_no_line():
    entries = class_entries(["bas", "haut"], ["#fee391", "#993404"], [3, 2], [0, 4, 0])
    assert [(e.label, e.count) for e in entries] == [
        ("bas", 3),
        ("haut", 2),
        ("Secret statistique", 4),
    ]


def test_statuses_come_in_their_order_whatever_that_of_the_counts():
    entries = status_entries({"en_projet": 2, "couvert": 1, "a_verifier": 0})
    assert [(e.label, e.mark, e.count) for e in entries] == [
        ("Couvert", "plein", 1),
        ("En projet", "points", 2),
    ]


def test_devices_are_told_apart_by_type_and_by_state():
    entries = device_entries(
        {"CLSM": {"a": "actif", "b": "en projet", "c": "actif"}, "CLS": {"d": "inconnu"}}
    )
    assert [(e.label, e.count) for e in entries] == [
        ("CLSM actif", 2),
        ("CLSM en projet", 1),
        ("CLS, état inconnu", 1),
    ]
    assert len({e.seat for e in entries}) == 2
    assert [bool(e.dash) for e in entries] == [False, True, True]


def test_devices_of_the_country_are_not_counted_on_the_map_of_a_territory():
    (entry,) = device_entries({"CLSM": {"a": "actif"}}, counted=False)
    assert (entry.label, entry.count_text) == ("CLSM actif", "")


@pytest.mark.parametrize("state", ["actif", "en projet", "inconnu"])
def test_the_swatch_of_a_device_shows_its_outline_and_its_seat(state):
    (entry,) = device_entries({"CLSM": {"a": state}})
    svg = unquote(swatch_image(entry))
    filled = f"fill='{entry.colour}'" in svg
    assert filled == (state == "actif")
    assert ("stroke-dasharray=''" in svg) == (state == "actif")


def test_the_qpv_on_old_and_undated_pages_are_counted_again_with_a_sign():
    statuses = {"a": "couvert", "b": "couvert_en_partie", "c": "couvert", "d": "en_projet"}
    pages = {"a": "ancienne", "b": "ancienne", "c": "non_datee", "d": "non_datee"}
    old, undated = aged_entries(statuses, pages)
    assert (old.count, old.mark, old.dash) == (2, "date", ())
    assert (undated.count, undated.mark) == (1, "sans_date")
    assert undated.dash
    assert old.label == "Dont couverts d’après une page plus ancienne"
    assert aged_entries({"a": "couvert"}, {"a": "recente"}) == ()
