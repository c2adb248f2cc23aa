"""What the pages read, opened or computed once and shared by every visitor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from clsm_map.analysis.coverage import Coverage, Ground, coverage_on
from clsm_map.analysis.history import Announced, announced_total
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.terms import Vocabulary
from clsm_map.domain.territories import Territory
from clsm_map.maps.assets import static_assets
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import Town
from clsm_map.maps.palettes import PALETTES
from clsm_map.maps.towns import main_towns
from clsm_map.settings import get_settings
from clsm_map.store.register import Register, embedded_register
from clsm_map.store.snapshot import Scale, Snapshot, open_snapshot
from clsm_map.ui.own_register import own_register
from clsm_map.ui.territory_index import write_index
from clsm_map.views.devices import DeviceLayer
from clsm_map.views.devices import device_layer as build_device_layer
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


def register() -> Register:
    """Give the register of this visitor: their own list when they brought one."""
    own = own_register()
    return own.register if own else server_register().register


def ground() -> Ground:
    """Unfold the perimeters of this visitor's register once."""
    own = own_register()
    return own.ground if own else server_ground()


@st.cache_resource(show_spinner=False)
def server_ground() -> Ground:
    """Unfold the perimeters of the server's register once."""
    return Ground.of(snapshot(), server_register().register)


@st.cache_resource(show_spinner=False, max_entries=64)
def _server_coverage(kind: DeviceType, day: dt.date) -> Coverage:
    return coverage_on(server_ground(), kind, day, today=today())


@st.cache_resource(show_spinner=False, max_entries=64)
def _server_devices(kind: DeviceType, day: dt.date, scale: Scale) -> DeviceLayer:
    return build_device_layer(snapshot(), _server_coverage(kind, day), kind, scale)


def coverage(kind: DeviceType, day: dt.date | None) -> Coverage:
    """Give the coverage by a type on a day; ``None`` is today."""
    on, own = day or today(), own_register()
    if own is None:
        return _server_coverage(kind, on)
    return own.remember(("couverture", kind, on), lambda: _own_coverage(own.ground, kind, on))


def _own_coverage(own: Ground, kind: DeviceType, day: dt.date) -> Coverage:
    return coverage_on(own, kind, day, today=today())


def device_layer(kind: DeviceType, day: dt.date | None, scale: Scale = "national") -> DeviceLayer:
    """Give the drawing of the devices of a type on a day; ``None`` is today."""
    on, own = day or today(), own_register()
    if own is None:
        return _server_devices(kind, on, scale)
    return own.remember(
        ("dispositifs", kind, on, scale),
        lambda: build_device_layer(snapshot(), coverage(kind, on), kind, scale),
    )


@st.cache_resource(show_spinner=False)
def library() -> GeometryLibrary:
    """Give the contours published for the browser."""
    return GeometryLibrary(snapshot(), get_settings().static)


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


@st.cache_resource(show_spinner=False)
def vocabulary() -> Vocabulary:
    """Give what a link may name."""
    opened = snapshot()
    tables = {
        "region": opened.regions,
        "departement": opened.departements,
        "epci": opened.intercommunalites,
        "commune": opened.communes_all,
        "arrondissement": opened.arrondissements,
        "qpv": opened.qpv,
    }
    known = {"france": frozenset({"FR"})}
    known |= {level: frozenset(table["code"].tolist()) for level, table in tables.items()}
    return Vocabulary(
        indicators={i.id: frozenset(i.niveaux) for i in indicators_of(opened).values()},
        palettes=frozenset(PALETTES),
        is_territory=lambda level, code: code in known.get(level, frozenset()),
        studied=frozenset(opened.indicators),
    )


def today() -> dt.date:
    """Give the date of the day in Paris, where the figures are quoted."""
    return dt.datetime.now(tz=ZoneInfo("Europe/Paris")).date()
