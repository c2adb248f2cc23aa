"""Données : apporter sa propre liste, la vérifier ligne par ligne, l'essayer."""

import streamlit as st

from clsm_map.ui import donnees
from clsm_map.ui.furniture import page_title
from clsm_map.ui.navigation import require_entry

require_entry()
page_title(
    "Données",
    "La liste embarquée est un extrait : apportez la vôtre. Elle est vérifiée ligne par ligne et "
    "ne sert qu’à vous, en mémoire, jusqu’à la fermeture de la page.",
)
donnees.in_use()
donnees.templates()
table = donnees.upload()
if table is not None:
    validation = donnees.checked(table)
    if validation is not None:
        donnees.report(validation)
        donnees.refused_lines(validation)
        if validation.acceptees:
            st.divider()
            donnees.preview(validation)
