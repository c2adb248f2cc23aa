"""Every square has a side of 0.01 degree; its south-west corner is given in the map below."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.gaps import (
    Contours,
    gaps_near,
    nearest_active,
    place_of_device,
    place_of_point,
    place_of_territory,
    zone_at,
    zone_of,
)
from clsm_map.analysis.ground import Ground
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import Territory
from tests.unit.analysis.conftest import EPT, LILLE, TODAY, Facts

QPV = {
    "QDENIS": (2.36, 48.94),
    "QPIERREFITTE": (2.36, 48.97),
    "QDEUX": (2.33, 48.94),
    "QPARIS": (2.36, 48.89),
    "QPARIS19": (2.39, 48.89),
    "QLILLE": (3.06, 50.63),
    "QGUADELOUPE": (-61.73, 16.00),
    "QMARTINIQUE": (-61.07, 14.60),
    "QREUNION": (55.45, -20.88),
    "QTAHITI": (-149.60, -17.55),
}
COMMUNES = {
    "93066": (2.36, 48.93),
    "93031": (2.31, 48.94),
    "75118": (2.35, 48.89),
    "75119": (2.38, 48.89),
    "75101": (2.34, 48.86),
    "59350": (3.04, 50.63),
    "59368": (3.07, 50.65),
    "97105": (-61.75, 16.02),
    "97209": (-61.05, 14.60),
    "97411": (55.48, -20.88),
    "97120": (-61.60, 16.00),
}
SIDE = 0.01


def square(corner):
    x, y = corner
    return shapely.box(x, y, x + SIDE, y + SIDE)


@pytest.fixture(scope="module")
def layers(world):
    qpv = world.qpv.assign(geometry=[square(QPV[code]) for code in world.qpv["code"]])
    communes = gpd.GeoDataFrame(
        {"code": list(COMMUNES), "geometry": [square(c) for c in COMMUNES.values()]}, crs=4326
    )
    return gpd.GeoDataFrame(qpv, crs=4326), communes


@pytest.fixture(scope="module")
def around(world, layers):
    def search(facts, place, radius_km=15.0):
        ground = Ground.of(world, facts)
        contours = Contours.of(ground, *layers)
        if isinstance(place, str):
            found = place_of_device(place, ground, contours)
        elif isinstance(place, tuple):
            found = place_of_point(*place)
        else:
            found = place_of_territory(place, ground, contours)
        coverage = coverage_on(ground, "CLSM", TODAY, today=TODAY)
        return gaps_near(coverage, contours, found, radius_km).set_index("qpv")

    return search


def geodesic_km(a, b):
    return Geod(ellps="GRS80").inv(*a, *b)[2] / 1000


@pytest.mark.parametrize(
    ("code", "commune", "edge"),
    [
        # East side of the QPV to west side of the commune, at the latitude both share.
        ("QREUNION", "97411", ((55.46, -20.875), (55.48, -20.875))),
        # North side of the QPV to south side of the commune, at the longitude both share.
        ("QDENIS", "93031", ((2.36, 48.945), (2.32, 48.945))),
    ],
    ids=["La Réunion", "Île-de-France"],
)
def test_distances_agree_with_the_geodesic(facts, around, code, commune, edge):
    found = around(facts, Territory("commune", commune, commune))
    assert found.loc[code, "distance_km"] == pytest.approx(geodesic_km(*edge), rel=2e-3)


def test_guadeloupe_agrees_with_the_geodesic(facts, around):
    # From the commune's south-west square down to the QPV: 0.01 degree of latitude apart, since
    # the two squares overlap in longitude only at their corner meridian.
    found = around(facts, Territory("commune", "97105", "Basse-Terre"))
    corner = geodesic_km((-61.74, 16.02), (-61.73, 16.01))
    assert found.loc["QGUADELOUPE", "distance_km"] == pytest.approx(corner, rel=2e-3)


def test_nothing_crosses_a_sea(facts, around):
    facts.device("fort", "97209")
    found = around(facts, Territory("commune", "97105", "Basse-Terre"), 10_000.0)
    assert list(found.index) == ["QGUADELOUPE"]
    assert found["id_dispositif_plus_proche"].isna().all()
    assert found["distance_dispositif_km"].isna().all()


@pytest.mark.parametrize(
    ("departement", "zone"),
    [("2A", "corse"), ("2B", "corse"), ("06", "metropole"), ("978", "978"), ("971", "971")],
)
def test_zones(departement, zone):
    assert zone_of(departement) == zone


@pytest.mark.parametrize(
    ("point", "zone"),
    [
        ((9.45, 42.70), "corse"),
        ((7.27, 43.70), "metropole"),
        ((8.2, 48.96), "metropole"),
        ((-4.78, 48.45), "metropole"),
        ((-63.08, 18.07), "978"),
        ((-62.83, 17.9), "977"),
        ((-61.55, 16.25), "971"),
        ((-149.57, -17.53), "987"),
        ((48.93, 2.36), None),
    ],
)
def test_the_zone_of_a_point(point, zone):
    assert zone_at(*point) == zone


def test_nearest_first_and_covered_ones_left_out(facts, around):
    facts.device("denis", "93066")
    found = around(facts, "denis", 50.0)
    assert list(found.index) == ["QDEUX", "QPARIS", "QPARIS19"]
    assert found["distance_km"].is_monotonic_increasing
    assert found.loc["QDEUX", "statut"] == "couvert_en_partie"
    assert found["id_dispositif_plus_proche"].eq("denis").all()


def test_the_radius_is_kept(facts, around):
    assert list(around(facts, (2.365, 48.945), 0.0).index) == ["QDENIS"]
    wide = around(facts, (2.365, 48.945), 3.0)
    assert set(wide.index) == {"QDENIS", "QPIERREFITTE", "QDEUX"}


def test_the_nearest_device_is_measured_from_contour_to_contour(facts, around):
    facts.device("lille", LILLE).device("paris", "75118").device("autre", "75118")
    found = around(facts, Territory("qpv", "QPARIS19", "Paris 19e"))
    row = found.loc["QPARIS19"]
    assert row["id_dispositif_plus_proche"] == "autre"
    expected = geodesic_km((2.36, 48.895), (2.39, 48.895))
    assert row["distance_dispositif_km"] == pytest.approx(expected, rel=2e-3)


def test_an_epci_and_a_city_are_the_union_of_their_communes(facts, around):
    assert around(facts, Territory("epci", EPT, "Plaine Commune")).loc["QDEUX", "distance_km"] < 1
    paris = around(facts, Territory("commune", "75056", "Paris"), 1.0)
    assert set(paris.index) == {"QPARIS", "QPARIS19"}


def test_a_former_commune_is_stood_for_by_its_qpv(facts, around):
    found = around(facts.device("pierrefitte", "93059"), "pierrefitte", 50.0)
    expected = geodesic_km((2.365, 48.97), (2.365, 48.95))
    assert found.loc["QDENIS", "distance_km"] == pytest.approx(expected, rel=2e-3)


def test_a_commune_outside_the_contours_is_stood_for_by_its_qpv(facts, around):
    found = around(facts, Territory("commune", "98715", "Faaa"))
    assert found.loc["QTAHITI", "distance_km"] == 0.0


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("absent", "Aucun dispositif n'a l'identifiant « absent »"),
        ("flou", "Le périmètre de « Flou » n'est pas connu"),
        ((48.93, 2.36), "longitude,latitude"),
        (Territory("commune", "49126", "Brissac Loire Aubance"), "n'est pas embarqué"),
        (Territory("region", "11", "Île-de-France"), "On cherche autour"),
    ],
)
def test_places_that_cannot_be_looked_around(facts, around, place, words):
    facts.device("flou", perimetre_origine=None)
    with pytest.raises(InvalidInputError, match=words):
        around(facts, place)


@pytest.fixture(scope="module")
def around_denis(world, layers):
    ground = Ground.of(world, Facts().device("denis", "93066"))
    contours = Contours.of(ground, *layers)
    coverage = coverage_on(ground, "CLSM", TODAY, today=TODAY)
    place = place_of_device("denis", ground, contours)
    return lambda radius: gaps_near(coverage, contours, place, radius).set_index("qpv")


@settings(deadline=None, max_examples=40)
@given(a=st.floats(0, 60), b=st.floats(0, 60))
def test_widening_a_radius_never_drops_a_qpv(around_denis, a, b):
    narrow, wide = (around_denis(radius) for radius in sorted((a, b)))
    assert set(narrow.index) <= set(wide.index)
    assert wide.loc[narrow.index, "distance_km"].tolist() == narrow["distance_km"].tolist()


def test_nearest_of_nothing_is_empty(world, layers, facts):
    ground = Ground.of(world, facts)
    coverage = coverage_on(ground, "CLSM", TODAY, today=TODAY)
    contours = Contours.of(ground, *layers)
    assert nearest_active(coverage, contours, world.qpv["code"]).empty
