"""The marginal curve: one bar per number of devices, unproven points told apart."""

import pandas as pd

from clsm_map.charts.coverage import marginal_curve

CURVE = pd.DataFrame(
    {"k": [1, 2], "gain": [1000.0, 300.0], "poids": [1000.0, 1300.0], "optimal": [True, False]}
)


def test_bars_are_the_gains_and_the_line_is_half_of_the_first():
    figure = marginal_curve(CURVE, "habitants")
    (bars,) = figure.data
    assert list(bars.y) == [1000.0, 300.0]
    assert figure.layout.shapes[0].y0 == 500.0


def test_a_point_without_proof_is_hatched_and_says_so():
    (bars,) = marginal_curve(CURVE, "habitants").data
    assert list(bars.marker.pattern.shape) == ["", "/"]
    assert "non démontré" not in bars.hovertext[0]
    assert "non démontré" in bars.hovertext[1]
    assert "1\u202f300" in bars.hovertext[1]
