import pytest

from clsm_map.domain.errors import AmbiguousTerritoryError, UnknownTerritoryError
from clsm_map.domain.territories import Territory
from clsm_map.store.snapshot import open_snapshot
from clsm_map.store.territories import (
    bounds,
    communes_of,
    find_territory,
    qpv_of,
    region_of,
    suggest,
)


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.mark.parametrize(
    ("text", "level", "key"),
    [
        ("93066", None, "commune:93066"),
        ("commune:93066", None, "commune:93066"),
        ("Pantin", None, "commune:93055"),
        ("plaine commune", None, "epci:200057867"),
        ("75056", None, "commune:75056"),
        ("75056", "epci", "epci:75056"),
        ("region:11", None, "region:11"),
        ("departement:11", "departement", "departement:11"),
        ("92", None, "departement:92"),
        ("97110", "commune", "commune:97110"),
        ("commune:97110", None, "commune:97110"),
        ("11", "departement", "departement:11"),
        ("2a", None, "departement:2A"),
        ("FR", None, "france:FR"),
        ("QN09305I", None, "qpv:QN09305I"),
        ("987", None, "departement:987"),
        ("75118", None, "arrondissement:75118"),
        ("Saint-Denis (974)", None, "commune:97411"),
    ],
)
def test_a_territory_is_found_by_code_key_or_name(snapshot, text, level, key):
    assert find_territory(snapshot, text, level).key == key


def test_the_code_of_a_former_commune_gives_the_commune_of_today(snapshot):
    assert find_territory(snapshot, "93059") == find_territory(snapshot, "93066")


def test_homonyms_are_told_apart_by_departement(snapshot):
    assert find_territory(snapshot, "93066").nom == "Saint-Denis (93)"
    assert find_territory(snapshot, "93055").nom == "Pantin"
    names = [territory.nom for territory in suggest(snapshot, "saint denis", 2)]
    assert names == ["Saint-Denis (974)", "Saint-Denis (93)"]


def test_an_ambiguous_name_is_refused_with_its_homonyms(snapshot):
    with pytest.raises(AmbiguousTerritoryError, match="Plusieurs") as caught:
        find_territory(snapshot, "Saint-Denis")
    assert "commune:93066 Saint-Denis (93)" in caught.value.suggestions


def test_a_level_that_is_not_the_one_asked_for_is_refused(snapshot):
    with pytest.raises(UnknownTerritoryError, match="departement:93"):
        find_territory(snapshot, "departement:93", "region")


def test_every_region_code_is_refused_bare_since_it_is_a_departement_too(snapshot):
    for code, region in zip(snapshot.regions["code"], snapshot.regions["nom"], strict=True):
        with pytest.raises(AmbiguousTerritoryError) as caught:
            find_territory(snapshot, code)
        first, second = caught.value.suggestions
        assert first.startswith(f"departement:{code} ")
        assert second == f"region:{code} {region}"
        assert find_territory(snapshot, code, "region").nom == region


# communes_2026.csv: 97110 is the code of La Désirade, whose postal code is 97127, and the postal
# code of Pointe-à-Pitre (97120). 69200 is the code of Saint-Forgeux (postal code 69490), and the
# postal code of Vénissieux (69259). 93200 is nobody's code, and a postal code of Saint-Denis.
@pytest.mark.parametrize(
    ("code", "choices"),
    [
        (
            "97110",
            ("commune:97120 Pointe-à-Pitre (code postal 97110)", "commune:97110 La Désirade"),
        ),
        (
            "69200",
            ("commune:69259 Vénissieux (code postal 69200)", "commune:69200 Saint-Forgeux"),
        ),
    ],
)
def test_a_commune_code_that_is_another_s_postal_code_is_refused(snapshot, code, choices):
    with pytest.raises(AmbiguousTerritoryError) as caught:
        find_territory(snapshot, code)
    assert caught.value.suggestions == choices


def test_a_postal_code_is_no_territory_code_and_says_whose_it_is(snapshot):
    with pytest.raises(UnknownTerritoryError, match="est un code postal") as caught:
        find_territory(snapshot, "93200")
    assert caught.value.suggestions == ("commune:93066 Saint-Denis (93) (code postal 93200)",)


@pytest.mark.parametrize(
    ("code", "today"),
    [("20366", "commune:2B366 Chisa"), ("98511", "commune:97611 Mamoudzou")],
)
def test_a_code_of_yesterday_says_that_of_today(snapshot, code, today):
    with pytest.raises(UnknownTerritoryError, match="ancien code Insee") as caught:
        find_territory(snapshot, code)
    assert caught.value.suggestions == (today,)


def test_what_a_refusal_leaves_out_is_counted(snapshot):
    """01090 is the code of Châtenay, and the postal code of six other communes of Ain."""
    with pytest.raises(AmbiguousTerritoryError, match="; et 1 autre\\.") as caught:
        find_territory(snapshot, "01090")
    assert len(caught.value.suggestions) == 6
    assert caught.value.suggestions[-1] == "commune:01090 Châtenay (01)"


# In communes_2026.csv, 24500 is the postal code of nine communes: Eymet has 2,569 inhabitants,
# Saint-Aubin-de-Cadelech 346, Fonroque 341; it is also the code of a commune;
# 75018 is the postal code of Paris and of its 18th arrondissement.
def test_the_communes_of_a_postal_code_come_first_the_largest_before_the_others(snapshot):
    assert [t.key for t in suggest(snapshot, "97110")] == ["commune:97120", "commune:97110"]
    assert [t.key for t in suggest(snapshot, "93200")] == ["commune:93066"]
    found = [t.key for t in suggest(snapshot, "24500")]
    assert (len(found), found[-1]) == (10, "commune:24500")
    assert found[:3] == ["commune:24167", "commune:24373", "commune:24186"]
    assert [t.key for t in suggest(snapshot, "75018")] == ["arrondissement:75118", "commune:75056"]


def test_the_departement_comes_before_the_region_of_the_same_code(snapshot):
    assert [t.key for t in suggest(snapshot, "93")] == ["departement:93", "region:93"]
    assert [t.key for t in suggest(snapshot, "93", level="region")] == ["region:93"]


def test_an_unknown_name_is_refused_with_near_misses(snapshot):
    with pytest.raises(UnknownTerritoryError, match="Strasbourg"):
        find_territory(snapshot, "Strasbourgg")


def test_a_commune_holds_the_qpv_of_the_communes_merged_into_it(snapshot):
    pairs = snapshot.qpv_communes
    former = set(pairs.loc[pairs["commune"] == "93059", "qpv"])
    assert former
    assert former <= set(qpv_of(snapshot, find_territory(snapshot, "93066")))


def test_an_arrondissement_holds_its_qpv_and_the_city_holds_them_all(snapshot):
    marseille = set(qpv_of(snapshot, find_territory(snapshot, "13055")))
    parts = [
        set(qpv_of(snapshot, find_territory(snapshot, code, "arrondissement")))
        for code in snapshot.arrondissements.query("commune == '13055'")["code"]
    ]
    assert len(parts) == 16
    assert set().union(*parts) == marseille
    assert marseille


def test_qpv_of_an_ept_lie_in_its_communes(snapshot):
    plaine = find_territory(snapshot, "200057867")
    assert len(communes_of(snapshot, plaine)) == 8
    assert set(qpv_of(snapshot, find_territory(snapshot, "93066"))) <= set(qpv_of(snapshot, plaine))


def test_grand_paris_is_known_even_if_it_is_not_offered(snapshot):
    metropole = find_territory(snapshot, "200054781")
    ept = [find_territory(snapshot, code, "epci") for code in snapshot.ept["code"]]
    assert len(communes_of(snapshot, metropole)) == sum(len(communes_of(snapshot, t)) for t in ept)
    (south, west), (north, east) = bounds(snapshot, metropole)
    boxes = [bounds(snapshot, territory) for territory in ept]
    assert (south, west) == (min(b[0][0] for b in boxes), min(b[0][1] for b in boxes))
    assert (north, east) == (max(b[1][0] for b in boxes), max(b[1][1] for b in boxes))


def test_france_and_overseas_collectivities_hold_their_qpv(snapshot):
    assert len(qpv_of(snapshot, find_territory(snapshot, "FR"))) == 1_584
    assert len(qpv_of(snapshot, find_territory(snapshot, "978"))) == 3
    assert len(qpv_of(snapshot, find_territory(snapshot, "987"))) == 88


def test_the_territories_of_the_level_below(snapshot):
    assert len(snapshot.regions) == 18
    assert (snapshot.departements["region"] == "11").sum() == 8
    assert (snapshot.intercommunalites["departement"] == "976").sum() == 5
    assert communes_of(snapshot, find_territory(snapshot, "75056", "epci")) == ("75056",)


def test_communes_of_a_qpv_are_those_of_today(snapshot):
    pairs = snapshot.qpv_communes
    alone = pairs[pairs["commune"] == "93059"]["qpv"].iloc[0]
    assert "93066" in communes_of(snapshot, find_territory(snapshot, alone))
    assert "93059" not in communes_of(snapshot, find_territory(snapshot, alone))


@pytest.mark.parametrize(
    "code", ["974", "978", "987", "2B", "93066", "75118", "QN09305I", "200057867"]
)
def test_the_box_of_a_territory_holds_its_qpv(snapshot, code):
    territory = find_territory(snapshot, code)
    (south, west), (north, east) = bounds(snapshot, territory)
    inside = snapshot.qpv[snapshot.qpv["code"].isin(qpv_of(snapshot, territory))]
    margin = 0.01
    assert len(inside)
    assert (inside["latitude"].between(south - margin, north + margin)).all()
    assert (inside["longitude"].between(west - margin, east + margin)).all()


def test_a_commune_restored_lately_has_no_box(snapshot):
    with pytest.raises(UnknownTerritoryError, match="contour"):
        bounds(snapshot, Territory("commune", "15031", "Celles"))


@pytest.mark.parametrize(
    ("key", "region"),
    [
        ("region:53", "53"),
        ("departement:2A", "94"),
        ("commune:93066", "11"),
        ("arrondissement:69383", "84"),
        ("epci:200067106", "75"),  # Pays Basque
        ("departement:974", "04"),
        ("qpv:QN05980M", "32"),  # four communes of one région
        ("france:FR", None),
    ],
)
def test_the_region_of_a_territory(snapshot, key, region):
    level, code = key.split(":")
    assert region_of(snapshot, find_territory(snapshot, code, level)) == region
