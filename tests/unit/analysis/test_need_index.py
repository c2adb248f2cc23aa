"""The need index, against SciPy and by hand."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from clsm_map.analysis.need import Component, need_index, need_percentiles
from clsm_map.domain.errors import InvalidInputError

WORSE, BETTER = "plus_defavorable", "plus_favorable"
POVERTY = Component("pauvrete", 3, WORSE)
WORK = Component("emploi", 1, BETTER)
VALUES = pd.DataFrame(
    {"pauvrete": [30.0, 40, 50, 60, np.nan], "emploi": [60.0, 40, 50, np.nan, 30]},
    index=list("abcde"),
)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30))
def test_percentiles_are_those_of_scipy(sample):
    values = pd.Series(sample, dtype=float, name="x")
    expected = [stats.percentileofscore(sample, v, kind="mean") for v in sample]
    assert need_percentiles(values, WORSE).tolist() == pytest.approx(expected)
    assert need_percentiles(values, BETTER).tolist() == pytest.approx([100 - e for e in expected])


def test_scores_ranks_and_contributions_by_hand():
    found = need_index(VALUES, [POVERTY, WORK])
    # poverty among a, b, c, d: 12.5, 37.5, 62.5, 87.5; employment turned among a, c, b, e
    assert found.percentiles["pauvrete"].tolist()[:4] == [12.5, 37.5, 62.5, 87.5]
    assert found.percentiles["emploi"].drop("d").tolist() == [12.5, 62.5, 37.5, 87.5]
    scores = found.scores
    assert scores["score"].tolist()[:4] == [
        12.5,
        (3 * 37.5 + 62.5) / 4,
        (3 * 62.5 + 37.5) / 4,
        87.5,
    ]
    assert np.isnan(scores.loc["e", "score"])  # a quarter of the weight is known
    assert scores["rang"].tolist()[:4] == [4, 3, 2, 1]
    assert pd.isna(scores.loc["e", "rang"])
    assert scores["part_connue"].tolist() == [1, 1, 1, 0.75, 0.25]
    assert scores["incomplet"].tolist() == [False, False, False, True, False]
    assert found.n == 4
    assert found.contributions.loc["b"].tolist() == [3 / 4 * -12.5, 1 / 4 * 12.5]
    assert np.isnan(found.contributions.loc["d", "emploi"])
    assert found.contributions.loc["e"].isna().all()


def test_geometric_mean_by_hand():
    found = need_index(VALUES, [POVERTY, WORK], moyenne="geometrique")
    expected = (37.5**3 * 62.5) ** 0.25
    assert found.scores.loc["b", "score"] == pytest.approx(expected)
    assert (
        found.scores.loc["b", "score"]
        < need_index(VALUES, [POVERTY, WORK]).scores.loc["b", "score"]
    )


def test_a_rank_moves_when_a_weight_does():
    values = pd.DataFrame({"x": [4.0, 3, 2, 1], "y": [2.0, 3, 1, 4]}, index=list("abcd"))
    found = need_index(values, [Component("x", 1, WORSE), Component("y", 1, WORSE)]).scores
    # percentiles x: 87.5 62.5 37.5 12.5; y: 37.5 62.5 12.5 87.5
    # equal weights: 62.5 62.5 25 50; x × 0.5: 54.2 62.5 20.8 62.5; x × 1.5: 67.5 62.5 27.5 42.5
    # y × 0.5: 70.8 62.5 29.2 37.5; y × 1.5: 57.5 62.5 22.5 57.5
    assert found["rang"].tolist() == [1, 1, 4, 3]
    assert found["rang_min"].tolist() == [1, 1, 4, 1]
    assert found["rang_max"].tolist() == [3, 2, 4, 3]


tables = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3),
    min_size=1,
    max_size=25,
)


@given(
    tables,
    st.lists(st.integers(1, 5), min_size=3, max_size=3),
    st.sampled_from(["arithmetique", "geometrique"]),
)
def test_what_holds_for_any_index(rows, weights, moyenne):
    values = pd.DataFrame(rows, columns=list("xyz"), dtype=float)
    directions = [WORSE, BETTER, WORSE]
    components = [Component(n, w, s) for n, w, s in zip("xyz", weights, directions, strict=True)]
    found = need_index(values, components, moyenne=moyenne)
    scored = found.scores.dropna(subset="score")
    assert scored["score"].between(0, 100, inclusive="neither").all()
    assert (scored["part_connue"] >= 0.5 - 1e-9).all()
    assert ((scored["rang_min"] <= scored["rang"]) & (scored["rang"] <= scored["rang_max"])).all()
    total = found.contributions.loc[scored.index].sum(axis=1) + 50
    assert total.to_numpy() == pytest.approx(scored["score"].to_numpy())
    assert len(scored) == found.n
    # only ratios between weights matter
    doubled = [Component(c.indicateur, 2 * c.poids, c.sens) for c in components]
    again = need_index(values, doubled, moyenne=moyenne).scores["score"]
    assert again.to_numpy() == pytest.approx(found.scores["score"].to_numpy(), nan_ok=True)


def test_weighted_mean_is_the_one_of_numpy():
    rng = np.random.default_rng(7)
    values = pd.DataFrame(rng.normal(size=(50, 3)), columns=list("xyz"))
    components = [Component(n, w, WORSE) for n, w in zip("xyz", (1, 2, 5), strict=True)]
    found = need_index(values, components)
    expected = np.average(found.percentiles, axis=1, weights=[1, 2, 5])
    assert found.scores["score"].to_numpy() == pytest.approx(expected)


@pytest.mark.parametrize(
    "components",
    [
        [],
        [Component("pauvrete", 0, WORSE)],
        [Component("pauvrete", float("nan"), WORSE)],
        [Component("pauvrete", 1, "neutre")],
        [Component("inconnu", 1, WORSE)],
        [POVERTY, POVERTY],
    ],
)
def test_what_cannot_be_composed_is_refused(components):
    with pytest.raises(InvalidInputError):
        need_index(VALUES, components)


def test_the_mean_must_be_one_of_the_two():
    with pytest.raises(InvalidInputError):
        need_index(VALUES, [POVERTY], moyenne="harmonique")


def test_all_the_qpv_take_less_than_100_ms():
    rng = np.random.default_rng(1)
    values = pd.DataFrame(rng.normal(size=(1584, 8))).rename(columns=str)
    values = values.mask(rng.random(values.shape) < 0.15)
    components = [Component(str(i), 1 + i, WORSE) for i in range(8)]
    need_index(values, components)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        need_index(values, components)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1
