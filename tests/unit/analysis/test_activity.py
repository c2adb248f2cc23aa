import datetime as dt

import pytest

from clsm_map.analysis.activity import devices_on, register_day, roles
from tests.unit.analysis.conftest import TODAY


def role(facts, on=TODAY, **known):
    facts.device("d", **known)
    return devices_on(facts.dispositifs, "CLSM", on, today=TODAY)["role"].item()


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2014, 12, 31), "aucun"),
        (dt.date(2015, 1, 1), "actif"),
        (dt.date(2018, 12, 31), "actif"),
        (dt.date(2019, 1, 1), "aucun"),
    ],
)
@pytest.mark.parametrize("statut", ["actif", "arrêté", "en sommeil"])
def test_a_device_that_ends_was_active_within_its_years(facts, statut, on, expected):
    assert role(facts, on, statut=statut, annee_debut="2015", annee_fin="2018") == expected


def test_no_end_is_deduced(facts):
    assert role(facts, annee_debut="2003") == "actif"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (TODAY, "actif"),
        (dt.date(2026, 3, 11), "actif"),
        (dt.date(2026, 3, 10), "a_verifier"),
        (dt.date(2010, 1, 1), "a_verifier"),
    ],
)
def test_an_unknown_start_counts_today_and_is_never_back_dated(facts, on, expected):
    assert role(facts, on, annee_debut=None) == expected


def test_an_unknown_start_is_told(facts):
    facts.device("d", annee_debut=None).device("e")
    found = devices_on(facts.dispositifs, "CLSM", TODAY, today=TODAY)
    assert found["debut_inconnu"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("on", "date", "expected"),
    [
        (TODAY, "2019-11", "projet"),
        (dt.date(2019, 11, 1), "2019-11", "projet"),
        (dt.date(2019, 10, 31), "2019-11", "aucun"),
        (dt.date(2026, 3, 10), None, "aucun"),
        (dt.date(2026, 3, 11), None, "projet"),
    ],
)
def test_a_project_is_one_from_the_date_of_its_page(facts, on, date, expected):
    facts.device("autre", type_="CLS", source_date="2026-03-11")
    known = {"statut": "en projet", "annee_debut": None, "source_date": date}
    assert role(facts, on, **known) == expected


@pytest.mark.parametrize("start", ["2025", "2030"])
def test_a_project_never_becomes_active_by_itself(facts, start):
    assert role(facts, statut="en projet", annee_debut=start) == "projet"


def test_an_announced_start_is_not_active_yet(facts):
    assert role(facts, annee_debut="2027") == "aucun"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"statut": "inconnu", "annee_debut": None}, "a_verifier"),
        ({"statut": "inconnu", "annee_debut": None, "annee_fin": "2022"}, "aucun"),
        ({"statut": "inconnu", "annee_debut": "2027"}, "aucun"),
        ({"statut": None}, "a_verifier"),
        ({"statut": "arrêté"}, "aucun"),
        ({"statut": "en sommeil", "annee_debut": None}, "aucun"),
    ],
)
def test_what_is_not_known_today(facts, known, expected):
    assert role(facts, **known) == expected


def test_a_device_stopped_on_an_unknown_year_is_to_be_checked_in_the_past(facts):
    assert role(facts, dt.date(2016, 1, 1), statut="arrêté", annee_debut="2015") == "a_verifier"
    facts.rows.clear()
    assert role(facts, dt.date(2014, 1, 1), statut="arrêté", annee_debut="2015") == "aucun"


def test_years_may_be_numbers(facts):
    facts.device("d", annee_debut="2015").device("e", annee_debut=None)
    frame = facts.dispositifs
    frame["annee_debut"] = frame["annee_debut"].astype("Int64")
    found = devices_on(frame, "CLSM", TODAY, today=TODAY)
    assert found["role"].tolist() == ["actif", "actif"]
    assert found["debut_inconnu"].tolist() == [False, True]


def test_roles_are_counted_zero_included(facts):
    facts.device("a").device("b", statut="en projet").device("c", type_="ASV")
    found = devices_on(facts.dispositifs, "CLSM", TODAY, today=TODAY)
    assert roles(found) == {"actif": 1, "projet": 1, "a_verifier": 0, "aucun": 0}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2019-11", "2026-03-11", None], dt.date(2026, 3, 11)),
        ([None, "illisible"], TODAY),
        (["2031"], TODAY),
    ],
)
def test_the_day_the_register_describes(facts, dates, expected):
    for n, date in enumerate(dates):
        facts.device(str(n), source_date=date)
    assert register_day(facts.dispositifs, TODAY) == expected
