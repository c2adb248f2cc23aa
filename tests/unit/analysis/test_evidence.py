"""Age of the pages: by device, by QPV, and how the QPV covered split."""

import datetime as dt

import pytest

from clsm_map.analysis.centre import centre_figures
from clsm_map.analysis.coverage import coverage_on, covered_by_evidence, names_with_pages, pages_of
from clsm_map.analysis.ground import Ground
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.views.captions import device_source
from clsm_map.views.quartiers import quartiers
from clsm_map.views.register import headlines

DAY = dt.date(2026, 11, 28)


@pytest.fixture(scope="module")
def ground():
    snapshot = open_snapshot()
    return Ground.of(snapshot, embedded_register(snapshot))


def evidence(coverage):
    return dict(zip(coverage.status["qpv"], coverage.status["preuve"], strict=True))


@pytest.mark.parametrize(
    ("page", "expected"),
    [("2023-11-22", "recente"), ("2023-11-21", "ancienne"), ("2023", "ancienne"),
     ("2024", "recente"), (None, "non_datee")],
)  # fmt: skip
def test_a_device_is_classed_by_the_age_of_its_page(facts, cover, page, expected):
    found = cover(facts.device("lille", "59350", source_date=page))  # on 21 November 2026
    assert found.devices["preuve"].tolist() == [expected]
    assert evidence(found)["QLILLE"] == expected
    assert evidence(found)["QDENIS"] == ""


def test_a_page_is_as_old_as_it_was_on_the_date_asked(facts, cover):
    facts.device("lille", "59350", source_date="2014-06")
    on = {year: cover(facts, on=dt.date(year, 5, 31)) for year in (2016, 2017, 2018)}
    assert [evidence(found)["QLILLE"] for found in on.values()] == [
        "recente",
        "recente",
        "ancienne",
    ]


def test_the_strongest_page_that_is_enough_counts(facts, cover):
    facts.device("vieux", "59350", source_date=None).device("neuf", "59350", source_date="2025")
    assert evidence(cover(facts))["QLILLE"] == "recente"


def test_a_qpv_that_takes_two_perimeters_rests_on_the_weaker(facts, cover):
    facts.device("epinay", "93031", source_date="2025").device("denis", "93066", source_date=None)
    found = evidence(cover(facts))
    assert (found["QDEUX"], found["QDENIS"]) == ("non_datee", "non_datee")


def test_a_part_covered_rests_on_its_strongest_page(facts, cover):
    facts.device("epinay", "93031", source_date="2015")
    assert evidence(cover(facts))["QDEUX"] == "ancienne"


def test_devices_are_named_with_their_pages(facts, cover):
    facts.device("a", "59350", source_date="2014-03-01").device("b", source_date=None)
    assert names_with_pages(cover(facts)) == {
        "a": "A (page de 2014)",
        "b": "B (page non datée)",
    }


# Counted apart with pandas on the raw facts: CLSM said active whose years hold 2026, their
# perimeters unfolded (EPCI to communes, cities to arrondissements, merged communes), a QPV covered
# when its communes are all in the union; the same with the devices of pages after 28 November 2023
# only, then of dated pages only. 444 wholly = 41 + 234 + 169; 24 in part = 6 + 11 + 7.
def test_the_qpv_covered_in_france_split_by_evidence(ground):
    coverage = coverage_on(ground, "CLSM", DAY, today=DAY)
    assert covered_by_evidence(coverage) == {"recente": 47, "ancienne": 245, "non_datee": 176}
    assert 47 + 245 + 176 == centre_figures(coverage).qpv_couverts_avec_partiels == 468
    # And the 121 active devices by the age of their page: 24, 58 and 39.
    active = coverage.devices[coverage.devices["role"] == "actif"]["preuve"].value_counts()
    assert active.to_dict() == {"ancienne": 58, "non_datee": 39, "recente": 24}


def test_a_filter_keeps_the_qpv_that_rest_on_some_pages(ground):
    coverage = coverage_on(ground, "CLSM", DAY, today=DAY)
    kept = QpvFilter(statuts=("couvert",), preuves=("recente", "non_datee"))
    found = quartiers(open_snapshot(), coverage, FRANCE, kept)
    assert len(found.frame) == 41 + 169
    assert Selection(filtre=kept).to_query() == {
        "statuts": "couvert",
        "preuves": "recente,non_datee",
    }


def test_the_headline_gives_the_split(ground):
    coverages = {t: coverage_on(ground, t, DAY, today=DAY) for t in ("CLSM", "ASV", "CLS")}
    told = next(h for h in headlines(coverages, None) if "périmètre d’un CLSM" in h.label)
    assert (
        "47 d’après une page de moins de 3 ans, 245 une page plus ancienne, 176 une page non datée"
    ) in told.origin


# grep -c '^[^,]*,CLSM,' dispositifs.csv and so on; the latest of all types is of a CLS.
@pytest.mark.parametrize(
    ("kind", "recorded", "latest", "undated"),
    [("CLSM", 143, "2025-11-27", 46), ("CLS", 188, "2026-03-11", 45),
     ("ASV", 54, "2024-10-31", 27)],
)  # fmt: skip
def test_the_pages_of_each_type(ground, kind, recorded, latest, undated):
    pages = pages_of(ground.dispositifs, kind)
    assert (pages.recorded, pages.latest, pages.undated) == (recorded, latest, undated)


def test_the_register_says_when_it_was_gathered_and_its_latest_page_of_the_type(ground):
    told = device_source(coverage_on(ground, "CLSM", DAY, today=DAY)).replace("\u00a0", " ")
    assert "page la plus récente : 27 novembre 2025 ; 46 pages non datées" in told
    assert "registre recueilli le 28 novembre 2026" in told  # recupere_le of the catalogue
    assert "11 mars 2026" not in told  # the page of a CLS


def test_the_split_of_a_territory_adds_up(ground):
    coverage = coverage_on(ground, "CLS", DAY, today=DAY)
    region = Territory("region", "84", "Auvergne-Rhône-Alpes")
    split = covered_by_evidence(coverage, region)
    assert sum(split.values()) == centre_figures(coverage, region).qpv_couverts_avec_partiels
