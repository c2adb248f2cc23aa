"""The sheet of a scenario: two pages, tagged, the figures of the simulation, the same twice."""

import io
import re
import zipfile

import pytest
from docx import Document

from clsm_map.analysis.need import need_of
from clsm_map.analysis.planning.scenario import Scenario, make_move, simulate
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.scenario import export_scenario
from clsm_map.formats import number
from clsm_map.views.planning.question import territory_names
from clsm_map.views.planning.scenario import scenario_sheet

PDF_TEXT = re.compile(rb"<FEFF([0-9A-F]+)>")
LINK = "https://exemple.fr/planifier?plan=et-si&scenario=c.200093201"


@pytest.fixture(scope="module")
def coverage(desk):
    return desk.coverage("CLSM", desk.today)


@pytest.fixture(scope="module")
def lille(desk, coverage):
    need = need_of(desk.snapshot).scores["score"]
    moves = (make_move("creer", ["200093201"]), make_move("creer", ["62498", "62427"]))
    return simulate(coverage, Scenario(moves), need)


@pytest.fixture(scope="module")
def pdf(desk, lille):
    return export_scenario(desk, lille, "pdf", LINK)


def texts_of(pdf):
    """Texts that the PDF gives to assistive technologies."""
    return [bytes.fromhex(h.decode()).decode("utf-16-be") for h in PDF_TEXT.findall(pdf)]


def pages(pdf):
    return len(re.findall(rb"/Type/Page[^s]", pdf))


@pytest.fixture(scope="module")
def sheet(desk, lille):
    names = territory_names(desk.snapshot, lille.avant.ground)
    return scenario_sheet(desk.snapshot, lille, names, today=desk.today, announced=None, link=LINK)


def test_the_pdf_has_two_tagged_pages_in_french(pdf):
    assert b"pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(fr-FR)" in pdf
    assert pages(pdf) == 2
    assert any("Deux cartes des territoires choisis" in text for text in texts_of(pdf))
    assert LINK.encode() in pdf
    for role in (b"/S/H1", b"/S/H2", b"/S/Table", b"/S/TH", b"/S/Figure"):
        assert role in pdf


def test_the_sheet_says_the_figures_of_the_simulation(sheet, lille):
    assert sheet.titre == "Scénario : 2\u00a0décisions pour les CLSM"
    gained = (
        f"{lille.qpv_gagnes}\u00a0QPV de plus et {number(lille.habitants_gagnes)}\u00a0habitants"
    )
    assert gained in sheet.constat
    assert sheet.chiffres[0][0] == number(lille.habitants_gagnes)
    assert sheet.decisions.lignes[0][1] == "Créer un CLSM sur Métropole Européenne de Lille"
    added = [int(line[2]) for line in sheet.decisions.lignes]
    assert added == lille.decisions["qpv_gagnes"].tolist()
    assert any("ce n’est pas la preuve" in sentence for sentence in sheet.prudences)


def test_the_statuses_before_and_after_are_those_of_the_simulation(sheet, lille):
    before = (lille.avant.status["statut"] == "couvert").sum()
    after = (lille.apres.status["statut"] == "couvert").sum()
    assert after - before == lille.qpv_gagnes
    assert sheet.statuts.lignes[0][:3] == ("Couvert", number(before), number(after))


def test_quartiers_are_listed_from_the_most_populated(sheet):
    people = [int(line[3].replace("\u202f", "")) for line in sheet.qpv.lignes]
    assert people == sorted(people, reverse=True)


def test_the_same_scenario_gives_the_same_bytes(desk, lille, pdf):
    assert export_scenario(desk, lille, "pdf", LINK) == pdf
    assert export_scenario(desk, lille, "docx", LINK) == export_scenario(desk, lille, "docx", LINK)


def test_word_has_the_same_tables_and_a_described_picture(desk, lille):
    content = export_scenario(desk, lille, "docx", LINK)
    document = Document(io.BytesIO(content))
    assert document.tables[0].rows[1].cells[1].text == (
        "Créer un CLSM sur Métropole Européenne de Lille"
    )
    assert document.tables[2].rows[0].cells[1].text == "Quartier"
    body = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert 'descr="Deux cartes des territoires choisis' in body
    assert LINK.replace("&", "&amp;") in body


def test_sixteen_decisions_over_the_country_still_hold_on_two_pages(desk, coverage):
    qpv = desk.snapshot.qpv
    codes = qpv["intercommunalite"].dropna().value_counts().index[:16]
    wide = Scenario(tuple(make_move("creer", [code]) for code in codes))
    need = need_of(desk.snapshot).scores["score"]
    found = simulate(coverage, wide, need)
    assert pages(export_scenario(desk, found, "pdf", LINK)) == 2
    names = territory_names(desk.snapshot, coverage.ground)
    told = scenario_sheet(desk.snapshot, found, names, today=desk.today, announced=None, link=LINK)
    assert told.decisions.lignes[-1][1] == "et 4\u00a0autres décisions"
    assert len(told.decisions.lignes) == 13


def test_a_scenario_without_a_decision_has_no_sheet(desk, coverage):
    with pytest.raises(InvalidInputError, match="ne décide rien"):
        export_scenario(desk, simulate(coverage, Scenario()), "pdf", LINK)
