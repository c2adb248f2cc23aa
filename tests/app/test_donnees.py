"""A visitor's own list: checked, previewed, taken in for them only, given up."""

import pytest
from streamlit.testing.v1 import AppTest

from clsm_map.settings import get_settings
from tests.app.conftest import ROOT, html_of

LIST = """nom;type;statut;code_insee;annee_debut
CLSM Zzyzx;CLSM;actif;42218;2020
CLSM sans commune;CLSM;actif;99999;2020
""".encode("utf-8-sig")

LAMBERT = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nom":"x"},'
    b'"geometry":{"type":"Point","coordinates":[652000,6862000]}}]}'
)


@pytest.fixture
def page():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/donnees.py")
    app.run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def upload(app, name, content):
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_the_page_says_which_register_is_in_use(page):
    assert any("celui de l’application, recueilli le" in i.value for i in page.info)


def test_a_list_is_checked_line_by_line_then_used_for_this_visitor_only(page):
    upload(page, "liste.csv", LIST)
    text = html_of(page)
    assert '<dd class="valeur">1</dd>' in text
    errors = page.dataframe[0].value
    assert errors["Ligne"].tolist() == [3]
    assert "99999" in errors["Valeur"].tolist()[0]
    button = next(b for b in page.button if b.label.startswith("Utiliser cette liste"))
    button.click().run()
    assert any("importé" in w.value for w in page.warning)
    page.switch_page("pages/carte.py").run()
    assert "importé" in html_of(page)
    written = [f.name for f in get_settings().static.rglob("*.json") if "Zzyzx" in f.read_text()]
    assert written == []

    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    other.switch_page("pages/carte.py").run()
    assert "importé" not in html_of(other)

    page.switch_page("pages/donnees.py").run()
    next(b for b in page.button if b.label.startswith("Revenir")).click().run()
    assert any("celui de l’application, recueilli le" in i.value for i in page.info)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.csv", b""),
        ("faux.xlsx", b"PK\x03\x04 pas un classeur"),
        ("sans_titre.csv", b"a|b\n1|2\n"),
        (
            "lambert.geojson",
            LAMBERT,
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_changes(page, name, content):
    upload(page, name, content)
    assert page.error
    assert all("Rien n’a été changé" in e.value for e in page.error)
    assert any("celui de l’application, recueilli le" in i.value for i in page.info)


def test_the_name_of_a_file_stays_a_name(page):
    upload(page, "![x](p.png) *a*.csv", LIST)
    next(b for b in page.button if b.label.startswith("Utiliser cette liste")).click().run()
    (said,) = [w.value for w in page.warning]
    assert "!\\[x\\](p.png) \\*a\\*.csv" in said
