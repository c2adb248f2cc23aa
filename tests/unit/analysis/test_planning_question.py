"""From coverage to a plan, and extensions next to existing perimeters, on the small world."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from clsm_map.analysis.ground import Hierarchy
from clsm_map.analysis.planning.problem import (
    Aim,
    Constraints,
    gainable,
    listed_candidates,
    offered_candidates,
)
from clsm_map.analysis.planning.question import (
    adjacency,
    ask_plan,
    demand_of,
    extensions,
    uncertain_territories,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import Territory

EPT, LILLE, REUNION = "200057867", "200093201", "249740119"
ILE_DE_FRANCE = Territory("region", "11", "Île-de-France")


@pytest.fixture(scope="module")
def intercommunalites(world):
    communes = world.communes_all
    groups = communes.groupby("intercommunalite", as_index=False).agg(
        departement=("departement", "first"),
        region=("region", "first"),
        population=("population", "sum"),
    )
    return groups.rename(columns={"intercommunalite": "code"}).assign(
        nom=groups["intercommunalite"]
    )


@pytest.fixture(scope="module")
def epci(world, intercommunalites):
    return offered_candidates("epci", intercommunalites, Hierarchy(world))


@pytest.fixture(scope="module")
def communes(world, intercommunalites):
    return offered_candidates("commune", intercommunalites, Hierarchy(world))


def test_plan_of_the_small_world_by_hand(facts, cover, epci):
    # inhabitants: La Réunion 2560, Martinique 1280, Guadeloupe 640, Lille 320, Paris 240, EPT 70
    found = ask_plan(cover(facts), epci, Constraints(3))
    assert found.plan.choix["code"].tolist() == [REUNION, "249720061", "200044691"]
    assert found.plan.habitants_gagnes == 4480
    assert found.plan.reste.qpv_sans_candidat == 1  # QTAHITI
    assert "recensé" in found.avertissements[0]
    assert "sans population connue" in found.avertissements[1]


def test_paris_is_offered_whole_and_by_arrondissement_among_communes(facts, cover, epci, communes):
    whole = ask_plan(cover(facts), epci, Constraints(1), ILE_DE_FRANCE).plan
    assert whole.choix["code"].tolist() == ["75056"]
    assert whole.choix["qpv"].tolist() == ["QPARIS;QPARIS19"]
    parts = ask_plan(cover(facts), communes, Constraints(1), ILE_DE_FRANCE).plan
    assert parts.choix["code"].tolist() == ["75056"]
    assert parts.choix["qpv"].tolist() == ["QPARIS;QPARIS19"]
    limits = Constraints(1, excluded=frozenset({"75056"}))
    parts = ask_plan(cover(facts), communes, limits, ILE_DE_FRANCE).plan
    assert parts.choix["code"].tolist() == ["75119"]
    assert parts.choix["qpv"].tolist() == ["QPARIS19"]


def test_an_arrondissement_is_preferred_to_the_whole_city_that_gains_as_much(
    facts, cover, communes
):
    facts.device("clsm-18", "75118")
    # QPARIS19 (160) and the 40 % of QPARIS (80) in the 19e: Paris whole gains no more than the 19e
    found = ask_plan(cover(facts), communes, Constraints(1), ILE_DE_FRANCE).plan
    assert found.choix["code"].tolist() == ["75119"]
    assert found.choix["habitants_seul"].tolist() == [160 + 32]


def test_what_is_covered_is_not_asked_for_and_the_rest_of_a_shared_qpv_is(facts, cover, communes):
    facts.device("clsm-epinay", "93031")
    demand = demand_of(cover(facts), ILE_DE_FRANCE)
    needed = demand.needed.set_index("qpv")["commune"]
    assert needed["QDEUX"] == "93066"
    found = ask_plan(
        cover(facts),
        communes,
        Constraints(1, excluded=frozenset({"departement:75"})),
        ILE_DE_FRANCE,
    )
    assert found.plan.choix["qpv"].tolist() == ["QDENIS;QDEUX;QPIERREFITTE"]
    # QDENIS 10, QPIERREFITTE 20, and the tenth of QDEUX (40) that Épinay does not hold
    assert found.plan.habitants_gagnes == 10 + 20 + 4
    assert any(
        s.startswith("1\u00a0quartier déjà couvert en partie compte pour la part")
        for s in found.avertissements
    )


@pytest.mark.parametrize(
    ("partiels", "people"),
    [("surface", {"QDEUX": 4.0}), ("entier", {"QDEUX": 40.0}), ("sans", {})],
)
def test_a_qpv_covered_in_part_counts_for_its_uncovered_share_whole_or_not_at_all(
    facts, cover, partiels, people
):
    facts.device("clsm-epinay", "93031")
    rows = demand_of(cover(facts), ILE_DE_FRANCE, aim=Aim(partiels=partiels)).qpv
    part = rows.loc[rows["statut"] == "couvert_en_partie"]
    assert dict(zip(part["qpv"], part["habitants"], strict=True)) == people


def test_inhabitants_to_gain_are_rounded_qpv_by_qpv():
    population = pd.Series([1000.0, float("nan"), 1001.0])
    share = pd.Series([0.8888, 0.5, 0.0])
    assert gainable(population, share, "surface").tolist()[::2] == [111.0, 1001.0]
    assert gainable(population, share, "sans").tolist()[::2] == [0.0, 1001.0]
    assert gainable(population, share, "entier").tolist()[::2] == [1000.0, 1001.0]
    assert gainable(population, share, "surface").isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        (Aim(), "qu’aucun CLS actif recensé ne couvre en entier"),
        (Aim(partiels="sans"), "sans CLS actif recensé"),
        (Aim(sans_projets=True), "qu’aucun CLS actif recensé ne couvre en entier (hors projets)"),
    ],
)
def test_the_quartiers_asked_for_are_said_with_their_set(aim, said):
    assert aim.words("CLS") == said


def test_statuses_to_reach_can_be_chosen(facts, cover):
    facts.device("clsm-projet", "59350", statut="en projet")
    everything = demand_of(cover(facts)).qpv["qpv"].tolist()
    no_project = demand_of(cover(facts), aim=Aim(sans_projets=True)).qpv["qpv"].tolist()
    assert set(everything) - set(no_project) == {"QLILLE"}


def test_need_weighs_and_a_missing_need_is_the_median(facts, cover, epci):
    need = pd.Series({"QREUNION": 10.0, "QMARTINIQUE": 90.0, "QLILLE": 50.0})
    demand = demand_of(cover(facts), need=need).qpv.set_index("qpv")
    assert demand.loc["QREUNION", "poids"] == pytest.approx(256)
    assert demand.loc["QGUADELOUPE", "poids"] == pytest.approx(320)  # 640 at the median, 50
    found = ask_plan(cover(facts), epci, Constraints(1), need=need)
    assert found.plan.choix["code"].tolist() == ["249720061"]
    assert any("médiane" in sentence for sentence in found.avertissements)


def test_one_s_own_list_mixes_levels(world, intercommunalites):
    hierarchy = Hierarchy(world)
    found = listed_candidates(["75056", "75118", EPT, "59350"], intercommunalites, hierarchy)
    assert found.frame["code"].tolist() == [EPT, "59350", "75056", "75118"]
    assert set(found.holds.groupby("candidat").get_group("75056")["commune"]) == {
        "75101", "75118", "75119",
    }  # fmt: skip
    with pytest.raises(InvalidInputError, match="93067"):
        listed_candidates(["93067"], intercommunalites, hierarchy)


def test_nothing_to_reach_is_said(facts, cover, epci):
    facts.device("clsm-lille", LILLE)
    north = Territory("region", "32", "Hauts-de-France")
    with pytest.raises(InvalidInputError, match="Hauts-de-France"):
        ask_plan(cover(facts), epci, Constraints(1), north)


def test_territories_of_uncertain_perimeter_are_marked(facts, cover, epci):
    facts.device("a-siege", commune_siege="97411", perimetre_origine="siège seul")
    facts.device("b-inconnu", commune_siege="59350", perimetre_origine=None)
    facts.device("c-etat", "97209", statut="inconnu")
    facts.device("d-fini", "93066", statut="arrêté", commune_siege="93066")
    facts.device("e-projet", "97105", statut="en projet")
    facts.device("f-paris", commune_siege="75056", perimetre_origine="siège seul")
    coverage = cover(facts)
    rows = uncertain_territories(coverage, epci)
    assert dict(zip(rows["dispositif_id"], rows["motif"], strict=True)) == {
        "a-siege": "périmètre à préciser",
        "b-inconnu": "périmètre inconnu",
        "c-etat": "état à vérifier",
        "e-projet": "en projet",
        "f-paris": "périmètre à préciser",
    }
    found = ask_plan(coverage, epci, Constraints(1))
    assert found.incertains["dispositif_id"].tolist() == ["c-etat"]
    assert any(
        s.startswith("1 des territoires choisis a un dispositif") for s in found.avertissements
    )
    several = ask_plan(coverage, epci, Constraints(5)).avertissements
    assert any("des territoires choisis ont un dispositif" in s for s in several)


def test_sentences_agree_when_one_qpv_lacks_a_figure(facts, cover, epci):
    need = pd.Series({q: 50.0 for q in demand_of(cover(facts)).qpv["qpv"] if q != "QLILLE"})
    said = ask_plan(cover(facts), epci, Constraints(1), need=need).avertissements
    assert any(s.startswith("1\u00a0QPV sans indice de besoin calculable est pesé") for s in said)


def test_a_forced_territory_that_is_excluded_is_named(facts, cover, epci):
    banned = Constraints(2, excluded=frozenset({LILLE}), forced=frozenset({LILLE}))
    with pytest.raises(InvalidInputError, match=rf": {LILLE} \({LILLE}\)"):
        ask_plan(cover(facts), epci, banned)
    with pytest.raises(InvalidInputError, match="imposés pour 1\u00a0dispositif à créer"):
        ask_plan(cover(facts), epci, Constraints(1, forced=frozenset({LILLE, EPT})))


# -- extensions: squares in a row, Épinay | Saint-Denis | Paris 18e | Paris 19e ... Lille apart ---


@pytest.fixture(scope="module")
def contours():
    order = ["93031", "93066", "75118", "75119"]
    squares = {code: box(i, 0, i + 1, 1) for i, code in enumerate(order)}
    squares |= {"59350": box(9, 9, 10, 10), "59368": box(10, 10, 11, 11)}
    return gpd.GeoDataFrame(
        {"code": list(squares)}, geometry=list(squares.values()), crs="EPSG:4326"
    )


def test_adjacency_by_hand(contours):
    pairs = set(map(tuple, adjacency(contours).to_numpy()))
    assert pairs == {
        (a, b)
        for x, y in [("93031", "93066"), ("93066", "75118"), ("75118", "75119"), ("59350", "59368")]
        for a, b in ((x, y), (y, x))
    }
    only = adjacency(contours, ["93031"])
    assert only.to_numpy().tolist() == [["93031", "93066"]]


def test_extensions_to_what_touches(facts, cover, communes, contours):
    facts.device("clsm-epinay", "93031").device("clsm-paris18", "75118")
    coverage = cover(facts)
    found = extensions(coverage, demand_of(coverage), communes, adjacency(contours))
    rows = found.set_index(["dispositif_id", "code"])
    # Paris 18e: adding the 19e, or the city, completes QPARIS (80, 40 % of it not held) and
    # QPARIS19 (160); adding Saint-Denis 10 + 20 and the tenth of QDEUX (40)
    assert rows.index.tolist() == [
        ("clsm-paris18", "75119"),
        ("clsm-paris18", "75056"),
        ("clsm-paris18", "93066"),
        ("clsm-epinay", "93066"),
    ]
    assert rows["habitants_gagnes"].tolist() == [192, 192, 34, 34]
    assert rows["qpv"].tolist()[0] == "QPARIS;QPARIS19"
    assert rows["rang"].tolist() == [1, 2, 3, 1]


def test_extension_to_an_epci_may_be_the_rest_of_ones_own(facts, cover, epci, contours):
    facts.device("clsm-epinay", "93031").device("clsm-ept", EPT)
    coverage = cover(facts)
    found = extensions(coverage, demand_of(coverage), epci, adjacency(contours))
    assert found[["dispositif_id", "code"]].to_numpy().tolist() == [["clsm-ept", "75056"]]
    facts_alone = type(facts)().device("clsm-epinay", "93031")
    coverage = cover(facts_alone)
    found = extensions(coverage, demand_of(coverage), epci, adjacency(contours))
    assert found[["dispositif_id", "code"]].to_numpy().tolist() == [["clsm-epinay", EPT]]
    assert found["habitants_gagnes"].tolist() == [34]


def test_a_former_commune_touches_what_its_commune_touches(facts, cover, communes, contours):
    facts.device("clsm-pierrefitte", "93059")
    coverage = cover(facts)
    found = extensions(coverage, demand_of(coverage), communes, adjacency(contours))
    assert ("clsm-pierrefitte", "93066") in set(
        zip(found["dispositif_id"], found["code"], strict=True)
    )
