"""What both maps show: the same territories, the same indicators, the same classes."""

import streamlit as st

from clsm_map.analysis.classing import Classes, classify
from clsm_map.store.snapshot import Snapshot, open_snapshot

INDICATORS = (
    "revenu_imposable_par_habitant",
    "part_logements_sociaux",
    "beneficiaires_aides_logement",
    "potentiel_financier_par_habitant",
    "population_municipale",
)
COLOURS = ("#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404")


@st.cache_resource
def snapshot() -> Snapshot:
    return open_snapshot()


@st.cache_resource
def values(indicator: str):
    """Values by EPCI and their five classes; those without a value are left out."""
    frame = snapshot().indicator(indicator, "epci").dropna(subset="valeur")
    classes: Classes = classify(frame["valeur"], "quantiles", 5)
    return frame.assign(classe=classes.codes), classes


def asked() -> str:
    """The indicator chosen on the page."""
    return st.radio("Indicateur", INDICATORS, horizontal=True)
