"""A presentation exported as a folder, opened from the disk with the network cut."""

import datetime as dt
import io
import json
import zipfile

import pytest

from clsm_map.desk import open_desk
from clsm_map.exports.deck.play import deck_folder, deck_payload
from clsm_map.exports.deck.standard import default_deck

WAIT = 60_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return open_desk(today=dt.date(2026, 11, 22), static=tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def deck(desk):
    return default_deck(desk, "53")


@pytest.fixture(scope="module")
def folder(desk, deck, tmp_path_factory):
    path = tmp_path_factory.mktemp("presentation")
    zipfile.ZipFile(io.BytesIO(deck_folder(desk, deck))).extractall(path)
    return path


@pytest.fixture
def opened(browser, folder):
    """The folder, played offline: the page, what it asked for and what went wrong."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    page.wait_for_selector('#presentation[data-scene="1"]', timeout=WAIT)
    yield page, asked, wrong
    context.close()


def test_every_scene_plays_with_the_network_cut(opened, desk, deck):
    page, asked, wrong = opened
    scenes = deck_payload(desk, deck)["scenes"]
    for rank, scene in enumerate(scenes, start=1):
        page.wait_for_selector(f'#presentation[data-scene="{rank}"]', timeout=WAIT)
        shown = page.locator(".clsm-scene:not(.clsm-cachee)")
        assert shown.locator("h2").inner_text() == scene["titre"]
        assert scene["phrase"] in shown.inner_text().replace("\n", " ")
        assert shown.locator(".clsm-carte").count() == len(scene["cartes"])
        page.wait_for_selector(f'#presentation[data-prete="{rank}"]', timeout=WAIT)
        page.keyboard.press("ArrowRight")
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    assert wrong == []


def test_a_change_of_scene_takes_less_than_300_ms_after_the_first(opened, deck):
    """Forward, back and forward again: the best time of each scene, other work set apart."""
    page, _, _ = opened
    count = len(deck.scenes)
    there = [*range(2, count + 1), *range(count - 1, 0, -1), *range(2, count + 1)]
    best, shown = {}, 1
    for rank in there:
        page.wait_for_selector(f'#presentation[data-prete="{shown}"]', timeout=WAIT)
        page.keyboard.press("PageDown" if rank > shown else "PageUp")
        page.wait_for_selector(f'#presentation[data-scene="{rank}"]', timeout=WAIT)
        time = float(page.locator("#presentation").get_attribute("data-duree"))
        best[rank] = min(time, best.get(rank, time))
        shown = rank
    assert set(best) == set(range(1, count + 1))
    assert max(best.values()) < 300, best


def test_the_font_of_the_folder_is_used(opened):
    page, _, _ = opened
    assert page.evaluate("document.fonts.check('28px \"Public Sans\"')")
    assert page.evaluate("[...document.fonts].some(f => f.status === 'loaded')")


def test_the_folder_names_only_its_own_files(folder):
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert "http://" not in html
    assert "https://" not in html
    assert (folder / "LISEZMOI.txt").read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads((folder / "presentation.json").read_text(encoding="utf-8"))["version"] == 1
