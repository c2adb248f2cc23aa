import pytest

from clsm_map.domain.errors import SourceError
from clsm_map.domain.indicators import parse_indicators
from clsm_map.store.snapshot import open_snapshot

TABLE = {
    "libelle": "Taux de pauvreté",
    "libelle_court": "Pauvreté",
    "theme": "revenus_pauvrete",
    "unite": "%",
    "decimales": 0,
    "sens": "plus_defavorable",
    "niveaux": ["commune", "qpv"],
    "annees": [2021, 2019],
    "source": "filosofi",
    "geographie": "communes de 2024",
    "definition": "Part des habitants sous le seuil.",
    "agregation": "aucune",
}


def test_years_are_put_in_order_and_the_latest_is_given():
    indicator = parse_indicators({"taux": TABLE})["taux"]
    assert indicator.annees == (2019, 2021)
    assert indicator.derniere_annee == 2021
    assert indicator.niveaux == ("commune", "qpv")


def test_an_indicator_whose_year_is_not_stated_has_none():
    indicator = parse_indicators({"taux": {**TABLE, "annees": []}})["taux"]
    assert indicator.annees == ()
    assert indicator.derniere_annee is None


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("sens", "haut", "sens"),
        ("theme", "météo", "theme"),
        ("agregation", "moyenne", "agregation"),
        ("niveaux", ["canton"], "niveaux"),
        ("couleur", "rouge", "couleur"),
    ],
)
def test_a_wrong_definition_is_refused_and_names_what_is_wrong(key, value, named):
    with pytest.raises(SourceError, match=named):
        parse_indicators({"taux": {**TABLE, key: value}})


def test_a_definition_without_its_unit_is_refused():
    table = {key: value for key, value in TABLE.items() if key != "unite"}
    with pytest.raises(SourceError, match="unite"):
        parse_indicators({"taux": table})


def test_a_level_or_a_year_may_have_a_source_of_its_own():
    snapshot = open_snapshot()
    poverty = snapshot.indicators["taux_pauvrete"]
    assert poverty.source_of("commune", 2021) == "filosofi_2021"
    assert poverty.source_of("departement", 2021) == "statistiques_locales"
    assert poverty.source_of("qpv", 2021) == "qpv_filosofi_2021"
    assert snapshot.indicators["indice_dsu"].source_of("commune", 2020) == "criteres_dgcl_2020"
    for indicator in snapshot.indicators.values():
        assert {s for _, s in indicator.sources} <= set(snapshot.sources)
