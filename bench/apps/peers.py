"""The usual way: `folium.Choropleth` and a layer of tooltips, all sent again at each change."""

import folium
import shapely
import streamlit as st
from streamlit_folium import st_folium

from data import asked, snapshot, values

st.set_page_config(layout="wide")
indicator = asked()


@st.cache_resource
def contours():
    """The same contours, rounded like ours, which lightens what is sent."""
    data = snapshot()
    frame = data.contours("epci", "national").merge(data.intercommunalites[["code", "nom"]])
    rounded = shapely.set_precision(frame.geometry.to_numpy(), 1e-3, mode="pointwise")
    return frame.set_geometry(rounded, crs=4326)


frame, classes = values(indicator)
definition = snapshot().indicators[indicator]
shapes = contours().merge(frame[["code", "valeur"]], on="code", how="left")
drawn = folium.Map(location=(46.4, 2.2), zoom_start=6, tiles=None)
folium.Choropleth(
    geo_data=shapes[["code", "geometry"]],
    data=frame,
    columns=["code", "valeur"],
    key_on="feature.properties.code",
    bins=[classes.low, *classes.breaks],
    fill_color="YlOrBr",
    line_weight=0.5,
    legend_name=definition.libelle,
).add_to(drawn)
folium.GeoJson(
    shapes,
    style_function=lambda _: {"fillOpacity": 0, "weight": 0},
    tooltip=folium.GeoJsonTooltip(["nom", "valeur"]),
).add_to(drawn)
st_folium(drawn, height=620, use_container_width=True, returned_objects=[])
