"""The link to the sheet of what a page shows."""

from __future__ import annotations

import streamlit as st

from clsm_map.domain.selection import Selection
from clsm_map.domain.terms import split_key
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.subject import SHEET_LEVELS

_OF: dict[str, str] = {
    "qpv": "du quartier",
    "commune": "de la commune",
    "arrondissement": "de l’arrondissement",
    "epci": "de l’intercommunalité",
    "departement": "du département",
    "region": "de la région",
    DEVICE: "du dispositif",
}


def sheet_link(selection: Selection, key: str) -> None:
    """Draw the link to the sheet of a territory or a device; nothing for what has none.

    Parameters
    ----------
    selection : Selection
        Kept by the link.
    key : str
        ``level:code`` or ``dispositif:id``.
    """
    level, _ = split_key(key)
    if level in {*SHEET_LEVELS, DEVICE}:
        st.page_link(
            "pages/fiche.py",
            label=f"Lire la fiche {_OF[level]}",
            query_params=selection.to_query() | {"sujet": key},
        )
