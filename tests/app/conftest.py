"""Pages run with Streamlit's own harness: what they say, without a browser."""

import json
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def through_the_entry(monkeypatch):
    """Run pages through app.py from the first run, as after the first visit of a process.

    The harness forgets at each run that the navigation was declared; the browser tests check the
    first visit itself.
    """
    original = PagesManager.__init__

    def entered(self, *args, **kwargs):
        original(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", entered)


@pytest.fixture
def open_page():
    """Run one page through app.py with query parameters; give the test harness."""

    def run(page="accueil", **query):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params.update(query)
        app.switch_page(f"pages/{page}.py")
        app.run()
        assert not app.exception, [e.message for e in app.exception]
        assert not app.error, [e.value for e in app.error]
        return app

    return run


def html_of(app):
    """All the HTML the page writes itself."""
    return "\n".join(
        str(block.proto.body) for block in app.main if getattr(block, "type", "") == "html"
    )


def map_arguments(app):
    """Arguments of the map component, as the browser receives them."""
    return [
        json.loads(block.proto.json_args)
        for block in app.main
        if hasattr(getattr(block, "proto", None), "json_args")
    ]
