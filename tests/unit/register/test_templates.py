import csv
import io

import pytest
from openpyxl import load_workbook

from clsm_map.register import register_list, template, to_csv
from clsm_map.register.exchange import HELP, LIST_COLUMNS
from clsm_map.store.register import Register


def places(register, *ids):
    frame = register.perimetres
    kept = frame[frame["dispositif_id"].isin(ids)] if ids else frame
    return set(kept.itertuples(index=False, name=None))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_template_of_devices_reads_back_to_three_true_lines(check, embedded, extension):
    read = check(template("dispositifs", extension), f"modele.{extension}")
    assert (read.lignes, read.acceptees, read.erreurs) == (3, 3, ())
    own = read.register.dispositifs
    ids = own["id"].tolist()
    true = embedded.dispositifs.set_index("id").loc[ids].reset_index()
    assert own.fillna("").to_dict("list") == true[own.columns].fillna("").to_dict("list")
    assert places(read.register) == places(embedded, *ids)
    natures = read.register.perimetres.groupby("dispositif_id")["nature"].agg(list)
    assert sorted(map(tuple, natures)) == [("commune",), ("commune",) * 4, ("epci",)]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_template_of_completeness_waits_for_a_signature(check, extension):
    content = template("completude", extension)
    read = check(content, f"modele.{extension}")
    assert read.kind == "completude"
    assert (read.lignes, read.rejetees) == (3, 3)
    assert {e.champ for e in read.erreurs} == {"auteur"}
    if extension == "csv":
        signed = content.decode("utf-8-sig").replace(";;;", ";ARS;2026-11-21;")
        assert check(signed).acceptees == 3


@pytest.mark.parametrize("kind", ["dispositifs", "completude", "programme"])
def test_a_workbook_keeps_codes_as_text_and_explains_each_column(kind):
    book = load_workbook(io.BytesIO(template(kind, "xlsx")))
    sheet, notice = book.worksheets
    titles = [c.value for c in sheet[1]]
    assert {c.data_type for row in sheet.iter_rows() for c in row if c.value} == {"s"}
    assert [row[0].value for row in notice.iter_rows(min_row=2)] == titles
    assert set(titles) <= HELP.keys()
    assert sheet.freeze_panes == "A2"


def test_csv_opens_in_french_excel():
    content = template("dispositifs", "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == LIST_COLUMNS
    assert b"\r\n" in content


def test_the_embedded_register_reads_back_to_itself(check, embedded):
    read = check(to_csv(register_list(embedded)))
    assert (read.lignes, read.acceptees, read.rejetees) == (385, 385, 0)
    assert places(read.register) == places(embedded)
    own = read.register.dispositifs.sort_values("id", ignore_index=True)
    true = embedded.dispositifs.sort_values("id", ignore_index=True)[own.columns]
    assert own.fillna("").to_dict("list") == true.fillna("").to_dict("list")


def test_a_perimeter_of_several_natures_reads_back_to_itself(check):
    content = (
        "id;nom;type;code\na;CLSM A;CLSM;200071751\na;CLSM A;CLSM;01053\na;CLSM A;CLSM;QN00101M\n"
    )
    first = check(content).register
    assert len(first.perimetres) == 3
    second = check(to_csv(register_list(first))).register
    assert places(second) == places(first)


def test_a_formula_goes_out_as_text_and_comes_back_as_it_was(check):
    note = "=HYPERLINK(A1)"
    first = check(f"nom;type;code;note\nCLSM A;CLSM;01053;{note}\n").register
    content = to_csv(register_list(first))
    cells = next(
        row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    )
    assert cells["note"] == f"'{note}"
    assert check(content).register.dispositifs["note"].tolist() == [note]


def test_an_empty_register_is_written_with_its_titles(embedded):
    nothing = Register(
        embedded.dispositifs.iloc[:0], embedded.perimetres.iloc[:0], embedded.completude, ""
    )
    assert to_csv(register_list(nothing)).decode("utf-8-sig").strip() == ";".join(LIST_COLUMNS)
