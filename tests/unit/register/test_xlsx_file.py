import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from clsm_map.domain.errors import RegisterError
from clsm_map.register import table
from clsm_map.register.workbook import MAX_RATIO

HEADER = ["nom", "type", "statut", "code_insee"]
SETE = ["CLSM de Sète", "CLSM", "actif", "34301"]


def workbook(*rows, change=lambda _: None, title="liste"):
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rezipped(content, parts, drop=()):
    """Write a workbook again with other parts."""
    source = zipfile.ZipFile(io.BytesIO(content))
    held = {n: source.read(n) for n in source.namelist() if n not in drop} | parts
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(check, content, match, name="liste.xlsx"):
    with pytest.raises(RegisterError, match=match):
        check(content, name)


def test_a_workbook_is_read(check, members):
    read = check(workbook(HEADER, SETE), "liste.xlsx")
    assert (read.lignes, read.acceptees) == (1, 1)
    assert members(read) == {"CLSM de Sète": {("commune", "34301")}}


def test_numbers_and_dates_are_read_as_they_show(check, members):
    def change(book):
        book.active["D2"].number_format = "00000"

    content = workbook(
        [*HEADER, "siren", "date_signature"],
        ["CLSM A", "CLSM", "actif", 1053, None, dt.datetime.fromisoformat("2016-05-03")],
        ["CLSM B", "CLSM", "actif", None, 200071751, 2018],
        ["CLSM C", "CLSM", "actif", None, 200071751.0, 43531],
        change=change,
    )
    read = check(content, "liste.xlsx")
    assert members(read) == {
        "CLSM A": {("commune", "01053")},
        "CLSM B": {("epci", "200071751")},
        "CLSM C": {("epci", "200071751")},
    }
    assert read.register.dispositifs["annee_debut"].tolist() == ["2016", "2018", "2019"]


def test_a_number_that_lost_its_zero_is_offered_back(check):
    read = check(workbook(HEADER, ["CLSM A", "CLSM", "actif", 1053]), "liste.xlsx")
    (error,) = read.erreurs
    assert (error.ligne, error.champ, error.valeur, error.correction) == (
        2,
        "code_insee",
        "1053",
        "01053",
    )


def test_a_formula_rejects_its_line_and_no_other(check):
    content = workbook(HEADER, SETE, ["=A2&B2", "CLSM", "actif", "01053"])
    read = check(content, "liste.xlsx")
    assert [(e.ligne, e.champ, e.valeur) for e in read.erreurs] == [(3, "nom", "=A2&B2")]
    assert "formule" in read.erreurs[0].message
    assert (read.lignes, read.acceptees, read.rejetees) == (2, 1, 1)


def test_a_line_that_is_only_a_formula_is_still_a_line(check):
    read = check(workbook(HEADER, SETE, ["=1+1", None, None, None]), "liste.xlsx")
    assert (read.lignes, read.rejetees) == (2, 1)


def test_a_text_that_looks_like_a_formula_is_a_text(check):
    def change(book):
        book.active["A2"].value = "=CLSM de Sète"
        book.active["A2"].data_type = "s"

    read = check(workbook(HEADER, ["x", *SETE[1:]], change=change), "liste.xlsx")
    assert read.register.dispositifs["nom"].tolist() == ["=CLSM de Sète"]


def test_a_formula_in_the_titles_is_refused(check):
    refused(check, workbook(["=1", *HEADER], ["x", *SETE]), "titres.*formule.*A1")


def test_an_error_of_calculation_rejects_its_line(check):
    def change(book):
        book.active["C2"].value = "#REF!"
        book.active["C2"].data_type = "e"

    read = check(workbook(HEADER, SETE, change=change), "liste.xlsx")
    assert [(e.ligne, e.champ) for e in read.erreurs] == [(2, "statut")]


def test_merged_cells_are_refused_with_their_place(check):
    content = workbook(HEADER, SETE, SETE, change=lambda b: b.active.merge_cells("A2:A3"))
    refused(check, content, r"cellules fusionnées \(A2:A3\)")


def test_merged_cells_of_another_sheet_do_no_harm(check):
    def change(book):
        other = book.create_sheet("notice")
        other["A1"] = "Lisez ceci"
        other.merge_cells("A1:C3")

    read = check(workbook(HEADER, SETE, change=change), "liste.xlsx")
    assert read.acceptees == 1
    assert any("notice" in i for i in read.informations)


def test_the_sheet_with_known_titles_is_read_wherever_it_is(check):
    def change(book):
        cover = book.create_sheet("couverture", 0)
        cover["A1"] = "Conseils locaux de santé mentale de la région"

    read = check(workbook(HEADER, SETE, change=change), "liste.xlsx")
    assert read.acceptees == 1


def test_a_heading_may_stand_above_the_titles(check):
    content = workbook(["Liste 2026"], [], HEADER, SETE, ["CLSM A", "CLSM", "actif", "99999"])
    read = check(content, "liste.xlsx")
    assert [e.ligne for e in read.erreurs] == [5]
    assert (read.lignes, read.acceptees) == (2, 1)


def test_a_hidden_sheet_is_not_read(check):
    def change(book):
        book.create_sheet("vide", 0)
        book["liste"].sheet_state = "hidden"

    refused(check, workbook(HEADER, SETE, change=change), "aucune feuille visible")


def test_lines_keep_the_number_they_show(check):
    def change(book):
        for cell, value in zip("ABCD", ["CLSM B", "CLSM", "actif", "99999"], strict=True):
            book.active[f"{cell}7"] = value

    read = check(workbook(HEADER, SETE, change=change), "liste.xlsx")
    assert [e.ligne for e in read.erreurs] == [7]
    assert read.lignes == 2


@pytest.mark.parametrize("rows", [[], [HEADER]])
def test_an_empty_workbook_is_refused(check, rows):
    refused(check, workbook(*rows), "vide|rien à lire")


def test_duplicated_headers_are_refused(check):
    refused(check, workbook(["nom", "type", "Nom "], ["a", "CLSM", "b"]), "portent le même nom")


def test_a_line_beyond_the_limit_refuses_the_workbook(check, monkeypatch):
    monkeypatch.setattr(table, "MAX_LINES", 20)
    assert check(workbook(HEADER, *[SETE] * 20), "liste.xlsx").lignes == 20
    refused(check, workbook(HEADER, *[SETE] * 21), r"plus de 20 lignes")


@pytest.mark.parametrize("content", [b"nom;type\na;CLSM\n", b"<html>x</html>", b"\x00" * 100])
def test_what_is_not_a_workbook_is_said(check, content):
    refused(check, content, "n'en est pas un")


def test_an_old_workbook_is_said(check):
    refused(check, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, r"ancien format \.xls")


def test_a_protected_workbook_is_said(check):
    name = "EncryptedPackage".encode("utf-16-le")
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + name
    refused(check, content, "mot de passe")


def test_a_truncated_workbook_is_refused(check):
    content = workbook(HEADER, SETE)
    refused(check, content[: len(content) // 2], "tronqué ou abîmé")


def test_a_workbook_with_a_broken_part_is_refused(check):
    content = rezipped(workbook(HEADER, SETE), {"xl/worksheets/sheet1.xml": b"<worksheet><she"})
    refused(check, content, "abîmé")


def test_another_archive_is_said(check):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    refused(check, buffer.getvalue(), r"pas un classeur Excel\s: photo.jpg")


def test_an_opendocument_named_xlsx_is_said(check):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"<x/>")
    refused(check, buffer.getvalue(), "LibreOffice")


def test_a_bomb_by_size_is_not_opened(check):
    content = rezipped(workbook(HEADER, SETE), {"xl/worksheets/sheet1.xml": b"\x00" * 250_000_000})
    assert len(content) < 1_000_000
    refused(check, content, r"n'a pas été ouvert\s: décompressé")


def test_a_bomb_by_ratio_is_not_opened(check):
    content = rezipped(workbook(HEADER, SETE), {"xl/media/image.bin": b"\x00" * 5_000_000})
    assert 5_000_000 / len(content) > MAX_RATIO
    refused(check, content, "n'a pas été ouvert")


def test_a_bomb_by_number_of_files_is_not_opened(check):
    content = rezipped(workbook(HEADER, SETE), {f"xl/{i}.xml": b"" for i in range(1_500)})
    refused(check, content, "n'a pas été ouvert")


def test_a_declared_size_that_lies_does_no_harm(check):
    content = bytearray(rezipped(workbook(HEADER, SETE), {"xl/media/b.bin": b"\x00" * 50_000_000}))
    true_size = (50_000_000).to_bytes(4, "little")
    while (at := content.find(true_size)) >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
    assert check(bytes(content), "liste.xlsx").acceptees == 1


def test_entities_in_a_part_are_not_expanded(check):
    source = zipfile.ZipFile(io.BytesIO(workbook(HEADER, SETE)))
    sheet = source.read("xl/worksheets/sheet1.xml")
    billion = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    content = rezipped(
        workbook(HEADER, SETE), {"xl/worksheets/sheet1.xml": billion + sheet.split(b"?>")[-1]}
    )
    refused(check, content, "entités XML")
