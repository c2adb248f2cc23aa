"""Profiles on the small world of conftest, every figure worked out by hand."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from clsm_map.analysis.comparison.profile import profile
from clsm_map.analysis.comparison.references import (
    HEXAGON,
    HEXAGON_REGIONS,
    Group,
    ancestors,
    default_reference,
    members,
    references,
)
from clsm_map.analysis.comparison.values import value_of, weighted
from clsm_map.analysis.comparison.within import (
    inequality_of,
    qpv_gap_of,
    qpv_share_of,
    ranking,
    sentence,
    side_by_side,
    years_of,
)
from clsm_map.analysis.distribution import trend
from clsm_map.analysis.need import Component, component_values, need_of, read_weights
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.territories import FRANCE, Territory

EPT, MGP = "200057867", "200054781"
SEINE_SAINT_DENIS = Territory("departement", "93", "Seine-Saint-Denis")
SAINT_DENIS = Territory("commune", "93066", "Saint-Denis")
QDENIS = Territory("qpv", "QDENIS", "Qdenis")


def indicator(id_, niveaux, unite="%", sens="plus_defavorable", annees=(2021,), **kwargs):
    known = {"denominateur": "habitants", "agregation": "aucune"} | kwargs
    return Indicator(
        id=id_, libelle=f"Libellé de {id_}", libelle_court=id_, theme="revenus_pauvrete",
        unite=unite, decimales=1, sens=sens, niveaux=niveaux, annees=annees, source="s",
        geographie="g", definition="d", prudence="", **known,
    )  # fmt: skip


INDICATORS = [
    indicator("taux_pauvrete", ("commune", "qpv", "departement")),
    indicator("taux_emploi", ("qpv",), sens="plus_favorable", annees=()),
    indicator("part_allocataires_rsa", ("qpv",), annees=()),
    indicator("allocataires_caf", ("qpv",), "allocataires", "neutre", ()),
    indicator("population", ("qpv",), "habitants", "neutre", (2020,)),
    indicator("indice_jeunesse", ("qpv",), "", "neutre", ()),
    indicator("revenu_imposable_par_habitant", ("commune", "region", "france"), "€",
              "plus_favorable", (2021, 2022)),
    indicator("population_totale", ("commune", "region", "france"), "habitants", "neutre",
              (2021, 2022), agregation="somme"),
    indicator("apl_generalistes", ("commune", "arrondissement"), "", "plus_favorable"),
    indicator("psychiatres", ("departement",), "", "plus_favorable"),
    indicator("fedi", ("commune",), ""),
]  # fmt: skip

VALUES = [
    ("taux_pauvrete", "qpv", 2021, {"QDENIS": 40.0, "QPIERREFITTE": 50.0, "QDEUX": 30.0,
                                    "QLILLE": 40.0}),
    ("taux_pauvrete", "commune", 2021, {"93066": 36.0, "93031": 20.0}),
    ("taux_pauvrete", "departement", 2021, {"93": 28.0, "59": 18.0}),
    ("taux_emploi", "qpv", None, {"QDENIS": 40.0, "QPIERREFITTE": 46.0}),
    ("part_allocataires_rsa", "qpv", None, {"QDENIS": 10.0, "QPIERREFITTE": 20.0, "QDEUX": 90.0}),
    ("allocataires_caf", "qpv", None, {"QDENIS": 3.0, "QPIERREFITTE": 1.0}),
    ("population", "qpv", 2020, {"QDENIS": 10.0, "QPIERREFITTE": 20.0, "QDEUX": 40.0,
                                 "QLILLE": 320.0}),
    ("indice_jeunesse", "qpv", None, {"QDENIS": 1.0, "QDEUX": 2.0}),
    ("revenu_imposable_par_habitant", "commune", 2022, {"93066": 9_900.0, "93031": 12_000.0,
                                                        "75056": 30_000.0, "49126": 12_000.0}),
    ("revenu_imposable_par_habitant", "commune", 2021, {"93066": 9_000.0}),
    ("revenu_imposable_par_habitant", "france", 2021, {"FR": 15_000.0}),
    ("population_totale", "region", 2022, dict.fromkeys(sorted(HEXAGON_REGIONS), 10.0)
     | {"11": 70.0, "01": 1_000.0}),
    ("revenu_imposable_par_habitant", "region", 2022,
     dict.fromkeys(sorted(HEXAGON_REGIONS), 12_000.0) | {"11": 20_000.0, "01": 1.0}),
    ("apl_generalistes", "commune", 2021, {"93066": 2.0, "93031": 4.0, "59350": 5.0}),
    ("apl_generalistes", "arrondissement", 2021, {"75118": 1.0, "75119": 6.0}),
    ("psychiatres", "departement", 2021, {"93": 10.0, "59": 20.0}),
    ("fedi", "commune", 2021, {"93066": 8.0, "93031": -2.0}),
]  # fmt: skip

SECRET = {("taux_pauvrete", "49126")}


@dataclass(frozen=True)
class Tables:
    """Stands for a snapshot: the tables of `world` and the values above."""

    world: object
    intercommunalites: pd.DataFrame
    epci: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame

    def __getattr__(self, name):
        return getattr(self.world, name)

    @property
    def indicators(self):
        return {i.id: i for i in INDICATORS}

    @property
    def indicateurs_anciennes_communes(self):
        return pd.DataFrame(
            [("93059", "apl_generalistes", 3.0)], columns=["code", "indicateur", "valeur"]
        )

    def years(self, identifier, niveau):
        found = {y for i, n, y, _ in VALUES if (i, n) == (identifier, niveau) and y}
        return tuple(sorted(found))

    def indicator(self, identifier, niveau, annee=None):
        year = annee or max(self.years(identifier, niveau), default=None)
        found = [v for i, n, y, v in VALUES if (i, n, y) == (identifier, niveau, year)]
        known = found[0] if found else {}
        every = ["FR"] if niveau == "france" else members(self, niveau)["code"]
        codes = sorted({*every, *known})
        rows = pd.DataFrame({"code": codes})
        rows["valeur"] = rows["code"].map(known).astype(float)
        rows["statut"] = np.where(rows["valeur"].notna(), "disponible", "manquant")
        secret = [(identifier, code) in SECRET for code in codes]
        rows.loc[secret, "statut"] = "secret"
        return rows


@pytest.fixture(scope="module")
def tables(world):
    communes = world.communes_all

    def group(column, *kept):
        frame = communes.dropna(subset=column).groupby(column, as_index=False)
        first = {name: (name, "first") for name in kept}
        return (
            frame.agg(
                population=("population", "sum"),
                population_2020=("population_2020", "sum"),
                **first,
            )
            .rename(columns={column: "code"})
            .assign(nom=lambda f: "Nom " + f["code"])
        )

    return Tables(
        world,
        group("intercommunalite", "departement", "region"),
        group("epci", "departement", "region"),
        group("departement", "region"),
        group("region"),
    )


def rows_of(found):
    return found.indicateurs.set_index("indicateur")


def test_profile_of_a_qpv_against_its_departement(tables):
    found = profile(tables, QDENIS, SEINE_SAINT_DENIS)
    row = rows_of(found).loc["taux_pauvrete"]
    assert (row["valeur"], row["reference"], row["ecart"]) == (40, 28, 12)
    assert row["rapport"] == pytest.approx(40 / 28)
    assert row["position"] == "plus défavorable"
    # 50, 40, 40, 30: two share the second rank; one below, two equal
    assert (row["rang"], row["n_pairs"], row["percentile"]) == (2, 4, 50)
    assert row["percentile"] == stats.percentileofscore([50, 40, 40, 30], 40, kind="mean")
    assert row["mediane_pairs"] == 40
    assert (row["annee"], row["reference_annee"], row["reference_nature"]) == (
        2021,
        2021,
        "publiée",
    )
    assert found.pairs == "quartiers prioritaires (France)"
    assert "géographie 2024" in found.mises_en_garde[0]


def test_all_qpv_of_the_reference_stand_for_it_where_it_has_no_value(tables):
    rows = rows_of(profile(tables, QDENIS, SEINE_SAINT_DENIS))
    work = rows.loc["taux_emploi"]
    assert work["reference"] == pytest.approx((40 * 10 + 46 * 20) / 30)  # by inhabitants
    assert work["position"] == "plus défavorable"  # a lower employment rate is worse
    assert "approximation" in work["mise_en_garde"]
    assert "moyenne de 2 QPV sur 3" in work["mise_en_garde"]
    assert "Année non précisée" in work["mise_en_garde"]
    rsa = rows.loc["part_allocataires_rsa"]
    assert rsa["reference"] == pytest.approx((10 * 3 + 20 * 1) / 4)  # by its own denominator
    assert "approximation" not in rsa["mise_en_garde"]
    assert rsa["reference_nature"] == "calculée"


def test_numbers_of_things_have_no_gap_and_unknown_denominators_no_mean(tables):
    rows = rows_of(profile(tables, QDENIS, SEINE_SAINT_DENIS))
    count = rows.loc["allocataires_caf"]
    assert (count["valeur"], count["reference"]) == (3, 4)
    assert math.isnan(count["ecart"])
    assert math.isnan(count["rapport"])
    assert count["position"] == ""
    youth = rows.loc["indice_jeunesse"]
    assert math.isnan(youth["reference"])
    assert "dénominateur" in youth["mise_en_garde"]


def test_a_level_where_an_indicator_is_not_given_is_refused_with_the_reason(tables):
    found = profile(tables, SAINT_DENIS, FRANCE)
    refused = found.refus.set_index("indicateur")["raison"]
    assert "taux_emploi" in refused.index
    assert "quartiers prioritaires" in refused["taux_emploi"]
    assert "taux_emploi" not in rows_of(found).index
    with pytest.raises(InvalidInputError, match="les communes"):
        ranking(tables, "taux_emploi", "commune")


def test_different_years_are_never_compared_in_silence(tables):
    row = rows_of(profile(tables, SAINT_DENIS, FRANCE)).loc["revenu_imposable_par_habitant"]
    assert (row["annee"], row["reference_annee"]) == (2022, 2021)
    assert "Années différentes" in row["mise_en_garde"]
    assert row["position"] == "plus défavorable"


def test_secret_and_missing_are_told_apart_and_never_enter(tables):
    brissac = Territory("commune", "49126", "Brissac")
    row = rows_of(profile(tables, brissac, FRANCE)).loc["taux_pauvrete"]
    assert row["statut"] == "secret"
    assert math.isnan(row["valeur"])
    assert pd.isna(row["rang"])
    assert row["n_pairs"] == 2
    table = ranking(tables, "taux_pauvrete", "commune").set_index("code")
    assert table.loc["93066", "rang"] == 1
    assert table.loc[["49126", "59350"], "statut"].tolist() == ["secret", "manquant"]
    assert table.loc[["49126", "59350"], "rang"].isna().all()


def test_an_index_around_zero_has_no_ratio(tables):
    found = profile(tables, Territory("commune", "93031", "Épinay"), FRANCE)
    row = rows_of(found).loc["fedi"]
    assert math.isnan(row["rapport"])
    assert row["rang"] == 2


def test_peers_may_be_those_of_a_territory(tables):
    found = profile(tables, SAINT_DENIS, FRANCE, inside=SEINE_SAINT_DENIS)
    row = rows_of(found).loc["revenu_imposable_par_habitant"]
    assert (row["rang"], row["n_pairs"]) == (2, 2)
    assert found.pairs == "communes (Seine-Saint-Denis)"


def test_all_the_qpv_of_a_territory_as_the_subject(tables):
    found = profile(tables, Group("qpv", SEINE_SAINT_DENIS), SEINE_SAINT_DENIS)
    row = rows_of(found).loc["taux_pauvrete"]
    assert row["valeur"] == pytest.approx((40 * 10 + 50 * 20 + 30 * 40) / 70)
    assert row["reference"] == 28
    assert pd.isna(row["rang"])
    assert "3 QPV sur 3" in row["mise_en_garde"]
    assert found.pairs == ""


def test_mainland_france_only_where_the_denominator_is_known(tables):
    income = value_of(tables, tables.indicators["revenu_imposable_par_habitant"], HEXAGON)
    # 70 inhabitants at 20 000 and 11 régions of 10 at 12 000; overseas left out
    assert income.valeur == pytest.approx((70 * 20_000 + 110 * 12_000) / 180)
    assert value_of(tables, tables.indicators["population_totale"], HEXAGON).valeur == 180
    refused = value_of(tables, tables.indicators["taux_pauvrete"], HEXAGON)
    assert math.isnan(refused.valeur)
    assert "dénominateur" in refused.note


def test_weighted_mean_is_the_one_of_numpy():
    rng = np.random.default_rng(3)
    codes = [str(i) for i in range(20)]
    x, w = rng.normal(size=20), rng.uniform(size=20)
    values = pd.DataFrame({"code": codes, "valeur": x, "statut": "disponible"})
    weights = pd.DataFrame({"code": codes[::-1], "valeur": w[::-1], "statut": "disponible"})
    assert weighted(values, weights) == (pytest.approx(np.average(x, weights=w)), 20)
    weights.loc[0, "statut"] = "secret"
    assert weighted(values, weights) == (pytest.approx(np.average(x[:19], weights=w[:19])), 19)


def test_what_holds_a_territory(tables):
    above = ancestors(tables, QDENIS)
    assert {level: t.code for level, t in above.items()} == {
        "commune": "93066", "epci": EPT, "departement": "93", "region": "11", "france": "FR",
    }  # fmt: skip
    assert ancestors(tables, Territory("qpv", "QPIERREFITTE", "x"))["commune"].code == "93066"
    assert "commune" not in ancestors(tables, Territory("qpv", "QDEUX", "x"))
    assert ancestors(tables, Territory("qpv", "QPARIS19", "x"))["arrondissement"].code == "75119"
    assert "arrondissement" not in ancestors(tables, Territory("qpv", "QPARIS", "x"))
    tahiti = ancestors(tables, Territory("qpv", "QTAHITI", "x"))
    assert [t.nom for t in tahiti.values()] == ["Polynésie française", "France"]
    assert ancestors(tables, Territory("arrondissement", "75118", "x"))["commune"].code == "75056"
    assert ancestors(tables, FRANCE) == {}
    polynesia = Territory("departement", "987", "Polynésie française")
    assert list(ancestors(tables, polynesia)) == ["france"]
    assert rows_of(profile(tables, polynesia)).loc["taux_pauvrete", "statut"] == "manquant"
    with pytest.raises(UnknownTerritoryError):
        ancestors(tables, Territory("commune", "99999", "x"))


def test_references_offered(tables):
    offered = references(tables, QDENIS)
    assert HEXAGON in offered
    assert Group("qpv", SEINE_SAINT_DENIS).key in [o.key for o in offered]
    overseas = references(tables, Territory("qpv", "QREUNION", "x"))
    assert HEXAGON not in overseas
    assert default_reference(tables, QDENIS).key == "departement:93"
    assert default_reference(tables, SEINE_SAINT_DENIS) == FRANCE
    assert HEXAGON.key == "hexagone"


def test_grand_paris_is_known_but_not_a_peer(tables):
    assert MGP not in set(members(tables, "epci")["code"])
    assert ancestors(tables, Territory("epci", MGP, "x"))["region"].code == "11"


def test_side_by_side(tables):
    both = side_by_side(
        [profile(tables, t) for t in (SAINT_DENIS, Territory("commune", "93031", "Épinay"))]
    ).set_index("indicateur")
    assert both.loc["taux_pauvrete", ["commune:93066", "commune:93031"]].tolist() == [36, 20]
    assert both.loc["taux_pauvrete", "annee"] == 2021
    mixed = side_by_side([profile(tables, SAINT_DENIS), profile(tables, FRANCE)])
    row = mixed.set_index("indicateur").loc["revenu_imposable_par_habitant"]
    assert pd.isna(row["annee"])
    assert row["mise_en_garde"] == "Les années ne sont pas les mêmes."
    for wrong in ([SAINT_DENIS], [SAINT_DENIS] * 2):
        with pytest.raises(InvalidInputError):
            side_by_side([profile(tables, t) for t in wrong])


def test_small_populations_are_flagged(tables):
    assert rows_of(profile(tables, QDENIS)).loc["taux_pauvrete", "effectif_faible"]
    assert not rows_of(profile(tables, SAINT_DENIS)).loc["taux_pauvrete", "effectif_faible"]
    assert not rows_of(profile(tables, QDENIS)).loc["allocataires_caf", "effectif_faible"]


def test_communes_that_hold_too_few_inhabitants_make_no_mean(tables):
    # 93066 (150,000) and 93031 (50,000) are all of Seine-Saint-Denis: (2 x 150 + 4 x 50) / 200
    access = tables.indicators["apl_generalistes"]
    assert value_of(tables, access, SEINE_SAINT_DENIS).valeur == 2.5
    # Paris has values for two arrondissements of three: 370,000 inhabitants of 386,000
    paris = value_of(tables, access, Territory("departement", "75", "Paris"))
    assert paris.valeur == pytest.approx((1 * 190 + 6 * 180) / 370)
    assert "2 communes et arrondissements sur 3" in paris.note
    # France: 386,000 + 200,000 + 230,000 known of 2,700,000 or so
    france = value_of(tables, access, FRANCE)
    assert math.isnan(france.valeur)
    assert "ne réunissent que" in france.note


def test_a_finding_in_words(tables):
    found = profile(tables, QDENIS, SEINE_SAINT_DENIS)
    assert sentence(found, "taux_pauvrete").replace("\xa0", " ").replace("\u202f", " ") == (
        "Libellé de taux_pauvrete (2021) : 40,0 % (Qdenis), contre 28,0 % (Seine-Saint-Denis) ; "
        "2e ex aequo (2) sur 4 quartiers prioritaires (France) dont la valeur est connue, plus "
        "haut que 25 % des pairs."
    )
    unknown = profile(tables, Territory("qpv", "QTAHITI", "Tahiti"))
    assert "non connue" in sentence(unknown, "taux_pauvrete")
    with pytest.raises(InvalidInputError):
        sentence(found, "fedi")


def test_unknown_indicators_and_territories_are_refused(tables):
    with pytest.raises(InvalidInputError):
        profile(tables, SAINT_DENIS, indicateurs=["inconnu"])
    with pytest.raises(UnknownTerritoryError):
        profile(tables, Territory("commune", "99999", "x"))
    with pytest.raises(InvalidInputError):
        ranking(tables, "inconnu", "commune")


# -- inside a territory -------------------------------------------------------------------------


def test_inequality_between_the_communes_of_a_departement(tables):
    found = inequality_of(tables, SEINE_SAINT_DENIS, "revenu_imposable_par_habitant")
    assert found.n == 2
    assert found.moyenne == pytest.approx((150 * 9_900 + 50 * 12_000) / 200)
    assert inequality_of(tables, SEINE_SAINT_DENIS, "taux_pauvrete").mediane == 36
    for wrong in ("taux_emploi", "population_totale", "inconnu"):
        with pytest.raises(InvalidInputError):
            inequality_of(tables, SEINE_SAINT_DENIS, wrong)


def test_share_of_inhabitants_in_qpv(tables):
    assert qpv_share_of(tables, SEINE_SAINT_DENIS) == pytest.approx(100 * 70 / 200_000)
    assert qpv_share_of(tables, Territory("commune", "59368", "x")) == 0
    assert math.isnan(qpv_share_of(tables, FRANCE))  # the population of QTAHITI is unknown


def test_qpv_against_the_rest_of_their_departement(tables):
    found = qpv_gap_of(tables, SEINE_SAINT_DENIS)
    inside = 40 * 10 + 50 * 20 + 30 * 40
    assert found.qpv == pytest.approx(inside / 70)
    assert found.reste == pytest.approx((28 * 200_000 - inside) / (200_000 - 70))
    straddling = qpv_gap_of(tables, SAINT_DENIS)  # QDEUX goes on into Épinay
    assert math.isnan(straddling.reste)
    assert "hors du territoire" in straddling.prudence
    for wrong in ("revenu_imposable_par_habitant", "taux_emploi", "inconnu"):
        with pytest.raises(InvalidInputError):
            qpv_gap_of(tables, SEINE_SAINT_DENIS, wrong)


def test_years_stack_for_a_trend(tables):
    table = trend(years_of(tables, "revenu_imposable_par_habitant", "commune")).set_index("code")
    assert table.loc["93066", "variation_relative"] == pytest.approx(10)
    assert math.isnan(table.loc["93031", "variation"])
    for name, level in (("fedi", "commune"), ("taux_emploi", "commune"), ("inconnu", "commune")):
        with pytest.raises(InvalidInputError):
            years_of(tables, name, level)


# -- what the need index is made of -------------------------------------------------------------


def test_communes_and_departements_are_brought_to_the_qpv(tables):
    values = component_values(tables, "qpv", ["taux_pauvrete", "apl_generalistes", "psychiatres"])
    assert values.loc["QDENIS"].tolist() == [40, 2, 10]
    assert values.loc["QPIERREFITTE", "apl_generalistes"] == 3  # its former commune, not today's
    assert values.loc["QDEUX", "apl_generalistes"] == pytest.approx(0.9 * 4 + 0.1 * 2)
    assert values.loc["QPARIS", "apl_generalistes"] == pytest.approx(0.6 * 1 + 0.4 * 6)
    assert values.loc["QPARIS19", "apl_generalistes"] == 6
    assert math.isnan(values.loc["QTAHITI", "apl_generalistes"])
    with pytest.raises(InvalidInputError):
        component_values(tables, "qpv", ["inconnu"])
    with pytest.raises(InvalidInputError):
        component_values(tables, "commune", ["taux_emploi"])


def test_need_of_the_small_world(tables):
    found = need_of(tables, components=[Component("taux_pauvrete", 1, "plus_defavorable")])
    assert found.n == 4
    assert found.scores["score"].idxmax() == "QPIERREFITTE"


@pytest.mark.parametrize(
    "text",
    [
        "indicateur;poids\ntaux_pauvrete;3\ntaux_emploi;1,5\n",
        "\ufeffindicateur,poids\ntaux_pauvrete,3\ntaux_emploi,1.5\n",
        "[poids]\ntaux_pauvrete = 3\ntaux_emploi = 1.5\n",
    ],
)
def test_weights_are_read_from_csv_and_toml(text, tables):
    components, moyenne = read_weights(text, tables.indicators)
    assert components == (
        Component("taux_pauvrete", 3, "plus_defavorable"),
        Component("taux_emploi", 1.5, "plus_favorable"),
    )
    assert moyenne == "arithmetique"


def test_a_file_may_give_directions_and_the_mean(tables):
    text = 'moyenne = "geometrique"\n[poids]\nindice_jeunesse = 1\n[sens]\n'
    text += 'indice_jeunesse = "plus_favorable"\n'
    components, moyenne = read_weights(text, tables.indicators)
    assert components == (Component("indice_jeunesse", 1, "plus_favorable"),)
    assert moyenne == "geometrique"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a;b\n1;2\n",
        "indicateur;poids\ninconnu;1\n",
        "indicateur;poids\ntaux_pauvrete;beaucoup\n",
        "indicateur;poids\ntaux_pauvrete;1\ntaux_pauvrete;2\n",
        "indicateur;poids;sens\ntaux_pauvrete;1;haut\n",
        "[poids\n",
        "[autre]\nx = 1\n",
        'moyenne = "harmonique"\n[poids]\ntaux_pauvrete = 1\n',
        "[poids]\n" + "#" * 200_000,
    ],
)
def test_a_bad_file_of_weights_is_refused(text, tables):
    with pytest.raises(InvalidInputError):
        read_weights(text, tables.indicators)
