import math

import pytest

from clsm_map.domain.programme import EXAMPLE
from clsm_map.register import validate
from clsm_map.settings import ROOT

HEADER = "code_qpv;code_commune;territoire;date;seances;participants;structures;score_satisfaction"


def rows(read, *columns):
    return list(read.programme[list(columns)].itertuples(index=False, name=None))


def test_a_session_in_a_qpv(check):
    read = check(f"{HEADER}\nQN00101M;;;12/03/2023;1;25;4;4,5\n")
    assert read.kind == "programme"
    assert rows(read, "niveau", "code", "date", "annee") == [
        ("qpv", "QN00101M", "2023-03-12", "2023")
    ]
    assert rows(read, "seances", "participants", "structures", "score_satisfaction") == [
        (1.0, 25.0, 4.0, 4.5)
    ]


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (";01053;", ("commune", "01053")),
        (";93059;", ("commune", "93059")),
        (";75110;", ("arrondissement", "75110")),
        (";;Villeurbanne", ("commune", "69266")),
        (";;Plaine Commune", ("epci", "200057867")),
        (";;Saint-Denis (93)", ("commune", "93066")),
        (";;Seine-Saint-Denis", ("departement", "93")),
        (";;Île-de-France", ("region", "11")),
        (";;region:53", ("region", "53")),
        (";;QN00101M", ("qpv", "QN00101M")),
        (";;France", ("france", "FR")),
        ("QN00101M;01053;", ("qpv", "QN00101M")),
    ],
)
def test_the_territory_of_a_session(check, cells, place):
    assert rows(check(f"{HEADER}\n{cells};2023;;;;\n"), "niveau", "code") == [place]


def test_a_name_of_two_levels_is_confirmed_by_a_person(check):
    content = f"{HEADER}\n;;Bretagne;2023;;;;\n"
    (error,) = check(content).erreurs
    assert {p.code for p in error.propositions} == {"region:53", "commune:36024", "commune:90019"}
    read = check(content, confirmations={(2, "territoire"): "region:53"})
    assert rows(read, "niveau", "code") == [("region", "53")]


def test_what_is_not_said_is_missing_and_not_zero(check):
    read = check(f"{HEADER}\nQN00101M;;;2023;0;;;\n")
    ((seances, participants),) = rows(read, "seances", "participants")
    assert seances == 0.0
    assert math.isnan(participants)


@pytest.mark.parametrize(
    ("line", "champ"),
    [
        (";;;2023;1;;;", "territoire"),
        (";;Saint-Denis;2023;1;;;", "territoire"),
        (";;Nulle-Part-Les-Oies;2023;1;;;", "territoire"),
        (";01053,01004;;2023;1;;;", "territoire"),
        ("QP001001;;;2023;1;;;", "code_qpv"),
        ("QN00101M;;;;1;;;", "date"),
        ("QN00101M;;;2023;une;;;", "seances"),
        ("QN00101M;;;2023;1,5;;;", "seances"),
        ("QN00101M;;;2023;1;-4;;", "participants"),
        ("QN00101M;;;2023;1;4;;très bien", "score_satisfaction"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(check, line, champ):
    read = check(f"{HEADER}\n{line}\n")
    assert [e.champ for e in read.erreurs] == [champ]
    assert read.programme.empty
    assert (read.acceptees, read.rejetees) == (0, 1)


CHECKED = "code_qpv;code_commune;code_epci;territoire;date;seances;participants;clsm;portee"


@pytest.mark.parametrize(
    ("line", "champ", "words"),
    [
        ("QN00101M;;;;31/12/2020;1;10;;", "date", "a commencé en 2021"),
        ("QN00101M;;;;2018;1;10;;", "date", "a commencé en 2021"),
        ("QN00101M;;;;2099;1;10;;", "date", "à venir"),
        ("QN00101M;;;;2023;-1;10;;", "seances", "positif ou nul"),
        ("QN99999Z;;;;2023;1;10;;", "code_qpv", "Aucun quartier prioritaire"),
        ("QN00101M;;;;2023;0;10;;", "participants", "sans aucune séance"),
        ("QN00101M;;;;2023;1;10;;tous", "portee", "ne se dit que d'une commune"),
        (";;;Ain;2023;1;10;;tous", "portee", "ne se dit que d'une commune"),
        (";01053;;;2023;1;10;;presque", "portee", "n'est pas reconnue"),
    ],
)
def test_what_the_programme_cannot_have_held_is_refused(check, line, champ, words):
    read = check(f"{CHECKED}\n{line}\n")
    (error,) = read.erreurs
    assert (error.ligne, error.champ) == (2, champ)
    assert words in error.message
    assert read.programme.empty


def test_the_first_day_of_the_programme_is_accepted(check):
    assert check(f"{CHECKED}\nQN00101M;;;;01/01/2021;1;10;;\n").acceptees == 1


def test_the_same_place_and_date_twice_is_refused_with_both_lines(check):
    read = check(
        f"{CHECKED}\n"
        "QN00101M;;;;2023-03-12;1;10;CLSM A;\n"
        "QN00101M;;;;2023-03-13;1;10;CLSM A;\n"
        "QN00101M;;;;12/03/2023;2;20;clsm a;\n"
        "QN00101M;;;;2023-03-12;1;10;CLSM B;\n"
    )
    (error,) = read.erreurs
    assert (error.ligne, error.champ) == (4, "date")
    assert "ligne 2" in error.message
    assert (read.acceptees, read.rejetees) == (3, 1)


def test_a_year_beside_one_of_its_days_is_told(check):
    read = check(f"{CHECKED}\nQN00101M;;;;2023;1;10;;\nQN00101M;;;;2023-05-04;1;10;;\n")
    assert read.acceptees == 2
    assert any("comptées deux fois" in i and "ligne 2" in i for i in read.informations)


@pytest.mark.parametrize("territory", ["Ain", "region:84", "France"])
def test_a_row_of_a_wide_territory_is_told_as_a_possible_total(check, territory):
    read = check(f"{CHECKED}\n;;;{territory};2023;1;10;;\n")
    assert any("c'est leur total" in i for i in read.informations)


@pytest.mark.parametrize("said", ["tous", "Tous les quartiers", "tous les QPV"])
@pytest.mark.parametrize("cells", [";01053;;", ";;200071751;", ";75110;;"])
def test_a_commune_or_an_epci_may_document_all_its_qpv(check, cells, said):
    assert rows(check(f"{CHECKED}\n{cells};2023;1;10;;{said}\n"), "portee") == [("tous",)]


def test_the_sample_is_accepted_and_every_line_says_that_it_is_made_up(snapshot):
    read = validate(ROOT / "data" / "exemples" / "programme-exemple.csv", snapshot)
    assert (read.kind, read.lignes, read.rejetees) == ("programme", 32, 0)
    assert set(read.programme["note"]) == {EXAMPLE}
    assert {"score_avant", "score_apres", "score_satisfaction"} <= set(read.programme.columns)
