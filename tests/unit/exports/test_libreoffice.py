"""LibreOffice, without a window, opens what we write and finds the same text in it."""

import csv
import io
import shutil
import subprocess

import openpyxl
import pytest

from clsm_map.domain.selection import Selection
from clsm_map.exports.export import export
from clsm_map.exports.sheet import export_sheet
from clsm_map.store.territories import find_territory, qpv_of

AIN = Selection(territoire="departement:01")
UTF_8 = 76
CSV_FILTER = f"CSV:{ord(';')},{ord(chr(34))},{UTF_8},1"
TO_CSV = f"csv:Text - txt - csv (StarCalc):{ord(';')},{ord(chr(34))},{UTF_8},1"


@pytest.fixture(scope="module")
def reopened(tmp_path_factory):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice n’est pas installé : la relecture par un tableur manque.")
    folder = tmp_path_factory.mktemp("libreoffice")

    def convert(content, name, target, *options):
        path = folder / name
        path.write_bytes(content)
        subprocess.run(
            [
                *(office, "--headless", f"-env:UserInstallation=file://{folder}/profil"),
                *(*options, "--convert-to", target, "--outdir", str(folder / "lu"), str(path)),
            ],
            check=True,
            timeout=180,
            capture_output=True,
        )
        (found,) = (folder / "lu").glob(f"{path.stem}.*")
        return found.read_bytes()

    return convert


def lines(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_a_workbook_keeps_zeros_accents_and_decimals(desk, reopened):
    saved = reopened(export(desk, "communes", "xlsx", AIN), "communes.xlsx", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(saved)).worksheets[0]
    headers, *cells = sheet.iter_rows(values_only=True)
    rows = {line[0]: dict(zip(headers, line, strict=True)) for line in cells}
    inside = desk.snapshot.communes_all.query("departement == '01'")
    assert set(rows) == set(inside["code"])
    assert rows["01053"]["Commune"] == "Bourg-en-Bresse"
    assert rows["01004"]["Commune"] == "Ambérieu-en-Bugey"
    income = rows["01001"]["Revenu par habitant, répartition 2022 (RP 2019) (€)"]
    assert income == pytest.approx(16943.68, abs=0.01)


def test_the_csv_of_french_excel_opens_with_its_columns(desk, reopened):
    content = reopened(
        export(desk, "qpv", "csv", AIN), "qpv.csv", TO_CSV, f"--infilter={CSV_FILTER}"
    )
    rows = lines(content)
    here = qpv_of(desk.snapshot, find_territory(desk.snapshot, "01", "departement"))
    assert {row["Code"] for row in rows} == set(here)
    written = lines(export(desk, "qpv", "csv", AIN))
    assert [row["Quartier"] for row in rows] == [row["Quartier"] for row in written]


def test_a_word_processor_reads_the_sheet(desk, reopened):
    content = reopened(export_sheet(desk, "69259", "docx"), "fiche.docx", "txt:Text (encoded):UTF8")
    text = content.decode("utf-8-sig")
    assert "Vénissieux" in text
    assert "CLSM" in text
