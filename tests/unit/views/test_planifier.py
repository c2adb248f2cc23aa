"""Planning put into words: where the curve weakens, the question, the moves of a scenario."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from clsm_map.analysis.planning.scenario import Scenario, make_move
from clsm_map.domain.selection import Planning, Selection
from clsm_map.domain.territories import FRANCE, short_name
from clsm_map.views.planning.plan import BUTTON, finding, read_extensions, remains, rise, weakening
from clsm_map.views.planning.question import question_of
from clsm_map.views.planning.scenario import codes_of, move_label

DAY = dt.date(2026, 11, 22)


def curve(*gains):
    return pd.DataFrame({"k": range(1, len(gains) + 1), "gain": gains})


@pytest.mark.parametrize(
    ("gains", "at"),
    [
        ((100, 60, 40, 30), 3),
        ((100, 40, 60, 30), 4),
        ((100, 90, 50), None),
        ((100, 49.9), 2),
        ((100,), None),
    ],
)
def test_the_curve_weakens_where_all_that_follows_adds_less_than_half_of_the_first(gains, at):
    assert weakening(curve(*gains)) == at


def test_the_finding_gives_the_first_the_last_and_where_it_weakens():
    said = finding(curve(1200.4, 700, 500), "habitants")
    assert said == (
        "Le premier territoire apporte 1\u202f200 habitants, le 3e en ajoute encore 500. "
        "À partir du 3e, chacun apporte moins de la moitié du premier."
    )


def test_a_curve_that_rises_again_says_where_and_why():
    assert rise(curve(100, 60, 60, 30)) == ""
    assert rise(curve(100)) == ""
    assert rise(curve(100, 40, 60, 30, 35)).startswith("Le 3e apporte plus que le 2e : ")
    assert rise(curve(100, 120)).startswith("Le 2e apporte plus que le 1er : ")


def test_one_device_alone_is_told_in_one_clause():
    assert finding(curve(80), "habitants") == "Le premier territoire apporte 80 habitants."


def test_a_list_left_aside_does_not_change_the_question():
    plain = Selection(projet=Planning(candidats="epci"))
    listed = Selection(projet=Planning(candidats="epci", liste=("59350",)))
    assert question_of(plain, FRANCE, DAY) == question_of(listed, FRANCE, DAY)


def test_exclusions_are_candidates_by_code_and_wide_territories_by_key():
    asked = Planning(k=3, plafond=500_000, exclus=("epci:200093201", "departement:93"))
    question = question_of(Selection(projet=asked), FRANCE, DAY)
    assert question.constraints.excluded == {"200093201", "departement:93"}
    assert question.constraints.max_population == 500_000
    assert question.constraints.k == 3


def test_projects_are_left_aside_when_asked():
    kept = question_of(Selection(), FRANCE, DAY).aim.statuses
    left = question_of(Selection(projet=Planning(sans_projets=True)), FRANCE, DAY).aim.statuses
    assert set(kept) - set(left) == {"en_projet"}


def test_moves_are_said_with_names_and_with_codes_where_there_is_none():
    names = {"59350": "Lille", "59512": "Roubaix"}
    create = make_move("creer", ["59350", "59999"])
    extend = make_move("etendre", ["59512"], "clsm-lille")
    assert move_label(create, "CLSM", names, {}) == "Créer un CLSM sur Lille, 59999"
    assert move_label(extend, "CLSM", names, {"clsm-lille": "CLSM de Lille"}) == (
        "Étendre « CLSM de Lille » à Roubaix"
    )
    assert codes_of(Scenario((create, extend, create))) == ("59350", "59999", "59512")


def test_extensions_are_listed_by_gain_with_the_move_of_each_row():
    rows = pd.DataFrame(
        {
            "dispositif_id": ["a", "a", "b"],
            "dispositif": ["CLSM A", "CLSM A", "CLSM B"],
            "code": ["59350", "59512", "59599"],
            "nom": ["Lille", "Roubaix", "Tourcoing"],
            "qpv_gagnes": [1, 2, 3],
            "habitants_gagnes": [10, 20, 30],
            "poids_gagne": [10.0, 20.0, 30.0],
            "a_preciser": [False, False, True],
        }
    )
    read = read_extensions(rows, "CLSM", "France", weighted=False)
    assert read.table["Ajouter"].tolist() == ["Tourcoing", "Roubaix", "Lille"]
    assert read.table["Périmètre"].tolist() == ["à préciser", "connu", "connu"]
    assert read.table.columns[-1] == BUTTON
    assert [(m.dispositif, m.codes) for m in read.moves] == [
        ("b", ("59599",)),
        ("a", ("59512",)),
        ("a", ("59350",)),
    ]
    assert "« CLSM B » à Tourcoing, 30 habitants de 3\u00a0QPV" in read.finding
    assert "2\u00a0CLSM recensés ont" in read.finding


def test_nothing_next_to_a_device_is_said():
    empty = pd.DataFrame(
        columns=["dispositif_id", "dispositif", "code", "nom", "qpv_gagnes", "habitants_gagnes",
                 "poids_gagne", "a_preciser"]
    )  # fmt: skip
    assert "Aucun territoire voisin" in read_extensions(empty, "CLSM", "x", weighted=True).finding


def test_the_name_of_an_intercommunalite_is_shortened():
    assert short_name("Communauté de communes du Pays Haut") == "CC du Pays Haut"
    assert short_name("Plaine Commune") == "Plaine Commune"


def test_forced_territories_and_the_ceiling_of_each_reach_the_planner():
    asked = Planning(imposes=("59512", "59350"), plafond_chacun=300_000)
    question = question_of(Selection(projet=asked), FRANCE, DAY)
    assert question.constraints.forced == {"59350", "59512"}
    assert question.constraints.max_population_each == 300_000
    assert question.constraints.max_population is None


@pytest.mark.parametrize(
    ("left", "apart", "said"),
    [
        (
            0,
            1,
            ("Resterait 0\u00a0quartier qu’aucun CLSM", "1\u00a0QPV ne pouvait être couvert par"),
        ),
        (
            1,
            0,
            ("Resterait 1\u00a0quartier qu’aucun CLSM", "0\u00a0QPV ne pouvait être couvert par"),
        ),
        (
            2,
            3,
            (
                "Resteraient 2\u00a0quartiers qu’aucun CLSM",
                "3\u00a0QPV ne pouvaient être couverts par",
            ),
        ),
    ],
)
def test_what_remains_agrees_with_its_number(left, apart, said):
    reste = SimpleNamespace(qpv=left, habitants=10, qpv_hors_d_un_seul=apart, qpv_sans_candidat=0)
    answer = SimpleNamespace(plan=SimpleNamespace(reste=reste))
    sentence = remains(answer, question_of(Selection(), FRANCE, DAY))
    assert all(part in sentence for part in said)
