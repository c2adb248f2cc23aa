"""The map of this project: geometry fetched once, a payload of classes at each change."""

import streamlit as st

from clsm_map.domain.territories import FRANCE
from clsm_map.maps import layers
from clsm_map.maps.component import render_map
from clsm_map.maps.geometry import HEXAGONE
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import MapView
from clsm_map.settings import get_settings
from data import COLOURS, asked, snapshot, values

st.set_page_config(layout="wide")
indicator = asked()


@st.cache_resource
def contours():
    return GeometryLibrary(snapshot(), get_settings().static).territories("epci", FRANCE)


frame, classes = values(indicator)
definition = snapshot().indicators[indicator]
labels = classes.labels(definition.unite, definition.decimales)
coloured = layers.choropleth(
    "epci",
    contours(),
    dict(zip(frame["code"], frame["classe"], strict=True)),
    layers.class_styles(labels, COLOURS[: len(labels)]),
    values=dict(zip(frame["code"], frame["valeur"], strict=True)),
    label=definition.libelle_court,
    unit=definition.unite,
    decimals=definition.decimales,
    default=len(labels),
)
render_map(MapView(definition.libelle, HEXAGONE, (coloured,)), key="carte", height=620)
