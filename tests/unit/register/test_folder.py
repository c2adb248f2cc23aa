import shutil

import pandas as pd
import pytest

from clsm_map.register import load_facts_folder, load_programme
from clsm_map.settings import ROOT

FACTS = ROOT / "data" / "facts"


@pytest.fixture
def folder(tmp_path):
    """Give a copy of the embedded facts, to spoil."""
    for name in ("dispositifs.csv", "perimetres.csv", "completude.csv"):
        shutil.copy(FACTS / name, tmp_path / name)
    return tmp_path


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def places(register):
    return set(register.perimetres.itertuples(index=False, name=None))


def test_the_embedded_facts_are_accepted_as_they_are(folder, embedded, snapshot):
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert refusals == []
    assert places(register) == places(embedded)
    pd.testing.assert_frame_equal(
        register.dispositifs.sort_values("id", ignore_index=True).fillna(""),
        embedded.dispositifs.sort_values("id", ignore_index=True).fillna(""),
    )
    assert register.origine == "importé"


def test_a_bad_device_refuses_both_files_and_what_was_there_stays(folder, embedded, snapshot):
    spoil(folder / "dispositifs.csv", "Bourg-en-Bresse, Péronnas", "x")
    spoil(folder / "dispositifs.csv", ",actif,2007,", ",vivant,2007,")
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert register.dispositifs is embedded.dispositifs
    assert register.perimetres is embedded.perimetres
    assert "dispositifs.csv est refusé" in refusals[0]
    assert "ligne 2, statut" in refusals[1]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("commune,75110", "commune,99999", "ligne 2, code"),
        ("commune,75110", "commune,1053", "perdu son zéro"),
        ("commune,75110", "canton,75110", "ligne 2, nature"),
        ("commune,75110", "epci,75110", "n'est pas de cette nature"),
        ("asv-10e-arrondissement-de-paris,", "inconnu,", "ligne 2, dispositif_id"),
        ("dispositif_id,nature,code", "dispositif_id,nature,zone", "il manque code"),
    ],
)
def test_a_bad_perimeter_refuses_both_files(folder, embedded, snapshot, old, new, reason):
    spoil(folder / "perimetres.csv", old, new)
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert register.dispositifs is embedded.dispositifs
    assert register.perimetres is embedded.perimetres
    assert any(reason in r for r in refusals)
    assert all(r.endswith((".", "?")) for r in refusals)


def test_a_bad_declaration_is_refused_by_itself(folder, embedded, snapshot):
    (folder / "completude.csv").write_text(
        "type,niveau,code,auteur,date,note\nCLSM,departement,1,ARS,2026,\n", encoding="utf-8"
    )
    spoil(folder / "dispositifs.csv", "CLSM de Sète", "CLSM de Sète et Thau")
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert register.completude is embedded.completude
    assert "CLSM de Sète et Thau" in set(register.dispositifs["nom"])
    assert any("completude.csv, ligne 2" in r for r in refusals)


def test_a_good_declaration_is_taken(folder, embedded, snapshot):
    (folder / "completude.csv").write_text(
        "type,niveau,code,auteur,date,note\nCLSM,departement,01,ARS,2026,\n", encoding="utf-8"
    )
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert refusals == []
    assert register.completude["code"].tolist() == ["01"]


def test_devices_may_hold_their_perimeters_themselves(tmp_path, embedded, snapshot):
    (tmp_path / "dispositifs.csv").write_text(
        "nom;type;statut;code_commune\nCLSM A;CLSM;actif;01053 01004\n", encoding="utf-8"
    )
    register, refusals = load_facts_folder(tmp_path, embedded, snapshot)
    assert refusals == []
    assert {code for _, _, code in places(register)} == {"01053", "01004"}


def test_perimeters_without_devices_are_refused(folder, embedded, snapshot):
    (folder / "dispositifs.csv").unlink()
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert register.dispositifs is embedded.dispositifs
    assert any("dispositifs.csv" in r for r in refusals)


def test_an_unreadable_file_is_refused_with_its_sentence(folder, embedded, snapshot):
    (folder / "dispositifs.csv").write_bytes(b"\x00\x01\x02")
    register, refusals = load_facts_folder(folder, embedded, snapshot)
    assert register.dispositifs is embedded.dispositifs
    assert register.perimetres is embedded.perimetres
    assert "octets nuls" in refusals[0]


def test_an_empty_or_absent_folder_changes_nothing(tmp_path, embedded, snapshot):
    assert load_facts_folder(tmp_path, embedded, snapshot) == (embedded, [])
    register, refusals = load_facts_folder(tmp_path / "absent", embedded, snapshot)
    assert register is embedded
    assert "n'existe pas" in refusals[0]


def test_many_refusals_are_not_all_told(folder, embedded, snapshot):
    text = (folder / "perimetres.csv").read_text(encoding="utf-8")
    (folder / "perimetres.csv").write_text(text.replace(",commune,", ",canton,"), encoding="utf-8")
    _, refusals = load_facts_folder(folder, embedded, snapshot)
    assert len(refusals) == 22
    assert "autres refus" in refusals[-1]


def test_the_programme_of_a_folder(tmp_path, snapshot):
    assert load_programme(tmp_path, snapshot) == (None, [])
    path = tmp_path / "programme.csv"
    path.write_text("code_qpv,date,seances\nQN00101M,2023,2\n", encoding="utf-8")
    programme, refusals = load_programme(tmp_path, snapshot)
    assert refusals == []
    assert programme["seances"].tolist() == [2.0]
    path.write_text("code_qpv,date,seances\nQN00101M,2023,deux\n", encoding="utf-8")
    programme, refusals = load_programme(tmp_path, snapshot)
    assert programme is None
    assert "ligne 2, seances" in refusals[1]
