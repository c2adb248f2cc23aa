"""The map, in Chromium, with every outside host refused: painted, right, safe, usable."""

import math
import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from bench.driving import frame_of_map, screenshot_colours, wait_painted
from clsm_map.store.snapshot import open_snapshot
from tests.browser.apps.cartes import HOSTILE

FRAME = "iframe[src*='streamlit_folium']"
SIZES = [(1280, 800), (390, 844)]
LA_REUNION = (-21.1, 55.5)


def state(frame):
    return frame.evaluate("clsmMap.state()")


def layer_of(frame, kind):
    return next(layer for layer in state(frame)["layers"] if layer["kind"] == kind)


def counts_of(layer):
    """Features drawn by label, whatever the page that a status rests on; so for hollow circles."""
    counts = Counter()
    for drawn in layer["classes"]:
        label = re.sub(r", (?:page .*|habitants inconnus)$", "", drawn["label"].casefold())
        counts[re.sub(r", page .*$", "", label)] += drawn["count"]
    return {label: n for label, n in counts.items() if n}


def legend_counts(page, name):
    section = page.locator(f"section.legende[aria-label*='{name}']")
    labels = section.locator("li > span:not(.n)").all_inner_texts()
    numbers = section.locator("li > .n").all_inner_texts()
    pairs = zip(labels, numbers, strict=True)
    return {
        la.casefold(): int(re.sub(r"\D", "", n))
        for la, n in pairs
        if n != "0" and not la.startswith(("Habitants inconnus", "Dont couverts"))
    }


def choose_indicator(page, name):
    field = page.get_by_role("combobox", name="Indicateur")
    field.click()
    field.fill(name)
    page.get_by_role("option", name=name).first.click()


def pixel(frame, latitude, longitude):
    """Where a place is in the frame, from the state of the map (Web Mercator, 256 px at zoom 0)."""

    def project(lat, lon):
        sine = math.sin(math.radians(lat))
        return (
            256 * (lon + 180) / 360,
            256 * (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)),
        )

    now = state(frame)
    size = frame.evaluate("[innerWidth, innerHeight]")
    centre, place = project(*now["centre"]), project(latitude, longitude)
    return tuple(size[i] / 2 + (place[i] - centre[i]) * 2 ** now["zoom"] for i in (0, 1))


def pointed(page, frame, latitude, longitude):
    """The position, in the page, of a place of the map, once the page has settled."""
    element = page.locator(FRAME)
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    x, y = pixel(frame, latitude, longitude)
    return box["x"] + x, box["y"] + y


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_map_is_painted_with_every_outside_host_refused(visit, server, width, height):
    seen = visit(f"{server.url}/carte?couches=qpv", width, height)
    frame = frame_of_map(seen.page)
    wait_painted(frame)
    element = seen.page.locator(FRAME)
    element.scroll_into_view_if_needed()
    pixels = screenshot_colours(element.screenshot())
    classes = [c for c in layer_of(frame, "epci")["classes"] if c["count"] > 50]
    assert len(classes) == 5
    covered = {c["label"]: pixels[c["colour"]] for c in classes}
    assert min(covered.values()) > 150, covered
    assert seen.asked == []
    assert seen.errors == []


def test_a_map_whose_document_comes_late_is_waited_for(open_context, server):
    page = open_context().context.new_page()

    def late(route):
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/streamlit_folium.st_folium/index.html*", late)
    page.goto(f"{server.url}/carte")
    assert re.fullmatch("[0-9a-f]{16}", wait_painted(frame_of_map(page)))


def test_colours_legend_and_table_count_the_same_territories(visit, server):
    page = visit(f"{server.url}/carte").page
    frame = frame_of_map(page)
    first = wait_painted(frame)
    choose_indicator(page, "Logements sociaux")
    wait_painted(frame, first)
    expect(page.locator(".vue h2")).to_contain_text("ogements sociaux")

    drawn = counts_of(layer_of(frame, "epci"))
    assert drawn == legend_counts(page, "ogements sociaux")
    assert sum(drawn.values()) == 1264
    quartiers = counts_of(layer_of(frame, "qpv"))
    assert quartiers == legend_counts(page, "Quartiers prioritaires")
    assert sum(quartiers.values()) == 1584

    page.get_by_role("tab", name="Tableau").click()
    grid = page.get_by_role("tabpanel").locator("[role=grid]")
    grid.wait_for(state="attached")
    assert int(grid.get_attribute("aria-rowcount")) - 1 == 1264


def test_a_filter_counts_the_same_quartiers_on_map_and_in_legend(visit, server):
    page = visit(f"{server.url}/carte?territoire=region:84&pauvrete=45-").page
    frame = frame_of_map(page)
    wait_painted(frame)
    drawn = counts_of(layer_of(frame, "qpv"))
    assert drawn == legend_counts(page, "Quartiers prioritaires")
    shown = page.locator(".chiffres .valeur").first.inner_text()
    assert int(re.sub(r"\D", "", shown)) == sum(drawn.values()) > 0


def test_another_indicator_repaints_the_same_frame_in_the_colours_of_its_classes(visit, server):
    page = visit(f"{server.url}/carte?couches=").page
    frame = frame_of_map(page)
    first = wait_painted(frame)
    frame.evaluate("window.kept = true")
    before = counts_of(layer_of(frame, "epci"))
    choose_indicator(page, "Poids des quartiers")
    wait_painted(frame, first)
    assert frame.evaluate("window.kept")
    after = layer_of(frame, "epci")
    assert counts_of(after) != before
    pixels = screenshot_colours(page.locator(FRAME).screenshot())
    largest = max(after["classes"], key=lambda c: c["count"])
    assert pixels[largest["colour"]] / pixels.total() > 0.05


def test_twins_that_differ_by_an_underscored_word_do_not_go_stale(visit, own_server):
    page = visit(own_server.url).page
    frame = frame_of_map(page)
    first = wait_painted(frame)
    assert counts_of(layer_of(frame, "carre")) == {"clsm_non": 1}
    page.get_by_text("clsm_oui", exact=True).click()
    wait_painted(frame, first)
    assert counts_of(layer_of(frame, "carre")) == {"clsm_oui": 1}
    assert frame.locator(".clsm-sources").inner_text() == "clsm_oui"


def test_hostile_names_stay_text(visit, own_server):
    seen = visit(f"{own_server.url}/?vue=hostile")
    page, frame = seen.page, frame_of_map(seen.page)
    wait_painted(frame)
    for i, name in enumerate(HOSTILE):
        page.mouse.move(*pointed(page, frame, 45.0, i + 0.5))
        bubble = frame.locator(".clsm-bulle")
        expect(bubble.locator(".clsm-nom")).to_have_text(name)
        expect(bubble).to_contain_text(f"{HOSTILE[2]}\u00a0: {name}")
        expect(bubble.locator("img, script")).to_have_count(0)
    buttons = frame.locator(".clsm-lieux button:not(.clsm-bascule)")
    assert buttons.all_text_contents() == list(HOSTILE)
    page.mouse.click(*pointed(page, frame, 45.0, 1.5))
    expect(page.get_by_text("Tour 2")).to_be_visible()
    for name in HOSTILE:
        expect(page.locator(".fiche dd", has_text=name).first).to_be_visible()
        expect(page.locator(".legende li span", has_text=name).first).to_be_visible()
    assert page.evaluate("window.pwned") is None
    assert frame.evaluate("window.pwned") is None
    assert (seen.dialogs, seen.errors, seen.asked) == ([], [], [])


def test_a_click_on_a_territory_shows_its_card(visit, server):
    page = visit(f"{server.url}/carte?niveau=departement&couches=").page
    frame = frame_of_map(page)
    first = wait_painted(frame)
    page.mouse.click(*pointed(page, frame, 44.55, 3.5))
    expect(page.locator(".fiche h3")).to_have_text("Lozère")
    wait_painted(frame, first)
    assert state(frame)["selected"] == "48"
    expect(page).to_have_url(re.compile(r"choisi=departement(:|%3A)48"))
    page.get_by_role("button", name="Désélectionner").click()
    expect(page.locator(".fiche")).to_have_count(0)


def test_a_click_on_a_quartier_shows_its_card(visit, server):
    page = visit(f"{server.url}/carte?territoire=departement:93&niveau=commune&couches=qpv").page
    frame = frame_of_map(page)
    wait_painted(frame)
    qpv = open_snapshot().qpv.query("departement == '93'")
    largest = qpv.loc[qpv["surface_ha"].idxmax()]
    inside = largest.geometry.representative_point()
    page.mouse.click(*pointed(page, frame, inside.y, inside.x))
    expect(page.locator(".fiche h3")).to_have_text(largest["nom"])
    expect(page.locator(".fiche .ou")).to_contain_text(largest["code"])


def test_moving_the_map_asks_nothing_of_the_page(visit, server):
    seen = visit(f"{server.url}/carte")
    page, frame = seen.page, frame_of_map(seen.page)
    wait_painted(frame)
    page.wait_for_timeout(500)
    before, sent = state(frame), len(seen.sent)
    x, y = pointed(page, frame, *before["centre"])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y - 60, steps=6)
    page.mouse.up()
    page.mouse.wheel(0, -300)
    frame.wait_for_function("zoom => clsmMap.state().zoom > zoom", arg=before["zoom"])
    page.wait_for_timeout(700)
    assert state(frame)["centre"] != before["centre"]
    assert len(seen.sent) == sent


def test_overseas_is_one_click_away_without_running_the_page(visit, server):
    seen = visit(f"{server.url}/carte")
    page, frame = seen.page, frame_of_map(seen.page)
    wait_painted(frame)
    page.wait_for_timeout(500)
    sent = len(seen.sent)
    frame.get_by_role("button", name="La Réunion").click()
    frame.wait_for_function("clsmMap.state().centre[1] > 55")
    page.wait_for_timeout(500)
    now = state(frame)
    assert now["centre"] == pytest.approx(LA_REUNION, abs=0.3)
    assert now["zoom"] > 8
    pixels = screenshot_colours(page.locator(FRAME).screenshot())
    colours = [c["colour"] for c in layer_of(frame, "epci")["classes"][:5]]
    assert sum(pixels[c] for c in colours) / pixels.total() > 0.05
    frame.get_by_role("button", name="Hexagone").click()
    frame.wait_for_function("clsmMap.state().centre[1] < 10")
    assert len(seen.sent) == sent


def test_without_tiles_the_map_says_it_is_complete(visit, server):
    seen = visit(f"{server.url}/carte?fond=ign")
    frame = frame_of_map(seen.page)
    wait_painted(frame)
    expect(frame.locator(".clsm-etat")).to_contain_text("la carte reste complète sans lui")
    assert state(frame)["tiles"] == "aucun"
    assert {re.sub(r"https://([^/]+)/.*", r"\1", url) for url in seen.asked} == {
        "data.geopf.fr",
        "tile.openstreetmap.org",
    }


def test_the_keyboard_reaches_the_map_moves_it_and_chooses(visit, server):
    page = visit(f"{server.url}/carte?niveau=departement&couches=").page
    frame = frame_of_map(page)
    wait_painted(frame)
    page.get_by_role("tab", name="Carte").focus()
    focused = "document.activeElement === document.querySelector('.leaflet-container')"
    for _ in range(4):
        page.keyboard.press("Tab")
        if frame.evaluate(focused):
            break
    assert frame.evaluate(focused)
    start = state(frame)
    page.keyboard.press("ArrowRight")
    frame.wait_for_function("lon => clsmMap.state().centre[1] > lon", arg=start["centre"][1])
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page.locator(".fiche h3")).not_to_be_empty()
    bubble = frame.locator(".clsm-bulle")
    page.mouse.move(*pointed(page, frame, 44.55, 3.5))
    expect(bubble).to_be_visible()
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()


def test_the_map_names_itself_in_french(visit, server):
    page = visit(f"{server.url}/carte").page
    frame = frame_of_map(page)
    wait_painted(frame)
    title = page.locator(".vue h2").inner_text()
    assert page.locator(FRAME).get_attribute("title") == title
    assert frame.locator(".leaflet-container").get_attribute("aria-label") == title
    assert frame.evaluate("document.documentElement.lang") == "fr"
