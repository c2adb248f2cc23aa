"""The harvest, région by région, on the embedded register.

Figures counted with pandas on data/facts: devices of a type by ``departement`` (the twelve of
Auvergne-Rhône-Alpes, the six of Provence-Alpes-Côte d'Azur…), and by what ``source_url`` begins
with. ``chiffres.csv`` read by eye.
"""

import datetime as dt

import pandas as pd
import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.harvest import (
    harvest,
    harvest_title,
    main_sources,
    published_elsewhere,
    sources_of,
)
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.store.register import Register, embedded_register, producers
from clsm_map.store.snapshot import open_snapshot

TODAY = dt.date(2026, 11, 28)
ARA = Territory("region", "84", "Auvergne-Rhône-Alpes")
LAYER = "ARS Auvergne-Rhône-Alpes, couche des CLS"


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


def covered(snapshot, kind, *declared):
    """Coverage by a type, some territories declared complete for it."""
    known = embedded_register(snapshot)
    rows = [(kind, *one, "ARS", "2026-01-01", "") for one in declared]
    complete = pd.DataFrame(rows, columns=list(known.completude.columns), dtype="str")
    register = Register(known.dispositifs, known.perimetres, complete, known.origine)
    return coverage_on(Ground.of(snapshot, register), kind, TODAY, today=TODAY)


@pytest.fixture(scope="module")
def cls(snapshot):
    return covered(snapshot, "CLS")


@pytest.fixture(scope="module")
def rows(snapshot, cls):
    found = harvest(cls, snapshot.regions, snapshot.chiffres, producers())
    return found.set_index("nom")


def test_one_layer_brings_nearly_all_the_cls_of_a_region(rows):
    # 58 CLS in its départements, of which 54 cite cls_aura.gpkg.
    row = rows.loc["Auvergne-Rhône-Alpes"]
    assert (row["recenses"], row["de_la_source"], row["source"]) == (58, 54, LAYER)
    assert row["part_source"] == pytest.approx(100 * 54 / 58)


def test_a_number_published_for_the_region_stands_beside_with_its_year(rows):
    # The latest of 14 (2015) and 23 (2019); 55 "début d'année" 2025; 2 on an undated page.
    assert rows["publies"][rows["publies"] != ""].to_dict() == {
        "Pays de la Loire": "23 (31 décembre 2019)".replace("31 ", "31\u00a0"),
        "Nouvelle-Aquitaine": "55 (2025)",
        "Provence-Alpes-Côte d'Azur": "8 (2024)",
        "Mayotte": "2 (page non datée)",
    }
    assert rows["page"]["Nouvelle-Aquitaine"].startswith(
        "https://www.nouvelle-aquitaine.ars.sante.fr/"
    )


def test_neither_a_former_region_nor_a_departement_is_a_region(snapshot):
    # ASV: Rhône-Alpes (33 in 2008), Gard (5). CLSM: ex-Rhône-Alpes (37 in 2018), Val-d'Oise (5).
    regions, chiffres = snapshot.regions, snapshot.chiffres
    assert published_elsewhere(chiffres, "ASV", regions) == ["Gard", "Rhône-Alpes"]
    assert published_elsewhere(chiffres, "CLSM", regions) == ["Val-d'Oise", "ex-Rhône-Alpes"]


def test_every_device_is_somewhere_saint_martin_included(rows, snapshot):
    # No CLS lies over two régions: the rows add up to the 188 of the register.
    assert rows["recenses"].sum() == 188
    assert rows["recenses"]["Hors région"] == 1
    assert rows["recenses"]["Normandie"] == 0
    assert rows["source"]["Normandie"] == ""
    assert len(rows) == len(snapshot.regions) + 1


def test_a_seat_in_the_whole_of_marseille_is_in_its_region(snapshot):
    # 13 ASV of the six départements; the seat of Grand Sud Huveaune is 13055.
    asv = covered(snapshot, "ASV")
    found = harvest(asv, snapshot.regions, snapshot.chiffres, producers()).set_index("nom")
    assert found["recenses"]["Provence-Alpes-Côte d'Azur"] == 13
    assert found["publies"]["Provence-Alpes-Côte d'Azur"] == "24 (2008)"
    assert "Hors région" not in found.index


def test_sources_are_named_by_their_producer_under_figures(cls):
    # 54 and 23 of 188; the next one brings 6, under a tenth.
    assert main_sources(cls, producers()) == (
        f"54 d’une même source, {LAYER} ; 23 d’une même source, ARS Pays de la Loire"
    )


def test_each_document_left_in_a_repository_is_a_source():
    pages = ["https://docplayer.fr/1-a", "https://docplayer.fr/2-b", "https://www.lille.fr/x", None]
    found = sources_of(pd.DataFrame({"source_url": pages}), producers())
    assert found["dispositifs"].tolist() == [1, 1, 1]
    assert min(found["source"]) == "document déposé sur docplayer.fr"


def test_every_host_of_three_devices_or_more_has_a_name(snapshot):
    found = sources_of(snapshot.dispositifs, producers())
    unnamed = found.loc[found["source"].str.fullmatch(r"[a-z0-9.-]+") & found["dispositifs"].ge(3)]
    assert unnamed.empty


@pytest.mark.parametrize(("kind", "said"), [("CLS", True), ("ASV", True), ("CLSM", False)])
def test_titles_say_the_harvest_for_cls_and_asv(snapshot, kind, said):
    title = f"Quartiers prioritaires et {kind} recensés : France"
    found = harvest_title(title, covered(snapshot, kind))
    harvested = f"Selon la récolte, inégale : quartiers prioritaires et {kind} recensés, France"
    assert found == (harvested if said else title)
    assert harvest_title(found, covered(snapshot, kind)) == found


def test_a_place_or_an_acronym_keeps_its_capital(cls):
    assert harvest_title("France\u00a0: 12 quartiers", cls) == (
        "Selon la récolte, inégale : France, 12 quartiers"
    )
    assert harvest_title("CLS actifs recensés", cls).endswith(" : CLS actifs recensés")


def test_a_region_declared_complete_is_compared_without_reserve(snapshot):
    declared = covered(snapshot, "CLS", ("region", "84"))
    assert harvest_title("Couverture", declared, ARA) == "Couverture"
    assert harvest_title("Couverture", declared, FRANCE) != "Couverture"
    found = harvest(declared, snapshot.regions, snapshot.chiffres, producers())
    assert found.loc[found["complete"], "nom"].tolist() == [ARA.nom]


def test_all_but_one_of_its_departements_are_not_the_region(snapshot):
    codes = ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"]
    whole = [("departement", code) for code in codes]
    assert harvest_title("Couverture", covered(snapshot, "CLS", *whole), ARA) == "Couverture"
    assert harvest_title("Couverture", covered(snapshot, "CLS", *whole[1:]), ARA) != "Couverture"
