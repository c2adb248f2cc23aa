import pandas as pd
import pytest

from clsm_map.register import add_to, replace
from clsm_map.register.devices import device_key

OWN = (
    "id;nom;type;statut;dep;code_commune\n"
    "clsm-sete;CLSM de Sète;CLSM;en sommeil;34;34301;\n"
    ";Conseil local de santé mentale de Toulouse;CLSM;actif;31;31555;\n"
    ";CLSM de Bourgoin;CLSM;actif;38;38053;\n"
).replace(";\n", "\n")


@pytest.fixture
def imported(check):
    read = check(OWN)
    assert read.rejetees == 0
    return read.register


def state_of(register, nom):
    frame = register.dispositifs
    return frame.loc[frame["nom"] == nom, "statut"].tolist()


def test_the_words_of_the_type_do_not_tell_devices_apart():
    assert device_key("CLSM de Lille") == device_key("Conseil local de santé mentale de Lille")
    assert device_key("CLSM de l'Ain") == "ain"
    assert device_key("CLSM de Sète") != device_key("CLSM de Sète agglo")
    assert device_key("CLSM") == "clsm"


def test_added_devices_replace_the_same_ones_and_join_the_others(embedded, imported):
    before = len(embedded.dispositifs)
    merged = add_to(embedded, imported)
    assert merged.origine == "embarqué + importé"
    assert len(merged.dispositifs) == before + 1
    assert state_of(merged, "CLSM de Sète") == ["en sommeil"]
    assert state_of(merged, "CLSM de Toulouse") == []
    assert state_of(merged, "Conseil local de santé mentale de Toulouse") == ["actif"]
    assert merged.dispositifs["id"].is_unique
    assert set(merged.perimetres["dispositif_id"]) <= set(merged.dispositifs["id"])
    assert len(embedded.dispositifs) == before


def test_adding_twice_changes_nothing_more(embedded, imported):
    once = add_to(embedded, imported)
    twice = add_to(once, imported)
    pd.testing.assert_frame_equal(once.dispositifs, twice.dispositifs)
    pd.testing.assert_frame_equal(once.perimetres, twice.perimetres)


def test_adding_the_register_to_itself_changes_nothing(embedded):
    merged = add_to(embedded, embedded)
    pd.testing.assert_frame_equal(merged.dispositifs, embedded.dispositifs)
    pd.testing.assert_frame_equal(merged.perimetres, embedded.perimetres)


def test_replacing_leaves_only_the_list(embedded, imported):
    register = replace(embedded, imported)
    assert register.origine == "importé"
    assert len(register.dispositifs) == 3
    assert len(register.perimetres) == 3


def test_declarations_are_added_and_replaced_without_touching_devices(check, embedded):
    header = "type;niveau;code;auteur;date\n"
    one = check(f"{header}CLSM;departement;01;A;2025\n").register
    two = check(f"{header}CLSM;departement;01;B;2026\nCLS;departement;01;B;2026\n").register
    both = add_to(add_to(embedded, one), two)
    assert sorted(both.completude["auteur"]) == ["B", "B"]
    assert len(both.dispositifs) == len(embedded.dispositifs)
    assert replace(both, one).completude["auteur"].tolist() == ["A"]
    assert len(replace(both, one).dispositifs) == len(embedded.dispositifs)
