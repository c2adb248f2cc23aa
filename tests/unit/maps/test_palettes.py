"""Colours that stay apart for protan, deutan and tritan eyes, and from paper and missing values."""

import itertools

import numpy as np
import pytest

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.maps.palettes import BIVARIATE, PALETTES, colours_for

# Machado, Oliveira, Fernandes (2009), severity 1, on linear RGB.
VISIONS = {
    "normale": np.eye(3),
    "protanopie": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutéranopie": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopie": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(colour, vision="normale"):
    """CIE L*a*b* (D65) of a colour as an eye sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(VISIONS[vision] @ linear, 0, 1)
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ seen
        / np.array([0.95047, 1, 1.08883])
    )
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(a, b, vision):
    return float(np.linalg.norm(lab(a, vision) - lab(b, vision)))


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_neighbouring_classes_stay_apart(name, n, vision):
    for a, b in itertools.pairwise(colours_for(name, "neutre", n)):
        assert distance(a, b, vision) > 9


@pytest.mark.parametrize("name", [n for n, p in PALETTES.items() if p.kind != "ecart"])
def test_a_sequential_palette_darkens_all_the_way(name):
    lightness = [lab(c)[0] for c in PALETTES[name].colours]
    assert all(a - b > 5 for a, b in itertools.pairwise(lightness))


def test_a_diverging_palette_is_lightest_in_the_middle():
    lightness = [lab(c)[0] for c in PALETTES["vik"].colours]
    assert lightness.index(max(lightness)) == 2


@pytest.mark.parametrize("name", [n for n, p in PALETTES.items() if p.kind != "ecart"])
def test_no_class_is_mistaken_for_paper_or_a_missing_value(name):
    for colour in PALETTES[name].colours:
        assert distance(colour, "#f7f5f1", "normale") > 12
        assert distance(colour, "#efefef", "normale") > 12


@pytest.mark.parametrize("vision", VISIONS)
def test_the_nine_bivariate_colours_stay_apart(vision):
    for a, b in itertools.combinations(itertools.chain(*BIVARIATE), 2):
        assert distance(a, b, vision) > 6


@pytest.mark.parametrize("vision", ["normale", "protanopie", "deutéranopie"])
def test_two_statuses_of_like_colour_have_different_marks(vision):
    for a, b in itertools.combinations(STATUSES.values(), 2):
        assert distance(a.colour, b.colour, vision) > 8 or a.mark != b.mark


def test_every_status_has_a_mark_of_its_own():
    marks = [s.mark for s in STATUSES.values()]
    assert len(set(marks)) == len(marks) == 6


def test_an_unknown_palette_is_refused_with_those_that_exist():
    with pytest.raises(InvalidInputError, match="YlOrBr, lajolla"):
        colours_for("jet", "neutre", 5)


def test_the_palette_follows_the_direction():
    assert colours_for("", "plus_defavorable", 5) == PALETTES["YlOrBr"].colours
    assert colours_for("", "plus_favorable", 5) == PALETTES["Blues"].colours
