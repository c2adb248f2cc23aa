"""Figures of Inégalités: one mark per row, French numbers, names that cannot be markup."""

import pandas as pd
import pytest

from clsm_map.charts.comparison import (
    SHOWN,
    contribution_bars,
    percentile_dots,
    rank_intervals,
    side_dots,
)
from clsm_map.charts.distribution import inhabitants_bars
from clsm_map.charts.look import SEPARATORS

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def places():
    return pd.DataFrame(
        {
            "indicateur": ["a", "b"],
            "theme": ["Logement", "Accès aux soins"],
            "libelle": [HOSTILE, "Psychiatres"],
            "annee": ["2021", "2019"],
            "percentile": [90.0, 30.0],
            "lecture": ["defavorable", "neutre"],
            "valeur": ["28\u00a0%", "12,0"],
            "mediane": ["15\u00a0%", "13,0"],
            "place": ["2e sur 98", "60e sur 96"],
        }
    )


@pytest.fixture
def ranks():
    n = SHOWN + 5
    return pd.DataFrame(
        {
            "code": [f"QN{i}" for i in range(n)],
            "nom": [HOSTILE] * n,
            "lieu": ["Bourg"] * n,
            "rang": range(1, n + 1),
            "rang_min": range(1, n + 1),
            "rang_max": range(3, n + 3),
            "score": [80.0] * n,
        }
    )


def test_each_reading_is_a_series_and_each_theme_a_heading(places):
    figure = percentile_dots(places)
    assert [len(t.x) for t in figure.data if t.name] == [1, 1]
    assert list(figure.layout.yaxis.categoryarray) == ["b", "theme:Accès aux soins", "a",
                                                       "theme:Logement"]  # fmt: skip
    assert figure.layout.separators == SEPARATORS


def test_names_from_data_are_escaped_everywhere(places, ranks):
    side = places.assign(cle="x")
    for figure in (
        percentile_dots(places),
        side_dots(side, {"x": HOSTILE}),
        rank_intervals(ranks, 100),
    ):
        assert "<img" not in figure.to_json().replace("\\u003c", "<")


def test_the_first_intervals_are_drawn_from_the_lowest_to_the_highest_rank(ranks):
    figure = rank_intervals(ranks, 100)
    lines, dots = figure.data
    assert len(dots.y) == SHOWN
    assert list(lines.x[:3]) == [1, 3, None]


def test_an_unknown_component_is_written_and_not_drawn_as_zero_points():
    rows = pd.DataFrame(
        {
            "composante": ["Pauvreté", "Emploi"],
            "poids": [60.0, 40.0],
            "percentile": [90.0, float("nan")],
            "points": [17.1, float("nan")],
        }
    )
    assert list(contribution_bars(rows, 67.1).data[0].text) == ["+17,1", "non connue"]


def test_the_three_quartiles_are_marked():
    bins = pd.DataFrame({"debut": [0.0], "fin": [10.0], "habitants": [1500], "communes": [3]})
    figure = inhabitants_bars(bins, (2.0, 5.0, 8.0), "Revenu")
    assert [shape.x0 for shape in figure.layout.shapes] == [2.0, 5.0, 8.0]
    assert figure.layout.yaxis.exponentformat == "none"
