"""The picture of an indicator by year."""

import io

import pytest
from PIL import Image

from clsm_map.domain.territories import FRANCE
from clsm_map.exports.picture.layout import years_picture
from clsm_map.maps.carte import year_legend, year_view
from clsm_map.maps.library import published
from clsm_map.maps.palettes import colours_for
from clsm_map.store.territories import bounds, find_territory
from clsm_map.views.inequality.trend import year_maps

ATTEMPTS = "tentatives_suicide_adultes"


@pytest.fixture(scope="module")
def atlas(desk):
    found = year_maps(desk.snapshot, ATTEMPTS, "departement", FRANCE)
    return found, [year_view(published(desk), found, year, None) for year in found.years]


def test_every_class_is_drawn_and_the_bytes_are_the_same_twice(desk, atlas):
    found, views = atlas
    once, again = (
        years_picture(found, views, desk.static, "png", notes=("Source : Atlas.",))
        for _ in range(2)
    )
    assert once == again
    image = Image.open(io.BytesIO(once)).convert("RGB")
    drawn = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(1 << 22)}
    assert set(colours_for("", "neutre", 5)) <= drawn


def test_the_svg_names_what_it_shows_and_says_that_classes_are_common(desk, atlas):
    found, views = atlas
    svg = years_picture(found, views, desk.static, "svg").decode()
    assert "tentative de suicide" in svg
    assert "Mêmes classes et même échelle" in svg


def test_years_have_one_extent_one_legend_and_a_few_kilobytes_each(atlas):
    found, views = atlas
    assert len({view.bounds for view in views}) == 1
    assert len({view.layers[1].styles for view in views}) == 1
    assert [entry.label for entry in year_legend(found)][-1] == "Donnée manquante"
    assert len(year_legend(found)) == 6


def test_a_region_is_drawn_in_its_own_frame(desk):
    bretagne = find_territory(desk.snapshot, "53", "region")
    found = year_maps(desk.snapshot, "revenu_imposable_par_habitant", "epci", bretagne)
    extent = bounds(desk.snapshot, bretagne)
    views = [year_view(published(desk), found, year, extent) for year in found.years]
    wide = Image.open(io.BytesIO(years_picture(found, views, desk.static, "png", dpi=72)))
    assert wide.width == 780
    assert wide.height < 520
