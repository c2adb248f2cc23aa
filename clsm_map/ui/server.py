"""The server around the pages: their menu and addresses, and what it does at its start."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Final
from urllib.parse import quote

import streamlit as st
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import App, config

from clsm_map.formats import lower_ascii
from clsm_map.ui.quirks import answer_at_once, menu_from_the_first_visit

_LOG: Final = logging.getLogger(__name__)
_TITLES: Final = {
    "carte": "Carte",
    "couverture": "Couverture",
    "inegalites": "Inégalités",
    "planifier": "Planifier",
    "programme": "Programme",
    "fiche": "Fiche",
    "presentation": "Présentation",
    "donnees": "Données",
    "methode": "Méthode",
}
PATHS: Final = tuple(_TITLES)
"""Addresses of the pages, the home page apart: they stay for good, people bookmark them."""
UNKNOWN: Final = "adresse"
"""Parameter of the home page that holds what was asked."""
_HOME: Final = "accueil"
_LONGEST: Final = 60
_FIRST_NEEDED: Final = (
    "folium.plugins",
    "pandas",
    "geopandas",
    "clsm_map.maps.carte",
    "clsm_map.views.carte",
    "clsm_map.views.choropleth",
    "clsm_map.views.quartiers",
)
"""Modules of *Carte* that may load outside a visitor's run: those of components may not."""


def pages() -> list[st.Page]:
    """List the pages in the order of the menu."""
    home = st.Page("pages/accueil.py", title="Accueil", url_path=_HOME, default=True)
    return [
        home,
        *(st.Page(f"pages/{p}.py", title=title, url_path=p) for p, title in _TITLES.items()),
    ]


def meant_by(asked: str) -> str | None:
    """Give the address that what follows the server's name leads to; the query is not part of it.

    ``None`` when nothing is to be corrected: a page, a file, what Streamlit keeps for itself.

    >>> meant_by("Inégalités"), meant_by("accueil"), meant_by("clsm"), meant_by("carte")
    ('/inegalites', '/', '/?adresse=clsm', None)
    """
    if not asked or asked in PATHS or asked.startswith("_") or set(asked) & set("./"):
        return None
    letters = lower_ascii(asked)
    if letters == _HOME:
        return "/"
    return f"/{letters}" if letters in PATHS else f"/?{UNKNOWN}={quote(asked[:_LONGEST])}"


class Addresses:
    """Leads a browser that asks for a page from an address that is none to one that is.

    Streamlit would answer it with a window of its own, in English. A server that adds a prefix to
    every address (``server.baseUrlPath``) is left as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        led = meant_by(scope["path"][1:]) if _is_a_visit(scope) else None
        if led is None:
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        address = led if "?" in led or not query else f"{led}?{query}"
        await RedirectResponse(address)(scope, receive, send)


def _is_a_visit(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if not any(name == b"accept" and b"text/html" in value for name, value in scope["headers"]):
        return False
    return not config.get_option("server.baseUrlPath")


def static_folder(entry: str) -> None:
    """Create the folder of static files beside ``app.py``, where Streamlit looks at its start."""
    with suppress(OSError):  # the page that publishes there says what is wrong
        (Path(entry).parent / "static").mkdir(exist_ok=True)


@asynccontextmanager
async def opening(_app: App) -> AsyncIterator[None]:
    """Load modules and data beside the server, while the first browser loads its own files."""
    menu_from_the_first_visit()
    answer_at_once(asyncio.get_running_loop())
    threading.Thread(target=load_first_needed, name="ouverture", daemon=True).start()
    yield


def load_first_needed() -> None:
    """Import what *Carte* needs, and open the data every visitor shares.

    A failure is left to the page, which meets it again and says it to its visitor.
    """
    gc.disable()  # nothing to look for in what stays for good
    try:
        for name in _FIRST_NEEDED:
            import_module(name)
        data = import_module("clsm_map.ui.data")
        data.server_desk()
        data.territory_index()
    except Exception:
        _LOG.exception("L’ouverture n’a pas abouti ; la première page la reprendra.")
    finally:
        gc.freeze()
        gc.enable()
