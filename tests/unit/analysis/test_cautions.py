import datetime as dt

from clsm_map.analysis.cautions import cautions
from clsm_map.analysis.history import Announced
from clsm_map.domain.territories import Territory
from tests.unit.analysis.conftest import EPT


def plain(coverage, *args):
    return [sentence.replace("\u00a0", " ") for sentence in cautions(coverage, *args)]


def any_has(sentences, words):
    return any(words in sentence for sentence in sentences)


def test_the_register_is_always_told_apart_from_what_exists(facts, cover):
    first = plain(
        cover(facts.device("a", EPT)),
        Territory("departement", "974", "La Réunion"),
        Announced(280, "mai 2025", 298),
    )[0]
    assert (
        "1 CLSM actif recensé en France, pour 280 (mai 2025) à 298 (page non datée) annoncés"
        in first
    )
    assert "« Sans CLSM recensé »" in first
    assert "sans clsm »" not in first.lower()


def test_without_a_published_total_none_is_made_up(facts, cover):
    first = plain(cover(facts.device("a", EPT).device("b", EPT)))[0]
    assert "2 CLSM actifs recensés en France. " in first


def test_what_is_uncertain_is_said_where_it_is(facts, cover):
    facts.device("flou", perimetre_origine=None, departement="59")
    facts.device("siege", perimetre_origine="siège seul", commune_siege="59350")
    facts.device("doute", "59350", statut="inconnu").device("epinay", "93031")
    nord = plain(cover(facts), Territory("departement", "59", "Nord"))
    assert any_has(nord, "1 CLSM actif recensé dont le périmètre n'est pas connu")
    assert any_has(nord, "périmètre à préciser")
    assert any_has(nord, "« à vérifier »")
    reunion = plain(cover(facts), Territory("departement", "974", "La Réunion"))
    assert len(reunion) == 1
    seine = plain(cover(facts), Territory("departement", "93", "Seine-Saint-Denis"))
    assert any_has(seine, "Couverts en partie")


def test_a_past_date_says_what_it_cannot_know(facts, cover):
    facts.device("vieux", EPT, annee_debut=None)
    past = plain(cover(facts, on=dt.date(2016, 1, 1)))
    assert any_has(past, "géographie 2024")
    assert any_has(past, "1 CLSM actif recensé dont la première année n'est pas connue")
    assert not any_has(plain(cover(facts)), "première année")


def test_unknown_populations_and_arrondissements_are_said(facts, cover):
    assert any_has(plain(cover(facts)), "Population inconnue (RP 2020) : 1 QPV")
    paris = plain(cover(facts), Territory("departement", "75", "Paris"))
    assert any_has(paris, "au moins 10 % de sa surface")
    assert not any_has(paris, "Population inconnue")


def test_a_register_that_a_person_brought_is_said_so(facts, cover):
    facts.origine = "embarqué + importé"
    assert plain(cover(facts))[0].startswith("Registre embarqué + importé : 0 CLSM actif recensé")
