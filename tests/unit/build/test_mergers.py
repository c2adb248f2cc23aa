import pandas as pd
import pytest

from clsm_map.build.mergers import find_changes, without_doubles


def units(*rows):
    columns = ["code", "type", "parent", "epci", "population", "population_totale"]
    return pd.DataFrame([(*row, row[-1]) for row in rows], columns=columns)


def year(*rows):
    return pd.DataFrame(rows, columns=["code", "nom", "epci", "population"])


def test_a_delegated_commune_leads_to_its_parent(changes):
    assert changes.today["01002"] == "01001"
    assert "01002" not in changes.deduced.index
    assert "01001" not in changes.unlike_2020


def test_a_merger_that_the_package_does_not_say_shows_in_exact_populations(changes):
    assert changes.deduced.to_dict() == {"01008": "01006"}
    assert "01006" in changes.grown
    assert "01006" not in changes.unlike_2020


def test_a_split_is_found_and_neither_part_is_like_2020(changes):
    assert changes.origins.to_dict() == {"01005": "01004"}
    assert {"01004", "01005"} <= changes.unlike_2020


def test_a_commune_of_unknown_population_is_not_said_to_have_changed(changes):
    assert "97601" not in changes.unlike_2020


@pytest.mark.parametrize(("gained", "carried"), [(30.0, True), (31.0, False)])
def test_a_merger_is_deduced_to_the_inhabitant_or_not_at_all(gained, carried):
    today = units(("01001", "COM", None, "E", 100.0 + gained))
    before = year(("01001", "A", "E", 100.0), ("01009", "B", "E", 30.0))
    changes = find_changes(today, {2020: before})
    assert ("01009" in changes.today.index) is carried
    assert ("01001" in changes.unlike_2020) is not carried


def test_two_candidates_that_gained_the_same_leave_the_row_alone():
    today = units(("01001", "COM", None, "E", 130.0), ("01002", "COM", None, "E", 80.0))
    before = year(("01001", "A", "E", 100.0), ("01002", "B", "E", 50.0), ("01009", "C", "E", 30.0))
    assert find_changes(today, {2020: before}).deduced.empty


def test_several_rows_go_to_the_only_commune_that_gained_their_sum():
    today = units(("01001", "COM", None, "E", 150.0), ("01002", "COM", None, "E", 50.0))
    before = year(
        ("01001", "A", "E", 100.0),
        ("01002", "B", "E", 50.0),
        ("01008", "C", "E", 20.0),
        ("01009", "D", "E", 30.0),
    )
    assert find_changes(today, {2020: before}).deduced.to_dict() == {
        "01008": "01001",
        "01009": "01001",
    }


def test_a_code_that_changed_for_a_year_is_led_back_by_its_name():
    today = units(("27676", "COM", None, "E", 100.0))
    base = year(("27676", "LES TROIS LACS", "E", 100.0))
    later = year(("27058", "LES TROIS LACS", "E", 103.0))
    assert find_changes(today, {2020: base, 2022: later}).today["27058"] == "27676"


def test_inhabitants_counted_in_a_restored_commune_too_are_taken_away():
    today = units(
        ("85084", "COM", None, "E", 100.0),
        ("85084", "COMD", "85084", None, 75.0),
        ("85165", "COM", None, "E", 25.0),
    )
    before = year(("85084", "ESSARTS", "E", 100.0))
    changes = find_changes(today, {2020: before})
    assert changes.doubled == {"85084"}
    assert {"85084", "85165"} <= changes.unlike_2020
    corrected = without_doubles(today, changes)
    assert corrected.loc[corrected["type"] == "COM", "population"].tolist() == [75.0, 25.0]
