import pytest

from clsm_map.domain.errors import RegisterError

HEADER = "nom;type;statut;code_insee"
SETE = "Conseil local de santé mentale de Sète;CLSM;actif;34301"


def refused(check, content, match, name="liste.csv"):
    with pytest.raises(RegisterError, match=match) as caught:
        check(content, name)
    assert caught.value.message_fr.endswith(".")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_encoding_that_spreadsheets_write(check, encoding):
    read = check(f"{HEADER}\n{SETE}\n".encode(encoding))
    assert read.register.dispositifs["nom"].tolist() == ["Conseil local de santé mentale de Sète"]
    assert (read.lignes, read.acceptees, read.rejetees) == (1, 1, 0)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_an_encoding_that_would_garble_the_names_is_refused(check, encoding):
    refused(check, f"{HEADER}\n{SETE}\n".encode(encoding), "L'encodage de")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_octets_that_are_not_text_are_refused(check, encoding):
    refused(check, f"{HEADER}\n{SETE}\n".encode(encoding), "octets nuls|L'encodage")


def test_accents_damaged_before_the_file_came_are_refused(check):
    damaged = f"{HEADER}\n{SETE}\n".encode().decode("cp1252")
    refused(check, damaged, r"accents de «\sliste.csv\s» sont abîmés.*ligne 2")


def test_one_damaged_line_among_sound_ones_is_the_only_one_rejected(check):
    bad = "CLSM de Béziers".encode().decode("cp1252") + ";CLSM;actif;34032"
    read = check(f"{HEADER}\n{SETE}\nCLSM d'Orléans;CLSM;actif;45234\nAgglo é;CLSM;actif;\n{bad}\n")
    assert [(e.ligne, e.champ) for e in read.erreurs] == [(5, "nom")]
    assert "encodage" in read.erreurs[0].message
    assert read.acceptees == 3


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_found_out(check, separator):
    content = f"{HEADER}\n{SETE}\n".replace(";", separator)
    assert check(content).acceptees == 1


def test_a_separator_inside_quotes_is_text(check):
    read = check(f'{HEADER};note\n{SETE};"un ; deux ""trois"""\n')
    assert read.register.dispositifs["note"].tolist() == ['un ; deux "trois"']


def test_the_directive_of_excel_is_obeyed_and_not_counted(check):
    read = check("sep=|\nnom|type|statut|code_insee\nCLSM A|CLSM|actif|99999\n")
    assert [e.ligne for e in read.erreurs] == [2]


@pytest.mark.parametrize("separator", [":", " ", "#"])
def test_a_wrong_separator_is_said(check, separator):
    refused(check, f"{HEADER}\n{SETE}\n".replace(";", separator), "Une seule colonne")


def test_a_cell_too_many_rejects_its_line_only(check):
    content = f"nom,type,statut,code_insee\nCLSM de Sète, Hérault,CLSM,actif,34301\n{SETE}\n"
    read = check(content.replace(SETE, SETE.replace(";", ",")))
    assert [e.ligne for e in read.erreurs] == [2]
    assert "guillemets" in read.erreurs[0].message
    assert read.acceptees == 1


def test_empty_cells_at_the_end_are_no_fault(check):
    assert check(f"{HEADER};;\n{SETE};;\n").acceptees == 1


def test_quotes_left_open_are_refused_rather_than_swallowing_the_rest(check):
    refused(check, f'{HEADER}\n"CLSM de Sète;CLSM;actif;34301\n{SETE}\n', "guillemets")


@pytest.mark.parametrize("content", ["", "   ", "\n\n\n", "\ufeff", ";;;\n;;;\n", f"{HEADER}\n"])
def test_an_empty_file_is_refused(check, content):
    refused(check, content, "vide|rien à lire")


@pytest.mark.parametrize("header", ["nom;type;statut;Nom", "nom;code_insee;Code INSEE;type"])
def test_headers_that_cannot_be_told_apart_are_refused(check, header):
    refused(check, f"{header}\na;CLSM;actif;b\n", "portent le même nom")


def test_a_hundred_thousand_lines_are_refused_with_the_limit(check):
    content = f"{HEADER}\n" + f"{SETE}\n" * 100_000
    refused(check, content, "plus de 50\u202f000 lignes")


def test_too_many_columns_are_refused(check):
    refused(check, "nom;type;" + ";".join(f"c{i}" for i in range(300)) + "\na;CLSM\n", "colonnes")


def test_a_list_without_the_column_that_matters_names_what_it_has(check):
    refused(check, "couleur;taille\nbleu;12\n", "aucune colonne n'est reconnue.*couleur et taille")


def test_lines_are_numbered_as_a_spreadsheet_shows_them(check):
    content = f'{HEADER};note\n\n{SETE};"deux\nlignes"\nCLSM A;CLSM;actif;99999;\n'
    read = check(content)
    assert [e.ligne for e in read.erreurs] == [4]
    assert (read.lignes, read.acceptees, read.rejetees) == (2, 1, 1)


def test_a_heading_may_stand_above_the_titles(check):
    read = check(f"Conseils locaux de santé mentale, 2026\n\n{HEADER}\nCLSM A;CLSM;actif;99999\n")
    assert [e.ligne for e in read.erreurs] == [4]
    assert any("ligne 3" in i for i in read.informations)


def test_a_workbook_named_csv_is_said(check):
    refused(check, b"PK\x03\x04" + b"\x00" * 50, "nommez-le .xlsx")


@pytest.mark.parametrize("name", ["liste.xls", "liste.ods", "liste.shp", "liste.zip", "liste.exe"])
def test_formats_that_are_not_read_are_said(check, name):
    refused(check, "x", r"Formats lus\s: CSV, XLSX, GeoJSON et GeoPackage", name)


def test_a_formula_in_a_text_stays_a_text(check):
    read = check(f"{HEADER};note\n{SETE};=HYPERLINK(1)\n")
    assert read.register.dispositifs["note"].tolist() == ["=HYPERLINK(1)"]
    assert any("jamais comme formule" in i for i in read.informations)


def test_an_error_of_calculation_left_in_a_text_is_rejected(check):
    read = check(f"{HEADER}\n#N/A;CLSM;actif;34301\n")
    assert [(e.ligne, e.champ, e.valeur) for e in read.erreurs] == [(2, "nom", "#N/A")]
