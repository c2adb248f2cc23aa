"""Legends that agree with what is drawn: counts, marks, and swatches of devices."""

import datetime as dt
from urllib.parse import unquote

import pandas as pd
import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.maps.layers import perimeters
from clsm_map.maps.legend import (
    aged_entries,
    class_entries,
    device_entries,
    status_entries,
    swatch_image,
)
from clsm_map.maps.model import Geometry
from clsm_map.settings import ROOT
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.views.devices import device_layer


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


def test_perimeters_of_which_only_the_seat_is_known_are_outlined_apart_and_counted_again():
    # By hand, dispositifs.csv: 12 CLSM are "actif" with a perimetre_origine of "siège seul".
    facts = pd.read_csv(ROOT / "data/facts/dispositifs.csv", dtype=str)
    asked = facts[(facts["type"] == "CLSM") & (facts["statut"] == "actif")]
    by_hand = set(asked.loc[asked["perimetre_origine"] == "siège seul", "id"])
    snapshot, day = open_snapshot(), dt.date(2026, 11, 28)
    ground = Ground.of(snapshot, embedded_register(snapshot))
    layer = device_layer(snapshot, coverage_on(ground, "CLSM", day, today=day), "CLSM")
    assert layer.seat_only == by_hand
    entries = {e.label: e for e in device_entries({"CLSM": layer.states}, layer.seat_only)}
    assert entries["CLSM actif"].count == 121
    only = entries["Dont siège seul connu : la commune du siège"]
    assert only.count == len(by_hand) == 12
    geometry = Geometry("memory:0", "aires", ("clsm-roubaix", "clsm-caen"), ((0, 0), (1, 1)))
    drawn = perimeters(geometry, "CLSM", layer.states, layer.seat_only)
    roubaix, caen = (drawn.styles[rank] for rank in drawn.classes)
    assert (roubaix.dash, caen.dash) == (only.dash, ())
    detail = layer.perimeters.set_index("code")["detail"]
    assert detail["clsm-roubaix"].endswith("(siège seul connu)")


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
