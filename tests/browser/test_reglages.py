"""The settings of *Carte*, in Chromium: they open on what the map shows, whenever that is."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.test_pages import settled


def query_of(page):
    return {name: texts[0] for name, texts in parse_qs(urlsplit(page.url).query).items()}


def opened(page, name):
    page.get_by_test_id("stPopover").get_by_role("button", name=name).first.click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_be_visible()
    return body


def choose_type(page, kind):
    types = page.get_by_role("radiogroup", name="Dispositif")
    types.get_by_role("radio", name=kind, exact=True).click()
    expect(page).to_have_url(re.compile(f"type={kind}(&|$)"))
    settled(page)


def chosen_layers(body):
    layers = body.get_by_role("toolbar", name="Par-dessus").get_by_role("button")
    return [b.inner_text() for b in layers.all() if b.get_attribute("aria-pressed") == "true"]


def test_the_settings_open_on_what_the_map_shows_after_a_change(visit, server):
    page = visit(f"{server.url}/carte").page
    settled(page)
    choose_type(page, "ASV")
    body = opened(page, "Réglages")
    expect(body.get_by_role("combobox", name="Échelon")).to_have_value("Intercommunalités")
    expect(body.get_by_role("slider")).to_have_value("5")
    assert chosen_layers(body) == ["Quartiers prioritaires", "CLSM"]
    body.get_by_role("slider").press("ArrowLeft")
    expect(page).to_have_url(re.compile("n=4"))
    settled(page)
    assert query_of(page) == {"type": "ASV", "n": "4"}


def test_the_filters_open_on_what_the_link_asks_after_a_change(visit, server):
    page = visit(f"{server.url}/carte?statuts=couvert&n=3").page
    settled(page)
    choose_type(page, "ASV")
    body = opened(page, "Filtres")
    expect(body.get_by_text("Couvert", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    choose_type(page, "CLS")
    assert query_of(page) == {"type": "CLS", "statuts": "couvert", "n": "3"}


def test_the_limits_of_a_plan_open_on_what_the_link_asks_after_a_change(visit, server):
    limits = "par_departement=2&plafond=500000"
    page = visit(f"{server.url}/planifier?territoire=region:53&{limits}").page
    settled(page)
    choose_type(page, "ASV")
    body = opened(page, "Contraintes")
    expect(body.get_by_label("Par département, au plus")).to_have_value("2")
    page.keyboard.press("Escape")
    choose_type(page, "CLS")
    assert query_of(page)["par_departement"] == "2"
    assert query_of(page)["plafond"] == "500000"
