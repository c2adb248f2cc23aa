import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clsm_map.analysis.centre import density
from clsm_map.analysis.coverage import coverage_on, status_counts
from clsm_map.analysis.ground import Ground
from clsm_map.domain.devices import STATUSES
from tests.unit.analysis.conftest import EPT, LILLE, TODAY, Facts

CODES = ["93066", "93059", "93031", "75118", "75119", "75056", "59350", "97105", EPT, LILLE]
STATES = ["actif", "en projet", "inconnu", "arrêté", "en sommeil"]

devices = st.lists(
    st.tuples(st.lists(st.sampled_from(CODES), max_size=3), st.sampled_from(STATES)), max_size=5
)


def register(drawn):
    facts = Facts()
    for n, (codes, statut) in enumerate(drawn):
        facts.device(f"d{n}", *codes, statut=statut)
    return facts


def status_of(world, facts):
    return coverage_on(Ground.of(world, facts), "CLSM", TODAY, today=TODAY).status


def test_counts_and_inhabitants_by_status(world, facts, cover):
    facts.device("plaine", EPT).device("projet", LILLE, statut="en projet")
    counts = status_counts(cover(facts).status, world.qpv).set_index("statut")
    assert counts.index.tolist() == list(STATUSES)
    assert counts.loc["couvert", ["qpv", "habitants"]].tolist() == [3, 70]
    assert counts.loc["en_projet", ["qpv", "habitants"]].tolist() == [1, 320]
    assert counts.loc["sans_dispositif", ["qpv", "habitants"]].tolist() == [0, 0]
    left = counts.loc["sans_dispositif_recense"]
    assert left[["qpv", "habitants", "sans_population"]].tolist() == [6, 4720, 1]


@pytest.mark.parametrize("level", ["region", "departement"])
def test_territories_add_up_to_france_collectivites_included(world, facts, cover, level):
    status = cover(facts.device("plaine", EPT)).status
    counts = status_counts(status, world.qpv, level)
    assert "987" in set(counts["code"])
    france = status_counts(status, world.qpv).set_index("statut")
    columns = ["qpv", "habitants", "sans_population"]
    assert counts.groupby("statut")[columns].sum().loc[france.index].equals(france[columns])


def test_epci_are_counted_as_people_work(world, facts, cover):
    counts = status_counts(cover(facts.device("plaine", EPT)).status, world.qpv, "epci")
    assert {EPT, "75056", LILLE} <= set(counts["code"])
    assert "200054781" not in set(counts["code"])


@settings(deadline=None, max_examples=30)
@given(drawn=devices)
def test_statuses_partition_the_qpv(world, drawn):
    status = status_of(world, register(drawn))
    assert status["qpv"].tolist() == world.qpv["code"].tolist()
    assert set(status["statut"]) <= set(STATUSES)
    assert status_counts(status, world.qpv)["qpv"].sum() == len(world.qpv)
    assert status["part_couverte"].between(0, 1).all()


@settings(deadline=None, max_examples=25)
@given(drawn=devices)
def test_departements_add_up_to_their_region(world, drawn):
    status = status_of(world, register(drawn))
    region = status_counts(status, world.qpv, "region").set_index(["code", "statut"]).loc["11"]
    parts = status_counts(status, world.qpv, "departement")
    parts = parts.loc[parts["code"].isin(["75", "93"])].groupby("statut").sum(numeric_only=True)
    assert parts.loc[region.index].equals(region)


@settings(deadline=None, max_examples=30)
@given(drawn=devices, codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=3))
def test_an_active_device_more_never_lowers_coverage(world, drawn, codes):
    before = status_of(world, register(drawn))
    after = status_of(world, register([*drawn, (codes, "actif")]))
    rank = list(STATUSES)
    assert (after["part_couverte"] >= before["part_couverte"]).all()
    moved = after["statut"].map(rank.index) <= before["statut"].map(rank.index)
    assert moved.all()


class TestDensity:
    populations = pd.DataFrame(
        {"code": ["93", "75", "49", "59"], "population": [200_000, 400_000, 0, 250_000]}
    )

    def test_a_device_counts_in_each_territory_it_touches(self, facts, cover):
        facts.device("a", EPT, "75118").device("b", "93059").device("p", "75119", statut="inconnu")
        facts.device("seat", perimetre_origine=None, commune_siege="75119")
        facts.device("where", perimetre_origine=None, departement="59")
        found = density(cover(facts), "departement", self.populations).set_index("code")
        assert found["dispositifs"].tolist() == [2, 2, 0, 1]
        assert found.loc["93", "valeur"] == 1.0
        assert found.loc["75", "valeur"] == 0.5

    def test_zero_is_a_value_and_an_unknown_population_is_missing(self, facts, cover):
        found = density(cover(facts), "departement", self.populations).set_index("code")
        assert found.loc["93", ["valeur", "statut"]].tolist() == [0.0, "disponible"]
        assert math.isnan(found.loc["49", "valeur"])
        assert found.loc["49", "statut"] == "manquant"

    def test_of_intercommunalites(self, facts, cover):
        populations = pd.DataFrame({"code": [EPT, LILLE], "population": [400_000, 1_000_000]})
        facts.device("a", "93031").device("b", "QLILLE")
        found = density(cover(facts), "epci", populations)
        assert found["dispositifs"].tolist() == [1, 1]
        assert found["valeur"].tolist() == [0.25, 0.1]
