"""``compare`` and ``index`` on the embedded snapshot, checked against the source files."""

import json

import pandas as pd
import pytest

from clsm_map.__main__ import main
from clsm_map.settings import ROOT

FACTS = ROOT / "data" / "facts"
BOURG, AIN_QPV = "200071751", "QN00101M"


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
def profile(answer):
    def execute(*words):
        found = answer("compare", *words)["territoires"][0]
        return found, {row["indicateur"]: row for row in found["indicateurs"]}

    return execute


def facts(name, index):
    return pd.read_csv(FACTS / name, dtype={index: str, "departement": str}).set_index(index)


@pytest.fixture(scope="module")
def qpv():
    columns = ["code_qpv", "departement", "region", "epci", "population_2020"]
    types = dict.fromkeys(columns[:4], str)
    return pd.read_csv(FACTS / "qpv_2024.csv", dtype=types, usecols=columns).set_index("code_qpv")


class TestOneQpv:
    def test_values_are_those_of_the_source(self, profile):
        source = facts("indicateurs_qpv.csv", "code_qpv").loc[AIN_QPV]
        found, rows = profile(AIN_QPV)
        assert found["territoire"]["code"] == AIN_QPV
        assert found["reference"] == {"niveau": "departement", "code": "01", "nom": "Ain"}
        for name in ("taux_pauvrete", "taux_emploi", "menages", "indice_jeunesse"):
            assert rows[name]["valeur"] == source[name]
        share = 100 * source["allocataires_rsa"] / source["allocataires_caf"]
        assert rows["part_allocataires_rsa"]["valeur"] == pytest.approx(share)

    def test_reference_gap_rank_and_percentile(self, profile):
        _, rows = profile(AIN_QPV)
        source = facts("indicateurs_qpv.csv", "code_qpv")["taux_pauvrete"].dropna()
        ain = facts("indicateurs_departements.csv", "departement").loc["01", "taux_pauvrete_2021"]
        row, value = rows["taux_pauvrete"], source[AIN_QPV]
        assert row["reference"] == ain
        assert (value, ain, row["ecart"]) == (46, 10.8, 35)  # written « 46 % » and « 11 % »
        assert row["rapport"] == pytest.approx(value / ain)
        assert (row["rang"], row["n_pairs"]) == (1 + int((source > value).sum()), len(source))
        below = (source < value).sum() + (source == value).sum() / 2
        assert row["percentile"] == pytest.approx(100 * below / len(source))
        assert row["mediane_pairs"] == source.median()

    def test_all_the_qpv_of_the_departement_together(self, profile, qpv):
        _, rows = profile(AIN_QPV)
        source = facts("indicateurs_qpv.csv", "code_qpv").join(qpv)
        ain = source.loc[source["departement"] == "01"]
        known = ain.dropna(subset=["taux_emploi", "population_2020"])
        weights = known["population_2020"]
        mean = (known["taux_emploi"] * weights).sum() / weights.sum()
        assert rows["taux_emploi"]["reference"] == pytest.approx(mean)
        assert "approximation" in rows["taux_emploi"]["mise_en_garde"]
        rsa = 100 * ain["allocataires_rsa"].sum() / ain["allocataires_caf"].sum()
        assert rows["part_allocataires_rsa"]["reference"] == pytest.approx(rsa)

    def test_its_commune_as_the_reference(self, profile):
        communes = facts("indicateurs_communes.csv", "code_commune")
        found, rows = profile(AIN_QPV, "--with", "commune")
        assert found["reference"]["code"] == "01053"
        assert rows["taux_pauvrete"]["reference"] == communes.loc["01053", "taux_pauvrete_2021"]

    def test_levels_that_do_not_suit_are_refused_with_the_reason(self, profile):
        found, rows = profile(AIN_QPV)
        refused = {row["indicateur"]: row["raison"] for row in found["refus"]}
        assert "psychiatres" in refused
        assert "départements" in refused["psychiatres"]
        assert not set(refused) & set(rows)


def test_one_epci(profile, qpv):
    found, rows = profile(BOURG)
    inside = qpv.loc[qpv["epci"] == BOURG, "population_2020"]
    assert rows["nombre_qpv"]["valeur"] == len(inside)
    assert rows["population_qpv_2024"]["valeur"] == inside.sum()
    assert rows["nombre_qpv"]["ecart"] is None
    income = rows["revenu_imposable_par_habitant"]
    assert income["ecart"] == round(income["valeur"]) - round(income["reference"])  # as written
    assert income["annee"] == 2022
    assert found["reference"]["code"] == "01"
    assert 1200 < income["n_pairs"] <= 1264


def test_one_region(profile, qpv):
    found, rows = profile("region:84", "--with", "france")
    inside = qpv.loc[qpv["region"] == "84", "population_2020"]
    assert rows["nombre_qpv"]["valeur"] == len(inside)
    assert rows["population_qpv_2024"]["valeur"] == inside.sum()
    assert rows["nombre_qpv"]["reference"] == 1584
    assert rows["revenu_imposable_par_habitant"]["n_pairs"] == 18
    assert found["pairs"].startswith("régions")


def test_one_departement_against_the_atlas(profile):
    atlas = pd.read_csv(FACTS / "indicateurs_sante_mentale_departements.csv", dtype=str)
    atlas = atlas.loc[(atlas["code_atlas"] == "OFFX5") & (atlas["annee"] == "2019")]
    values = atlas.set_index("departement")["valeur"].astype(float)
    _, rows = profile("departement:01")
    row = rows["psychiatres"]
    assert (row["valeur"], row["reference"]) == (values["01"], values["FR"])
    peers = values.drop("FR")
    assert row["rang"] == 1 + int((peers > values["01"]).sum())
    assert row["n_pairs"] == 101


def by_inhabitants(column, cities_too=True):
    """Average a column of the facts by the inhabitants of the census of 2023, from the raw files.

    Paris, Lyon and Marseille have no value of their own: their arrondissements stand for them.
    """
    values = facts("indicateurs_communes.csv", "code_commune")[column]
    people = facts("communes_2026.csv", "code")["population_2023"].reindex(values.index)
    arrondissement = values.index.str.match(r"751\d\d|6938\d|132\d\d")
    known = values.notna() & people.notna() & (cities_too | ~arrondissement)
    return (values[known] * people[known]).sum() / people[known].sum()


def test_a_rate_of_communes_has_the_mean_of_inhabitants_for_reference_not_of_communes(profile):
    """One commune counted for one gave 2,88 and −0,3 as the reference of France."""
    _, rows = profile("commune:01053", "--with", "france")
    access, index = rows["apl_generalistes"], rows["fedi"]
    # The product leaves out the few communes merged or split since: hence the tolerance.
    # 3.75 and +3.8; the communes alone, without Paris, Lyon and Marseille, give 3.69 and +3.6
    assert access["reference"] == pytest.approx(by_inhabitants("apl_generalistes_2023"), abs=0.005)
    assert round(access["reference"], 2) == 3.75
    assert round(by_inhabitants("apl_generalistes_2023", cities_too=False), 2) == 3.69
    assert index["reference"] == pytest.approx(by_inhabitants("fedi_2021"), abs=0.05)
    assert round(index["reference"], 1) == 3.8
    assert round(by_inhabitants("fedi_2021", cities_too=False), 1) == 3.6
    assert access["mediane_pairs"] == pytest.approx(2.88)
    for row in (access, index):
        assert row["reference_nature"] == "calculée"
        assert row["reference_nom"] == "France, moyenne pondérée par les habitants"
        assert "communes et arrondissements" in row["mise_en_garde"]
    # the producer's published national value, where there is one, is not recomputed
    _, rows = profile("departement:01")
    atlas = pd.read_csv(FACTS / "indicateurs_sante_mentale_departements.csv", dtype=str)
    france = atlas.query("departement == 'FR' and code_atlas == 'OFFX5'")["valeur"].iloc[0]
    assert rows["psychiatres"]["reference"] == float(france) == 22.94
    assert rows["psychiatres"]["reference_nature"] == "publiée"
    # a median and a life expectancy cannot be averaged: no reference
    assert rows["niveau_de_vie_median"]["reference"] is None
    assert rows["esperance_vie_femmes"]["reference"] is None


def test_equal_places_are_said_to_be_equal(profile, run):
    """Premature mortality is published to one decimal: 16 values for 101 départements."""
    source = facts("indicateurs_departements.csv", "departement")["mortalite_prematuree_2024"]
    assert source.nunique() == 16
    _, rows = profile("departement:01")
    row = rows["mortalite_prematuree"]  # 1,4: six départements; 1,3: three; 1,2: one
    assert (row["rang"], row["ex_aequo"], row["n_pairs"]) == (92, 6, 101)
    _, out, _ = run("compare", "departement:01", "--indicator", "mortalite_prematuree")
    assert "92e ex aequo (6) / 101" in " ".join(out.replace("\u202f", " ").split())


def test_the_population_is_municipal_and_says_its_census(profile, run):
    """68.5 million were offered as the population of France: those counted apart were twice."""
    # The communes of the facts, without arrondissements (their cities have them) and without the
    # collectivités d'outre-mer, which are of no région.
    people = facts("communes_2026.csv", "code")
    people = people[(people["type"] == "commune") & people["departement"].ne("975")]
    people = people[~people["departement"].isin(["977", "978", "984", "986", "987", "988", "989"])]
    assert people["population_2023"].sum() == 68_350_798
    _, rows = profile("region:84")
    own = people.loc[people["region"].astype(str).str[:2] == "84", "population_2023"].sum()
    assert rows["population_municipale"]["valeur"] == own
    assert rows["population_municipale"]["reference"] == 68_350_798
    assert rows["population_municipale"]["moment"] == "RP 2023"
    assert "population_totale" not in rows
    # the grants of 2022 rest on the census of 2019; their housing on none
    assert rows["revenu_imposable_par_habitant"]["moment"] == "répartition 2022 (RP 2019)"
    assert rows["part_logements_sociaux"]["moment"] == "répartition 2022"
    code, _, err = run("compare", "region:84", "--indicator", "population_totale")
    assert code == 2, err


def test_mainland_france_is_computed_only_where_it_can_be(profile):
    _, rows = profile("region:84", "--with", "hexagone")
    income = rows["revenu_imposable_par_habitant"]
    assert income["reference_nature"] == "calculée"
    _, france = profile("region:84")
    assert income["reference"] > france["revenu_imposable_par_habitant"]["reference"]
    housing = rows["part_logements_sociaux"]
    assert housing["reference"] is None
    assert "dénominateur" in housing["mise_en_garde"]


def test_a_group_of_qpv_as_the_subject(profile, qpv):
    found, rows = profile("qpv@departement:93", "--with", "france")
    assert found["territoire"]["code"] == "qpv@departement:93"
    inside = qpv.loc[qpv["departement"] == "93", "population_2020"]
    assert rows["population"]["valeur"] == inside.sum()
    assert rows["taux_pauvrete"]["rang"] is None


def test_several_territories(answer, run):
    found = answer("compare", "departement:01", "departement:93")["territoires"]
    assert [one["territoire"]["code"] for one in found] == ["01", "93"]
    code, out, _ = run("compare", "departement:01", "region:84")
    assert code in {0, None}
    assert "pas du même niveau" in out


def test_the_table_writes_gaps_between_percentages_in_points(run):
    code, out, _ = run("compare", AIN_QPV)
    assert code in {0, None}
    assert "+35\xa0points" in out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Bourg-en-Bres",), "Bourg-en-Bresse"),
        (("01053", "--with", "nulle part"), "Aucun territoire"),
        (("93066", "--with", "93"), "departement:93 Seine-Saint-Denis ; region:93"),
        (("93066", "--peers", "93"), "departement:93 Seine-Saint-Denis ; region:93"),
        (("93066", "--with", "qpv@93"), "departement:93 Seine-Saint-Denis ; region:93"),
        (("84", "departement:93"), "departement:84 Vaucluse ; region:84 Auvergne-Rhône-Alpes"),
        (("01053", "01053"), "différents"),
        (("01053", "01004", "01005", "01006", "01007"), "au plus 4"),
        (("01053", "--indicator", "inconnu"), "inconnu"),
        (("QN00306M", "--with", "commune"), "référence"),
    ],
)
def test_refusals(run, words, expected):
    code, out, err = run("compare", *words)
    assert (code, out) == (2, "")
    assert expected in err


class TestIndex:
    def test_every_qpv_is_there_with_what_makes_its_score(self, answer):
        found = answer("index")
        items = found["items"]
        assert len(items) == 1584
        assert {"code", "nom", "score", "rang", "rang_min", "rang_max"} <= set(items[0])
        scored = [row for row in items if row["score"] is not None]
        assert len(scored) == found["n"]
        assert [row["rang"] for row in scored] == sorted(row["rang"] for row in scored)
        first = scored[0]
        points = [p for p in first["contributions"].values() if p is not None]
        assert 50 + sum(points) == pytest.approx(first["score"])
        assert all(row["rang_min"] <= row["rang"] <= row["rang_max"] for row in scored)
        assert {row["code"][:5] for row in items if row["score"] is None} >= {"QN976", "QN987"}
        assert "pas un score officiel" in found["avertissements"][0]

    def test_weights_of_ones_own(self, answer, tmp_path):
        path = tmp_path / "poids.csv"
        path.write_text("indicateur;poids\ntaux_pauvrete;1\n", encoding="utf-8")
        found = answer("index", "--weights", str(path), "--region", "84")
        source = facts("indicateurs_qpv.csv", "code_qpv")["taux_pauvrete"]
        assert found["n"] == source.notna().sum()
        best = found["items"][0]
        region = [row["code"] for row in found["items"]]
        assert source[best["code"]] == source.reindex(region).max()
        assert best["rang"] == 1 + int((source > source[best["code"]]).sum())

    def test_communes_and_the_geometric_mean(self, run):
        code, out, _ = run("index", "--level", "commune", "--mean", "geometrique", "--top", "3")
        assert code in {0, None}
        assert "géométrique" in out

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            (("--level", "canton"), "qpv"),
            (("--mean", "harmonique"), "geometrique"),
            (("--weights", "/nulle/part.csv"), "ne peut pas être lu"),
            (("--epci", "200000438"), "Pontchâteau"),
        ],
    )
    def test_refusals(self, run, words, expected):
        code, out, err = run("index", *words)
        assert (code, out) == (2, "")
        assert expected in err
