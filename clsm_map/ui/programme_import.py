"""Bringing a programme table in: by the same door as any list, or the sample in one click."""

from __future__ import annotations

from typing import Final

import streamlit as st

from clsm_map.analysis.programme import is_made_up
from clsm_map.domain.programme import EXAMPLE
from clsm_map.formats import count
from clsm_map.maps.escape import html_text
from clsm_map.register import Validation, read_table, template, validate
from clsm_map.settings import ROOT
from clsm_map.ui import data, donnees
from clsm_map.ui.furniture import notice

SAMPLE: Final = ROOT / "data" / "exemples" / "programme-exemple.csv"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def banner() -> None:
    """Say which table is in use, in a way that cannot be missed when it is made up."""
    table = data.programme_table()
    if table is None:
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    lines = count(len(table.frame), "ligne")
    with left:
        if is_made_up(table.frame):
            st.html(
                f'<div class="fictif" role="note"><b>{html_text(EXAMPLE.upper())}</b><p>Le tableau '
                f"« {html_text(table.file)} » ({lines}) est inventé pour essayer la page : ni les "
                "séances, ni les participants, ni les scores n’ont existé. Rien de ce qui en vient "
                "ne se cite.</p></div>"
            )
        elif table.private:
            notice(
                f"Tableau en usage : « {table.file} » ({lines}), pour vous seulement, en "
                "mémoire, jusqu’à la fermeture de la page."
            )
        else:
            notice(f"Tableau en usage : {lines} apportées par le propriétaire de ce serveur.")
    if table.private:
        right.button("Retirer ce tableau", on_click=data.drop_programme, width="stretch")


def load_sample() -> None:
    """Read the sample by the same door as any file, and use it for this visitor."""
    read = validate(read_table(SAMPLE), data.snapshot(), kind="programme")
    data.use_programme(read.programme, read.nom)


def sample_button(key: str) -> None:
    """Offer to try the page with the sample."""
    st.button("Essayer avec un exemple (données fictives)", on_click=load_sample, key=key)


def import_field() -> None:
    """Draw the field of a programme table: template, file, check line by line, use."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Modèle à remplir (CSV)",
            template("programme", "csv"),
            "modele_programme.csv",
            "text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Modèle à remplir (Excel)",
            template("programme", "xlsx"),
            "modele_programme.xlsx",
            _XLSX,
            on_click="ignore",
        )
        st.download_button(
            "L’exemple (données fictives)",
            SAMPLE.read_bytes(),
            "EXEMPLE_DONNEES_FICTIVES_programme.csv",
            "text/csv",
            on_click="ignore",
        )
    table = donnees.upload("Une ligne par territoire (ou quartier) et par date.")
    if table is None:
        return
    validation = donnees.checked(table, "programme")
    if validation is None:
        return
    donnees.report(validation)
    donnees.refused_lines(validation)
    if validation.acceptees:
        use_button(validation)


def use_button(validation: Validation) -> None:
    """Offer to use the accepted lines, for this visitor only."""
    accepted = count(validation.acceptees, "ligne acceptée", "lignes acceptées")
    if st.button(f"Utiliser ce tableau ({accepted})", type="primary", key="utiliser_programme"):
        data.use_programme(validation.programme, validation.nom)
        st.switch_page("pages/programme.py")
