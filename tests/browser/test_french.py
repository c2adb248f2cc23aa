"""Every page in French, in Chromium, whatever the language of the browser: words and numbers."""

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import PAGES, settled

ENGLISH = re.compile(
    r"\b(the|to|select|choose|open|close|help|options?|remove|clear|upload|browse|download|copy|"
    r"show|hide|search|sidebar|skip|expand|collapse|fullscreen|increment|decrement|month|day|year|"
    r"columns|heading|selected|per file|press|apply|running|results?|rows?|value|app)\b",
    re.IGNORECASE,
)
TOLD = """() => {
    const told = [];
    const attributes = [
        "aria-label", "placeholder", "title", "alt", "aria-description", "aria-valuetext",
    ];
    const left = "style, script, noscript, iframe, canvas, [translate=no], [aria-hidden=true] svg";
    const walk = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.closest(left)) continue;
            for (const name of attributes) told.push(element.getAttribute(name) || "");
            for (const node of element.childNodes) if (node.nodeType === 3) told.push(node.data);
            if (element.shadowRoot) walk(element.shadowRoot);
        }
    };
    walk(document);
    return [...new Set(told.map((text) => text.trim()))];
}"""


def english(page):
    return [text for text in page.evaluate(TOLD) if ENGLISH.search(text)]


def in_english(visit, server, path, width=1280):
    """Open a page with a browser that asks for English."""
    page = visit(f"{server.url}/{path}", width, locale="en-US").page
    settled(page)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_nothing_in_english_not_even_what_it_opens(visit, server, name):
    page = in_english(visit, server, name)
    assert english(page) == []
    for button in page.get_by_test_id("stPopover").get_by_role("button").all():
        button.click()
        expect(page.get_by_test_id("stPopoverBody").first).to_be_visible()
        page.wait_for_timeout(300)
        assert english(page) == []
        page.keyboard.press("Escape")
    for tab in page.get_by_role("tab").all()[1:3]:
        tab.click()
        settled(page)
        assert english(page) == []


def test_fields_say_their_options_in_french(visit, server):
    page = in_english(visit, server, "inegalites?angle=indice")
    page.get_by_role("button", name="Composantes et poids").click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_role("combobox").click()
    expect(page.get_by_role("option").first).to_be_visible()
    assert english(page) == []
    page = in_english(visit, server, "carte")
    page.get_by_role("button", name="Choisir une date").click()
    expect(page.get_by_role("grid").first).to_be_visible()
    assert english(page) == []
    expect(page.get_by_text(re.compile("^novembre 2026$")).first).to_be_visible()


# Cells are painted on a canvas: what it was asked to write is what is read.
WRITTEN = """() => {
    window.written = new Set();
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        window.written.add(text);
        return write.call(this, text, ...rest);
    };
}"""


def test_numbers_of_a_table_are_french_in_an_english_browser(visit, server):
    page = in_english(visit, server, "carte?niveau=region")
    page.get_by_role("tab", name="Tableau").click()
    page.evaluate(WRITTEN)
    page.set_viewport_size({"width": 1160, "height": 800})  # the grid is painted again
    page.wait_for_function("() => window.written.has('Guadeloupe')")
    texts = page.evaluate("() => [...window.written]")
    values = [text for text in texts if re.match(r"\d{1,2}\D\d{3}", text)]
    assert len(values) >= 10
    assert {re.sub(r"\d", "", text) for text in values} <= {"\u202f", "\u202f,"}


def test_the_document_is_french_before_any_script_of_streamlit(server):
    with urlopen(f"{server.url}/carte") as answer:
        document = answer.read().decode()
    assert '<html lang="fr">' in document
    assert "<title>Quartiers et santé mentale</title>" in document
    assert "You need to enable JavaScript" not in document
    assert document.index("navigator") < document.index("static/js/index")


def test_the_menu_of_a_phone_closes_on_the_page_chosen(visit, server):
    page = in_english(visit, server, "carte", 390)
    menu = page.get_by_test_id("stSidebar")
    page.get_by_role("button", name="Ouvrir le menu").click()
    expect(page.get_by_role("button", name="Fermer le menu")).to_be_in_viewport()
    menu.get_by_role("link", name="Méthode").click()
    expect(page).to_have_url(re.compile("/methode"))
    settled(page)
    expect(menu.get_by_role("link", name="Méthode")).not_to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
