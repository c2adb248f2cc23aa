import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon, box, mapping
from shapely.ops import unary_union

from clsm_map.domain.errors import RegisterError
from clsm_map.register.contours import CommuneContours


class Squares:
    """Three communes of 0.1° side in a row, and a city of nine arrondissements in another."""

    communes = gpd.GeoDataFrame(
        {"code": ["01001", "01002", "01003", "69123"]},
        geometry=[box(5 + i / 10, 46, 5.1 + i / 10, 46.1) for i in range(3)]
        + [box(4, 45, 4.9, 45.1)],
        crs=4326,
    )
    arrondissements = pd.DataFrame(
        {"code": [f"6938{i}" for i in range(1, 10)], "commune": "69123", "nom": "x"}
    )
    parts = gpd.GeoDataFrame(
        {"code": arrondissements["code"]},
        geometry=[box(4 + i / 10, 45, 4.1 + i / 10, 45.1) for i in range(9)],
        crs=4326,
    )

    def contours(self, niveau, _scale):
        return {"commune": self.communes, "arrondissement": self.parts}[niveau]


@pytest.fixture(scope="module")
def squares():
    return CommuneContours(Squares())


@pytest.mark.parametrize(
    ("west", "east", "codes"),
    [
        (5.0, 5.1, ["01001"]),
        (5.0, 5.149, ["01001"]),
        (5.0, 5.151, ["01001", "01002"]),
        (5.06, 5.14, []),
        (4.99, 5.31, ["01001", "01002", "01003"]),
    ],
)
def test_a_commune_is_in_when_more_than_half_of_it_is(squares, west, east, codes):
    assert squares.more_than_half_inside(box(west, 45.99, east, 46.11)) == codes


def test_arrondissements_are_counted_one_by_one_and_make_the_city_together(squares):
    assert squares.more_than_half_inside(box(3.99, 44.9, 4.26, 45.2)) == [
        "69381",
        "69382",
        "69383",
    ]
    assert squares.more_than_half_inside(box(3.99, 44.9, 4.91, 45.2)) == ["69123"]


def test_a_contour_that_crosses_itself_is_repaired(squares):
    bow = Polygon([(4.99, 46.02), (5.21, 46.08), (5.21, 46.02), (4.99, 46.08)])
    assert squares.more_than_half_inside(bow) == []
    tall = Polygon([(4.99, 45.9), (5.21, 46.2), (5.21, 45.9), (4.99, 46.2)])
    assert squares.more_than_half_inside(tall) == ["01001", "01002"]
    wide = Polygon([(4.9, 45.9), (5.3, 45.9), (5.3, 46.2), (4.9, 46.2), (4.9, 45.9), (5.3, 45.9)])
    assert squares.more_than_half_inside(wide) == ["01001", "01002", "01003"]


@pytest.fixture(scope="module")
def around_bourg(snapshot):
    """Bourg-en-Bresse and Péronnas, drawn 300 m too wide."""
    contours = snapshot.contours("commune", "local").set_index("code")
    drawn = gpd.GeoSeries(
        [unary_union(contours.loc[["01053", "01289"], "geometry"].to_list())], crs=4326
    )
    return drawn.to_crs(2154).buffer(300).to_crs(4326).iloc[0]


def layer(geometry, **columns):
    attributes = {"nom": ["CLSM A"], "type": ["CLSM"], "statut": ["actif"]} | columns
    return gpd.GeoDataFrame(attributes, geometry=[geometry], crs=4326)


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def feature(geometry, **properties):
    properties = {"nom": "CLSM A", "type": "CLSM"} | properties
    return {"type": "Feature", "properties": properties, "geometry": geometry}


TWO = {("commune", "01053"), ("commune", "01289")}


def test_a_drawn_perimeter_in_geojson(check, members, around_bourg):
    read = check(collection(feature(mapping(around_bourg))), "liste.geojson")
    assert members(read) == {"CLSM A": TWO}
    assert read.register.dispositifs["perimetre_origine"].tolist() == ["polygone"]


@pytest.mark.parametrize("crs", [4326, 2154, 3857])
def test_a_geopackage_in_the_projection_it_declares(tmp_path, check, members, around_bourg, crs):
    path = tmp_path / "source.gpkg"
    layer(around_bourg).to_crs(crs).to_file(path, driver="GPKG")
    read = check(path.read_bytes(), "liste.gpkg")
    assert (read.lignes, read.acceptees) == (1, 1)
    assert members(read) == {"CLSM A": TWO}


def test_a_geopackage_without_projection_is_refused(tmp_path, check, around_bourg):
    path = tmp_path / "source.gpkg"
    frame = layer(around_bourg).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(path, driver="GPKG")
    with pytest.raises(RegisterError, match="projection"):
        check(path.read_bytes(), "liste.gpkg")


def test_a_geojson_in_lambert_93_is_refused_with_what_to_do(tmp_path, check, around_bourg):
    metres = layer(around_bourg).to_crs(2154)
    bare = collection(feature(mapping(metres.geometry.iloc[0])))
    with pytest.raises(RegisterError, match=r"Lambert-93.*WGS 84.*GeoPackage"):
        check(bare, "liste.geojson")
    nowhere = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}
    with pytest.raises(RegisterError, match="projection inconnue"):
        check(collection(feature(mapping(around_bourg)), crs=nowhere), "liste.geojson")


def test_a_geojson_is_read_in_the_projection_it_declares(tmp_path, check, members, around_bourg):
    declared = tmp_path / "source.geojson"
    layer(around_bourg).to_crs(2154).to_file(declared, driver="GeoJSON")
    read = check(declared.read_bytes(), "liste.geojson")
    assert members(read) == {"CLSM A": TWO}
    assert any("EPSG:2154" in said for said in read.informations)


def test_mamoudzou_in_the_projection_of_mayotte(snapshot, check, members):
    """Eastings and northings of UTM 38 South: some 520 km and 8,590 km at Mamoudzou."""
    contours = snapshot.contours("commune", "local").set_index("code")
    drawn = contours.loc[["97611"], "geometry"].to_crs(4471)
    west, south, east, north = drawn.total_bounds
    assert 500_000 < west < east < 540_000
    assert 8_560_000 < south < north < 8_610_000
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4471"}}
    read = check(collection(feature(mapping(drawn.iloc[0])), crs=crs), "mayotte.geojson")
    assert members(read) == {"CLSM A": {("commune", "97611")}}


def test_a_perimeter_that_crosses_itself_is_read_and_this_is_said(check, around_bourg):
    """Two triangles that meet above Bourg: what a hand draws when it turns the wrong way."""
    west, south, east, north = around_bourg.bounds
    wide, high = east - west, north - south
    bow = Polygon(
        [
            (west - wide, south - high),
            (east + wide, north + 3 * high),
            (west - wide, north + 3 * high),
            (east + wide, south - high),
        ]
    )
    read = check(collection(feature(mapping(bow))), "liste.geojson")
    assert (read.acceptees, len(read.erreurs)) == (1, 0)
    assert any("se croise lui-même" in said for said in read.informations)
    sound = check(collection(feature(mapping(around_bourg))), "liste.geojson")
    assert not any("se croise" in said for said in sound.informations)


def test_a_geojson_that_says_wgs84_is_read(check, members, around_bourg):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    read = check(collection(feature(mapping(around_bourg)), crs=crs), "liste.geojson")
    assert members(read) == {"CLSM A": TWO}


def test_codes_say_the_perimeter_better_than_the_contour(check, members, around_bourg):
    content = collection(feature(mapping(around_bourg), code_insee=["34301", "01004"]))
    read = check(content, "liste.geojson")
    assert members(read) == {"CLSM A": {("commune", "34301"), ("commune", "01004")}}
    assert any("contour n'est pas utilisé" in i for i in read.informations)


def test_a_point_is_no_perimeter(check, members):
    read = check(collection(feature(mapping(Point(5.2, 46.2)))), "liste.geojson")
    assert members(read) == {"CLSM A": set()}
    assert any("pas un polygone" in i for i in read.informations)


@pytest.mark.parametrize("polygon", [box(-10, 40, -9, 41), box(5.2, 46.2, 5.2001, 46.2001)])
def test_a_contour_that_holds_no_commune_is_rejected(check, polygon):
    (error,) = check(collection(feature(mapping(polygon))), "liste.geojson").erreurs
    assert (error.ligne, error.champ) == (1, "géométrie")


def test_a_contour_as_wide_as_the_country_is_rejected(check):
    (error,) = check(collection(feature(mapping(box(-5, 42, 8, 51)))), "liste.geojson").erreurs
    assert "5\u202f000 communes" in error.message


def test_a_contour_that_cannot_be_read_is_rejected_alone(check, around_bourg):
    broken = {"type": "Polygon", "coordinates": [[[5, 46], [5.1]]]}
    content = collection(feature(broken), feature(mapping(around_bourg), nom="CLSM B"))
    read = check(content, "liste.geojson")
    assert [e.ligne for e in read.erreurs] == [1]
    assert read.acceptees == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "vide"),
        ("{", "incomplet ou abîmé"),
        ("[" * 100_000, "incomplet ou abîmé"),
        ('{"type": "Topology"}', "FeatureCollection"),
        ("[1, 2]", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "aucune entité"),
        ('{"type": "FeatureCollection", "features": [1]}', "n'en sont pas"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature"}]}', "aucun attribut"),
    ],
)
def test_what_is_not_geojson_is_said(check, content, reason):
    with pytest.raises(RegisterError, match=reason):
        check(content, "liste.geojson")


@pytest.mark.parametrize("content", [b"PK\x03\x04zip", b"SQLite format 3\x00" + b"\x00" * 200])
def test_what_is_not_a_geopackage_is_said(check, content):
    with pytest.raises(RegisterError, match="n'en est pas un"):
        check(content, "liste.gpkg")


def test_a_truncated_geopackage_is_refused(tmp_path, check, around_bourg):
    path = tmp_path / "source.gpkg"
    layer(around_bourg).to_file(path, driver="GPKG")
    with pytest.raises(RegisterError, match="abîmé"):
        check(path.read_bytes()[:5_000], "liste.gpkg")


def test_a_table_without_geometry_is_read(tmp_path, check, members):
    path = tmp_path / "source.gpkg"
    layer(None, code_insee=["01053"]).to_file(path, driver="GPKG")
    assert members(check(path.read_bytes(), "liste.gpkg")) == {"CLSM A": {("commune", "01053")}}
