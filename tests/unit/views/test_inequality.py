"""What Inégalités says, against figures that a person can check in the source files."""

import math

import pandas as pd
import pytest

from clsm_map.analysis.comparison.profile import profile
from clsm_map.analysis.comparison.within import sentence
from clsm_map.analysis.need import DEFAULT_QPV, DEFAULTS, need_of
from clsm_map.charts.distribution import trend_curves
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Study
from clsm_map.domain.territories import FRANCE, MAYOTTE_CENSUS
from clsm_map.formats import NBSP
from clsm_map.store.snapshot import open_snapshot
from clsm_map.store.territories import find_territory
from clsm_map.views.inegalites import trend_told
from clsm_map.views.inequality.crossing import common_levels, crossing
from clsm_map.views.inequality.index import component_indicators, index_view
from clsm_map.views.inequality.profile import (
    gap_text,
    most_marked,
    percentile_rows,
    profile_choices,
    profile_finding,
    profile_table,
    side_finding,
    side_rows,
    side_table,
)
from clsm_map.views.inequality.ranking import ranked, regions_of, suitable_level
from clsm_map.views.inequality.trend import trend_indicators, trend_of
from clsm_map.views.inequality.within import within


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="module")
def seine_saint_denis(snapshot):
    return find_territory(snapshot, "departement:93")


@pytest.mark.parametrize(
    ("gap", "unit", "written"),
    [
        (12.0, "%", "+12,0\u00a0points"),
        (-3.25, "€", "−3,2\u00a0€"),
        (0.0, "%", "0,0\u00a0points"),
        (-0.01, "%", "0,0\u00a0points"),
        (math.nan, "%", "–"),
    ],
)
def test_a_gap_is_written_with_its_sign_and_in_points_between_percentages(gap, unit, written):
    assert gap_text(gap, unit, 1) == written


def test_the_reading_follows_the_direction_of_the_indicator(snapshot, seine_saint_denis):
    rows = percentile_rows(profile(snapshot, seine_saint_denis), snapshot.indicators)
    by_id = rows.set_index("indicateur")
    assert by_id.loc["taux_pauvrete", "lecture"] == "defavorable"  # high, and more is worse
    assert by_id.loc["niveau_de_vie_median", "lecture"] == "defavorable"  # low, and more is better
    assert by_id.loc["psychiatres", "lecture"] == "favorable"
    assert by_id.loc["lits_psychiatrie", "lecture"] == "neutre"
    assert "population_municipale" not in by_id.index


def test_the_most_marked_indicators_are_the_furthest_from_the_median():
    rows = pd.DataFrame({"indicateur": ["a", "b", "c", "d"], "percentile": [52.0, 3.0, 90.0, 60.0]})
    rows["lecture"] = "neutre"
    kept = most_marked(rows, 2)  # 47 points below the median, 40 above
    assert list(kept["indicateur"]) == ["b", "c"]
    assert len(most_marked(rows, 9)) == 4


def test_what_is_unfavourable_is_never_left_out_for_what_is_favourable():
    rows = pd.DataFrame(
        {
            "indicateur": ["a", "b", "c", "d"],
            "percentile": [2.0, 95.0, 90.0, 70.0],
            "lecture": ["favorable", "favorable", "favorable", "defavorable"],
        }
    )
    assert list(most_marked(rows, 2)["indicateur"]) == ["a", "d"]
    assert list(most_marked(rows, 3)["indicateur"]) == ["a", "b", "d"]


def test_between_territories_the_most_marked_are_the_furthest_apart():
    rows = pd.DataFrame(
        {"indicateur": ["a", "b", "c"] * 2, "percentile": [1.0, 40.0, 10.0, 2.0, 60.0, 95.0]}
    ).assign(lecture=["favorable"] * 3 + ["defavorable"] * 3)
    kept = most_marked(rows, 2)  # 85 points apart, then 20; "a" is low in both
    assert list(kept["indicateur"]) == ["b", "c", "b", "c"]


def test_qpv_set_against_their_own_territory_are_not_counted_as_equal(snapshot, seine_saint_denis):
    choices = profile_choices(
        snapshot, seine_saint_denis, Study(ensemble="qpv", reference="departement")
    )
    found = profile(snapshot, choices.subject, choices.reference)
    assert "1 des 1\u00a0indicateur" in profile_finding(found)  # poverty alone has both sides


def test_a_missing_kind_of_reference_falls_back_with_a_notice(snapshot, seine_saint_denis):
    choices = profile_choices(snapshot, seine_saint_denis, Study(reference="commune"))
    assert choices.reference == FRANCE
    assert choices.notice
    assert profile_choices(snapshot, seine_saint_denis, Study()).notice == ""


def test_the_widest_difference_of_place_is_the_one_said(snapshot, seine_saint_denis):
    paris = find_territory(snapshot, "departement:75")
    profiles = [profile(snapshot, t) for t in (seine_saint_denis, paris)]
    rows = side_rows(profiles, snapshot.indicators)
    wide = rows.pivot_table(index="libelle", columns="cle", values="percentile", sort=False)
    widest = (wide["departement:93"] - wide["departement:75"]).abs().idxmax()
    assert widest in side_finding(rows, profiles)


def test_the_ranking_leaves_out_what_has_no_value(snapshot, seine_saint_denis):
    found = ranked(snapshot, "taux_pauvrete", "departement", seine_saint_denis, FRANCE)
    assert len(found.table()) == 101
    assert len(found.table(known_only=True)) == 98  # not produced in 971, 973, 976
    assert found.histogram.n == 98
    assert found.histogram_table()["Départements"].sum() == 98
    assert "2e sur 98 départements dont la valeur est connue" in found.finding


def test_a_ranking_that_holds_mayotte_says_the_census_of_its_inhabitants(snapshot):
    # communes_2026.csv: the 17 communes of Mayotte have the same number in 2020 and 2023 (2017's).
    ain, mayotte = (find_territory(snapshot, f"departement:{code}") for code in ("01", "976"))
    for level in ("departement", "epci", "commune"):
        everywhere = ranked(snapshot, "population_municipale", level, mayotte, FRANCE)
        assert MAYOTTE_CENSUS in everywhere.cautions
    here = ranked(snapshot, "population_municipale", "commune", ain, ain)
    assert MAYOTTE_CENSUS not in here.cautions


def test_a_place_without_any_territory_of_the_level_is_refused(snapshot):
    ain = find_territory(snapshot, "departement:01")
    with pytest.raises(InvalidInputError, match="aucun territoire"):
        ranked(snapshot, "apl_generalistes", "arrondissement", ain, ain)


def test_the_level_wanted_is_kept_or_refused_with_the_reason(snapshot, seine_saint_denis):
    employment, poverty = (snapshot.indicators[i] for i in ("taux_emploi", "taux_pauvrete"))
    assert suitable_level(poverty, seine_saint_denis, "") == ("departement", "")
    level, notice = suitable_level(employment, seine_saint_denis, "")
    assert level == "qpv"
    assert "quartiers prioritaires" in notice


def test_collectivities_outside_the_regions_keep_their_name(snapshot):
    regions = regions_of(snapshot, "qpv")
    assert regions.notna().all()
    assert {"Saint-Martin", "Polynésie française"} <= set(regions)


def test_a_crossing_refuses_what_would_mislead(snapshot, seine_saint_denis):
    def cross(x, y, level="departement"):
        return crossing(snapshot, x, y, level, seine_saint_denis, FRANCE)

    with pytest.raises(InvalidInputError, match="différents"):
        cross("psychiatres", "psychiatres")
    with pytest.raises(InvalidInputError, match="taille du territoire"):
        cross("population_municipale", "psychiatres")
    with pytest.raises(InvalidInputError, match="ne se lisent pas"):
        cross("fedi", "apl_generalistes", "commune")
    with pytest.raises(InvalidInputError, match="aucun échelon commun"):
        common_levels(snapshot.indicators["taux_emploi"], snapshot.indicators["psychiatres"])


def test_a_crossing_agrees_with_pandas(snapshot, seine_saint_denis):
    found = crossing(
        snapshot, "taux_pauvrete", "psychiatres", "departement", seine_saint_denis, FRANCE
    )
    assert found.correlation.pearson == pytest.approx(found.frame["x"].corr(found.frame["y"]))
    assert any("ne dit rien des personnes" in c for c in found.cautions)


def test_a_change_is_given_only_where_several_years_exist(snapshot, seine_saint_denis):
    offered = trend_indicators(snapshot, seine_saint_denis)
    assert "revenu_imposable_par_habitant" in offered
    assert "psychiatres" not in offered  # 2019 alone
    found = trend_of(snapshot, "lits_psychiatrie", seine_saint_denis)
    assert found.frame["annee"].tolist() == [2015, 2019]
    assert any("Deux années seulement" in c for c in found.cautions)
    assert trend_indicators(snapshot, find_territory(snapshot, "qpv:QN00101M")) == []


def test_inhabitants_of_the_bars_are_those_of_the_communes(snapshot, seine_saint_denis):
    found = within(snapshot, seine_saint_denis, "revenu_imposable_par_habitant")
    communes = snapshot.communes_all
    people = communes.loc[communes["departement"] == "93", "population"].sum()
    assert found.bins["habitants"].sum() == people
    assert found.bins["communes"].sum() == found.figures.n


def test_a_commune_has_no_inside(snapshot):
    with pytest.raises(InvalidInputError, match="ne se découpe pas"):
        within(snapshot, find_territory(snapshot, "commune:01053"), "fedi")


def test_the_points_of_a_score_add_up_around_fifty(snapshot, seine_saint_denis):
    index = need_of(snapshot, "qpv", DEFAULT_QPV)
    view = index_view(snapshot, index, seine_saint_denis)
    code = str(view.scored["code"].iloc[0])
    points = view.contribution_rows(code)["points"].sum()
    assert 50 + points == pytest.approx(float(view.scored["score"].iloc[0]))
    assert view.inherited == {"apl_generalistes", "psychiatres"}
    ranks = view.scored[["rang_min", "rang", "rang_max"]].astype(float)
    assert (ranks["rang_min"] <= ranks["rang"]).all()
    assert (ranks["rang"] <= ranks["rang_max"]).all()
    assert pd.Index(view.scored["rang"]).is_monotonic_increasing


def test_components_have_a_direction_and_are_no_counts(snapshot):
    offered = component_indicators(snapshot.indicators)
    assert {c.indicateur for c in DEFAULT_QPV} <= set(offered)
    assert "population" not in offered
    assert "lits_psychiatrie" not in offered


def test_communes_are_ranked_among_all_those_of_france(snapshot, seine_saint_denis):
    index = need_of(snapshot, "commune")
    view = index_view(snapshot, index, seine_saint_denis, "commune")
    assert len(view.frame) == (snapshot.communes_all["departement"] == "93").sum()
    assert index.n > 30_000
    assert view.title == "Indice de besoin des communes, Seine-Saint-Denis"
    assert f"{len(view.scored)}\u00a0communes avec un score" in view.finding
    assert view.inherited == {"psychiatres"}
    assert set(view.frame["lieu"]) == {"Seine-Saint-Denis"}
    assert list(view.table().columns[:3]) == ["Rang", "Commune", "Département"]
    inside = view.scored[["rang_min", "rang", "rang_max"]].astype(float)
    assert (inside["rang_min"] <= inside["rang"]).all()
    assert (inside["rang"] <= inside["rang_max"]).all()


def test_a_commune_is_shown_alone_and_a_quartier_is_not_made_of_communes(snapshot):
    index = need_of(snapshot, "commune")
    bourg = index_view(snapshot, index, find_territory(snapshot, "commune:01053"), "commune")
    assert list(bourg.frame["code"]) == ["01053"]
    assert bourg.finding.startswith("Bourg-en-Bresse\u00a0: score")
    assert "communes de France" in bourg.finding
    with pytest.raises(InvalidInputError, match="n’est pas fait de communes"):
        index_view(snapshot, index, find_territory(snapshot, "qpv:QN00101M"), "commune")


def test_components_of_communes_are_given_for_communes_or_above(snapshot):
    offered = component_indicators(snapshot.indicators, "commune")
    assert {c.indicateur for c in DEFAULTS["commune"]} <= set(offered)
    assert "taux_emploi" not in offered


GUYANE_2019 = f"0,09{NBSP}‰ (à confirmer)"
"""TMS06aB of 973 in 2019 in the facts; 2.60 in France, hence under a tenth."""


def test_a_value_to_be_confirmed_is_marked_wherever_it_shows_and_never_called_favourable(snapshot):
    guyane = find_territory(snapshot, "departement:973")
    found = profile(snapshot, guyane)
    name = "hospitalisations_troubles_severes"
    row = found.indicateurs.set_index("indicateur").loc[name]
    assert (row["valeur"], row["statut"], row["position"]) == (0.09, "a_confirmer", "plus bas")
    assert GUYANE_2019 in sentence(found, name)
    table = profile_table(found).set_index("Indicateur")
    line = table.loc[snapshot.indicators[name].libelle]
    assert (line["Valeur"], line["Donnée"]) == ("0,09 (à confirmer)", "à confirmer")
    assert line["À savoir"].startswith("Valeur à confirmer")
    rank = ranked(snapshot, name, "departement", guyane, FRANCE)
    assert f"{GUYANE_2019} (Guyane)" in rank.finding
    assert any("à confirmer" in said and "Guyane" in said for said in rank.cautions)
    assert rank.table().set_index("Code").loc["973", "Donnée"] == "à confirmer"
    trend = trend_of(snapshot, name, guyane)
    assert f"à {GUYANE_2019} en 2019" in trend.finding
    assert trend.table()["Donnée"].tolist() == ["disponible", "à confirmer"]
    pair = crossing(snapshot, name, "psychiatres", "departement", guyane, FRANCE)
    assert GUYANE_2019 in pair.finding
    assert pair.table().set_index("Code").loc["973", "À savoir"] == "à confirmer"
    beside = side_table([found, profile(snapshot, find_territory(snapshot, "departement:93"))])
    assert GUYANE_2019 in " ".join(beside["Guyane (département)"])


def _drawn_across(figure, before, after):
    """Whether a line of the figure goes from a year to another."""
    return any({before, after} <= set(trace.x) for trace in figure.data)


@pytest.mark.parametrize("key", ["departement:93", "region:06", "france:FR"])
def test_nothing_is_compared_across_a_break_of_everybody(snapshot, key):
    """France, by the DGCL's criteria: 38.5 for 100 dwellings in 2021, 35.1 in 2022, after the
    reform of January 2021; no département escapes it (median ratio 0.91, 0.98 the year before)."""
    found = trend_of(snapshot, "beneficiaires_aides_logement", find_territory(snapshot, key))
    assert math.isnan(found.change["variation"].iloc[0])
    assert "Rupture de série en 2022" in found.finding
    assert "%" not in found.finding
    assert "médiane" not in found.finding
    figure = trend_curves(found)
    assert [line.x0 for line in figure.layout.shapes] == [1.5]
    assert _drawn_across(figure, "2020", "2021")
    assert not _drawn_across(figure, "2021", "2022")
    assert "%" not in " ".join(f.text for f in trend_told(found).claims)


def test_a_break_of_one_departement_is_of_its_territories_only(snapshot):
    """Mayotte counted its social housing again between 2020 (1.4 %) and 2021 (11.6 %)."""
    name = "part_logements_sociaux"
    for key in ("departement:976", "region:06", "commune:97608", "epci:200060473"):
        found = trend_of(snapshot, name, find_territory(snapshot, key))
        assert "Rupture de série en 2021 (décompte des logements sociaux de" in found.finding
        own = [t for t in trend_curves(found).data if t.legendgroup == "valeur"]
        assert [list(t.x) for t in own] == [["2020"], ["2021", "2022"]]
    other = trend_of(snapshot, name, find_territory(snapshot, "departement:93"))
    assert not other.ruptures
    assert not math.isnan(other.change["variation"].iloc[0])


def test_crude_rates_and_counts_of_sites_are_neither_good_nor_bad(snapshot):
    neutral = {
        "hospitalisations_troubles_severes", "tentatives_suicide_adultes", "cmp_adultes",
        "tentatives_suicide_adolescents", "cmp_enfants", "cattp_adultes",
        "recours_ambulatoire_humeur", "recours_ambulatoire_severes", "lits_psychiatrie",
    }  # fmt: skip
    found = profile(snapshot, find_territory(snapshot, "departement:62")).indicateurs
    rows = found.loc[found["indicateur"].isin(neutral)]
    assert len(rows) == len(neutral)
    assert set(rows["position"]) <= {"plus élevé", "plus bas"}
    assert rows["mise_en_garde"].str.len().gt(0).all()
    crude = rows.loc[rows["theme"] == "sante_mentale", "mise_en_garde"]
    assert crude.str.startswith("Taux brut, non standardisé.").all()
