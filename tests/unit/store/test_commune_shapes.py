"""Contours of a few communes are those of all of them, and no others are given."""

import pytest

from clsm_map.store.snapshot import open_snapshot


@pytest.mark.parametrize("scale", ["national", "local"])
def test_a_few_contours_are_those_of_the_whole_level(scale):
    snapshot = open_snapshot()
    shapes = snapshot.commune_shapes(["01053", "75118", "97411", "01053", "inconnu"], scale)
    assert sorted(shapes.index) == ["01053", "75118", "97411"]
    communes = snapshot.contours("commune", scale).set_index("code")["geometry"]
    assert shapes["97411"].equals(communes["97411"])
    cities = snapshot.contours("arrondissement", scale).set_index("code")["geometry"]
    assert shapes["75118"].equals(cities["75118"])
