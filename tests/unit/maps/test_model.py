"""A view as the browser receives it: compact, aligned with its geometry, refused when it is not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.domain.errors import InvalidInputError
from clsm_map.maps.model import (
    HIDDEN,
    CircleScale,
    Geometry,
    Layer,
    MapView,
    Place,
    Style,
    Target,
    Town,
    classes_in_order,
    pack_values,
    union_bounds,
    values_in_order,
)

BOX = ((0.0, 0.0), (1.0, 1.0))
AREAS = Geometry("../geo/a.json", "aires", ("01", "02", "2A"), BOX)
POINTS = Geometry("../geo/p.json", "points", ("q1", "q2"), BOX)
TWO = (Style("bas", fill="#fee391"), Style("haut", fill="#993404"))


def unpack(packed, decimals):
    """Read the values back, as `assets/js/scene.js` does."""
    text, width = packed["text"], packed["width"]
    numbers = [text[i : i + width] for i in range(0, len(text), width)]
    return [None if "." in n else (packed["from"] + int(n, 36)) / 10**decimals for n in numbers]


def test_classes_are_sent_as_one_character_per_feature_and_a_dot_for_the_hidden():
    layer = Layer("departement", AREAS, TWO, (1, HIDDEN, 0))
    assert layer.payload()["classes"] == "1.0"
    assert layer.counts() == (1, 1)


def test_classes_given_by_code_follow_the_order_of_the_file():
    assert classes_in_order(AREAS, {"2A": 1, "01": 0}) == (0, HIDDEN, 1)
    assert classes_in_order(AREAS, {"2A": 1}, default=0) == (0, 0, 1)


def test_values_are_rounded_and_the_unknown_are_null():
    values = values_in_order(AREAS, {"01": 12.349, "2A": 3.0})
    assert math.isnan(values[1])
    layer = Layer("departement", AREAS, TWO, (0, 0, 1), values=values, decimals=1)
    assert unpack(layer.payload()["values"], 1) == [12.3, None, 3.0]
    whole = Layer("departement", AREAS, TWO, (0, 0, 1), values=values)
    assert unpack(whole.payload()["values"], 0) == [12, None, 3]


@given(st.lists(st.one_of(st.just(math.nan), st.floats(-1e9, 1e9)), max_size=30), st.integers(0, 4))
def test_values_come_back_to_half_a_unit_of_their_last_decimal(values, decimals):
    back = unpack(pack_values(values, decimals), decimals)
    assert len(back) == len(values)
    for value, read in zip(values, back, strict=True):
        if math.isnan(value):
            assert read is None
        else:
            assert read == pytest.approx(value, rel=1e-12, abs=0.5000001 / 10**decimals)


def test_values_that_are_all_the_same_or_all_unknown_are_still_told_apart():
    assert unpack(pack_values([7.0, math.nan, 7.0], 0), 0) == [7, None, 7]
    assert unpack(pack_values([math.nan, math.nan], 0), 0) == [None, None]
    assert unpack(pack_values([], 0), 0) == []


def test_a_style_sends_its_label_and_what_is_not_the_default():
    assert Style("", fill="#fee391").payload() == {"label": "", "fill": "#fee391"}
    dashed = Style("projet", mark="points", width=1.6, dash=(6.0, 4.0))
    assert dashed.payload() == {
        "label": "projet",
        "mark": "points",
        "width": 1.6,
        "dash": (6.0, 4.0),
    }


def test_only_points_carry_a_size():
    scale = CircleScale.reaching(10, 400)
    assert "size" not in Layer("departement", AREAS, TWO, (0, 0, 0)).payload()
    points = Layer("qpv", POINTS, TWO, (0, 1), size=scale).payload()
    assert points["size"] == {"per": 0.5, "min": 2.5, "fixed": 0.0}


@pytest.mark.parametrize(
    ("value", "radius"), [(400, 10), (100, 5), (1600, 20), (1, 2.5), (0, 2.5), (math.nan, 2.5)]
)
def test_a_circle_has_an_area_in_proportion_to_its_value_down_to_the_smallest(value, radius):
    assert CircleScale.reaching(10, 400).radius(value) == pytest.approx(radius)


def test_a_fixed_size_ignores_values():
    assert CircleScale(fixed=4.5).radius(10_000) == 4.5


def test_a_class_for_each_contour_is_required():
    with pytest.raises(InvalidInputError, match="une classe par contour"):
        Layer("departement", AREAS, TWO, (0, 1))


@pytest.mark.parametrize("bad", [2, -2])
def test_a_class_without_a_style_is_refused(bad):
    with pytest.raises(InvalidInputError, match="n'a pas de style"):
        Layer("departement", AREAS, TWO, (0, bad, 1))


def test_thirty_seven_styles_are_too_many():
    with pytest.raises(InvalidInputError, match="36"):
        Layer("departement", AREAS, TWO * 18 + (TWO[0],), (0, 0, 0))


def test_a_view_says_everything_but_sends_no_geometry():
    view = MapView(
        title="Titre",
        bounds=BOX,
        layers=(Layer("departement", AREAS, TWO, (0, 0, 1)),),
        towns=(Town("Évry", 48.63, 2.43, 1),),
        places=(Place("Mayotte", BOX),),
        selected=Target("departement", "2A"),
        sources="Insee",
    )
    payload = view.payload()
    assert payload["selected"] == {"kind": "departement", "id": "2A"}
    assert payload["towns"] == [{"n": "Évry", "lat": 48.63, "lon": 2.43, "rank": 1}]
    assert payload["places"] == [{"n": "Mayotte", "bounds": BOX}]
    assert payload["tiles"] == "aucun"
    assert payload["layers"][0]["url"] == AREAS.url


def test_extents_are_joined():
    assert union_bounds([BOX, ((-2.0, 0.5), (0.5, 3.0))]) == ((-2.0, 0.0), (1.0, 3.0))
