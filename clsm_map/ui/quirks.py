"""The private doors of Streamlit and asyncio that the application goes through, all here.

Each says why, and names the test that fails when it is no longer needed or no longer works.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

ASSETS: Final = Path(__file__).parent / "assets"
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


def menu_from_the_first_visit() -> None:
    """Have the menu be that of `st.navigation` from the first visit on.

    Without this mark, which `st.navigation` sets too late, the first visit of a process to the
    address of a page runs the file found in ``pages/`` alone, without its theme nor its menu.
    A folder named ``pages`` asks for it, without a setting against it, since
    https://github.com/streamlit/streamlit/pull/8673. See ``tests/unit/test_quirks.py``.
    """
    PagesManager.uses_pages_directory = False


def answer_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Have the sockets of a server send what is written without waiting.

    Streamlit binds its socket without naming its protocol, and asyncio then leaves Nagle's
    algorithm on: the body of every answer but the first of a connection waits for the browser to
    acknowledge its head, which a system puts off by 40 ms (Linux) to 200 ms (Windows). See
    https://github.com/Kludex/uvicorn/issues/3149 and ``tests/unit/test_quirks.py``. The loop is
    that of a server that has not begun to listen.
    """
    listen = loop.create_server

    async def listen_tcp(*args: Any, sock: socket.socket, **options: Any) -> asyncio.Server:
        known = socket.socket(sock.family, sock.type, socket.IPPROTO_TCP, sock.dup().detach())
        return await listen(*args, sock=known, **options)

    setattr(loop, "create_server", listen_tcp)  # noqa: B010  (mypy refuses an assignment)


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

    Documents of components, whose addresses name a file, are left as they are.
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
