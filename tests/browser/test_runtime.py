"""The runtime of maps, on four squares: late answers, lost files, tiles, sizes, signs."""

import re
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from bench.driving import frame_of_map, screenshot_colours, serve, wait_painted
from clsm_map.domain.devices import STATUSES
from tests.browser.conftest import APPS, OUTPUT
from tests.browser.test_map import counts_of, layer_of, pointed, state

FRAME = "iframe[src*='streamlit_folium']"


@pytest.fixture(scope="package")
def moteur(tmp_path_factory):
    folder = tmp_path_factory.mktemp("moteur")
    script = folder / "app.py"
    script.write_bytes((APPS / "moteur.py").read_bytes())
    with serve(script, OUTPUT / "moteur.log", {"CLSM_MAP_STATIC": str(folder / "static")}) as ready:
        yield ready


def choose(page, name):
    page.get_by_text(name, exact=True).click()


def tile(colour):
    content = BytesIO()
    Image.new("RGB", (256, 256), colour).save(content, "PNG")
    return content.getvalue()


def opened(seen):
    frame = frame_of_map(seen.page)
    return seen.page, frame, wait_painted(frame)


def test_an_answer_that_comes_late_does_not_cover_a_newer_map(visit, moteur):
    page, frame, first = opened(visit(moteur.url))
    held = []

    def hold(route):
        held.append(route)

    page.route("**/geo/lents-*.json", hold)
    with page.expect_request("**/geo/lents-*.json"):
        choose(page, "lent")
    assert frame.evaluate("document.documentElement.dataset.painted") == first
    choose(page, "second")
    second = wait_painted(frame, first)
    held[0].continue_()
    page.wait_for_timeout(400)
    assert frame.evaluate("document.documentElement.dataset.painted") == second
    assert counts_of(layer_of(frame, "carre"))["haut"] == 1


def test_a_lost_file_is_said_and_the_next_map_is_drawn(visit, moteur):
    page, frame, first = opened(visit(moteur.url))
    page.route("**/geo/perdus-*.json", lambda route: route.fulfill(status=404, body="?"))
    choose(page, "perdu")
    frame.wait_for_function("document.documentElement.dataset.painted === 'erreur'")
    status = frame.locator(".clsm-etat")
    expect(status).to_contain_text("n’ont pas pu être chargés")
    assert state(frame)["digest"] == first
    choose(page, "second")
    wait_painted(frame, "erreur")
    expect(status).to_be_empty()


def test_a_change_of_classes_keeps_the_reader_s_own_view_and_asks_no_contour(visit, moteur):
    page, frame, first = opened(visit(moteur.url))
    frame.get_by_role("button", name="Zoomer", exact=True).click()
    page.wait_for_timeout(600)
    view = state(frame)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "second")
    wait_painted(frame, first)
    now = state(frame)
    assert (now["zoom"], now["centre"]) == (view["zoom"], view["centre"])
    assert not [url for url in asked if "/app/static/" in url]


def test_another_territory_moves_the_view_and_home_comes_back_to_it(visit, moteur):
    page, frame, first = opened(visit(moteur.url))
    choose(page, "ailleurs")
    wait_painted(frame, first)
    frame.wait_for_function("Math.abs(clsmMap.state().centre[0]) < 0.1")
    page.wait_for_timeout(600)
    frame.get_by_role("button", name="Zoomer", exact=True).click()
    page.wait_for_timeout(600)
    zoomed = state(frame)["zoom"]
    frame.get_by_role("button", name="Revenir à la vue de départ").click()
    frame.wait_for_function("zoom => clsmMap.state().zoom < zoom", arg=zoomed)


@pytest.mark.parametrize(("before", "after"), [(1400, 600), (600, 1400)])
def test_the_territory_still_fits_when_the_window_changes(visit, moteur, before, after):
    page, frame, _ = opened(visit(moteur.url, before, 900))
    page.set_viewport_size({"width": after, "height": 900})
    frame.wait_for_function("before => Math.abs(innerWidth - before) > 300", arg=before)
    page.wait_for_timeout(600)
    box = page.locator(FRAME).bounding_box()
    west, east = (pointed(page, frame, 45.0, lon)[0] - box["x"] for lon in (0.0, 4.0))
    assert 0 <= west < east <= box["width"]
    assert east - west > 0.8 * min(box["width"], 720)
    assert (west + east) / 2 == pytest.approx(box["width"] / 2, abs=2)


def test_a_map_painted_in_a_hidden_tab_fits_when_it_is_shown(visit, moteur):
    page, frame, _ = opened(visit(f"{moteur.url}/?onglet=1"))
    assert page.locator(FRAME).bounding_box() is None
    page.get_by_role("tab", name="Dessin").click()
    page.wait_for_timeout(500)
    edges = [pointed(page, frame, 45.0, lon)[0] for lon in (0.0, 4.0)]
    assert edges[1] - edges[0] > 500
    assert screenshot_colours(page.locator(FRAME).screenshot())["#993404"] > 2000


def test_tiles_come_when_the_browser_reaches_them_and_are_credited(visit, moteur):
    blue = tile((120, 160, 200))

    def answer(route):
        if "data.geopf.fr" not in route.request.url:
            return False
        route.fulfill(status=200, content_type="image/png", body=blue)
        return True

    seen = visit(moteur.url, answer=answer)
    page, frame, first = opened(seen)
    choose(page, "carreaux")
    wait_painted(frame, first)
    frame.wait_for_function("clsmMap.state().tiles === 'ign'")
    expect(frame.locator(".clsm-sources")).to_contain_text("Plan IGN")
    page.wait_for_timeout(600)
    colours = screenshot_colours(page.locator(FRAME).screenshot())
    assert colours["#78a0c8"] / colours.total() > 0.1
    assert all(url.startswith("https://data.geopf.fr/wmts?") for url in seen.asked)
    choose(page, "second")
    frame.wait_for_function("clsmMap.state().tiles === 'aucun'")


def test_what_is_not_known_says_why(visit, moteur):
    page, frame, _ = opened(visit(moteur.url))
    bubble = frame.locator(".clsm-bulle")
    for lon, text in [
        (0.5, "Taux\u00a0: 1,0\u00a0%"),
        (2.5, "Taux\u00a0: donnée manquante"),
        (3.5, "Taux\u00a0: secret statistique"),
    ]:
        page.mouse.move(*pointed(page, frame, 45.0, lon))
        expect(bubble).to_contain_text(text)
    page.mouse.move(*pointed(page, frame, 45.9, 0.0))
    expect(bubble).to_be_hidden()


def test_every_status_has_a_sign_besides_its_colour(visit, moteur):
    page, frame, first = opened(visit(moteur.url))
    choose(page, "signes")
    wait_painted(frame, first)
    page.wait_for_timeout(600)
    picture = Image.open(BytesIO(page.locator(FRAME).screenshot())).convert("L")
    box = page.locator(FRAME).bounding_box()
    contrasts = {}
    for i, status in enumerate(STATUSES.values()):
        x, y = pointed(page, frame, 45.0, i + 0.5)
        x, y = int(x - box["x"]), int(y - box["y"])
        low, high = picture.crop((x - 12, y - 12, x + 12, y + 12)).getextrema()
        contrasts[status.mark] = high - low
    assert contrasts["plein"] == 0
    assert all(contrasts[mark] > 40 for mark in ("hachures", "points", "croix")), contrasts
    ring = STATUSES["a_verifier"].colour
    colours = screenshot_colours(page.locator(FRAME).screenshot())
    assert 0 < colours[ring] < 3000


def test_on_a_phone_the_places_open_on_demand(visit, moteur):
    page, frame, first = opened(visit(moteur.url, 390, 844))
    choose(page, "signes")
    wait_painted(frame, first)
    place = frame.get_by_role("button", name="Mayotte")
    expect(place).to_be_hidden()
    toggle = frame.get_by_role("button", name="Aller à…")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    place.click()
    frame.wait_for_function("Math.abs(clsmMap.state().centre[0]) < 1")
    expect(place).to_be_hidden()


def test_one_finger_scrolls_the_page_past_the_map(visit, moteur):
    _, frame, _ = opened(visit(moteur.url, 390, 844, has_touch=True, is_mobile=True))
    actions = frame.evaluate("getComputedStyle(document.querySelector('#map_div')).touchAction")
    assert re.search("pan-y|auto|manipulation", actions)


def test_the_frame_has_no_accessibility_fault(visit, moteur):
    page, frame, first = opened(visit(moteur.url))
    choose(page, "signes")
    wait_painted(frame, first)
    faults = Axe().run(page, context=FRAME).response["violations"]
    assert [f["id"] for f in faults] == []
