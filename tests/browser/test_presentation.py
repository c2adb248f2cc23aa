"""The page Présentation in Chromium: played by keys with the network cut, edited, saved, linked."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from bench.driving import frame_in
from tests.browser.test_pages import serious, settled

FRAME = "iframe[src*='clsm_presentation']"
CHANGE_MS = 300
COLD_MS = 180_000  # the first visit of a process computes the eight scenes
HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} </script> *gras* {{7*7}}"
CLOCK = """() => {
  const root = document.querySelector('#presentation');
  window.durees = [];
  document.addEventListener('keydown', () => { window.depart = performance.now(); }, true);
  new MutationObserver(() => window.durees.push(performance.now() - window.depart))
    .observe(root, { attributes: true, attributeFilter: ['data-scene'] });
}"""
TEXTS = """() => {
  const unit = parseFloat(getComputedStyle(document.querySelector('#presentation'))
    .getPropertyValue('--u'));
  const shown = document.querySelector('.clsm-scene:not(.clsm-cachee)');
  return [...shown.querySelectorAll('*')]
    .filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => ({
      size: parseFloat(getComputedStyle(e).fontSize) / unit,
      kind: e.closest('footer, .origine') ? 'source' : e.closest('.clsm-legendes') ? 'legende'
        : 'message',
      text: e.textContent.slice(0, 60),
    }));
}"""

LEAST_PIXELS = """() => Math.min(
  ...[...document.querySelectorAll('.clsm-scene:not(.clsm-cachee) *')]
    .filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
FIGURE_SCALES = """() =>
  [...document.querySelectorAll('.clsm-scene:not(.clsm-cachee) .clsm-figure img')].map(i =>
    Math.min(i.clientWidth / i.naturalWidth, i.clientHeight / i.naturalHeight))"""


def frame_of(page):
    """Give the frame of the player once its first scene and its neighbours are ready."""
    frame = frame_in(page.wait_for_selector(FRAME, state="attached", timeout=COLD_MS))
    frame.wait_for_selector("#presentation[data-prete]")
    return frame


def ready(frame, rank):
    frame.wait_for_selector(f"#presentation[data-scene='{rank}'][data-prete='{rank}']")


def everything_read(frame):
    frame.wait_for_selector("#presentation[data-lecture='complete']")


def on_stage(frame):
    frame.locator("#presentation").focus()


def title(frame):
    return frame.locator(".clsm-scene:not(.clsm-cachee) h2")


def titles(frame):
    return frame.evaluate("clsmPresentation.scenes.map(s => s.data.titre)")


@pytest.fixture
def opened(visit, server):
    """Open the page; its address, size and query may be chosen."""

    def go(query="", width=1280, height=800):
        seen = visit(f"{server.url}/presentation{query}", width, height)
        seen.wrong = []
        seen.page.on(
            "console",
            lambda m: (
                seen.wrong.append(m.text)
                if m.type == "error" and re.search("component|static", m.location["url"])
                else None
            ),
        )
        return seen, seen.page, frame_of(seen.page)

    return go


def test_eight_scenes_play_by_keys_with_the_network_cut(opened):
    seen, page, frame = opened("?territoire=region:84")
    everything_read(frame)
    page.context.set_offline(True)
    frame.evaluate(CLOCK)
    on_stage(frame)
    said = [title(frame).inner_text()]
    for rank, key in enumerate(
        ["ArrowRight", "PageDown", "Space", "ArrowRight", "PageDown", "ArrowRight", "PageDown"], 2
    ):
        page.keyboard.press(key)
        ready(frame, rank)
        said.append(title(frame).inner_text())
        status = frame.locator("[aria-live=polite]").inner_text()
        assert status.startswith(f"Scène {rank} sur 8. {said[-1]}")
    assert len(set(said)) == 8
    # A machine that does something else may stop for a while: the whole deck is played again.
    passes = [frame.evaluate("window.durees")]
    while max(passes[-1]) >= CHANGE_MS and len(passes) < 3:
        page.keyboard.press("Home")
        ready(frame, 1)
        frame.evaluate("() => { window.durees = []; }")
        for rank in range(2, 9):
            page.keyboard.press("PageDown")
            ready(frame, rank)
        passes.append(frame.evaluate("window.durees"))
    assert [len(p) for p in passes] == [7] * len(passes)
    assert max(passes[-1]) < CHANGE_MS, passes
    page.keyboard.press("Home")
    ready(frame, 1)
    page.keyboard.press("End")
    ready(frame, 8)
    page.keyboard.press("PageUp")
    ready(frame, 7)
    assert frame.locator(".clsm-etat:not(:empty)").count() == 0
    assert (seen.asked, seen.errors, seen.wrong) == ([], [], [])


def test_the_next_scene_is_painted_before_it_shows(opened):
    _, page, frame = opened("?territoire=region:84&scene=2")
    ready(frame, 2)
    drawn = frame.evaluate(
        "[0, 2].map(i => clsmPresentation.scenes[i].scene.places.map(p => p.slot.stage.state()))"
    )
    for maps in drawn:
        for state in maps:
            assert sum(c["count"] for layer in state["layers"] for c in layer["classes"]) > 0
    assert drawn[0]
    on_stage(frame)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    ready(frame, 7)
    alive = frame.evaluate("document.querySelectorAll('.leaflet-container').length")
    assert 0 < alive <= 4


def test_what_a_scene_says_is_at_least_28_pixels_high(opened):
    _, page, frame = opened("?territoire=region:53", 1280, 720)
    on_stage(frame)
    for rank in range(1, 9):
        ready(frame, rank)
        texts = frame.evaluate(TEXTS)
        least = {"message": 27.9, "legende": 23.9, "source": 18.9}
        assert [t for t in texts if t["size"] < least[t["kind"]]] == []
        assert len([t for t in texts if t["kind"] == "message"]) >= 2
        page.keyboard.press("ArrowRight")


def test_no_letter_is_under_28_pixels_on_a_full_screen_of_1920_by_1080(opened):
    _, page, frame = opened("?territoire=region:93", 1920, 1080)
    on_stage(frame)
    page.keyboard.press("f")
    frame.wait_for_selector("#presentation.clsm-plein")
    frame.wait_for_function("document.querySelector('#presentation').clientHeight === innerHeight")
    figures = 0
    for rank in range(1, 9):
        ready(frame, rank)
        assert frame.evaluate(LEAST_PIXELS) >= 28
        for scale in frame.evaluate(FIGURE_SCALES):
            figures += 1
            assert scale * 12 >= 28  # the smallest letters of a figure: 9 points, 12 pixels
        page.keyboard.press("ArrowRight")
    assert figures == 1


def test_full_screen_leaves_nothing_of_the_page(opened):
    _, page, frame = opened("?territoire=region:84", 1280, 720)
    on_stage(frame)
    page.keyboard.press("f")
    frame.wait_for_selector("#presentation.clsm-plein")
    assert page.evaluate("document.fullscreenElement.matches(\"iframe[src*='clsm_presentation']\")")
    frame.wait_for_function("document.querySelector('#presentation').clientHeight === innerHeight")
    assert frame.evaluate("[innerWidth, innerHeight]") == [1280, 720]
    frame.wait_for_function(
        "getComputedStyle(document.querySelector('.clsm-barre')).opacity === '0'"
    )
    page.keyboard.press("b")
    expect(frame.locator(".clsm-noir")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(frame.locator(".clsm-noir")).to_be_hidden()
    assert frame.get_attribute("#presentation", "data-scene") == "1"
    page.keyboard.press("f")
    frame.wait_for_selector("#presentation:not(.clsm-plein)")


def test_where_full_screen_is_refused_the_frame_covers_the_window(opened):
    _, page, frame = opened("?territoire=region:84", 1280, 720)
    frame.evaluate(
        "() => { Element.prototype.requestFullscreen = () => Promise.reject(new TypeError()); }"
    )
    on_stage(frame)
    page.keyboard.press("f")
    frame.wait_for_selector("#presentation.clsm-couvre")
    assert page.locator(FRAME).bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
    assert page.evaluate("document.elementFromPoint(200, 20).tagName") == "IFRAME"
    page.keyboard.press("Escape")
    frame.wait_for_selector("#presentation:not(.clsm-couvre)")
    assert page.locator(FRAME).bounding_box()["width"] < 1000


def test_before_and_after_are_compared_by_keyboard(opened):
    _, page, frame = opened("?territoire=region:84&scene=6")
    ready(frame, 6)
    slider = frame.locator(".clsm-scene:not(.clsm-cachee)").get_by_role("slider")
    over = frame.locator(".clsm-scene:not(.clsm-cachee) .clsm-place").nth(1)
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    assert slider.input_value() == "53"
    assert over.evaluate("e => e.style.clipPath") == "inset(0px 0px 0px 53%)"
    on_stage(frame)
    page.keyboard.press("ArrowUp")
    assert slider.input_value() == "58"
    assert frame.get_attribute("#presentation", "data-scene") == "6"
    slider.focus()
    page.keyboard.press("PageDown")
    ready(frame, 7)


def test_a_territory_is_put_forward_and_pointed_at(opened):
    _, page, frame = opened("?territoire=region:84&scene=8")
    ready(frame, 8)
    shown = frame.locator(".clsm-scene:not(.clsm-cachee)")
    expect(shown.locator(".clsm-anneau")).to_be_visible()
    assert title(frame).inner_text().startswith(shown.locator(".clsm-vedette").inner_text())
    on_stage(frame)
    page.keyboard.press("l")
    box = page.locator(FRAME).bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    spot = frame.locator(".clsm-pointeur")
    expect(spot).to_be_visible()
    at = spot.bounding_box()
    assert abs(at["x"] + at["width"] / 2 - box["x"] - 300) <= 1
    page.keyboard.press("Escape")
    expect(spot).to_be_hidden()


def test_notes_and_time_in_a_second_window_that_moves_with_the_first(opened):
    _, page, frame = opened("?territoire=region:84")
    on_stage(frame)
    with page.expect_popup() as opening:
        page.keyboard.press("n")
    notes = opening.value
    expect(notes.locator(".notes")).to_contain_text("Le tableau national")
    expect(notes.locator(".suite")).to_contain_text("Ensuite")
    expect(notes.locator(".duree")).to_contain_text("min")
    notes.get_by_role("button", name="Suivante").click()
    ready(frame, 2)
    notes.keyboard.press("PageDown")
    ready(frame, 3)
    on_stage(frame)
    page.keyboard.press("ArrowLeft")
    ready(frame, 2)
    expect(notes.locator("header")).to_contain_text("Scène 2 sur 8")
    notes.close()


def test_a_hostile_title_stays_text_and_the_deck_survives_file_and_link(opened, tmp_path):
    seen, page, frame = opened("?territoire=region:84")
    field = page.get_by_label("Titre de la scène")
    field.fill(HOSTILE)
    field.press("Enter")
    expect(title(frame)).to_have_text(HOSTILE)
    expect(page.get_by_role("radio").first.locator("xpath=ancestor::label")).to_contain_text(
        HOSTILE
    )
    expect(page.get_by_text("Modifications non enregistrées")).to_be_visible()
    page.get_by_role("button", name="Descendre").click()
    expect(page.get_by_role("radio").nth(1).locator("xpath=ancestor::label")).to_contain_text(
        HOSTILE
    )
    ready(frame, 2)
    told = titles(frame)
    page.get_by_role("button", name="Enregistrer, emporter").click()
    link = page.get_by_test_id("stCode").first.inner_text().strip()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Enregistrer le fichier").click()
    path = tmp_path / "deck.json"
    saving.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8"))["scenes"][1]["titre"] == HOSTILE
    expect(page.get_by_text("Modifications non enregistrées")).to_have_count(0)
    assert frame.evaluate("document.querySelectorAll('img[src=x]').length") == 0

    other, page, frame = opened("?territoire=region:53")
    assert titles(frame) != told
    page.get_by_role("button", name="Ouvrir", exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("radio").nth(1).locator("xpath=ancestor::label")).to_contain_text(
        HOSTILE
    )
    frame.wait_for_function("told => clsmPresentation.scenes[1].data.titre === told[1]", arg=told)
    assert titles(frame) == told

    parts = urlsplit(link)
    assert set(parse_qs(parts.query)) == {"diapo"}
    third, _, frame = opened(f"?{parts.query}&scene=2")
    ready(frame, 2)
    assert titles(frame) == told
    for visit_ in (seen, other, third):
        assert (visit_.dialogs, visit_.errors, visit_.asked) == ([], [], [])


def test_the_presenter_and_the_list_follow_each_other(opened):
    _, page, frame = opened("?territoire=region:84")
    on_stage(frame)
    page.keyboard.press("ArrowRight")
    ready(frame, 2)
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    expect(page).to_have_url(re.compile("scene=2"))
    page.get_by_role("radio").nth(4).locator("xpath=ancestor::label").click()
    ready(frame, 5)
    expect(page).to_have_url(re.compile("scene=5"))


def test_a_view_of_the_map_becomes_a_scene(visit, server):
    page = visit(f"{server.url}/carte?territoire=departement:93&niveau=commune").page
    settled(page)
    page.get_by_role("button", name="Emporter").click()
    page.get_by_role("button", name="Ajouter à la présentation").click()
    page.get_by_role("button", name="Une nouvelle, de cette seule vue").click()
    expect(page.get_by_text("Vue ajoutée à la présentation")).to_be_visible()
    page.get_by_role("link", name="Voir la présentation (1 scène)").click()
    frame = frame_of(page)
    assert len(titles(frame)) == 1
    assert "Seine-Saint-Denis" in title(frame).inner_text()
    expect(page.get_by_text("Modifications non enregistrées")).to_be_visible()


def test_the_first_view_added_is_asked_where_it_goes_and_the_next_is_not(visit, server):
    page = visit(f"{server.url}/presentation?territoire=region:53").page
    frame_of(page)
    settled(page)
    page.get_by_role("navigation").get_by_role("link", name="Carte", exact=True).click()
    page.wait_for_url(re.compile("/carte"))
    settled(page)
    add = page.get_by_role("button", name="Ajouter à la présentation")
    for scenes in (9, 10):
        page.get_by_role("button", name="Emporter").click()
        add.click()
        going_on = page.get_by_role("button", name="Les huit scènes proposées")
        if scenes == 9:
            going_on.click()
        link = page.get_by_role("link", name=f"Voir la présentation ({scenes} scènes)")
        expect(link).to_be_visible()
        expect(going_on).to_have_count(0)
        page.keyboard.press("Escape")


def test_the_presentation_is_of_the_region_in_hand_and_comes_back_to_it(visit, server):
    page = visit(f"{server.url}/carte?territoire=departement:35").page
    settled(page)
    page.get_by_role("navigation").get_by_role("link", name="Présentation", exact=True).click()
    frame = frame_of(page)
    expect(page).to_have_url(re.compile("territoire=region(:|%3A)53"))
    ready(frame, 1)
    assert titles(frame)[2].startswith("Bretagne")
    page.get_by_role("radio").nth(2).locator("xpath=ancestor::label").click()
    expect(page).to_have_url(re.compile("scene=3"))
    settled(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("scene="))
    expect(page.get_by_role("radio").first).to_be_checked()
    settled(page)
    page.go_forward()
    expect(page.get_by_role("radio").nth(2)).to_be_checked()


def test_the_page_and_its_frame_are_accessible_and_fit_a_phone(opened):
    _, page, frame = opened("?territoire=region:84", 390, 844)
    settled(page)
    assert serious(frame) == []
    assert frame.evaluate("document.documentElement.lang") == "fr"
    assert "Présentation" in page.locator(FRAME).get_attribute("title")
    assert frame.evaluate("document.documentElement.scrollWidth") <= 390
    on_stage(frame)
    for rank in range(2, 7):
        page.keyboard.press("ArrowRight")
        ready(frame, rank)
    assert serious(frame) == []
    assert serious(page) == []
