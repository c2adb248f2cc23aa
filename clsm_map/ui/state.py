"""The selection of a visitor: read from the link, kept across pages, written back to the link."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import streamlit as st

from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.ui.data import vocabulary

_SELECTION = "selection"
_WRITTEN = "lien_ecrit"
_NOTICES = "avis"
_TURN = "tour"


def current_selection() -> Selection:
    """Give the selection of this visitor on this run.

    A link that differs from the last one written (first visit, back button, pasted address) wins
    over what the session remembers; otherwise the session does, so that a view survives a change
    of page.
    """
    query = st.query_params.to_dict()
    if query and query != st.session_state.get(_WRITTEN):
        asked, notices = Selection.from_query(query, vocabulary())
        _store(asked)
        st.session_state[_NOTICES] = notices
        st.session_state[_WRITTEN] = query
    selection: Selection = st.session_state.setdefault(_SELECTION, Selection())
    for name, value in _widget_values(selection).items():
        st.session_state.setdefault(name, value)
    return selection


def pop_notices() -> tuple[str, ...]:
    """Give, once, the notices about what the link asked and could not have."""
    notices: tuple[str, ...] = st.session_state.pop(_NOTICES, ())
    return notices


def update_selection(selection: Selection) -> None:
    """Keep a new selection and write it in the address bar."""
    st.session_state[_SELECTION] = selection
    query = selection.to_query()
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = query


def select(selection: Selection) -> None:
    """Change the selection from anything but its own widget, and run the page again."""
    _store(selection)
    st.session_state[_WRITTEN] = st.query_params.to_dict()
    st.rerun()


def widget_key(name: str) -> str:
    """Name the session key of the widget that edits one field of the selection."""
    return f"champ_{name}"


def fresh_key(name: str) -> str:
    """Name the key of a widget that starts anew each time the selection changes around it."""
    return f"{widget_key(name)}_{st.session_state.get(_TURN, 0)}"


def _store(selection: Selection) -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_SELECTION] = selection
    for name, value in _widget_values(selection).items():
        st.session_state[name] = value


def _widget_values(selection: Selection) -> dict[str, Any]:
    values = {f.name: getattr(selection, f.name) for f in fields(Selection) if f.name != "filtre"}
    values |= {f.name: getattr(selection.filtre, f.name) for f in fields(QpvFilter)}
    return {widget_key(name): value for name, value in values.items()}
