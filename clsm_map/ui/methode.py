"""The parts of *Méthode*: written rules, and tables made from the definitions themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES
from clsm_map.domain.indicators import THEMES
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import number
from clsm_map.ui import data
from clsm_map.ui import furniture as page
from clsm_map.views import captions
from clsm_map.views.choropleth import indicators_of

_TEXTS: Final = Path(__file__).parent / "texts"
_DIRECTIONS: Final = {
    "plus_defavorable": "plus élevé : plus défavorable",
    "plus_favorable": "plus élevé : plus favorable",
    "neutre": "ni l’un ni l’autre",
}


_SECTIONS: Final = (
    ("À quoi sert l’application, et ce qu’elle ne dit pas", "objet", "quoi.md"),
    ("Couverture : six statuts", "couverture", "couverture.md"),
    ("Autour d’un lieu : distances", "distances", "distances.md"),
    ("Comparer, mesurer les inégalités, l’indice de besoin", "inegalites", "besoin.md"),
    ("Planifier", "planifier", "planifier.md"),
    ("Programme « La santé mentale dans mon quartier »", "programme", "programme.md"),
    ("Apporter sa liste", "liste", "liste.md"),
    ("Géographies, codes et projections", "geographies", "geographies.md"),
    ("Classes, couleurs et données absentes", "classes", "classes.md"),
)


def texts() -> None:
    """Draw the written sections."""
    for title, anchor, file in _SECTIONS:
        st.header(title, anchor=anchor)
        with st.container(width=820):
            st.markdown((_TEXTS / file).read_text(encoding="utf-8"))


def devices() -> None:
    """Say what is recorded, type by type, and what it rests on."""
    st.header("Le registre des dispositifs", anchor="registre")
    with st.container(width=820):
        for kind in DEVICE_TYPES:
            coverage = data.desk().coverage(kind)
            st.markdown(f"**{kind}** ({DEVICE_NAMES[kind]}). {captions.device_source(coverage)}")
            page.caution([register_caution(coverage, data.published_total(kind))])


def indicators() -> None:
    """Draw the table of indicators from their definitions."""
    st.header("Les indicateurs", anchor="indicateurs")
    known = data.snapshot().sources
    rows = [
        {
            "Indicateur": i.libelle,
            "Thème": THEMES[i.theme],
            "Définition": i.definition,
            "Unité": i.unite,
            "Dénominateur": i.denominateur,
            "Années": ", ".join(map(i.when, i.annees)) or "non précisée",
            "Échelons": ", ".join(LEVEL_LABELS[n][1] for n in i.niveaux),
            "Lecture": _DIRECTIONS[i.sens],
            "Prudence": " ".join([i.prudence, *(b.said for b in i.ruptures)]).strip(),
            "Producteur": " ; ".join(
                dict.fromkeys(known[s].producteur for s in (i.source, *(s for _, s in i.sources)))
            ),
        }
        for i in {**data.snapshot().indicators, **indicators_of(data.snapshot())}.values()
    ]
    page.table(pd.DataFrame(rows), "Définition des indicateurs")


def sources() -> None:
    """Draw the table of sources from the catalogue."""
    st.header("Les sources", anchor="sources")
    rows = [
        {
            "Source": s.titre,
            "Producteur": s.producteur,
            "Millésime": s.millesime,
            "Géographie": s.geographie,
            "Licence": s.licence,
            "Récupéré le": s.recupere_le,
            "Lignes": number(s.lignes),
            "Adresse": s.adresse,
        }
        for s in data.snapshot().sources.values()
    ]
    page.table(
        pd.DataFrame(rows), "Sources des données", {"Adresse": st.column_config.LinkColumn()}
    )
