"""The coordinator's journey in Chromium, from the home page to the list taken away."""

import csv
import io
import json
import re
from collections import Counter

import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bench.driving import frame_of_map, wait_painted
from clsm_map.store.snapshot import open_snapshot
from clsm_map.ui.state import ECHO_SECONDS
from tests.browser.test_map import pointed
from tests.browser.test_pages import settled

VIEWS = ["autour", "territoire", "evolution", "registre"]
AROUND = "couverture?lieu=dispositif:clsm-chateau-thierry&rayon=50"


def rows(page):
    return page.locator(".liste tbody tr")


def state(frame):
    return frame.evaluate("clsmMap.state()")


def drawn(frame):
    layers = [layer for layer in state(frame)["layers"] if layer["kind"] == "qpv"]
    counts = Counter()
    for one in (c for layer in layers for c in layer["classes"] if c["count"]):
        counts[one["label"].partition(", ")[0]] += one["count"]  # whatever the page it rests on
    return dict(counts)


def choose_place(page, text, expected):
    field = page.get_by_role("combobox", name="Votre CLSM")
    field.click()
    field.press_sequentially(text)
    option = page.get_by_role("listbox").get_by_role("option").first
    expect(option).to_contain_text(expected)
    option.click()


def test_two_choices_lead_from_the_home_page_to_the_list(visit, server):
    page = visit(f"{server.url}/").page
    page.get_by_role("link", name="Voir les quartiers autour de moi").click()
    expect(page).to_have_url(re.compile("/couverture"))
    choose_place(page, "chateau thierry", "CLSM de Château-Thierry")
    expect(rows(page).first).to_contain_text("Château-Thierry")
    expect(page.locator(".vue h2")).to_contain_text("autour de : CLSM de Château-Thierry")
    expect(page).to_have_url(re.compile(r"lieu=dispositif(:|%3A)clsm-chateau-thierry"))


def test_the_radius_widens_list_and_map_together(visit, server):
    page = visit(f"{server.url}/couverture?lieu=dispositif:clsm-chateau-thierry&rayon=20").page
    frame = frame_of_map(page)
    digest = wait_painted(frame)
    before, zoom = rows(page).count(), state(frame)["zoom"]
    slider = page.get_by_role("slider", name="Rayon")
    slider.focus()
    for _ in range(40):
        slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("rayon=60"))
    wait_painted(frame, digest)
    expect(page.locator(".chiffres dd").first).to_have_text(str(rows(page).count()))
    assert rows(page).count() > before
    assert state(frame)["zoom"] < zoom
    counts = drawn(frame)
    assert sum(counts.values()) - counts.get("couvert", 0) == rows(page).count()


def test_a_row_opens_the_card_and_moves_the_map_and_closing_comes_back(visit, server):
    page = visit(f"{server.url}/{AROUND}").page
    frame = frame_of_map(page)
    digest = wait_painted(frame)
    home = state(frame)
    row = rows(page).nth(2)
    name = row.locator("button").inner_text()
    row.locator("button").press("Enter")
    expect(page.locator(".fiche h3")).to_have_text(name)
    expect(row).to_have_class("choisi")
    expect(row.locator("button")).to_have_attribute("aria-pressed", "true")
    digest = wait_painted(frame, digest)
    frame.wait_for_function("z => clsmMap.state().zoom > z + 1", arg=home["zoom"])
    code = row.get_attribute("data-code")
    assert state(frame)["selected"] == code
    expect(page).to_have_url(re.compile(f"choisi=qpv(:|%3A){code}"))
    page.get_by_role("button", name="Fermer la fiche").click()
    wait_painted(frame, digest)
    expect(page.locator(".fiche")).to_have_count(0)
    frame.wait_for_function("z => Math.abs(clsmMap.state().zoom - z) < .3", arg=home["zoom"])


def test_a_click_on_the_map_selects_the_row_and_leaves_the_map_still(visit, server):
    page = visit(f"{server.url}/couverture?lieu=commune:01004&rayon=30").page
    frame = frame_of_map(page)
    wait_painted(frame)
    before = state(frame)
    amberieu = open_snapshot().qpv.set_index("code").loc["QN00103M"]
    page.mouse.click(*pointed(page, frame, amberieu["latitude"], amberieu["longitude"]))
    expect(page.locator(".fiche h3")).to_have_text(amberieu["nom"])
    expect(page.locator(".liste tr.choisi")).to_have_attribute("data-code", "QN00103M")
    expect(page).to_have_url(re.compile(r"choisi=qpv(:|%3A)QN00103M"))
    after = state(frame)
    assert (after["zoom"], after["centre"]) == (before["zoom"], before["centre"])


def test_the_link_opens_the_same_list_for_someone_else(visit, server):
    page = visit(f"{server.url}/{AROUND}").page
    wait_painted(frame_of_map(page))
    page.get_by_text("CLS", exact=True).click()
    expect(page.locator(".vue h2")).to_contain_text(
        "qu’aucun CLS actif recensé ne couvre en entier"
    )
    page.get_by_role("button", name="Copier le lien").click()
    link = page.locator("[data-testid=stCode] code").inner_text().strip()
    assert link.startswith(f"{server.url}/couverture?")
    other = visit(link).page
    wait_painted(frame_of_map(other))
    expect(other.locator(".vue h2")).to_have_text(page.locator(".vue h2").inner_text())
    expect(rows(other)).to_have_count(rows(page).count())
    assert other.locator(".liste").inner_text() == page.locator(".liste").inner_text()


def test_the_list_goes_away_as_csv_for_french_excel(visit, server):
    page = visit(f"{server.url}/{AROUND}").page
    wait_painted(frame_of_map(page))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV pour Excel").click()
    content = waiting.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    codes = [row["Code"] for row in lines]
    assert codes == [rows(page).nth(i).get_attribute("data-code") for i in range(len(codes))]
    away = [row["Distance (km)"] for row in lines]
    assert all("." not in value for value in away)
    assert any("," in value for value in away)


def test_the_list_goes_away_as_geojson_with_contours_and_sources(visit, server):
    page = visit(f"{server.url}/{AROUND}").page
    wait_painted(frame_of_map(page))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="GeoJSON").click()
    content = json.loads(waiting.value.path().read_text("utf-8"))
    assert content["type"] == "FeatureCollection"
    assert "crs" not in content
    assert len(content["features"]) == rows(page).count()
    assert content["metadata"]["sources"]
    assert any("extrait" in p for p in content["metadata"]["prudences"])
    for feature in content["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        for part in getattr(shape, "geoms", [shape]):
            assert part.exterior.is_ccw


def test_a_header_sorts_the_list_of_a_territory_and_the_link_keeps_it(visit, server):
    page = visit(f"{server.url}/couverture?vue=territoire&territoire=departement:69").page
    page.get_by_role("tab", name="Quartiers à rejoindre").click()
    page.get_by_role("button", name="Pauvreté 2021").click()
    expect(page).to_have_url(re.compile("tri=pauvrete"))
    header = page.get_by_role("columnheader", name="Pauvreté 2021")
    expect(header).to_have_attribute("aria-sort", "descending")
    texts = page.locator(".liste tbody td[data-label='Pauvreté 2021']").all_inner_texts()
    rates = [int(re.sub(r"\D", "", t)) for t in texts if "%" in t]
    assert rates == sorted(rates, reverse=True)
    assert len(rates) > 10


def test_bars_and_curves_are_drawn_without_a_tool_bar(visit, server):
    page = visit(f"{server.url}/couverture?vue=territoire&territoire=region:84").page
    expect(page.locator(".js-plotly-plot .barlayer .point")).to_have_count(60)
    expect(page.locator(".modebar-btn")).to_have_count(0)
    page = visit(f"{server.url}/couverture?vue=evolution&janvier=2015").page
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    expect(page.locator(".js-plotly-plot .scatterlayer").first).to_be_visible()


def test_the_year_moves_the_map(visit, server):
    page = visit(f"{server.url}/couverture?vue=evolution&janvier=2010").page
    frame = frame_of_map(page)
    digest = wait_painted(frame)
    early = drawn(frame)["couvert"]
    slider = page.get_by_role("slider", name="Au 1er janvier")
    slider.focus()
    for _ in range(9):
        slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("janvier=201[1-9]"))
    settled(page)
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("janvier=2020"))
    wait_painted(frame, digest)
    assert drawn(frame)["couvert"] > early
    expect(page.locator(".vue h2").nth(1)).to_contain_text("Au 1er janvier 2020")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_accessible_and_fits_a_phone(visit, server, view):
    place = "&lieu=dispositif:clsm-chateau-thierry&rayon=50" if view == "autour" else ""
    for width, height in ((1280, 800), (390, 844)):
        seen = visit(f"{server.url}/couverture?vue={view}{place}", width, height)
        page = seen.page
        settled(page)
        expect(page.locator(".source").first).to_be_attached()
        if width == 1280:
            found = Axe().run(page).response["violations"]
            assert [v["id"] for v in found if v["impact"] in {"serious", "critical"}] == []
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= width
        assert (seen.asked, seen.errors) == ([], [])


def test_the_back_button_takes_the_radius_back(visit, server):
    page = visit(f"{server.url}/couverture?lieu=dispositif:clsm-chateau-thierry&rayon=20").page
    wait_painted(frame_of_map(page))
    slider = page.get_by_role("slider", name="Rayon")
    slider.focus()
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("rayon=21"))
    wait_painted(frame_of_map(page))
    page.wait_for_timeout(int(ECHO_SECONDS * 1000) + 200)
    page.go_back()
    expect(page).to_have_url(re.compile("rayon=20"))
    expect(page.get_by_role("slider", name="Rayon")).to_have_value("20")
