import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from clsm_map.build.contours import (
    Coverage,
    assemble,
    cover,
    dissolve,
    fill_absorbed,
    require_coverage,
    simplify,
    union_by,
)
from clsm_map.domain.errors import SourceError


def coverage(**shapes):
    return Coverage(np.array(list(shapes)), np.array(list(shapes.values()), dtype=object))


def area(result, code):
    return shapely.area(result.geometries[list(result.codes).index(code)])


def test_rounding_moves_shared_vertices_together():
    pair = coverage(a=shapely.box(0, 0, 1.04, 1), b=shapely.box(1.04, 0, 2, 1))
    rounded, holes = cover(pair, 0.1)
    assert area(rounded, "a") == pytest.approx(1.0)
    assert area(rounded, "b") == pytest.approx(1.0)
    assert len(holes) == 0


def test_an_overlap_goes_to_the_first_code_only():
    pair = coverage(a=shapely.box(0, 0, 1.2, 1), b=shapely.box(1, 0, 2, 1))
    rounded, _ = cover(pair, 0.1)
    assert area(rounded, "a") == pytest.approx(1.2)
    assert area(rounded, "b") == pytest.approx(0.8)


def test_a_gap_thinner_than_the_grid_is_closed():
    pair = coverage(a=shapely.box(0, 0, 1, 1), b=shapely.box(1.01, 0, 2, 1))
    rounded, holes = cover(pair, 0.1)
    assert shapely.area(shapely.coverage_union_all(rounded.geometries)) == pytest.approx(2)
    assert len(holes) == 0


def test_a_hole_between_polygons_is_given_back_apart():
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    _, holes = cover(coverage(a=ring), 0.1)
    assert shapely.area(holes).tolist() == pytest.approx([1.0])


def test_a_polygon_smaller_than_the_grid_is_left_empty():
    islands = coverage(a=shapely.box(0, 0, 1, 1), b=shapely.box(5, 5, 5.01, 5.01))
    rounded, _ = cover(islands, 0.1)
    assert shapely.is_empty(rounded.geometries).tolist() == [False, True]


@given(hnp.arrays(float, (5, 5, 2), elements=st.floats(-0.24, 0.24)), st.sampled_from([0.01, 0.1]))
def test_any_jittered_mesh_stays_a_coverage_on_the_grid(jitter, grid):
    corners = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0)), axis=-1) + jitter
    cells = [
        shapely.Polygon(
            [corners[i, j], corners[i, j + 1], corners[i + 1, j + 1], corners[i + 1, j]]
        )
        for i in range(4)
        for j in range(4)
    ]
    mesh = Coverage(np.array([f"{i:02}" for i in range(16)]), np.array(cells, dtype=object))
    rounded, holes = cover(mesh, grid)
    points = shapely.get_coordinates(rounded.geometries)
    assert shapely.coverage_is_valid(rounded.geometries)
    assert np.allclose(points, np.round(points / grid) * grid, atol=1e-9)
    assert len(holes) == 0


def test_polygons_that_overlap_are_refused_by_name():
    pair = coverage(a=shapely.box(0, 0, 1.2, 1), b=shapely.box(1, 0, 2, 1))
    with pytest.raises(SourceError) as caught:
        require_coverage(pair)
    assert caught.value.detail == "a, b"


def test_simplified_neighbours_still_share_their_border():
    border = [(1, 0), (1.02, 0.3), (0.98, 0.6), (1, 1)]
    pair = coverage(
        a=shapely.Polygon([(0, 0), *border, (0, 1)]),
        b=shapely.Polygon([*border, (2, 1), (2, 0)]),
    )
    simple = simplify(pair, 0.2, 0.1)
    assert shapely.coverage_is_valid(simple.geometries)
    assert shapely.get_num_coordinates(simple.geometries).tolist() == [5, 5]


def test_a_hole_goes_to_the_neighbour_that_absorbed_a_commune():
    hole = shapely.box(1, 1, 2, 2)
    left = shapely.box(0, 0, 1, 3)
    right = shapely.box(1, 0, 3, 3).difference(hole)
    pair, holes = cover(coverage(a=left, b=right), 0.1)
    filled, deduced = fill_absorbed(pair, holes, frozenset({"b"}), frozenset({"a"}))
    assert area(filled, "a") == pytest.approx(3)
    assert area(filled, "b") == pytest.approx(6)
    assert deduced == frozenset()


def test_without_a_known_absorber_the_neighbour_that_grew_gets_the_hole():
    hole = shapely.box(1, 1, 2, 2)
    pair, holes = cover(
        coverage(a=shapely.box(0, 0, 1, 3), b=shapely.box(1, 0, 3, 3).difference(hole)), 0.1
    )
    filled, deduced = fill_absorbed(pair, holes, frozenset(), frozenset({"a"}))
    assert area(filled, "a") == pytest.approx(4)
    assert deduced == {"a"}


@pytest.mark.parametrize("grown", [frozenset(), frozenset({"a", "b"})])
def test_a_hole_that_nobody_or_too_many_may_own_stays(grown):
    hole = shapely.box(1, 1, 2, 2)
    pair, holes = cover(
        coverage(a=shapely.box(0, 0, 1, 3), b=shapely.box(1, 0, 3, 3).difference(hole)), 0.1
    )
    filled, deduced = fill_absorbed(pair, holes, frozenset(), grown)
    assert shapely.area(filled.geometries).sum() == pytest.approx(8)
    assert deduced == frozenset()


def test_dissolving_unites_by_label_and_leaves_out_what_has_none():
    cells = coverage(
        a=shapely.box(0, 0, 1, 1), b=shapely.box(1, 0, 2, 1), c=shapely.box(2, 0, 3, 1)
    )
    labels = pd.Series({"a": "sud", "b": "sud", "c": None})
    united = dissolve(cells, labels)
    assert united.codes.tolist() == ["sud"]
    assert area(united, "sud") == pytest.approx(2)


def test_a_group_without_a_piece_is_empty():
    united = union_by(np.array([shapely.box(0, 0, 1, 1)]), np.array([1]), 2)
    assert shapely.is_empty(united).tolist() == [True, False]


def test_cities_are_taken_by_arrondissement_and_a_missing_contour_is_rebuilt():
    units = pd.DataFrame(
        [
            ("75056", "COM", None, shapely.box(0, 0, 2, 1)),
            ("75101", "ARM", "75056", shapely.box(0, 0, 1, 1)),
            ("75102", "ARM", "75056", shapely.box(1, 0, 2, 1)),
            ("49126", "COM", None, None),
            ("49126", "COMD", "49126", shapely.box(5, 0, 6, 1)),
            ("49069", "COMD", "49126", shapely.box(6, 0, 7, 1)),
            ("15031", "COM", None, None),
        ],
        columns=["code", "type", "parent", "geometry"],
    )
    pieces = assemble(units)
    assert pieces.codes.tolist() == ["49126", "75101", "75102"]
    assert area(pieces, "49126") == pytest.approx(2)
