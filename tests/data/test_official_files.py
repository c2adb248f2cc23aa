"""Readers on the files that the producers publish, and the facts compared with them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from clsm_map.settings import ROOT
from tests.data.official import read_contours, read_list
from tests.data.official import read_atlas
from clsm_map.build.sources import read_facts, read_qpv
from tests.data.official import read_filosofi, read_qpv_2015

RAW = ROOT.parent / "shared" / "raw"
FACTS = ROOT / "data" / "facts"


def official(name: str) -> bytes:
    """Read an official file, which is never in the repository."""
    path: Path = RAW / name
    if not path.is_file():
        pytest.skip(f"{path} est absent : fichier officiel, hors du dépôt")
    return path.read_bytes()


@pytest.fixture(scope="module")
def register():
    return read_qpv((FACTS / "qpv_2024.csv").read_bytes()).set_index("code_qpv")


def test_the_list_of_qpv_gives_the_codes_of_the_facts(register):
    listed = read_list(official("listeqp2024-cog2024.csv")).set_index("code")
    assert set(listed.index) == set(register.index)
    codes = register["codes_communes"].str.replace(" ", "")
    assert listed["communes"].reindex(codes.index).equals(codes.rename("communes"))
    assert (listed["departement"].reindex(register.index) == register["departement"]).all()


def test_official_contours_are_all_repaired_and_are_those_of_the_facts(register):
    contours = read_contours(official("qpv-2024-geojson.zip")).set_index("code")
    shapes = contours["geometry"].reindex(register.index).to_numpy()
    assert len(contours) == 1_584
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    ours = register["geometry"].to_numpy()
    apart = shapely.area(shapely.symmetric_difference(shapes, ours)) / shapely.area(shapes)
    assert np.median(apart) < 0.06
    assert apart.max() < 0.25


def test_poverty_and_income_of_communes_are_those_of_filosofi():
    filosofi = read_filosofi(official("cc_filosofi_2021_COM.csv"))
    facts = read_facts((FACTS / "indicateurs_communes.csv").read_bytes()).set_index("code_commune")
    for indicator, column in (
        ("taux_pauvrete", "taux_pauvrete_2021"),
        ("niveau_de_vie_median", "revenu_median_2021"),
    ):
        own = filosofi[filosofi["indicateur"] == indicator].set_index("code")["valeur"]
        ours = facts[column].astype(float).dropna()
        pd.testing.assert_series_equal(
            own.dropna().sort_index(), ours.sort_index(), check_names=False
        )


@pytest.mark.parametrize(
    ("name", "rows", "column"),
    [
        ("DEMO_2022.csv", 1_400, "POP_MUN"),
        ("IPRO_2022.csv", 1_345, "TX_TOT_EMPL"),
        ("REVN_2022.csv", 1_352, "TP60"),
    ],
)
def test_tables_of_the_qpv_of_2015_are_read_as_numbers(name, rows, column):
    frame = read_qpv_2015(official(name))
    assert len(frame) == rows
    assert frame["CODGEO"].is_unique
    assert (frame[column].dropna() > 0).all()


def test_the_facts_of_the_atlas_are_those_of_the_workbook():
    atlas = read_atlas(official("MAJ_IND_ATLAS.xlsx"))
    facts = read_facts((FACTS / "indicateurs_sante_mentale_departements.csv").read_bytes())
    facts = facts.assign(annee=facts["annee"].astype(int), valeur=facts["valeur"].astype(float))
    keys = ["departement", "code_atlas", "annee"]
    both = facts.merge(atlas, on=keys, how="left", suffixes=("", "_atlas"), validate="1:1")
    assert (both["valeur"] - both["valeur_atlas"]).abs().max() <= 0.005
    assert (both["libelle"] == both["libelle_atlas"]).all()
