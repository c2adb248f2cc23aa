"""The application on a free port, and a Chromium that can reach nothing but this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ElementHandle,
    Frame,
    Page,
    Route,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CLSM_MAP_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCAL = frozenset({"localhost", "127.0.0.1"})
OUTSIDE = re.compile(r"^(?:https?|wss?)://(?!(?:localhost|127\.0\.0\.1)(?:[:/]|$))")
"""Addresses outside this machine. The driver itself matches a pattern; with a function, each of the
hundred requests of a page came to Python and back, 0.3 s a page."""
PATIENCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Server:
    """A running ``streamlit run``: its address, and what it wrote."""

    url: str
    log: Path
    pid: int


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


@contextmanager
def serve(
    script: Path, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a Streamlit script until the block ends; it is ready when the block starts."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(script)),
        *("--server.port", str(port), "--server.address", "localhost"),
        *("--server.fileWatcherType", "none", "--server.headless", "true"),
    ]
    log.parent.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_healthy(url, process, log)
            yield Server(url, log, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + PATIENCE_MS / 1000
    while process.poll() is None and time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"streamlit has not started:\n{log.read_text(errors='replace')}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; it leaves with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class ClosedContext:
    """A browser context that no other host answers, and the addresses it asked for anyway."""

    context: BrowserContext
    asked: list[str] = field(default_factory=list)


def closed_context(
    browser: Browser,
    width: int = 1280,
    height: int = 800,
    answer: Callable[[Route], bool] | None = None,
    **options: Any,
) -> ClosedContext:
    """Open a context whose requests outside this machine are written down and refused.

    ``answer`` may serve a request itself, from a local copy; it then returns true.
    """
    options = {"locale": "fr-FR", "viewport": {"width": width, "height": height}} | options
    context = browser.new_context(**options)
    closed = ClosedContext(context)

    def refuse(route: Route) -> None:
        closed.asked.append(route.request.url)
        if answer is None or not answer(route):
            route.abort()

    context.route(OUTSIDE, refuse)
    context.set_default_timeout(PATIENCE_MS)
    return closed


def frame_in(iframe: ElementHandle | None) -> Frame:
    """Give the frame of an ``iframe`` of a component, once it holds the component's document.

    Until then it holds ``about:blank``, whose window Chromium hands on to a document of the same
    origin: what a driver had begun to wait for there is not told that the document changed, was to
    look again at the next picture of a document that is gone, and waits until its patience ends.
    """
    frame = iframe.content_frame() if iframe else None
    assert frame is not None
    frame.wait_for_url(re.compile("/component/"), wait_until="commit")
    return frame


def frame_of_map(page: Page) -> Frame:
    """Give the frame that streamlit-folium draws in."""
    return frame_in(page.wait_for_selector("iframe[src*='streamlit_folium']", state="attached"))


def wait_painted(frame: Frame, previous: str = "") -> str:
    """Wait until the runtime has drawn another content than ``previous``; give its digest."""
    frame.wait_for_function(
        "before => (document.documentElement.dataset.painted || before) !== before", arg=previous
    )
    digest: str = frame.evaluate("document.documentElement.dataset.painted")
    return digest


def screenshot_colours(png: bytes) -> Counter[str]:
    """Count the pixels of each colour, ``#rrggbb``, of a screenshot."""
    image = Image.open(BytesIO(png)).convert("RGB")
    pairs = image.getcolors(image.width * image.height) or []
    return Counter({"#{:02x}{:02x}{:02x}".format(*colour): n for n, colour in pairs})
