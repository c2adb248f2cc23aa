"""The figures of coverage: what they draw, and what they never join."""

import datetime as dt

import pandas as pd
import pytest

from clsm_map.charts.coverage import coverage_bars, history_figure
from clsm_map.charts.look import SEPARATORS
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.territories import FRANCE
from clsm_map.views.coverage import CoverageHistory


@pytest.fixture
def parts():
    rows = [
        ("A", "Ain <b>", "couvert", 1, 10), ("A", "Ain <b>", "sans_dispositif_recense", 1, 30),
        ("B", "Bas-Rhin", "couvert_en_partie", 2, 100), ("B", "Bas-Rhin", "en_projet", 0, 0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["code", "nom", "statut", "qpv", "habitants"])


@pytest.fixture
def history():
    computed = pd.DataFrame(
        {
            "annee": [2019, 2020], "dispositifs": [3, 4], "debut_inconnu": [2, 2],
            "qpv_couverts": [5, 6], "qpv_couverts_en_partie": [0, 1],
            "qpv_couverts_debut_inconnu": [7, 7],
        }
    )  # fmt: skip
    published = pd.DataFrame(
        {
            "serie": ["dispositifs", "dispositifs", "qpv_couverts"],
            "annee": pd.array([2020, None, 2020], dtype="Int64"),
            "date": pd.to_datetime(["2020-01-01", None, "2020-01-01"]),
            "moment": ["1er janvier", "", ""], "valeur": [244.0, 298.0, 677.0],
            "indicateur": ["nombre de CLSM", "nombre de CLSM", "QPV couverts"],
            "source": ["https://exemple.fr/page", "Article <i>", "https://exemple.fr/q"],
            "note": [None, None, "<script>"],
        }
    )  # fmt: skip
    return CoverageHistory("CLSM", FRANCE, computed, published, dt.date(2026, 3, 11))


def test_bars_stack_the_statuses_that_occur_in_their_order_colour_and_pattern(parts):
    figure = coverage_bars(parts, "habitants")
    assert [t.name for t in figure.data] == [
        "Couvert", "Couvert en partie", "Sans dispositif recensé",
    ]  # fmt: skip
    assert figure.layout.barmode == "stack"
    assert figure.data[1].marker.color == STATUSES["couvert_en_partie"].colour
    assert figure.data[1].marker.pattern.shape == "/"
    assert figure.layout.separators == SEPARATORS


def test_the_largest_part_is_on_top_and_names_are_escaped(parts):
    figure = coverage_bars(parts, "habitants")
    assert list(figure.layout.yaxis.ticktext) == ["Ain &lt;b&gt;", "Bas-Rhin"]
    assert sum(sum(t.x) for t in figure.data) == 140
    assert "Ain &lt;b&gt;" in figure.data[0].hovertext[0]
    assert "10 habitants (25,0\u00a0% des 40)" in figure.data[0].hovertext[0]


def test_bars_count_qpv_when_asked(parts):
    figure = coverage_bars(parts, "quartiers")
    assert sum(sum(t.x) for t in figure.data) == 4


def test_published_points_are_never_a_line_and_never_in_the_computed_traces(history):
    figure = history_figure(history, "dispositifs", 2020)
    *lines, points = figure.data
    assert points.mode == "markers"
    assert list(points.y) == [244.0]
    assert [list(t.y) for t in lines] == [[3, 4], [2, 2]]
    assert all("lines" in t.mode for t in lines)


def test_a_published_point_tells_its_source_escaped(history):
    hover = history_figure(history, "qpv_couverts", 2020).data[-1].hovertext[0]
    assert "exemple.fr" in hover
    assert "&lt;script&gt;" in hover
    assert "<script>" not in hover


def test_the_year_asked_is_marked(history):
    (line,) = history_figure(history, "dispositifs", 2019).layout.shapes
    assert str(line.x0).startswith("2019-01-01")


def test_without_a_published_figure_only_the_computed_curves_are_drawn(history):
    bare = CoverageHistory(
        "ASV", FRANCE, history.computed, history.published.iloc[:0], history.pages
    )
    assert len(history_figure(bare, "dispositifs", 2020).data) == 2
