"""The running application in Chromium, with every host but this machine refused."""

import os
import re
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error, expect

from bench.driving import CHROMIUM, ROOT, chromium, closed_context, serve

APPS = Path(__file__).parent / "apps"
OUTPUT = ROOT / "build" / "browser" / os.environ.get("PYTEST_XDIST_WORKER", "")
"""Logs and screenshots, apart for each process of tests."""

expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    visits = getattr(item, "funcargs", {}).get("visit")
    if report.when == "call" and report.failed and visits and visits.pages:
        OUTPUT.mkdir(parents=True, exist_ok=True)
        picture = OUTPUT / f"{re.sub(r'[^0-9a-z]+', '-', item.name.lower())}.png"
        with suppress(Error):
            visits.pages[-1].screenshot(path=picture, timeout=10_000)
            report.sections.append(("screenshot", str(picture)))
    return report


# Scope "package", not "session": Playwright keeps an event loop running in the main thread, which
# must not outlive these tests.
@pytest.fixture(scope="package")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed at {CHROMIUM}: no browser test can run.")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def server():
    """The application itself, for all the tests of a process, whatever runs between them."""
    with serve(ROOT / "app.py", OUTPUT / "app.log") as started:
        yield started


@pytest.fixture(scope="package")
def own_server(tmp_path_factory):
    """Pages of the tests: maps of hostile names and of twins."""
    folder = tmp_path_factory.mktemp("app")
    script = folder / "app.py"
    script.write_bytes((APPS / "cartes.py").read_bytes())
    environment = {"CLSM_MAP_STATIC": str(folder / "static")}
    with serve(script, OUTPUT / "cartes.log", environment) as started:
        yield started


@pytest.fixture
def open_context(browser):
    """Open contexts of a size; closed after the test."""
    opened = []

    def make(width=1280, height=800, **options):
        closed = closed_context(browser, width, height, **options)
        opened.append(closed.context)
        return closed

    yield make
    for context in opened:
        context.close()


class Visits:
    """Opens an address in its own context; what it asked, sent and complained of comes along."""

    def __init__(self, open_context):
        self._open_context = open_context
        self.pages = []

    def __call__(self, url, width=1280, height=800, **options):
        closed = self._open_context(width, height, **options)
        page = closed.context.new_page()
        self.pages.append(page)
        seen = SimpleNamespace(page=page, asked=closed.asked, errors=[], sent=[], dialogs=[])
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("websocket", lambda ws: ws.on("framesent", lambda _: seen.sent.append(ws.url)))
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(url)
        return seen


@pytest.fixture
def visit(open_context):
    return Visits(open_context)
