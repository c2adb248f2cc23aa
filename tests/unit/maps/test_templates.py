"""Templates that wait to be compiled are those that folium would have compiled."""

import subprocess
import sys

import pytest
from jinja2 import Environment, Template, TemplateSyntaxError

from clsm_map.maps.templates import TemplateOnDemand, templates_on_demand

DRAWN = """
import sys
from contextlib import nullcontext
from clsm_map.maps.templates import templates_on_demand
with templates_on_demand() if sys.argv[1] == "later" else nullcontext():
    import folium, folium.plugins
import branca.element
branca.element.urandom = bytes
drawn = folium.Map([46, 2], zoom_start=5)
folium.Marker([48, 2], popup="Été").add_to(drawn)
folium.plugins.Fullscreen().add_to(drawn)
print(drawn.get_root().render())
"""


def drawn(when):
    made = subprocess.run(
        [sys.executable, "-c", DRAWN, when], capture_output=True, text=True, check=True
    )
    return made.stdout


def test_a_map_is_drawn_the_same():
    page = drawn("later")
    assert "Été" in page
    assert "L.control.fullscreen" in page
    assert page == drawn("at once")


def test_a_template_is_compiled_at_its_first_use():
    with templates_on_demand():
        greeting = Template("{% macro script(nom) %}Bonjour {{ nom }}{% endmacro %}{{ 1 + 1 }}")
        wrong = Template("{% macro")
    assert isinstance(greeting, TemplateOnDemand)
    assert greeting.render() == "2"
    assert greeting.module.script("Lille") == "Bonjour Lille"
    with pytest.raises(TemplateSyntaxError):
        wrong.render()


def test_templates_are_compiled_at_once_outside_the_block_even_after_a_failure():
    compiled = Environment.from_string
    with pytest.raises(ZeroDivisionError), templates_on_demand():
        _ = 1 / 0
    assert Environment.from_string is compiled
    assert isinstance(Template("{{ 1 }}"), Template)
