"""Dispersion between communes, on figures worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.analysis.inequality import (
    between_communes,
    gini,
    qpv_against_rest,
    share_in_qpv,
    theil,
    weighted_mean,
    weighted_quantile,
)

ONES = np.ones(2)


def test_gini_by_hand():
    # two inhabitants with 1 and 3: mean difference (0 + 2 + 2 + 0) / 4 = 1, over twice the mean 2
    assert gini(np.array([1.0, 3.0]), ONES) == pytest.approx(0.25)
    # 3 inhabitants at 0, 1 at 4: 2 × (3 × 1 × 4) / 16 / (2 × 1) = 0.75
    assert gini(np.array([0.0, 4.0]), np.array([3.0, 1.0])) == pytest.approx(0.75)
    assert gini(np.array([7.0, 7.0]), ONES) == pytest.approx(0.0)


def test_theil_by_hand():
    # 0.5 × 0.5 ln 0.5 + 0.5 × 1.5 ln 1.5
    expected = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert theil(np.array([1.0, 3.0]), ONES) == pytest.approx(expected)
    # 3 inhabitants at 0, 1 at 4 (mean 1): 1/4 × 4 × ln 4
    assert theil(np.array([0.0, 4.0]), np.array([3.0, 1.0])) == pytest.approx(math.log(4))


@pytest.mark.parametrize("measure", [gini, theil])
def test_negative_values_and_a_zero_mean_have_no_concentration(measure):
    assert math.isnan(measure(np.array([-1.0, 3.0]), ONES))
    assert math.isnan(measure(np.zeros(2), ONES))
    assert math.isnan(measure(np.array([]), np.array([])))


samples = st.lists(
    st.tuples(st.floats(0, 1e4, allow_subnormal=False), st.integers(1, 20)), min_size=2, max_size=12
)


@given(samples, st.sampled_from([0.25, 0.5, 0.75]))
def test_weights_are_inhabitants_each_counted_once(sample, q):
    values, weights = (np.array(part, dtype=float) for part in zip(*sample, strict=True))
    people = np.repeat(values, weights.astype(int))
    assert weighted_mean(values, weights) == pytest.approx(people.mean())
    reference = np.quantile(people, q, method="inverted_cdf")
    assert weighted_quantile(values, weights, q) == pytest.approx(reference)
    if people.mean() > 1e-6:
        differences = np.abs(people[:, None] - people[None, :]).mean()
        expected = differences / (2 * people.mean())
        assert gini(values, weights) == pytest.approx(expected, abs=1e-9)


def communes(*rows):
    return pd.DataFrame(rows, columns=["code", "valeur", "statut"])


def test_secret_and_missing_communes_never_enter():
    values = communes(
        ("a", 10.0, "disponible"),
        ("b", 20.0, "disponible"),
        ("c", 99.0, "secret"),
        ("d", np.nan, "manquant"),
    )
    found = between_communes(values, pd.Series({"a": 100, "b": 300, "c": 500, "d": 100}))
    assert (found.n, found.manquants) == (2, 2)
    assert found.part_population == pytest.approx(40)
    assert found.moyenne == pytest.approx(17.5)
    assert (found.q1, found.mediane, found.q3) == (10, 20, 20)
    assert found.rapport_interquartile == pytest.approx(2)
    assert len(found.prudence) == 2  # few communes, and most inhabitants not represented


def test_signed_indicator_says_why_it_has_no_gini():
    rows = [(str(i), float(i) - 3, "disponible") for i in range(8)]
    found = between_communes(communes(*rows), pd.Series({str(i): 10 for i in range(8)}))
    assert math.isnan(found.gini)
    assert math.isnan(found.rapport_interquartile)
    assert any("négatives" in sentence for sentence in found.prudence)


def test_no_commune_known_gives_missing_figures_not_zero():
    found = between_communes(communes(("a", np.nan, "secret")), pd.Series({"a": 10}))
    assert found.n == 0
    assert math.isnan(found.moyenne)
    assert math.isnan(found.gini)


def test_share_of_inhabitants_in_qpv():
    assert share_in_qpv(pd.Series([100.0, 150.0]), 1000) == pytest.approx(25)
    assert share_in_qpv(pd.Series([], dtype=float), 1000) == 0
    assert math.isnan(share_in_qpv(pd.Series([100.0, np.nan]), 1000))


def test_qpv_against_the_rest_by_hand():
    qpv = pd.DataFrame({"valeur": [50.0, 40.0], "population": [100.0, 300.0]})
    found = qpv_against_rest(qpv, 20.0, 2000.0)
    assert found.qpv == pytest.approx(42.5)  # (50 × 100 + 40 × 300) / 400
    assert found.reste == pytest.approx((40_000 - 17_000) / 1600)
    assert found.ecart == pytest.approx(42.5 - 14.375)
    assert found.rapport == pytest.approx(42.5 / 14.375)
    assert found.prudence.startswith("Approximation")


@pytest.mark.parametrize(
    ("qpv", "value"),
    [
        (pd.DataFrame({"valeur": [], "population": []}), 20.0),
        (pd.DataFrame({"valeur": [np.nan], "population": [100.0]}), 20.0),
        (pd.DataFrame({"valeur": [50.0], "population": [np.nan]}), 20.0),
        (pd.DataFrame({"valeur": [50.0], "population": [100.0]}), math.nan),
        (pd.DataFrame({"valeur": [50.0], "population": [1500.0]}), 20.0),  # rest below zero
        (pd.DataFrame({"valeur": [50.0], "population": [2000.0]}), 20.0),  # nobody outside
    ],
)
def test_a_rest_that_cannot_be_known_says_why(qpv, value):
    found = qpv_against_rest(qpv, value, 2000.0)
    assert math.isnan(found.reste)
    assert math.isnan(found.rapport)
    assert found.prudence.endswith(".")
