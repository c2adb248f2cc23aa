"""What-if on the small world of conftest: statuses before and after, counted by hand."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.planning.scenario import Move, Scenario, make_move, simulate
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot

EPT = "200057867"


def statuses(simulation):
    return dict(zip(simulation.qpv["qpv"], simulation.qpv["statut_apres"], strict=True))


def create(*codes):
    return Scenario((make_move("creer", list(codes)),))


def test_creating_on_a_commune_covers_its_qpv_and_part_of_those_it_shares(facts, cover):
    found = simulate(cover(facts), create("93031"))
    assert statuses(found) == {"QDEUX": "couvert_en_partie"}
    assert (found.qpv_gagnes, found.qpv_en_partie, found.habitants_gagnes) == (0, 1, 0)


def test_a_commune_brings_the_former_ones_merged_into_it(facts, cover):
    found = simulate(cover(facts), create("93066"))
    assert statuses(found) == {
        "QDENIS": "couvert",
        "QDEUX": "couvert_en_partie",
        "QPIERREFITTE": "couvert",
    }
    assert (found.qpv_gagnes, found.habitants_gagnes) == (2, 30)


def test_moves_add_up_and_each_counts_what_it_adds(facts, cover):
    need = pd.Series({"QDENIS": 50.0, "QPIERREFITTE": 100.0, "QDEUX": 25.0})
    scenario = create("93031").then(Move("creer", ("93066",)))
    found = simulate(cover(facts), scenario, need)
    assert found.qpv_gagnes == 3
    assert found.decisions["qpv_gagnes"].tolist() == [0, 3]
    assert found.decisions["habitants_gagnes"].tolist() == [0, 70]
    assert found.besoin_gagne == pytest.approx(10 * 0.5 + 20 + 40 * 0.25)
    assert simulate(cover(facts), scenario.undone(), need).qpv_gagnes == 0
    whole = simulate(cover(facts), create(EPT), need)
    assert whole.qpv["qpv"].tolist() == found.qpv["qpv"].tolist()


def test_extending_a_device_completes_a_qpv_covered_in_part(facts, cover):
    facts.device("clsm-epinay", "93031")
    scenario = Scenario((make_move("etendre", ["93066"], "clsm-epinay"),))
    found = simulate(cover(facts), scenario)
    rows = found.qpv.set_index("qpv")
    assert rows.loc["QDEUX", ["statut_avant", "statut_apres"]].tolist() == [
        "couvert_en_partie",
        "couvert",
    ]
    assert found.qpv_gagnes == 3
    assert "clsm-epinay" in found.apres.status.set_index("qpv").loc["QDENIS", "dispositifs"]
    # QDENIS 10, QPIERREFITTE 20, and of QDEUX (40) the tenth that Épinay did not hold
    assert found.habitants_gagnes == 10 + 20 + 4
    assert [s.partition(" compte")[0] for s in found.avertissements] == [
        "1\u00a0quartier déjà couvert en partie"
    ]
    assert simulate(cover(facts), scenario, partiels="entier").habitants_gagnes == 70
    left = simulate(cover(facts), scenario, partiels="sans")
    assert (left.qpv_gagnes, left.habitants_gagnes) == (2, 30)


def test_extending_a_project_covers_nobody_and_says_so(facts, cover):
    facts.device("clsm-projet", "93031", statut="en projet")
    found = simulate(cover(facts), Scenario((Move("etendre", ("93066",), "clsm-projet"),)))
    assert found.qpv_gagnes == 0
    assert statuses(found) == {"QDENIS": "en_projet", "QPIERREFITTE": "en_projet"}
    assert "pas actif" in found.avertissements[0]


def test_extending_from_a_seat_only_warns(facts, cover):
    facts.device("clsm-siege", commune_siege="59350", perimetre_origine="siège seul")
    found = simulate(cover(facts), Scenario((Move("etendre", ("59368",), "clsm-siege"),)))
    assert "à préciser" in found.avertissements[0]


def test_creating_where_a_device_is_uncertain_warns(facts, cover):
    facts.device("clsm-lille", commune_siege="59350", perimetre_origine=None)
    facts.device("clsm-projet", "59368", statut="en projet")
    found = simulate(cover(facts), create("200093201"))
    assert ["Clsm-Lille" in note for note in found.avertissements] == [True, False]
    assert "en projet" in found.avertissements[1]
    assert simulate(cover(facts), create("93031")).avertissements == ()


def test_unknown_population_is_counted_apart(facts, cover):
    found = simulate(cover(facts), create("98715"))
    assert (found.qpv_gagnes, found.habitants_gagnes, found.qpv_population_inconnue) == (1, 0, 1)


def test_the_register_before_is_left_as_it_was(facts, cover):
    before = cover(facts)
    kept = before.status.copy()
    simulate(before, create("93066"))
    pd.testing.assert_frame_equal(before.status, kept)
    assert before.ground.dispositifs.empty


def test_a_scenario_in_the_past_is_computed_on_its_date(facts, cover):
    facts.device("clsm-epinay", "93031", annee_debut="2020")
    before = cover(facts, on=dt.date(2018, 1, 1))
    found = simulate(before, Scenario((Move("creer", ("93066",)),)))
    assert statuses(found)["QDEUX"] == "couvert_en_partie"  # Épinay was not active yet


@pytest.mark.parametrize(
    ("scenario", "error", "words"),
    [
        (create("99999"), UnknownTerritoryError, "aucune commune"),
        (create("93067"), UnknownTerritoryError, "Vouliez-vous dire"),
        (
            Scenario((Move("etendre", ("93066",), "clsm-epinai"),)),
            UnknownTerritoryError,
            "clsm-epinay",
        ),
        (Scenario((Move("etendre", ("93066",), "asv-lille"),)), InvalidInputError, "ASV"),
    ],
)
def test_what_cannot_be_simulated_is_refused(facts, cover, scenario, error, words):
    facts.device("clsm-epinay", "93031").device("asv-lille", "59350", type_="ASV")
    with pytest.raises(error, match=words):
        simulate(cover(facts), scenario)


codes = st.from_regex(r"([0-9]{5}|2[AB][0-9]{3}|[0-9]{9})", fullmatch=True)
lists = st.lists(codes, min_size=1, max_size=6, unique=True).map(tuple)
moves = st.one_of(
    lists.map(lambda c: Move("creer", c)),
    st.builds(lambda d, c: Move("etendre", c, d), st.text(min_size=1, max_size=40), lists),
)


@given(st.lists(moves, max_size=6))
def test_the_text_of_a_scenario_reads_back(some):
    scenario = Scenario(tuple(some))
    text = scenario.to_text()
    assert Scenario.from_text(text) == scenario
    assert all((c.isalnum() and c.isascii()) or c in "~.%-_" for c in text)


def test_the_text_is_short_and_plain():
    scenario = create("93066", EPT).then(Move("etendre", ("2A004",), "clsm-épinay.b"))
    assert scenario.to_text() == "c.93066.200057867~e.clsm-%C3%A9pinay%2Eb.2A004"
    assert Scenario().to_text() == ""
    assert Scenario.from_text("") == Scenario()


@pytest.mark.parametrize(
    "text", ["x.93066", "c", "c.", "c.abc", "e.93066", "e..93066", "c.93066;drop", "c.9306"]
)
def test_a_bad_text_is_refused_whole(text):
    with pytest.raises(InvalidInputError):
        Scenario.from_text(f"c.93066~{text}")


def test_too_many_moves_or_codes_are_refused():
    with pytest.raises(InvalidInputError):
        Scenario.from_text("~".join(["c.93066"] * 51))
    with pytest.raises(InvalidInputError):
        make_move("creer", [f"{i:05d}" for i in range(201)])


def test_each_decision_adds_what_computing_everything_again_at_each_step_says():
    """On the embedded register: creations that overlap, an extension, Polynésie, Paris."""
    snapshot = open_snapshot()
    ground = Ground.of(snapshot, embedded_register(snapshot))
    day = dt.date(2026, 11, 22)
    coverage = coverage_on(ground, "CLSM", day, today=day)
    active = coverage.devices.loc[coverage.devices["role"] == "actif", "id"].iloc[0]
    moves = (
        make_move("creer", ["59350"]),
        make_move("creer", ["200093201"]),
        make_move("etendre", ["62498", "62427"], str(active)),
        make_move("creer", ["75118", "75119"]),
        make_move("creer", ["98735"]),
    )
    found = simulate(coverage, Scenario(moves)).decisions
    totals = [simulate(coverage, Scenario(moves[:n])) for n in range(1, len(moves) + 1)]
    assert found["qpv_gagnes"].cumsum().tolist() == [t.qpv_gagnes for t in totals]
    assert found["habitants_gagnes"].cumsum().tolist() == [t.habitants_gagnes for t in totals]
    assert found["qpv_gagnes"].gt(0).sum() >= 3
