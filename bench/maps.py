"""Our map against the usual way, on the same data, in one run: time to paint, bytes sent."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route
from rich.console import Console
from rich.table import Table

from bench import copies
from bench.driving import LOCAL, ROOT, Server, chromium, closed_context, serve
from clsm_map.formats import number

APPS: Final = Path(__file__).parent / "apps"
RESULTS: Final = Path(__file__).parent / "results"
INDICATORS: Final = (
    ("revenu_imposable_par_habitant", "Revenu imposable par habitant", "Revenu par habitant"),
    ("part_logements_sociaux", "Part de logements sociaux", "Logements sociaux"),
    ("beneficiaires_aides_logement", "Bénéficiaires d'aides au logement", "Aides au logement"),
    ("potentiel_financier_par_habitant", "Potentiel financier par habitant", "Potentiel"),
    ("population_municipale", "Population municipale", "Population"),
)
"""Those of `bench/apps/data.py`: id, beginning of the label, words that find it on *Carte*. Each is
shown once in a visit: Streamlit does not send again what a browser already has."""
VISITS: Final = 3
CHANGES: Final = len(INDICATORS) - 1
TERRITORIES: Final = 1264
TARGET_REPAINT: Final = 8
TARGET_BYTES: Final = 100

OURS_PAINTED: Final = """before => [...document.querySelectorAll('iframe')].some(frame => {
  const root = frame.contentDocument && frame.contentDocument.documentElement;
  return root && root.dataset.painted && root.dataset.painted !== before;
})"""
OURS_DIGEST: Final = """() => [...document.querySelectorAll('iframe')]
  .map(frame => frame.contentDocument && frame.contentDocument.documentElement.dataset.painted)
  .find(digest => digest) || ''"""
PEERS_PAINTED: Final = """([label, paths]) => [...document.querySelectorAll('iframe')].some(
  frame => {
    const page = frame.contentDocument;
    return page && page.querySelectorAll('path.leaflet-interactive').length >= paths
      && [...page.querySelectorAll('text.caption')].some(c => c.textContent.includes(label));
  })"""
TWO_FRAMES: Final = """() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(done)))"""


@dataclass
class Figures:
    """What was measured on one application, one value per visit or per change."""

    first_ms: list[float] = field(default_factory=list)
    change_ms: list[float] = field(default_factory=list)
    first_websocket: list[int] = field(default_factory=list)
    first_http: list[int] = field(default_factory=list)
    change_websocket: list[int] = field(default_factory=list)
    change_http: list[int] = field(default_factory=list)

    def median(self, name: str) -> float:
        return float(statistics.median(getattr(self, name)))


class Meter:
    """Counts what a page receives from the server.

    The front ends of Streamlit and of streamlit-folium are left out, and so are the local copies of
    folium's libraries: a browser keeps them, but not while Playwright watches its requests.
    """

    def __init__(self, page: Page) -> None:
        self.websocket = 0
        self.http = 0
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._received)
        page.on("websocket", lambda ws: ws.on("framereceived", self._frame))

    def _asked(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        address = urlsplit(self._urls.get(event["requestId"], ""))
        if address.hostname in LOCAL and address.path.startswith("/app/static/"):
            self.http += int(event["encodedDataLength"])

    def _frame(self, sent: str | bytes) -> None:
        self.websocket += len(sent.encode() if isinstance(sent, str) else sent)

    def take(self) -> tuple[int, int]:
        """Give and forget what came since the last time: websocket, HTTP."""
        taken = (self.websocket, self.http)
        self.websocket = self.http = 0
        return taken


@dataclass
class Contender:
    """An application, how to tell that it is painted, and how to change its indicator."""

    name: str
    url: str
    painted: Callable[[Page, int, str], None]
    change: Callable[[Page, int], float]
    answer: Callable[[Route], bool] | None = None
    figures: Figures = field(default_factory=Figures)


def ours_painted(page: Page, _: int, before: str) -> None:
    page.wait_for_function(OURS_PAINTED, arg=before, polling="raf")


def peers_painted(page: Page, rank: int, _: str) -> None:
    page.wait_for_function(PEERS_PAINTED, arg=[INDICATORS[rank][1], 2 * TERRITORIES], polling="raf")


def choose_radio(page: Page, rank: int) -> float:
    """Choose an indicator; give the time of the click."""
    option = page.get_by_text(INDICATORS[rank][0], exact=True)
    option.scroll_into_view_if_needed()
    start = time.perf_counter()
    option.click()
    return start


def choose_in_page(page: Page, rank: int) -> float:
    """Choose an indicator on *Carte*; give the time of the click, the list being open."""
    box = page.get_by_role("combobox", name="Indicateur")
    box.click()
    box.fill(INDICATORS[rank][2])
    option = page.get_by_role("option", name=INDICATORS[rank][2]).first
    option.wait_for()
    start = time.perf_counter()
    option.click()
    return start


def visit(browser: Browser, contender: Contender, *, counted: bool) -> None:
    """Open the application once, then change its indicator a few times."""
    closed = closed_context(browser, answer=contender.answer)
    page = closed.context.new_page()
    meter = Meter(page)
    figures = contender.figures if counted else Figures()
    start = time.perf_counter()
    page.goto(contender.url)
    contender.painted(page, 0, "")
    page.evaluate(TWO_FRAMES)
    figures.first_ms.append(1000 * (time.perf_counter() - start))
    page.wait_for_timeout(800)
    websocket, http = meter.take()
    figures.first_websocket.append(websocket)
    figures.first_http.append(http)
    for rank in range(1, CHANGES + 1):
        before = page.evaluate(OURS_DIGEST)
        start = contender.change(page, rank)
        contender.painted(page, rank, before)
        page.evaluate(TWO_FRAMES)
        figures.change_ms.append(1000 * (time.perf_counter() - start))
        page.wait_for_timeout(800)
        websocket, http = meter.take()
        figures.change_websocket.append(websocket)
        figures.change_http.append(http)
    closed.context.close()


def measure(visits: int = VISITS) -> list[Contender]:
    """Measure the three applications turn by turn, after one visit that does not count."""
    copies.prepare()
    logs = ROOT / "build" / "bench"
    with ExitStack() as stack:

        def start(script: Path, **environment: str) -> Server:
            log = logs / f"{script.stem}.log"
            return stack.enter_context(serve(script, log, environment))

        ours = start(APPS / "ours.py", CLSM_MAP_STATIC=str(APPS / "static"))
        peers = start(APPS / "peers.py")
        page = start(ROOT / "app.py")
        contenders = [
            Contender("folium.Choropleth", peers.url, peers_painted, choose_radio, copies.answer),
            Contender("notre composant", ours.url, ours_painted, choose_radio),
            Contender("notre page Carte", f"{page.url}/carte", ours_painted, choose_in_page),
        ]
        browser = stack.enter_context(chromium())
        for turn in range(visits + 1):
            for contender in contenders:
                visit(browser, contender, counted=turn > 0)
    return contenders


ROWS: Final = (
    ("première peinture (ms)", "first_ms"),
    ("octets reçus d'abord, websocket", "first_websocket"),
    ("octets reçus d'abord, HTTP", "first_http"),
    ("changement d'indicateur (ms)", "change_ms"),
    ("octets d'un changement, websocket", "change_websocket"),
    ("octets d'un changement, HTTP", "change_http"),
)


def report(contenders: list[Contender]) -> None:
    """Print the medians and the ratios, and keep everything as JSON."""
    peers, ours, page = contenders
    table = Table(title=f"{TERRITORIES} intercommunalités, médianes")
    table.add_column("")
    for contender in contenders:
        table.add_column(contender.name, justify="right")
    table.add_column("folium / composant", justify="right")
    table.add_column("folium / page", justify="right")
    for label, name in ROWS:
        usual, *mine = (c.figures.median(name) for c in contenders)
        ratios = (f"× {number(usual / m, 1)}" if m else "–" for m in mine)
        table.add_row(label, *(number(m) for m in (usual, *mine)), *ratios)
    console = Console(width=132)
    console.print(table)
    ratios = {
        c.name: {
            "repeindre": peers.figures.median("change_ms") / c.figures.median("change_ms"),
            "octets": change_bytes(peers) / change_bytes(c),
        }
        for c in (ours, page)
    }
    for name, ratio in ratios.items():
        console.print(
            f"{name} : repeint {number(ratio['repeindre'], 1)} fois plus vite (attendu : "
            f"{TARGET_REPAINT}), envoie {number(ratio['octets'])} fois moins d'octets à un "
            f"changement (attendu : {TARGET_BYTES})."
        )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"cartes-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    content = {
        "processeurs": os.cpu_count(),
        "systeme": platform.platform(),
        "rapports": ratios,
        "mesures": {c.name: asdict(c.figures) for c in contenders},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console.print(f"Détail : {path.relative_to(ROOT)}")


def change_bytes(contender: Contender) -> float:
    """Median bytes received at a change, websocket and HTTP together."""
    figures = contender.figures
    return figures.median("change_websocket") + figures.median("change_http")


def main() -> None:
    """Measure and report."""
    report(measure())
