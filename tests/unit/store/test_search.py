import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.store.search import Index, normalise

ROWS = pd.DataFrame(
    [
        ("region", "11", "Île-de-France", 12_000_000),
        ("commune", "93066", "Saint-Denis", 112_000),
        ("commune", "97411", "Saint-Denis", 147_000),
        ("commune", "45274", "Saint-Denis-en-Val", 7_500),
        ("commune", "76351", "Le Havre", 170_000),
        ("commune", "93027", "La Courneuve", 43_000),
        ("commune", "77373", "Pontault-Combault", 38_000),
        ("epci", "200057867", "Plaine Commune", 437_000),
        ("commune", "59350", "Lille", 232_000),
        ("commune", "91228", "Évry-Courcouronnes", 66_000),
    ],
    columns=["level", "code", "cle", "population"],
).assign(nom=lambda frame: frame["cle"])
INDEX = Index.of(ROWS)


def codes(text, n=10, levels=None):
    return [territory.code for territory in INDEX.search(text, n, levels)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saint-Denis", "saint denis"),
        ("st denis", "saint denis"),
        ("Ste-Geneviève", "sainte genevieve"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("Cœur d'Yvelines", "coeur d yvelines"),
        ("Brest", "brest"),
    ],
)
def test_accents_hyphens_and_abbreviations_do_not_matter(text, expected):
    assert normalise(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_the_exact_name_comes_first_then_the_most_populated():
    assert codes("st-denis") == ["97411", "93066", "45274"]


def test_a_name_is_found_by_its_beginning_without_its_article():
    assert codes("havr")[0] == "76351"
    assert codes("courn")[0] == "93027"
    assert codes("ile de fr")[0] == "11"


def test_a_word_inside_the_name_is_found_after_the_beginnings():
    assert codes("combault") == ["77373"]
    assert codes("commune") == ["200057867"]


def test_a_misspelt_name_is_found_last():
    assert codes("pontaut-combaut") == ["77373"]
    assert codes("zzzzz") == []


def test_a_code_is_found():
    assert codes("93066")[0] == "93066"


def test_the_level_and_the_number_are_respected():
    assert codes("saint", levels=["epci"]) == []
    assert codes("saint", n=1) == ["97411"]


@pytest.mark.parametrize("text", ["", "   ", "-", "'"])
def test_nothing_is_found_for_nothing(text):
    assert codes(text) == []
