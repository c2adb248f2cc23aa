"""Planifier in Chromium: each tab accessible and whole on a phone, its constraints, its sheet."""

import re

import pytest
from playwright.sync_api import expect

from bench.driving import frame_of_map, wait_painted
from tests.browser.test_pages import serious, settled

VIEWS = {
    "ou-ensuite": "territoire=region:32&k=3",
    "et-si": "scenario=c.200093201",
    "etendre": "territoire=region:32",
}


@pytest.mark.parametrize("view", VIEWS)
def test_a_tab_is_accessible_and_asks_nothing_outside(visit, server, view):
    seen = visit(f"{server.url}/planifier?plan={view}&{VIEWS[view]}")
    page = seen.page
    settled(page)
    expect(page.locator(".vue h2").first).to_be_visible()
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert serious(page) == []
    if view != "etendre":
        frame = frame_of_map(page)
        wait_painted(frame)
        assert serious(frame) == []
    assert (seen.asked, seen.errors) == ([], [])


@pytest.mark.parametrize("view", VIEWS)
def test_a_tab_does_not_scroll_sideways_on_a_phone(visit, server, view):
    page = visit(f"{server.url}/planifier?plan={view}&{VIEWS[view]}", 390, 844).page
    settled(page)
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth)"
    )
    assert max(widths) <= 390


def test_constraints_are_reached_on_the_page_and_kept_in_the_link(visit, server):
    page = visit(f"{server.url}/planifier?territoire=region:32&k=3").page
    settled(page)
    page.get_by_role("button", name="Contraintes").click()
    each = page.get_by_role("spinbutton", name="Habitants desservis par chacun, au plus")
    each.fill("300000")
    each.press("Enter")
    page.wait_for_url(re.compile("plafond_chacun=300000"))
    forced = page.get_by_role("combobox", name="Imposer un territoire")
    forced.fill("Saint-Omer")
    page.get_by_role("option", name=re.compile("Saint-Omer")).first.click()
    page.wait_for_url(re.compile("imposes=200069037"))
    expect(page.locator("section.fiche", has_text="Dans l’ordre")).to_contain_text("Saint-Omer")
    expect(page.get_by_role("button", name="Contraintes (2)")).to_be_visible()


def test_the_sheet_of_a_scenario_is_a_pdf_and_a_word_file(visit, server):
    page = visit(f"{server.url}/planifier?plan=et-si&scenario=c.200093201").page
    settled(page)
    for label, start in (("Fiche (PDF)", b"%PDF-1.7"), ("Fiche (Word)", b"PK")):
        with page.expect_download(timeout=60_000) as taken:
            page.get_by_role("button", name=label).click()
        assert taken.value.path().read_bytes().startswith(start)
