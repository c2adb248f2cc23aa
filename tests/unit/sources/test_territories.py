import math


def row(frame, code):
    return frame.set_index("code").loc[code]


def test_identifiers_become_codes_at_every_level(territories):
    commune = row(territories.communes, "01001")
    assert (commune.epci, commune.departement, commune.region) == ("200000001", "01", "84")


def test_an_island_without_epci_has_none(territories):
    assert territories.communes.set_index("code")["epci"].isna()["01007"]


def test_in_grand_paris_people_work_by_ept_or_by_paris(territories):
    communes = territories.communes.set_index("code")
    assert communes.loc["93001", "intercommunalite"] == "200057867"
    assert communes.loc["75056", "intercommunalite"] == "75056"
    assert communes.loc["93001", "epci"] == "200054781"
    assert communes.loc["01001", "intercommunalite"] == "200000001"
    assert territories.ept["code"].tolist() == ["200057867", "75056"]


def test_arrondissements_take_the_hierarchy_of_their_city(territories):
    arrondissement = row(territories.arrondissements, "75102")
    assert arrondissement.commune == "75056"
    assert arrondissement.intercommunalite == "75056"
    assert arrondissement.population == 600


def test_a_restored_commune_is_kept_apart_and_explained(territories):
    assert territories.communes_sans_contour["code"].tolist() == ["01005"]
    assert "rétablie" in territories.communes_sans_contour["note"].iloc[0]
    assert "01005" not in set(territories.communes["code"])
    assert "01005" in set(territories.communes_all["code"])


def test_populations_add_up_and_an_unknown_one_is_not_hidden(territories):
    assert row(territories.departements, "01").population == 300 + 50 + 70 + 30 + 90 + 10
    assert math.isnan(row(territories.departements, "976").population)
    assert row(territories.epci, "200054781").population == 1200


def test_an_epci_without_known_population_still_has_a_departement(territories):
    assert row(territories.epci, "200000004").departement == "976"


def test_former_communes_lead_to_their_commune_of_today(territories):
    assert row(territories.anciennes_communes, "01002").commune == "01001"
