"""A programme table of a few rows, every figure of which is counted by hand."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.analysis.ground import Ground, inside, qpv_of
from clsm_map.analysis.programme import (
    FEW_ROWS,
    qpv_reach,
    reach_by_part,
    reach_by_year,
    reach_of,
    score_means,
    sessions_of,
)
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from tests.unit.analysis.conftest import EPT, LILLE, MGP, Facts

IDF = Territory("region", "11", "Île-de-France")
NORD = Territory("departement", "59", "Nord")
NAN = float("nan")


def table(*rows):
    """Rows (niveau, code, date) and what more they say; one session unless said otherwise."""
    usual = {"seances": 1.0, "participants": NAN, "structures": NAN}
    usual |= {"clsm": None, "portee": None, "note": None}
    listed = [
        {"niveau": n, "code": c, "nom": c, "date": d, "annee": d[:4], **usual, **more}
        for n, c, d, more in rows
    ]
    columns = ["niveau", "code", "nom", "date", "annee", *usual]
    frame = pd.DataFrame(listed) if listed else pd.DataFrame(columns=columns)
    texts = dict.fromkeys(
        ["niveau", "code", "nom", "date", "annee", "clsm", "portee", "note"], "str"
    )
    figures = dict.fromkeys(["seances", "participants", "structures"], "float64")
    return frame.astype(texts | figures)


@pytest.fixture
def lay(cover):
    """Lay rows over the small world; give the sessions and the coverage by CLSM."""

    def run(*rows, register=None):
        coverage = cover(register or Facts())
        return sessions_of(table(*rows), coverage.ground), coverage

    return run


def reached(sessions, *, certain=True):
    pairs = sessions.reached
    return set(pairs.loc[pairs["certain"] == certain, "qpv"])


def test_a_row_of_a_qpv_reaches_it_and_all_its_communes(lay):
    sessions, _ = lay(("qpv", "QDEUX", "2023-05-04", {}))
    assert reached(sessions) == {"QDEUX"}
    assert set(sessions.communes["commune"]) == {"93031", "93066"}


@pytest.mark.parametrize(
    ("niveau", "code", "qpv", "communes"),
    [
        ("commune", "93066", {"QDENIS", "QPIERREFITTE", "QDEUX"}, {"93066"}),
        ("commune", "93059", {"QPIERREFITTE"}, {"93066"}),
        ("commune", "93031", {"QDEUX"}, {"93031"}),
        ("commune", "75056", {"QPARIS", "QPARIS19"}, {"75056"}),
        ("arrondissement", "75118", {"QPARIS"}, {"75056"}),
        ("commune", "98715", {"QTAHITI"}, {"98715"}),
        ("commune", "59368", set(), {"59368"}),
        ("epci", EPT, {"QDENIS", "QPIERREFITTE", "QDEUX"}, set()),
        ("epci", MGP, {"QDENIS", "QPIERREFITTE", "QDEUX", "QPARIS", "QPARIS19"}, set()),
        ("departement", "93", set(), set()),
        ("region", "11", set(), set()),
        ("france", "FR", set(), set()),
    ],
)
def test_a_wider_row_makes_its_qpv_possible_never_reached(lay, niveau, code, qpv, communes):
    sessions, coverage = lay((niveau, code, "2023", {}))
    assert (reached(sessions), reached(sessions, certain=False)) == (set(), qpv)
    assert set(sessions.communes["commune"]) == communes
    found = reach_of(sessions, coverage)
    assert (found.qpv_atteints, found.qpv_possibles) == (0, len(qpv))


def test_a_row_that_documents_all_its_qpv_reaches_them(lay):
    sessions, _ = lay(("epci", EPT, "2023", {"portee": "tous"}))
    assert reached(sessions) == {"QDENIS", "QPIERREFITTE", "QDEUX"}
    assert set(sessions.communes["commune"]) == {"93066", "93031"}


def test_a_row_that_says_no_session_reaches_nothing(lay):
    sessions, coverage = lay(("qpv", "QDENIS", "2023", {"seances": 0.0}))
    found = reach_of(sessions, coverage)
    assert (found.lignes, found.seances, found.qpv_atteints, found.communes) == (1, 0.0, 0, 0)


ROWS = (
    ("qpv", "QDENIS", "2022-03-01", {"participants": 10.0, "structures": 2.0, "clsm": "CLSM A"}),
    ("qpv", "QDEUX", "2022-04-01", {"seances": 2.0, "participants": 20.0, "clsm": "clsm  a"}),
    ("commune", "59350", "2022-05", {"participants": 40.0, "clsm": "CLSM B"}),
    ("qpv", "QDENIS", "2024-03-01", {"seances": NAN, "participants": 5.0}),
    ("epci", LILLE, "2024", {"seances": 3.0, "portee": "tous"}),
    ("france", "FR", "2024", {"seances": 100.0}),
)  # fmt: skip


def test_reach_of_france(lay):
    register = Facts().device("denis", "93066").device("lille", LILLE).device("loin", "97411")
    sessions, coverage = lay(*ROWS, register=register)
    found = reach_of(sessions, coverage)
    assert (found.lignes, found.seances, found.sans_seances) == (6, 107.0, 1)
    assert (found.participants, found.sans_participants) == (75.0, 2)
    assert (found.structures, found.sans_structures) == (2.0, 5)
    assert (found.qpv_atteints, found.qpv_possibles, found.qpv) == (3, 0, 10)
    assert (found.habitants_atteints, found.habitants_qpv) == (10 + 40 + 320, 5110)
    assert found.part_qpv == 30.0
    assert found.part_habitants == pytest.approx(100 * 370 / 5110)
    assert found.communes == 3
    assert (found.clsm_touches, found.clsm_couvrants, found.clsm_nommes) == (2, 3, 2)
    assert found.part_clsm == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("territory", "lignes", "seances", "qpv", "communes"),
    [
        (IDF, 3, 3.0, (2, 5), 2),
        (Territory("departement", "93", "Seine-Saint-Denis"), 3, 3.0, (2, 3), 2),
        (Territory("departement", "75", "Paris"), 0, NAN, (0, 2), 0),
        (NORD, 2, 4.0, (1, 1), 1),
        (Territory("epci", LILLE, "Lille"), 2, 4.0, (1, 1), 1),
        (Territory("departement", "987", "Polynésie française"), 0, NAN, (0, 1), 0),
    ],
)
def test_reach_of_a_territory_leaves_wider_rows_out(lay, territory, lignes, seances, qpv, communes):
    sessions, coverage = lay(*ROWS)
    found = reach_of(sessions, coverage, territory)
    assert found.lignes == lignes
    assert found.seances == pytest.approx(seances, nan_ok=True)
    assert (found.qpv_atteints, found.qpv) == qpv
    assert found.communes == communes


def test_an_epci_counts_where_most_of_its_inhabitants_live(lay):
    sessions, _ = lay(("epci", MGP, "2023", {}), ("epci", EPT, "2023", {}))
    paris = Territory("departement", "75", "Paris")
    assert inside(sessions.rows, paris).tolist() == [True, False]
    assert inside(sessions.rows, IDF).tolist() == [True, True]
    assert inside(sessions.rows, Territory("epci", MGP, "MGP")).tolist() == [True, True]


def test_each_year_is_there_the_empty_one_included(lay):
    sessions, coverage = lay(*ROWS)
    years = reach_by_year(sessions, coverage).set_index("annee")
    assert years.index.tolist() == [2022, 2023, 2024]
    assert years["lignes"].tolist() == [3, 0, 3]
    assert math.isnan(years.loc[2023, "seances"])
    assert years["qpv_atteints"].tolist() == [2, 0, 2]
    assert years["nouveaux"].tolist() == [2, 0, 1]
    assert years["cumul"].tolist() == [2, 2, 3]
    assert years.loc[2022, "qpv_possibles"] == 1
    assert years.loc[2022, "part_qpv"] == 20.0


def test_parts_add_up_to_the_whole_but_for_wider_rows(lay):
    sessions, coverage = lay(*ROWS, ("commune", "98715", "2023", {"portee": "tous"}))
    parts = reach_by_part(sessions, coverage, FRANCE, "region").set_index("code")
    whole = reach_of(sessions, coverage)
    assert parts["qpv_atteints"].sum() == whole.qpv_atteints == 4
    assert parts["qpv"].sum() == whole.qpv
    assert parts["lignes"].sum() == whole.lignes - 1
    assert parts["communes"].sum() == whole.communes
    assert parts.loc["987", "qpv_atteints"] == 1
    assert parts.index[0] == "11"


def test_the_state_of_each_qpv_agrees_with_the_counts(lay):
    sessions, coverage = lay(*ROWS, ("commune", "93066", "2025", {"seances": 4.0}))
    states = qpv_reach(sessions, IDF).set_index("code")
    found = reach_of(sessions, coverage, IDF)
    counts = states["etat"].value_counts()
    assert (counts["atteint"], counts["possible"]) == (found.qpv_atteints, found.qpv_possibles)
    assert states.loc["QPIERREFITTE", "etat"] == "possible"
    assert states.loc["QPARIS", "etat"] == "hors_tableau"
    assert states.loc["QDENIS", ["lignes", "seances", "participants"]].tolist() == [2, 1.0, 15.0]
    assert states.loc["QDENIS", "derniere"] == "2024-03-01"


def test_an_empty_table_reaches_nothing(lay):
    sessions, coverage = lay()
    assert reach_of(sessions, coverage).lignes == 0
    assert reach_by_year(sessions, coverage).empty
    assert set(qpv_reach(sessions)["etat"]) == {"hors_tableau"}


SCORED = (
    ("qpv", "QDENIS", "2022", {"participants": 10.0, "score_avant": 4.0, "score_apres": 6.0}),
    ("qpv", "QDEUX", "2022", {"participants": 30.0, "score_avant": 5.0, "score_apres": 8.0}),
    ("qpv", "QLILLE", "2022", {"participants": 50.0, "score_avant": 9.0, "score_apres": NAN}),
    ("qpv", "QLILLE", "2023", {"score_avant": 1.0, "score_apres": 2.0, "score_satisfaction": 7.0}),
    ("qpv", "QPARIS", "2023", {"participants": 60.0, "score_satisfaction": 8.0}),
)


def test_means_are_weighted_and_rest_on_the_same_rows(lay):
    sessions, _ = lay(*SCORED)
    pair, alone = score_means(sessions).to_dict("records")
    assert (pair["mesure"], pair["lignes"], pair["participants"]) == ("", 2, 40)
    assert pair["avant"] == (10 * 4 + 30 * 5) / 40
    assert pair["apres"] == (10 * 6 + 30 * 8) / 40
    assert pair["ecart"] == 7.5 - 4.75
    assert (pair["sans_score"], pair["sans_participants"]) == (2, 1)
    assert (alone["mesure"], alone["lignes"], alone["apres"]) == ("satisfaction", 1, 8.0)
    assert math.isnan(alone["avant"])


def test_scores_of_a_territory_and_of_a_year(lay):
    sessions, _ = lay(*SCORED)
    assert score_means(sessions, IDF, year=2023)["mesure"].tolist() == ["satisfaction"]
    assert score_means(sessions, NORD).empty


@pytest.mark.parametrize(
    ("n", "participants", "few"), [(FEW_ROWS, 6.0, False), (FEW_ROWS, 5.0, True), (4, 50.0, True)]
)
def test_a_mean_of_a_few_is_flagged(lay, n, participants, few):
    rows = [
        ("qpv", "QDENIS", f"2023-01-0{i}", {"participants": participants, "score_x": 5.0})
        for i in range(1, n + 1)
    ]
    (found,) = score_means(lay(*rows)[0]).to_dict("records")
    assert bool(found["faible"]) is few


def test_one_row_that_says_it_is_made_up_marks_the_table(lay):
    made_up = ("qpv", "QDEUX", "2023", {"note": "Exemple : exemple, données fictives"})
    assert lay(ROWS[0], made_up)[0].example
    assert not lay(*ROWS)[0].example


SNAPSHOT = open_snapshot()
GROUND = Ground.of(SNAPSHOT, embedded_register(SNAPSHOT))
COMMUNES = sorted(
    {c for codes in SNAPSHOT.qpv["communes"] for c in codes.split(";")}
    | set(SNAPSHOT.anciennes_communes["code"].head(40))
)


@given(st.lists(st.sampled_from(COMMUNES), min_size=1, max_size=6, unique=True))
def test_communes_hold_the_same_qpv_as_everywhere_else(codes):
    rows = [("commune", code, "2023", {"portee": "tous"}) for code in codes]
    sessions = sessions_of(table(*rows), GROUND)
    expected = set()
    for code in codes:
        inside = qpv_of(GROUND, Territory("commune", code, code))
        expected |= set(GROUND.qpv.loc[inside, "code"])
    assert reached(sessions) == expected


def test_every_epci_is_placed_in_the_departement_of_the_official_list():
    epci = SNAPSHOT.epci
    rows = [("epci", code, "2023", {}) for code in epci["code"]]
    placed = sessions_of(table(*rows), GROUND).rows
    assert placed["departement"].tolist() == epci["departement"].tolist()
