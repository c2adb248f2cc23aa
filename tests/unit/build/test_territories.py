import math

import pandas as pd
import pytest

from clsm_map.build.territories import former_codes, postal_codes, with_census
from clsm_map.domain.errors import SourceError


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


def test_populations_add_up(territories):
    assert row(territories.departements, "01").population == 300 + 50 + 70 + 30 + 90 + 10
    assert row(territories.departements, "976").population == 40
    assert row(territories.epci, "200054781").population == 1200


def test_a_commune_split_since_2020_has_no_population_of_then_but_its_epci_has(territories):
    assert math.isnan(row(territories.communes, "01004").population_2020)
    assert row(territories.epci, "200000002").population_2020 == 100 + 90
    assert row(territories.epci, "200000002").population == 70 + 30 + 90


def test_a_commune_that_no_census_counts_stops_the_build(units, census):
    with pytest.raises(SourceError, match="recensement de 2023"):
        with_census(units, census[census["code"] != "01003"])


def test_a_former_code_leads_to_today_s_commune_unless_it_still_means_something(units):
    census = pd.DataFrame(
        {
            "code": ["2B366", "97611", "01001"],
            "anciens_codes": ["20366", None, "01002;01999"],
        }
    )
    assert former_codes(census, units).to_numpy().tolist() == [
        ["01999", "01001"],
        ["20366", "2B366"],
        ["98511", "97611"],
    ]


def test_a_postal_code_lists_its_communes_and_a_commune_its_postal_codes(census):
    pairs = postal_codes(census)
    assert pairs.loc[pairs["code_postal"] == "01100", "commune"].tolist() == ["01001"]
    assert pairs.loc[pairs["commune"] == "01001", "code_postal"].tolist() == ["01100", "01110"]


def test_an_epci_takes_the_departement_of_its_inhabitants(territories):
    assert row(territories.epci, "200000004").departement == "976"


def test_former_communes_lead_to_their_commune_of_today(territories):
    assert row(territories.anciennes_communes, "01002").commune == "01001"
