"""The sheet in Chromium, from the map to its PDF; then what any page gives away."""

import io
import re
import subprocess
import sys
import zipfile
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from playwright.sync_api import expect

from bench.driving import ROOT, frame_of_map, wait_painted
from tests.browser.test_pages import serious, settled


def sheet_command(*words):
    subprocess.run([sys.executable, "-m", "clsm_map", *map(str, words)], cwd=ROOT, check=True)


def download(page, button):
    with page.expect_download(timeout=60_000) as waiting:
        button.click()
    return waiting.value


def test_the_officer_prints_the_sheet_of_a_departement(visit, server, tmp_path):
    seen = visit(f"{server.url}/carte?territoire=departement:93")
    page = seen.page
    wait_painted(frame_of_map(page))
    page.get_by_role("link", name="Lire la fiche du département").click()
    page.wait_for_url(re.compile(r"/fiche\?.*sujet=departement(:|%3A)93"))
    expect(page.locator("h1")).to_have_text("Seine-Saint-Denis")
    settled(page)
    wait_painted(frame_of_map(page))
    assert parse_qs(urlsplit(page.url).query)["territoire"] == ["departement:93"]

    file = download(page, page.get_by_role("button", name="PDF", exact=True))
    content = file.path().read_bytes()
    assert file.suggested_filename == "departement-93-seine-saint-denis.pdf"
    assert content.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part>1</pdfuaid:part>" in content
    assert len(re.findall(rb"/Type/Page[^s]", content)) == 2
    out = tmp_path / "fiche.pdf"
    sheet_command("sheet", "departement:93", "--out", out, "--address", server.url)
    assert content == out.read_bytes()

    file = download(page, page.get_by_role("button", name="Word", exact=True))
    document = docx.Document(io.BytesIO(file.path().read_bytes()))
    assert "Seine-Saint-Denis" in [p.text for p in document.paragraphs]
    assert seen.asked == []
    assert seen.errors == []


def test_all_the_sheets_of_a_departement_come_with_their_progress(visit, server):
    page = visit(f"{server.url}/fiche?sujet=departement:23").page
    wait_painted(frame_of_map(page))
    page.get_by_role("button", name="Toutes les fiches").click()
    page.get_by_role("button", name=re.compile("Préparer 13")).click()
    expect(page.get_by_role("progressbar").first).to_be_visible()
    save = page.get_by_role("button", name=re.compile("Enregistrer le zip"))
    expect(save).to_be_visible(timeout=120_000)
    file = download(page, save)
    with zipfile.ZipFile(file.path()) as archive:
        assert "fiches-23/departement-23-creuse.pdf" in archive.namelist()


@pytest.mark.parametrize("subject", ["departement:93", "qpv:QN06909M", "dispositif:clsm-grenoble"])
def test_a_sheet_is_accessible_and_holds_on_a_phone(visit, server, subject):
    seen = visit(f"{server.url}/fiche?sujet={subject}", 390, 844)
    page = seen.page
    settled(page)
    wait_painted(frame_of_map(page))
    assert page.locator("h1").count() == 1
    assert serious(page) == []
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth)"
    )
    assert max(widths) <= 390
    assert (seen.asked, seen.errors) == ([], [])


def test_typing_a_name_opens_its_sheet_and_the_link_holds_it(visit, server):
    page = visit(f"{server.url}/fiche").page
    expect(page.locator("h1")).to_have_text("Fiche territoire")
    field = page.get_by_role("combobox", name="Territoire ou dispositif")
    field.click()
    field.press_sequentially("venissieux")
    page.get_by_role("option", name=re.compile("^Vénissieux")).first.click()
    expect(page.locator("h1")).to_have_text("Vénissieux")
    expect(page).to_have_url(re.compile(r"sujet=commune(:|%3A)69259"))
    again = visit(page.url).page
    expect(again.locator("h1")).to_have_text("Vénissieux")


def test_take_away_gives_the_file_of_the_command_and_moves_nothing(visit, server, tmp_path):
    seen = visit(f"{server.url}/carte?territoire=region:53&pauvrete=45-")
    page = seen.page
    wait_painted(frame_of_map(page))
    settled(page)
    before = page.locator(".vue h2").first.bounding_box()
    page.get_by_role("button", name="Emporter").focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("radiogroup", name="Les données affichées")
    expect(choice).to_be_visible()
    assert page.locator(".vue h2").first.bounding_box() == before
    assert serious(page) == []
    choice.get_by_text("Quartiers", exact=True).click()
    chosen = page.locator(".st-key-emporter_table_qpv_0")  # the buttons follow the choice
    file = download(page, chosen.get_by_role("button", name="CSV pour Excel"))
    assert file.suggested_filename == "clsm-map_qpv_region-53_clsm.csv"
    out = tmp_path / "qpv.csv"
    sheet_command("export", "qpv", "--region", "53", "--pauvrete", "45-", "--out", out)
    assert file.path().read_bytes() == out.read_bytes()
    link = page.locator("[data-testid=stCode] code").inner_text().strip()
    assert parse_qs(urlsplit(link).query) == parse_qs(urlsplit(page.url).query)
    page.keyboard.press("Escape")
    expect(choice).to_have_count(0)
    assert seen.asked == []
    assert seen.errors == []


def test_a_selection_that_holds_nothing_is_refused_in_french(visit, server):
    page = visit(f"{server.url}/carte?territoire=departement:23&pauvrete=99-").page
    wait_painted(frame_of_map(page))
    page.get_by_role("button", name="Emporter").click()
    page.get_by_role("radiogroup", name="Les données affichées").get_by_text("Quartiers").click()
    chosen = page.locator(".st-key-emporter_table_qpv_0")
    chosen.get_by_role("button", name="CSV pour Excel").click()
    refusal = page.get_by_test_id("stDownloadButtonError")
    expect(refusal).to_be_visible()
    words = refusal.evaluate("e => getComputedStyle(e, '::after').content")
    assert words.startswith('"Fichier non écrit')
    assert refusal.evaluate("e => getComputedStyle(e).fontSize") == "0px"
