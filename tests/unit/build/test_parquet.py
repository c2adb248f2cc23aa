import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import shapely

from clsm_map.build.snapshot import write_table

FRAME = pd.DataFrame(
    {
        "niveau": ["commune", "commune", "region"],
        "code": ["01001", "01002", "84"],
        "annee": pd.array([2020, None, 2022], dtype="Int64"),
        "valeur": [1.5, None, 3.0],
    }
)


def test_the_same_rows_make_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_table(FRAME, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_codes_stay_text_and_what_is_missing_stays_missing(tmp_path):
    write_table(FRAME, tmp_path / "t")
    back = pq.read_table(tmp_path / "t").to_pandas()
    assert back["code"].tolist() == ["01001", "01002", "84"]
    assert back["valeur"].isna().tolist() == [False, True, False]
    assert back["annee"].isna().tolist() == [False, True, False]


def test_each_level_has_its_own_row_group(tmp_path):
    write_table(FRAME, tmp_path / "t", ("niveau",))
    metadata = pq.read_metadata(tmp_path / "t")
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [2, 1]


def test_contours_are_readable_as_geoparquet_in_wgs_84(tmp_path):
    frame = pd.DataFrame(
        {"code": ["a", "b"], "geometry": [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]}
    )
    write_table(frame, tmp_path / "t")
    back = gpd.read_parquet(tmp_path / "t")
    assert back.geometry.geom_equals(gpd.GeoSeries(frame["geometry"].to_list(), crs=back.crs)).all()
    assert back.crs.to_epsg() == 4326 or back.crs.to_authority() == ("OGC", "CRS84")


def test_an_empty_table_keeps_its_columns(tmp_path):
    write_table(FRAME.head(0), tmp_path / "t", ("niveau",))
    assert pq.read_table(tmp_path / "t").column_names == list(FRAME.columns)
