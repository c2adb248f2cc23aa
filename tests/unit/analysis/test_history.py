import datetime as dt

import pandas as pd
import pytest

from clsm_map.analysis.ground import Ground
from clsm_map.analysis.history import announced_total, computed_history, published_series
from clsm_map.domain.territories import Territory
from tests.unit.analysis.conftest import EPT, LILLE, TODAY

CHIFFRES = pd.DataFrame(
    [
        ("2016", "France", "CLSM", "nombre de CLSM actifs (31/12)", "166"),
        ("2020", "France", "CLSM", "nombre de CLSM actifs (1er janvier)", "244"),
        (None, "France", "CLSM", "nombre de CLSM actifs", "298"),
        ("2025", "France", "CLSM", "nombre de CLSM (mai)", "280"),
        ("2020", "France", "CLSM", "nombre de CLSM en projet (1er janvier)", "34"),
        ("2020", "France", "CLSM et QPV", "QPV couverts par les CLSM actifs (1er janvier)", "677"),
        ("2016", "France", "CLSM et QPV", "CLSM couvrant au moins un QPV (31/12)", "120"),
        ("2020", "France", "CLSM", "population couverte par un CLSM", "20300000"),
        ("2022", "France", "CLSM", "créations de CLSM par an", "15 à 30"),
        ("2018", "France", "CLSM", "part des CLSM à l'échelle d'une seule commune", "58"),
        ("2014", "France", "CLSM", "CLSM opérationnels destinataires de l'enquête", "81"),
        ("2008", "France", "ASV", "nombre d'ASV (31/12)", "237"),
        (None, "Val-d'Oise", "CLSM", "nombre de CLSM", "5"),
    ],
    columns=["annee", "territoire", "theme", "indicateur", "valeur"],
).assign(unite="", source="une page", note="")


def history(world, facts, years, **known):
    frame = computed_history(Ground.of(world, facts), "CLSM", years, today=TODAY, **known)
    return frame.set_index("annee")


def test_devices_and_qpv_at_each_first_of_january(world, facts):
    facts.device("plaine", EPT, annee_debut="2015").device("lille", LILLE, annee_debut="2017")
    facts.device("fini", "97105", annee_debut="2014", annee_fin="2015")
    found = history(world, facts, range(2014, 2019))
    # created in 2014, 2015 and 2017: counted on the 1 January that follows
    assert found["dispositifs"].tolist() == [0, 1, 1, 1, 2]
    assert found["qpv_couverts"].tolist() == [0, 1, 3, 3, 4]
    assert found.loc[2014, "date"] == dt.date(2014, 1, 1)


def test_unknown_starts_stay_apart_at_every_date(world, facts):
    facts.device("epinay", "93031", annee_debut="2015")
    facts.device("denis", "93066", annee_debut=None)
    facts.device("passe", "59350", annee_debut=None, annee_fin="2016")
    facts.device("doute", "97105", annee_debut=None, statut="inconnu")
    found = history(world, facts, [2016, 2017, 2026])
    assert found["dispositifs"].tolist() == [1, 1, 1]
    assert found["debut_inconnu"].tolist() == [2, 1, 1]
    assert found["qpv_couverts"].tolist() == [0, 0, 0]
    assert found["qpv_couverts_en_partie"].tolist() == [1, 1, 1]
    # Saint-Denis, Pierrefitte and the one over two communes; Lille too until 2016.
    assert found["qpv_couverts_debut_inconnu"].tolist() == [4, 3, 3]


def test_unknown_starts_stay_apart_even_on_the_day_of_the_register(world, facts):
    facts.device("denis", "93066", annee_debut=None, source_date="2026-01-01")
    found = history(world, facts, [2026])
    assert found.loc[2026, ["dispositifs", "debut_inconnu"]].tolist() == [0, 1]


def test_of_a_territory(world, facts):
    facts.device("plaine", EPT).device("lille", LILLE)
    nord = Territory("departement", "59", "Nord")
    assert history(world, facts, [2020], territory=nord).loc[
        2020, ["dispositifs", "qpv_couverts"]
    ].tolist() == [1, 1]


def test_published_figures_by_series():
    found = published_series(CHIFFRES, "CLSM")
    assert found["serie"].tolist() == [
        *["dispositifs"] * 4,
        "projets",
        "qpv_couverts",
        "couvrant_un_qpv",
        "habitants",
    ]
    assert found["valeur"].tolist() == [166, 244, 280, 298, 34, 677, 120, 20_300_000]
    assert found["source"].eq("une page").all()


@pytest.mark.parametrize(
    ("valeur", "date", "moment"),
    [
        (166, "2016-12-31", "31/12"),
        (244, "2020-01-01", "1er janvier"),
        (280, "2025-05-01", "mai"),
        (20_300_000, "2020-07-01", ""),
    ],
)
def test_where_a_published_point_stands(valeur, date, moment):
    row = published_series(CHIFFRES, "CLSM").set_index("valeur").loc[valeur]
    assert row["date"] == pd.Timestamp(date)
    assert row["moment"] == moment


def test_an_undated_page_has_no_place_in_time():
    row = published_series(CHIFFRES, "CLSM").set_index("valeur").loc[298]
    assert pd.isna(row["annee"])
    assert pd.isna(row["date"])


def test_series_of_other_types_and_territories():
    assert published_series(CHIFFRES, "ASV")["valeur"].tolist() == [237]
    assert published_series(CHIFFRES, "CLS").empty
    assert published_series(CHIFFRES, "CLSM", "Val-d'Oise")["valeur"].tolist() == [5]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [("CLSM", "280 (mai 2025) à 298 (page non datée)"), ("ASV", "237 (31 décembre 2008)")],
)
def test_what_is_announced_keeps_the_date_of_each_number(type_, expected):
    assert announced_total(CHIFFRES, type_).words.replace("\u00a0", " ") == expected


def test_nothing_is_announced_of_a_type_that_no_figure_counts():
    assert announced_total(CHIFFRES, "CLS") is None


def test_the_latest_is_announced_even_when_an_older_one_is_higher():
    more = CHIFFRES.iloc[[1]].assign(annee="2024", indicateur="nombre de CLSM", valeur="290")
    told = announced_total(pd.concat([CHIFFRES, more], ignore_index=True), "CLSM")
    assert told.numbers == (280, 298)
    # 121 / 298 = 40.6 %, 121 / 280 = 43.2 %
    assert told.share(121) == "41 à 43\u00a0%"
