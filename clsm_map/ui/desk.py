"""The data that the exports of this visitor draw on: their own list when they brought one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from clsm_map.analysis.coverage import Ground
from clsm_map.exports.desk import Desk, open_desk
from clsm_map.settings import get_settings
from clsm_map.ui import data
from clsm_map.ui.own_register import own_register
from clsm_map.ui.programme_own import table_in_use


def visitor_desk() -> Desk:
    """Give the desk of this visitor.

    Returns
    -------
    Desk
        It no longer reads the session: a file may be written from it later, in another thread.
    """
    own, day = own_register(), data.today()
    desk = (
        _server_desk(day)
        if own is None
        else own.remember(("bureau", day), lambda: _desk(own.ground, day))
    )
    table = table_in_use()
    return desk if table is None else replace(desk, programme=table.frame)


@st.cache_resource(show_spinner=False, max_entries=2)
def _server_desk(day: dt.date) -> Desk:
    return _desk(data.server_ground(), day)


def _desk(ground: Ground, day: dt.date) -> Desk:
    desk = open_desk(data.snapshot(), ground, today=day, static=get_settings().static)
    return replace(desk, library=data.library())
