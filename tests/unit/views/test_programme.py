"""The made-up sample read in territories, its tables, and the published totals beside."""

import datetime as dt
import math

import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.programme import sessions_of
from clsm_map.domain.programme import EXAMPLE
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import NBSP, NNBSP
from clsm_map.register import validate
from clsm_map.settings import ROOT
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.views.programme import (
    exported,
    figure_lines,
    file_name,
    part_table,
    programme_view,
    quartier_table,
    score_sentence,
    score_table,
    score_year_table,
    year_table,
)
from clsm_map.views.programme_published import published_reach

TODAY = dt.date(2026, 11, 21)
BRETAGNE = Territory("region", "53", "Bretagne")
NORD = Territory("departement", "59", "Nord")
RENNES = Territory("epci", "243500139", "Rennes Métropole")
MARK = f"Exemple, données fictives{NBSP}: "


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="module")
def coverage(snapshot):
    ground = Ground.of(snapshot, embedded_register(snapshot))
    return coverage_on(ground, "CLSM", TODAY, today=TODAY)


@pytest.fixture(scope="module")
def sample(snapshot):
    return validate(ROOT / "data" / "exemples" / "programme-exemple.csv", snapshot).programme


@pytest.fixture
def read(snapshot, coverage, sample):
    def run(territory=FRANCE, frame=sample):
        sessions = sessions_of(frame, coverage.ground)
        return programme_view(snapshot, sessions, coverage, territory)

    return run


def test_the_finding_states_the_reach_its_denominator_and_that_it_is_made_up(read):
    said = f"{MARK}France, 2022-2025{NBSP}: 29{NBSP}quartiers atteints sur 1{NNBSP}584 "
    assert read().finding() == f"{said}(1,8{NBSP}%), en 74{NBSP}séances."


def test_true_rows_carry_no_mention(read, sample):
    view = read(BRETAGNE, sample.assign(note=None))
    assert view.finding().startswith("Bretagne, 2022-2025")
    assert view.title == "Quartiers atteints par le programme, Bretagne, 2022-2025"
    assert file_name(view, "annees") == "programme_annees_53"
    assert "Mention" not in exported(view, year_table(view)).columns
    assert not any("fictives" in label for _, label, _ in figure_lines(view))


def test_years_add_up_to_the_sample(read):
    table = year_table(read()).set_index("Année")
    assert table.index.tolist() == ["2022", "2023", "2024", "2025"]
    assert table.loc["2022", ["Lignes", "Séances", "Participants"]].tolist() == [8, 17, 187]
    assert table["Lignes"].sum() == 32
    assert table["Séances"].isna().tolist() == [False, False, True, False]
    assert table.loc["2025", "Atteints depuis le début"] == 29


def test_the_years_without_a_row_are_told(read):
    assert read().qpv_sentence().endswith("Aucune ligne pour 2024.")
    assert "Aucune ligne pour 2023, 2024." in read(NORD).qpv_sentence()
    assert "sont 2, comme au début" in read(NORD).qpv_sentence()


def test_a_single_year_has_no_evolution(read, sample):
    view = read(frame=sample[sample["annee"] == "2023"])
    assert view.period == "2023"
    assert "pas d’évolution" in view.qpv_sentence()


def test_a_territory_without_a_row_says_so(read):
    view = read(Territory("departement", "48", "Lozère"))
    assert "aucune ligne du tableau" in view.finding()
    assert read(Territory("departement", "15", "Cantal")).reach.lignes == 0


def test_parts_of_a_departement_are_its_epci_and_those_of_an_epci_its_qpv(read):
    table = part_table(read(NORD)).set_index("Intercommunalité")
    douaisis = table.loc["Communauté d'agglomération Douaisis Agglo"]
    assert douaisis[["Lignes", "Quartiers atteints", "Quartiers possibles"]].tolist() == [4, 4, 5]
    assert part_table(read(RENNES)).empty
    assert len(quartier_table(read(RENNES))) == 5


def test_every_exported_row_of_the_sample_says_that_it_is_made_up(read):
    view = read(NORD)
    for table in (year_table(view), part_table(view), quartier_table(view), score_table(view)):
        written = exported(view, table)
        assert written.columns[0] == "Mention"
        assert set(written["Mention"]) == {EXAMPLE}
    assert file_name(view, "annees") == "EXEMPLE_DONNEES_FICTIVES_programme_annees_59"


def test_a_small_number_is_flagged_where_the_score_is_told(read):
    assert "effectif faible" in score_sentence(read(BRETAGNE))
    assert "effectif faible" not in score_sentence(read())
    assert f"n = 704{NBSP}participants" in score_sentence(read())
    assert score_table(read(BRETAGNE))["Effectif"].tolist() == ["faible", "faible"]


def test_scores_by_year_rest_on_the_rows_of_the_year(read):
    table = score_year_table(read())
    first = table[(table["Année"] == "2022") & (table["Mesure"] == "Score")].iloc[0]
    # 2022: 22 + 33 + 11 + 22 + 22 + 44 + 22 participants with both scores, 11 without.
    assert (first["Lignes (n)"], first["Participants (n)"]) == (7, 176)
    weighted = 22 * 4.0 + 33 * 4.2 + 11 * 3.8 + 22 * 4.4 + 22 * 5.0 + 44 * 4.6 + 22 * 3.9
    assert first["Avant"] == round(weighted / 176, 2)
    assert "2024" not in set(table["Année"])


def test_published_shares_are_those_one_computes_by_hand(snapshot, coverage):
    found = published_reach(snapshot, coverage)
    shares = {
        (f.value, a.verdict): a.share
        for f in found.figures
        for a in f.against
        if a.verdict != "refus"
    }
    assert shares["111", "part"] == pytest.approx(100 * 111 / 1514)
    assert shares["111", "ordre"] == pytest.approx(100 * 111 / 1584)
    assert shares["190", "part"] == pytest.approx(100 * 190 / 1514)
    assert shares["35", "part"] == pytest.approx(100 * 35 / 260)
    assert "7,3" in found.finding


def test_what_is_not_comparable_has_no_share_and_a_reason(snapshot, coverage):
    for figure in published_reach(snapshot, coverage).figures:
        for against in figure.against:
            assert math.isnan(against.share) == (against.verdict == "refus")
            if against.verdict != "part":
                assert against.why
        if figure.label.startswith(("communes", "questionnaires", "séances", "structures")):
            assert {a.verdict for a in figure.against} == {"refus"}


def test_the_order_of_magnitude_of_clsm_takes_the_nearest_years(snapshot, coverage):
    found = published_reach(snapshot, coverage)
    clsm = next(f for f in found.figures if f.label == "CLSM engagés")
    near = [a for a in clsm.against if a.verdict == "ordre"]
    assert [a.whole.split()[0] for a in near] == ["184", "160"]
    assert ["2020" in near[0].whole, "2025" in near[1].whole] == [True, True]
    assert [round(a.share, 1) for a in near] == [19.0, 21.9]
