"""The page *Inégalités*: a territory, and eight angles from which it is compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Angle, Selection
from clsm_map.domain.territories import split_key
from clsm_map.ui import (
    data,
    inegalites_carte,
    inegalites_classement,
    inegalites_cote,
    inegalites_croisement,
    inegalites_evolution,
    inegalites_indice,
    inegalites_interieur,
    inegalites_profil,
)
from clsm_map.ui.components import pick_place
from clsm_map.ui.furniture import notice
from clsm_map.ui.state import fresh_key, select

PLACES = ("france", "region", "departement", "epci", "commune", "arrondissement", "qpv")

LABELS: Mapping[Angle, str] = {
    "profil": "Profil",
    "cote": "Côte à côte",
    "classement": "Classement",
    "croisement": "Deux indicateurs",
    "evolution": "Évolution",
    "interieur": "À l’intérieur",
    "carte": "Besoin et couverture",
    "indice": "Indice de besoin",
}
_ANGLES: Mapping[Angle, Callable[[Selection], Selection]] = {
    "profil": inegalites_profil.draw,
    "cote": inegalites_cote.draw,
    "classement": inegalites_classement.draw,
    "croisement": inegalites_croisement.draw,
    "evolution": inegalites_evolution.draw,
    "interieur": inegalites_interieur.draw,
    "carte": inegalites_carte.draw,
    "indice": inegalites_indice.draw,
}


def bar(selection: Selection) -> Selection:
    """Draw the search field; choosing a territory starts the page again with it."""
    place, _ = st.columns([2, 3])
    with place:
        now = data.desk().territory(selection)
        choice = pick_place("Territoire", now.nom, PLACES, key="territoire_cherche")
    if choice and choice != selection.territoire:
        level, _ = split_key(choice)
        select(
            replace(
                selection,
                territoire=choice,
                choisi=choice if level == "qpv" else "",
                etude=replace(selection.etude, reference="", echelon=""),
            )
        )
    return selection


def draw(selection: Selection) -> Selection:
    """Draw the tabs, and the content of the open one alone."""
    key = fresh_key("angle")
    st.session_state.setdefault(key, LABELS[selection.etude.angle])  # a default would be a new row
    tabs = st.tabs(list(LABELS.values()), key=key, on_change="rerun")
    for (angle, _), tab in zip(LABELS.items(), tabs, strict=True):
        if tab.open:
            with tab:
                return _drawn(replace(selection, etude=replace(selection.etude, angle=angle)))
    return selection


def _drawn(selection: Selection) -> Selection:
    """Draw one angle; what cannot be compared is refused with its reason, in the page."""
    try:
        return _ANGLES[selection.etude.angle](selection)
    except InvalidInputError as refusal:
        notice(refusal.message_fr)
        return selection
