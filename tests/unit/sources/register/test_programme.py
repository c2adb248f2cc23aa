import math

import pytest

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
