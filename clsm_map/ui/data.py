"""What the pages stand on: the desk of the server, and that of a visitor who brought a list.

What a visitor brings is kept in the memory of their session, until they close the page or give it
up.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.analysis.history import Announced
from clsm_map.analysis.programme import sessions_of
from clsm_map.desk import Desk, answer, open_desk, paris_today
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.territories import Territory
from clsm_map.maps.geometry import static_assets, write_once
from clsm_map.maps.library import GeometryLibrary, published
from clsm_map.maps.model import Bounds
from clsm_map.settings import get_settings
from clsm_map.store.register import Register, embedded_register
from clsm_map.store.snapshot import Snapshot, open_snapshot
from clsm_map.store.territories import bounds, commune_by_former_code
from clsm_map.views import questions
from clsm_map.views.programme import ProgrammeView, programme_view

_REGISTER: Final = "registre_importe"
_PROGRAMME: Final = "programme_importe"
_INDEX_FORMAT: Final = 3
"""Raised when what the index lists changes, so that browsers fetch it again."""


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
    from clsm_map.register import load_facts_folder  # noqa: PLC0415 - slow to load

    register, refusals = load_facts_folder(folder, embedded, snapshot())
    return ServerRegister(register, tuple(refusals))


@st.cache_resource(show_spinner=False)
def server_desk() -> Desk:
    """Open the desk of the server once; its memo is that of every visitor."""
    return open_desk(snapshot(), server_register().register, static=get_settings().static)


def desk() -> Desk:
    """Give the desk of this visitor: with their own list and their own programme, if any.

    It no longer reads the session: a file may be written from it later, in another thread.
    """
    own, table = own_register(), programme_table()
    return replace(
        own.desk if own else server_desk(),
        today=paris_today(),
        programme=None if table is None else table.frame,
    )


def desk_with(register: Register) -> Desk:
    """Open a desk on a register, on the memo of the server."""
    server = server_desk()
    return open_desk(
        server.snapshot, register, today=paris_today(), static=server.static, memo=server.memo
    )


def extent(territory: Territory) -> Bounds | None:
    """Give the extent of a territory; ``None`` for France, which a map shows by itself."""
    return None if territory.level == "france" else bounds(snapshot(), territory)


def library() -> GeometryLibrary:
    """Give the contours published for the browser."""
    return published(server_desk())


def published_total(kind: DeviceType) -> Announced | None:
    """Give the numbers of active devices published for France."""
    return questions.announced(server_desk(), kind)


@st.cache_resource(show_spinner=False)
def territory_index() -> str:
    """Write the list that the search field reads, once a digest; give its address."""
    static, register = get_settings().static, server_register().register
    devices = register.dispositifs[["type", "id", "nom", "departement"]].to_csv(index=False)
    told = f"{_INDEX_FORMAT} {snapshot().version} {devices}".encode()
    path = static / "index" / f"{hashlib.sha256(told).hexdigest()[:16]}.json"
    if not path.exists():
        rows = _index_rows(snapshot(), register)
        write_once(path, json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())
    return f"/app/static/{path.relative_to(static).as_posix()}"


def _index_rows(snapshot: Snapshot, register: Register) -> list[tuple[str, ...]]:
    """List ``[level, code, label, detail]`` of what can be searched, larger territories first.

    Communes and arrondissements that have postal codes end with them, joined by spaces, then with
    the codes of yesterday that now mean them.
    """
    codes = snapshot.departements["code"].tolist()
    departements = dict(zip(codes, snapshot.departements["nom"].tolist(), strict=True))

    def place(code: str) -> str:
        return f"{code} {departements.get(code, '')}".rstrip()

    rows: list[tuple[str, ...]] = [("france", "FR", "France entière", "")]
    rows += [("region", c, n, "") for c, n, _ in _by_population(snapshot.regions, "code")]
    rows += [("departement", c, n, c) for c, n, _ in _by_population(snapshot.departements, "code")]
    rows += [
        ("epci", code, nom, place(departement))
        for code, nom, departement in _by_population(snapshot.intercommunalites, "departement")
        if code != "75056"
    ]
    communes = pd.concat([snapshot.communes_all, snapshot.arrondissements])
    cities = frozenset(snapshot.arrondissements["code"])
    served = snapshot.codes_postaux.groupby("commune")["code_postal"].agg(" ".join).to_dict()
    former: dict[str, str] = {}
    for yesterday, commune in commune_by_former_code(snapshot).items():
        former[commune.code] = f"{former.get(commune.code, '')} {yesterday}".strip()

    rows += [
        (
            "arrondissement" if code in cities else "commune",
            code,
            nom,
            place(departement),
            *([served.get(code, "")] if code in served or code in former else []),
            *([former[code]] if code in former else []),
        )
        for code, nom, departement in _by_population(communes, "departement")
    ]
    rows += [
        ("qpv", code, nom, held.replace(";", ", "))
        for code, nom, held in _texts(snapshot.qpv, ["code", "nom", "noms_communes"])
    ]
    devices = register.dispositifs.sort_values(
        "type", key=lambda types: types.map(DEVICE_TYPES.index), kind="stable"
    )
    rows += [
        ("dispositif", code, nom, place(departement))
        for code, nom, departement in _texts(devices, ["id", "nom", "departement"])
    ]
    return rows


def _by_population(frame: pd.DataFrame, third: str) -> list[tuple[str, ...]]:
    return _texts(frame.sort_values("population", ascending=False), ["code", "nom", third])


def _texts(frame: pd.DataFrame, columns: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(frame[c].fillna("").astype(str).tolist() for c in columns), strict=True))


@dataclass(frozen=True, eq=False)
class OwnRegister:
    """A visitor's register, alone or added to that of the server, and the file it came from."""

    register: Register
    desk: Desk
    file: str


def own_register() -> OwnRegister | None:
    """Give the register that this visitor brought, ``None`` when they brought none."""
    own: OwnRegister | None = st.session_state.get(_REGISTER)
    return own


def use_register(register: Register, desk: Desk, file: str) -> None:
    """Use a register for this visitor."""
    st.session_state[_REGISTER] = OwnRegister(register, desk, file)


def drop_register() -> None:
    """Go back to the register of the server."""
    st.session_state.pop(_REGISTER, None)


@dataclass(frozen=True, eq=False)
class ProgrammeTable:
    """A programme table in use, ``private`` to a visitor or that of the server's owner.

    See `clsm_map.register.programme.read_programme` for its columns.
    """

    frame: pd.DataFrame
    file: str
    private: bool

    @cached_property
    def digest(self) -> int:
        """What tells its rows from those of another."""
        return int(pd.util.hash_pandas_object(self.frame).sum())


@dataclass(frozen=True, eq=False)
class ServerProgramme:
    """The programme of the server's owner, and why it was refused, in French."""

    table: ProgrammeTable | None
    refusals: tuple[str, ...]


@st.cache_resource(show_spinner=False)
def server_programme() -> ServerProgramme:
    """Read the programme of the server's own folder of facts, where it gives one."""
    folder = get_settings().facts
    if folder is None or not folder.is_dir():
        return ServerProgramme(None, ())
    from clsm_map.register.folder import load_programme  # noqa: PLC0415 - slow to load

    frame, refusals = load_programme(folder, snapshot())
    if frame is None or frame.empty:
        return ServerProgramme(None, tuple(refusals))
    served = ProgrammeTable(frame, "programme.csv", private=False)
    return ServerProgramme(served, tuple(refusals))


def programme_table() -> ProgrammeTable | None:
    """Give the table that this visitor brought, else the server's, else ``None``."""
    own: ProgrammeTable | None = st.session_state.get(_PROGRAMME)
    return own or server_programme().table


def use_programme(frame: pd.DataFrame, file: str) -> None:
    """Use a table for this visitor."""
    st.session_state[_PROGRAMME] = ProgrammeTable(frame, file, private=True)


def drop_programme() -> None:
    """Forget the table that this visitor brought."""
    st.session_state.pop(_PROGRAMME, None)


def programme_in(table: ProgrammeTable, territory: Territory) -> ProgrammeView:
    """Read a table in a territory, on the register in use today."""
    return _programme_in(replace(desk(), programme=table.frame), table.digest, territory)


@answer
def _programme_in(desk: Desk, digest: int, territory: Territory) -> ProgrammeView:
    """Read it once; ``digest`` tells the programmes that visitors bring apart."""
    del digest
    coverage = desk.coverage("CLSM")
    sessions = sessions_of(pd.DataFrame(desk.programme), coverage.ground)
    return programme_view(desk.snapshot, sessions, coverage, territory)
