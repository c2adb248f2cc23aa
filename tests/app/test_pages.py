"""Every page runs, says its sources, and keeps its budget of bytes."""

import gzip
import json
import re

import pytest

from clsm_map.settings import get_settings
from clsm_map.store.snapshot import open_snapshot
from tests.app.conftest import ROOT, html_of, map_arguments


def test_the_home_page_states_the_figures_of_the_register(open_page):
    app = open_page("accueil")
    text = html_of(app)
    assert "1\u202f584" in text
    assert "5\u202f737\u202f536" in text
    assert "sur 280 (mai 2025) à 298 (page non datée) annoncés" in text
    assert "extrait sourcé" in text
    # As the page of the programme says them: 1 373 are questionnaires, and only two are floors.
    filled = next(f for f in re.findall(r"<dt>.*?</dd>", text, re.DOTALL) if "1\u202f373" in f)
    assert "questionnaires remplis" in filled
    for said in ("plus de 50 territoires", "plus de 2 000 participants", "190 quartiers"):
        assert f"« {said}" in text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_home_page_has_three_doors_that_lead_to_pages_that_exist(open_page):
    links = [b for b in open_page("accueil").main if b.type == "page_link"]
    assert len(links) >= 3
    for link in links:
        page = link.proto.page.split("?")[0].strip("/")
        assert (ROOT / "pages" / f"{page or 'accueil'}.py").exists()


def test_the_method_page_lists_every_source_and_indicator(open_page):
    app = open_page("methode")
    indicators, sources = (frame.value for frame in app.dataframe[-2:])
    snapshot = open_snapshot()
    assert len(sources) == len(snapshot.sources)
    assert set(indicators["Indicateur"]) >= {i.libelle for i in snapshot.indicators.values()}


def test_a_view_comes_back_from_its_link(open_page):
    app = open_page(
        "carte", territoire="region:84", indicateur="taux_pauvrete", niveau="commune", n="4"
    )
    text = html_of(app)
    assert "Auvergne-Rhône-Alpes (communes)" in text
    assert "Taux de pauvreté" in text
    assert app.selectbox(key="champ_indicateur").value == "taux_pauvrete"
    assert app.slider(key="champ_n_1").value == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("territoire", "region:99"),
        ("indicateur", "<script>alert(1)</script>"),
        ("n", "12"),
        ("pauvrete", "a-b"),
    ],
)
def test_a_bad_link_shows_the_default_view_and_says_so(open_page, name, value):
    app = open_page("carte", **{name: value})
    assert [i.value for i in app.info if name in i.value]
    assert "France (intercommunalités)" in html_of(app)


def test_communes_of_the_whole_country_are_refused_with_the_reason(open_page):
    app = open_page("carte", niveau="commune")
    assert any("choisissez une région" in i.value for i in app.info)
    assert "France (intercommunalités)" in html_of(app)


def test_the_legend_counts_are_those_of_the_map_and_of_the_filter(open_page):
    app = open_page("carte", territoire="departement:93", niveau="commune", pauvrete="45-")
    drawn = json.loads(
        map_arguments(app)[0]["feature_group"]
        .split("clsmMap.paint(")[1]
        .split(", ", 2)[2]
        .rsplit(");", 1)[0]
        .split(");")[0]
    )
    layer = next(x for x in drawn["layers"] if x["kind"] == "qpv")
    shown = len(layer["classes"].replace(".", ""))
    assert 0 < shown < 75
    assert f'<dd class="valeur">{shown}</dd>' in html_of(app)


def test_without_a_qpv_left_the_page_says_zero_and_keeps_working(open_page):
    app = open_page("carte", territoire="departement:48", pauvrete="99-")
    assert '<dd class="valeur">0</dd>' in html_of(app)


def sent(app):
    """Bytes of component arguments."""
    return sum(len(json.dumps(a)) for a in map_arguments(app))


def geometry_bytes(app):
    """Bytes of the geometry files that the map names, gzipped as they are served."""
    folder = get_settings().static / "geo"
    text = json.dumps(map_arguments(app))
    return sum(
        len(gzip.compress(f.read_bytes(), 6)) for f in folder.glob("*.json") if f.name in text
    )


def test_the_first_national_map_keeps_its_budget(open_page):
    app = open_page("carte")
    assert sent(app) + geometry_bytes(app) <= 400_000


def test_a_change_of_indicator_keeps_its_budget(open_page):
    app = open_page("carte")
    app.selectbox(key="champ_indicateur").set_value("part_logements_sociaux").run()
    assert "Logements sociaux" in html_of(app)
    assert sent(app) <= 40_000
