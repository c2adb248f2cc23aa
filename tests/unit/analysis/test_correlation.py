"""Correlation against SciPy, and the sentence that goes with it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from clsm_map.analysis.distribution import correlate, weighted_pearson
from clsm_map.domain.errors import InvalidInputError

pairs = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=40)


@given(pairs)
def test_pearson_and_spearman_are_those_of_scipy(sample):
    x, y = (pd.Series(part, dtype=float) for part in zip(*sample, strict=True))
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)
    found = correlate(x, y)
    assert found.pearson == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-9)
    assert found.spearman == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 2, st.integers(1, 5)), min_size=3, max_size=10))
def test_weights_are_inhabitants_each_counted_once(sample):
    x, y, w = (np.array(part, dtype=float) for part in zip(*sample, strict=True))
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)
    times = w.astype(int)
    expected = stats.pearsonr(np.repeat(x, times), np.repeat(y, times)).statistic
    assert weighted_pearson(x, y, w) == pytest.approx(expected, abs=1e-9)


def test_only_territories_where_both_are_known_count():
    x = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0, "d": np.nan, "e": 5.0})
    y = pd.Series({"a": 2.0, "b": 4.0, "c": 6.0, "d": 1.0, "f": 9.0})
    found = correlate(x, y, pd.Series({"a": 1, "b": 1, "c": 1}), noun="départements")
    assert (found.n, found.manquants) == (3, 3)
    assert found.pearson == pytest.approx(1)
    assert found.pearson_pondere == pytest.approx(1)
    assert "forte et positive" in found.phrase
    assert "1,00" in found.phrase
    assert "écologique" in found.prudence[0]
    assert "3 départements" in found.prudence[1]


def test_no_weight_no_weighted_coefficient():
    x = pd.Series([1.0, 2.0, 4.0])
    assert math.isnan(correlate(x, -x).pearson_pondere)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1.0, 2.0], [2.0, 1.0]),
        ([1.0, 2.0, np.nan], [2.0, 1.0, 3.0]),
        ([1.0, 1.0, 1.0], [2.0, 1.0, 3.0]),
    ],
)
def test_too_little_to_correlate_is_refused(x, y):
    with pytest.raises(InvalidInputError):
        correlate(pd.Series(x), pd.Series(y))
