"""*Ce que l'on sait*: how much the register records, what is uncertain, what is complete."""

from __future__ import annotations

import streamlit as st

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.selection import Selection
from clsm_map.table import Table
from clsm_map.ui import data, filters
from clsm_map.ui.furniture import caution, key_figures, source_line, view_title
from clsm_map.ui.view import draw_table
from clsm_map.views.view import view_of


def draw(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    head, body = st.container(), st.container()
    with body:
        selection = filters.type_field(selection)
    view = view_of(data.desk(), "couverture.registre", selection)
    with head:
        view_title(view.title, view.lead)
        with st.container(width=860):
            st.markdown(
                "Un quartier est dit **couvert** quand toutes ses communes sont dans le périmètre "
                "d’au moins un dispositif **recensé ici**, **actif** à la date choisie et dont le "
                "**périmètre est connu**. Le mot ne dit rien d’un dispositif que personne n’a "
                "encore recensé, ni de ce que le dispositif fait dans le quartier."
            )
        key_figures(view.claims)
    uncertain, origins, complete, harvest = view.tables
    left, right = st.columns([7, 5], gap="medium")
    with left:
        view_title(uncertain.title, uncertain.note)
        draw_table(uncertain, height=420)
        source_line(view.sources[0])
    with right:
        view_title(origins.title)
        draw_table(origins)
        caution(view.cautions)
        _completeness(complete)
    view_title(harvest.title, harvest.note)
    draw_table(harvest, empty="–")
    source_line(view.data.note)
    source_line(view.sources[0])
    return selection


def _completeness(table: Table) -> None:
    """Say where the register is declared complete: a signed and dated fact, or nothing."""
    view_title(table.title)
    if table.frame.empty:
        st.markdown(
            "**Nulle part, pour aucun type de dispositif.** Aucun quartier n’est donc dit "
            f"« {STATUSES['sans_dispositif'].label} » : ceux où rien n’est recensé sont "
            f"« {STATUSES['sans_dispositif_recense'].label} », ce qui n’est pas la preuve d’une "
            "absence. Une ARS ou une collectivité peut déclarer son territoire complet, avec un "
            "auteur et une date, dans la liste qu’elle apporte."
        )
        st.page_link("pages/donnees.py", label="Apporter sa liste de dispositifs")
        return
    draw_table(table)
