"""*Programme* in Chromium: the sample, its map and its table, what is marked, the kit's link."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from bench.driving import ROOT, frame_of_map, wait_painted
from tests.browser.test_pages import serious, settled

SAMPLE = ROOT / "data" / "exemples" / "programme-exemple.csv"
MARK = "EXEMPLE, DONNÉES FICTIVES"


def legend_counts(page):
    entries = page.locator("section.legende li").all_inner_texts()
    return {
        label.strip(): int(re.sub(r"\D", "", n))
        for label, n in (e.rsplit("\n", 1) for e in entries)
    }


def with_sample(visit, address, *size):
    seen = visit(address, *size)
    settled(seen.page)
    seen.page.get_by_role("button", name="Essayer avec un exemple").click()
    expect(seen.page.locator(".fictif")).to_be_visible()
    wait_painted(frame_of_map(seen.page))
    settled(seen.page)
    return seen


def test_the_sample_is_painted_marked_accessible_and_asks_nothing_outside(visit, server):
    seen = with_sample(visit, f"{server.url}/programme")
    page = seen.page
    assert legend_counts(page) == {
        "Atteint": 29,
        "Possible, quartier non précisé": 8,
        "Absent du tableau": 1547,
    }
    page.get_by_role("tab", name="Quartiers", exact=True).click()
    said = page.get_by_text(
        re.compile(r"atteint\s: 29 · possible.*\s: 8 · absent du tableau\s: 1.547")
    )
    expect(said).to_be_visible()
    page.get_by_role("tab", name="Par année", exact=True).click()
    expect(page.locator(".js-plotly-plot .annotation-text", has_text=MARK)).to_have_count(2)
    assert page.locator(".js-plotly-plot .point path").count() >= 8
    assert serious(page) == []
    assert serious(frame_of_map(page)) == []
    assert (seen.asked, seen.errors) == ([], [])


def test_a_click_on_the_map_opens_the_card_of_its_quartier(visit, server):
    page = with_sample(visit, f"{server.url}/programme?choisi=qpv:QN09301I").page
    card = page.locator("section.fiche")
    expect(card).to_contain_text("Secteur Gare - Aviatic")
    expect(card).to_contain_text("Exemple, données fictives")
    expect(card).to_contain_text("44")


def test_the_sample_does_not_scroll_sideways_on_a_phone(visit, server):
    page = with_sample(visit, f"{server.url}/programme?territoire=departement:93", 390, 844).page
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth)"
    )
    assert max(widths) <= 390


def test_what_the_sample_gives_away_says_so(visit, server):
    page = with_sample(visit, f"{server.url}/programme").page
    with page.expect_download() as caught:
        page.get_by_role("button", name="CSV pour Excel").first.click()
    file = caught.value
    assert file.suggested_filename.startswith("EXEMPLE_DONNEES_FICTIVES")
    lines = file.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].split(";")[:2] == ["Mention", "Année"]
    assert all(line.startswith("exemple, données fictives;") for line in lines[1:])
    assert len(lines) == 5


def test_a_file_is_dropped_checked_and_used(visit, server):
    page = visit(f"{server.url}/programme").page
    settled(page)
    page.get_by_text("Importer un tableau détaillé").click()
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.get_by_role("button", name="Utiliser ce tableau (32").click()
    expect(page.locator(".fictif")).to_contain_text(MARK)
    wait_painted(frame_of_map(page))


@pytest.mark.parametrize("width", [1280, 390])
def test_ticking_the_kit_writes_a_link_that_opens_the_same_list(visit, server, width):
    page = visit(f"{server.url}/programme", width, 900).page
    settled(page)
    for step in ("1. Chiffres clés", "4. Plan des séances"):
        page.get_by_role("checkbox", name=step).locator("xpath=ancestor::label").click()
        expect(page.get_by_role("checkbox", name=step)).to_be_checked()
    expect(page).to_have_url(re.compile("kit=chiffres-seances"))
    assert parse_qs(urlsplit(page.url).query) == {"kit": ["chiffres-seances"]}
    again = visit(page.url).page
    expect(again.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(again.get_by_text("2 sur 6 cochées")).to_be_visible()
