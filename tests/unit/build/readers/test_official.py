"""Readers of official files, on small files that have the same faults as the real ones."""

import io
import json
import zipfile

import pandas as pd
import pytest
from openpyxl import Workbook

from clsm_map.domain.errors import SourceError
from tests.data.official import (
    french_numbers,
    read_atlas,
    read_contours,
    read_filosofi,
    read_french_csv,
    read_list,
    read_qpv_2015,
)

LIST_HEADER = (
    "code_qp;lib_qp;insee_reg;lib_reg;insee_dep;lib_dep;insee_com;lib_com;siren_epci;lib_epci;;"
)


def spreadsheet(*lines):
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


@pytest.mark.parametrize(
    ("text", "value"),
    [("6 490", 6490), ("6\u202f490", 6490), ("6\u00a0490,5", 6490.5), ("-10,0", -10), ("0", 0)],
)
def test_french_numbers_are_read(text, value):
    assert french_numbers(pd.Series([text])).tolist() == [value]


def test_secrecy_is_not_a_number_and_a_word_is_refused():
    assert french_numbers(pd.Series(["s", "nd", None], dtype="str")).isna().all()
    with pytest.raises(ValueError, match="douze"):
        french_numbers(pd.Series(["douze"]))


def test_columns_without_name_are_dropped():
    frame = read_french_csv(spreadsheet("CODGEO;EVOL ;;", "QP001001;-1,5;;"))
    assert list(frame.columns) == ["CODGEO", "EVOL"]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("1053", "01053"),
        ("97411", "97411"),
        ("2B033", "2B033"),
        ('"02571; 02691"', "02571;02691"),
        ('"=""59291;59365"""', "59291;59365"),
    ],
)
def test_codes_that_went_through_a_spreadsheet_are_put_right(cell, codes):
    line = f"QN00101M;Essai;84;Région;1;Ain;{cell};Nom;200071751;CA;;"
    frame = read_list(spreadsheet(LIST_HEADER, line))
    assert frame["communes"].tolist() == [codes]
    assert frame["departement"].tolist() == ["01"]


def test_two_epci_written_without_quotes_do_not_shift_the_row():
    line = (
        'QN05921M;Escaut;32;HdF;59;Nord;"59014;59079";"Anzin;Beuvrages";245901160;200042190;"A;B";;'
    )
    frame = read_list(spreadsheet(LIST_HEADER, line))
    assert frame["epci"].tolist() == ["245901160;200042190"]
    assert frame["noms_communes"].tolist() == ["Anzin;Beuvrages"]


def test_a_collectivite_has_no_region_and_no_epci():
    line = "QN98701M;Ahititera;987;Polynésie;987;Polynésie;98712;Arue;;;;"
    frame = read_list(spreadsheet(LIST_HEADER, line))
    assert frame["region"].isna().all()
    assert frame["epci"].isna().all()


def archive(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        zipped.writestr(name, content)
    return stream.getvalue()


def test_official_contours_are_repaired_and_their_codes_separated_alike():
    properties = {
        "code_qp": "QN01301M",
        "lib_qp": "Essai",
        "insee_com": "13055, 13070",
        "lib_com": "Marseille, La Penne",
        "siren_epci": "200054807",
        "insee_dep": "13",
        "insee_reg": "93",
    }
    bowtie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    features = [{"type": "Feature", "properties": properties, "geometry": bowtie}]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    frame = read_contours(archive("GEOJSON/qp.geojson", content))
    assert frame["communes"].tolist() == ["13055;13070"]
    assert frame["noms_communes"].tolist() == ["Marseille;La Penne"]
    assert frame["geometry"].iloc[0].is_valid
    assert frame["geometry"].iloc[0].area == 2


def test_a_zip_without_geojson_is_refused():
    with pytest.raises(SourceError, match="GeoJSON"):
        read_contours(archive("lisez-moi.txt", "rien"))


def test_filosofi_tells_secrecy_from_absence():
    content = spreadsheet("CODGEO;MED21;TP6021", "01001;25820;s", "01004;21660;17,0", "01500;;")
    frame = read_filosofi(content).set_index(["code", "indicateur"])
    assert frame.loc[("01004", "taux_pauvrete"), "valeur"] == 17
    assert frame.loc[("01001", "taux_pauvrete"), "statut"] == "secret"
    assert frame.loc[("01500", "taux_pauvrete"), "statut"] == "manquant"
    assert frame.loc[("01001", "niveau_de_vie_median"), "valeur"] == 25820


def test_qpv_of_2015_keep_their_notes_and_those_of_2024_are_refused():
    good = spreadsheet("CODGEO;LIBGEO;POP_MUN;NOTE_RP;;", "QP001001;Essai;6 490;0;;")
    frame = read_qpv_2015(good)
    assert frame["POP_MUN"].tolist() == [6490]
    assert frame["NOTE_RP"].tolist() == ["0"]
    with pytest.raises(SourceError, match="2015"):
        read_qpv_2015(spreadsheet("CODGEO;POP_MUN", "QN00101M;10"))


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_atlas_is_unpivoted_and_overseas_codes_are_the_official_ones():
    label = [
        ("ONGLET", "Ages", "INDICATEURS", "LIBELLE"),
        (None, None, None, None),
        ("OFFRE", "16 ans et plus ", "OFF01", "Densité de lits "),
    ]
    figures = [
        ("DEP", "OFF01_2015", "OFF01_2019", "OFF01_ind"),
        ("FR", 103.8, 97.4, 1),
        ("9D", None, 40.5, 1),
        (None, None, None, None),
    ]
    frame = read_atlas(workbook(LABEL=label, Offre=figures, Notes=[("texte",)]))
    found = frame.set_index(["departement", "annee"])["valeur"].to_dict()
    assert found == {("FR", 2015): 103.8, ("FR", 2019): 97.4, ("974", 2019): 40.5}
    assert set(frame["libelle"]) == {"Densité de lits"}
    assert set(frame["ages"]) == {"16 ans et plus"}


def test_a_workbook_without_dictionary_is_refused():
    with pytest.raises(SourceError, match="LABEL"):
        read_atlas(workbook(Offre=[("DEP", "OFF01_2019"), ("01", 1)]))
