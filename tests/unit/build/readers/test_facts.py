import numpy as np
import shapely

from clsm_map.build.sources import make_polygonal, read_facts, read_qpv


def test_the_commune_of_na_is_a_name_and_an_empty_cell_is_missing():
    frame = read_facts(b"code,nom\n01053,NA\n2A004,\n")
    assert frame["code"].tolist() == ["01053", "2A004"]
    assert frame["nom"].tolist()[0] == "NA"
    assert frame["nom"].isna().tolist() == [False, True]


def repaired(*shapes):
    return make_polygonal(np.array(shapes, dtype=object))


def test_a_ring_that_crosses_itself_becomes_two_valid_polygons():
    bowtie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    (mended,) = repaired(bowtie)
    assert mended.is_valid
    assert mended.geom_type == "MultiPolygon"
    assert mended.area == 2


def test_the_lines_that_a_repair_leaves_are_dropped():
    spike = shapely.from_wkt("POLYGON ((0 0, 4 0, 2 0, 2 2, 0 2, 0 0))")
    (mended,) = repaired(spike)
    assert mended.geom_type == "Polygon"
    assert mended.area == 4


def test_polygons_inside_a_collection_are_kept():
    mixed = shapely.GeometryCollection(
        [
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)]),
            shapely.Point(9, 9),
        ]
    )
    (mended,) = repaired(mixed)
    assert mended.geom_type == "MultiPolygon"
    assert mended.area == 2


def test_each_shape_keeps_its_place():
    first, second = repaired(shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 2))
    assert (first.area, second.area) == (1, 4)


def test_a_qpv_without_population_has_none_rather_than_zero():
    content = (
        b"code_qpv,nom_qpv,evolution,codes_communes,noms_communes,epci,departement,region,"
        b"surface_ha,population_2020,longitude,latitude,contour_wkt\n"
        b"QN97601C,Essai,C,97611,Mamoudzou,200060465,976,06,1.5,,45.2,-12.8,"
        b'"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n'
    )
    frame = read_qpv(content)
    assert frame["population_2020"].isna().all()
    assert frame["surface_ha"].tolist() == [1.5]
    assert frame["geometry"].iloc[0].area == 0.5
