import datetime as dt
import math
from dataclasses import replace

import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from tests.unit.analysis.conftest import EPT, LILLE, TODAY


def statuses(coverage):
    return dict(zip(coverage.status["qpv"], coverage.status["statut"], strict=True))


def row(coverage, code):
    return coverage.status.set_index("qpv").loc[code]


def test_a_qpv_over_two_communes_with_one_covered(facts, cover):
    found = cover(facts.device("epinay", "93031"))
    assert row(found, "QDEUX")["statut"] == "couvert_en_partie"
    assert row(found, "QDEUX")["part_couverte"] == 0.9
    assert row(found, "QDEUX")[["n_communes_couvertes", "n_communes"]].tolist() == [1, 2]
    assert row(found, "QDEUX")["dispositifs"] == "epinay"
    assert statuses(found)["QDENIS"] == "sans_dispositif_recense"


def test_a_status_is_read_on_communes_and_not_on_areas(world, facts):
    """Épinay would hold the whole area: the QPV is still covered in part."""
    shares = world.qpv_communes.copy()
    shares.loc[shares["qpv"] == "QDEUX", "part_surface"] = [1.0, 0.0]
    ground = Ground.of(replace(world, qpv_communes=shares), facts.device("epinay", "93031"))
    found = coverage_on(ground, "CLSM", TODAY, today=TODAY)
    assert row(found, "QDEUX")["statut"] == "couvert_en_partie"
    assert row(found, "QDEUX")["part_couverte"] == 1.0


def test_a_part_whose_areas_are_not_known_has_no_share(world, facts):
    unmeasured = world.qpv_communes.assign(part_surface=float("nan"))
    ground = Ground.of(replace(world, qpv_communes=unmeasured), facts.device("epinay", "93031"))
    found = coverage_on(ground, "CLSM", TODAY, today=TODAY)
    assert row(found, "QDEUX")["statut"] == "couvert_en_partie"
    assert math.isnan(row(found, "QDEUX")["part_couverte"])
    assert row(found, "QLILLE")["part_couverte"] == 0.0


def test_two_devices_cover_together(facts, cover):
    found = cover(facts.device("epinay", "93031").device("denis", "93066"))
    assert row(found, "QDEUX")["statut"] == "couvert"
    assert row(found, "QDEUX")["dispositifs"] == "denis;epinay"


def test_a_former_commune_does_not_hold_its_parent(facts, cover):
    found = statuses(cover(facts.device("pierrefitte", "93059")))
    assert found["QPIERREFITTE"] == "couvert"
    assert found["QDENIS"] == "sans_dispositif_recense"


def test_a_parent_and_an_epci_hold_the_former_commune(facts, cover):
    assert statuses(cover(facts.device("denis", "93066")))["QPIERREFITTE"] == "couvert"


def test_an_ept_holds_all_its_qpv(facts, cover):
    found = statuses(cover(facts.device("plaine", EPT)))
    assert {code for code, statut in found.items() if statut == "couvert"} == {
        "QDENIS",
        "QPIERREFITTE",
        "QDEUX",
    }


def test_a_paris_qpv_in_and_outside_an_arrondissement(facts, cover):
    found = cover(facts.device("paris18", "75118"))
    assert row(found, "QPARIS")["statut"] == "couvert_en_partie"
    assert row(found, "QPARIS")["part_couverte"] == pytest.approx(0.6)
    assert statuses(found)["QPARIS19"] == "sans_dispositif_recense"
    both = statuses(cover(facts.device("paris19", "75119")))
    assert both["QPARIS"] == both["QPARIS19"] == "couvert"


def test_a_qpv_named_one_by_one_is_wholly_covered(facts, cover):
    found = cover(facts.device("d", "QDEUX"))
    assert row(found, "QDEUX")["statut"] == "couvert"
    assert row(found, "QDEUX")["part_couverte"] == 1.0
    assert statuses(found)["QDENIS"] == "sans_dispositif_recense"


def test_a_qpv_outside_the_communes_can_be_covered(facts, cover):
    assert statuses(cover(facts.device("faaa", "98715")))["QTAHITI"] == "couvert"


def test_a_project_then_an_unknown_state_come_after_a_part(facts, cover):
    facts.device("projet", "93066", statut="en projet", annee_debut=None)
    facts.device("doute", EPT, "59350", statut="inconnu")
    assert statuses(cover(facts))["QLILLE"] == "a_verifier"
    found = cover(facts)
    assert statuses(found)["QDENIS"] == statuses(found)["QDEUX"] == "en_projet"
    assert row(found, "QDENIS")["dispositifs"] == "projet"
    assert row(found, "QDEUX")["part_couverte"] == 0.0
    assert statuses(cover(facts.device("actif", "93031")))["QDEUX"] == "couvert_en_partie"


def test_only_devices_of_the_type_count(facts, cover):
    facts.device("cls", LILLE, type_="CLS")
    assert statuses(cover(facts))["QLILLE"] == "sans_dispositif_recense"
    assert statuses(cover(facts, "CLS"))["QLILLE"] == "couvert"


def test_a_seat_alone_covers_its_commune_and_is_marked(facts, cover):
    facts.device("siege", perimetre_origine="siège seul", commune_siege="59350")
    found = cover(facts)
    assert row(found, "QLILLE")["statut"] == "couvert"
    assert row(found, "QLILLE")["a_preciser"]
    assert not row(cover(facts.device("sur", LILLE)), "QLILLE")["a_preciser"]


def test_a_status_that_takes_a_seat_alone_is_marked_though_another_perimeter_is_sure(facts, cover):
    """QDEUX takes Épinay and Saint-Denis: known alone, Épinay gives "couvert en partie"."""
    facts.device("epinay", "93031")
    facts.device("denis", perimetre_origine="siège seul", commune_siege="93066")
    found = cover(facts)
    assert row(found, "QDEUX")["statut"] == "couvert"
    assert row(found, "QDEUX")["a_preciser"]
    # A sure perimeter on the other commune, and what is known is enough again.
    assert not row(cover(facts.device("ville", "93066")), "QDEUX")["a_preciser"]


def test_a_device_without_perimeter_covers_nothing(facts, cover):
    facts.device("inconnu", perimetre_origine=None, commune_siege="59350")
    found = cover(facts)
    assert set(statuses(found).values()) == {"sans_dispositif_recense"}
    assert found.devices["perimetre_connu"].tolist() == [False]


def test_an_empty_register_leaves_every_qpv_unrecorded(facts, cover):
    found = cover(facts)
    assert set(statuses(found).values()) == {"sans_dispositif_recense"}
    assert len(found.status) == 10


class TestCompleteness:
    def test_declared_from_its_date_on(self, facts, cover):
        facts.declare("departement", "59", "2026-06-01")
        before = statuses(cover(facts, on=dt.date(2026, 5, 31)))
        after = statuses(cover(facts, on=dt.date(2026, 6, 1)))
        assert before["QLILLE"] == "sans_dispositif_recense"
        assert after["QLILLE"] == "sans_dispositif"
        assert after["QDENIS"] == "sans_dispositif_recense"

    def test_withdrawn(self, facts, cover):
        facts.declare("departement", "59", "2026-06-01")
        assert statuses(cover(facts))["QLILLE"] == "sans_dispositif"
        facts.declared.clear()
        assert statuses(cover(facts))["QLILLE"] == "sans_dispositif_recense"

    def test_holds_for_its_type_only(self, facts, cover):
        facts.declare("france", "FR", "2026-06-01", type_="CLS")
        assert statuses(cover(facts))["QTAHITI"] == "sans_dispositif_recense"
        assert statuses(cover(facts, "CLS"))["QTAHITI"] == "sans_dispositif"

    @pytest.mark.parametrize(
        ("niveau", "code"),
        [("region", "11"), ("epci", EPT), ("epci", "200054781"), ("commune", "93066")],
    )
    def test_reaches_a_former_commune(self, facts, cover, niveau, code):
        facts.declare(niveau, code, "2026-06-01")
        assert statuses(cover(facts))["QPIERREFITTE"] == "sans_dispositif"

    def test_of_one_commune_says_nothing_of_a_qpv_over_two(self, facts, cover):
        facts.declare("commune", "93066", "2026-06-01")
        found = statuses(cover(facts))
        assert found["QDENIS"] == "sans_dispositif"
        assert found["QDEUX"] == "sans_dispositif_recense"
        assert (
            statuses(cover(facts.declare("commune", "93031", "2026-06-01")))["QDEUX"]
            == "sans_dispositif"
        )

    def test_of_a_city_holds_for_its_arrondissements(self, facts, cover):
        facts.declare("commune", "75056", "2026-06-01")
        assert statuses(cover(facts))["QPARIS"] == "sans_dispositif"

    def test_reaches_a_collectivite_outside_the_communes(self, facts, cover):
        facts.declare("departement", "987", "2026-06-01")
        assert statuses(cover(facts))["QTAHITI"] == "sans_dispositif"

    def test_without_a_date_counts_for_nothing(self, facts, cover):
        facts.declared.append(("CLSM", "france", "FR", ""))
        assert statuses(cover(facts))["QLILLE"] == "sans_dispositif_recense"

    def test_never_hides_a_device(self, facts, cover):
        facts.device("d", "59350").declare("france", "FR", "2026-06-01")
        found = statuses(cover(facts))
        assert found["QLILLE"] == "couvert"
        assert found["QDENIS"] == "sans_dispositif"
