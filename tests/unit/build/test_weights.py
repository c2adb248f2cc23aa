import math

import pandas as pd
import pytest

from clsm_map.build.quartiers import qpv_weights

QPV = pd.DataFrame(
    [
        ("QN00101M", "01001", "200000001", "200000001", "01", "84", 1000.0),
        ("QN00102M", "01001;01003", "200000001", "200000001", "01", "84", 500.0),
        ("QN07501M", "75056", "200054781", "75056", "75", "11", 3000.0),
        ("QN00103M", "01001;01006", "200000001", "200000001", "01", "84", 200.0),
        ("QN97601C", "97601", "200000004", "200000004", "976", "06", math.nan),
        ("QN98701M", "98711", None, None, "987", None, math.nan),
    ],
    columns=["code", "communes", "epci", "intercommunalite", "departement", "region", "population"],
)


@pytest.fixture(scope="module")
def weights(territories, changes):
    pairs = pd.DataFrame([("QN07501M", "75101"), ("QN07501M", "75102")], columns=["qpv", "commune"])
    return (
        qpv_weights(QPV, pairs, territories, changes)
        .set_index(["niveau", "indicateur", "code"])
        .sort_index()
    )


@pytest.mark.parametrize(
    ("level", "code", "expected"),
    [
        ("commune", "01001", 3),
        ("commune", "01003", 1),
        ("commune", "01004", 0),
        ("arrondissement", "75102", 1),
        ("epci", "200000001", 3),
        ("epci", "200000002", 1),
        ("epci", "75056", 1),
        ("epci", "200057867", 0),
        ("departement", "01", 3),
        ("france", "FR", 6),
    ],
)
def test_a_qpv_counts_once_in_each_territory_that_it_touches(weights, level, code, expected):
    found = weights.loc[(level, "nombre_qpv", code)]
    assert (found.valeur, found.statut) == (expected, "disponible")


def test_inhabitants_are_zero_without_qpv_and_missing_when_one_is_unknown(weights):
    def people(code):
        return weights.loc[("departement", "population_qpv_2024", code)]

    assert people("01").valeur == 1700
    assert people("976").statut == "manquant"
    assert weights.loc[("epci", "population_qpv_2024", "200057867"), "valeur"] == 0


def test_inhabitants_that_cannot_be_split_count_where_the_register_says(weights):
    first = weights.loc[("epci", "population_qpv_2024", "200000001"), "valeur"]
    second = weights.loc[("epci", "population_qpv_2024", "200000002"), "valeur"]
    assert (first, second) == (1700, 0)
