import math

import pandas as pd
import pytest

from clsm_map.build.indicators import (
    commune_measures,
    departement_measures,
    qpv_measures,
)

COLUMNS = [
    "code_commune",
    "revenu_median_2021",
    "taux_pauvrete_2021",
    "apl_generalistes_2023",
    "fedi_2021",
    "part_familles_monoparentales_2022",
    "part_75_ans_ou_plus_2022",
]


def indexed(frame):
    return frame.set_index(["niveau", "indicateur", "code"])


@pytest.fixture(scope="module")
def communes(territories, changes):
    rows = [
        ("01001", "20000", "15", "2.0", "1.0", "10", "9"),
        ("01002", "18000", None, "1.0", "0.0", None, None),
        ("01003", None, None, "3.1", "-2.5", "12", "8"),
        ("01004", "21000", "12", "1.5", "0.1", "11", "7"),
        ("01006", "22000", "9", "2.5", "0.4", "8", "6"),
        ("75101", "30000", "16", "5.0", "0.2", None, None),
    ]
    facts = pd.DataFrame(rows, columns=COLUMNS, dtype="str")
    return indexed(commune_measures(facts, territories, changes, frozenset({"01006"})))


def test_a_median_is_never_carried_to_a_commune_made_of_several(communes):
    assert communes.loc[("commune", "niveau_de_vie_median", "01001"), "statut"] == "manquant"


def test_a_file_that_already_describes_the_merger_keeps_its_value(communes):
    assert communes.loc[("commune", "part_75_ans_ou_plus", "01001"), "valeur"] == 9


def test_a_commune_that_absorbed_another_since_has_no_rate(communes):
    assert communes.loc[("commune", "fedi", "01006"), "statut"] == "manquant"
    assert communes.loc[("commune", "part_75_ans_ou_plus", "01006"), "valeur"] == 6


def test_neither_part_of_a_split_commune_has_the_value_of_the_whole(communes):
    for code in ("01004", "01005"):
        assert communes.loc[("commune", "apl_generalistes", code), "statut"] == "manquant"


def test_an_empty_cell_of_filosofi_is_secrecy_not_absence(communes):
    assert communes.loc[("commune", "taux_pauvrete", "01003"), "statut"] == "secret"
    assert communes.loc[("commune", "taux_pauvrete", "01007"), "statut"] == "manquant"


def test_where_the_producer_computes_nothing_the_indicator_is_without_object(communes):
    for indicator in ("taux_pauvrete", "apl_generalistes", "fedi"):
        assert communes.loc[("commune", indicator, "97601"), "statut"] == "sans_objet"
    assert communes.loc[("commune", "part_75_ans_ou_plus", "97601"), "statut"] == "manquant"


def test_arrondissements_have_the_indicators_that_are_published_for_them(communes):
    assert communes.loc[("arrondissement", "apl_generalistes", "75101"), "valeur"] == 5
    levels = communes.xs("part_75_ans_ou_plus", level="indicateur").index.get_level_values("niveau")
    assert set(levels) == {"commune"}


def test_a_value_is_given_exactly_when_it_is_available(communes):
    assert (communes["valeur"].notna() == (communes["statut"] == "disponible")).all()


QPV = pd.DataFrame(
    [
        ("QN00101M", "01001", "200000001", "200000001", "01", "84", 1000.0),
        ("QN00102M", "01001;01003", "200000001", "200000001", "01", "84", 500.0),
        ("QN07501M", "75056", "200054781", "75056", "75", "11", 3000.0),
        ("QN97601C", "97601", "200000004", "200000004", "976", "06", math.nan),
        ("QN98701M", "98711", None, None, "987", None, math.nan),
    ],
    columns=["code", "communes", "epci", "intercommunalite", "departement", "region", "population"],
)


@pytest.fixture(scope="module")
def quarters():
    facts = pd.DataFrame(
        [
            ("QN00101M", "46.0", "48.8", "3", "20", "5", "400", "250", "900", "400", "100"),
            ("QN97601C", None, "30.0", None, None, None, None, None, None, None, None),
        ],
        columns=[
            "code_qpv",
            "taux_pauvrete",
            "taux_emploi",
            "indice_jeunesse",
            "part_menages_1_personne",
            "part_menages_6_personnes_ou_plus",
            "menages",
            "logements_sociaux",
            "personnes_couvertes_caf",
            "allocataires_caf",
            "allocataires_rsa",
        ],
        dtype="str",
    )
    return indexed(qpv_measures(facts, QPV))


def test_rsa_is_a_share_of_the_recipients_of_the_same_file(quarters):
    assert quarters.loc[("qpv", "part_allocataires_rsa", "QN00101M"), "valeur"] == 25


def test_a_year_that_is_not_stated_stays_so(quarters):
    assert pd.isna(quarters.loc[("qpv", "taux_emploi", "QN00101M"), "annee"])
    assert quarters.loc[("qpv", "taux_pauvrete", "QN00101M"), "annee"] == 2021


def test_a_qpv_without_row_is_missing_and_poverty_has_no_object_overseas(quarters):
    assert quarters.loc[("qpv", "taux_emploi", "QN07501M"), "statut"] == "manquant"
    assert quarters.loc[("qpv", "taux_pauvrete", "QN07501M"), "statut"] == "manquant"
    assert quarters.loc[("qpv", "taux_pauvrete", "QN97601C"), "statut"] == "sans_objet"
    assert quarters.loc[("qpv", "population", "QN98701M"), "statut"] == "manquant"


def test_the_atlas_gives_france_and_a_departement_without_figure_is_missing():
    facts = pd.DataFrame(
        [("01", "10.8", "24810", "1.4", "86.0", "81.4", "688626"), ("971", *[None] * 6)],
        columns=[
            "departement",
            "taux_pauvrete_2021",
            "niveau_de_vie_median_2021",
            "mortalite_prematuree_2024",
            "esperance_vie_femmes_2024",
            "esperance_vie_hommes_2024",
            "population_2025",
        ],
        dtype="str",
    )
    atlas = pd.DataFrame(
        [("FR", "OFFX5", "2019", "22.94"), ("01", "OFFX5", "2019", "12.5")],
        columns=["departement", "code_atlas", "annee", "valeur"],
        dtype="str",
    )
    found = indexed(departement_measures(facts, atlas, pd.Series(["01", "971"])))
    assert found.loc[("france", "psychiatres", "FR"), "valeur"] == 22.94
    assert found.loc[("departement", "psychiatres", "971"), "statut"] == "manquant"
    assert found.loc[("departement", "taux_pauvrete", "971"), "statut"] == "sans_objet"
    assert found.loc[("departement", "mortalite_prematuree", "971"), "statut"] == "manquant"
