"""The selection of a visitor: read from the link, kept across pages, written back to the link."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from clsm_map.domain.selection import Selection
from clsm_map.maps.palettes import vocabulary
from clsm_map.ui import data
from clsm_map.ui.quirks import came_back

_SELECTION = "selection"
_WRITTEN = "lien_ecrit"
_READ = "lien_lu"
_NOTICES = "avis"
_TURN = "tour"
_NEXT = "a_venir"
_REPLACED = "liens_remplaces"
_SEEN = "valeurs_vues"
_PREFIX = "champ_"
ECHO_SECONDS = 2.0


def current_selection() -> Selection:
    """Give the selection of this visitor on this run.

    The address wins on the way back and forward, bare or not, and so does a link that differs from
    the last one written (first visit, link of a page); otherwise what the session remembers does,
    so that a view survives a change of page.
    """
    if _NEXT in st.session_state:
        _store(st.session_state.pop(_NEXT))
    query = st.query_params.to_dict()
    st.session_state.pop(_READ, None)
    new = query and query != st.session_state.get(_WRITTEN) and not _is_echo(query)
    if new or came_back():
        asked, notices = Selection.from_query(query, vocabulary(data.snapshot()))
        _store(asked)
        st.session_state[_NOTICES] = notices
        st.session_state[_WRITTEN] = st.session_state[_READ] = query
    selection: Selection = st.session_state.setdefault(_SELECTION, Selection())
    for name, value in _widget_values(selection).items():
        st.session_state.setdefault(name, value)
    st.session_state[_SEEN] = _widgets()
    return selection


def territory_in_hand() -> str:
    """Name, as ``level:code``, the territory that the pages of this visit show."""
    selection: Selection = st.session_state.get(_NEXT) or st.session_state.get(
        _SELECTION, Selection()
    )
    return selection.territoire


def pop_notices() -> tuple[str, ...]:
    """Give, once, the notices about what the link asked and could not have."""
    notices: tuple[str, ...] = st.session_state.pop(_NOTICES, ())
    return notices


def asked_by_link(name: str) -> str | None:
    """Give a parameter that is a page's own, on the run that follows a new link only.

    On the way back and forward, the address says all: what it does not hold is empty.
    """
    read: dict[str, str] = st.session_state.get(_READ, {})
    return read.get(name, "" if came_back() else None)


def update_selection(selection: Selection, **own: str) -> None:
    """Keep a new selection and write it in the address bar, with what is the page's own."""
    st.session_state[_SELECTION] = selection
    query, shown = selection.to_query(), st.query_params.to_dict()
    query |= {name: value for name, value in own.items() if value}
    replaced = st.session_state.setdefault(_REPLACED, deque(maxlen=64))
    for link in (st.session_state.get(_WRITTEN), shown):
        if link and link != query:
            replaced.append((time.monotonic(), link))
    st.session_state[_WRITTEN] = query
    st.session_state[_SEEN] = _widgets()
    if query != shown:
        st.query_params.from_dict(query)


def select(selection: Selection) -> None:
    """Change the selection from anything but its own widget, and run the page again.

    The values of widgets change at the start of that run: once a widget is drawn, Streamlit
    refuses that its value be set.
    """
    st.session_state[_NEXT] = selection
    st.session_state[_WRITTEN] = st.query_params.to_dict()
    st.rerun()


def change(**values: Any) -> None:
    """Change fields of the selection from a callback: the run that follows starts with them."""
    selection: Selection = st.session_state.get(_SELECTION, Selection())
    st.session_state[_SELECTION] = replace(selection, **values)
    for name, value in values.items():
        st.session_state[widget_key(name)] = value


def studied(selection: Selection, **values: Any) -> Selection:
    """Change fields of what *Inégalités* compares."""
    return replace(selection, etude=replace(selection.etude, **values))


def planned(selection: Selection, **values: Any) -> Selection:
    """Change fields of what *Planifier* plans."""
    return replace(selection, projet=replace(selection.projet, **values))


def kept_value(name: str) -> Any:
    """Give the value that the selection in hand holds for one of its fields."""
    return _widget_values(st.session_state.get(_SELECTION, Selection()))[widget_key(name)]


def widget_key(name: str) -> str:
    """Name the session key of the widget that edits one field of the selection."""
    return f"{_PREFIX}{name}"


def fresh_key(name: str) -> str:
    """Name the key of a widget that starts anew each time the selection changes around it.

    Also of every widget inside a popover, with its value taken from the selection: a browser that
    has not opened the popover never receives a value set through the session, and would answer
    with the first option.
    """
    return f"{widget_key(name)}_{st.session_state.get(_TURN, 0)}"


def _is_echo(query: dict[str, str]) -> bool:
    """Tell a link already replaced from one that a link of the page opens again.

    A run asked for before the browser showed the new link brings the old one, or one written in
    between: whoever moves a slider quickly would be taken back to where it was. Such a run comes
    with a widget that changed, or at once; a link comes with neither.
    """
    replaced = st.session_state.get(_REPLACED, ())
    ages = [time.monotonic() - since for since, link in replaced if link == query]
    return bool(ages) and (min(ages) < ECHO_SECONDS or _widget_moved())


def _widget_moved() -> bool:
    """Tell whether a widget's value differs from what the last run left, of those in both."""
    seen: dict[str, Any] = st.session_state.get(_SEEN, {})
    now = _widgets()
    return any(now[name] != value for name, value in seen.items() if name in now)


def _widgets() -> dict[str, Any]:
    """Give what the widgets that make the link hold, fresh ones included."""
    session = st.session_state.items()
    return {str(name): value for name, value in session if str(name).startswith(_PREFIX)}


def _store(selection: Selection) -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_SELECTION] = selection
    for name, value in _widget_values(selection).items():
        st.session_state[name] = value


def _widget_values(selection: Selection) -> dict[str, Any]:
    parts = (selection, selection.filtre, selection.etude, selection.projet)
    return {
        widget_key(f.name): value
        for part in parts
        for f in fields(part)
        if (value := getattr(part, f.name)) not in parts
    }
