"""What the server does at its start, so that the first visitor does not wait for it."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Final

from streamlit import App
from streamlit.runtime.pages_manager import PagesManager

_LOG: Final = logging.getLogger(__name__)
_SHORT_TURN: Final = 0.0005
"""Seconds a thread keeps the interpreter for while another waits; Python's own is ten times that.

While the modules load, the server sends sixty small files to the first browser: at each of them it
waits for its turn.
"""

_FIRST_NEEDED: Final = (
    "pandas",
    "geopandas",
    "folium",
    "clsm_map.maps.carte",
    "clsm_map.views.cards",
    "clsm_map.views.choropleth",
    "clsm_map.views.quartiers",
    "clsm_map.views.tables",
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
    threading.Thread(target=load_first_needed, name="ouverture", daemon=True).start()
    yield


def load_first_needed() -> None:
    """Import what *Carte* needs, and open the data every visitor shares.

    A failure is left to the page, which meets it again and says it to its visitor.
    """
    with _loading():
        try:
            for name in _FIRST_NEEDED:
                import_module(name)
            data = import_module("clsm_map.ui.data")
            data.server_ground()
            data.territory_index()
        except Exception:
            _LOG.exception("L’ouverture n’a pas abouti ; la première page la reprendra.")


@contextmanager
def _loading() -> Iterator[None]:
    """Let the server take its turn often; do not search for garbage in what stays for good."""
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_SHORT_TURN)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(turn)
