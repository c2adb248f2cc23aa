"""*Fiche territoire*: the sheet of what the link asks for, or of what the visitor selected."""

import json
import re

import pytest

from tests.app.conftest import html_of, map_arguments
from tests.app.test_donnees import LIST, upload


def text_of(app):
    return re.sub(r"<[^>]+>", "\n", html_of(app))


def painted(app):
    script = map_arguments(app)[0]["feature_group"]
    start = script.index("{", script.index("clsmMap.paint("))
    return json.JSONDecoder().raw_decode(script[start:])[0]


def heading(app):
    return re.findall(r"<h1>(.*?)</h1>", html_of(app))


def test_the_sheet_of_a_commune_says_what_its_pdf_says(open_page):
    app = open_page("fiche", sujet="commune:69259")
    text = text_of(app)
    assert heading(app) == ["Vénissieux"]
    assert "Commune 69259 · Métropole de Lyon · Rhône · Auvergne-Rhône-Alpes" in text
    assert "Les 6 quartiers prioritaires sont dans le périmètre d’un CLSM actif" in text
    assert "CLSM de Vénissieux / Saint-Fons" in text
    assert "46\u202f026 dans 6\u00a0quartiers prioritaires" in text
    assert "Cinq chiffres qui comptent" in text
    assert "contre 15\u00a0% (Rhône)" in text
    assert "+\u202f19\u00a0points, plus défavorable" in text
    for part in ("Communes limitrophes", "À savoir avant de citer", "Sources", "Saint-Fons"):
        assert part in text


def test_status_is_told_for_the_three_types(open_page):
    app = open_page("fiche", sujet="commune:69259")
    assert re.findall(r'<div class="type">.*?<h3>(.*?)</h3>', html_of(app)) == [
        "Dans le périmètre d’un CLSM actif",
        "ASV à vérifier",
        "Dans le périmètre d’un CLS actif",
    ]


def test_the_map_shows_the_subject_and_the_quartiers_around(open_page):
    app = open_page("fiche", sujet="commune:69259")
    drawn = painted(app)
    assert "sujet" in [layer["kind"] for layer in drawn["layers"]]
    (quartiers,) = (layer for layer in drawn["layers"] if layer["kind"] == "qpv")
    assert len(quartiers["classes"].replace(".", "")) >= 6
    (south, west), (north, east) = drawn["bounds"]
    assert south < 45.70 < north
    assert west < 4.88 < east


@pytest.mark.parametrize(
    ("subject", "title", "words"),
    [
        ("departement:93", "Seine-Saint-Denis", "Dispositifs du territoire"),
        ("region:11", "Île-de-France", "Régions limitrophes"),
        ("epci:200046977", "Métropole de Lyon", "Intercommunalité 200046977"),
        ("arrondissement:75119", "Paris 19e Arrondissement", "Dispositifs actifs"),
        (
            "qpv:QN06909M",
            "Terraillon - Chenier",
            "environ 85\u00a0% de la surface",
        ),
        ("dispositif:clsm-grenoble", "CLSM de Grenoble", "Conseil local de santé mentale"),
        ("departement:971", "Guadeloupe", "Quartiers"),
        ("QN98701M", "", "non publié"),
    ],
)
def test_every_kind_of_subject(open_page, subject, title, words):
    app = open_page("fiche", sujet=subject)
    (named,) = heading(app)
    assert title in named
    assert words.lower() in text_of(app).lower()
    assert len(map_arguments(app)) == 1


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({"choisi": "qpv:QN06909M", "territoire": "region:84"}, "Terraillon - Chenier"),
        ({"territoire": "departement:35"}, "Ille-et-Vilaine"),
        ({"lieu": "dispositif:clsm-grenoble"}, "CLSM de Grenoble"),
        ({"sujet": "commune:69259", "territoire": "departement:35"}, "Vénissieux"),
    ],
)
def test_without_a_subject_the_page_tells_of_what_was_selected(open_page, query, title):
    assert heading(open_page("fiche", **query)) == [title]


def test_without_anything_the_page_says_what_it_gives(open_page):
    app = open_page("fiche")
    assert heading(app) == ["Fiche territoire"]
    assert map_arguments(app) == []
    assert not app.info


@pytest.mark.parametrize("subject", ["commune:99999", "dispositif:nulle-part", "france:FR", "zzz"])
def test_an_unknown_subject_is_said_and_the_page_still_serves(open_page, subject):
    app = open_page("fiche", sujet=subject)
    assert heading(app) == ["Fiche territoire"]
    assert len(app.info) == 1
    assert map_arguments(app) == []


def test_the_type_and_the_date_change_the_sheet(open_page):
    before = text_of(open_page("fiche", sujet="commune:69259"))
    after = text_of(open_page("fiche", sujet="commune:69259", type="CLS", date="2015-06-30"))
    assert "situation au 30\u00a0juin 2015" in after
    assert "CLS recensés" in after
    assert "situation au 30\u00a0juin 2015" not in before


def test_a_visitor_reads_their_own_list(open_page):
    page = upload(open_page("donnees"), "liste.csv", LIST)
    next(b for b in page.button if b.label.startswith("Utiliser cette liste")).click().run()
    page.query_params.clear()
    page.query_params["sujet"] = "commune:42218"
    page.switch_page("pages/fiche.py").run()
    assert not page.exception, [e.message for e in page.exception]
    assert heading(page) == ["Saint-Étienne"]
    assert "CLSM Zzyzx" in html_of(page)
    assert "CLSM Zzyzx" not in html_of(open_page("fiche", sujet="commune:42218"))
