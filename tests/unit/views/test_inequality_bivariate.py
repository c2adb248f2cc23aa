"""Need against coverage: classes over France, counts of what is shown, refusals."""

import datetime as dt

import pytest

from clsm_map.analysis.coverage import Ground, coverage_on
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE
from clsm_map.maps.bivariate import bivariate_styles
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.store.territories import find_territory
from clsm_map.views.inequality_bivariate import map_levels, need_coverage

DAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="module")
def coverage(snapshot):
    ground = Ground.of(snapshot, embedded_register(snapshot))
    return coverage_on(ground, "CLSM", DAY, today=DAY)


def test_every_territory_shown_is_in_one_cell_or_without_a_class(snapshot, coverage):
    found = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    assert sum(map(sum, found.counts)) + found.unclassed == len(found.frame) == 101


def test_fewer_psychiatrists_is_a_greater_need(snapshot, coverage):
    found = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    rows = found.frame.dropna(subset=["classe_besoin"])
    high = rows.loc[rows["classe_besoin"] == 3, "besoin"]
    low = rows.loc[rows["classe_besoin"] == 1, "besoin"]
    assert high.max() <= low.min()
    assert "plus bas, plus de besoin" in found.edges_text


def test_classes_are_those_of_france_whatever_the_territory(snapshot, coverage):
    region = find_territory(snapshot, "region:84")
    here = need_coverage(snapshot, coverage, region, "departement", "psychiatres")
    france = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    both = here.frame.merge(france.frame, on="code", suffixes=("", "_france"))
    assert len(both) == 12
    same = both["classe_besoin"].eq(both["classe_besoin_france"])
    assert (same | both["classe_besoin"].isna()).all()


def test_a_territory_without_qpv_has_no_class(snapshot, coverage):
    found = need_coverage(snapshot, coverage, FRANCE, "epci", "beneficiaires_aides_logement")
    without = found.frame.loc[found.frame["qpv"] == 0, "code"]
    assert len(without) > 0
    assert (found.position.loc[without] == 9).all()


def test_what_has_no_direction_is_no_need(snapshot, coverage):
    with pytest.raises(InvalidInputError, match="ni favorable ni défavorable"):
        need_coverage(snapshot, coverage, FRANCE, "departement", "lits_psychiatrie")
    with pytest.raises(InvalidInputError, match="seulement pour"):
        need_coverage(snapshot, coverage, FRANCE, "epci", "psychiatres")


def test_levels_depend_on_the_territory(snapshot):
    assert map_levels(snapshot, FRANCE) == ["epci", "departement"]
    assert map_levels(snapshot, find_territory(snapshot, "departement:93")) == ["epci"]


def test_nine_colours_are_all_different():
    fills = [style.fill for style in bivariate_styles()]
    assert len(fills) == len(set(fills)) == 10
