"""Geometry files: what the browser decodes is what was published, once, under one name."""

import json
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely

from clsm_map.maps.geometry import bounds_of, publish, ring_differences


def decode(rings, decimals):
    """Undo the differences, as `assets/js/geometry.js` does."""
    out = []
    for ring in rings:
        points = np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / 10**decimals
        out.append(shapely.Polygon(points))
    return out


def frame(shapes, names=None, **columns):
    names = names or [f"Nom {i}" for i in range(len(shapes))]
    codes = [f"{i:02d}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(
        {"code": codes, "nom": names, **columns}, geometry=list(shapes), crs=4326
    )


def stored(geometry, folder):
    path = folder / "geo" / geometry.url.rsplit("/", 1)[1]
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_square_is_written_as_its_first_corner_then_three_moves():
    assert ring_differences(np.array([shapely.box(1, 2, 3, 5)]), 1) == [
        [[30, 20, 0, 30, -20, 0, 0, -30]]
    ]


def test_every_part_and_every_hole_is_a_ring_of_its_own_feature():
    holed = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    islands = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(22, 0, 23, 1)])
    rings = ring_differences(np.array([holed, islands]), 0)
    assert [len(r) for r in rings] == [2, 2]
    outside, hole = decode(rings[0], 0)
    assert (outside.area, hole.area) == (100, 4)
    assert [p.bounds for p in decode(rings[1], 0)] == [(20, 0, 21, 1), (22, 0, 23, 1)]


def test_rounding_drops_repeated_points_and_flat_rings():
    nearly_square = shapely.Polygon([(0, 0), (1, 0), (1.01, 0.02), (1, 1), (0, 1)])
    speck = shapely.box(5, 5, 5.01, 5.01)
    rings = ring_differences(np.array([nearly_square, speck]), 1)
    assert [len(r) // 2 for r in rings[0]] == [4]
    assert rings[1] == []


def test_coordinates_come_back_to_half_a_unit_of_the_last_decimal():
    shape = shapely.Point(2.3488, 48.8534).buffer(0.5, quad_segs=16)
    (back,) = decode(ring_differences(np.array([shape]), 3)[0], 3)
    assert back.hausdorff_distance(shape) < 0.0008


def test_neighbours_still_share_their_border_after_rounding():
    left = shapely.Polygon([(0, 0), (0.5004, 0), (0.5126, 0.3333), (0.4949, 1), (0, 1)])
    right = shapely.Polygon([(0.5004, 0), (1, 0), (1, 1), (0.4949, 1), (0.5126, 0.3333)])
    (a,), (b,) = (decode(r, 3) for r in ring_differences(np.array([left, right]), 3))
    assert shapely.coverage_is_valid([a, b])


def test_a_file_holds_codes_names_and_details_in_the_order_of_the_frame(tmp_path):
    squares = frame(
        [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        names=["Évry", None],
        detail=["Essonne", None],
    )
    geometry = publish(squares, "essai", tmp_path, 2)
    assert geometry.codes == ("00", "01")
    assert geometry.bounds == ((0, 0), (1, 2))
    content = stored(geometry, tmp_path)
    assert content["c"] == ["00", "01"]
    assert content["n"] == ["Évry", ""]
    assert content["t"] == ["Essonne", ""]
    assert content["d"] == 2


def test_values_that_never_change_are_in_the_file_whole_or_unknown(tmp_path):
    points = [shapely.Point(0, 0), shapely.Point(1, 1)]
    geometry = publish(frame(points, valeur=[1234.0, float("nan")]), "a", tmp_path, 2)
    assert geometry.valued
    assert stored(geometry, tmp_path)["v"] == [1234, None]
    without = publish(frame(points), "a", tmp_path, 2)
    assert not without.valued
    assert without.url != geometry.url


def test_points_are_written_as_longitude_then_latitude(tmp_path):
    geometry = publish(frame([shapely.Point(-61.5, 16.25)]), "points", tmp_path, 2)
    assert geometry.form == "points"
    assert stored(geometry, tmp_path)["p"] == [-6150, 1625]


def test_the_name_follows_the_content_and_nothing_else(tmp_path):
    square = [shapely.box(0, 0, 1, 1)]
    first = publish(frame(square), "a", tmp_path, 2)
    assert publish(frame(square), "a", tmp_path, 2).url == first.url
    others = [
        publish(frame([shapely.box(0, 0, 1, 1.5)]), "a", tmp_path, 2),
        publish(frame(square, names=["Autre"]), "a", tmp_path, 2),
        publish(frame(square, detail=["x"]), "a", tmp_path, 2),
        publish(frame(square), "a", tmp_path, 3),
    ]
    assert len({first.url, *(o.url for o in others)}) == 5
    assert len(list((tmp_path / "geo").iterdir())) == 5


def test_a_file_already_there_is_not_written_again(tmp_path):
    square = frame([shapely.box(0, 0, 1, 1)])
    geometry = publish(square, "a", tmp_path, 2)
    path = tmp_path / "geo" / geometry.url.rsplit("/", 1)[1]
    before = path.stat().st_mtime_ns
    publish(square, "a", tmp_path, 2)
    assert path.stat().st_mtime_ns == before


def test_the_extent_is_south_west_then_north_east():
    assert bounds_of([shapely.box(-5, 41, 9, 51)]) == ((41, -5), (51, 9))


@pytest.mark.parametrize("decimals", [3, 4])
def test_a_hostile_name_stays_a_json_string(tmp_path, decimals):
    name = '</script>"`${1}'
    content = stored(
        publish(frame([shapely.box(0, 0, 1, 1)], names=[name]), "a", tmp_path, decimals), tmp_path
    )
    assert content["n"] == [name]


def test_two_processes_that_publish_at_once_leave_one_whole_file(tmp_path):
    script = (
        "import sys, geopandas, shapely\n"
        "from pathlib import Path\n"
        "from clsm_map.maps.geometry import publish\n"
        "shapes = [shapely.Point(i % 90, i % 45).buffer(1, 64) for i in range(300)]\n"
        "names = [str(i) for i in range(300)]\n"
        "frame = geopandas.GeoDataFrame({'code': names, 'nom': names}, geometry=shapes, crs=4326)\n"
        "sys.stdin.readline()\n"
        "print(publish(frame, 'a', Path(sys.argv[1]), 3).url)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    urls = {process.communicate(timeout=60)[0].strip() for process in both}
    (file,) = (tmp_path / "geo").iterdir()
    assert urls == {f"../../app/static/geo/{file.name}"}
    assert len(json.loads(file.read_bytes())["c"]) == 300
