"""Pages run with Streamlit's own harness: what they say, without a browser."""

import json

import pytest

from tests.reading import pages
from tests.reading.pages import ROOT

__all__ = ["ROOT", "html_of", "map_arguments"]


@pytest.fixture(autouse=True)
def through_the_entry():
    with pages.through_the_entry():
        yield


@pytest.fixture
def open_page():
    """Run one page through app.py with query parameters; give the test harness."""
    return pages.open_page


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
