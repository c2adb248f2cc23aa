"""Données : apporter sa propre liste, la vérifier ligne par ligne, l'essayer."""

import streamlit as st

from clsm_map.ui import donnees, programme
from clsm_map.ui.furniture import page_title

page_title(
    "Données",
    "La liste embarquée est un extrait : apportez la vôtre. Elle est vérifiée ligne par ligne et "
    "ne sert qu’à vous, en mémoire, jusqu’à la fermeture de la page.",
)
donnees.in_use()
programme.banner()
donnees.templates()
st.subheader("2. Déposer la liste")
table = donnees.upload()
if table is not None:
    st.subheader("3. Vérifier")
    validation = donnees.reported(table)
    if validation is not None and validation.acceptees:
        if validation.kind == "programme":
            programme.use_button(validation)
        else:
            st.divider()
            donnees.preview(validation)
