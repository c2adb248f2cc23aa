"""Données : apporter sa propre liste, la vérifier ligne par ligne, l'essayer."""

import streamlit as st

from clsm_map.ui import donnees, programme_import
from clsm_map.ui.furniture import page_title

page_title(
    "Données",
    "La liste embarquée est un extrait : apportez la vôtre. Elle est vérifiée ligne par ligne et "
    "ne sert qu’à vous, en mémoire, jusqu’à la fermeture de la page.",
)
donnees.in_use()
programme_import.banner()
donnees.templates()
st.subheader("2. Déposer la liste")
table = donnees.upload()
if table is not None:
    st.subheader("3. Vérifier")
    validation = donnees.checked(table)
    if validation is not None:
        donnees.report(validation)
        donnees.refused_lines(validation)
        if validation.acceptees and validation.kind == "programme":
            programme_import.use_button(validation)
        elif validation.acceptees:
            st.divider()
            donnees.preview(validation)
