"""Names that try to run: they stay text in a script, in a page and in a template."""

import json

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.maps.escape import html_text, script_json

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`;alert(1);//",
    "{{7*7}}{% raise %}{# note #}",
    "<!--<script>",
    "a\u2028b\u2029c",
    "\\\"';&",
    "</SCRIPT\t>",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_script_reads_the_same_name_back(name):
    assert json.loads(script_json({"n": name, name: 1})) == {"n": name, name: 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_character_that_means_something_is_left_in_a_script(name):
    text = script_json([name])
    assert not set("<>&'`${}%\u2028\u2029") & set(text)


@given(json_values)
def test_any_value_comes_back_and_no_template_rewrites_it(value):
    text = script_json(value)
    assert json.loads(text) == value
    assert jinja2.Template(text).render() == text
    assert "</" not in text
    assert "${" not in text


def test_the_structure_keeps_its_braces_and_is_compact():
    assert script_json({"a": [1, {"b": None}]}) == '{"a":[1,{"b":null}]}'


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_write_is_refused(number):
    with pytest.raises(ValueError, match="JSON compliant"):
        script_json([number])


def test_html_keeps_accents_and_escapes_the_rest():
    assert html_text("L'Haÿ & <b>") == "L&#39;Haÿ &amp; &lt;b&gt;"


@pytest.mark.parametrize("name", HOSTILE)
def test_html_has_no_tag_no_quote_and_no_template_literal(name):
    assert not set("<>\"'`${}") & set(html_text(name))
