"""Every page in Chromium with outside hosts refused: whole, in French, accessible, narrow."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bench.driving import ROOT, frame_of_map, serve, wait_painted
from tests.browser.conftest import OUTPUT

PAGES = sorted(p.stem for p in (ROOT / "pages").glob("*.py"))


def settled(page):
    """Wait until Streamlit has run the page, drawn it, and stopped moving."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] h1")
    page.wait_for_function(
        "() => { const before = window.hauteur; "
        "window.hauteur = document.querySelector('[data-testid=stMain]').scrollHeight; "
        "return before === window.hauteur; }",
        polling=400,
    )


def serious(target, options=None):
    found = Axe().run(target, options=options).response["violations"]
    return [
        f"{v['id']}: {node['html'][:200]} {[c['message'] for c in node['any']]}"
        for v in found
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_french_accessible_and_asks_nothing_outside(visit, server, name):
    seen = visit(f"{server.url}/{name}")
    page = seen.page
    settled(page)
    assert page.locator("h1").count() == 1
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert serious(page) == []
    if page.locator("iframe[src*='streamlit_folium']").count():
        frame = frame_of_map(page)
        wait_painted(frame)
        assert page.locator("iframe[src*='streamlit_folium']").first.get_attribute("title")
        assert serious(frame) == []
    assert (seen.asked, seen.errors) == ([], [])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_not_scroll_sideways_on_a_phone(visit, server, name):
    page = visit(f"{server.url}/{name}", 390, 844).page
    settled(page)
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth)"
    )
    assert max(widths) <= 390


def test_the_first_visit_of_a_process_may_be_a_deep_link(visit, browser):
    with serve(ROOT / "app.py", OUTPUT / "frais.log") as fresh:
        query = "territoire=region:84&niveau=departement&indicateur=part_logements_sociaux&n=4"
        page = visit(f"{fresh.url}/carte?{query}").page
        wait_painted(frame_of_map(page))
        menu = page.get_by_role("navigation").get_by_role("link")
        assert {"Accueil", "Carte", "Méthode"} <= set(menu.all_inner_texts())
        expect(page.locator("[data-testid=stSidebar]")).to_have_count(0)
        title = page.locator(".vue h2")
        expect(title).to_contain_text("Auvergne-Rhône-Alpes (départements)")
        expect(title).to_contain_text("ogements sociaux")
        expect(page.locator("section.legende").first.locator("li")).to_have_count(4)


def test_a_bad_link_says_what_it_could_not_have(visit, server):
    page = visit(f"{server.url}/carte?indicateur=bonheur&territoire=region:99").page
    wait_painted(frame_of_map(page))
    notices = page.get_by_role("main").get_by_role("status")
    expect(notices.filter(has_text="indicateur = bonheur")).to_be_visible()
    expect(notices.filter(has_text="territoire = region:99")).to_be_visible()
    expect(page.locator(".vue h2")).to_contain_text("France (intercommunalités)")


def test_a_link_made_to_deceive_stays_words(visit, server):
    words = "![x](//a.example/p) **g** [i](//a.x)"
    seen = visit(f"{server.url}/couverture?vue={quote(words)}")
    notice = seen.page.get_by_role("main").get_by_role("status").filter(has_text="vue =")
    expect(notice).to_contain_text("**g** [i](")
    expect(notice.locator("a, img, strong")).to_have_count(0)
    assert seen.asked == []


def test_typing_a_name_without_accents_finds_the_commune(visit, server):
    page = visit(f"{server.url}/carte").page
    frame = frame_of_map(page)
    first = wait_painted(frame)
    field = page.get_by_role("combobox", name="Territoire")
    field.click()
    field.press_sequentially("saint etienne")
    option = page.get_by_role("listbox").get_by_role("option").first
    expect(option).to_contain_text("Saint-Étienne")
    expect(option).to_contain_text("commune")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"territoire=commune(:|%3A)42218"))
    wait_painted(frame, first)
    expect(page.locator(".vue h2")).to_contain_text("Saint-Étienne")
    expect(field).to_have_value("Saint-Étienne")


def test_a_postal_code_is_a_postal_code_first(visit, server):
    """97110 is Pointe-à-Pitre's postal code and the Insee code of La Désirade."""
    page = visit(f"{server.url}/carte").page
    settled(page)
    field = page.get_by_role("combobox", name="Territoire")
    options = page.get_by_role("listbox").get_by_role("option")
    field.click()
    field.fill("93200")
    expect(options).to_contain_text(["Saint-Denis"])
    expect(options.first).to_contain_text("code postal 93200")
    field.fill("93")
    expect(options).to_contain_text(["Seine-Saint-Denis", "Provence-Alpes-Côte d'Azur"])
    field.fill("51300")
    expect(options).to_have_count(47)  # 46 communes, and Isle-sur-Marne, whose Insee code it is
    expect(options.first).to_contain_text("Vitry-le-François")
    field.fill("97110")
    expect(options).to_contain_text(["Pointe-à-Pitre", "La Désirade"])
    expect(options.last).to_contain_text("code Insee 97110")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"territoire=commune(:|%3A)97120"))


def test_a_code_of_yesterday_offers_the_commune_of_today_and_says_why(visit, server):
    """98511 was Mamoudzou's code until 1976, 20366 Chisa's; Pierrefitte (93059) has merged."""
    page = visit(f"{server.url}/carte").page
    settled(page)
    field = page.get_by_role("combobox", name="Territoire")
    options = page.get_by_role("listbox").get_by_role("option")
    field.click()
    for code, today in (("20366", "Chisa"), ("93059", "Saint-Denis"), ("98511", "Mamoudzou")):
        field.fill(code)
        expect(options).to_have_count(1)
        expect(options.first).to_contain_text(today)
        expect(options.first).to_contain_text(f"ancien code {code}")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"territoire=commune(:|%3A)97611"))


def test_an_unknown_name_says_so_where_it_is_seen(visit, server):
    page = visit(f"{server.url}/carte").page
    settled(page)
    field = page.get_by_role("combobox", name="Territoire")
    field.click()
    field.press_sequentially("atlantide")
    notice = page.get_by_text("Aucun territoire de ce nom")
    expect(notice).to_be_visible()
    box = notice.bounding_box()
    assert box["width"] > 100
    assert box["height"] > 15
    field.press("Escape")
    expect(notice).to_have_count(0)
    expect(field).to_have_value("France")


def test_the_link_of_a_view_opens_the_same_view(visit, server):
    page = visit(f"{server.url}/carte?territoire=departement:48").page
    frame = frame_of_map(page)
    first = wait_painted(frame)
    page.get_by_text("CLS", exact=True).click()
    wait_painted(frame, first)
    expect(page).to_have_url(re.compile("type=CLS"))
    expect(page.locator(".prudence").first).to_contain_text("CLS")
    again = visit(page.url).page
    wait_painted(frame_of_map(again))
    assert again.locator(".vue h2").inner_text() == page.locator(".vue h2").inner_text()
    assert again.locator("section.legende").all_inner_texts() == (
        page.locator("section.legende").all_inner_texts()
    )
    assert parse_qs(urlsplit(again.url).query) == parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(
    ("asked", "address", "said"),
    [
        ("accueil", "/", None),
        ("In%C3%A9galit%C3%A9s?niveau=departement", "/inegalites", None),
        ("<b>clsm", "/", "L’adresse « /<b>clsm » n’est celle d’aucune page"),
    ],
)
def test_an_address_that_is_no_page_leads_to_the_one_meant_or_home(
    visit, server, asked, address, said
):
    seen = visit(f"{server.url}/{asked}")
    page = seen.page
    settled(page)
    assert urlsplit(page.url).path == address
    expect(page.get_by_role("dialog")).to_have_count(0)
    notices = page.get_by_test_id("stAlert")
    expect(notices).to_have_count(1 if said else 0)
    if said:
        expect(notices).to_contain_text(said)
    assert (seen.asked, seen.errors) == ([], [])
