"""*Programme*: what is published, a table for oneself, a sample marked as one, the kit."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from clsm_map.domain.programme import EXAMPLE
from clsm_map.settings import get_settings
from clsm_map.ui.data import server_programme
from tests.app.conftest import ROOT, html_of, map_arguments

SAMPLE = ROOT / "data" / "exemples" / "programme-exemple.csv"
TABLE = """code_qpv;code_commune;date;seances;participants;score_avant;score_apres
QN09301I;;15/03/2023;2;20;4;6
QN09303M;;16/03/2023;1;10;5;8
;93066;2024;3;30;;
""".encode("utf-8-sig")
BAD = """code_qpv;date;seances;participants
QN09301I;2019-03-12;1;10
QN99999Z;2023;1;10
QN09301I;2023-03-12;-1;10
QN09301I;2023-03-14;1;10
QN09301I;14/03/2023;2;12
""".encode("utf-8-sig")


def all_text(app):
    written = [*app.markdown, *app.caption, *app.info, *app.warning]
    return html_of(app) + "\n".join(str(block.value) for block in written)


def press(app, label):
    next(b for b in app.button if b.label.startswith(label)).click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def upload(app, content, name="seances.csv"):
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def figures(app):
    """Key figures of the page: label → value."""
    pairs = re.findall(
        r"<div><dt>([^<]+)(?:<span[^>]*>[^<]*</span>)?</dt><dd class=\"valeur\">([^<]+)</dd>",
        html_of(app),
    )
    return dict(pairs)


def test_published_totals_are_set_against_what_is_comparable_only(open_page):
    page = open_page("programme")
    html = html_of(page)
    for value in ("111", "190", "35", "1\u202f373", "104", "56", "900"):
        assert f"<b>{value}</b>" in html
    assert "7,3\u00a0%" in html
    assert "1\u202f514 quartiers de la géographie 2015" in html
    assert "<b>env. 7,0\u00a0%</b><span>des 1\u202f584 quartiers" in html
    assert "13,5\u00a0%" in html
    refused = re.findall(r'<li class="refus"><b>sans part</b>(.*?)</li>', html)
    assert len(refused) == 7
    assert sum("ne se divisent pas" in r for r in refused) == 1
    assert map_arguments(page) == []
    assert EXAMPLE.upper() not in html


def test_the_sample_is_loaded_by_one_button_and_marked_everywhere(open_page):
    page = press(open_page("programme"), "Essayer avec un exemple")
    assert EXAMPLE.upper() in html_of(page)
    shown = figures(page)
    assert shown["quartiers atteints (données fictives)"] == "29"
    assert all(label.endswith("(données fictives)") for label in shown)
    titles = re.findall(r'<div class="vue"><h2>([^<]+)</h2>', html_of(page))
    about_sample = [t for t in titles if "quartiers atteints" in t.lower()]
    assert len(about_sample) == 2
    assert all(t.startswith(EXAMPLE.capitalize()) for t in about_sample)
    charts = [b.proto for b in page.main if getattr(b, "type", "") == "plotly_chart"]
    assert len(charts) == 2
    for chart in charts:
        marks = [a["text"] for a in json.loads(chart.spec)["layout"]["annotations"]]
        assert EXAMPLE.upper() in marks
    (drawn,) = map_arguments(page)
    assert EXAMPLE.capitalize() in drawn["feature_group"]
    press(page, "Retirer ce tableau")
    assert EXAMPLE.upper() not in html_of(page)
    assert map_arguments(page) == []


def test_a_table_is_checked_then_used_for_this_visitor_only(open_page):
    page = upload(open_page("programme"), TABLE)
    press(page, "Utiliser ce tableau (3")
    shown = figures(page)
    assert (shown["quartiers atteints"], shown["séances"], shown["participants"]) == (
        "2",
        "6",
        "60",
    )
    assert "pour vous seulement" in all_text(page)
    assert EXAMPLE not in html_of(page)
    years = next(d.value for d in page.dataframe if "Année" in d.value.columns)
    assert years["Quartiers atteints"].tolist() == [2, 0]
    assert "passe de 4,3 à 6,7 en moyenne (n = 30\u00a0participants" in all_text(page)
    assert "effectif faible" in all_text(page)

    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    other.switch_page("pages/programme.py").run()
    assert figures(other) == {}
    written = [f.name for f in get_settings().static.rglob("*") if "seances" in f.name]
    assert written == []


def test_a_territory_keeps_its_rows_and_its_quartiers(open_page):
    page = upload(open_page("programme", territoire="departement:93"), TABLE)
    press(page, "Utiliser ce tableau")
    assert "Seine-Saint-Denis" in html_of(page)
    legend = re.search(
        r'aria-label="Légende : Quartiers prioritaires">(.*?)</section>', html_of(page)
    )
    counts = [int(n) for n in re.findall(r'class="n">(\d+)<', legend[1])]
    table = next(d.value for d in page.dataframe if "État" in d.value.columns)
    assert sorted(counts) == sorted(table["État"].value_counts().tolist())
    assert sum(counts) == len(table) == 75


def test_a_bad_table_is_refused_with_its_lines(open_page):
    page = upload(open_page("programme"), BAD)
    errors = next(d.value for d in page.dataframe if "Raison" in d.value.columns)
    assert errors["Ligne"].tolist() == [2, 3, 4, 6]
    reasons = " ".join(errors["Raison"])
    for words in (
        "a commencé en 2021",
        "Aucun quartier",
        "positif ou nul",
        "Doublon de la ligne 5",
    ):
        assert words in reasons
    assert figures(page)["lignes rejetées"] == "4"


@pytest.mark.parametrize("content", [b"", b"a|b\n1|2\n", b"seances;participants\n1;2\n"])
def test_a_file_without_the_needed_columns_changes_nothing(open_page, content):
    page = upload(open_page("programme"), content)
    assert all("Rien n’a été changé" in e.value for e in page.error)
    assert page.error
    assert map_arguments(page) == []


def test_donnees_recognises_a_programme_and_leads_to_its_page(open_page):
    page = upload(open_page("donnees"), SAMPLE.read_bytes(), "mes-seances.csv")
    assert page.radio[0].value == "programme"
    press(page, "Utiliser ce tableau (32")
    assert EXAMPLE.upper() in html_of(page)
    assert figures(page)["quartiers atteints (données fictives)"] == "29"


def test_the_kit_is_ticked_by_a_link_and_ticks_the_link(open_page):
    page = open_page("programme", kit="chiffres-cahier-inconnu")
    ticked = [c.label for c in page.checkbox if c.value]
    assert [label[0] for label in ticked] == ["1", "3"]
    assert "2 sur 6 cochées" in html_of(page)
    next(c for c in page.checkbox if "Plan des séances" in c.label).check().run()
    assert page.query_params["kit"] == "chiffres-cahier-seances"
    page.switch_page("pages/methode.py").run()
    page.switch_page("pages/programme.py").run()
    assert sum(c.value for c in page.checkbox if c.label[0].isdigit()) == 3
    press(page, "Tout décocher")
    assert "kit" not in page.query_params


def test_the_owner_of_a_server_brings_a_table_for_everybody(open_page, tmp_path, monkeypatch):
    (tmp_path / "programme.csv").write_bytes(TABLE)
    monkeypatch.setenv("CLSM_MAP_FACTS", str(tmp_path))
    get_settings.cache_clear()
    server_programme.clear()
    try:
        page = open_page("programme")
        assert figures(page)["quartiers atteints"] == "2"
        assert "propriétaire de ce serveur" in all_text(page)
        assert not [b for b in page.button if b.label.startswith("Retirer")]
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
        server_programme.clear()


def test_accueil_leads_to_the_programme(open_page):
    home = open_page("accueil")
    links = [b.proto.page for b in home.main if getattr(b, "type", "") == "page_link"]
    assert "programme" in links
