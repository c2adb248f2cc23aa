"""Addresses: pages and files are left alone, a misspelt page is found, the rest goes home."""

import pytest

from clsm_map.settings import ROOT
from clsm_map.ui.server import PATHS, meant_by


def test_every_page_but_the_home_page_has_its_address():
    assert {*PATHS, "accueil"} == {p.stem for p in (ROOT / "pages").glob("*.py")}


@pytest.mark.parametrize(
    "asked",
    ["", *PATHS, "favicon.png", "_stcore", "static/js/index.js", "app/static/x", "carte/", "a/b"],
)
def test_what_is_an_address_is_left_alone(asked):
    assert meant_by(asked) is None


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("Carte", "/carte"),
        ("Méthode", "/methode"),
        ("PRÉSENTATION", "/presentation"),
        ("Accueil", "/"),
        ("quartiers", "/?adresse=quartiers"),
        ("a\r\nLocation: x", "/?adresse=a%0D%0ALocation%3A%20x"),
        ("<script>", "/?adresse=%3Cscript%3E"),
        ("é" * 90, "/?adresse=" + "%C3%A9" * 60),
    ],
)
def test_what_is_none_leads_to_a_page(asked, address):
    assert meant_by(asked) == address


def test_the_home_page_says_what_was_asked(open_page):
    page = open_page("accueil", adresse="quartiers")
    assert [i.value for i in page.info] == [
        "L’adresse «\u00a0/quartiers\u00a0» n’est celle d’aucune page\u00a0: voici l’accueil."
    ]
    assert not open_page("accueil").info
