import pytest

from clsm_map.analysis.centre import centre_figures, devices_of, inhabitants
from clsm_map.domain.territories import Territory
from tests.unit.analysis.conftest import EPT, LILLE, MGP


def held(coverage, *ids):
    devices = coverage.devices["id"]
    return inhabitants(coverage.ground, devices[devices.isin(ids)])


def test_each_commune_is_counted_once(facts, cover):
    found = cover(facts.device("a", "93066").device("b", EPT))
    assert held(found, "a") == 150_000
    assert held(found, "a", "b") == 200_000


def test_a_former_commune_counts_alone_but_never_beside_its_parent(facts, cover):
    found = cover(facts.device("a", "93059").device("b", "93066"))
    assert held(found, "a") == 33_000
    assert held(found, "a", "b") == 150_000


def test_paris_is_the_sum_of_its_arrondissements(facts, cover):
    found = cover(facts.device("a", "75056").device("b", "75118"))
    assert held(found, "a", "b") == 190_000 + 180_000 + 16_000


def test_a_named_qpv_counts_unless_its_commune_is_already_held(facts, cover):
    found = cover(facts.device("a", "QLILLE").device("b", "59350"))
    assert held(found, "a") == 320
    assert held(found, "a", "b") == 230_000


def test_figures_of_france(facts, cover):
    facts.device("epinay", "93031").device("paris19", "75119").device("brissac", "49126")
    facts.device("flou", perimetre_origine=None, annee_debut=None)
    facts.device("projet", LILLE, statut="en projet").device("doute", "97105", statut="inconnu")
    facts.device("fini", "97209", annee_fin="2020", statut="arrêté")
    found = centre_figures(cover(facts))
    assert (found.actifs, found.projets, found.a_verifier) == (4, 1, 1)
    assert found.couvrant_un_qpv == 2
    assert (found.debut_inconnu, found.sans_perimetre, found.a_preciser) == (1, 1, 0)
    assert found.habitants == 50_000 + 180_000 + 11_000
    # Paris 19e is whole; the QPV over Paris 18e and 19e, and the one over two communes, in part.
    assert (found.qpv_couverts, found.qpv_couverts_avec_partiels) == (1, 3)
    assert found.habitants_qpv_couverts == 160
    assert found.habitants_qpv_couverts_avec_partiels == 160 + 80 + 40
    assert (found.qpv, found.habitants_qpv, found.qpv_sans_population) == (10, 5110, 1)


@pytest.mark.parametrize(
    ("territory", "expected"),
    [
        (Territory("france", "FR", "France"), {"plaine", "lille", "flou", "vague", "nomme"}),
        (Territory("region", "11", "Île-de-France"), {"plaine", "flou"}),
        (Territory("departement", "93", "Seine-Saint-Denis"), {"plaine"}),
        (Territory("departement", "75", "Paris"), {"flou"}),
        (Territory("departement", "59", "Nord"), {"lille", "vague"}),
        (Territory("epci", LILLE, "Lille"), {"lille"}),
        (Territory("epci", EPT, "Plaine Commune"), {"plaine"}),
        (Territory("epci", MGP, "Grand Paris"), {"plaine", "flou"}),
        (Territory("commune", "93066", "Saint-Denis"), {"plaine"}),
        (Territory("departement", "974", "La Réunion"), {"nomme"}),
        (Territory("departement", "987", "Polynésie française"), set()),
    ],
    ids=lambda value: value.key if isinstance(value, Territory) else "",
)
def test_the_devices_of_a_territory(facts, cover, territory, expected):
    facts.device("plaine", EPT).device("lille", "59350").device("nomme", "QREUNION")
    facts.device("flou", perimetre_origine=None, commune_siege="75118", departement="75")
    facts.device("vague", perimetre_origine=None, departement="59")
    assert devices_of(cover(facts).ground, territory) == expected


def test_a_device_outside_the_communes_is_of_its_collectivite(facts, cover):
    ground = cover(facts.device("faaa", "98715")).ground
    polynesie = Territory("departement", "987", "Polynésie française")
    assert devices_of(ground, polynesie) == {"faaa"}


def test_figures_of_a_territory_count_only_what_lies_there(facts, cover):
    facts.device("a", EPT, LILLE)
    found = centre_figures(cover(facts), Territory("departement", "59", "Nord"))
    assert found.habitants == 250_000
    assert (found.qpv, found.qpv_couverts, found.couvrant_un_qpv) == (1, 1, 1)
    rural = centre_figures(cover(facts), Territory("departement", "49", "Maine-et-Loire"))
    assert (rural.actifs, rural.qpv, rural.habitants) == (0, 0, 0)
