"""The parts of *Méthode*: written rules, and tables made from the definitions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES
from clsm_map.domain.indicators import THEMES, Indicator
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import number
from clsm_map.ui import data
from clsm_map.ui.furniture import caution
from clsm_map.views import captions
from clsm_map.views.choropleth import indicators_of

TEXTS: Final = Path(__file__).parent / "texts"
DIRECTIONS: Final = {
    "plus_defavorable": "plus élevé : plus défavorable",
    "plus_favorable": "plus élevé : plus favorable",
    "neutre": "ni l’un ni l’autre",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A written section of the page: its heading, its anchor and its file in ``texts``."""

    title: str
    anchor: str
    file: str


SECTIONS: Final = (
    Section("À quoi sert l’application, et ce qu’elle ne dit pas", "objet", "quoi.md"),
    Section("Couverture : six statuts", "couverture", "couverture.md"),
    Section("Autour d’un lieu : distances", "distances", "distances.md"),
    Section("Comparer, mesurer les inégalités, l’indice de besoin", "inegalites", "besoin.md"),
    Section("Planifier", "planifier", "planifier.md"),
    Section("Programme « La santé mentale dans mon quartier »", "programme", "programme.md"),
    Section("Apporter sa liste", "liste", "liste.md"),
    Section("Géographies, codes et projections", "geographies", "geographies.md"),
    Section("Classes, couleurs et données absentes", "classes", "classes.md"),
)


def text(section: Section) -> None:
    """Draw a written section."""
    st.header(section.title, anchor=section.anchor)
    with st.container(width=820):
        st.markdown((TEXTS / section.file).read_text(encoding="utf-8"))


def devices() -> None:
    """Say what is recorded, type by type, and what it rests on."""
    st.header("Le registre des dispositifs", anchor="registre")
    with st.container(width=820):
        for kind in DEVICE_TYPES:
            coverage = data.desk().coverage(kind)
            st.markdown(f"**{kind}** ({DEVICE_NAMES[kind]}). {captions.device_source(coverage)}")
            caution([register_caution(coverage, data.published_total(kind))])


def indicators() -> None:
    """Draw the table of indicators from their definitions."""
    st.header("Les indicateurs", anchor="indicateurs")
    rows = [
        {
            "Indicateur": i.libelle,
            "Thème": THEMES[i.theme],
            "Définition": i.definition,
            "Unité": i.unite,
            "Dénominateur": i.denominateur,
            "Années": ", ".join(map(i.when, i.annees)) or "non précisée",
            "Échelons": ", ".join(LEVEL_LABELS[n][1] for n in i.niveaux),
            "Lecture": DIRECTIONS[i.sens],
            "Prudence": " ".join([i.prudence, *(b.said for b in i.ruptures)]).strip(),
            "Producteur": _producers(i),
        }
        for i in {**data.snapshot().indicators, **indicators_of(data.snapshot())}.values()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Définition des indicateurs")


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
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        alt="Sources des données",
        column_config={"Adresse": st.column_config.LinkColumn()},
    )


def _producers(indicator: Indicator) -> str:
    """List the producers of an indicator, all levels and years together."""
    used = dict.fromkeys([indicator.source, *(s for _, s in indicator.sources)])
    known = data.snapshot().sources
    return " ; ".join(dict.fromkeys(known[s].producteur for s in used))
