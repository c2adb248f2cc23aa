import datetime as dt

import pytest

from clsm_map.analysis.activity import PAST_END, UNSEEN, devices_on, register_day, roles
from tests.unit.analysis.conftest import TODAY


def role(facts, on=TODAY, **known):
    facts.device("d", **known)
    return devices_on(facts.dispositifs, "CLSM", on, today=TODAY)["role"].item()


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2014, 12, 31), "aucun"),
        (dt.date(2015, 1, 1), "aucun"),
        (dt.date(2016, 1, 1), "actif"),
        (dt.date(2018, 12, 31), "actif"),
    ],
)
@pytest.mark.parametrize("statut", ["actif", "arrêté", "en sommeil"])
def test_a_device_that_ends_was_active_within_its_years(facts, statut, on, expected):
    assert role(facts, on, statut=statut, annee_debut="2015", annee_fin="2018") == expected


@pytest.mark.parametrize(
    ("statut", "expected"),
    [
        ("actif", "a_verifier"),
        ("inconnu", "a_verifier"),
        ("en sommeil", "a_verifier"),
        ("en projet", "a_verifier"),
        ("arrêté", "aucun"),
    ],
)
def test_only_a_stop_ends_a_device(facts, statut, expected):
    """Its last year has passed: no page says what followed."""
    known = {"statut": statut, "annee_debut": "2015", "annee_fin": "2018"}
    assert role(facts, dt.date(2019, 1, 1), **known) == expected
    found = devices_on(facts.dispositifs, "CLSM", TODAY, today=TODAY)
    assert found["role"].item() == expected
    assert found["motif"].item() == (PAST_END if expected == "a_verifier" else "")


@pytest.mark.parametrize(
    ("on", "page", "expected"),
    [
        (dt.date(2020, 1, 1), "2026-03-11", "aucun"),
        (dt.date(2020, 1, 1), "2020", "aucun"),
        (dt.date(2020, 1, 1), "2020-01-01", "actif"),
        (dt.date(2020, 1, 1), "2019-11-30", "aucun"),
        (dt.date(2020, 4, 30), "2020-04", "actif"),
        (dt.date(2020, 4, 29), "2020-04", "a_verifier"),
        (dt.date(2020, 12, 31), "2020", "actif"),
        (dt.date(2021, 1, 1), None, "actif"),
    ],
)
def test_a_device_counts_from_the_year_after_its_first_or_from_a_known_day(
    facts, on, page, expected
):
    facts.device("autre", source_date="2026-03-11", type_="CLS")
    assert role(facts, on, annee_debut="2020", source_date=page) == expected


def test_what_began_this_year_is_active_today(facts):
    assert role(facts, annee_debut="2026", source_date="2026") == "actif"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"annee_debut": "2018", "source_date": "2020-06"}, "a_verifier"),
        ({"annee_debut": "2018", "source_date": "2021-01"}, "actif"),
        ({"annee_debut": "2021", "source_date": "2014"}, "actif"),
        ({"annee_debut": "2018", "source_date": "2020", "annee_fin": "2027"}, "actif"),
        ({"annee_debut": None, "source_date": "2020"}, "a_verifier"),
        ({"annee_debut": None, "source_date": None}, "actif"),
    ],
)
def test_a_cls_without_end_unseen_for_more_than_five_years_is_to_be_checked(facts, known, expected):
    """2026 - 2020 = 6 years, 2026 - 2021 = 5; CLSM have no such term."""
    facts.device("autre", source_date="2026-03-11")
    facts.device("cls", type_="CLS", **known).device("clsm", **known)
    found = devices_on(facts.dispositifs, "CLS", TODAY, today=TODAY)
    assert found["role"].item() == expected
    assert found["motif"].item() == (UNSEEN if expected == "a_verifier" else "")
    clsm = devices_on(facts.dispositifs, "CLSM", TODAY, today=TODAY)
    assert clsm["role"].tolist() == ["actif", "actif"]


def test_no_sign_was_old_in_its_time(facts):
    facts.device("cls", type_="CLS", annee_debut="2010", source_date="2013")
    for year, expected in ((2018, "actif"), (2019, "a_verifier")):
        found = devices_on(facts.dispositifs, "CLS", dt.date(year, 1, 1), today=TODAY)
        assert found["role"].item() == expected


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
        ({"statut": "inconnu", "annee_debut": None, "annee_fin": "2022"}, "a_verifier"),
        ({"statut": "inconnu", "annee_debut": "2027"}, "aucun"),
        ({"statut": None}, "a_verifier"),
        ({"statut": "arrêté"}, "aucun"),
        ({"statut": "en sommeil", "annee_debut": None}, "a_verifier"),
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
