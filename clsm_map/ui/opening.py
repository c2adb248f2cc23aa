"""What the server does at its start, so that the first visitor does not wait for it."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from streamlit import App
from streamlit.runtime.pages_manager import PagesManager

_LOG: Final = logging.getLogger(__name__)
_WITH_TEMPLATES: Final = ("folium", "folium.plugins")
_FIRST_NEEDED: Final = (
    "pandas",
    "geopandas",
    "clsm_map.maps.carte",
    "clsm_map.views.carte",
    "clsm_map.views.choropleth",
    "clsm_map.views.quartiers",
    "clsm_map.views.carte",
)
"""Modules of *Carte* that may load outside a visitor's run: those of components may not."""


def static_folder(entry: str) -> None:
    """Create the folder of static files beside the entry script; Streamlit looks for it at start.

    Parameters
    ----------
    entry : str
        Path of ``app.py``.
    """
    with suppress(OSError):  # the page that publishes there says what is wrong
        (Path(entry).parent / "static").mkdir(exist_ok=True)


@asynccontextmanager
async def opening(_app: App) -> AsyncIterator[None]:
    """Load modules and data beside the server, while the first browser loads its own files.

    The menu is that of `st.navigation` from the first visit on. Without the mark that it sets, the
    first visit of a process to the address of a page would run the file found in ``pages/`` alone.
    """
    PagesManager.uses_pages_directory = False
    answer_at_once(asyncio.get_running_loop())
    threading.Thread(target=load_first_needed, name="ouverture", daemon=True).start()
    yield


def answer_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Have the sockets of a server send what is written without waiting.

    Streamlit binds its socket without naming its protocol, and asyncio then leaves Nagle's
    algorithm on: the body of every answer but the first of a connection waits for the browser to
    acknowledge its head, which a system puts off by 40 ms (Linux) to 200 ms (Windows). See
    https://github.com/Kludex/uvicorn/issues/3149.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
        The loop of a server that has not begun to listen.
    """
    listen = loop.create_server

    async def listen_tcp(*args: Any, sock: socket.socket, **options: Any) -> asyncio.Server:
        known = socket.socket(sock.family, sock.type, socket.IPPROTO_TCP, sock.dup().detach())
        return await listen(*args, sock=known, **options)

    setattr(loop, "create_server", listen_tcp)  # noqa: B010  (mypy refuses an assignment)


def load_first_needed() -> None:
    """Import what *Carte* needs, and open the data every visitor shares.

    A failure is left to the page, which meets it again and says it to its visitor.
    """
    with _without_collection():
        try:
            with import_module("clsm_map.maps.templates").templates_on_demand():
                _import(_WITH_TEMPLATES)
            _import(_FIRST_NEEDED)
            data = import_module("clsm_map.ui.data")
            data.server_desk()
            data.territory_index()
        except Exception:
            _LOG.exception("L’ouverture n’a pas abouti ; la première page la reprendra.")


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        import_module(name)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Do not search for garbage in what stays for good."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
