"""The map of the made-up sample: its layers, its legend and its table count the same QPV."""

import datetime as dt

import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.programme import sessions_of
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import HIDDEN
from clsm_map.maps.planifier import reach_legend, reach_view
from clsm_map.register import validate
from clsm_map.settings import ROOT
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.views.programme import programme_view, quartier_table

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="module")
def read(snapshot):
    path = ROOT / "data" / "exemples" / "programme-exemple.csv"
    ground = Ground.of(snapshot, embedded_register(snapshot))
    sessions = sessions_of(validate(path, snapshot).programme, ground)
    coverage = coverage_on(ground, "CLSM", TODAY, today=TODAY)
    return lambda territory: programme_view(snapshot, sessions, coverage, territory)


@pytest.mark.parametrize(
    "territory",
    [
        FRANCE,
        Territory("region", "53", "Bretagne"),
        Territory("departement", "59", "Nord"),
        Territory("departement", "974", "La Réunion"),
        Territory("epci", "243500139", "Rennes Métropole"),
    ],
)
def test_layers_legend_and_table_agree(read, snapshot, tmp_path, territory):
    view = read(territory)
    table = quartier_table(view)["État"].value_counts().to_dict()
    assert {e.label.lower(): e.count for e in reach_legend(view)} == table
    drawn = reach_view(GeometryLibrary(snapshot, tmp_path), snapshot, view)
    seen = dict.fromkeys(table, 0)
    for layer in drawn.layers:
        if layer.kind == "qpv" and set(layer.classes) != {HIDDEN}:
            seen[layer.styles[0].label] += sum(c != HIDDEN for c in layer.classes)
    assert seen == table


def test_the_qpv_reached_are_drawn_above_the_others_and_the_map_says_it_is_made_up(
    read, snapshot, tmp_path
):
    drawn = reach_view(GeometryLibrary(snapshot, tmp_path), snapshot, read(FRANCE))
    states = [layer.styles[0].label for layer in drawn.layers if layer.kind == "qpv"]
    assert states == ["absent du tableau", "possible, quartier non précisé", "atteint"]
    assert drawn.title.startswith("Exemple, données fictives")
    assert all("fictives" in la.class_label for la in drawn.layers if la.kind == "qpv")
