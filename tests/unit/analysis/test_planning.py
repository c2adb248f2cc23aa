"""Plans on questions small enough to be solved on paper, and against brute force."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clsm_map.analysis.planning.choice import plan
from clsm_map.analysis.planning.problem import (
    Candidates,
    Constraints,
    Demand,
    allowed_candidates,
)
from clsm_map.analysis.planning.solvers import (
    greedy_guarantee,
    make_instance,
    solve_greedy,
    solve_milp,
)
from clsm_map.domain.errors import InvalidInputError


def make_demand(needs, habitants):
    """``needs``: QPV to its communes; ``habitants``: QPV to inhabitants or None."""
    codes = sorted(needs)
    known = [habitants[q] is not None for q in codes]
    people = [float(habitants[q] or 0) for q in codes]
    frame = pd.DataFrame(
        {
            "qpv": codes,
            "nom": codes,
            "departement": "01",
            "statut": "sans_dispositif_recense",
            "habitants": people,
            "population_connue": known,
            "besoin": np.nan,
            "poids": people,
        }
    )
    pairs = [(q, c) for q in codes for c in needs[q]]
    return Demand(frame, pd.DataFrame(pairs, columns=["qpv", "commune"]))


def make_candidates(holds, departement=None, population=None):
    codes = sorted(holds)
    frame = pd.DataFrame(
        {
            "code": codes,
            "nom": [f"Nom de {c}" for c in codes],
            "nature": "epci",
            "departement": [(departement or {}).get(c, "01") for c in codes],
            "region": "84",
            "population": [(population or {}).get(c, 10_000) for c in codes],
        }
    )
    pairs = [(k, c) for k in codes for c in holds[k]]
    return Candidates(frame, pd.DataFrame(pairs, columns=["candidat", "commune"]))


# E1 = {a, b}, E2 = {c}, E3 = {d}. Q5 lies over b and c: it takes E1 and E2.
NEEDS = {"Q1": "a", "Q2": "b", "Q3": "c", "Q4": "d", "Q5": "bc", "Q6": "z"}
PEOPLE = {"Q1": 1000, "Q2": 500, "Q3": 900, "Q4": 2000, "Q5": 700, "Q6": 400}
HOLDS = {"E1": "ab", "E2": "c", "E3": "d"}
DEMAND = make_demand(NEEDS, PEOPLE)
CANDIDATES = make_candidates(HOLDS)


def test_one_device_goes_where_most_inhabitants_are_reached():
    answer = plan(DEMAND, CANDIDATES, Constraints(1))
    assert list(answer.choix["code"]) == ["E3"]
    assert (answer.qpv_gagnes, answer.habitants_gagnes) == (1, 2000)
    assert answer.optimal
    assert answer.ecart == 0


def test_two_perimeters_together_reach_the_qpv_that_spans_them():
    # E1 + E2 = 1000 + 500 + 900 + 700 = 3100; E1 + E3 = 3500; E2 + E3 = 2900
    two = plan(DEMAND, CANDIDATES, Constraints(2))
    assert sorted(two.choix["code"]) == ["E1", "E3"]
    assert two.habitants_gagnes == 3500
    three = plan(DEMAND, CANDIDATES, Constraints(3))
    # each alone: E3 2000, E1 1000 + 500, E2 900; Q5 (700) is of E1 and E2 together, and apart
    assert list(three.choix["code"]) == ["E3", "E1", "E2"]
    assert list(three.choix["habitants_seul"]) == [2000, 1500, 900]
    assert list(three.choix["habitants_ajoutes"]) == [2000, 1500, 900]
    assert list(three.choix["habitants_partages"]) == [0, 700, 700]
    assert list(three.choix["qpv"]) == ["Q4", "Q1;Q2", "Q3"]
    assert three.partages[["codes", "qpv", "habitants_gagnes"]].to_numpy().tolist() == [
        ["E1;E2", "Q5", 700]
    ]
    assert three.habitants_gagnes == 2000 + 1500 + 900 + 700
    assert list(three.courbe["habitants"]) == [2000, 3500, 5100]
    assert list(three.courbe["gain"]) == [2000, 1500, 1600]


def test_territories_that_overlap_say_what_each_gains_alone_and_adds():
    # E1 = {a, b} and E4 = {b, c}, as Paris and an arrondissement: b (500) is gained once
    candidates = make_candidates({"E1": "ab", "E4": "bc"})
    needs = {"Q1": "a", "Q2": "b", "Q3": "c"}
    rows = plan(make_demand(needs, PEOPLE), candidates, Constraints(2)).choix
    assert list(rows["code"]) == ["E1", "E4"]
    assert list(rows["habitants_seul"]) == [1500, 1400]
    assert list(rows["habitants_ajoutes"]) == [1500, 900]
    assert list(rows["qpv"]) == ["Q1;Q2", "Q3"]


def test_a_territory_chosen_only_for_what_is_shared_adds_nothing_alone():
    demand = make_demand({"Q1": "ab", "Q2": "c"}, {"Q1": 100, "Q2": 10})
    found = plan(demand, make_candidates({"E1": "a", "E2": "b", "E3": "c"}), Constraints(2))
    assert list(found.choix["habitants_ajoutes"]) == [0, 0]
    assert found.partages[["codes", "habitants_gagnes"]].to_numpy().tolist() == [["E1;E2", 100]]
    assert found.habitants_gagnes == 100


def test_the_optimum_is_proven_among_candidates_and_recorded_devices():
    said = plan(DEMAND, CANDIDATES, Constraints(1)).garantie
    assert said.startswith(
        "Optimum démontré parmi les candidats admis et au vu des dispositifs recensés"
    )


def test_remainder_tells_what_no_single_candidate_reaches():
    reste = plan(DEMAND, CANDIDATES, Constraints(1)).reste
    assert (reste.qpv, reste.habitants) == (5, 3500)
    assert reste.qpv_hors_d_un_seul == 2  # Q5 takes two, Q6 is in no candidate
    assert reste.qpv_sans_candidat == 1


def test_a_qpv_covered_in_part_needs_only_the_rest():
    demand = make_demand({**NEEDS, "Q5": "c"}, PEOPLE)  # b is held today
    assert plan(demand, CANDIDATES, Constraints(1)).reste.qpv_hors_d_un_seul == 1
    assert plan(demand, CANDIDATES, Constraints(2)).habitants_gagnes == 2000 + 900 + 700


def test_unknown_population_weighs_nothing_and_is_counted_apart():
    demand = make_demand(NEEDS, {**PEOPLE, "Q4": None, "Q6": None})
    answer = plan(demand, CANDIDATES, Constraints(3, forced=frozenset({"E3"})))
    row = answer.choix.set_index("code").loc["E3"]
    assert (row["qpv_ajoutes"], row["habitants_ajoutes"], row["qpv_population_inconnue"]) == (
        1,
        0,
        1,
    )
    assert answer.reste.qpv_population_inconnue == 1


def test_equal_choices_go_by_code_whatever_the_order_of_rows():
    demand = make_demand({"Q1": "a", "Q2": "b", "Q3": "c"}, {"Q1": 5, "Q2": 5, "Q3": 5})
    candidates = make_candidates({"E1": "a", "E2": "b", "E3": "c"})
    turned = Candidates(candidates.frame.iloc[::-1], candidates.holds.iloc[::-1])
    back = Demand(demand.qpv.iloc[::-1], demand.needed.iloc[::-1])
    assert list(plan(demand, candidates, Constraints(2)).choix["code"]) == ["E1", "E2"]
    assert list(plan(back, turned, Constraints(2)).choix["code"]) == ["E1", "E2"]


def test_nothing_is_proposed_that_gains_nothing():
    answer = plan(DEMAND, CANDIDATES, Constraints(20))
    assert len(answer.choix) == 3
    assert answer.courbe["gain"].iloc[-1] == 0
    nobody = plan(make_demand({"Q6": "z"}, PEOPLE), CANDIDATES, Constraints(2))
    assert nobody.choix.empty
    assert nobody.habitants_gagnes == 0
    assert nobody.reste.qpv_sans_candidat == 1


@pytest.mark.parametrize(
    ("constraints", "codes"),
    [
        (Constraints(2, excluded=frozenset({"E3"})), ["E1", "E2"]),
        (Constraints(2, excluded=frozenset({"departement:02"})), ["E1", "E2"]),
        (Constraints(2, max_per_departement=1), ["E1", "E3"]),
        (Constraints(1, forced=frozenset({"E2"})), ["E2"]),
        (Constraints(3, max_population=25_000), ["E1", "E2"]),
        (Constraints(3, max_population_each=15_000), ["E1", "E2"]),
    ],
)
def test_constraints_are_kept(constraints, codes):
    candidates = make_candidates(
        HOLDS, {"E1": "01", "E2": "01", "E3": "02"}, {"E1": 15_000, "E2": 10_000, "E3": 20_000}
    )
    for method in ("milp", "glouton"):
        answer = plan(DEMAND, candidates, constraints, method=method)
        if method == "milp":
            assert sorted(answer.choix["code"]) == codes
        assert constraints.forced <= set(answer.choix["code"])
        if constraints.max_population:
            assert answer.choix["population"].sum() <= constraints.max_population


@pytest.mark.parametrize(
    "constraints",
    [
        Constraints(0),
        Constraints(1, forced=frozenset({"E1", "E2"})),
        Constraints(1, forced=frozenset({"inconnu"})),
        Constraints(2, excluded=frozenset({"E1"}), forced=frozenset({"E1"})),
        Constraints(2, forced=frozenset({"E1"}), max_population=5),
        Constraints(3, forced=frozenset({"E1", "E2"}), max_per_departement=1),
        Constraints(2, max_population=0.0),
        Constraints(2, excluded=frozenset({"region:84"})),
    ],
)
def test_contradictory_constraints_are_refused_in_french(constraints):
    with pytest.raises(InvalidInputError) as error:
        plan(DEMAND, CANDIDATES, constraints)
    assert str(error.value).endswith(".")


def test_need_weighs_in_when_asked():
    demand = make_demand(NEEDS, PEOPLE)
    poids = demand.qpv["habitants"] * [0.9, 0.9, 0.9, 0.1, 0.9, 0.9]
    weighted = Demand(demand.qpv.assign(poids=poids), demand.needed, weighted=True)
    answer = plan(weighted, CANDIDATES, Constraints(1))
    assert list(answer.choix["code"]) == ["E1"]  # 1500 × 0.9 against 2000 × 0.1
    assert answer.habitants_gagnes == 1500
    assert answer.poids_gagne == pytest.approx(1350)
    assert answer.pondere


def test_greedy_sees_qpv_that_take_two_perimeters():
    demand = make_demand({"Q1": "ab"}, {"Q1": 100})
    candidates = make_candidates({"E1": "a", "E2": "b", "E3": "c"})
    assert plan(demand, candidates, Constraints(2), method="glouton").habitants_gagnes == 100
    one = plan(demand, candidates, Constraints(1), method="glouton")
    assert one.choix.empty  # a useless choice is given back


def test_greedy_says_which_bound_holds():
    single = make_instance(make_demand({"Q1": "a", "Q2": "b"}, PEOPLE), CANDIDATES, Constraints(1))
    assert greedy_guarantee(single, Constraints(1)).ratio == pytest.approx(0.632, abs=0.001)
    assert greedy_guarantee(single, Constraints(2, max_per_departement=1)).ratio == 0.5
    assert greedy_guarantee(single, Constraints(2, max_population=9.0)).ratio == 0
    several = make_instance(DEMAND, CANDIDATES, Constraints(1))
    assert greedy_guarantee(several, Constraints(1)).ratio == 0


def test_no_time_left_gives_the_greedy_choice_with_its_gap():
    answer = plan(DEMAND, CANDIDATES, Constraints(2), time_limit=1e-9)
    assert answer.habitants_gagnes == 3500
    assert 0 <= answer.ecart < 1


# -- random questions ---------------------------------------------------------------------------

COMMUNES = "abcdefgh"


@st.composite
def questions(draw, largest=2):
    n_qpv = draw(st.integers(1, 8))
    needs, people = {}, {}
    for i in range(n_qpv):
        needs[f"Q{i}"] = draw(st.sets(st.sampled_from(COMMUNES), min_size=1, max_size=largest))
        people[f"Q{i}"] = draw(st.integers(0, 50))
    n = draw(st.integers(1, 12))
    holds = {
        f"E{j:02d}": draw(st.sets(st.sampled_from(COMMUNES), min_size=1, max_size=3))
        for j in range(n)
    }
    where = {code: draw(st.sampled_from(["01", "02", "03"])) for code in holds}
    size = {code: draw(st.integers(1, 10)) for code in holds}
    constraints = Constraints(
        draw(st.integers(1, 4)),
        max_per_departement=draw(st.sampled_from([None, 1, 2])),
        max_population=draw(st.sampled_from([None, 8.0, 15.0])),
        forced=frozenset(draw(st.sampled_from([[], [], ["E00"]]))),
    )
    if constraints.max_population is not None:
        size["E00"] = min(size["E00"], 8)
    return needs, people, holds, where, size, constraints


def brute_force(needs, people, holds, where, size, constraints):
    best = 0
    for k in range(constraints.k + 1):
        for chosen in combinations(sorted(holds), k):
            if not constraints.forced <= set(chosen):
                continue
            counts = pd.Series([where[c] for c in chosen], dtype="str").value_counts()
            limit = constraints.max_per_departement
            if limit is not None and counts.max() > limit:
                continue
            if sum(size[c] for c in chosen) > (constraints.max_population or np.inf):
                continue
            held = set().union(*(holds[c] for c in chosen))
            best = max(best, sum(people[q] for q in needs if set(needs[q]) <= held))
    return best


@given(questions())
@settings(max_examples=200, deadline=None)
def test_milp_equals_brute_force_and_is_never_below_greedy(question):
    needs, people, holds, where, size, constraints = question
    demand = make_demand(needs, people)
    candidates = make_candidates(holds, where, size)
    best = brute_force(*question)
    exact = plan(demand, candidates, constraints, curve=False)
    greedy = plan(demand, candidates, constraints, method="glouton", curve=False)
    assert exact.habitants_gagnes == best
    assert exact.optimal
    assert len(exact.choix) <= constraints.k
    assert greedy.habitants_gagnes <= best
    # what greedy claims of its gap is true, and the guarantee given in advance too
    assert greedy.habitants_gagnes >= best * (1 - greedy.ecart) - 1e-6
    instance = make_instance(demand, allowed_candidates(candidates, constraints), constraints)
    ratio = greedy_guarantee(instance, constraints).ratio
    assert greedy.habitants_gagnes >= ratio * best - 1e-6


@given(questions(largest=1), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_gains_are_monotone_and_submodular_where_each_qpv_has_one_commune(question, random):
    needs, people, holds, *_ = question
    instance = make_instance(make_demand(needs, people), make_candidates(holds), Constraints(1))
    codes = list(range(len(instance.codes)))
    random.shuffle(codes)
    cut = random.randint(0, len(codes))
    large = codes[:cut]
    small = large[: random.randint(0, cut)]

    def value(chosen):
        return instance.value(np.array(chosen, dtype=np.int64))

    assert value(small) <= value(large)
    for other in codes[cut:]:
        assert value([*small, other]) - value(small) >= value([*large, other]) - value(large)


def test_a_qpv_over_two_perimeters_breaks_submodularity():
    instance = make_instance(
        make_demand({"Q1": "ab"}, {"Q1": 10}),
        make_candidates({"E1": "a", "E2": "b"}),
        Constraints(2),
    )
    first, second, both = (instance.value(np.array(c)) for c in ([0], [1], [0, 1]))
    assert (first, second, both) == (0, 0, 10)


@given(questions())
@settings(max_examples=60, deadline=None)
def test_the_curve_never_goes_down(question):
    needs, people, holds, where, size, constraints = question
    answer = plan(make_demand(needs, people), make_candidates(holds, where, size), constraints)
    assert (answer.courbe["gain"] >= 0).all()
    assert answer.courbe["optimal"].all()
    assert answer.courbe["poids"].iloc[-1] == answer.poids_gagne
    rows = answer.choix
    shared = answer.partages["habitants_gagnes"].sum()
    assert rows["habitants_ajoutes"].sum() + shared == answer.habitants_gagnes
    assert rows["habitants_ajoutes"].is_monotonic_decreasing
    assert (rows["habitants_ajoutes"] <= rows["habitants_seul"]).all()


def test_bound_of_an_unfinished_search_is_never_below_its_value():
    instance = make_instance(DEMAND, CANDIDATES, Constraints(2))
    stopped = solve_milp(instance, Constraints(2), time_limit=0.0)
    assert stopped.bound >= 3500
    assert solve_greedy(instance, Constraints(2)).bound >= 3500
