"""The selection prints to a link and comes back from it; bad values are ignored with a notice."""

import datetime as dt
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clsm_map.domain.devices import DEVICE_TYPES, STATUSES
from clsm_map.domain.selection import (
    BASEMAPS,
    CANDIDATE_CHOICES,
    COVERAGE_VIEWS,
    EVOLUTIONS,
    GAP_ORDERS,
    INDEX_LEVELS,
    INDEX_MEANS,
    LAYERS,
    MAP_LEVELS,
    MEASURES,
    MOMENTS,
    PARTIAL_CHOICES,
    PEERS,
    REFERENCES,
    SCHEMES,
    SUBJECTS,
    Angle,
    Planning,
    PlanView,
    QpvFilter,
    Selection,
    Study,
    Vocabulary,
)

VOCABULARY = Vocabulary(
    indicators={
        "revenu_imposable_par_habitant": frozenset(MAP_LEVELS),
        "mortalite_prematuree": frozenset({"departement"}),
    },
    palettes=frozenset({"YlOrBr", "oslo"}),
    is_territory=lambda level, code: (
        (level, code)
        in {("france", "FR"), ("region", "84"), ("epci", "200071751"), ("qpv", "QN00101M")}
    ),
    studied=frozenset({"taux_pauvrete", "taux_emploi"}),
)


def ordered_subset(values):
    return st.sets(st.sampled_from(values)).map(lambda s: tuple(v for v in values if v in s))


def bounds():
    number = st.one_of(st.none(), st.integers(0, 100_000).map(float))
    return st.tuples(number, number).filter(lambda b: None in b or b[0] <= b[1])


selections = st.builds(
    Selection,
    territoire=st.sampled_from(["france:FR", "region:84", "epci:200071751"]),
    type=st.sampled_from(DEVICE_TYPES),
    date=st.one_of(st.none(), st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))),
    niveau=st.sampled_from(MAP_LEVELS),
    indicateur=st.just("revenu_imposable_par_habitant"),
    annee=st.one_of(st.none(), st.integers(2015, 2025)),
    classes=st.sampled_from(SCHEMES),
    n=st.integers(2, 5),
    seuils=st.sets(st.integers(-50, 50).map(float), max_size=4).map(lambda s: tuple(sorted(s))),
    palette=st.sampled_from(["", "YlOrBr", "oslo"]),
    couches=ordered_subset(LAYERS),
    fond=st.sampled_from(BASEMAPS),
    filtre=st.builds(
        QpvFilter,
        statuts=ordered_subset(tuple(STATUSES)),
        habitants=bounds(),
        pauvrete=bounds(),
        emploi=bounds(),
        evolutions=ordered_subset(tuple(EVOLUTIONS)),
    ),
    choisi=st.sampled_from(["", "qpv:QN00101M"]),
    sujet=st.sampled_from(["", "commune:69259", "dispositif:clsm-grenoble"]),
    lieu=st.sampled_from(["", "clsm-bourg-en-bresse", "5.22,46.2"]),
    rayon=st.integers(1, 100).map(float),
    vue=st.sampled_from(COVERAGE_VIEWS),
    tri=st.sampled_from(GAP_ORDERS),
    mesure=st.sampled_from(MEASURES),
    janvier=st.one_of(st.none(), st.integers(2005, 2026)),
    projet=st.builds(
        Planning,
        plan=st.sampled_from(get_args(PlanView)),
        k=st.integers(1, 20),
        candidats=st.sampled_from(CANDIDATE_CHOICES),
        liste=st.sampled_from([(), ("200071751",)]),
        pondere=st.booleans(),
        sans_projets=st.booleans(),
        partiels=st.sampled_from(PARTIAL_CHOICES),
        par_departement=st.one_of(st.none(), st.integers(1, 20)),
        plafond=st.one_of(st.none(), st.integers(1, 70_000_000)),
        plafond_chacun=st.one_of(st.none(), st.integers(1, 70_000_000)),
        imposes=st.sampled_from([(), ("200071751",)]),
        exclus=st.sampled_from([(), ("region:84",), ("region:84", "epci:200071751")]),
        scenario=st.sampled_from(
            ["", "c.200071751", "c.01053.01344~e.clsm-bourg-en-bresse.200071751"]
        ),
        moment=st.sampled_from(MOMENTS),
    ),
    etude=st.builds(
        Study,
        angle=st.sampled_from(get_args(Angle)),
        ensemble=st.sampled_from(SUBJECTS),
        reference=st.sampled_from(REFERENCES),
        pairs=st.sampled_from(PEERS),
        avec=st.sampled_from([(), ("region:84",), ("region:84", "qpv:QN00101M")]),
        etudie=st.sampled_from(["", "taux_emploi"]),
        croise=st.sampled_from(["", "taux_pauvrete"]),
        echelon=st.sampled_from(["", "qpv", "commune"]),
        besoin=st.sampled_from(["", "taux_pauvrete"]),
        composantes=st.sampled_from([(), ("taux_pauvrete:3", "taux_emploi:0.5")]),
        indice=st.sampled_from(INDEX_LEVELS),
        moyenne=st.sampled_from(INDEX_MEANS),
    ),
)


@given(selections)
def test_a_selection_comes_back_equal_from_its_own_link(selection):
    assert Selection.from_query(selection.to_query(), VOCABULARY) == (selection, ())


def test_the_parts_of_a_link_never_share_a_name():
    names = [f.name for part in (Selection, QpvFilter, Study, Planning) for f in fields(part)]
    assert len(set(names)) == len(names)


def test_the_default_view_has_an_empty_link():
    assert Selection().to_query() == {}


def test_a_range_prints_with_an_open_end():
    query = Selection(filtre=QpvFilter(pauvrete=(45.0, None))).to_query()
    assert query == {"pauvrete": "45-"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("territoire", "region:999"),
        ("territoire", "region"),
        ("territoire", "<script>:84"),
        ("type", "XYZ"),
        ("date", "2020-13-01"),
        ("date", "1901-01-01"),
        ("plan", "nulle-part"),
        ("k", "0"),
        ("k", "21"),
        ("k", "cinq"),
        ("candidats", "region"),
        ("liste", "200071751,999999999"),
        ("pondere", "True"),
        ("par_departement", "0"),
        ("plafond", "1e6"),
        ("exclus", "region:84,region:999"),
        ("scenario", "c.<script>"),
        ("niveau", "quartier"),
        ("indicateur", "bonheur"),
        ("annee", "deux mille"),
        ("annee", "1200"),
        ("classes", "kmeans"),
        ("n", "9"),
        ("n", "1"),
        ("seuils", "1,2,3,4,5"),
        ("seuils", "nan"),
        ("palette", "jet"),
        ("couches", "qpv,radar"),
        ("fond", "google"),
        ("choisi", "qpv:QN99999X"),
        ("lieu", "${alert(1)}"),
        ("rayon", "0"),
        ("rayon", "1e9"),
        ("statuts", "couvert,parfait"),
        ("habitants", "2000"),
        ("pauvrete", "50-40"),
        ("emploi", "a-b"),
        ("evolutions", "Z"),
        ("vue", "partout"),
        ("tri", "nom"),
        ("mesure", "surface"),
        ("janvier", "1999"),
        ("janvier", "hier"),
        ("angle", "droit"),
        ("reference", "qpv@lune"),
        ("avec", "region:84,region:99"),
        ("avec", "region:84,qpv:QN00101M,epci:200071751,france:FR"),
        ("etudie", "bonheur"),
        ("echelon", "france"),
        ("composantes", "taux_pauvrete"),
        ("composantes", "taux_pauvrete:0"),
        ("composantes", "taux_pauvrete:99"),
        ("composantes", "taux_pauvrete:1,taux_pauvrete:2"),
        ("composantes", "bonheur:2"),
        ("moyenne", "quadratique"),
    ],
)
def test_a_bad_value_is_ignored_with_a_notice_that_names_it(name, value):
    selection, notices = Selection.from_query({"type": "CLS"} | {name: value}, VOCABULARY)
    assert len(notices) == 1
    assert name in notices[0]
    expected = Selection() if name == "type" else Selection(type="CLS")
    assert selection == expected


def test_unknown_parameters_are_ignored_in_silence():
    assert Selection.from_query({"utm_source": "lettre"}, VOCABULARY) == (Selection(), ())


def test_a_level_where_the_indicator_is_not_published_is_said_and_replaced():
    selection, notices = Selection.from_query(
        {"indicateur": "mortalite_prematuree", "niveau": "commune"}, VOCABULARY
    )
    assert selection.niveau == "departement"
    assert len(notices) == 1
    assert "pas publié à l’échelon demandé" in notices[0]


def test_a_link_without_a_level_takes_one_that_the_indicator_has_in_silence():
    selection, notices = Selection.from_query({"indicateur": "mortalite_prematuree"}, VOCABULARY)
    assert selection.niveau == "departement"
    assert notices == ()
