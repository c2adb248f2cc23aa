"""Classes that a person can check by hand, with missing, tied and zero-inflated values."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.analysis.classing import METHODS, classify, classify_around
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import DIVERGING
from clsm_map.maps.palettes import PALETTES, colours_for

TEN = pd.Series([float(v) for v in range(1, 11)])


def plain(labels):
    return [label.replace("\u00a0", " ").replace("\u202f", " ") for label in labels]


def test_quantiles_share_ten_values_by_two():
    classes = classify(TEN, "quantiles", 5)
    assert np.bincount(classes.codes).tolist() == [2, 2, 2, 2, 2]


def test_equal_intervals_of_one_to_eleven():
    classes = classify(pd.Series([1.0, 3.0, 3.1, 6.0, 11.0]), "egales", 5)
    assert classes.codes.tolist() == [0, 0, 1, 2, 3]
    assert classes.breaks == (3.0, 5.0, 7.0, 11.0)
    assert "4 au lieu de 5" in classes.method


def test_natural_breaks_find_the_three_obvious_groups():
    classes = classify(pd.Series([1.0, 1.1, 1.2, 5.0, 5.1, 9.0, 9.2]), "naturelles", 3)
    assert classes.codes.tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_deviations_of_two_classes_cut_at_the_mean():
    classes = classify(pd.Series([1.0, 1.0, 11.0, 11.0]), "ecart-type", 2)
    assert classes.breaks == (6.0, 11.0)
    assert classes.codes.tolist() == [0, 0, 1, 1]


def test_own_thresholds_belong_to_the_class_below():
    classes = classify(TEN, "seuils", thresholds=[3, 7])
    assert np.bincount(classes.codes).tolist() == [3, 4, 3]
    assert plain(classes.labels("%")) == ["de 1 à 3 %", "plus de 3 à 7 %", "plus de 7 à 10 %"]


def test_a_threshold_above_every_value_makes_no_class():
    classes = classify(TEN, "seuils", thresholds=[5, 50])
    assert classes.breaks == (5.0, 10.0)


@pytest.mark.parametrize("scheme", METHODS)
def test_a_missing_value_changes_no_other_class(scheme):
    thresholds = [4.0, 8.0]
    alone = classify(TEN, scheme, 3, thresholds)
    holed = classify(pd.concat([TEN, pd.Series([np.nan])]), scheme, 3, thresholds)
    assert holed.codes[-1] == -1
    assert holed.codes[:-1].tolist() == alone.codes.tolist()
    assert holed.codes[9] == holed.codes.max()


def test_zero_inflated_values_show_the_classes_that_there_are():
    classes = classify(pd.Series([0.0] * 8 + [1.0, 2.0]), "quantiles", 5)
    assert classes.codes.tolist() == [0] * 8 + [1, 2]
    assert classes.breaks == (0.0, 1.0, 2.0)
    assert "3 au lieu de 5" in classes.method


def test_one_single_value_makes_one_class_named_by_it():
    classes = classify(pd.Series([4.0, 4.0]), "naturelles", 5)
    assert plain(classes.labels("%")) == ["4 %"]


def test_labels_take_the_decimals_that_tell_them_apart():
    classes = classify(pd.Series([1.01, 1.02, 1.03, 1.04]), "quantiles", 2)
    assert plain(classes.labels()) == ["de 1,01 à 1,02", "plus de 1,02 à 1,04"]


def test_an_unknown_scheme_is_refused_with_those_that_exist():
    with pytest.raises(InvalidInputError, match="quantiles, naturelles, egales"):
        classify(TEN, "jolies")


def test_nothing_known_is_refused():
    with pytest.raises(InvalidInputError, match="Aucune valeur"):
        classify(pd.Series([np.nan, np.nan]), "quantiles")


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.sampled_from([s for s in METHODS if s != "seuils"]),
    st.integers(2, 5),
)
def test_classes_keep_the_order_of_values_and_none_is_empty(values, scheme, k):
    classes = classify(pd.Series(values), scheme, k)
    order = np.argsort(values, kind="stable")
    assert (np.diff(classes.codes[order]) >= 0).all()
    assert set(classes.codes) == set(range(len(classes.breaks)))
    assert len(classes.breaks) <= k
    assert max(values) <= classes.breaks[-1]


def test_natural_breaks_of_five_thousand_values_take_less_than_a_second():
    values = pd.Series(np.random.default_rng(1).lognormal(size=5_000))
    start = time.perf_counter()
    classify(values, "naturelles", 5)
    assert time.perf_counter() - start < 1.5


@pytest.mark.parametrize("scheme", ["quantiles", "naturelles", "egales", "ecart-type"])
def test_zero_has_a_class_where_more_than_a_tenth_are_zero(scheme):
    """Two zeros of ten, then 1 to 8: zero alone, and the scheme on 1 to 8."""
    values = pd.Series([0.0, 0.0, *range(1, 9)])
    found = classify(values, scheme, 3)
    assert (found.codes == 0).tolist() == [True, True, *[False] * 8]
    assert found.labels("%")[0] == "0\u00a0%"
    assert "zéro a sa classe" in found.method
    assert set(found.codes) == {0, 1, 2}


def test_a_tenth_of_zeros_or_a_zero_among_negatives_is_like_any_value():
    assert not classify(pd.Series([0.0, *range(1, 10)]), "egales", 2).zero
    assert not classify(pd.Series([0.0, 0.0, -1.0, 3.0]), "egales", 2).zero
    assert not classify(pd.Series([0.0, 0.0, 3.0]), "seuils", thresholds=(1.0,)).zero


@pytest.mark.parametrize("scheme", ["quantiles", "naturelles", "egales"])
def test_a_diverging_palette_has_its_midpoint(scheme):
    """1, 2, 3 below 4; 5, 7, 9, 30 above: 4 closes a class, two classes on each side."""
    found = classify_around(pd.Series([1.0, 2.0, 3.0, 5.0, 7.0, 9.0, 30.0, None]), scheme, 5, 4.0)
    assert (len(found.breaks), found.below, found.breaks[1]) == (4, 2, 4.0)
    assert (found.codes[:3] <= 1).all()
    assert (found.codes[3:7] >= 2).all()
    assert found.codes[7] == -1


def test_a_side_without_value_has_no_class_and_no_colour_of_the_other():
    above = classify_around(pd.Series([5.0, 7.0, 9.0]), "quantiles", 4, 4.0)
    assert (above.below, len(above.breaks)) == (0, 2)
    assert colours_for("vik", "neutre", 2, above.below) == PALETTES["vik"].colours[3:]
    under = classify_around(pd.Series([1.0, 2.0, 3.0]), "quantiles", 4, 4.0)
    assert (under.below, len(under.breaks)) == (2, 2)
    assert colours_for("vik", "neutre", 2, under.below) == PALETTES["vik"].colours[:2]


def test_deviations_have_the_mean_for_midpoint():
    found = classify_around(pd.Series([0.5, 4.0, 6.0, 9.5]), "ecart-type", 2, 99.0)
    assert found.breaks == (5.0, 9.5)
    assert found.below == 1


def test_the_palettes_with_two_sides_are_those_that_have_a_midpoint():
    assert {n for n, p in PALETTES.items() if p.kind == "ecart"} == DIVERGING
