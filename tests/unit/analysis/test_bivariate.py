"""Nine classes of need and coverage."""

import numpy as np
import pandas as pd
import pytest

from clsm_map.analysis.distribution import bivariate, terciles
from clsm_map.domain.errors import InvalidInputError

NEED = pd.Series({"a": 10.0, "b": 20, "c": 30, "d": 40, "e": 50, "f": 60, "g": np.nan, "h": 15})
COVERAGE = pd.Series({"a": 0.0, "b": 50, "c": 100, "d": 0.5, "e": 99.5, "f": 100, "g": 50})


PEOPLE = pd.Series(1.0, index=list("abcdefgh"))


def test_terciles_of_need_and_nobody_some_everybody_of_coverage():
    found = bivariate(NEED, COVERAGE, PEOPLE)
    classes = found.classes.set_index("code")["classe"]
    assert classes.loc[list("abcdef")].tolist() == ["1-1", "1-2", "2-3", "2-1", "3-3", "3-3"]
    assert classes.loc[list("gh")].tolist() == ["", ""]
    assert found.manquants == 2
    assert found.effectifs["n"].sum() == 6
    assert len(found.effectifs) == 9


def test_thresholds_of_ones_own_and_equality_goes_up():
    found = bivariate(NEED, COVERAGE, PEOPLE, seuils_besoin=(20, 60), seuils_couverture=(50, 100))
    classes = found.classes.set_index("code")["classe"]
    assert classes["b"] == "2-2"
    assert classes["f"] == "3-3"


@pytest.mark.parametrize("edges", [(1.0,), (2.0, 1.0), (1.0, 1.0)])
def test_bad_thresholds_are_refused(edges):
    with pytest.raises(InvalidInputError):
        bivariate(NEED, COVERAGE, PEOPLE, seuils_besoin=edges)


def test_three_classes_take_three_values():
    with pytest.raises(InvalidInputError):
        bivariate(
            pd.Series({"a": 1.0, "b": 1, "c": 2}),
            pd.Series({"a": 0.0, "b": 0, "c": 100}),
            PEOPLE,
        )


def test_terciles_weigh_inhabitants():
    # 10, 20, 30 and 40 hold 100, 100, 100 and 300 inhabitants of 600: under 30 are 33 %, under 40
    # 50 %, the nearest to two thirds there is
    values = pd.Series({"a": 10.0, "b": 20, "c": 30, "d": 40})
    assert terciles(values, pd.Series({"a": 100.0, "b": 100, "c": 100, "d": 300})) == (30, 40)
    assert terciles(values, pd.Series({"a": 300.0, "b": 100, "c": 100, "d": 100})) == (20, 30)
    with pytest.raises(InvalidInputError, match="pèse trop"):
        terciles(values, pd.Series({"a": 1.0, "b": 1, "c": 1, "d": 900}))
