import math

import pytest

from clsm_map.build.indicators import criteria_indicators


@pytest.fixture(scope="module")
def values(criteria_2020, territories, changes):
    frame = criteria_indicators({2020: criteria_2020}, territories, changes)
    return frame.set_index(["niveau", "indicateur", "code"])[["valeur", "statut"]]


def value(values, level, indicator, code):
    found = values.loc[(level, indicator, code)]
    return found.valeur, found.statut


def test_merged_communes_are_summed_then_divided(values):
    revenue, status = value(values, "commune", "revenu_imposable_par_habitant", "01001")
    assert revenue == pytest.approx((4000 + 500) / (200 + 100))
    assert status == "disponible"
    share, _ = value(values, "commune", "part_logements_sociaux", "01001")
    assert share == pytest.approx(100 * 2 / 100)
    weight, _ = value(values, "commune", "part_population_qpv", "01001")
    assert weight == pytest.approx(10.0)


def test_a_merger_deduced_from_populations_is_carried_too(values):
    assert value(values, "commune", "population_totale", "01006") == (90.0, "disponible")


@pytest.mark.parametrize("code", ["01004", "01005"])
def test_a_commune_that_was_split_is_missing_not_guessed(values, code):
    found, status = value(values, "commune", "population_totale", code)
    assert math.isnan(found)
    assert status == "manquant"


def test_the_epci_of_a_split_commune_is_whole_all_the_same(values):
    assert value(values, "epci", "population_totale", "200000002") == (190.0, "disponible")


def test_a_revenue_that_is_not_given_is_left_out_above_and_below_the_line(values):
    _, status = value(values, "commune", "revenu_imposable_par_habitant", "01003")
    assert status == "manquant"
    mean, _ = value(values, "epci", "revenu_imposable_par_habitant", "200000001")
    assert mean == pytest.approx(4500 / 300)


def test_no_inhabitant_in_a_qpv_is_zero_not_missing(values):
    assert value(values, "commune", "population_qpv", "01003") == (0.0, "disponible")


def test_the_dsu_index_is_never_aggregated_nor_carried_to_a_merged_commune(values):
    assert value(values, "commune", "indice_dsu", "01003") == (1.25, "disponible")
    assert value(values, "commune", "indice_dsu", "01007")[1] == "sans_objet"
    assert value(values, "commune", "indice_dsu", "01001")[1] == "manquant"
    levels = values.index.to_frame().query("indicateur == 'indice_dsu'")["niveau"]
    assert set(levels) == {"commune"}


def test_grand_paris_is_given_whole_and_by_ept(values):
    assert value(values, "epci", "population_totale", "200054781") == (1200.0, "disponible")
    assert value(values, "epci", "population_totale", "200057867") == (200.0, "disponible")
    assert value(values, "epci", "population_totale", "75056") == (1000.0, "disponible")


def test_france_leaves_out_the_collectivites_doutre_mer(values):
    total, _ = value(values, "france", "population_totale", "FR")
    assert total == 200 + 100 + 50 + 100 + 60 + 30 + 10 + 1000 + 200 + 40


def test_a_territory_without_inhabitants_has_no_rate(criteria_2020, territories, changes):
    deserted = criteria_2020.copy()
    deserted.loc[deserted["code"] == "01007", ["population", "population_dgf"]] = 0.0
    frame = criteria_indicators({2020: criteria_2020, 2021: deserted}, territories, changes)
    kept = frame[(frame["annee"] == 2021) & (frame["niveau"] == "commune")]
    found = kept.set_index(["indicateur", "code"])["statut"]
    assert found["potentiel_financier_par_habitant", "01007"] == "sans_objet"
    assert found["population_totale", "01007"] == "disponible"


def test_a_commune_without_row_in_a_year_makes_its_epci_missing_that_year(
    criteria_2020, territories, changes
):
    shorter = criteria_2020[criteria_2020["code"] != "01003"]
    frame = criteria_indicators({2020: criteria_2020, 2022: shorter}, territories, changes)
    kept = frame[(frame["annee"] == 2022) & (frame["indicateur"] == "population_totale")]
    found = kept.set_index(["niveau", "code"])["statut"]
    assert found["commune", "01003"] == "manquant"
    assert found["epci", "200000001"] == "manquant"
    assert found["epci", "200000002"] == "disponible"
