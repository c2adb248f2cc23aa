"""Pictures of the README, taken from the running application: ``make screenshots``."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from bench.driving import chromium, closed_context, frame_in, frame_of_map, serve, wait_painted
from clsm_map.desk import open_desk
from clsm_map.exports.pdf import png_pages
from clsm_map.exports.sheet import sheet_document, sheet_of
from clsm_map.exports.sheet_map import sheet_picture

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
VIEWS = {
    "carte": "carte",
    "couverture": "couverture?vue=territoire&territoire=region:93",
    "planifier": "planifier",
}
SETTLED_MS = 2_500
SCENES = {"scene-france": 1, "scene-croissance": 2, "scene-avant-apres": 6, "scene-quartier": 8}
PAGE_DPI = 96
STAGE = {"width": 1280, "height": 720}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    log = ROOT / "bench" / "results" / "screenshots.log"
    with serve(ROOT / "app.py", log) as server, chromium() as browser:
        page = closed_context(browser).context.new_page()
        for name, view in VIEWS.items():
            page.goto(f"{server.url}/{view}")
            wait_painted(frame_of_map(page))
            page.wait_for_timeout(SETTLED_MS)
            page.screenshot(path=IMAGES / f"{name}.png")
        take_scenes(page, f"{server.url}/presentation?territoire=region:84")
    draw_sheet("departement:93")


def take_scenes(page: Page, url: str) -> None:
    """Take scenes of the presentation of a région, as they are projected."""
    page.set_viewport_size(STAGE)
    page.goto(url)
    frame = frame_in(page.wait_for_selector("iframe[src*='clsm_presentation']", state="attached"))
    frame.wait_for_selector("#presentation[data-prete]")
    frame.evaluate("clsmPresentation.screen.cover(true)")
    for name, rank in SCENES.items():
        frame.evaluate("rank => clsmPresentation.go(rank - 1)", rank)
        frame.wait_for_selector(f"#presentation[data-scene='{rank}']")
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=IMAGES / f"{name}.png")


def draw_sheet(about: str) -> None:
    """Draw the pages of a sheet as they are printed."""
    desk = open_desk()
    subject, sheet = sheet_of(desk, about)
    document = sheet_document(sheet, sheet_picture(desk, subject, sheet, "svg"))
    for rank, content in enumerate(png_pages(document, PAGE_DPI), start=1):
        (IMAGES / f"fiche-page-{rank}.png").write_bytes(content)


if __name__ == "__main__":
    main()
