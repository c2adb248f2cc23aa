"""Need against coverage: classes over France, counts of what is shown, refusals."""

import datetime as dt

import pandas as pd
import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.need import need_of
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE
from clsm_map.maps.carte import bivariate_styles
from clsm_map.settings import ROOT
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.store.territories import find_territory
from clsm_map.views.inequality.bivariate import map_levels, need_coverage

FACTS = ROOT / "data" / "facts"
DAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="module")
def coverage(snapshot):
    ground = Ground.of(snapshot, embedded_register(snapshot))
    return coverage_on(ground, "CLSM", DAY, today=DAY)


def test_every_territory_shown_is_in_one_cell_or_without_a_class(snapshot, coverage):
    found = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    assert sum(map(sum, found.counts)) + found.unclassed == len(found.frame) == 101


def test_fewer_psychiatrists_is_a_greater_need(snapshot, coverage):
    found = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    rows = found.frame.dropna(subset=["classe_besoin"])
    high = rows.loc[rows["classe_besoin"] == 3, "besoin"]
    low = rows.loc[rows["classe_besoin"] == 1, "besoin"]
    assert high.max() <= low.min()
    assert "plus bas, plus de besoin" in found.edges_text


def test_classes_are_those_of_france_whatever_the_territory(snapshot, coverage):
    region = find_territory(snapshot, "region:84")
    here = need_coverage(snapshot, coverage, region, "departement", "psychiatres")
    france = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    both = here.frame.merge(france.frame, on="code", suffixes=("", "_france"))
    assert len(both) == 12
    same = both["classe_besoin"].eq(both["classe_besoin_france"])
    assert (same | both["classe_besoin"].isna()).all()


def test_a_territory_without_qpv_has_no_class(snapshot, coverage):
    found = need_coverage(snapshot, coverage, FRANCE, "epci", "beneficiaires_aides_logement")
    without = found.frame.loc[found.frame["qpv"] == 0, "code"]
    assert len(without) > 0
    assert (found.position.loc[without] == 9).all()


def test_what_has_no_direction_is_no_need(snapshot, coverage):
    with pytest.raises(InvalidInputError, match="ni favorable ni défavorable"):
        need_coverage(snapshot, coverage, FRANCE, "departement", "lits_psychiatrie")
    with pytest.raises(InvalidInputError, match="seulement pour"):
        need_coverage(snapshot, coverage, FRANCE, "epci", "psychiatres")


def test_levels_depend_on_the_territory(snapshot):
    assert map_levels(snapshot, FRANCE) == ["epci", "departement"]
    assert map_levels(snapshot, find_territory(snapshot, "departement:93")) == ["epci"]


@pytest.fixture(scope="module")
def by_index(snapshot, coverage):
    return need_coverage(snapshot, coverage, FRANCE, "departement", need_of(snapshot))


def test_a_territory_of_which_few_inhabitants_have_a_score_is_unknown(by_index):
    # By hand from indicateurs_qpv.csv and qpv_2024.csv (the next test counts them): of the 57 QPV
    # of La Réunion 7 have at least half of the weights, with 37 % of the 182 969 inhabitants.
    rows = by_index.frame.set_index("code")
    assert rows.loc["974", ["qpv", "qpv_notes"]].tolist() == [57, 7]
    assert rows.loc[["971", "973", "974"], "besoin"].isna().all()
    assert (by_index.position.loc[["971", "973", "974"]] == 9).all()
    assert "La Réunion (7\u00a0QPV sur 57, 37\u00a0% des habitants)" in by_index.unknown.replace(
        "7 QPV", "7\u00a0QPV"
    )
    assert "Outre-mer, aucune valeur n’est publiée pour" in by_index.unknown
    assert "Taux de pauvreté" in by_index.unknown
    assert by_index.row_text("974").startswith("La Réunion (7 QPV sur 57, 37")
    assert "besoin inconnu" in by_index.row_text("974")


def test_the_qpv_of_la_reunion_that_have_half_of_the_weights():
    # No poverty (3) nor RSA (1) overseas: half of 9 takes employment (2), people alone (1) and the
    # two of access to care (2), that the commune and the département give.
    facts = pd.read_csv(FACTS / "indicateurs_qpv.csv", dtype=str).set_index("code_qpv")
    people = pd.read_csv(FACTS / "qpv_2024.csv", dtype=str).set_index("code_qpv")
    own = facts.loc[facts.index.str.startswith("QN974")]
    scored = own.index[own["taux_emploi"].notna() & own["part_menages_1_personne"].notna()]
    population = people["population_2020"].astype(float)
    share = population[scored].sum() / population[people["departement"] == "974"].sum()
    assert (len(scored), round(100 * share)) == (7, 37)
    assert own["taux_pauvrete"].isna().all()


def test_the_thirds_hold_about_a_third_of_the_inhabitants(by_index):
    people = by_index.frame.groupby("classe_besoin")["habitants"].sum()
    share = people / people.sum()
    assert share.between(0.28, 0.39).all()
    assert by_index.frame.set_index("code").loc["93", "classe_besoin"] == 1  # 693 030 of them


def test_need_is_said_to_be_among_quartiers(by_index, snapshot, coverage):
    assert by_index.need_labels[0] == "besoin bas parmi les quartiers prioritaires"
    assert "un besoin élevé parmi les quartiers prioritaires" in by_index.finding
    assert "parmi les quartiers prioritaires" in by_index.classes_title
    other = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres")
    assert other.need_labels[0] == "besoin bas"


def test_nine_colours_are_all_different():
    fills = [style.fill for style in bivariate_styles()]
    assert len(fills) == len(set(fills)) == 10


def test_the_table_gives_both_bounds_and_the_estimate_that_the_map_colours(snapshot, coverage):
    # By hand, qpv_2024.csv: the CLSM of Poitiers holds commune 86194 alone. Whole: QN08603M 1 318 +
    # QN08606M 2 037; in part: QN08604M 4 226 (with Saint-Benoît, 73.67 % of the area) and QN08605M
    # 10 442 (with Buxerolles, 97.88 %); 3 355 + 3 113.3 + 10 220.6 = 16 688.9; of 25 940: 64.3 %.
    table = need_coverage(snapshot, coverage, FRANCE, "departement", "psychiatres").table()
    row = table.set_index("Code").loc["86"]
    assert row["Habitants des QPV (RP 2020)"] == 25940
    assert row["Couverts en entier"] == 1318 + 2037
    assert row["Avec les QPV couverts en partie"] == 1318 + 2037 + 4226 + 10442
    assert row["Estimés selon la surface"] == 16689
    assert row["Habitants couverts selon la surface (%)"] == 64
    # Mayotte's QPV have no known population: nothing is said of it, not zero.
    assert pd.isna(table.set_index("Code").loc["976", "Couverts en entier"])
