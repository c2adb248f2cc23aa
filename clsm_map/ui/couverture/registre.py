"""*Ce que l'on sait*: how much the register records, what is uncertain, what is complete."""

from __future__ import annotations

import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, STATUSES
from clsm_map.domain.selection import Selection
from clsm_map.formats import count, number
from clsm_map.ui import data, filters
from clsm_map.ui.furniture import KeyFigure, caution, key_figures, source_line, view_title
from clsm_map.views import captions, questions
from clsm_map.views.register import completeness_rows


def draw(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    view_title(
        "Sur quoi repose le mot « couvert »",
        f"Registre des dispositifs {data.desk().ground.origine}.",
    )
    with st.container(width=860):
        st.markdown(
            "Un quartier est dit **couvert** quand toutes ses communes sont dans le périmètre "
            "d’au moins un dispositif **recensé ici**, **actif** à la date choisie et dont le "
            "**périmètre est connu**. Le mot ne dit rien d’un dispositif que personne n’a encore "
            "recensé, ni de ce que le dispositif fait dans le quartier."
        )
    key_figures(_figures())
    selection = filters.type_field(selection)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _uncertain(selection)
    with right:
        _origins(selection)
        _completeness()
    _harvest(selection)
    return selection


def _figures() -> list[KeyFigure]:
    figures = []
    for kind in DEVICE_TYPES:
        known = questions.knowledge_of(data.desk(), kind)
        others = f"{number(known.projects)} en projet, {number(known.to_check)} à vérifier"
        figures.append(
            KeyFigure(
                number(known.active),
                f"{kind} actifs recensés, {known.share}",
                f"{DEVICE_NAMES[kind]} ; {others}",
            )
        )
    return figures


def _harvest(selection: Selection) -> None:
    """Show what was found in each région, against what is published there."""
    found = questions.harvest_of(data.desk(), selection.type)
    view_title(found.title, found.finding)
    st.dataframe(
        found.table(),
        hide_index=True,
        height="content",
        alt=found.finding,
        placeholder="–",
        column_config={
            "Recensés": st.column_config.NumberColumn(format="localized"),
            "Dont actifs": st.column_config.NumberColumn(format="localized"),
            "De cette source": st.column_config.NumberColumn(format="localized"),
            "Part (%)": st.column_config.NumberColumn(format="%d"),
            "Page du nombre publié": st.column_config.LinkColumn(display_text="Lire"),
        },
    )
    source_line(found.note)
    source_line(captions.device_source(data.desk().coverage(selection.type)))


def _uncertain(selection: Selection) -> None:
    """List the devices of which the perimeter or the state is not known for sure."""
    known = questions.knowledge_of(data.desk(), selection.type)
    listed = count(len(known.uncertain), selection.type, selection.type)
    view_title(
        f"{listed} dont le périmètre ou l’état n’est pas sûr",
        f"Sur {number(known.recorded)} recensés ; chacun avec la page d’où il vient.",
    )
    st.dataframe(
        known.uncertain,
        hide_index=True,
        height=420,
        alt=f"{selection.type} dont le périmètre ou l’état n’est pas sûr",
        placeholder="",
        column_config={
            "Dispositif": st.column_config.TextColumn(width=225),
            "Incertitude": st.column_config.TextColumn(width=185),
            "Dép.": st.column_config.TextColumn(width=55),
            "Page consultée": st.column_config.TextColumn(width=115),
            "Source": st.column_config.LinkColumn(display_text="Lire", width=60),
        },
    )
    source_line(captions.device_source(data.desk().coverage(selection.type)))


def _origins(selection: Selection) -> None:
    known = questions.knowledge_of(data.desk(), selection.type)
    view_title(f"Comment les périmètres des {selection.type} sont connus")
    st.dataframe(known.origins, hide_index=True, alt="Origine des périmètres")
    coverage = data.desk().coverage(selection.type)
    caution([register_caution(coverage, data.published_total(selection.type))])


def _completeness() -> None:
    """Say where the register is declared complete: a signed and dated fact, or nothing."""
    rows = completeness_rows(data.desk().ground.completude)
    view_title("Où le registre est déclaré complet")
    if rows.empty:
        st.markdown(
            "**Nulle part, pour aucun type de dispositif.** Aucun quartier n’est donc dit "
            f"« {STATUSES['sans_dispositif'].label} » : ceux où rien n’est recensé sont "
            f"« {STATUSES['sans_dispositif_recense'].label} », ce qui n’est pas la preuve d’une "
            "absence. Une ARS ou une collectivité peut déclarer son territoire complet, avec un "
            "auteur et une date, dans la liste qu’elle apporte."
        )
        st.page_link("pages/donnees.py", label="Apporter sa liste de dispositifs")
        return
    st.dataframe(rows, hide_index=True, alt="Déclarations de complétude")
