"""What *Inégalités* computes once for every visitor; nothing here rests on a register."""

from __future__ import annotations

import streamlit as st

from clsm_map.analysis.comparison import Profile, profile
from clsm_map.analysis.comparison_references import Operand
from clsm_map.analysis.need_components import need_of, read_weights
from clsm_map.analysis.need_index import Component, NeedIndex
from clsm_map.domain.selection import Selection, split_key
from clsm_map.domain.study import IndexMean
from clsm_map.domain.territories import Territory
from clsm_map.store.territories import find_territory
from clsm_map.ui import data


def territory_of(selection: Selection) -> Territory:
    """Give the territory of a selection."""
    level, code = split_key(selection.territoire)
    return find_territory(data.snapshot(), code, level)


@st.cache_resource(show_spinner="Calcul du profil…", max_entries=256)
def profile_of(subject: Operand, reference: Operand, inside: Territory) -> Profile:
    """Compute the profile of a territory, or of its QPV together."""
    return profile(data.snapshot(), subject, reference, inside=inside)


@st.cache_resource(show_spinner=False)
def short_labels() -> dict[str, str]:
    """Give the short label of every indicator of the snapshot."""
    return {i.id: i.libelle_court for i in data.snapshot().indicators.values()}


@st.cache_resource(show_spinner="Calcul de l’indice…", max_entries=32)
def need_index_of(components: tuple[Component, ...], mean: IndexMean) -> NeedIndex:
    """Compute the need index of all the QPV of France."""
    return need_of(data.snapshot(), "qpv", components, mean)


def components_of(weights: dict[str, float]) -> tuple[Component, ...]:
    """Make components of weights, each with the direction that the indicator is read in."""
    lines = "\n".join(f"{indicator};{weight}" for indicator, weight in weights.items())
    components, _ = read_weights(f"indicateur;poids\n{lines}", data.snapshot().indicators)
    return components
