"""What the pages stand on: the desk of the server, and that of a visitor who brought a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.history import Announced, announced_total
from clsm_map.desk import Desk, open_desk, paris_today
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.terms import Vocabulary
from clsm_map.domain.territories import Territory
from clsm_map.maps.geometry import main_towns, static_assets
from clsm_map.maps.library import GeometryLibrary, published
from clsm_map.maps.model import Town
from clsm_map.maps.palettes import vocabulary as vocabulary_of
from clsm_map.settings import get_settings
from clsm_map.store.register import Register, embedded_register
from clsm_map.store.snapshot import Scale, Snapshot, open_snapshot
from clsm_map.ui.own_register import own_register
from clsm_map.ui.territory_index import write_index
from clsm_map.views import questions
from clsm_map.views.devices import DeviceLayer
from clsm_map.views.indicators import indicators_of


@st.cache_resource(show_spinner=False)
def snapshot() -> Snapshot:
    """Open the snapshot, and put what the browser fetches under the static folder."""
    opened = open_snapshot()
    static_assets()
    return opened


@dataclass(frozen=True, eq=False)
class ServerRegister:
    """The register of the server, and the files of its owner that were refused, in French."""

    register: Register
    refusals: tuple[str, ...]


@st.cache_resource(show_spinner=False)
def server_register() -> ServerRegister:
    """Give the register of the server: the embedded one, or its owner's where accepted."""
    embedded = embedded_register(snapshot())
    folder = get_settings().facts
    if folder is None:
        return ServerRegister(embedded, ())
    from clsm_map.sources.register import load_facts_folder  # noqa: PLC0415 - slow to load

    register, refusals = load_facts_folder(folder, embedded, snapshot())
    return ServerRegister(register, tuple(refusals))


@st.cache_resource(show_spinner=False)
def server_desk() -> Desk:
    """Open the desk of the server once; its memo is that of every visitor."""
    return open_desk(snapshot(), server_register().register, static=get_settings().static)


def desk() -> Desk:
    """Give the desk of this visitor: with their own list when they brought one."""
    own = own_register()
    return replace(own.desk if own else server_desk(), today=today())


def desk_with(register: Register) -> Desk:
    """Open a desk on a register, on the memo of the server."""
    server = server_desk()
    return open_desk(
        server.snapshot, register, today=today(), static=server.static, memo=server.memo
    )


def register() -> Register:
    """Give the register of this visitor: their own list when they brought one."""
    own = own_register()
    return own.register if own else server_register().register


def ground() -> Ground:
    """Give the perimeters of this visitor's register, unfolded."""
    return desk().ground


def day(asked: dt.date | None) -> dt.date:
    """Give the day asked for; ``None`` is today."""
    return asked or today()


def coverage(kind: DeviceType, on: dt.date | None) -> Coverage:
    """Give the coverage by a type on a day; ``None`` is today."""
    return desk().coverage(kind, on)


def device_layer(kind: DeviceType, on: dt.date | None, scale: Scale = "national") -> DeviceLayer:
    """Give the drawing of the devices of a type on a day; ``None`` is today."""
    return questions.devices_on(desk(), kind, day(on), scale)


def library() -> GeometryLibrary:
    """Give the contours published for the browser."""
    return published(server_desk())


@st.cache_resource(show_spinner=False, max_entries=256)
def towns(territory: Territory) -> tuple[Town, ...]:
    """List the main towns of a territory, most populous first."""
    return main_towns(snapshot(), territory)


@st.cache_resource(show_spinner=False)
def published_total(kind: DeviceType) -> Announced | None:
    """Give the numbers of active devices published for France."""
    return announced_total(snapshot().chiffres, kind)


@st.cache_resource(show_spinner=False)
def territory_index() -> str:
    """Write the list that the search field reads; give its address."""
    path: Path = write_index(snapshot(), server_register().register, get_settings().static)
    return f"/app/static/{path.relative_to(get_settings().static).as_posix()}"


@st.cache_resource(show_spinner=False)
def all_indicators() -> dict[str, Indicator]:
    """Give every indicator, those of QPV and the densities included."""
    return dict(snapshot().indicators) | indicators_of(snapshot())


def vocabulary() -> Vocabulary:
    """Give what a link may name."""
    return vocabulary_of(snapshot())


def today() -> dt.date:
    """Give the date of the day in Paris, where the figures are quoted."""
    return paris_today()
