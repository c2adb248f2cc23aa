"""Every export of data is read back by the tools that people use, and counted."""

import csv
import io
import json
import re
import sqlite3
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.exports.export import DATA_FORMATS, WHATS, content_of, export, file_name
from clsm_map.exports.geographic import geopackage_bytes
from clsm_map.exports.table import Content
from clsm_map.exports.tables import csv_bytes, xlsx_bytes
from clsm_map.store.territories import qpv_of
from clsm_map.table import Column, Table

AIN = Selection(territoire="departement:01")
RHONE = Selection(territoire="departement:69", niveau="commune", indicateur="taux_pauvrete")
LABELS = {s.label for s in STATUSES.values()}


def read_csv(content):
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def read_sheets(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(sheet):
    lines = sheet.iter_rows(values_only=True)
    headers = next(lines)
    return [dict(zip(headers, line, strict=True)) for line in lines]


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("fmt", DATA_FORMATS)
def test_every_export_is_written_and_stays_the_same(desk, what, fmt):
    first = export(desk, what, fmt, AIN)
    assert len(first) > 200
    assert export(desk, what, fmt, AIN) == first


def test_the_day_of_the_export_is_all_that_changes_a_workbook(desk):
    later = replace(desk, today=desk.today.replace(day=23))
    on = replace(AIN, date=desk.today)
    one, other = (read_sheets(export(d, "qpv", "xlsx", on)) for d in (desk, later))
    assert one.properties.created != other.properties.created
    assert rows_of(one["qpv"]) == rows_of(other["qpv"])


def test_qpv_in_csv_for_french_excel(desk):
    content = export(desk, "qpv", "csv", AIN)
    assert content.startswith("\ufeffCode;Quartier;Codes des communes".encode())
    rows = read_csv(content)
    assert {r["Code"] for r in rows} == set(qpv_of(desk.snapshot, desk.territory(AIN)))
    row = next(r for r in rows if r["Code"] == "QN00101M")
    assert row["Codes des communes"] == "01053"
    assert row["Code département"] == "01"
    assert row["Quartier"] == "Grande Reyssouze Terre Des Fleurs"
    assert row["Région"] == "Auvergne-Rhône-Alpes"
    assert row["Surface (ha)"] == "60,6"
    assert row["Habitants (RP 2020)"] == "6399"
    assert row["Couverture CLSM"] in LABELS


def test_unknown_secret_and_zero_stay_apart(desk):
    rows = read_csv(export(desk, "communes", "csv", RHONE))
    value, status = "Taux de pauvreté, 2021 (%)", "Taux de pauvreté, 2021 : donnée"
    secret = [r for r in rows if r[status] == "secret statistique"]
    known = [r for r in rows if r[status] == "disponible"]
    assert secret
    assert known
    assert {r[value] for r in secret} == {""}
    assert all(r[value] for r in known)
    assert {r["Classe de la carte"] for r in secret} == {"secret statistique"}
    assert {r["QPV affichés"] for r in rows} >= {"0", "6"}
    assert next(r for r in rows if r["Code"] == "69259")["QPV affichés"] == "6"


def test_the_filter_holds_in_exports(desk):
    poor = Selection(territoire="region:84", filtre=QpvFilter(pauvrete=(50.0, None)))
    rows = read_csv(export(desk, "qpv", "csv", poor))
    assert rows
    assert all(float(r["Taux de pauvreté, 2021 (%)"].replace(",", ".")) >= 50 for r in rows)
    everything = read_csv(export(desk, "qpv", "csv", replace(poor, filtre=QpvFilter())))
    assert len(rows) < len(everything)


def test_nothing_left_is_refused_in_french(desk):
    none = replace(AIN, filtre=QpvFilter(pauvrete=(100.0, None)))
    with pytest.raises(InvalidInputError, match="Rien ne répond"):
        export(desk, "qpv", "csv", none)


def test_a_workbook_has_types_header_and_sources(desk):
    book = read_sheets(export(desk, "qpv", "xlsx", AIN))
    assert book.sheetnames == ["qpv", "Colonnes", "Sources"]
    sheet = book["qpv"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet["A1"].font.bold
    row = next(r for r in rows_of(sheet) if r["Code"] == "QN00101M")
    assert row["Codes des communes"] == "01053"
    assert row["Surface (ha)"] == pytest.approx(60.6)
    assert row["Habitants (RP 2020)"] == 6399
    habitants = next(c for c in sheet[1] if c.value == "Habitants (RP 2020)").column
    assert sheet.cell(2, habitants).number_format == "#,##0"
    words = "\n".join(str(c.value) for line in book["Sources"] for c in line if c.value)
    for said in ("ANCT", "Situation au 22\u00a0novembre 2026", "Dénominateur", "extrait sourcé"):
        assert said in words
    assert book.properties.title.startswith("Quartiers prioritaires, Ain")


def test_no_text_of_a_workbook_is_a_formula(desk):
    content = content_of(desk, "qpv", AIN)
    hostile = content.main.frame.assign(nom='=HYPERLINK("http://x")\x07')
    table = replace(content.main, frame=hostile)
    book = read_sheets(xlsx_bytes(replace(content, tables=(table,))))
    cell = book["qpv"]["B2"]
    assert cell.data_type == "s"
    assert cell.value == '=HYPERLINK("http://x")'


def test_a_workbook_keeps_what_xml_would_change(desk):
    content = content_of(desk, "qpv", AIN)
    names = [" <b>&amp;</b> ", "a\nb", *["é"] * (len(content.main.frame) - 2)]
    numbers = [float("nan"), 0.0, *[12.345] * (len(names) - 2)]
    frame = content.main.frame.assign(nom=names, surface_ha=numbers)
    book = read_sheets(xlsx_bytes(replace(content, tables=(replace(content.main, frame=frame),))))
    rows = rows_of(book["qpv"])
    assert [r["Quartier"] for r in rows] == names
    assert [r["Surface (ha)"] for r in rows[:3]] == [None, 0, 12.345]


def test_hostile_names_are_neutralised_in_csv(desk):
    content = content_of(desk, "qpv", AIN)
    table = replace(content.main, frame=content.main.frame.assign(nom="@SUM(A1)"))
    rows = read_csv(csv_bytes(replace(content, tables=(table,))))
    assert {r["Quartier"] for r in rows} == {"'@SUM(A1)"}


def test_geojson_follows_rfc_7946(desk):
    found = json.loads(export(desk, "qpv", "geojson", AIN))
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    assert found["metadata"]["crs"].endswith("CRS84")
    assert found["metadata"]["sources"][0]["producteur"].startswith("ANCT")
    west, south, east, north = found["bbox"]
    assert 4 < west < east < 7
    assert 45 < south < north < 47
    for feature in found["features"]:
        assert feature["id"] == feature["properties"]["code"]
        for polygon in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)
    digits = re.findall(r"\d\.(\d{7,})", json.dumps([f["geometry"] for f in found["features"]]))
    assert not digits
    frame = pyogrio.read_dataframe(io.BytesIO(export(desk, "qpv", "geojson", AIN)))
    assert frame.crs.to_epsg() == 4326
    assert "01053" in set(frame["communes"])


def test_a_geopackage_opens_styled(desk, tmp_path):
    selection = replace(AIN, couches=("qpv", "clsm", "cls"))
    path = tmp_path / "carte.gpkg"
    path.write_bytes(export(desk, "carte", "gpkg", selection))
    layers = dict(pyogrio.list_layers(path))
    drawn = {"epci", "qpv", "perimetres_clsm", "sieges_clsm", "perimetres_cls", "sieges_cls"}
    assert drawn <= set(layers)
    assert layers["qpv"] == "MultiPolygon"
    assert layers["sieges_clsm"] == "Point"
    qpv = pyogrio.read_dataframe(path, layer="qpv")
    assert qpv.crs.to_epsg() == 4326
    assert len(qpv) == len(qpv_of(desk.snapshot, desk.territory(AIN)))
    assert qpv["communes"].str.startswith("01").all()
    assert "sourcé" in pyogrio.read_info(path, layer="qpv")["layer_metadata"]["PRUDENCES"]
    base = sqlite3.connect(path)
    styles = base.execute(
        "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML, styleSLD FROM layer_styles"
    ).fetchall()
    assert {s[0] for s in styles} == drawn
    assert {s[1:3] for s in styles} == {("geom", 1)}
    for name, _, _, qml, sld in styles:
        renderer = ET.fromstring(qml).find("renderer-v2")
        values = {c.get("value") for c in renderer.iter("category")}
        column = renderer.get("attr")
        assert set(pyogrio.read_dataframe(path, layer=name)[column].dropna()) <= values
        rules = ET.fromstring(sld.encode()).iter("{http://www.opengis.net/sld}Rule")
        assert len(list(rules)) == len(values)
    colours = {m for s in styles for m in re.findall(r'v="(\d+,\d+,\d+),\d+"', s[3])}
    assert "11,110,110" in colours


def test_a_device_of_unknown_perimeter_is_a_row_without_contour(desk, tmp_path):
    path = tmp_path / "clsm.gpkg"
    path.write_bytes(export(desk, "dispositifs", "gpkg", Selection()))
    frame = pyogrio.read_dataframe(path, layer="perimetres_clsm")
    rows = read_csv(export(desk, "dispositifs", "csv", Selection()))
    recorded = desk.snapshot.dispositifs.query("type == 'CLSM'")["id"]
    assert set(frame["code"]) == {r["Identifiant"] for r in rows} == set(recorded)
    located = desk.coverage("CLSM", desk.today).ground.located
    unknown = set(recorded) - located
    assert unknown
    assert unknown <= set(frame.loc[frame.geometry.isna(), "code"])
    states = {r["État à la date"] for r in rows}
    assert states <= {"actif", "en projet", "à vérifier", "passé"}
    bare = next(r for r in rows if r["Identifiant"] in unknown)
    assert bare["QPV dans le périmètre"] == ""


def test_geoparquet_keeps_types_and_metadata(desk):
    content = export(desk, "epci", "parquet", Selection(indicateur="part_logements_sociaux"))
    frame = gpd.read_parquet(io.BytesIO(content))
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == len(desk.snapshot.intercommunalites) == 1264
    assert frame["population"].dtype == "Int64"
    assert frame["part_logements_sociaux"].dtype == "float64"
    assert frame.geometry.is_valid.all()
    said = json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"clsm_map"])
    assert said["colonnes"]["code"] == "Code"
    assert any("dénominateur" in key or key == "sources" for key in said)


def test_numbers_and_sums_agree_with_the_store(desk):
    rows = pd.DataFrame(read_csv(export(desk, "departements", "csv", Selection())))
    assert len(rows) == 101
    assert rows["QPV affichés"].astype(int).sum() == 1584 - 91
    assert {"01", "2A", "971"} <= set(rows["Code"])
    statuses = rows[[c for c in rows if c.startswith("QPV : ")]].astype(int).sum(axis=1)
    assert (statuses == rows["QPV affichés"].astype(int)).all()


def test_all_the_indicators_of_a_level(desk):
    book = read_sheets(export(desk, "indicateurs", "xlsx", Selection(niveau="departement")))
    rows = rows_of(book["indicateurs_departements"])
    assert len(rows) == 101
    rhone = next(r for r in rows if r["Code"] == "69")
    assert rhone["Psychiatres, 2019 (pour 100 000 habitants)"] == pytest.approx(37.65)
    offered = [i for i in desk.snapshot.indicators.values() if "departement" in i.niveaux]
    assert len([h for h in rows[0] if h.endswith(": donnée")]) == len(offered) + 3


def test_coverage_around_a_place_is_nearest_first(desk):
    around = Selection(lieu="clsm-bourg-en-bresse", rayon=40.0)
    rows = read_csv(export(desk, "couverture", "csv", around))
    distances = [float(r["Distance (km)"].replace(",", ".")) for r in rows]
    assert distances == sorted(distances)
    assert max(distances) <= 40
    assert "couvert" not in {r["Couverture CLSM"] for r in rows}
    register = pd.read_csv("data/facts/dispositifs.csv", dtype=str).set_index("id")["nom"]
    named = {
        (r["Identifiant de ce dispositif"], r["Dispositif actif le plus proche"]) for r in rows
    }
    assert named
    assert all(register[identifier] == name for identifier, name in named)


def test_communes_bear_their_official_names_in_every_list(desk):
    # qpv_2024.csv writes ";Stains" for 93059;93072 (Pierrefitte has merged) and drops articles;
    # communes_2026.csv: 93027 La Courneuve, 93007 Le Blanc-Mesnil, 93039 L'Île-Saint-Denis.
    near = Selection(lieu="commune:93066", rayon=8.0)
    for what, asked in (("couverture", near), ("qpv", Selection(territoire="departement:93"))):
        rows = {r["Code"]: r["Communes"] for r in read_csv(export(desk, what, "csv", asked))}
        assert rows["QN09335M"] == "Pierrefitte-sur-Seine, Stains"
        assert rows["QN09328M"] == "Aubervilliers, Bobigny, La Courneuve, Saint-Denis"
    assert rows["QN09306I"] == "Le Blanc-Mesnil, Drancy"
    assert rows["QN09333I"] == "L'Île-Saint-Denis"


def test_coverage_of_a_territory_comes_with_totals(desk):
    book = read_sheets(export(desk, "couverture", "xlsx", Selection(niveau="departement")))
    totals = rows_of(book["totaux"])
    counted = sum(v for r in totals for k, v in r.items() if k.startswith("QPV : "))
    assert counted == 1584
    assert next(r for r in totals if r["Code"] == "987")["Département"] == "Polynésie française"


def test_the_map_says_when_it_shows_another_level(desk):
    content = content_of(desk, "carte", Selection(niveau="commune"))
    assert content.main.name == "epci"
    assert "intercommunalités" in content.mentions.prudences[0]


def test_a_table_refuses_the_same_header_twice():
    columns = (Column("a", "Nom"), Column("b", "Nom"))
    with pytest.raises(ValueError, match="twice"):
        Table("t", "T", columns, pd.DataFrame({"a": [1], "b": [2]}))


def test_a_table_without_contours_has_no_layer(desk):
    content = content_of(desk, "qpv", AIN)
    bare = Content((replace(content.main, shapes=None),), content.mentions)
    with pytest.raises(InvalidInputError, match="contours"):
        geopackage_bytes(bare)


def test_file_names_tell_what_and_where():
    assert file_name("couverture", "gpkg", AIN) == "clsm-map_couverture_departement-01_clsm.gpkg"
