"""What scenes say, on a register small enough to check by hand (see conftest)."""

import datetime as dt

import pytest

from clsm_map.analysis.gaps import nearest_active, place_of_territory
from clsm_map.domain.devices import WITHOUT_ACTIVE, WITHOUT_RECORDED
from clsm_map.domain.selection import QpvFilter
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.views.around import around
from clsm_map.views.coverage import coverage_history, territory_coverage
from clsm_map.views.quartiers import quartiers
from clsm_map.views.register import register_knowledge
from clsm_map.views.scenes.coverage import (
    around_words,
    gap_words,
    history_words,
    quartier_words,
    register_words,
    territory_words,
)
from clsm_map.views.scenes.words import (
    LONGEST_TITLE,
    headline,
    shortened,
)
from clsm_map.views.view import Claim, View

AIN = Territory("departement", "01", "Ain")


@pytest.fixture(scope="module")
def nearest(coverage, contours):
    return nearest_active(coverage, contours, coverage.ground.qpv["code"])


@pytest.fixture(scope="module")
def told(snapshot, coverage, nearest):
    def of(territory):
        return territory_coverage(snapshot, coverage, nearest, territory)

    return of


def ain(snapshot):
    """The six QPV of Ain: those of Bourg-en-Bresse are covered by the one active device."""
    rows = snapshot.qpv[snapshot.qpv["departement"] == "01"]
    return rows, rows[rows["communes"] == "01053"]


def test_a_territory_says_how_many_quartiers_are_without_a_device(snapshot, told):
    every, bourg = ain(snapshot)
    words = territory_words(told(AIN))
    without = len(every) - len(bourg)
    assert words.headline == (
        f"Ain\u00a0: {without} quartiers sur {len(every)} sans CLSM actif recensé"
    )
    covered, total = int(bourg["population"].sum()), int(every["population"].sum())
    digits = words.finding.replace("\u202f", "")
    assert digits.startswith(f"{covered}\u00a0habitants des quartiers sur {total} ")
    assert f"(RP 2020, {100 * covered / total:.0f}" in digits
    assert words.claims[0].text == f"{len(bourg)} sur {len(every)}"


def test_a_territory_without_quartier_says_so(told, snapshot):
    every = snapshot.intercommunalites
    without = every[~every["code"].isin(snapshot.qpv["intercommunalite"])].iloc[0]
    words = territory_words(told(Territory("epci", str(without["code"]), "Un pays")))
    assert words.headline == "Un pays\u00a0: aucun quartier prioritaire"
    assert words.claims == ()


def test_gaps_name_the_most_populated_with_their_commune(snapshot, coverage, told):
    kept = quartiers(snapshot, coverage, AIN, QpvFilter(statuts=WITHOUT_ACTIVE.statuses))
    words = gap_words(told(AIN), kept, WITHOUT_ACTIVE.statuses)
    first = kept.frame.sort_values("habitants").iloc[-1]
    assert str(first["nom"]) in words.finding
    assert f"{first['habitants']:.0f}" in words.finding.replace("\u202f", "")
    figures = {f.label: f.text for f in words.claims}
    assert figures["quartiers prioritaires sans CLSM actif recensé"] == str(len(kept.frame))
    project = (kept.frame["statut"] == "en_projet").sum()
    assert figures["de ces quartiers dans un projet recensé"] == str(project)


def test_a_title_counts_what_its_words_say(snapshot, coverage, told):
    """Of the seven QPV of Ain (qpv_2024.csv), two are covered, one is in project (Ambérieu), one
    to be checked (Oyonnax), three in no perimeter recorded: five of the first set, three of the
    second; 1 750 + 5 167 + 1 078 + 1 104 + 1 309 = 10 408 inhabitants in the first."""
    for wanted, n, said in (
        (WITHOUT_ACTIVE, 5, "sans CLSM actif recensé"),
        (WITHOUT_RECORDED, 3, "sans CLSM recensé"),
    ):
        kept = quartiers(snapshot, coverage, AIN, QpvFilter(statuts=wanted.statuses))
        words = gap_words(told(AIN), kept, wanted.statuses)
        assert words.headline.startswith(f"Ain\u00a0: {n}\u00a0quartiers")
        assert words.headline.endswith(said)
        assert wanted.mask(kept.frame["statut"]).all()
    part = quartiers(snapshot, coverage, AIN, QpvFilter(statuts=("en_projet",)))
    assert gap_words(told(AIN), part, ["en_projet"]).headline.endswith("en projet")


def test_no_gap_at_all_is_told_without_a_figure(snapshot, coverage, told):
    kept = quartiers(snapshot, coverage, AIN, QpvFilter(habitants=(1e9, None)))
    words = gap_words(told(AIN), kept, WITHOUT_ACTIVE.statuses)
    assert words.headline == "Ain\u00a0: aucun quartier sans CLSM actif recensé"
    assert "au moins en partie" not in words.finding  # Bourg-en-Bresse only is covered


def test_a_quartier_says_its_inhabitants_and_the_nearest_device(snapshot, coverage, contours):
    qpv = snapshot.qpv[(snapshot.qpv["communes"] == "01283")].iloc[0]  # Oyonnax: state unknown
    place = place_of_territory(
        Territory("qpv", str(qpv["code"]), str(qpv["nom"])), coverage.ground, contours
    )
    found = around(snapshot, coverage, contours, place, 10)
    words = quartier_words(found)
    assert words is not None
    assert "à vérifier" in words.finding
    assert "Bourg" in words.finding
    assert words.claims[0] == Claim(
        f"{qpv['population']:,.0f}".replace(",", "\u202f"), "habitants", "RP 2020"
    )
    row = found.gaps[found.gaps["code_qpv"] == qpv["code"]].iloc[0]
    assert f"{row['distance_dispositif_km']:.1f}".replace(".", ",") in words.finding


def test_a_place_that_is_not_a_quartier_is_told_by_what_lies_around(snapshot, coverage, contours):
    oyonnax = Territory("commune", "01283", "Oyonnax")
    place = place_of_territory(oyonnax, coverage.ground, contours)
    found = around(snapshot, coverage, contours, place, 15)
    assert quartier_words(found) is None
    words = around_words(found)
    assert words.claims[0].text == str(len(found.gaps))
    assert words.finding == found.finding


def test_a_covered_quartier_is_told_by_what_lies_around(snapshot, coverage, contours):
    code = str(snapshot.qpv.loc[snapshot.qpv["communes"] == "01053", "code"].iloc[0])
    place = place_of_territory(Territory("qpv", code, "Bourg"), coverage.ground, contours)
    assert quartier_words(around(snapshot, coverage, contours, place, 2)) is None


def test_growth_counts_from_2010_and_keeps_published_figures_apart(snapshot, ground):
    found = coverage_history(snapshot, ground, "CLSM", FRANCE, dt.date(2026, 11, 21))
    words = history_words(found, 2026)
    assert words.headline == "En France : CLSM de début connu, 0 en 2010, 1 en 2026"
    labels = [f.label for f in words.claims]
    assert labels == [
        "CLSM recensés de début connu",
        "CLSM recensés de début connu",
        "de début inconnu",
        "CLSM publiés",
    ]
    assert words.claims[2].text == "2"  # ailleurs and lointain: active, no first year
    assert words.claims[3].text == "280 à 298"
    assert "hors calcul" in words.finding


def test_the_register_tells_active_planned_and_unknown(snapshot, coverage):
    words = register_words(register_knowledge(coverage, snapshot.chiffres))
    assert [f.text for f in words.claims] == ["3", "1", "1"]
    assert words.headline == (
        "3 CLSM actifs recensés pour 280 (mai 2025) à 298 (page non datée) annoncés"
    )


def test_titles_take_the_first_wording_that_fits():
    long = "w" * 60
    assert headline("Ain", long, "court") == f"Ain\u00a0: {long}"
    assert headline("Provence-Alpes-Côte d’Azur", long, "court").endswith("\u00a0: court")
    cut = headline("Communauté d’agglomération " * 4, "sans CLSM recensé")
    assert len(cut) <= LONGEST_TITLE
    assert "…" in cut
    assert shortened("Paris", 5) == "Paris"


def test_words_are_typeset_and_each_source_is_said_once():
    many = tuple(Claim("1 %", "l'un ; l'autre") for _ in range(6))
    told = View(
        headline="A : b",
        finding="C'est",
        claims=many,
        sources=("s", "s", ""),
        cautions=("p", "p"),
    )
    words = told.on_stage()
    assert words.headline == "A\u00a0: b"
    assert words.finding == "C’est"
    assert words.claims[0] == Claim("1\u00a0%", "l’un\u202f; l’autre")
    assert len(words.claims) == 4
    assert (words.sources, words.cautions) == (("s",), ("p",))


def test_the_small_register_is_what_these_tests_think(coverage, snapshot):
    every, bourg = ain(snapshot)
    status = coverage.status.set_index("qpv")["statut"]
    assert len(bourg) >= 1
    assert set(status.reindex(bourg["code"])) == {"couvert"}
    assert every["population"].notna().all()
