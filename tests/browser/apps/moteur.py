"""A map of four squares whose content, contours and extent change one at a time."""

import geopandas as gpd
import shapely
import streamlit as st

from clsm_map.maps.component import render_map
from clsm_map.maps.geometry import publish
from clsm_map.maps.layers import MISSING, NOT_APPLICABLE, SECRET, status_styles
from clsm_map.maps.model import Layer, MapView, Place, Style
from clsm_map.settings import get_settings

NEAR = ((44.0, 0.0), (46.0, 4.0))
FAR = ((-1.0, -1.0), (1.0, 5.0))
PLAIN = (Style("bas", fill="#fee391"), Style("haut", fill="#993404"), MISSING, SECRET)


def squares(stem, n=4):
    frame = gpd.GeoDataFrame(
        {"code": [f"c{i}" for i in range(n)], "nom": [f"{stem} {i}" for i in range(n)]},
        geometry=[shapely.box(i + 0.05, 44.5, i + 0.95, 45.5) for i in range(n)],
        crs=4326,
    )
    return publish(frame, stem, get_settings().static, 3)


def layer(stem, classes, styles=PLAIN, values=(1.0, 2.0, float("nan"), float("nan"))):
    return Layer("carre", squares(stem, len(classes)), styles, classes, values, "Taux", "%", 1)


VIEWS = {
    "premier": MapView("premier", NEAR, (layer("carres", (0, 1, 2, 3)),)),
    "second": MapView("second", NEAR, (layer("carres", (1, 0, 2, 3)),)),
    "ailleurs": MapView("ailleurs", FAR, (layer("carres", (1, 1, 1, 1)),)),
    "lent": MapView("lent", NEAR, (layer("lents", (0, 0, 0, 0)),)),
    "perdu": MapView("perdu", NEAR, (layer("perdus", (0, 0, 0, 0)),)),
    "carreaux": MapView("carreaux", NEAR, (layer("carres", (0, 1, 2, 3)),), tiles="ign"),
    "signes": MapView(
        "signes",
        ((43.5, 0.0), (46.5, 8.0)),
        (
            layer(
                "signes",
                tuple(range(8)),
                (*status_styles(spots=False), SECRET, NOT_APPLICABLE),
                (1.0,) * 8,
            ),
        ),
        places=(Place("Hexagone", NEAR), Place("Mayotte", FAR)),
    ),
}

st.set_page_config(layout="wide")
chosen = st.radio("Vue", list(VIEWS), horizontal=True)
if st.query_params.get("onglet"):
    _, second = st.tabs(["Texte", "Dessin"])
    with second:
        render_map(VIEWS[chosen], key="moteur", height=500)
else:
    render_map(VIEWS[chosen], key="moteur", height=500)
