import datetime as dt
from zoneinfo import ZoneInfo

import pytest


def by_name(read, column):
    frame = read.register.dispositifs
    return dict(zip(frame["nom"], frame[column].fillna(""), strict=True))


def test_one_line_per_device_and_commune_makes_one_device(check, members):
    content = (
        "id;nom;type;statut;code_commune\n"
        "a1;CLSM de l'Ain;CLSM;actif;01053\n"
        "a1;;;;01004\n"
        "a1;CLSM DE L'AIN;CLSM;actif;01283\n"
    )
    read = check(content)
    assert (read.lignes, read.acceptees) == (3, 3)
    assert members(read) == {
        "CLSM de l'Ain": {("commune", "01053"), ("commune", "01004"), ("commune", "01283")}
    }


def test_without_id_lines_are_joined_by_type_name_and_departement(check, members):
    content = (
        "nom;type;dep;code_commune\n"
        "CLSM de Saint-Denis;CLSM;93;93066\n"
        "Conseil local de santé mentale de Saint-Denis;CLSM;93;93059\n"
        "CLSM de Saint-Denis;CLSM;974;97411\n"
        "CLS de Saint-Denis;CLS;93;93066\n"
    )
    read = check(content)
    assert read.register.dispositifs["id"].tolist() == [
        "clsm-93-saint-denis",
        "clsm-974-saint-denis",
        "cls-93-saint-denis",
    ]
    held = read.register.perimetres.groupby("dispositif_id")["code"].agg(set)
    assert held["clsm-93-saint-denis"] == {"93066", "93059"}


def test_homonyms_of_two_regions_are_not_joined_by_chance(check):
    content = (
        "nom;type;code_commune\nCLSM de Saint-Denis;CLSM;93066\nCLSM de Saint-Denis;CLSM;97411\n"
    )
    read = check(content)
    assert [e.ligne for e in read.erreurs] == [2, 3]
    assert {e.champ for e in read.erreurs} == {"departement"}


def test_a_line_that_contradicts_the_first_is_rejected_alone(check, members):
    content = (
        "id;nom;type;statut;annee_debut;code_commune\n"
        "a;CLSM A;CLSM;actif;2012;01053\n"
        "a;CLSM A;CLSM;en projet;2012;01004\n"
        "a;CLSM A;CLSM;actif;2013;01283\n"
    )
    read = check(content)
    assert [(e.ligne, e.champ, e.valeur) for e in read.erreurs] == [
        (3, "statut", "en projet"),
        (4, "annee_debut", "2013"),
    ]
    assert "ligne 2" in read.erreurs[0].message
    assert members(read) == {"CLSM A": {("commune", "01053")}}
    assert any("incomplet" in i and "lignes 3 et 4" in i for i in read.informations)


def test_a_device_that_loses_a_line_is_said_to_be_incomplete(check, members):
    content = "id;nom;type;code_commune\na;CLSM A;CLSM;01053\na;CLSM A;CLSM;99999\n"
    read = check(content)
    assert (read.acceptees, read.rejetees) == (1, 1)
    assert members(read) == {"CLSM A": {("commune", "01053")}}
    assert any("incomplet" in i and "ligne 3" in i for i in read.informations)


@pytest.mark.parametrize(
    ("content", "champ", "reason"),
    [
        ("nom;type;statut\n;CLSM;actif\n", "nom", "nom du dispositif manque"),
        ("id;nom;type\na;;CLSM\n", "nom", "nom du dispositif manque"),
        ("nom;statut\nComité de Sète;actif\n", "type", "type du dispositif manque"),
        ("nom;type\nPTSM du Rhône;PTSM\n", "type", "n'est pas reconnu"),
        ("nom;type;statut\nCLSM A;CLSM;en cours\n", "statut", "actif ou en projet"),
        ("nom;type;annee_debut\nCLSM A;CLSM;1890\n", "annee_debut", "hors des années"),
        (
            "nom;type;annee_debut;annee_fin\nCLSM A;CLSM;2015;2012\n",
            "annee_fin",
            "précède celle de début",
        ),
        ("id;nom;type\na<b>;CLSM A;CLSM\n", "id", "lettres"),
        ("nom;type;source_url\nCLSM A;CLSM;javascript:alert(1)\n", "source_url", "https"),
        ("nom;type;perimetre_origine\nCLSM A;CLSM;rumeur\n", "perimetre_origine", "reconnue"),
        ("nom;type;siege\nCLSM A;CLSM;200071751\n", "siege", "seule commune"),
        ("nom;type;siege\nCLSM A;CLSM;01053;01004\n".replace("01053;", "01053,"), "siege", "seule"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(check, content, champ, reason):
    read = check(content)
    (error,) = read.erreurs
    assert (error.ligne, error.champ) == (2, champ)
    assert reason in error.message
    assert read.register.dispositifs.empty
    assert read.register.perimetres.empty


def test_one_line_may_have_several_faults_and_counts_once(check):
    read = check("nom;type;statut;code_commune\nCLSM A;PTSM;bof;99999\n")
    assert [e.champ for e in read.erreurs] == ["type", "statut", "code_commune"]
    assert (read.lignes, read.acceptees, read.rejetees) == (1, 0, 1)


def test_the_type_comes_from_the_column_the_name_the_headers_or_the_person(check):
    assert by_name(check("nom;type\nCLS de Sète;ASV\n"), "type") == {"CLS de Sète": "ASV"}
    assert by_name(check("nom;dep\nCLS de Sète;34\n"), "type") == {"CLS de Sète": "CLS"}
    assert by_name(check("Nom_CLS;dep\nSète;34\n"), "type") == {"Sète": "CLS"}
    read = check("nom;dep\nSète;34\n", defaults={"type": "ASV"})
    assert by_name(read, "type") == {"Sète": "ASV"}


def test_without_state_a_device_is_unknown_and_this_is_said(check):
    read = check("nom;type;code_commune\nCLSM A;CLSM;01053\n")
    assert by_name(read, "statut") == {"CLSM A": "inconnu"}
    assert any("à vérifier" in i for i in read.informations)


def test_a_seat_alone_makes_a_perimeter_to_be_made_precise(check, members):
    read = check("nom;type;siege\nCLSM A;CLSM;01053\n")
    assert members(read) == {"CLSM A": {("commune", "01053")}}
    assert by_name(read, "perimetre_origine") == {"CLSM A": "siège seul"}
    assert by_name(read, "commune_siege") == {"CLSM A": "01053"}
    assert by_name(read, "departement") == {"CLSM A": "01"}


def test_the_seat_of_an_intercommunal_device_is_not_its_perimeter(check, members):
    read = check("nom;type;siege;perimetre\nCLSM A;CLSM;01053;intercommunal\n")
    assert members(read) == {"CLSM A": set()}
    assert any("1 dispositif est sans périmètre" in i for i in read.informations)


@pytest.mark.parametrize(
    ("codes", "scale"),
    [
        ("01053", "commune"),
        ("01053,01004", "intercommunal"),
        ("75110", "arrondissement"),
        ("200071751", "intercommunal"),
        ("QN00101M", "autre"),
    ],
)
def test_the_scale_of_a_perimeter_follows_from_its_places(check, codes, scale):
    read = check(f'nom;type;code\nCLSM A;CLSM;"{codes}"\n')
    assert by_name(read, "perimetre") == {"CLSM A": scale}
    assert by_name(read, "perimetre_origine") == {"CLSM A": "source"}


def test_words_in_the_column_of_the_perimeter_are_kept_as_the_territory(check):
    read = check("nom;type;perimetre\nCLSM A;CLSM;Pays de Bresse\n")
    assert by_name(read, "territoire") == {"CLSM A": "Pays de Bresse"}
    assert by_name(read, "perimetre") == {"CLSM A": ""}


def test_a_source_that_is_no_address_is_kept_as_a_note(check):
    read = check("nom;type;source;note\nCLSM A;CLSM;Convention du 3 mai;à revoir\n")
    assert by_name(read, "note") == {"CLSM A": "à revoir; source : Convention du 3 mai"}


def test_a_signature_date_is_a_first_year(check):
    read = check("Nom_CLS;date_signature\nCLS de Sète;12/03/2019\n")
    assert by_name(read, "annee_debut") == {"CLS de Sète": "2019"}


def test_columns_without_use_are_named(check):
    read = check("nom;type;couleur\nCLSM A;CLSM;bleu\n")
    assert read.ignorees == ("couleur",)
    assert any("couleur" in i for i in read.informations)


def test_a_person_maps_columns(check):
    content = "Appellation courante;Ressort;type\nCLSM A;01053;CLSM\n"
    read = check(content, mapping={"nom": "Appellation courante", "code_commune": "Ressort"})
    assert read.colonnes == {
        "type": "type",
        "nom": "Appellation courante",
        "code_commune": "Ressort",
    }
    assert read.register.perimetres["code"].tolist() == ["01053"]


def test_json_holds_what_the_command_promises(check):
    read = check("nom;type;code_insee\nCLSM A;CLSM;1053\nCLSM B;CLSM;01004\n")
    content = read.to_json()
    assert {k: content[k] for k in ("lignes", "acceptees", "rejetees")} == {
        "lignes": 2,
        "acceptees": 1,
        "rejetees": 1,
    }
    (error,) = content["erreurs"]
    assert {"ligne", "champ", "valeur", "message"} <= error.keys()
    assert (error["ligne"], error["champ"], error["valeur"]) == (2, "code_insee", "1053")


def starts(text, state="actif"):
    return f"nom;type;statut;annee_debut\nCLSM A;CLSM;{state};{text}\n"


def test_a_start_to_come_is_refused_unless_the_device_is_a_project(check):
    year = dt.datetime.now(tz=ZoneInfo("Europe/Paris")).year + 1
    for state in ("actif", "en sommeil", "arrêté"):
        (error,) = check(starts(f"01/03/{year}", state)).erreurs
        assert (error.champ, "à venir" in error.message) == ("annee_debut", True)
    assert check(starts(str(year), "en projet")).acceptees == 1
    assert check(starts(str(year - 1))).acceptees == 1


def test_a_start_to_come_is_seen_when_another_line_says_the_state(check):
    year = dt.datetime.now(tz=ZoneInfo("Europe/Paris")).year + 1
    read = check(f"id;nom;type;statut;annee_debut\na;CLSM A;CLSM;actif;\na;CLSM A;CLSM;;{year}\n")
    assert [e.ligne for e in read.erreurs] == [2, 3]


def test_a_start_on_two_digits_is_read_once_confirmed(check):
    (error,) = check(starts("12/03/14")).erreurs
    assert [p.code for p in error.propositions] == ["12/03/2014"]
    read = check(starts("12/03/14"), confirmations={(2, "annee_debut"): "12/03/2014"})
    assert read.register.dispositifs["annee_debut"].tolist() == ["2014"]
