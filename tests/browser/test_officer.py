"""The journey of the ARS officer: their région on the map, compared, then where to act next."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from bench.driving import frame_of_map, wait_painted
from tests.browser.test_pages import settled


def query(page):
    return {k: v[0] for k, v in parse_qs(urlsplit(page.url).query).items()}


def open_page(page, name):
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(re.compile(r"/(?:inegalites|planifier)"))


def test_from_the_map_of_a_region_to_the_next_five_and_a_scenario_to_share(visit, server):
    seen = visit(f"{server.url}/carte?couches=qpv,clsm,asv,cls")
    page = seen.page
    wait_painted(frame_of_map(page))

    place = page.get_by_role("combobox", name="Territoire")
    place.fill("Hauts-de-France")
    page.get_by_role("option", name=re.compile("Hauts-de-France")).first.click()
    page.wait_for_url(re.compile(r"territoire=region"))
    assert query(page)["territoire"] == "region:32"

    open_page(page, "Inégalités")
    expect(page.locator("h1")).to_have_text("Inégalités")
    expect(page.locator("body")).to_contain_text("Hauts-de-France")

    open_page(page, "Planifier")
    choice = page.locator("section.fiche", has_text="Dans l’ordre")
    expect(choice).to_contain_text("Optimum démontré")
    assert choice.locator("dt").count() == 5 + 1  # what several gain together is apart
    expect(choice.locator("dt").first).to_contain_text("1. Métropole Européenne de Lille")
    expect(page.locator(".vue h2").first).to_contain_text("Hauts-de-France")
    settled(page)
    frame = frame_of_map(page)
    after = wait_painted(frame)
    page.get_by_role("radio", name="Avant").click()
    wait_painted(frame, after)
    gained = page.locator("dl.chiffres .valeur").nth(1).inner_text()

    page.get_by_role("button", name="Reprendre ce choix").click()
    decisions = page.locator("section.fiche", has_text="Décisions")
    expect(decisions.locator("dt")).to_have_count(5)
    page.wait_for_url(re.compile("scenario="))
    asked = query(page)
    assert asked["plan"] == "et-si"
    assert asked["scenario"].count("c.") == 5
    assert page.locator("dl.chiffres .valeur").nth(1).inner_text() == gained
    with page.expect_download() as download:
        page.get_by_role("button", name="Décisions (CSV)").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("Rang;Décision;")

    shared = visit(page.url).page
    expect(shared.locator("section.fiche dt")).to_have_count(5)
    shared.get_by_role("button", name="Annuler la dernière").click()
    expect(shared.locator("section.fiche dt")).to_have_count(4)
    assert seen.asked == []
    assert seen.errors == []


def test_an_extension_goes_to_the_scenario_in_one_click(visit, server):
    page = visit(f"{server.url}/planifier?plan=etendre&territoire=region:32").page
    table = page.get_by_test_id("stDataFrame")
    table.wait_for()
    settled(page)
    box = table.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 45, box["y"] + 52)
    expect(page.locator("section.fiche dt").first).to_contain_text("Étendre «")
    page.wait_for_url(re.compile("plan=et-si"))
    assert query(page)["scenario"].startswith("e.")
