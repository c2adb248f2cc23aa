"""The coverage of a territory: parts that add up, lists in order, sentences."""

from dataclasses import astuple

import pytest

from clsm_map.analysis.gaps import nearest_active
from clsm_map.domain.devices import STATUSES
from clsm_map.store.territories import find_territory
from clsm_map.views.coverage import territory_claims, territory_coverage, wide_enough
from clsm_map.views.gap_lists import gap_rows


@pytest.fixture(scope="module")
def of(snapshot, ground, coverage, contours):
    nearest = nearest_active(coverage, contours, ground.qpv["code"])

    def territory(key):
        return territory_coverage(snapshot, coverage, nearest, find_territory(snapshot, key))

    return territory


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("france:FR", "region"),
        ("region:84", "departement"),
        ("departement:01", "epci"),
        ("epci:200071751", "epci"),
        ("region:06", "departement"),
    ],
)
def test_the_parts_add_up_to_the_whole(of, key, level):
    found = of(key)
    assert found.part_level == level
    assert found.parts["nom"].notna().all()
    assert found.parts["qpv"].sum() == found.figures.qpv
    assert found.parts["habitants"].sum() == found.figures.habitants_qpv
    covered = found.parts.loc[found.parts["statut"] == "couvert", "qpv"].sum()
    assert len(found.gaps) == found.figures.qpv - covered
    assert found.table("quartiers")["Ensemble"].sum() == found.figures.qpv


def test_the_figures_of_the_ain_are_those_of_its_one_device(of):
    found = of("departement:01")
    f = found.figures
    assert (f.qpv, f.qpv_couverts, f.actifs, f.projets, f.a_verifier) == (7, 2, 2, 1, 1)
    value, label, origin, *_ = astuple(territory_claims(found)[0])
    assert value == "2 sur 7"
    assert label == "quartiers dans le périmètre d’un CLSM actif recensé"
    assert origin.startswith("29\u00a0%")
    assert found.summary("quartiers").startswith(
        "Ain : 2\u00a0quartiers prioritaires sur 7 (29\u00a0%"
    )
    assert "périmètre inconnu pour 1" in territory_claims(found)[3].origin


def test_the_table_has_the_statuses_that_occur_in_their_order(of):
    table = of("departement:01").table("habitants")
    assert list(table) == [
        "Territoire", "Couvert", "En projet", "À vérifier", "Sans dispositif recensé", "Ensemble",
    ]  # fmt: skip
    assert table["Ensemble"].is_monotonic_decreasing


def test_the_list_sorts_by_each_order_with_the_unknown_last(of):
    found = of("france:FR")
    people = found.ordered("habitants")["habitants"]
    assert people.dropna().is_monotonic_decreasing
    assert people.tail(int(people.isna().sum())).isna().all()
    assert found.ordered("pauvrete")["taux_pauvrete"].dropna().is_monotonic_decreasing
    away = found.ordered("distance")["distance_dispositif_km"]
    assert away.dropna().is_monotonic_increasing
    assert len(found.ordered("distance")) == len(found.gaps)


def test_where_no_population_is_published_the_sentence_says_so_and_counts_remain(of):
    found = of("departement:976")
    assert "Aucun chiffre n’est publié" in found.summary("habitants")
    assert "sur 17" in found.summary("quartiers")
    assert found.table("quartiers")["Ensemble"].sum() == 17


def test_below_an_intercommunalite_the_departement_is_shown(snapshot):
    assert wide_enough(snapshot, find_territory(snapshot, "commune:01053")).key == "departement:01"
    assert wide_enough(snapshot, find_territory(snapshot, "qpv:QN00101M")).key == "departement:01"
    epci = find_territory(snapshot, "epci:200071751")
    assert wide_enough(snapshot, epci) == epci


def test_the_list_sorts_by_what_the_selection_can_name(of):
    found = of("region:84")
    table = gap_rows(found.ordered("habitants"), "CLSM", "titre")
    assert [c.order for c in table.columns if c.order] == ["habitants", "pauvrete", "distance"]
    assert {c.status for _, cells in table.rows for c in cells if c.status} <= set(STATUSES)
