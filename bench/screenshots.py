"""Pictures of the README, taken from the running application: ``make screenshots``."""

from __future__ import annotations

from pathlib import Path

from bench.driving import chromium, closed_context, frame_of_map, serve, wait_painted

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
VIEWS = {
    "carte": "carte",
    "couverture": "couverture?vue=territoire&territoire=region:93",
    "planifier": "planifier",
}
SETTLED_MS = 2_500


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


if __name__ == "__main__":
    main()
