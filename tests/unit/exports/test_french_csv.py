import pytest

from clsm_map.exports.tables import french_csv


def test_the_format_that_french_excel_opens():
    rows = [
        {"nom": "Épinay", "habitants": 1200, "distance_km": 3.25, "dispositifs": ["a", "b"]},
        {"nom": 'Le "Clos" ; sud', "habitants": None, "distance_km": float("nan"), "actif": True},
    ]
    written = french_csv(["nom", "habitants", "distance_km", "dispositifs", "actif"], rows)
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").split("\r\n") == [
        "nom;habitants;distance_km;dispositifs;actif",
        'Épinay;1200;3,25;"a ; b";',
        '"Le ""Clos"" ; sud";;;;oui',
        "",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-cmd", "@SUM(A1)", "\t=1"])
def test_a_text_is_never_run_as_a_formula(text):
    assert (
        french_csv(["a"], [{"a": text}]).decode("utf-8-sig").split("\r\n")[1].lstrip('"')[0] == "'"
    )


@pytest.mark.parametrize("number", [-2.5, -3])
def test_a_negative_number_stays_a_number(number):
    cell = french_csv(["a"], [{"a": number}]).decode("utf-8-sig").split("\r\n")[1]
    assert float(cell.replace(",", ".")) == number


def test_codes_keep_their_zeros():
    assert b"\r\n01053\r\n" in french_csv(["code"], [{"code": "01053"}])
