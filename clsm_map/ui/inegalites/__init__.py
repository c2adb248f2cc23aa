"""The page *Inégalités*: a territory, and eight angles from which it is compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Angle, Selection
from clsm_map.domain.territories import Territory
from clsm_map.ui import data, filters
from clsm_map.ui import furniture as page
from clsm_map.ui.inegalites import cartes, indice, profil, repartition
from clsm_map.ui.state import fresh_key, studied

PLACES = ("france", "region", "departement", "epci", "commune", "arrondissement", "qpv")
_ANGLES: Mapping[Angle, tuple[str, Callable[[Selection, Territory], Selection]]] = {
    "profil": ("Profil", profil.profile),
    "cote": ("Côte à côte", profil.side_by_side),
    "classement": ("Classement", repartition.ranking),
    "croisement": ("Deux indicateurs", repartition.crossing),
    "evolution": ("Évolution", cartes.trend),
    "interieur": ("À l’intérieur", repartition.within),
    "carte": ("Besoin et couverture", cartes.need_and_coverage),
    "indice": ("Indice de besoin", indice.draw),
}


def draw(selection: Selection) -> Selection:
    """Draw the search field and the tabs, the content of the open one alone.

    What cannot be compared is refused with its reason, in the page.
    """
    place, _ = st.columns([2, 3])
    with place:
        afresh = replace(selection.etude, reference="", echelon="")
        filters.territory_field(selection, PLACES, key="territoire_cherche", etude=afresh)
    labels = [label for label, _ in _ANGLES.values()]
    key = fresh_key("angle")
    # a default would be a new row
    st.session_state.setdefault(key, _ANGLES[selection.etude.angle][0])
    for tab, (angle, (_, view)) in zip(
        st.tabs(labels, key=key, on_change="rerun"), _ANGLES.items(), strict=True
    ):
        if tab.open:
            selection = studied(selection, angle=angle)
            with tab:
                try:
                    return view(selection, data.desk().territory(selection))
                except InvalidInputError as refused:
                    page.notice(refused.message_fr)
    return selection
