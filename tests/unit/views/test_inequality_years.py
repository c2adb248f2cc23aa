"""Maps by year: one classing for all the years, what is missing counted, never put in a class."""

import pandas as pd
import pytest

from clsm_map.analysis.classing import classify
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE
from clsm_map.store.territories import find_territory
from clsm_map.views.choropleth import Scope
from clsm_map.views.inequality.trend import YearMaps, year_levels, year_maps

ATTEMPTS = "tentatives_suicide_adultes"
INCOME = "revenu_imposable_par_habitant"


@pytest.fixture
def small(snapshot):
    """Four départements, two years: A 1 then 4, B 2 then 2, C secret then 3, D 5 then 1."""
    rows = [
        ("A", 2015, 1.0, "disponible"), ("A", 2019, 4.0, "disponible"),
        ("B", 2015, 2.0, "disponible"), ("B", 2019, 2.0, "disponible"),
        ("C", 2015, None, "secret"), ("C", 2019, 3.0, "disponible"),
        ("D", 2015, 5.0, "disponible"), ("D", 2019, 1.0, "disponible"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["code", "annee", "valeur", "statut"])
    frame["nom"] = frame["code"]
    classes = classify(frame["valeur"], "seuils", thresholds=(2.5,))
    scope = Scope("departement", ("A", "B", "C", "D"), FRANCE)
    return YearMaps(
        snapshot.indicators[ATTEMPTS], FRANCE, scope, (2015, 2019),
        frame.assign(classe=classes.codes), classes,
    )  # fmt: skip


def test_each_year_is_counted_in_the_same_classes_and_the_secret_one_apart(small):
    assert small.counts(2015) == [2, 1, 0, 1, 0]
    assert small.counts(2019) == [2, 2, 0, 0, 0]


def test_the_finding_follows_those_known_at_both_dates(small):
    """Known twice: A, B, D. Medians of (1, 2, 5) and (4, 2, 1): 2 both times."""
    said = small.finding.replace("\u00a0", " ").replace("\u202f", " ")
    assert "la médiane des 3 départements" in said
    assert "passe de 2,0 pour 10 000 habitants à 2,0 pour 10 000 habitants" in said
    assert said.endswith("1 monte d’au moins une classe, 1 descend.")


def test_the_table_has_a_column_per_year_the_change_and_why_a_value_lacks(small):
    table = small.table()
    assert list(table["Code"]) == ["A", "C", "B", "D"]
    first = table.set_index("Code").loc["A"]
    assert first["Écart 2015–2019"] == 3.0
    assert table.set_index("Code").loc["C", "À savoir"] == "2015 secrète"


def test_the_atlas_has_two_years_by_departement_and_the_dgcl_three(snapshot):
    known = snapshot.indicators
    assert year_levels(snapshot, known[ATTEMPTS], FRANCE) == ["departement"]
    assert year_maps(snapshot, ATTEMPTS, "departement", FRANCE).years == (2015, 2019)
    assert year_maps(snapshot, INCOME, "departement", FRANCE).years == (2020, 2021, 2022)


def test_classes_are_those_of_all_the_years_together(snapshot):
    found = year_maps(snapshot, INCOME, "departement", FRANCE)
    counted = [found.counts(year) for year in found.years]
    together = [sum(column) for column in zip(*counted, strict=True)]
    assert sum(together) == 3 * 101
    assert set(together[:5]) == {60, 61}
    assert counted[0][0] > counted[-1][0]


def test_the_value_of_a_departement_is_that_of_the_snapshot(snapshot):
    found = year_maps(snapshot, ATTEMPTS, "departement", FRANCE)
    rows = snapshot.indicator(ATTEMPTS, "departement", 2015).set_index("code")
    shown = found.of(2015).set_index("code")
    assert shown.loc["56", "valeur"] == rows.loc["56", "valeur"]
    lacking = shown.index[shown["valeur"].isna()]
    assert lacking.tolist() == ["04", "976"]  # 04 has no row; the zero of Mayotte is no value
    assert shown.loc[lacking, "classe"].eq(-1).all()


def test_a_region_shows_its_intercommunalites_then_its_communes(snapshot):
    bretagne = find_territory(snapshot, "53", "region")
    assert year_levels(snapshot, snapshot.indicators[INCOME], bretagne) == [
        "epci", "commune", "departement",
    ]  # fmt: skip


def test_a_level_without_several_years_is_refused(snapshot):
    with pytest.raises(InvalidInputError, match="communes"):
        year_maps(snapshot, ATTEMPTS, "commune", FRANCE)


def test_no_change_is_given_across_a_break(snapshot):
    """Housing benefit breaks everywhere in 2022, social housing in Mayotte only, in 2021."""
    everywhere = year_maps(snapshot, "beneficiaires_aides_logement", "departement", FRANCE)
    assert everywhere.table()["Écart 2020–2022"].isna().all()
    assert everywhere.finding.startswith("Rupture de série en 2022")
    one = year_maps(snapshot, "part_logements_sociaux", "departement", FRANCE)
    table = one.table().set_index("Code")
    assert table.index[table["Écart 2020–2022"].isna()].tolist() == ["976"]
    assert table.loc["976", "À savoir"] == "rupture de série en 2021"
    assert "la médiane des 100\u00a0départements" in one.finding
    assert "1\u00a0département à part" in one.finding
