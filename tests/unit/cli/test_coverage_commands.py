"""The three commands on the embedded snapshot, run as ``python -m clsm_map`` runs them."""

import csv
import datetime as dt
import io
import json

import pandas as pd
import pytest

from clsm_map.__main__ import main
from clsm_map.desk import paris_today
from clsm_map.domain.devices import STATUSES
from clsm_map.settings import ROOT, get_settings

FACTS = ROOT / "data" / "facts"


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
def cells(run):
    def execute(*words):
        code, out, err = run(*words, "--csv")
        assert code in {0, None}, err
        assert out.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff")), delimiter=";"))

    return execute


@pytest.fixture(scope="module")
def register():
    return pd.read_csv(FACTS / "qpv_2024.csv", dtype=str, usecols=lambda c: c != "contour_wkt")


class TestCoverage:
    def test_keys_and_totals_of_france(self, answer, register):
        found = answer("coverage")
        assert set(found) == {
            "type",
            "on",
            "territoire",
            "qpv",
            "habitants",
            "habitants_couverts",
            "statuts",
            "qpv_couverts_par_age_de_la_page",
            "dispositifs",
            "avertissements",
        }
        assert (found["type"], found["on"]) == ("CLSM", paris_today().isoformat())
        assert found["qpv"] == len(register) == 1584
        assert found["habitants"] == pd.to_numeric(register["population_2020"]).sum()
        assert list(found["statuts"]) == list(STATUSES)
        # Counted apart on the raw facts: see tests/unit/analysis/test_evidence.py.
        split = found["qpv_couverts_par_age_de_la_page"]
        assert sum(split.values()) == sum(
            found["statuts"][s]["qpv"] for s in ("couvert", "couvert_en_partie")
        )
        for total in ("qpv", "habitants"):
            assert sum(counts[total] for counts in found["statuts"].values()) == found[total]
        assert found["statuts"]["sans_dispositif"] == {"qpv": 0, "habitants": 0}
        assert {"actifs", "projets", "couvrant_un_qpv"} <= set(found["dispositifs"])
        said = "pour 280 (mai 2025) à 298 (page non datée) annoncés"
        assert said in found["avertissements"][0]

    def test_inhabitants_covered_have_two_bounds_and_an_estimate_by_area(self, answer):
        """The estimate by hand: the inhabitants of each QPV of the facts times its share; Roubaix
        alone: 77 264 x 0.8924 = 68 950 for QN05980M."""
        found = answer("coverage", "--list", "--on", "2026-11-28")
        rows = pd.DataFrame(found["items"])
        people = rows["habitants"].astype(float).fillna(0)
        low, high, middle = (
            found["habitants_couverts"][k] for k in ("en_entier", "avec_partiels", "estimes")
        )
        assert low == people[rows["statut"] == "couvert"].sum()
        assert high == low + people[rows["statut"] == "couvert_en_partie"].sum()
        assert middle == round((people * rows["part_couverte"]).sum())
        assert low < middle < high
        # 1 826 666, 2 290 522 of 5 737 536
        assert (round(100 * low / found["habitants"]), round(100 * high / found["habitants"])) == (
            32,
            40,
        )

    def test_active_devices_are_those_of_the_facts(self, answer):
        facts = pd.read_csv(FACTS / "dispositifs.csv", dtype=str)
        clsm = facts[facts["type"] == "CLSM"]
        found = answer("coverage")["dispositifs"]
        assert found["actifs"] == (clsm["statut"] == "actif").sum()
        assert found["projets"] == (clsm["statut"] == "en projet").sum()

    def test_cls_whose_end_has_passed_or_unseen_for_long_are_to_be_checked(self, answer):
        """From the facts of 2026-11-28: of 122 CLS said active, 6 have a last year before 2026 and
        25 have none and no first year nor page since 2021; 45 are of unknown state."""
        facts = pd.read_csv(FACTS / "dispositifs.csv", dtype=str)
        cls = facts[facts["type"] == "CLS"]
        first, last, page = (
            pd.to_numeric(cls[name].str[:4]) for name in ("annee_debut", "annee_fin", "source_date")
        )
        unseen = last.isna() & (2026 - pd.concat([first, page], axis=1).max(axis=1) > 5)
        active = cls["statut"] == "actif"
        doubtful = active & ((last < 2026) | unseen)
        found = answer("coverage", "--type", "CLS", "--on", "2026-11-28")["dispositifs"]
        assert found["actifs"] == (active & ~doubtful).sum() == 91
        assert found["a_verifier"] == doubtful.sum() + (cls["statut"] == "inconnu").sum() == 76

    def test_villeurbanne_whose_cls_ended_in_2020_is_not_called_unrecorded(self, answer):
        items = answer("coverage", "--departement", "69", "--type", "CLS", "--list")["items"]
        here = [i for i in items if "69266" in i["communes"]]
        assert here
        assert {i["statut"] for i in here} <= {"a_verifier", "couvert_en_partie", "couvert"}
        assert any("cls-villeurbanne" in i["id_dispositifs"] for i in here)

    def test_a_departement_by_code_and_by_name(self, answer, register):
        by_code = answer("coverage", "--departement", "01", "--type", "clsm")
        by_name = answer("coverage", "--departement", "ain", "--type", "CLSM")
        assert by_code == by_name
        assert by_code["territoire"] == {"niveau": "departement", "code": "01", "nom": "Ain"}
        assert by_code["qpv"] == (register["departement"] == "01").sum()

    def test_departements_add_up_to_their_region(self, answer, register):
        region = answer("coverage", "--region", "53")
        parts = [
            answer("coverage", "--departement", code)
            for code in sorted(register.loc[register["region"] == "53", "departement"].unique())
        ]
        for statut, counts in region["statuts"].items():
            for total in ("qpv", "habitants"):
                assert counts[total] == sum(part["statuts"][statut][total] for part in parts)

    def test_the_list_of_a_departement(self, answer):
        found = answer("coverage", "--departement", "01", "--list")
        items = {item["code_qpv"]: item for item in found["items"]}
        assert len(items) == found["qpv"]
        bourg = items["QN00101M"]
        assert bourg["statut"] == "couvert"
        assert bourg["part_couverte"] == 1.0
        assert bourg["communes"] == ["01053"]
        assert bourg["noms_communes"] == ["Bourg-en-Bresse"]
        assert bourg["epci"] == "200071751"
        assert bourg["departement"] == "01"
        assert bourg["habitants"] == 6399
        # dispositifs.csv: "CLSM de Bourg-en-Bresse", source_date 2024-10-31
        assert bourg["id_dispositifs"] == ["clsm-bourg-en-bresse"]
        assert bourg["nom_dispositifs"] == ["CLSM de Bourg-en-Bresse (page de 2024)"]
        assert items["QN00103M"]["statut"] == "sans_dispositif_recense"
        assert items["QN00103M"]["id_dispositifs"] == items["QN00103M"]["nom_dispositifs"] == []

    def test_gives_the_inhabitants_covered_by_their_bounds(self, run):
        # Vienne, by hand in tests/unit/views/test_inequality_bivariate.py: 3 355 of 25 940 (13 %),
        # 18 023 with the two QPV covered in part (69 %); 2 QPV of 6 (33 %), 4 with them (67 %).
        _, out, _ = run("coverage", "--departement", "86")
        said = " ".join(out.split())
        assert "Habitants de QPV couverts : de 13 à 69 %" in said
        assert "(3 355 sans les QPV couverts en partie, 18 023 avec, environ 16 689" in said
        assert "QPV couverts : de 33 à 67 % (2 sans, 4 avec)" in said

    def test_names_the_devices_in_the_table(self, run):
        _, out, _ = run("coverage", "--departement", "01", "--list")
        assert "clsm-" not in out
        assert "CLSM de Bourg-en-Bresse" in " ".join(out.split())

    def test_pierrefitte_and_saint_denis(self, answer):
        items = {
            item["code_qpv"]: item
            for item in answer("coverage", "--departement", "93", "--list")["items"]
        }
        assert items["QN09336I"]["communes"] == ["93059"]
        assert items["QN09336I"]["statut"] == "couvert"
        # Since the CLSM of Saint-Denis (93066) is in the register, it holds the whole commune of
        # today, Pierrefitte (93059) included; Stains (93072) is in neither perimeter.
        assert items["QN09337M"]["id_dispositifs"] == ["clsm-saint-denis"]
        assert items["QN09342M"]["statut"] == "couvert"
        assert len(items["QN09342M"]["id_dispositifs"]) == 2
        assert items["QN09335M"]["communes"] == ["93059", "93072"]
        assert items["QN09335M"]["statut"] == "couvert_en_partie"
        # 93059 has no contour any more: it has what 93072 leaves of the area, 1 - 0.0965
        assert items["QN09335M"]["part_couverte"] == 0.9035

    def test_the_share_of_a_qpv_is_that_of_its_area(self, answer):
        """Roubaix holds 0.8924 of QN05980M, Croix, Tourcoing and Wattrelos 0.1076 (Lambert-93,
        intersection of the contours of the communes); only Roubaix has an active CLSM."""
        items = answer("coverage", "--departement", "59", "--list")["items"]
        item = next(row for row in items if row["code_qpv"] == "QN05980M")
        assert item["statut"] == "couvert_en_partie"
        assert item["part_couverte"] == 0.8924
        assert (item["n_communes_couvertes"], item["n_communes"]) == (1, 4)

    def test_an_ept_and_paris_are_offered_as_epci(self, answer):
        assert answer("coverage", "--epci", "200057867")["territoire"]["nom"] == "Plaine Commune"
        paris = answer("coverage", "--epci", "75056", "--list")
        assert {item["departement"] for item in paris["items"]} == {"75"}

    def test_a_past_date_counts_fewer_and_says_why(self, answer):
        now, past = answer("coverage"), answer("coverage", "--on", "2012-01-01")
        assert past["on"] == "2012-01-01"
        assert past["statuts"]["couvert"]["qpv"] < now["statuts"]["couvert"]["qpv"]
        assert any("première année" in note for note in past["avertissements"])

    def test_csv_for_french_excel(self, cells):
        rows = cells("coverage", "--departement", "93", "--list")
        assert rows[0]["part_couverte"] == "0"
        assert {row["part_couverte"] for row in rows} >= {"0", "0,9035", "1"}
        assert {row["statut"] for row in rows} <= {status.label for status in STATUSES.values()}
        assert [row["statut"] for row in cells("coverage")] == [
            status.label for status in STATUSES.values()
        ]

    def test_the_table_says_what_where_and_when(self, run):
        code, out, _ = run("coverage", "--departement", "93")
        assert code in {0, None}
        assert "Seine-Saint-Denis" in out
        assert "sans dispositif recensé" in out
        assert "sans dispositif  " not in out  # nowhere is the register declared complete
        assert "« Sans CLSM recensé »" in " ".join(out.split())  # lines are broken at the width


class TestServerFacts:
    @pytest.fixture
    def declare(self, tmp_path, monkeypatch):
        def write(*lines):
            header = "type,niveau,code,auteur,date,note"
            text = "\n".join([header, *lines]) + "\n"
            (tmp_path / "completude.csv").write_text(text, encoding="utf-8")
            monkeypatch.setenv("CLSM_MAP_FACTS", str(tmp_path))
            get_settings.cache_clear()

        yield write
        get_settings.cache_clear()

    def test_completeness_declared_then_withdrawn(self, answer, declare):
        lozere = ("coverage", "--departement", "48")
        declare("CLSM,departement,48,ARS Occitanie,2026-01-01,")
        assert answer(*lozere)["statuts"]["sans_dispositif"]["qpv"] == 1
        assert answer(*lozere, "--on", "2025-12-31")["statuts"]["sans_dispositif"]["qpv"] == 0
        declare()
        statuts = answer(*lozere)["statuts"]
        assert statuts["sans_dispositif"]["qpv"] == 0
        assert statuts["sans_dispositif_recense"]["qpv"] == 1


class TestGaps:
    def test_nearest_first_within_the_radius(self, answer):
        found = answer("gaps", "--near", "clsm-bourg-en-bresse", "--radius-km", "26,5")
        distances = [item["distance_km"] for item in found["items"]]
        assert distances == sorted(distances)
        assert 0 < distances[-1] <= 26.5
        assert {item["statut"] for item in found["items"]} == {"sans_dispositif_recense"}
        first = found["items"][0]
        assert first["nom_qpv"] == "Les Courbes De L'Albarine"
        assert first["id_dispositif_plus_proche"] == "clsm-bourg-en-bresse"
        assert first["nom_dispositif_plus_proche"] == "CLSM de Bourg-en-Bresse"
        assert first["distance_dispositif_km"] == first["distance_km"]
        assert first["taux_pauvrete"] == 47.0
        assert found["lieu"]["nature"] == "dispositif"

    def test_the_columns_promised(self, cells):
        row = cells("gaps", "--near", "93066", "--radius-km", "1")[0]
        assert {
            "code_qpv",
            "nom_qpv",
            "distance_km",
            "communes",
            "epci",
            "habitants",
            "taux_pauvrete",
            "statut",
            "id_dispositif_plus_proche",
            "nom_dispositif_plus_proche",
            "distance_dispositif_km",
        } <= set(row)

    @pytest.mark.parametrize(
        ("near", "nature"),
        [
            ("93066", "commune"),
            ("200057867", "epci"),
            ("QN09337M", "qpv"),
            ("2.36,48.93", "point"),
            ("75118", "commune"),
            ("Mende", "commune"),
        ],
    )
    def test_every_kind_of_place(self, answer, near, nature):
        found = answer("gaps", "--near", near, "--radius-km", "5")
        assert found["lieu"]["nature"] == nature
        assert found["qpv"] == len(found["items"]) > 0

    def test_nothing_crosses_a_sea(self, answer):
        guadeloupe = answer("gaps", "--near", "-61.7,16.0", "--radius-km", "500")
        assert {item["departement"] for item in guadeloupe["items"]} == {"971"}
        corse = answer("gaps", "--near", "2B033", "--radius-km", "500")
        assert {item["departement"] for item in corse["items"]} <= {"2A", "2B"}

    def test_a_former_commune_says_what_it_stands_on(self, answer):
        found = answer("gaps", "--near", "93059", "--radius-km", "1")
        assert found["lieu"]["nom"] == "Pierrefitte-sur-Seine"
        assert any("Commune fusionnée" in note for note in found["avertissements"])

    def test_unknown_populations_and_devices_are_null(self, answer):
        item = answer("gaps", "--near", "QN98707M", "--radius-km", "1")["items"][0]
        assert item["habitants"] is None
        assert item["id_dispositif_plus_proche"] is None
        assert item["distance_dispositif_km"] is None


class TestHistory:
    def test_computed_and_published_are_never_merged(self, answer):
        found = answer("history", "--from", "2019", "--to", "2020")
        assert [row["annee"] for row in found["calcule"]] == [2019, 2020]
        assert found["calcule"][0]["date"] == "2019-01-01"
        published = [
            (row["annee"], row["valeur"])
            for row in found["publie"]
            if row["serie"] == "qpv_couverts"
        ]
        assert published == [(2019, 624.0), (2020, 677.0)]
        assert all(row["source"] for row in found["publie"])

    def test_agrees_with_coverage_on_the_same_day(self, answer):
        history = answer("history", "--from", "2018", "--to", "2018", "--region", "53")
        coverage = answer("coverage", "--on", "2018-01-01", "--region", "53")
        row = history["calcule"][0]
        assert row["dispositifs"] == coverage["dispositifs"]["actifs"]
        assert row["qpv_couverts"] == coverage["statuts"]["couvert"]["qpv"]
        assert row["debut_inconnu"] > 0

    def test_at_1_january_what_began_before_that_year(self, answer):
        """Counted on the raw facts: CLSM said active whose first year is before the year; no page
        dates one of them to a 1 January of its first year."""
        facts = pd.read_csv(FACTS / "dispositifs.csv", dtype=str)
        clsm = facts[(facts["type"] == "CLSM") & (facts["statut"] == "actif")]
        first = pd.to_numeric(clsm["annee_debut"])
        found = answer("history", "--from", "2005", "--to", "2026")
        counts = {row["annee"]: row["dispositifs"] for row in found["calcule"]}
        assert counts == {year: (first < year).sum() for year in range(2005, 2027)}
        assert [counts[year] for year in (2015, 2019, 2020, 2025, 2026)] == [16, 43, 50, 64, 67]
        assert found["avertissements"][0].startswith("Au 1er janvier")

    def test_of_a_territory_as_an_argument(self, answer):
        by_option = answer("history", "--from", "2020", "--departement", "93")
        assert answer("history", "departement:93", "--from", "2020") == by_option
        assert by_option["publie"] == []

    def test_csv_tells_the_two_apart(self, cells):
        rows = cells("history", "--type", "ASV", "--from", "2008", "--to", "2009")
        assert {row["origine"] for row in rows} == {"calculé", "publié"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["coverage", "--type", "CLMS"], "CLSM, ASV, CLS"),
        (["coverage", "--on", "31/12/2020"], "AAAA-MM-JJ"),
        (["coverage", "--on", "1999-12-31"], "hors de portée"),
        (["coverage", "--on", "3000-01-01"], "hors de portée"),
        (["coverage", "--region", "Bretagn"], "region:53 Bretagne"),
        (["coverage", "--departement", "999"], "999"),
        (["coverage", "--epci", "240100891"], "Aucun"),
        (["coverage", "--region", "53", "--departement", "35"], "Un seul territoire"),
        (["coverage", "--json", "--csv"], "--json et --csv"),
        (["gaps", "--near", "clsm-bourg"], "clsm-bourg-en-bresse"),
        (["gaps", "--near", "clsm-pays-viennois"], "n'est pas connu"),
        (["gaps", "--near", "48.93,2.36"], "longitude,latitude"),
        (["gaps", "--near", "departement:93"], "On cherche autour"),
        (["gaps", "--near", "93"], "departement:93 Seine-Saint-Denis ; region:93 Provence"),
        (["gaps", "--near", "69200"], "commune:69259 Vénissieux (code postal 69200)"),
        (["history", "75"], "departement:75 Paris ; region:75 Nouvelle-Aquitaine"),
        (["gaps", "--near", "93066", "--radius-km", "loin"], "n'est pas un rayon"),
        (["gaps", "--near", "93066", "--radius-km", "-1"], "hors de portée"),
        (["gaps", "--near", "93066", "--radius-km", "nan"], "hors de portée"),
        (["gaps", "--near", "01053", "--radius-km", "0"], "élargissez le rayon"),
        (["history", "--from", "1990"], "hors de portée"),
        (["history", "--from", "2020", "--to", "2010"], "la première d'abord"),
        (["history", "--from", "hier"], "années"),
        (["history", "nulle part au monde"], "nulle part au monde"),
    ],
)
def test_refusals_are_french_sentences_with_exit_code_2(run, words, said):
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert said in err
    assert err.strip().endswith((".", "?"))
    assert "Traceback" not in err


def test_today_is_that_of_paris():
    assert abs((paris_today() - dt.datetime.now(dt.UTC).date()).days) <= 1


class TestHarvest:
    def test_each_region_with_what_is_published_and_its_source(self, answer):
        found = answer("coverage", "--type", "CLS", "--harvest")
        # 188 CLS in dispositifs.csv; 26 of the five départements of Pays de la Loire, 23 of them
        # from one page; 23 published on 31 December 2019 (chiffres.csv).
        assert found["recenses"] == 188
        row = next(r for r in found["regions"] if r["code"] == "52")
        assert (row["recenses"], row["de_la_source"], row["source"]) == (
            26, 23, "ARS Pays de la Loire",
        )  # fmt: skip
        assert row["publies"].replace("\u00a0", " ") == "23 (31 décembre 2019)"
        assert row["complete"] is False
        assert "188\u00a0CLS recensés ; 54 (29\u00a0%) d’une même source" in found["constat"]

    def test_in_words_and_in_csv(self, run, cells):
        code, out, _ = run("coverage", "--type", "ASV", "--harvest")
        assert code in {0, None}
        assert "ASV recensés par région, selon la récolte, inégale" in out
        assert "laissés de côté : Gard, Rhône-Alpes." in out
        rows = {r["Région"]: r for r in cells("coverage", "--type", "ASV", "--harvest")}
        assert rows["Île-de-France"]["Publiés"] == "57 (2008)"

    def test_all_the_regions_or_nothing(self, run):
        code, _, err = run("coverage", "--harvest", "--region", "84")
        assert code == 2
        assert "--harvest donne toutes les régions" in err
