import lzma

import pytest
import shapely

from clsm_map.build.sources import read_communes, read_table

HEADER = (
    "id,code,type,nom,type_nom,population_municipale,population_cap,departement_id,"
    "commune_parent_id,epci_id,geometry\n"
)


def packed(*lines):
    return lzma.compress((HEADER + "\n".join(lines) + "\n").encode())


@pytest.mark.parametrize(
    ("kind", "nom", "whole"),
    [
        ("0", "Bourg-en-Bresse", "Bourg-en-Bresse"),
        ("2", "Havre", "Le Havre"),
        ("3", "Courneuve", "La Courneuve"),
        ("4", "Lilas", "Les Lilas"),
        ("5", "Île-Saint-Denis", "L'Île-Saint-Denis"),
    ],
)
def test_the_article_is_put_back_before_the_name(kind, nom, whole):
    content = packed(rf"0,01001,COM,{nom},{kind},10,1,0,\N,\N,\N")
    assert read_communes(content)["nom"].tolist() == [whole]


def test_codes_stay_text_and_missing_marks_are_missing():
    frame = read_table(packed(r"0,01001,COM,Essai,0,\N,\N,0,\N,\N,\N"))
    assert frame["code"].tolist() == ["01001"]
    assert frame["epci_id"].isna().all()


def test_populations_are_numbers_and_contours_are_shapes():
    box = shapely.box(0, 0, 1, 1)
    frame = read_communes(
        packed(
            rf"0,01001,COM,Avec,0,10,2,0,\N,3,{shapely.to_wkb(box, hex=True)}",
            r"1,97601,COM,Sans,0,\N,\N,0,\N,\N,\N",
        )
    )
    assert frame["population"].tolist()[0] == 10
    assert frame["population_totale"].tolist()[0] == 12
    assert frame["population"].isna().tolist() == [False, True]
    assert frame["geometry"].iloc[0].equals(box)
    assert frame["geometry"].isna().tolist() == [False, True]
