"""Pictures of figures: every chart there is on real data, what it says, and what is refused."""

import datetime as dt
import importlib
import inspect
import io
import pkgutil
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

from clsm_map import charts
from clsm_map.analysis.comparison.profile import profile
from clsm_map.analysis.comparison.references import default_reference
from clsm_map.analysis.gaps import nearest_active
from clsm_map.analysis.need import need_of
from clsm_map.analysis.planning.problem import Constraints, offered_candidates
from clsm_map.analysis.planning.question import ask_plan
from clsm_map.charts.comparison import contribution_bars, percentile_dots, rank_intervals, side_dots
from clsm_map.charts.coverage import coverage_bars, history_figure, marginal_curve
from clsm_map.charts.distribution import (
    crossing_dots,
    histogram_bars,
    inhabitants_bars,
    region_boxes,
    trend_curves,
)
from clsm_map.charts.programme import participants_bars, qpv_bars
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.chart import chart_picture
from clsm_map.exports.charting.marks import extents_of
from clsm_map.exports.charting.scales import Extent, scale_of
from clsm_map.store.territories import find_territory
from clsm_map.views.coverage import coverage_history, territory_coverage
from clsm_map.views.inequality.crossing import crossing
from clsm_map.views.inequality.index import index_view
from clsm_map.views.inequality.profile import percentile_rows, side_rows
from clsm_map.views.inequality.ranking import ranked
from clsm_map.views.inequality.trend import trend_of
from clsm_map.views.inequality.within import within

PROGRAMME = pd.DataFrame(
    {
        "annee": [2022, 2023, 2024],
        "qpv_atteints": [3, 0, 5],
        "nouveaux": [3, 0, 2],
        "participants": [40.0, float("nan"), 85.0],
        "seances": [4.0, 0.0, 9.0],
        "lignes": [4, 0, 9],
    }
)
"""No table of a programme is embedded: three years, the second without a line."""
DRESSERS = {"dress", "dress_values"}
"""Functions that give a look to a figure they are handed."""


def public_charts():
    """Names of the functions of clsm_map.charts that make a figure."""
    found = set()
    for module in pkgutil.iter_modules(charts.__path__, f"{charts.__name__}."):
        for name, function in vars(importlib.import_module(module.name)).items():
            made = inspect.isfunction(function) and function.__module__ == module.name
            if not made or name.startswith("_"):
                continue
            if inspect.signature(function, eval_str=True).return_annotation is go.Figure:
                found.add(name)
    return found - DRESSERS


class RealCharts:
    """Makes each figure on the embedded snapshot and register."""

    def __init__(self, desk):
        self._desk, self._snapshot = desk, desk.snapshot
        self._coverage = desk.coverage("CLSM", desk.today)
        self._bretagne = find_territory(desk.snapshot, "53", "region")
        self._lorient = find_territory(desk.snapshot, "56121", "commune")

    def coverage_bars(self):
        near = nearest_active(self._coverage, self._desk.contours(), self._snapshot.qpv["code"])
        return coverage_bars(
            territory_coverage(self._snapshot, self._coverage, near, self._bretagne).parts,
            "habitants",
        )

    def history_figure(self):
        found = coverage_history(
            self._snapshot, self._coverage.ground, "CLSM", FRANCE, self._desk.today
        )
        return history_figure(found, "dispositifs", 2020)

    def crossing_dots(self):
        found = crossing(
            self._snapshot, "taux_pauvrete", "revenu_imposable_par_habitant", "commune",
            self._lorient, self._bretagne,
        )  # fmt: skip
        return crossing_dots(found)

    def trend_curves(self):
        return trend_curves(
            trend_of(self._snapshot, "revenu_imposable_par_habitant", self._lorient)
        )

    def percentile_dots(self):
        return percentile_dots(percentile_rows(self._profile(self._lorient), self._indicators()))

    def side_dots(self):
        places = [self._lorient, find_territory(self._snapshot, "29232", "commune"), self._bretagne]
        rows = side_rows([self._profile(t) for t in places], self._indicators())
        return side_dots(rows, {t.key: t.nom for t in places})

    def rank_intervals(self):
        found = self._index()
        return rank_intervals(found.scored, found.index.n)

    def contribution_bars(self):
        found = self._index()
        rows = found.contribution_rows(next(iter(found.names())))
        return contribution_bars(rows, 50 + float(rows["points"].sum()))

    def histogram_bars(self):
        return histogram_bars(self._ranked("commune", self._lorient))

    def region_boxes(self):
        return region_boxes(self._ranked("departement", find_territory(self._snapshot, "56")))

    def inhabitants_bars(self):
        found = within(self._snapshot, self._bretagne, "revenu_imposable_par_habitant")
        f = found.figures
        return inhabitants_bars(found.bins, (f.q1, f.mediane, f.q3), "Revenu imposable (€)")

    def marginal_curve(self):
        candidates = offered_candidates(
            "epci", self._snapshot.intercommunalites, self._coverage.ground.hierarchy
        )
        found = ask_plan(self._coverage, candidates, Constraints(5), self._bretagne)
        return marginal_curve(found.plan.courbe, "habitants")

    def qpv_bars(self):
        return qpv_bars(PROGRAMME, example=False)

    def participants_bars(self):
        return participants_bars(PROGRAMME, example=True)

    def _index(self):
        return index_view(self._snapshot, need_of(self._snapshot), self._bretagne)

    def _ranked(self, level, territory):
        return ranked(self._snapshot, "taux_pauvrete", level, territory, FRANCE)

    def _profile(self, territory):
        reference = default_reference(self._snapshot, territory)
        return profile(self._snapshot, territory, reference, inside=FRANCE)

    def _indicators(self):
        return self._snapshot.indicators


CHARTS = sorted(name for name in vars(RealCharts) if not name.startswith("_"))
TITLE = "Ce que montre la figure"
NOTES = ("Le constat, avec ses chiffres.", "Source : Insee, 2021.")


@pytest.fixture(scope="module")
def real(desk):
    return RealCharts(desk)


def text_of(svg):
    return " ".join(ET.fromstring(svg).itertext())


def test_no_chart_is_forgotten():
    assert set(CHARTS) == public_charts() - {"draw"}  # the door to them all


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_becomes_a_picture_twice_the_same(real, name):
    figure = getattr(real, name)()
    once, again = (chart_picture(figure, "png", title=TITLE, notes=NOTES) for _ in range(2))
    assert once == again
    image = Image.open(io.BytesIO(once))
    assert image.width == 1440
    assert image.info["Title"] == TITLE
    drawn = {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}
    assert len(drawn) > 20
    svg = chart_picture(figure, "svg", title=TITLE, notes=NOTES)
    assert svg == chart_picture(figure, "svg", title=TITLE, notes=NOTES)
    said = text_of(svg)
    assert TITLE in said
    assert "Source\u00a0: Insee, 2021." in said


def test_a_figure_of_another_kind_is_refused_with_its_reason():
    pie = go.Figure(go.Pie(labels=["a", "b"], values=[1, 2]))
    with pytest.raises(InvalidInputError, match="prenez son tableau") as refused:
        chart_picture(pie, "png", title=TITLE)
    assert refused.value.detail == "trace de type pie"


def test_second_axes_open_fills_and_rectangles_are_refused():
    second = go.Figure(go.Scatter(x=[1], y=[1], yaxis="y2"))
    filled = go.Figure(go.Scatter(x=[1, 2], y=[1, 2], fill="tozeroy"))
    boxed = go.Figure(go.Scatter(x=[1, 2], y=[1, 2])).add_vrect(x0=1, x1=2)
    for figure in (second, filled, boxed):
        with pytest.raises(InvalidInputError):
            chart_picture(figure, "svg", title=TITLE)


def test_the_picture_takes_the_size_asked_and_may_leave_its_title_out():
    bars = go.Figure(go.Bar(x=["a", "b"], y=[1, 2]))
    content = chart_picture(bars, "png", title=TITLE, size=(360, 180), dpi=72, heading=False)
    assert Image.open(io.BytesIO(content)).size == (360, 180)
    svg = chart_picture(bars, "svg", title=TITLE, size=(360, 180), heading=False)
    assert TITLE in text_of(svg)
    assert svg != chart_picture(bars, "svg", title=TITLE, size=(360, 180))


def test_bars_are_where_and_as_long_as_their_values():
    """One then two units on an axis of four: a quarter of it, then a half."""
    axis = {"range": [0, 4], "showgrid": False, "zeroline": False, "tickvals": []}
    figure = go.Figure(
        [
            go.Bar(orientation="h", x=[1], y=["a"], marker={"color": "#ff0000"}),
            go.Bar(orientation="h", x=[2], y=["a"], marker={"color": "#0000ff"}),
        ]
    )
    figure.update_layout(barmode="stack", xaxis=axis, yaxis={"showgrid": False}, showlegend=False)
    content = chart_picture(figure, "png", title=TITLE, dpi=72, heading=False)
    image = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    row = image[image.shape[0] // 2]
    red = int(((row == (255, 0, 0)).all(axis=1)).sum())
    blue = int(((row == (0, 0, 255)).all(axis=1)).sum())
    assert blue == pytest.approx(2 * red, abs=2)
    assert red == pytest.approx((720 - 6 - 8 - 6 - 8 - 5) / 4, abs=3)


def test_errors_on_both_sides_widen_the_axis():
    found = extents_of(
        go.Figure(go.Scatter(x=[1], y=[5], error_y={"array": [3], "arrayminus": [1]}))
    )
    scale = scale_of(go.layout.YAxis(), found[1], 300, banded=False)
    assert scale.low < 4
    assert scale.high > 8


def scale(axis, asked, room=400.0, **extent):
    return scale_of(axis, [Extent(asked, **extent)], room, banded=False)


def test_numbers_of_an_axis_are_french():
    found = scale(go.layout.XAxis(rangemode="tozero", nticks=5), [1500, 20000])
    assert found.low == 0
    assert [t.label for t in found.ticks] == [
        "0",
        "5\u202f000",
        "10\u202f000",
        "15\u202f000",
        "20\u202f000",
    ]
    assert scale(go.layout.XAxis(), [-1, 1]).ticks[0].label.startswith("−")
    assert [t.label for t in scale(go.layout.XAxis(), [0.0, 1.0], room=250).ticks][1] == "0,2"


def test_a_regular_step_is_kept_unless_its_labels_would_touch():
    axis = go.layout.XAxis(dtick=1, tickformat="d")
    assert [t.label for t in scale(axis, [1, 2, 3]).ticks] == ["1", "2", "3"]
    assert len(scale(axis, range(1, 41), room=200).ticks) <= 11


def test_days_are_named_by_their_year():
    axis = go.layout.XAxis(dtick="M60", tick0="2005-01-01", range=["2004-07-01", "2016-10-01"])
    found = scale(axis, [dt.date(2005, 1, 1), dt.date(2016, 1, 1)])
    assert [t.label for t in found.ticks] == ["2005", "2010", "2015"]
    assert found.at([dt.date(1970, 1, 2), None])[0] == 1


def test_categories_keep_their_order_and_headings_are_bold():
    axis = go.layout.YAxis(
        type="category", categoryarray=["b", "titre"], tickvals=["b", "titre"],
        ticktext=["Bien", "<b>Soins &amp; cie</b>"],
    )  # fmt: skip
    found = scale(axis, ["titre", "b"])
    assert [(t.place, t.label, t.bold) for t in found.ticks] == [
        (0.0, "Bien", False), (1.0, "Soins & cie", True),
    ]  # fmt: skip
    assert list(found.at(["titre", "b"])) == [1.0, 0.0]


def test_a_reversed_axis_runs_downwards():
    found = scale(go.layout.YAxis(autorange="reversed"), ["a", "b", "c"])
    assert found.low > found.high
