"""Maps of the tests: ``?vue=hostile`` draws names that try to run, ``?vue=jumelles`` twins."""

import geopandas as gpd
import shapely
import streamlit as st

from clsm_map.maps.component import render_map
from clsm_map.maps.geometry import publish
from clsm_map.maps.legend import LegendEntry
from clsm_map.maps.model import Layer, MapView, Place, Style, Target, Town
from clsm_map.settings import get_settings
from clsm_map.ui.furniture import apply_theme, card, legend, view_title

HOSTILE = (
    "</script><img src=x onerror=window.top.pwned=1>",
    "${window.top.pwned=1}",
    "`;window.top.pwned=1;//",
    "{{7*7}}{% raw %}",
    '<img src=x onerror="window.top.pwned=1">&amp;\'',
)
TITLE = " ".join(HOSTILE)
BOUNDS = ((44.0, 0.0), (46.0, 5.0))
COLOURS = ("#0b6e6e", "#d98e04", "#7d6ba8", "#a8324a", "#6db7b0")


def squares(names, stem):
    frame = gpd.GeoDataFrame(
        {
            "code": [f"c{i}" for i in range(len(names))],
            "nom": names,
            "detail": names,
        },
        geometry=[shapely.box(i + 0.05, 44.5, i + 0.95, 45.5) for i in range(len(names))],
        crs=4326,
    )
    return publish(frame, stem, get_settings().static, 3)


def hostile():
    layer = Layer(
        "carre",
        squares(HOSTILE, "hostile"),
        tuple(Style(name, fill=colour) for name, colour in zip(HOSTILE, COLOURS, strict=True)),
        (0, 1, 2, 3, 4),
        values=(1.0, 2.0, 3.0, 4.0, 5.0),
        label=HOSTILE[0],
        unit=HOSTILE[1],
        class_label=HOSTILE[2],
    )
    return MapView(
        title=TITLE,
        bounds=BOUNDS,
        layers=(layer,),
        towns=tuple(Town(name, 45.8, i + 0.1) for i, name in enumerate(HOSTILE)),
        places=tuple(Place(name, BOUNDS) for name in HOSTILE),
        selected=Target("carre", "c0"),
        sources=TITLE,
    )


def hostile_texts():
    view_title(TITLE, TITLE)
    legend(TITLE, [LegendEntry(name, "#0b6e6e", "plein", 1) for name in HOSTILE], TITLE)
    card(TITLE, TITLE, [(name, name) for name in HOSTILE])


def twins():
    answer = st.radio("Réponse", ["clsm_non", "clsm_oui"])
    geometry = squares(["carré"], "jumelle")
    layer = Layer("carre", geometry, (Style(answer, fill="#0b6e6e"),), (0,), label=answer)
    return MapView(title=answer, bounds=BOUNDS, layers=(layer,), sources=answer)


def main():
    st.session_state["tours"] = st.session_state.get("tours", 0) + 1
    apply_theme()
    is_hostile = st.query_params.get("vue") == "hostile"
    render_map(hostile() if is_hostile else twins(), key="carte", height=420)
    if is_hostile:
        hostile_texts()
    st.text(f"Tour {st.session_state['tours']}")


if __name__ == "__main__":
    main()
