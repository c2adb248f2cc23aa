"""``plan`` and ``whatif`` on the embedded snapshot, run as ``python -m clsm_map`` runs them."""

import json
import time

import pandas as pd
import pytest

from clsm_map.__main__ import main
from clsm_map.cli.planning import _repeat_names
from clsm_map.settings import ROOT

FACTS = ROOT / "data" / "facts"
PLAINE_COMMUNE, LILLE = "200057867", "200093201"
EST_ENSEMBLE, TERRES_D_ENVOL = "200057875", "200058097"


@pytest.fixture
def run(monkeypatch, capfdbinary):
    def execute(*words):
        monkeypatch.setattr("sys.argv", ["clsm_map", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capfdbinary.readouterr()
        return stop.value.code, out.decode("utf-8"), err.decode("utf-8")

    return execute


@pytest.fixture
def answer(run):
    def execute(*words):
        code, out, err = run(*words, "--json")
        assert code in {0, None}, err
        return json.loads(out)

    return execute


@pytest.fixture
def refused(run):
    def execute(*words):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        return err

    return execute


@pytest.fixture(scope="module")
def inhabitants():
    columns = ["code_qpv", "population_2020", "region"]
    frame = pd.read_csv(FACTS / "qpv_2024.csv", dtype=str, usecols=columns).set_index("code_qpv")
    return frame.assign(population_2020=frame["population_2020"].astype(float))


class TestPlan:
    def test_keys_and_totals_of_france(self, answer, inhabitants):
        found = answer("plan", "--k", "5")
        choice = found["choix"]
        assert len(choice) == 5
        assert {"code", "nom", "habitants_seul", "habitants_ajoutes"} <= set(choice[0])
        assert found["optimal"] is True
        assert found["ecart"] == 0
        added = [row["habitants_ajoutes"] for row in choice]
        shared = sum(row["habitants_gagnes"] for row in found["partages"])
        assert added == sorted(added, reverse=True)
        assert sum(added) + shared == found["habitants_gagnes"]
        reached = [code for row in (*choice, *found["partages"]) for code in row["qpv"]]
        assert len(reached) == len(set(reached)) == found["qpv_gagnes"]
        people = inhabitants.loc[reached, "population_2020"].sum()
        assert found["habitants_gagnes"] < people  # some are covered in part already
        assert [p["k"] for p in found["courbe"]] == [1, 2, 3, 4, 5]
        assert found["courbe"][-1]["habitants"] == found["habitants_gagnes"]
        assert "recensé" in found["avertissements"][0]

    def test_what_is_gained_and_what_remains_make_what_is_not_covered(self, answer):
        found = answer("plan", "--k", "3", "--partial", "entier")
        covered = answer("coverage")["statuts"]
        missing = sum(s["qpv"] for name, s in covered.items() if name != "couvert")
        assert found["qpv_gagnes"] + found["reste"]["qpv"] == missing
        people = sum(s["habitants"] for name, s in covered.items() if name != "couvert")
        assert found["habitants_gagnes"] + found["reste"]["habitants"] == people

    def test_each_gains_alone_and_what_only_several_gain_is_apart(self, answer):
        # By hand, from qpv_2024.csv, ept_communes.csv and perimetres.csv: the QPV of which all the
        # communes that no active CLSM holds are of Est Ensemble are 16, of 96 462 inhabitants.
        # Those of which the missing communes are of two of the three: Muette 5 038, Salengro
        # 34 808 and Abreuvoir 35 299 (Est Ensemble and Paris Terres d'Envol), Franc-Moisin 132 511
        # (Bobigny, of Est Ensemble, and Saint-Denis or La Courneuve, of Plaine Commune).
        words = ("plan", "--k", "3", "--partial", "entier")
        words += ("--among", EST_ENSEMBLE, TERRES_D_ENVOL, PLAINE_COMMUNE)
        found = answer(*words)
        rows = {row["code"]: row for row in found["choix"]}
        assert (rows[EST_ENSEMBLE]["qpv_seul"], rows[EST_ENSEMBLE]["habitants_seul"]) == (16, 96462)
        together = {tuple(sorted(row["codes"])): row for row in found["partages"]}
        pair = together[tuple(sorted([EST_ENSEMBLE, TERRES_D_ENVOL]))]
        assert (pair["qpv_gagnes"], pair["habitants_gagnes"]) == (3, 5038 + 34808 + 35299)
        pair = together[tuple(sorted([EST_ENSEMBLE, PLAINE_COMMUNE]))]
        assert (pair["qpv_gagnes"], pair["habitants_gagnes"]) == (1, 132511)

    def test_quartiers_covered_in_part_can_be_left_out(self, answer):
        # Abreuvoir (Aubervilliers, of its four communes, has a CLSM) and Franc-Moisin go.
        words = ("--among", EST_ENSEMBLE, TERRES_D_ENVOL, "--partial", "sans")
        found = answer("plan", "--k", "2", *words)
        assert [row["habitants_gagnes"] for row in found["partages"]] == [5038 + 34808]
        assert found["partiels"] == "sans"

    @pytest.mark.parametrize(
        ("partiels", "qpv", "people"), [("sans", 13, 49_127), ("entier", 16, 189_408)]
    )
    def test_lille_by_hand(self, answer, partiels, qpv, people):
        # By hand, from qpv_2024.csv, perimetres.csv and dispositifs.csv: 16 QPV of the EPCI have a
        # commune that no active CLSM holds, 13 of them (49 127 inhabitants) hold no other; the
        # three others are QN05969M (9 726), QN05972M (53 291) and QN05980M (77 264).
        row = answer("plan", "--k", "1", "--among", LILLE, "--partial", partiels)["choix"][0]
        assert (row["qpv_seul"], row["habitants_seul"]) == (qpv, people)

    def test_lille_by_the_area_that_is_not_covered(self, answer):
        # The contours of the facts cut by those of the communes, in Lambert-93: 77.5 % of QN05969M,
        # 1.2 % of QN05972M and 10.8 % of QN05980M (89 % of which Roubaix and Tourcoing hold) are
        # not covered: 49 127 + 7 533 + 655 + 8 312, where 189 408 were shown.
        row = answer("plan", "--k", "1", "--among", LILLE)["choix"][0]
        assert row["habitants_seul"] == pytest.approx(49_127 + 7_533 + 655 + 8_312, abs=10)

    def test_the_three_cities_are_candidates_among_communes(self, answer):
        found = answer("plan", "--k", "1", "--candidates", "commune", "--departement", "Paris")
        assert [row["code"] for row in found["choix"]] == ["75056"]

    def test_a_plan_come_true_gains_what_it_said(self, answer):
        planned = answer("plan", "--k", "4", "--region", "32")
        simulated = answer("whatif", "--create", *[row["code"] for row in planned["choix"]])
        assert {i["code_qpv"] for i in simulated["items"] if i["gagne"]} >= {
            code for row in planned["choix"] for code in row["qpv"]
        }
        inside = [i for i in simulated["items"] if i["gagne"]]
        assert simulated["qpv_gagnes"] == len(inside)
        assert simulated["habitants_gagnes"] >= planned["habitants_gagnes"]

    def test_the_exact_plan_is_never_worse_than_the_greedy_one(self, answer):
        words = ("plan", "--k", "8", "--candidates", "commune", "--region", "11")
        exact, greedy = answer(*words), answer(*words, "--greedy")
        assert exact["habitants_gagnes"] >= greedy["habitants_gagnes"]
        assert greedy["methode"] == "glouton"
        assert greedy["habitants_gagnes"] >= exact["habitants_gagnes"] * (1 - greedy["ecart"]) - 1

    def test_a_region_counts_only_its_qpv(self, answer, inhabitants):
        found = answer("plan", "--k", "2", "--region", "84", "--candidates", "commune")
        reached = [code for row in found["choix"] for code in row["qpv"]]
        assert set(inhabitants.loc[reached, "region"]) == {"84"}

    def test_weights_change_the_measure_and_say_so(self, answer):
        found = answer("plan", "--k", "2", "--weighted")
        assert found["pondere"] is True
        assert any("médiane" in note for note in found["avertissements"])
        assert all(row["poids_ajoute"] < row["habitants_ajoutes"] for row in found["choix"])
        weights = [row["poids_ajoute"] for row in found["choix"]]
        assert weights == sorted(weights, reverse=True)

    def test_constraints(self, answer):
        found = answer("plan", "--k", "4", "--max-per-departement", "1", "--exclude", LILLE)
        codes = [row["code"] for row in found["choix"]]
        assert LILLE not in codes
        assert len({row["departement"] for row in found["choix"]}) == len(codes)
        mine = answer("plan", "--k", "2", "--among", LILLE, PLAINE_COMMUNE, "59599")
        assert mine["candidats"] == "liste"
        assert {row["code"] for row in mine["choix"]} == {LILLE, PLAINE_COMMUNE}
        small = answer("plan", "--k", "9", "--max-inhabitants", "300000")
        assert sum(row["population"] for row in small["choix"]) <= 300_000

    def test_the_table_says_what_it_rests_on(self, run):
        code, out, _ = run("plan", "--k", "2")
        assert code in {0, None}
        assert "quartiers qu’aucun CLSM actif recensé ne couvre en entier" in out
        assert "Optimum démontré parmi les candidats admis" in out

    @pytest.mark.parametrize(
        "words",
        [
            ("--k", "0"),
            ("--k", "100000"),
            ("--k", "2", "--candidates", "canton"),
            ("--k", "2", "--region", "Auvergn"),
            ("--k", "2", "--type", "CSM"),
            ("--k", "2", "--among", "99999"),
            ("--k", "1", "--force", LILLE, PLAINE_COMMUNE),
            ("--k", "2", "--epci", "200000438"),
            ("--k", "2", "--on", "hier"),
            ("--k", "2", "--partial", "moitié"),
        ],
    )
    def test_refusals_are_french_sentences(self, refused, words):
        sentence = refused("plan", *words)
        assert sentence.strip()
        assert "Traceback" not in sentence

    @pytest.mark.parametrize("option", ["--exclude", "--force", "--among"])
    def test_a_bare_code_that_is_two_things_is_refused(self, refused, option):
        said = refused("plan", "--k", "1", "--candidates", "commune", option, "69200")
        assert "commune:69259 Vénissieux (code postal 69200) ; commune:69200 Saint-Forgeux" in said
        assert "departement:93 Seine-Saint-Denis" in refused("plan", "--k", "1", option, "93")

    def test_a_code_with_its_level_and_a_bare_departement_are_understood(self, answer):
        words = ("plan", "--k", "1", "--departement", "59", "--exclude")
        assert answer(*words, f"epci:{LILLE}") == answer(*words, LILLE)
        inside = answer("plan", "--k", "3", "--region", "32", "--exclude", "59")
        assert {row["departement"] for row in inside["choix"]} <= {"02", "60", "62", "80"}

    def test_near_misses_are_suggested(self, refused):
        assert "Auvergne-Rhône-Alpes" in refused("plan", "--k", "1", "--region", "Auvergn")

    def test_france_and_twenty_devices_stay_quick(self, answer):
        start = time.perf_counter()
        found = answer("plan", "--k", "20")
        assert found["optimal"] is True
        assert time.perf_counter() - start < 15  # the solver takes 0.02 s; the rest is start-up


class TestWhatif:
    def test_creating_on_an_intercommunalite(self, answer):
        found = answer("whatif", "--create", PLAINE_COMMUNE, "--partial", "entier")
        changed = [i for i in found["items"] if i["statut_apres"] == "couvert"]
        assert found["qpv_gagnes"] == len(changed) > 0
        assert found["apres"]["couvert"]["qpv"] - found["avant"]["couvert"]["qpv"] == len(changed)
        total = sum(i["habitants"] for i in changed)
        assert found["habitants_gagnes"] == total
        before, after = found["avant"]["couvert"], found["apres"]["couvert"]
        assert after["habitants"] - before["habitants"] == total
        assert 0 < found["besoin_gagne"] < total
        assert found["scenario"] == f"c.{PLAINE_COMMUNE}"

    def test_moves_add_up_and_come_back_from_the_link(self, answer):
        words = ("--create", PLAINE_COMMUNE, "--create", "59599,commune:59650")
        found = answer("whatif", *words, "--extend", "clsm-bourg-en-bresse:01451")
        assert found["scenario"] == (
            f"c.{PLAINE_COMMUNE}~c.59599.59650~e.clsm-bourg-en-bresse.01451"
        )
        assert found["decisions"][1]["codes"] == ["59599", "59650"]
        assert sum(d["qpv_gagnes"] for d in found["decisions"]) == found["qpv_gagnes"]
        assert answer("whatif", "--scenario", found["scenario"]) == found

    def test_codes_with_their_level_are_understood(self, answer):
        words = ("whatif", "--create", "commune:69200")
        assert answer(*words)["scenario"] == "c.69200"
        device = "clsm-bourg-en-bresse"
        found = answer("whatif", "--extend", f"{device}:commune:69200,01451")
        assert found["scenario"] == f"e.{device}.69200.01451"

    def test_names_are_understood(self, answer):
        by_name = answer("whatif", "--create", "Plaine Commune")
        assert by_name["scenario"] == f"c.{PLAINE_COMMUNE}"

    def test_the_table_shows_statuses_before_and_after(self, run):
        code, out, _ = run("whatif", "--create", "59599")
        assert code in {0, None}
        assert "avant et après" in out
        assert "Tourcoing" in out

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ((), "Rien à simuler"),
            (("--create", "Plaine Comune"), "Plaine Commune"),
            (("--create", "departement:93"), "ni une commune ni une intercommunalité"),
            (("--extend", "clsm-bourg-en-bress:01451"), "clsm-bourg-en-bresse"),
            (("--extend", "01451"), "DISPOSITIF:CODE"),
            (("--extend", "asv-lyon:69266"), "ASV"),
            (("--create", "97110"), "commune:97120 Pointe-à-Pitre (code postal 97110)"),
            (("--extend", "clsm-bourg-en-bresse:69200"), "commune:69200 Saint-Forgeux"),
            (("--scenario", "n'importe quoi"), "illisible"),
        ],
    )
    def test_refusals_say_what_to_do(self, refused, words, expected):
        assert expected in refused("whatif", *words)


def test_a_list_option_takes_several_values():
    assert _repeat_names(["--create", "A", "B", "--k", "2", "--extend", "x:1", "--json"]) == [
        "--create", "A", "--create", "B", "--k", "2", "--extend", "x:1", "--json",
    ]  # fmt: skip


def test_whatif_writes_its_sheet_beside_the_answer(answer, tmp_path):
    out = tmp_path / "scenario.pdf"
    said = answer(
        "whatif", "--create", LILLE, "--out", str(out), "--address", "https://exemple.fr/"
    )
    assert said["qpv_gagnes"] > 0
    content = out.read_bytes()
    assert content.startswith(b"%PDF-1.7")
    assert b"https://exemple.fr/planifier?type=CLSM" in content


def test_a_sheet_of_another_format_is_refused_before_anything_is_computed(refused, tmp_path):
    out = tmp_path / "scenario.odt"
    assert "pas en « odt »" in refused("whatif", "--create", LILLE, "--out", str(out))
    assert not out.exists()
