"""Back and Forward, in Chromium: one choice is one step, and each step shows its view exactly."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import settled


def place(page, name, label="Territoire"):
    """Choose a place in the search field."""
    field = page.get_by_role("combobox", name=label)
    field.click()
    field.press_sequentially(name)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text(name)
    field.press("Enter")
    settled(page)


def steps(page):
    """Give the addresses that Back and Forward go through, up to the one shown.

    They are those of the browser. The page's own ``history.length`` may forget the last step: a
    frame that was asked for before it and comes after it, as a map does, brings the length that
    the browser knew when it was asked for.
    """
    session = page.context.new_cdp_session(page)
    history = session.send("Page.getNavigationHistory")
    session.detach()
    return [entry["url"] for entry in history["entries"]][: history["currentIndex"] + 1]


def step(page, act, shows):
    """Do what makes one step of history; wait until the page shows it."""
    before = steps(page)
    act()
    shows()
    settled(page)
    assert steps(page) == [*before, page.url]


def has_query(page, **values):
    def found(address):
        query = parse_qs(urlsplit(address).query)
        return {name: texts[0] for name, texts in query.items()} == values

    page.wait_for_url(found)


def in_the_menu(page, name):
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(re.compile(f"/{name.lower()}"))


def title_is(page, text):
    expect(page.locator(".vue h2").first).to_contain_text(text)


def test_back_to_the_bare_address_restores_the_default_view(visit, server):
    page = visit(f"{server.url}/carte").page
    settled(page)
    step(page, lambda: place(page, "Bretagne"), lambda: title_is(page, "Bretagne"))
    page.go_back()
    title_is(page, "France (intercommunalités)")
    expect(page.get_by_role("combobox", name="Territoire")).to_have_value("France")
    settled(page)
    assert urlsplit(page.url).query == ""
    page.go_forward()
    title_is(page, "Bretagne")
    has_query(page, territoire="region:53")


def test_a_page_opened_from_the_menu_is_one_step(visit, server):
    page = visit(f"{server.url}/carte?n=5").page  # n=5 is the default: the address is put right
    settled(page)
    has_query(page)
    step(page, lambda: place(page, "Bretagne"), lambda: title_is(page, "Bretagne"))
    step(
        page,
        lambda: in_the_menu(page, "Planifier"),
        lambda: has_query(page, territoire="region:53"),
    )
    page.go_back()
    page.wait_for_url(re.compile("/carte"))
    title_is(page, "Bretagne")
    settled(page)
    page.go_back()
    title_is(page, "France (intercommunalités)")
    page.go_forward()
    title_is(page, "Bretagne")
    settled(page)
    page.go_forward()
    page.wait_for_url(re.compile("/planifier"))
    expect(page.get_by_role("combobox", name="Territoire")).to_have_value("Bretagne")
    has_query(page, territoire="region:53")


def test_a_setting_gone_back_on_does_not_come_again(visit, server):
    page = visit(f"{server.url}/carte").page
    settled(page)
    settings = page.get_by_test_id("stPopover").get_by_role("button", name="Réglages")
    settings.click()
    slider = page.get_by_test_id("stPopoverBody").get_by_role("slider")
    step(page, lambda: slider.press("ArrowLeft"), lambda: has_query(page, n="4"))
    page.keyboard.press("Escape")
    page.go_back()
    settled(page)
    has_query(page)
    page.get_by_role("radio", name="ASV").click()
    has_query(page, type="ASV")
    settled(page)
    has_query(page, type="ASV")
    settings.click()
    expect(page.get_by_test_id("stPopoverBody").get_by_role("slider")).to_have_value("5")


CHOICES = [
    ("couverture", "vue=territoire", lambda p: p.get_by_text("ASV", exact=True).first.click()),
    ("couverture", "", lambda p: p.get_by_role("radio", name="Évolution").click()),
    ("inegalites", "", lambda p: p.get_by_role("tab", name="Classement").click()),
    ("planifier", "territoire=region:53", lambda p: p.get_by_role("tab", name="Et si").click()),
    ("programme", "", lambda p: p.get_by_text("1. ").first.click()),
    ("fiche", "", lambda p: place(p, "Bretagne", "Territoire ou dispositif")),
]


@pytest.mark.parametrize(("path", "query", "act"), CHOICES)
def test_back_and_forward_restore_a_view_exactly_after_a_reload_too(
    visit, server, path, query, act
):
    page = visit(f"{server.url}/{path}?{query}").page
    settled(page)
    start, first = page.url, words(page)
    step(page, lambda: act(page), lambda: expect(page).not_to_have_url(start))
    second, then = page.url, words(page)
    assert then != first
    for _ in range(2):
        page.go_back()
        expect(page).to_have_url(start)
        shows(page, first)
        page.go_forward()
        expect(page).to_have_url(second)
        shows(page, then)
        page.reload()
        settled(page)
        shows(page, then)


SAID = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    const left = "svg, style, script, [data-stale=true], [data-testid=stProgress]";
    const here = (node) => node.parentElement && !node.parentElement.closest(left);
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const said = [];
    while (walker.nextNode()) if (here(walker.currentNode)) said.push(walker.currentNode.data);
    for (const field of main.querySelectorAll("input")) {
        if (here(field)) said.push(field.type === "checkbox" ? field.checked : field.value);
    }
    for (const chosen of main.querySelectorAll("[aria-checked=true], [aria-selected=true]")) {
        if (here(chosen)) said.push(chosen.innerText);
    }
    return said.join("\\n");
}"""


def words(page):
    """All that the page says, figures apart, and what is chosen in its fields, once it rests."""
    settled(page)
    before = None
    while (now := page.evaluate(SAID)) != before:
        before = now
        page.wait_for_timeout(700)
    return now


def shows(page, text):
    for _ in range(10):
        if words(page) == text:
            return
    assert words(page) == text
