"""What *Inégalités* computes once for every visitor; nothing here rests on a register."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from clsm_map.analysis.comparison import Profile, profile
from clsm_map.analysis.comparison_references import Operand
from clsm_map.analysis.need_components import DEFAULTS, need_of, read_weights
from clsm_map.analysis.need_index import Component, NeedIndex
from clsm_map.domain.selection import Selection
from clsm_map.domain.study import IndexLevel, IndexMean, Study, weights_of
from clsm_map.domain.terms import MapLevel, split_key
from clsm_map.domain.territories import Level, Territory
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.views.inequality_crossing import Crossing, crossing
from clsm_map.views.inequality_ranking import Ranked, ranked
from clsm_map.views.inequality_trend import Trend, trend_of
from clsm_map.views.inequality_within import Within, within, within_table
from clsm_map.views.inequality_years import YearMaps, year_maps


def territory_of(selection: Selection) -> Territory:
    """Give the territory of a selection."""
    level, code = split_key(selection.territoire)
    return find_territory(data.snapshot(), code, level)


@st.cache_resource(show_spinner="Calcul du profil…", max_entries=256)
def profile_of(subject: Operand, reference: Operand, inside: Territory) -> Profile:
    """Compute the profile of a territory, or of its QPV together."""
    return profile(data.snapshot(), subject, reference, inside=inside)


@st.cache_resource(show_spinner="Calcul de l’indice…", max_entries=32)
def need_index_of(
    level: IndexLevel, components: tuple[Component, ...], mean: IndexMean
) -> NeedIndex:
    """Compute the need index of all the QPV, or of all the communes, of France."""
    return need_of(data.snapshot(), level, components, mean)


def index_of_study(study: Study) -> NeedIndex:
    """Compute the need index with the level, components, weights and mean of a study."""
    weights, level = weights_of(study.composantes), study.indice
    components = components_of(weights, level) if weights else DEFAULTS[level]
    return need_index_of(level, components, study.moyenne)


def qpv_index_of(study: Study) -> NeedIndex:
    """Compute the need index of the QPV: with the study's own weights when they are for QPV."""
    if study.indice == "qpv":
        return index_of_study(study)
    return need_index_of("qpv", DEFAULTS["qpv"], study.moyenne)


def components_of(weights: dict[str, float], level: IndexLevel) -> tuple[Component, ...]:
    """Make components of weights, each with the direction that the indicator is read in."""
    lines = "\n".join(f"{indicator};{weight}" for indicator, weight in weights.items())
    components, _ = read_weights(f"indicateur;poids\n{lines}", data.snapshot().indicators, level)
    return components


def default_indicator(selection: Selection) -> str:
    """Give the indicator to study first: the one of the map when the snapshot has it."""
    known = data.snapshot().indicators
    return selection.indicateur if selection.indicateur in known else "taux_pauvrete"


@st.cache_resource(show_spinner=False, max_entries=64)
def ranked_of(indicator: str, level: Level, territory: Territory, inside: Territory) -> Ranked:
    """Rank the territories of a level on an indicator."""
    return ranked(data.snapshot(), indicator, level, territory, inside)


@st.cache_resource(show_spinner=False, max_entries=64)
def crossing_of(x: str, y: str, level: Level, territory: Territory, inside: Territory) -> Crossing:
    """Cross two indicators over the territories of a level."""
    return crossing(data.snapshot(), x, y, level, territory, inside)


@st.cache_resource(show_spinner=False, max_entries=64)
def trend_for(indicator: str, territory: Territory) -> Trend:
    """Follow an indicator over its years for a territory."""
    return trend_of(data.snapshot(), indicator, territory)


@st.cache_resource(show_spinner=False, max_entries=32)
def years_for(indicator: str, level: MapLevel, territory: Territory) -> YearMaps:
    """Lay an indicator out by year around a territory."""
    return year_maps(data.snapshot(), indicator, level, territory)


@st.cache_resource(show_spinner=False, max_entries=64)
def within_of(territory: Territory, indicator: str) -> Within:
    """Measure inequality inside a territory."""
    return within(data.snapshot(), territory, indicator)


@st.cache_resource(show_spinner=False, max_entries=64)
def spread_table_of(territory: Territory) -> pd.DataFrame:
    """Give the spread between communes for every rate."""
    return within_table(data.snapshot(), territory)
