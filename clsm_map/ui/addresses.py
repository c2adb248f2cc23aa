"""Addresses that are no page's: the visitor is led to the page meant, or home and told so.

Streamlit would answer them with a window of its own, in English.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from clsm_map.formats import lower_ascii
from clsm_map.ui.navigation import PATHS

UNKNOWN: Final = "adresse"
"""Parameter of the home page that holds what was asked."""
_HOME: Final = "accueil"
_LONGEST: Final = 60


def meant_by(asked: str) -> str | None:
    """Give the address to lead to.

    Parameters
    ----------
    asked : str
        What follows the server's name, without the slash that opens it nor the query.

    Returns
    -------
    str or None
        ``None`` when nothing is to be corrected: a page, a file, what Streamlit keeps for itself.

    Examples
    --------
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

    Parameters
    ----------
    app : ASGIApp
        What answers everything else. A server that adds a prefix to every address
        (``server.baseUrlPath``) is left as it is.
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
