"""The programme table in use: a visitor's, for them only and in memory, or the server owner's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.analysis.ground import Ground
from clsm_map.analysis.programme import Sessions, sessions_of
from clsm_map.domain.territories import Territory
from clsm_map.settings import get_settings
from clsm_map.sources.register import load_programme
from clsm_map.ui import data
from clsm_map.views.programme import ProgrammeView, programme_view

_KEY: Final = "programme_importe"
_MOST: Final = 24


@dataclass(eq=False)
class ProgrammeTable:
    """A programme table, with what was computed from it.

    Attributes
    ----------
    frame : pandas.DataFrame
        See `clsm_map.sources.register.programme.read_programme`.
    file : str
        Name of the file it came from.
    private : bool
        Whether a visitor brought it; otherwise it is that of the server's owner.
    """

    frame: pd.DataFrame
    file: str
    private: bool
    _ground: Ground | None = None
    _sessions: Sessions | None = None
    _views: dict[tuple[str, str], ProgrammeView] = field(default_factory=dict)

    def view(self, territory: Territory) -> ProgrammeView:
        """Read the table in a territory, on the register in use today; computed once."""
        ground, day = data.ground(), data.today()
        if self._sessions is None or self._ground is not ground:
            self._ground, self._sessions = ground, sessions_of(self.frame, ground)
            self._views.clear()
        key = (territory.key, day.isoformat())
        if key not in self._views:
            while len(self._views) >= _MOST:
                self._views.pop(next(iter(self._views)))
            coverage = data.coverage("CLSM", None)
            self._views[key] = programme_view(data.snapshot(), self._sessions, coverage, territory)
        return self._views[key]


@dataclass(frozen=True, eq=False)
class ServerProgramme:
    """The programme of the server's owner, and why it was refused, in French."""

    frame: pd.DataFrame | None
    refusals: tuple[str, ...]


@st.cache_resource(show_spinner=False)
def server_programme() -> ServerProgramme:
    """Read the programme of the server's own folder of facts, where it gives one."""
    folder = get_settings().facts
    if folder is None or not folder.is_dir():
        return ServerProgramme(None, ())
    frame, refusals = load_programme(folder, data.snapshot())
    return ServerProgramme(frame, tuple(refusals))


def table_in_use() -> ProgrammeTable | None:
    """Give the table that this visitor brought, else the server's, else ``None``."""
    own: ProgrammeTable | None = st.session_state.get(_KEY)
    if own is not None:
        return own
    frame = server_programme().frame
    if frame is None or frame.empty:
        return None
    served = ProgrammeTable(frame, "programme.csv", private=False)
    kept: ProgrammeTable = st.session_state.setdefault(f"{_KEY}_serveur", served)
    return kept


def take_in(frame: pd.DataFrame, file: str) -> None:
    """Use a table for this visitor, until they close the page or give it up."""
    st.session_state[_KEY] = ProgrammeTable(frame, file, private=True)


def give_up() -> None:
    """Forget the table that this visitor brought."""
    st.session_state.pop(_KEY, None)
