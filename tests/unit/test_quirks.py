"""The private doors still work, and are still needed: each test that fails says what can go."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from streamlit.runtime.pages_manager import PagesManager

from clsm_map.settings import ROOT
from clsm_map.ui.quirks import answer_at_once, menu_from_the_first_visit


class Noting(asyncio.Protocol):
    """Says of the connection it is given whether small writes leave at once."""

    def __init__(self, came):
        self.came = came

    def connection_made(self, transport):
        made = transport.get_extra_info("socket")
        self.came.set_result(made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def nodelay(prepare):
    """TCP_NODELAY of a connection to a socket bound as Streamlit binds its own."""

    async def accepted():
        loop = asyncio.get_running_loop()
        prepare(loop)
        bound = socket.socket(socket.AF_INET)
        bound.bind(("127.0.0.1", 0))
        came = loop.create_future()
        server = await loop.create_server(lambda: Noting(came), sock=bound)
        async with server:
            _, writer = await asyncio.open_connection(*bound.getsockname())
            at_once = await came
            writer.close()
        bound.close()
        return at_once

    with ThreadPoolExecutor(1) as apart:  # a browser driver may hold this thread's loop
        return apart.submit(asyncio.run, accepted()).result()


def test_the_body_of_an_answer_does_not_wait_for_its_head_to_be_acknowledged():
    assert nodelay(answer_at_once) != 0


def test_it_would_wait_without_the_patch_of_the_loop():
    assert nodelay(lambda _loop: None) == 0, "answer_at_once can go"


def test_a_folder_named_pages_would_be_the_menu_without_the_mark(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory, "menu_from_the_first_visit can go"
    menu_from_the_first_visit()
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory is False
