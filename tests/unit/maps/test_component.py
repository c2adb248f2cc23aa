"""What is sent to the frame: one fixed base map, and a payload that changes with the content."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from clsm_map.maps import layers
from clsm_map.maps.component import BaseMap, Painting, payload_script, read_click
from clsm_map.maps.geometry import StaticAssets
from clsm_map.maps.model import Geometry, Layer, MapView, Style

ASSETS = StaticAssets(("../../app/static/a.js",), ("../../app/static/a.css",))
BOX = ((0.0, 0.0), (1.0, 1.0))


def view(name="carré", n=1, title="Titre"):
    geometry = Geometry("u", "aires", tuple(f"c{i}" for i in range(n)), BOX)
    return MapView(title, BOX, (Layer("carre", geometry, (Style(name),), (0,) * n),))


def sent(content):
    """The script that streamlit-folium makes the frame evaluate."""
    base = BaseMap(ASSETS)
    base.render()
    _get_map_string(base)
    return _get_feature_group_string(Painting(payload_script(content)), base, 0)


def payload_of(script):
    return json.loads(re.search(r"clsmMap\.paint\([^,]+, [^,]+, (.*)\);", script).group(1))


def test_the_base_map_is_the_same_at_each_run_so_that_its_frame_stays():
    keys = set()
    for _ in range(2):
        base = BaseMap(ASSETS)
        base.render()
        keys.add(generate_js_hash(_get_map_string(base), "carte"))
    assert len(keys) == 1


def test_the_base_map_loads_static_files_and_nothing_of_folium():
    base = BaseMap(ASSETS)
    links = [url for _, url in (*base.default_js, *base.default_css)]
    assert links == ["../../app/static/a.js", "../../app/static/a.css"]


def test_the_payload_reaches_the_script_as_it_is():
    script = sent(view())
    assert "var feature_group_feature_group_0 = L.featureGroup();" in script
    assert "map_div.addLayer(feature_group_feature_group_0)" in script
    assert payload_of(script)["layers"][0]["styles"][0]["label"] == "carré"


@pytest.mark.parametrize(
    "name",
    [
        "</script><img src=x>",
        "${alert(1)}",
        "`",
        "{{7*7}}",
        "{% raise %}",
        "{{ 'map_div' }}",
        "a\nb",
    ],
)
def test_a_hostile_name_goes_through_templates_unchanged(name):
    payload = payload_of(sent(view(name, title=name)))
    assert payload["title"] == name
    assert payload["layers"][0]["styles"][0]["label"] == name


def test_two_contents_that_differ_by_an_underscored_word_have_two_digests():
    assert sent(view("clsm_non")) != sent(view("clsm_oui"))
    digests = {payload_of(sent(view(n)))["digest"] for n in ("clsm_non", "clsm_oui", "clsm_non")}
    assert len(digests) == 2


def test_a_whole_country_fits_in_forty_kilobytes():
    rng = np.random.default_rng(3)
    epci = Geometry("u" * 60, "aires", tuple(f"{200000000 + i}" for i in range(1264)), BOX)
    qpv = Geometry("u" * 60, "points", tuple(f"QN{i:06d}" for i in range(1584)), BOX)
    colours = ["#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"]
    styles = layers.class_styles([f"plus de {i} 000 à {i + 1} 000 €" for i in range(5)], colours)
    income = pd.Series(rng.normal(15_000, 2_000, 1264), index=epci.codes)
    population = pd.Series(rng.lognormal(8, 0.7, 1584), index=qpv.codes)
    drawn = (
        layers.choropleth(
            "epci",
            epci,
            dict.fromkeys(epci.codes, 2),
            styles,
            values=income.to_dict(),
            label="Revenu imposable par habitant",
            unit="€",
        ),
        layers.qpv(qpv, dict.fromkeys(qpv.codes, "couvert"), population.to_dict(), "CLSM"),
    )
    script = sent(MapView("Titre", BOX, drawn))
    assert len(script.encode()) < 25_000


def test_a_click_is_read_with_its_kind_and_place():
    value = {
        "last_active_drawing": {
            "kind": "epci",
            "id": "200069193",
            "lat": 45.5,
            "lon": 4.25,
            "serial": 7,
        }
    }
    click = read_click(value)
    assert click is not None
    assert (click.kind, click.code, click.latitude, click.longitude, click.serial) == (
        "epci",
        "200069193",
        45.5,
        4.25,
        7,
    )


@pytest.mark.parametrize("value", [None, {}, {"last_active_drawing": None}])
def test_without_a_click_there_is_none(value):
    assert read_click(value) is None
