"""What is known of the register: recorded against published, and what is uncertain."""

from clsm_map.views.register import (
    completeness_rows,
    harvest_by_region,
    register_knowledge,
)
from tests.unit.views.conftest import register


def test_recorded_devices_stand_against_the_published_total(snapshot, coverage):
    known = register_knowledge(coverage, snapshot.chiffres)
    assert (known.recorded, known.active, known.projects, known.to_check) == (5, 3, 1, 1)
    # 3 of 298 is 1.007 %, 3 of 280 is 1.07 %: both round to 1.
    assert known.share == ("sur 280 (mai 2025) à 298 (page non datée) annoncés, soit 1\u00a0%")


def test_every_uncertain_device_is_listed_with_its_reason(snapshot, coverage):
    listed = register_knowledge(coverage, snapshot.chiffres).uncertain
    assert dict(zip(listed["Dispositif"], listed["Incertitude"], strict=True)) == {
        "Ailleurs": "périmètre inconnu",
        "Lointain": "périmètre inconnu",
        "Amberieu": "périmètre à préciser (siège seul)",
        "Oyonnax": "état inconnu",
    }


def test_only_web_addresses_become_links(snapshot, coverage):
    listed = register_knowledge(coverage, snapshot.chiffres).uncertain.set_index("Dispositif")
    assert listed["Source"].isna().to_dict() == {
        "Ailleurs": False, "Lointain": False, "Amberieu": True, "Oyonnax": False,
    }  # fmt: skip


def test_the_origins_of_perimeters_add_up(snapshot, coverage):
    known = register_knowledge(coverage, snapshot.chiffres)
    assert known.origins["Dispositifs"].sum() == known.recorded


def test_no_territory_is_declared_complete_until_someone_signs_it():
    assert completeness_rows(register().completude).empty


def test_the_harvest_is_told_with_its_numbers(snapshot, coverage):
    # Two pages of exemple.fr hold active CLSM of the Ain, or a CLSM to check; one device has no
    # web page; one of the Isère. All five lie in Auvergne-Rhône-Alpes.
    found = harvest_by_region(snapshot, coverage)
    assert found.title == "CLSM recensés par région, selon la récolte, inégale"
    assert found.finding == (
        "5\u00a0CLSM recensés ; 4 (80\u00a0%) d’une même source, exemple.fr ; aucun dans "
        "17\u00a0régions sur 18 ; un nombre est publié pour 1\u00a0région ; aucune région n’est "
        "déclarée complète."
    )
    table = found.table().set_index("Région")
    row = table.loc["Auvergne-Rhône-Alpes"]
    assert (row["Recensés"], row["Dont actifs"], row["De cette source"], row["Part (%)"]) == (
        5, 3, 4, 80,
    )  # fmt: skip
    assert table.loc["Normandie", "Publiés"] == "8 (page non datée)"
    assert "ex-Rhône-Alpes" in found.note
