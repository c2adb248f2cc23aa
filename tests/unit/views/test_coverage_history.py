"""The history: what is computed, what was published, and the line between them."""

import datetime as dt

import pytest

from clsm_map.domain.territories import FRANCE
from clsm_map.store.territories import find_territory
from clsm_map.views.coverage import COMPUTED, coverage_history

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def history(snapshot, ground):
    return coverage_history(snapshot, ground, "CLSM", FRANCE, TODAY)


def test_a_device_counts_from_its_first_known_year_and_the_others_stay_apart(history):
    assert history.years == (2005, 2026)
    by_year = history.computed.set_index("annee")
    assert by_year.loc[2012, ["dispositifs", "qpv_couverts"]].tolist() == [0, 0]
    assert by_year.loc[2013, ["dispositifs", "qpv_couverts"]].tolist() == [1, 2]
    assert set(by_year["debut_inconnu"]) == {2}


def test_the_sentence_of_a_year_tells_what_is_apart(history):
    assert history.sentence(2013) == (
        "Au 1er\u00a0janvier 2013 : 1 CLSM actif recensé de début connu, 2\u00a0quartiers dans "
        "leur périmètre ; à part, 2 de début inconnu."
    )


def test_published_figures_without_a_date_are_named_and_kept_in_the_table(history):
    assert history.undated("dispositifs").startswith("298 est publié sans date")
    assert history.undated("qpv_couverts") == ""
    table = history.published_table()
    assert (table["Date"] == "non datée").sum() == 1
    assert table["Source"].ne("").all()
    assert not table["Source"].str.contains("/").any()
    assert table["Lien"].dropna().str.startswith("http").all()
    assert 677 in set(table["Valeur"])


def test_no_published_value_enters_the_computed_table(history):
    table = history.computed_table()
    assert list(table) == ["1er janvier", *COMPUTED.values()]
    assert table.drop(columns="1er janvier").max().max() <= 7


def test_a_territory_without_a_published_series_has_an_empty_table(snapshot, ground):
    ain = find_territory(snapshot, "departement:01")
    history = coverage_history(snapshot, ground, "CLSM", ain, TODAY)
    assert history.published_table().empty
    assert history.computed["dispositifs"].max() == 1
