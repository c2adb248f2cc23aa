"""Sheets: what they say of real territories, and the PDF and Word files that people open."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import docx
import pytest
import typst

from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.exports.pdf import pdf_bytes
from clsm_map.exports.sheet import (
    describe_map,
    export_sheet,
    export_sheets,
    file_name,
    keys_of,
    sheet_document,
    sheet_of,
)
from clsm_map.exports.sheet_map import sheet_picture
from clsm_map.exports.word import docx_bytes
from clsm_map.store.territories import find_territory, qpv_of

SUBJECTS = (
    "qpv:QN06909M",
    "commune:69259",
    "commune:69123",
    "arrondissement:75119",
    "epci:200046977",
    "departement:69",
    "departement:971",
    "departement:987",
    "region:11",
    "clsm-grenoble",
    "asv-grand-nancy",
    "QN98701M",
)
PDF_TEXT = re.compile(rb"<FEFF([0-9A-F]+)>")


def texts_of(pdf):
    """Texts that the PDF gives to assistive technologies (alternatives, titles)."""
    return [bytes.fromhex(h.decode()).decode("utf-16-be") for h in PDF_TEXT.findall(pdf)]


@pytest.fixture(scope="module")
def made(desk):
    cache = {}

    def build(about):
        if about not in cache:
            cache[about] = sheet_of(desk, about, address="https://exemple.fr/")
        return cache[about]

    return build


@pytest.mark.parametrize("about", SUBJECTS)
def test_every_kind_of_subject_has_two_tagged_pages(desk, about):
    pdf = export_sheet(desk, about, "pdf")
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(fr-FR)" in pdf
    assert len(re.findall(rb"/Type/Page[^s]", pdf)) == 2
    assert any(t.startswith("Carte de") for t in texts_of(pdf))
    for role in (b"/S/H1", b"/S/H2", b"/S/Table", b"/S/TH", b"/S/Figure"):
        assert role in pdf


def test_a_pdf_without_the_title_of_a_document_would_be_refused():
    """The proof that the standard is checked, not only claimed."""
    with pytest.raises(typst.TypstError, match="title"):
        typst.compile(b"= Titre", format="pdf", pdf_standards="ua-1")


def test_files_are_the_same_for_the_same_sheet(desk):
    for fmt in ("pdf", "docx"):
        assert export_sheet(desk, "69259", fmt) == export_sheet(desk, "69259", fmt)


def test_the_sheet_of_a_commune_covered(made):
    _, sheet = made("commune:69259")
    assert (sheet.titre, sheet.nature, sheet.code) == ("Vénissieux", "Commune", "69259")
    assert sheet.lieu == "Métropole de Lyon · Rhône · Auvergne-Rhône-Alpes"
    clsm, asv, cls = sheet.statuts
    assert [s.type for s in sheet.statuts] == ["CLSM", "ASV", "CLS"]
    assert clsm.statut == "couvert"
    assert clsm.services[0].nom == "CLSM de Vénissieux / Saint-Fons"
    assert clsm.services[0].source.startswith("https://")
    assert asv.statut == "a_verifier"
    assert cls.statut == "couvert"
    assert "46\u202f026 dans 6\u00a0quartiers prioritaires" in sheet.habitants_note
    assert sheet.constat.startswith("Les 6 quartiers prioritaires sont dans le périmètre")
    assert "34\u00a0%, contre 15\u00a0% (Rhône)." in sheet.constat
    poverty = sheet.chiffres[0]
    assert (poverty.valeur, poverty.defavorable) == ("34\u00a0%", True)
    assert poverty.ecart == "+\u202f19\u00a0points, plus défavorable"
    assert sheet.lien == "https://exemple.fr/fiche?sujet=commune:69259"
    assert {line[0] for line in sheet.voisins.lignes} >= {"Lyon", "Bron", "Saint-Fons"}


def test_the_sheet_of_a_quartier_over_two_communes(made):
    _, sheet = made("qpv:QN06909M")
    assert sheet.habitants == "7\u202f333\u00a0habitants (RP\u00a02020)"
    clsm = sheet.statuts[0]
    assert (clsm.statut, clsm.detail) == (
        "couvert_en_partie",
        "1\u00a0commune sur 2, environ 85\u00a0% de la surface (contours généralisés)",
    )
    assert clsm.services[0].perimetre == "1\u00a0commune sur 2"
    distances = [line[1] for line in sheet.voisins.lignes]
    assert distances[0] == "0,2\u00a0km"
    assert all(d.endswith("km") or d == "contigu" for d in distances)
    served = {s.nom for t in sheet.statuts for s in t.services}
    assert not served & {line[0] for line in sheet.dispositifs.lignes}


def test_gaps_are_the_difference_of_what_is_written(made):
    for about in ("commune:69259", "departement:69", "clsm-grenoble"):
        _, sheet = made(about)
        for line in sheet.lignes:
            if not line.ecart:
                continue
            value, against, gap = (
                float(re.sub(r"[\u00a0\u202f ]", "", t).replace(",", ".").replace("−", "-"))
                for t in (line.valeur, line.reference, line.ecart)
            )
            assert value - against == pytest.approx(gap, abs=1e-6)


def test_what_is_not_known_is_said(made):
    _, sheet = made("QN98701M")
    assert sheet.habitants == "non publié"
    assert {line.valeur for line in sheet.lignes} <= {"sans objet", "non disponible"}
    assert sheet.chiffres == ()
    _, collectivity = made("departement:987")
    assert collectivity.nature == "Collectivité d’outre-mer"
    assert "88\u00a0quartiers prioritaires, habitants non publiés" in collectivity.habitants_note
    assert collectivity.voisins.lignes == ()


def test_a_city_counts_its_arrondissements_and_a_departement_its_communes(made):
    lyon, rhone = made("commune:69123")[1], made("departement:69")[1]
    assert "2\u00a0arrondissements sur 9" in lyon.statuts[0].detail
    assert "communes sur 266" in rhone.statuts[0].detail
    assert sum(int(line[1]) for line in rhone.dispositifs.lignes) == sum(
        len(s.services) for s in rhone.statuts
    )


# dispositifs.csv: clsm-roubaix is "actif", its perimeter "siège seul", its page of 2025-09-25;
# clsm-morlaix the same with a page of 2016-05.
@pytest.mark.parametrize(("commune", "year"), [("59512", 2025), ("29151", 2016)])
def test_a_seat_alone_and_the_year_of_the_page_are_marked_on_the_status(made, commune, year):
    _, sheet = made(f"commune:{commune}")
    status = sheet.statuts[0]
    assert status.libelle == "Dans le périmètre d’un CLSM actif (siège seul connu)"
    assert status.services[0].preuve == f"actif d’après une page de {year}"
    assert status.services[0].perimetre.endswith("siège seul connu")


def test_a_device_is_compared_with_the_quartiers_of_its_departement(made):
    _, sheet = made("clsm-grenoble")
    assert sheet.type == "CLSM"
    assert sheet.statuts[0].libelle == "CLSM actif d’après une page non datée"
    assert sheet.constat.startswith("Son périmètre concerne 4\u00a0quartiers prioritaires")
    assert sheet.chiffres[0].reference.endswith("(QPV, Isère)")
    _, unknown = made("asv-grand-nancy")
    assert any("Périmètre non connu" in p for p in unknown.prudences)


def test_the_type_asked_for_is_what_the_sheet_is_about(desk):
    _, sheet = sheet_of(desk, "69259", kind="CLS")
    assert sheet.type == "CLS"
    assert "CLS actif recensé" in sheet.constat
    assert sheet.voisins.colonnes[-1] == "QPV couverts (CLS)"


def test_france_and_the_unknown_are_refused(desk):
    with pytest.raises(InvalidInputError, match="pas de fiche"):
        sheet_of(desk, "FR")
    with pytest.raises(UnknownTerritoryError):
        sheet_of(desk, "dispositif:nulle-part")


def test_french_typography(made):
    _, sheet = made("commune:69259")
    said = " ".join([sheet.constat, *sheet.prudences, *sheet.sources])
    assert not re.search(r" [;:!?%»]|« ", said)
    assert not re.search(r"\w'\w", said)


def test_the_map_describes_what_it_draws(desk, made):
    subject, sheet = made("qpv:QN06909M")
    svg = sheet_picture(desk, subject, sheet, "svg")
    root = ET.fromstring(svg)
    words = root.find("{http://www.w3.org/2000/svg}desc").text
    assert words == describe_map(sheet)
    assert "Terraillon - Chenier" in words
    assert "Bel Air" in words
    for colour in ("#0b6e6e", "#6db7b0"):
        assert colour.encode() in svg
    assert sheet_picture(desk, subject, sheet, "png").startswith(b"\x89PNG")


def test_a_word_file_has_headings_tables_and_a_described_map(desk, made):
    subject, sheet = made("commune:69259")
    content = docx_bytes(sheet_document(sheet, sheet_picture(desk, subject, sheet, "png")))
    document = docx.Document(io.BytesIO(content))
    styles = [p.style.name for p in document.paragraphs]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 8
    figures, lines, neighbours, devices = document.tables
    assert [c.text for c in lines.rows[0].cells][:3] == ["Indicateur", "Année", "Valeur"]
    assert len(figures.rows) == 1 + len(sheet.chiffres)
    assert len(lines.rows) == 1 + len(sheet.lignes)
    assert neighbours.rows[1].cells[0].text == "Lyon"
    assert devices.rows[0].cells[0].text == "Dispositif"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode()
        style = archive.read("word/styles.xml").decode()
    assert body.count("<w:tblHeader") == 4
    assert 'descr="Carte de Vénissieux' in body
    assert 'w:val="fr-FR"' in style
    assert document.core_properties.title == "Vénissieux (Commune 69259)"
    assert document.core_properties.created.date() == desk.today


def test_hostile_names_are_text_in_both_files(desk, made):
    subject, sheet = made("commune:69259")
    name = '#eval("1") $x$ <b>\x08 "] \u6f22'
    hostile = replace(sheet, titre=name, constat=name, prudences=(name,))
    pdf = pdf_bytes(sheet_document(hostile, sheet_picture(desk, subject, sheet, "svg")))
    assert any('#eval("1") $x$ <b> "] \ufffd' in t for t in texts_of(pdf))
    content = docx_bytes(sheet_document(hostile, sheet_picture(desk, subject, sheet, "png")))
    assert '#eval("1") $x$ <b> "] \u6f22' in {
        p.text for p in docx.Document(io.BytesIO(content)).paragraphs
    }


def test_all_the_sheets_of_a_departement(desk):
    steps = []
    content = export_sheets(
        desk, "Creuse", "pdf", progress=lambda key, rank, total: steps.append((key, rank, total))
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        table = archive.read("fiches-23/liste.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert names[1] == "fiches-23/departement-23-creuse.pdf"
    assert {f"fiches-23/{r['Fichier']}" for r in rows if r["Fichier"]} == set(names[1:])
    assert [s[0] for s in steps] == list(keys_of(desk, find_territory(desk.snapshot, "23")))
    assert {s[2] for s in steps} == {len(rows)}
    codes = {r["Code"] for r in rows}
    assert set(qpv_of(desk.snapshot, find_territory(desk.snapshot, "23"))) <= codes
    assert all(r["Constat"] for r in rows)


def test_every_commune_on_demand(desk):
    creuse = find_territory(desk.snapshot, "23")
    few, many = (keys_of(desk, creuse, every_commune=e) for e in (False, True))
    assert set(few) < set(many)
    drawn = set(desk.snapshot.contours("commune")["code"])
    communes = desk.snapshot.communes_all.query("departement == '23'")["code"]
    assert sum(k.startswith("commune:") for k in many) == communes.isin(drawn).sum()


def test_file_names_are_plain(made):
    assert file_name(made("commune:69259")[1], "pdf") == "commune-69259-venissieux.pdf"
    assert file_name(made("clsm-grenoble")[1], "docx") == "dispositif-clsm-grenoble.docx"


def test_mayotte_has_no_figure_where_nothing_was_recorded(made):
    """Facts: no row of TMS06aB for 976; the zeros of TMF16B there are missing values."""
    sheet = made("departement:976")[1]
    assert not any("suicide" in figure.libelle for figure in sheet.chiffres)
    line = next(line for line in sheet.lignes if "18 à 64 ans" in line.libelle)
    assert (line.valeur, line.ecart, line.rang) == ("non disponible", "", "")


def test_the_sheet_marks_a_value_to_be_confirmed(made):
    """Facts, 973, 2019: TMS06aB 0.09 for 2.60 in France."""
    sheet = made("departement:973")[1]
    line = next(line for line in sheet.lignes if line.libelle.startswith("Hospitalisation à"))
    assert (line.valeur, line.defavorable) == ("0,09 (à confirmer)", False)
    assert not any("favorable" in f.ecart for f in sheet.chiffres if "confirmer" in f.valeur)


def test_the_caution_of_an_indicator_stands_beside_its_figure(made, desk):
    """Rhône: two crude rates among the five figures, five in the table; also in the Word file."""
    _, sheet = made("departement:69")
    crude = "Tentatives de suicide, adultes, Hospitalisations\u00a0: Taux brut, non standardisé."
    assert crude in sheet.prudences_chiffres
    beside = [p for p in sheet.prudences_lignes if p.endswith("Taux brut, non standardisé.")]
    assert len(beside) == 1
    assert "adolescents" in beside[0]
    rates = [f for f in sheet.chiffres if "suicide" in f.libelle or "Hospital" in f.libelle]
    assert len(rates) == 2
    assert not any("favorable" in f.ecart or f.defavorable for f in rates)
    document = docx.Document(io.BytesIO(export_sheet(desk, "departement:69", "docx")))
    assert crude in [p.text for p in document.paragraphs]
