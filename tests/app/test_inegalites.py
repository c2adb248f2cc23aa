"""Inégalités: each angle says its finding, its table, its cautions, and refuses with a reason."""

import json

import pytest

from tests.app.conftest import html_of, map_arguments

SEINE_SAINT_DENIS = "departement:93"


def figures(app):
    """Plotly figures sent to the browser."""
    return [json.loads(b.proto.spec) for b in app.main if b.type == "plotly_chart"]


def test_the_profile_states_its_finding_and_draws_the_places_of_the_territory(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS)
    text = html_of(app)
    assert "plus défavorable que la référence (France)" in text
    assert "19\u202f020\u00a0€ par an" in text  # Filosofi 2021, Insee
    labels = figures(app)[0]["layout"]["yaxis"]["ticktext"]
    assert "Taux de pauvreté" in labels
    assert "Population" not in labels
    assert "Cet indicateur n’est pas donné pour les départements" in text


def test_the_closed_tab_sends_no_table_and_the_open_one_sends_it(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS)
    assert len(app.dataframe) == 0
    app.session_state["profil_vue"] = "Tableau"
    app.run()
    assert not app.exception
    assert figures(app) == []
    table = app.dataframe[0].value
    poverty = table.loc[table["Indicateur"] == "Taux de pauvreté (seuil à 60 %)"].iloc[0]
    assert (poverty["Valeur"], poverty["Unité"]) == ("28", "%")
    assert poverty["Donnée"] == "disponible"


def test_a_reference_changes_and_is_kept(open_page):
    app = open_page("inegalites", territoire="qpv:QN00101M", reference="commune")
    assert "(commune)" in html_of(app)
    assert app.selectbox(key="champ_reference").value == "commune"
    app.selectbox(key="champ_reference").set_value("qpv@france").run()
    assert not app.exception
    assert "Ensemble des QPV (France)" in html_of(app)


def test_a_reference_that_the_territory_does_not_have_is_replaced_and_said(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, reference="epci")
    assert any("n’a pas de référence de ce genre" in i.value for i in app.info)


def test_all_the_qpv_of_a_territory_are_compared_together(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, ensemble="qpv")
    text = html_of(app)
    assert "Ensemble des QPV (Seine-Saint-Denis)" in text
    assert "pondérée par les habitants" in " ".join(app.dataframe[0].value["À savoir"])


def test_side_by_side_says_that_levels_differ(open_page):
    app = open_page(
        "inegalites", territoire=SEINE_SAINT_DENIS, angle="cote", avec="departement:75,region:84"
    )
    assert "ne sont pas du même échelon" in html_of(app)
    names = [t["name"] for t in figures(app)[0]["data"] if t.get("name")]
    assert names == [
        "Seine-Saint-Denis (département)",
        "Paris (département)",
        "Auvergne-Rhône-Alpes (région)",
    ]
    app.button(key="sans_departement:75").click().run()
    assert not app.exception
    assert "Seine-Saint-Denis · Auvergne-Rhône-Alpes" in html_of(app)


def test_side_by_side_alone_asks_for_a_second_territory(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, angle="cote")
    assert any("Ajoutez de un à trois territoires" in i.value for i in app.info)


def test_the_ranking_filters_on_inhabitants(open_page):
    app = open_page(
        "inegalites", territoire=SEINE_SAINT_DENIS, angle="classement", etudie="taux_pauvrete"
    )
    before = app.dataframe[0].value
    assert before["Territoire"].iloc[0] == "La Réunion"
    app.number_input(key="classement_habitants").set_value(1_000_000).run()
    after = app.dataframe[0].value
    assert 0 < len(after) < len(before)
    assert (after["Habitants (RP 2023)"] >= 1_000_000).all()


def test_a_level_where_the_indicator_is_not_given_is_refused_with_the_reason(open_page):
    app = open_page(
        "inegalites", territoire=SEINE_SAINT_DENIS, angle="classement", etudie="taux_emploi"
    )
    assert any("seulement pour\u00a0: quartiers prioritaires" in i.value for i in app.info)
    assert "quartiers prioritaires (France)" in html_of(app)


def test_a_ranking_never_sends_more_than_its_limit_of_rows(open_page):
    app = open_page("inegalites", angle="classement", etudie="apl_generalistes", echelon="commune")
    assert len(app.dataframe[0].value) == 2_000
    assert "premières lignes sur" in html_of(app)


@pytest.mark.parametrize("tab", ["Distribution", "Par région"])
def test_the_spread_is_drawn_in_tabs(open_page, tab):
    app = open_page(
        "inegalites", territoire=SEINE_SAINT_DENIS, angle="classement", etudie="taux_pauvrete"
    )
    app.session_state["classement_3"] = tab
    app.run()
    assert not app.exception
    assert len(figures(app)) == 1
    assert len(app.dataframe) == 0


def test_a_crossing_says_its_correlation_and_its_caution(open_page):
    app = open_page(
        "inegalites",
        territoire=SEINE_SAINT_DENIS,
        angle="croisement",
        etudie="taux_pauvrete",
        croise="psychiatres",
    )
    text = html_of(app)
    assert "la corrélation est" in text
    assert "ne dit rien des personnes" in text
    assert "ne sont pas de la même année" in text


def test_indicators_without_a_common_level_are_not_crossed(open_page):
    app = open_page("inegalites", angle="croisement", etudie="taux_emploi", croise="psychiatres")
    assert any("aucun échelon commun" in i.value for i in app.info)
    assert figures(app) == []


def test_a_change_over_the_years_is_said_and_refused_where_there_is_one_year(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, angle="evolution")
    assert "répartition 2020 (RP 2017)" in html_of(app)
    app = open_page("inegalites", territoire="qpv:QN00101M", angle="evolution")
    assert any("Aucun indicateur n’est connu pour plusieurs années" in i.value for i in app.info)


def test_inequality_inside_gives_its_measures_and_refuses_a_qpv(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, angle="interieur")
    text = html_of(app)
    assert "indice de Gini" in text
    assert "rapport interquartile" in text
    app = open_page("inegalites", territoire="qpv:QN00101M", angle="interieur")
    assert any("ne se découpe pas en communes" in i.value for i in app.info)


def test_the_map_of_need_and_coverage_has_nine_colours_and_its_counts_agree(open_page):
    app = open_page("inegalites", territoire="region:84", angle="carte", echelon="departement")
    payload = map_arguments(app)[0]["feature_group"]
    drawn = json.loads(payload.split("clsmMap.paint(")[1].split(", ", 2)[2].split(");")[0])
    layer = next(x for x in drawn["layers"] if x["kind"] == "departement")
    assert len(layer["styles"]) == 10
    shown = len(layer["classes"].replace(".", ""))
    assert shown == 12
    text = html_of(app)
    cells = [int(c.split("</td>")[0].split(">")[-1]) for c in text.split("<td style")[1:]]
    assert sum(cells) + layer["classes"].count("9") == shown
    assert "n’est pas un score officiel" in text


def test_the_index_ranks_and_says_it_is_not_official(open_page):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, angle="indice")
    assert "n’est pas un score officiel" in html_of(app)
    assert len(figures(app)) == 2
    app.segmented_control(key="champ_moyenne").set_value("geometrique").run()
    assert not app.exception
    assert "Moyenne géométrique" in html_of(app)


def test_the_weights_of_a_link_make_the_index(open_page):
    app = open_page("inegalites", angle="indice", composantes="taux_pauvrete:3,fedi:1")
    assert "Taux de pauvreté 75\u00a0%, Défavorisation (F-EDI) 25\u00a0%" in html_of(app)


def test_a_hostile_name_is_never_markup(open_page):
    app = open_page("inegalites", etudie="<script>alert(1)</script>")
    assert "<script>alert" not in html_of(app)
    assert any("etudie" in i.value for i in app.info)


@pytest.mark.parametrize(
    ("angle", "keys"),
    [
        ("profil", ["profil"]),
        ("croisement", ["croisement"]),
        ("evolution", ["evolution"]),
        ("interieur", ["interieur"]),
        ("indice", ["indice", "indice_parts"]),
    ],
)
def test_each_figure_is_taken_as_a_picture_beside_its_table(open_page, angle, keys):
    app = open_page("inegalites", territoire=SEINE_SAINT_DENIS, angle=angle)
    offered = {button.proto.id.rsplit("-", 1)[-1] for button in app.get("download_button")}
    assert {f"{key}_{kind}" for key in keys for kind in ("png", "svg")} <= offered


def test_evolution_lays_one_map_per_year_each_a_few_kilobytes(open_page):
    app = open_page("inegalites", angle="evolution", etudie="tentatives_suicide_adultes")
    maps = map_arguments(app)
    assert len(maps) == 2
    sizes = [len(one["feature_group"]) for one in maps]
    assert max(sizes) < 10_000
    text = html_of(app)
    assert "la médiane des 99\u00a0départements dont la valeur est connue aux deux dates" in text
    assert "Mêmes classes et même échelle sur toutes les cartes" in text
    assert "Donnée manquante" in text
    app.session_state["annees_vue"] = "Tableau"
    app.run()
    assert map_arguments(app) == []
    table = app.dataframe[0].value
    assert len(table) == 101
    assert table.loc[table["À savoir"] == "2015 manquante", "Code"].tolist() == ["04"]
    assert table.set_index("Code").loc["976", "À savoir"] == "2015 manquante, 2019 manquante"


def test_the_need_index_switches_to_communes_with_its_own_components(open_page):
    app = open_page("inegalites", angle="indice", territoire=SEINE_SAINT_DENIS)
    app.button_group(key="champ_indice").set_value("commune").run()
    assert not app.exception
    text = html_of(app)
    assert "Indice de besoin des communes, Seine-Saint-Denis" in text
    assert "Défavorisation (F-EDI) 33" in text
    intervals = figures(app)[0]["data"][0]
    assert len(intervals["x"]) > 3 * 19


def test_components_that_a_level_lacks_are_left_out_of_its_index(open_page):
    app = open_page(
        "inegalites", angle="indice", indice="commune", composantes="taux_emploi:2,fedi:3"
    )
    assert "Moyenne arithmétique de\u00a0: Défavorisation (F-EDI) 100" in html_of(app)
