"""Inégalités in Chromium: each tab accessible, whole on a phone, its figures taken away."""

import re

import pytest
from playwright.sync_api import expect

from bench.driving import frame_in, wait_painted
from tests.browser.test_pages import serious, settled

ANGLES = {
    "profil": "Profil",
    "cote": "Côte à côte",
    "classement": "Classement",
    "croisement": "Deux indicateurs",
    "evolution": "Évolution",
    "interieur": "À l’intérieur",
    "carte": "Besoin et couverture",
    "indice": "Indice de besoin",
}
LINK = "territoire=departement:93&avec=departement:92"


@pytest.mark.parametrize("angle", ANGLES)
def test_a_tab_is_open_accessible_and_asks_nothing_outside(visit, server, angle):
    seen = visit(f"{server.url}/inegalites?{LINK}&angle={angle}")
    page = seen.page
    settled(page)
    expect(page.get_by_role("tab", name=ANGLES[angle], exact=True).first).to_have_attribute(
        "aria-selected", "true"
    )
    expect(page.locator(".constat").first).not_to_be_empty()
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert serious(page) == []
    assert (seen.asked, seen.errors) == ([], [])


@pytest.mark.parametrize("angle", ANGLES)
def test_a_tab_does_not_scroll_sideways_on_a_phone(visit, server, angle):
    page = visit(f"{server.url}/inegalites?{LINK}&angle={angle}", 390, 844).page
    settled(page)
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth)"
    )
    assert max(widths) <= 390


def test_a_figure_is_downloaded_as_png_and_svg(visit, server):
    page = visit(f"{server.url}/inegalites?{LINK}&angle=profil").page
    settled(page)
    with page.expect_download() as picture:
        page.get_by_role("button", name="Figure en PNG").first.click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as drawing:
        page.get_by_role("button", name="SVG", exact=True).first.click()
    assert "Seine-Saint-Denis" in drawing.value.path().read_text(encoding="utf-8")


def test_years_lie_side_by_side_under_one_legend(visit, server):
    page = visit(f"{server.url}/inegalites?angle=evolution&etudie=tentatives_suicide_adultes").page
    settled(page)
    frames = page.locator("iframe[src*='streamlit_folium']")
    expect(frames).to_have_count(2)
    for i in range(2):
        wait_painted(frame_in(frames.nth(i).element_handle()))
    tops = [frames.nth(i).bounding_box()["y"] for i in range(2)]
    assert tops[0] == pytest.approx(tops[1], abs=1)
    legends = page.locator("section.legende", has_text="Nombre de départements par classe")
    expect(legends).to_have_count(1)
    expect(legends).to_contain_text("Donnée manquante")
    with page.expect_download() as picture:
        page.get_by_role("button", name="Figure en PNG").last.click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_need_index_turns_to_communes_and_the_link_keeps_it(visit, server):
    page = visit(f"{server.url}/inegalites?territoire=region:53&angle=indice").page
    settled(page)
    page.get_by_role("radio", name="Communes").click()
    expect(page.locator(".vue h2").first).to_have_text("Indice de besoin des communes, Bretagne")
    page.wait_for_url(re.compile("indice=commune"))
    again = visit(page.url).page
    expect(again.locator(".vue h2").first).to_have_text("Indice de besoin des communes, Bretagne")


def test_every_click_on_a_tab_opens_it(visit, server):
    page = visit(f"{server.url}/inegalites?{LINK}").page
    settled(page)
    for angle in ("classement", "croisement", "cote", "indice", "profil"):
        tab = page.get_by_role("tab", name=ANGLES[angle], exact=True).first
        tab.click()
        if angle != "profil":
            page.wait_for_url(re.compile(f"angle={angle}"))
        settled(page)
        expect(tab).to_have_attribute("aria-selected", "true")
    assert "angle" not in page.url
