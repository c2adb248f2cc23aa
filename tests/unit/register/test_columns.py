import pytest

from clsm_map.domain.errors import RegisterError
from clsm_map.register import kind_of, recognise_columns
from clsm_map.register.vocabulary import FIELDS, apply_mapping, implied_type, score_columns


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("nom", "nom"),
        ("Nom_CLS", "nom"),
        ("NOM DU CLSM", "nom"),
        ("Intitulé du dispositif", "nom"),
        ("statut", "statut"),
        ("État d'avancement", "statut"),
        ("code_insee", "code_commune"),
        ("Code INSEE", "code_commune"),
        ("CodeInsee", "code_commune"),
        ("codes INSEE des communes", "code_commune"),
        ("INSEE_COM", "code_commune"),
        ("Communes", "nom_commune"),
        ("siren", "code_epci"),
        ("N° SIREN", "code_epci"),
        ("epci", "nom_epci"),
        ("Intercommunalité", "nom_epci"),
        ("date_signature", "annee_debut"),
        ("Date de signature", "annee_debut"),
        ("Année de création", "annee_debut"),
        ("Date d'échéance", "annee_fin"),
        ("Département", "departement"),
        ("dep", "departement"),
        ("Code QPV", "code_qpv"),
        ("URL", "source_url"),
        ("Date de mise à jour", "source_date"),
        ("Observations", "note"),
        ("id_dispositif", "id"),
        ("commune siège", "commune_siege"),
    ],
)
def test_a_header_is_recognised_whatever_its_spelling(header, field):
    assert recognise_columns([header, "zzz"]) == {field: header}


@pytest.mark.parametrize("kind", FIELDS)
def test_every_canonical_name_is_recognised_as_itself(kind):
    headers = list(FIELDS[kind])
    assert recognise_columns(headers, kind) == {h: h for h in headers}


def test_a_header_that_says_nothing_is_left_alone():
    assert recognise_columns(["couleur", "", "nombre d'élus"]) == {}


def test_one_header_serves_one_field_and_the_telling_spelling_wins():
    columns = recognise_columns(["Dispositif", "Type", "Nom"])
    assert columns == {"nom": "Nom", "type": "Type"}
    assert recognise_columns(["Dispositif", "Nom"]) == {"nom": "Nom", "type": "Dispositif"}


def test_kind_is_told_by_the_headers():
    assert kind_of(["type", "niveau", "code", "auteur", "date"]) == "completude"
    assert kind_of(["code_qpv", "date", "Nombre de séances", "participants"]) == "programme"
    assert kind_of(["nom", "commune", "statut"]) == "dispositifs"


def test_a_person_corrects_what_was_recognised():
    headers = ["nom", "Appellation courante", "code_insee"]
    columns = apply_mapping(
        headers,
        recognise_columns(headers),
        {"nom": "appellation COURANTE", "code_commune": ""},
        "dispositifs",
    )
    assert columns == {"nom": "Appellation courante"}


@pytest.mark.parametrize("mapping", [{"nom": "Absente"}, {"prenom": "nom"}])
def test_a_mapping_to_nothing_is_refused(mapping):
    with pytest.raises(RegisterError, match=r"n'existe pas|n'est pas dans le fichier"):
        apply_mapping(["nom"], {"nom": "nom"}, mapping, "dispositifs")


def test_headers_imply_a_type_only_when_they_agree():
    assert implied_type({"nom": "Nom_CLS", "statut": "Statut du CLS"}) == "CLS"
    assert implied_type({"nom": "Nom_CLS", "statut": "statut_clsm"}) == ""
    assert implied_type({"nom": "nom"}) == ""


def test_scores_keep_their_name():
    headers = ["score_satisfaction", "Satisfaction des participants", "Score utilité", "note"]
    assert score_columns(headers) == {
        "score_satisfaction": "score_satisfaction",
        "score_satisfaction_des_participants": "Satisfaction des participants",
        "score_utilite": "Score utilité",
    }
