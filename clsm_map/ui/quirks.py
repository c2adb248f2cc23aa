"""The private doors of Streamlit that the application goes through, all of them here.

Each says why, and names the test that fails when it is no longer needed or no longer works.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clsm_map.ui.theme import ASSETS

_TITLE: Final = "Quartiers et santé mentale"
_VALIDATORS: Final = ("etag", "last-modified")
_HELD_BACK: Final = (b"if-none-match", b"if-modified-since", b"accept-encoding")
"""What would have Streamlit answer « unchanged », or answer compressed."""
_REWRITTEN: Final = (
    ('<html lang="en">', '<html lang="fr">'),
    ("<title>Streamlit</title>", f"<title>{_TITLE}</title>"),
)
_NO_SCRIPT: Final = "<p>Cette application a besoin de JavaScript.</p>"


def came_back() -> bool:
    """Tell whether this run answers the Back or Forward button of the browser.

    Streamlit knows it and does not say it: an address without parameters would otherwise be that
    of a page opened from the menu, which keeps the view in hand, as well as that of the default
    view that the visitor goes back to (https://github.com/streamlit/streamlit/pull/16989). See
    ``tests/browser/test_history.py``.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def french_document(document: str) -> str:
    """Put the page's language, title and own script in the document that Streamlit serves.

    Its script (``assets/document.js``) runs before those of Streamlit, which write their words in
    English, their numbers in the browser's language, and several steps of history for one choice.
    None has a setting: https://github.com/streamlit/streamlit/issues/1353. See
    ``tests/browser/test_french.py`` and ``tests/browser/test_history.py``.
    """
    for english, french in _REWRITTEN:
        document = document.replace(english, french)
    before, opening, rest = document.partition("<noscript>")
    _, closing, after = rest.partition("</noscript>")
    document = f"{before}{opening}{_NO_SCRIPT}{closing}{after}" if closing else document
    script = (ASSETS / "document.js").read_text(encoding="utf-8")
    return document.replace("<head>", f"<head><script>{script}</script>", 1)


class FrenchDocument:
    """Rewrites the one HTML document that every page of the application starts from.

    Parameters
    ----------
    app : ASGIApp
        What answers. Documents of components, whose addresses name a file, are left as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET" or "." in scope["path"]:
            await self._app(scope, receive, send)
            return
        asked = [(name, value) for name, value in scope["headers"] if name not in _HELD_BACK]
        zipped = any(n == b"accept-encoding" and b"gzip" in v for n, v in scope["headers"])
        held: list[Message] = []

        async def rewrite(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_document(message):
                held.append(message)
            elif not held:
                await send(message)
            else:
                held.append(message)
                if not message.get("more_body", False):
                    await _send_rewritten(held, send, zipped=zipped)

        await self._app({**scope, "headers": asked}, receive, rewrite)


def _is_document(message: Message) -> bool:
    headers = MutableHeaders(raw=list(message["headers"]))
    whole = message["status"] == 200 and "content-encoding" not in headers
    return whole and headers.get("content-type", "").startswith("text/html")


async def _send_rewritten(held: list[Message], send: Send, *, zipped: bool) -> None:
    start, *bodies = held
    document = _rewritten(b"".join(part.get("body", b"") for part in bodies), zipped=zipped)
    headers = MutableHeaders(raw=list(start["headers"]))
    for name in _VALIDATORS:  # those of Streamlit's file, which does not change with this script
        del headers[name]
    headers["vary"] = "Accept-Encoding"
    if zipped:
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(document))
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": document})


@lru_cache(maxsize=4)
def _rewritten(body: bytes, *, zipped: bool) -> bytes:
    document = french_document(body.decode("utf-8")).encode("utf-8")
    return gzip.compress(document) if zipped else document
