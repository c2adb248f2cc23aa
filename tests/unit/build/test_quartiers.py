import geopandas as gpd
import pandas as pd
import pytest
import shapely

from clsm_map.build.quartiers import build_qpv, build_qpv_communes

EAST, NORTH = 652_000, 6_862_000
"""A corner in the middle of Paris, Lambert-93, metres."""


def square(west, south, east, north):
    """Give a box drawn in metres from the corner, in WGS 84."""
    box = shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)
    return gpd.GeoSeries([box], crs=2154).to_crs(4326).iloc[0]


@pytest.fixture(scope="module")
def ground():
    rows = [
        ("75101", "ARM", square(0, 0, 1000, 1000)),
        ("75102", "ARM", square(1000, 0, 2000, 1000)),
        ("75056", "COM", square(0, 0, 2000, 1000)),
        ("93001", "COM", square(2000, 0, 3000, 1000)),
    ]
    return pd.DataFrame(rows, columns=["code", "type", "geometry"])


def register(**columns):
    base = {
        "code_qpv": "QN07501M",
        "nom_qpv": "Essai",
        "evolution": "M",
        "codes_communes": "75056",
        "noms_communes": "Paris",
        "epci": "200054781",
        "departement": "75",
        "region": "11",
        "surface_ha": 1.0,
        "population_2020": 1.0,
        "longitude": 2.3,
        "latitude": 48.8,
        "geometry": square(900, 0, 1100, 100),
    }
    return pd.DataFrame([base | columns])


def test_a_qpv_of_paris_lies_in_the_arrondissements_that_hold_a_tenth_of_it(ground):
    pairs = build_qpv_communes(register(geometry=square(850, 0, 1150, 100)), ground)
    assert pairs["commune"].tolist() == ["75101", "75102"]
    assert pairs["part_surface"].tolist() == pytest.approx([0.5, 0.5], abs=0.002)


def test_an_arrondissement_that_holds_less_than_a_tenth_is_left_out(ground):
    pairs = build_qpv_communes(register(geometry=square(905, 0, 1005, 100)), ground)
    assert pairs["commune"].tolist() == ["75101"]
    assert pairs["part_surface"].tolist() == pytest.approx([0.95], abs=0.005)


def test_a_qpv_over_a_city_and_a_commune_has_the_share_of_each(ground):
    spread = register(codes_communes="75056; 93001", geometry=square(1900, 0, 2200, 100))
    pairs = build_qpv_communes(spread, ground).set_index("commune")["part_surface"]
    assert pairs["75102"] == pytest.approx(1 / 3, abs=0.005)
    assert pairs["93001"] == pytest.approx(2 / 3, abs=0.005)


def test_a_merged_commune_without_contour_has_what_the_others_leave(ground):
    """100 of the 300 metres lie in 93001; 93059 has no contour any more."""
    spread = register(codes_communes="93001;93059", geometry=square(2900, 0, 3200, 100))
    pairs = build_qpv_communes(spread, ground).set_index("commune")["part_surface"]
    assert pairs["93001"] == pytest.approx(1 / 3, abs=0.005)
    assert pairs.sum() == pytest.approx(1)


@pytest.mark.parametrize("codes", ["93001;93059;93060", "93059;93060"])
def test_two_communes_without_contour_leave_no_share_known(ground, codes):
    spread = register(codes_communes=codes, geometry=square(2900, 0, 3200, 100))
    assert build_qpv_communes(spread, ground)["part_surface"].isna().all()


def test_the_register_keeps_the_commune_of_2024(ground):
    pairs = build_qpv_communes(register(codes_communes="93059"), ground)
    assert pairs["commune"].tolist() == ["93059"]


@pytest.fixture(scope="module")
def paris(territories, ground):
    moved = territories.units.copy()
    for code, shape in zip(ground["code"], ground["geometry"], strict=True):
        moved.loc[moved["code"] == code, "geometry"] = shape
    return type(territories)(
        **{name: getattr(territories, name) for name in territories.__slots__ if name != "units"},
        units=moved,
    )


@pytest.mark.parametrize(
    ("west", "expected"), [(1950, "200057867"), (1850, "75056")], ids=["banlieue", "Paris"]
)
def test_over_two_ept_the_larger_share_of_the_area_decides(paris, changes, west, expected):
    spread = register(codes_communes="75056;93001", geometry=square(west, 0, west + 200, 100))
    assert build_qpv(spread, paris, changes)["intercommunalite"].tolist() == [expected]


def test_outside_grand_paris_the_epci_is_kept(territories, changes):
    elsewhere = register(codes_communes="01001", epci="200000001", departement="01")
    assert build_qpv(elsewhere, territories, changes)["intercommunalite"].tolist() == ["200000001"]


def test_communes_that_the_register_does_not_name_are_named(territories, changes):
    unnamed = pd.concat(
        [
            register(codes_communes="01002", epci="200000001", noms_communes=None),
            register(codes_communes="98711", epci=None, departement="987", noms_communes=None),
        ],
        ignore_index=True,
    )
    names = build_qpv(unnamed, territories, changes)["noms_communes"].tolist()
    assert names == ["Ancienne", "Polynésie française"]


def test_a_merged_commune_and_an_article_that_the_register_drops_are_named(territories, changes):
    dropped = register(codes_communes="01002;01001", epci="200000001", noms_communes=";Bourg")
    names = build_qpv(dropped, territories, changes)["noms_communes"].tolist()
    known = territories.communes_all.set_index("code")["nom"]
    assert names == [f"Ancienne;{known['01001']}"]
    assert known["01001"] != "Bourg"
