"""Histogram, boxes and trends, on small samples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.analysis.distribution import MAX_BINS, boxes, histogram, trend
from clsm_map.domain.errors import InvalidInputError


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=300))
def test_every_known_value_is_in_one_interval(sample):
    found = histogram(pd.Series([*sample, np.nan]))
    assert found.bins["effectif"].sum() == found.n == len(sample)
    assert found.manquants == 1
    assert len(found.bins) <= MAX_BINS + 1
    for value in sample:
        row = found.bins.iloc[found.place_of(value)]
        assert row["debut"] <= value <= row["fin"]


def test_intervals_are_round():
    found = histogram(pd.Series(np.linspace(3.2, 58.9, 400)))
    widths = (found.bins["fin"] - found.bins["debut"]).round(9).unique()
    assert list(widths) == [10.0]
    assert found.bins["debut"].iloc[0] == 0
    assert found.bins["fin"].iloc[-1] == 60


def test_a_value_outside_has_no_place_and_no_value_no_histogram():
    with pytest.raises(InvalidInputError):
        histogram(pd.Series([1.0, 2.0])).place_of(50.0)
    with pytest.raises(InvalidInputError):
        histogram(pd.Series([np.nan]))


def test_boxes_by_hand():
    values = pd.Series([1.0, 2, 3, 4, 100, np.nan, 5, np.nan], index=list("abcdefgh"))
    groups = pd.Series(["84"] * 6 + ["11", "93"], index=list("abcdefgh"))
    table = boxes(values, groups).set_index("groupe")
    auvergne = table.loc["84"]
    assert (auvergne["n"], auvergne["manquants"]) == (5, 1)
    assert (auvergne["q1"], auvergne["mediane"], auvergne["q3"]) == (2, 3, 4)
    assert (auvergne["bas"], auvergne["haut"], auvergne["maximum"]) == (1, 4, 100)
    assert table.index.tolist() == ["84", "11", "93"]  # ascending median, the unknown last
    assert np.isnan(table.loc["93", "mediane"])


def test_trend_by_hand():
    rows = [
        ("01", 2015, 10.0, "disponible"),
        ("01", 2019, 12.0, "disponible"),
        ("02", 2019, 5.0, "disponible"),
        ("02", 2015, np.nan, "manquant"),
        ("03", 2015, 0.0, "disponible"),
        ("03", 2019, 3.0, "disponible"),
        ("04", 2015, 3.0, "secret"),
    ]
    table = trend(pd.DataFrame(rows, columns=["code", "annee", "valeur", "statut"]))
    table = table.astype({"annee" if "annee" in table else "debut": "float"}).set_index("code")
    assert table.loc["01", ["variation", "variation_relative", "par_an"]].tolist() == [2, 20, 0.5]
    assert table.loc[["02", "04"], "variation"].isna().all()
    assert table.loc["03", "variation"] == 3
    assert np.isnan(table.loc["03", "variation_relative"])
