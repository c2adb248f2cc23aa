import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.domain.devices import STATES
from clsm_map.register.values import (
    RefusedValueError,
    count_of,
    date_of,
    is_web_address,
    number_of,
    state_of,
    text_of,
    type_in,
    type_of,
    year_of,
)
from clsm_map.register.vocabulary import neutralise
from clsm_map.store.search import name_key


@pytest.mark.parametrize(
    ("cell", "type_"),
    [
        ("CLSM", "CLSM"),
        ("clsm", "CLSM"),
        ("Conseil local de santé mentale", "CLSM"),
        ("Conseil local en santé mentale", "CLSM"),
        ("Contrat local de santé mentale", "CLSM"),
        ("COSM", "CLSM"),
        ("CISM", "CLSM"),
        ("Conseil rennais de santé mentale", "CLSM"),
        ("Atelier santé ville", "ASV"),
        ("ateliers Santé-Ville", "ASV"),
        ("CLS", "CLS"),
        ("Contrat local de santé", "CLS"),
        ("Contrats locaux de santé", "CLS"),
    ],
)
def test_types_by_acronym_or_long_name(cell, type_):
    assert type_of(cell) == type_


@pytest.mark.parametrize("cell", ["PTSM", "", "CLS et CLSM", 12, None])
def test_other_types_are_refused_with_the_three(cell):
    with pytest.raises(RefusedValueError) as caught:
        type_of(cell)
    assert [p.code for p in caught.value.propositions] == ["CLSM", "ASV", "CLS"]


def test_cls_is_not_read_inside_clsm():
    assert type_in("CLSM de Lille") == "CLSM"
    assert type_in("Comité de pilotage") is None


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("Actif", "actif"),
        ("signé", "actif"),
        ("En cours de création", "en projet"),
        ("projet", "en projet"),
        ("en veille", "en sommeil"),
        ("Terminé", "arrêté"),
        ("arrete", "arrêté"),
        ("NSP", "inconnu"),
        ("", "inconnu"),
        (None, "inconnu"),
    ],
)
def test_states_in_many_spellings(cell, state):
    assert state_of(cell) == state


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_itself(state):
    assert state_of(state) == state


def test_a_word_that_means_two_states_is_refused_with_both():
    with pytest.raises(RefusedValueError) as caught:
        state_of("en cours")
    assert [p.code for p in caught.value.propositions] == ["actif", "en projet"]


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2019", "2019"),
        (2019, "2019"),
        (2019.0, "2019"),
        ("2019-03", "2019-03"),
        ("03/2019", "2019-03"),
        ("2019-03-07", "2019-03-07"),
        ("07/03/2019", "2019-03-07"),
        ("7/3/2019", "2019-03-07"),
        ("7.3.2019", "2019-03-07"),
        ("2019-03-07 00:00:00", "2019-03-07"),
        ("2019-03-07T12:30:00Z", "2019-03-07"),
        (dt.datetime.fromisoformat("2019-03-07T09:00"), "2019-03-07"),
        (dt.date(2019, 3, 7), "2019-03-07"),
        (43531, "2019-03-07"),
        ("43531", "2019-03-07"),
        ("1er mars 2019", "2019-03-01"),
        ("7 mars 2019", "2019-03-07"),
        ("septembre 2019", "2019-09"),
        ("févr. 2019", "2019-02"),
        ("", ""),
        (None, ""),
        ("-", ""),
    ],
)
def test_dates_keep_the_precision_they_have(cell, date):
    assert date_of(cell) == date
    assert year_of(cell) == date[:4]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1999", "hors des années"),
        ("2101", "hors des années"),
        (dt.date(1905, 6, 29), "hors des années"),
        ("31/02/2019", "n'existe pas"),
        ("12/13/2019", "n'existe pas"),
        ("07/03/19", "deux chiffres"),
        ("bientôt", "n'est pas reconnue"),
        ("2019-2024", "n'est pas reconnue"),
        ("12345678", "n'est pas reconnue"),
    ],
)
def test_dates_that_cannot_be_are_refused(cell, reason):
    with pytest.raises(RefusedValueError, match=reason):
        date_of(cell)


def test_a_year_on_two_digits_is_offered_in_this_century():
    with pytest.raises(RefusedValueError) as caught:
        date_of("12/03/14")
    assert [p.code for p in caught.value.propositions] == ["12/03/2014"]
    assert date_of("12/03/2014") == "2014-03-12"
    with pytest.raises(RefusedValueError) as caught:
        date_of("31/02/14")
    assert caught.value.propositions == ()


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31)))
def test_every_way_of_writing_a_day_is_that_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    for cell in (day, day.isoformat(), f"{day:%d/%m/%Y}", serial, str(serial)):
        assert date_of(cell) == day.isoformat()


@pytest.mark.parametrize(
    ("cell", "figure"),
    [("1 234", 1234.0), ("1\u202f234", 1234.0), ("4,5", 4.5), (4.5, 4.5), ("0", 0.0), ("", None)],
)
def test_figures(cell, figure):
    assert number_of(cell) == figure


@pytest.mark.parametrize("cell", ["-3", "environ 30", "1.234,5", "1e3", "12 %"])
def test_what_is_not_a_figure_is_refused(cell):
    with pytest.raises(RefusedValueError, match="nombre"):
        number_of(cell)


def test_counts_are_whole():
    assert count_of("12") == 12
    with pytest.raises(RefusedValueError, match="entier"):
        count_of("12,5")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Sète\u00a0 \n(34) ", "Sète (34)"),
        ('="01053"', "01053"),
        ("'01053", "01053"),
        ("'=SOMME(A1)", "=SOMME(A1)"),
        ("=SOMME(A1)", "=SOMME(A1)"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        (200071751.0, "200071751"),
        (1053, "1053"),
        (True, "oui"),
        (None, ""),
        ("a\x00b", "a b"),
    ],
)
def test_a_cell_as_text(cell, text):
    assert text_of(cell) == text


@given(st.text())
def test_a_neutralised_text_comes_back_and_starts_no_formula(text):
    read = text_of(text)
    written = neutralise(read)
    assert not written.startswith(("=", "+", "-", "@"))
    if read.startswith(("=", "+", "-", "@")):
        assert text_of(written) == read


def test_web_addresses():
    assert is_web_address("https://exemple.fr/page?x=1")
    assert not is_web_address("Convention signée le 3 mai")
    with pytest.raises(RefusedValueError, match="https"):
        is_web_address("javascript:alert(1)")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint-Étienne", "ST ETIENNE"),
        ("Le Havre", "Havre (Le)"),
        ("L'Haÿ-les-Roses", "L’Hay les Roses"),
        ("Œuilly", "oeuilly"),
        ("Paris 10e Arrondissement", "Paris 10ème"),
        ("Châlons-sur-Marne", "Chalons s/ Marne"),
    ],
)
def test_two_spellings_of_one_name(one, other):
    assert name_key(one) == name_key(other)


def test_two_names_stay_two_names():
    assert name_key("Saint-Denis") != name_key("Saint-Denis-lès-Bourg")
    assert name_key("Sainte-Marie") != name_key("Saint-Marie")
