import pytest

HEADER = "type;niveau;code;auteur;date;note"


def rows(read):
    frame = read.register.completude
    return list(
        frame[["type", "niveau", "code", "auteur", "date"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(
    ("niveau", "code", "kept"),
    [
        ("departement", "01", ("departement", "01")),
        ("Département", "Ain", ("departement", "01")),
        ("région", "84", ("region", "84")),
        ("region", "Auvergne-Rhône-Alpes", ("region", "84")),
        ("epci", "200071751", ("epci", "200071751")),
        ("EPCI", "Plaine Commune", ("epci", "200057867")),
        ("commune", "93059", ("commune", "93059")),
        ("commune", "75110", ("commune", "75110")),
        ("France", "", ("france", "FR")),
    ],
)
def test_a_territory_by_code_or_name_at_the_level_it_states(check, niveau, code, kept):
    read = check(f"{HEADER}\nCLSM;{niveau};{code};ARS;21/11/2026;\n")
    assert rows(read) == [("CLSM", *kept, "ARS", "2026-11-21")]
    assert read.kind == "completude"


def test_all_types_make_three_declarations(check):
    read = check(f"{HEADER}\ntous;departement;01;ARS;2026;\n")
    assert [r[0] for r in rows(read)] == ["CLSM", "ASV", "CLS"]
    assert read.acceptees == 1


@pytest.mark.parametrize(
    ("line", "champ"),
    [
        ("CLSM;departement;01;;2026;", "auteur"),
        ("CLSM;departement;01;ARS;;", "date"),
        ("CLSM;departement;01;ARS;demain;", "date"),
        ("CLSM;canton;01;ARS;2026;", "niveau"),
        ("PTSM;departement;01;ARS;2026;", "type"),
        ("CLSM;departement;;ARS;2026;", "code"),
        ("CLSM;departement;1;ARS;2026;", "code"),
        ("CLSM;departement;99;ARS;2026;", "code"),
        ("CLSM;region;1;ARS;2026;", "code"),
        ("CLSM;epci;01053;ARS;2026;", "code"),
        ("CLSM;commune;200071751;ARS;2026;", "code"),
        ("CLSM;commune;01053 01004;ARS;2026;", "code"),
        ("CLSM;commune;Saint-Denis;ARS;2026;", "code"),
    ],
)
def test_what_is_wrong_declares_nothing(check, line, champ):
    read = check(f"{HEADER}\n{line}\n")
    assert [e.champ for e in read.erreurs] == [champ]
    assert rows(read) == []


def test_lost_zeros_are_read_once_accepted(check):
    content = f"{HEADER}\nCLSM;departement;1;ARS;2026;\nCLSM;region;1;ARS;2026;\n"
    assert [r[1:3] for r in rows(check(content, accept_corrections=True))] == [
        ("departement", "01"),
        ("region", "01"),
    ]


def test_the_last_of_two_declarations_is_kept(check):
    read = check(f"{HEADER}\nCLS;departement;01;A;2025;\nCLS;departement;01;B;2026;\n")
    assert rows(read) == [("CLS", "departement", "01", "B", "2026")]
    assert any("plusieurs fois" in i for i in read.informations)
