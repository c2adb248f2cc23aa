"""From ``streamlit run`` to the painted *Carte*, beside Streamlit showing one word."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

from bench.driving import ROOT, chromium, frame_of_map, serve, wait_painted
from clsm_map.formats import number

ROUNDS: Final = 5
TARGET_S: Final = 5.0
HELLO: Final = Path(__file__).parent / "apps" / "hello.py"


def _carte_painted(page: Page) -> None:
    wait_painted(frame_of_map(page))


def _word_shown(page: Page) -> None:
    page.get_by_text("Bonjour").wait_for()


def seconds_to_show(
    browser: Browser, script: Path, path: str, shown: Callable[[Page], None]
) -> float:
    """Start a server, open an address of it, and count the seconds until something shows.

    Requests are not intercepted as elsewhere: each of the hundred would wait for it.
    """
    with tempfile.TemporaryDirectory() as folder:
        context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800})
        page = context.new_page()
        start = time.perf_counter()
        with serve(script, Path(folder) / "log.txt") as server:
            page.goto(f"{server.url}/{path}", wait_until="commit")
            shown(page)
            passed = time.perf_counter() - start
            context.close()
    return passed


def main(rounds: int = ROUNDS) -> None:
    """Measure both in turn, so that a slow moment of the machine counts for both."""
    carte, hello = [], []
    with chromium() as browser:
        for _ in range(rounds):
            carte.append(seconds_to_show(browser, ROOT / "app.py", "carte", _carte_painted))
            hello.append(seconds_to_show(browser, HELLO, "", _word_shown))
    table = Table(
        "De « streamlit run » à l’écran", "Médiane (s)", "Plus court (s)", "Plus long (s)"
    )
    for name, found in (("Carte, peinte", carte), ("Streamlit seul, un mot", hello)):
        ends = (statistics.median(found), min(found), max(found))
        table.add_row(name, *(number(seconds, 1) for seconds in ends))
    console = Console()
    console.print(table)
    console.print(f"Objectif pour la carte : moins de {number(TARGET_S, 0)} s.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
