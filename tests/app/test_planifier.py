"""Planifier: the three views, what their links carry, what they refuse."""

import pytest

from tests.app.conftest import html_of, map_arguments

LILLE, ROUBAIX = "200093201", "59512"


def button(app, label):
    return next(b for b in app.button if b.label.startswith(label))


def tables(app):
    return [frame.value for frame in app.dataframe]


def table_with(app, column):
    return next(t for t in tables(app) if column in t.columns)


def shared_tables(app):
    return [t for t in tables(app) if "QPV gagnés ensemble" in t.columns]


def gained_qpv(app):
    added = table_with(app, "Rang")["QPV ajoutés"].sum()
    return int(added + sum(t["QPV gagnés ensemble"].sum() for t in shared_tables(app)))


def test_where_next_lists_the_chosen_in_order_with_what_each_adds(open_page):
    app = open_page("planifier", k="3")
    choices = table_with(app, "Rang")
    assert choices["Rang"].tolist() == [1, 2, 3]
    text = html_of(app)
    assert "Les 3 intercommunalités où créer un CLSM" in text
    assert "quartiers qu’aucun CLSM actif recensé ne couvre en entier" in text
    assert "Optimum démontré parmi les candidats admis" in text
    added = choices["Habitants ajoutés (RP 2020)"].tolist()
    assert added == sorted(added, reverse=True)
    assert "ne pouvaient être couverts par une seule intercommunalité" in text
    assert "extrait sourcé" in text


def test_the_curve_has_its_table_and_ends_at_the_total(open_page):
    app = open_page("planifier", k="4", territoire="region:32")
    curve = table_with(app, "Apport du dernier")
    assert curve["Nombre"].tolist() == [1, 2, 3, 4]
    assert curve["Apport du dernier"].sum() == curve["Habitants gagnés (RP 2020)"].iloc[-1]
    shared = sum(t["Habitants gagnés ensemble (RP 2020)"].sum() for t in shared_tables(app))
    added = table_with(app, "Rang")["Habitants ajoutés (RP 2020)"].sum()
    assert added + shared == curve["Habitants gagnés (RP 2020)"].iloc[-1]


def test_the_link_says_how_quartiers_covered_in_part_count(open_page):
    # Lille by hand from qpv_2024.csv and perimetres.csv: 49 127 inhabitants in the 13 QPV that no
    # active CLSM holds at all, 189 408 with the three that one holds in part.
    for partiels, people in (("sans", 49_127), ("entier", 189_408)):
        app = open_page("planifier", k="1", candidats="liste", liste=LILLE, partiels=partiels)
        assert table_with(app, "Rang")["Habitants gagnés seul (RP 2020)"].tolist() == [people]
        counted = next(s for s in app.selectbox if s.label.startswith("Quartiers déjà couverts"))
        assert counted.value == partiels
    app = open_page("planifier", plan="et-si", scenario=f"c.{LILLE}", partiels="sans")
    assert '<dd class="valeur">49\u202f127</dd>' in html_of(app)


def test_the_map_after_counts_what_the_plan_gains(open_page):
    app = open_page("planifier", k="2", territoire="region:32")
    statuses = table_with(app, "QPV avant").set_index("Statut")
    gained = gained_qpv(app)
    assert statuses.loc["Couvert", "QPV après"] - statuses.loc["Couvert", "QPV avant"] == gained
    assert statuses["QPV avant"].sum() == statuses["QPV après"].sum()
    assert "choisi" in map_arguments(app)[0]["feature_group"]


def test_constraints_bind_the_choice(open_page):
    app = open_page(
        "planifier", k="3", territoire="region:11", par_departement="1", exclus="departement:93"
    )
    departements = table_with(app, "Rang")["Département"].tolist()
    assert len(set(departements)) == len(departements)
    assert "93" not in departements


def test_only_the_candidates_of_ones_own_list_are_chosen(open_page):
    app = open_page("planifier", candidats="liste", liste=f"{LILLE},{ROUBAIX}", k="5")
    assert set(table_with(app, "Rang")["Code"]) <= {LILLE, ROUBAIX}


def test_an_empty_list_says_what_to_do(open_page):
    app = open_page("planifier", candidats="liste")
    assert any("liste est vide" in i.value for i in app.info)


def test_a_territory_with_nothing_to_reach_says_so(open_page):
    app = open_page("planifier", territoire="commune:01001")
    assert any("Aucun quartier prioritaire n’est à couvrir" in i.value for i in app.info)


def test_the_weighted_plan_shows_its_weights(open_page):
    app = open_page("planifier", k="2", territoire="region:32", pondere="oui")
    assert "pondérés par le besoin" in html_of(app)
    choices = table_with(app, "Rang")
    assert (
        choices["Ajoutés, pondérés par le besoin"] < choices["Habitants ajoutés (RP 2020)"]
    ).all()


def test_the_choice_is_taken_up_as_a_scenario_with_the_same_total(open_page):
    app = open_page("planifier", k="2", territoire="region:32")
    gained = gained_qpv(app)
    button(app, "Reprendre ce choix").click().run()
    assert not app.exception
    text = html_of(app)
    assert "2 décisions" in text.replace("\u00a0", " ")
    assert f'<dd class="valeur">{gained}</dd>' in text


def test_moves_of_a_link_add_up_and_are_undone_one_by_one(open_page):
    app = open_page("planifier", plan="et-si", scenario=f"c.{LILLE}~e.clsm-armentieres.{ROUBAIX}")
    text = html_of(app)
    assert "Créer un CLSM sur Métropole Européenne de Lille" in text
    assert "Étendre «\u00a0CLSM d&#39;Armentières\u00a0» à Roubaix" in text
    assert "déjà recensé" in text
    assert len(table_with(app, "Avant")) == 16  # QPV of Lille's that no CLSM covers whole
    button(app, "Annuler la dernière").click().run()
    assert "Étendre «" not in html_of(app)
    button(app, "Tout effacer").click().run()
    assert "Créer un CLSM sur" not in html_of(app)


def test_without_a_move_the_page_says_how_to_start(open_page):
    app = open_page("planifier", plan="et-si")
    assert any("Choisissez une commune" in c.value for c in app.caption)
    statuses = table_with(app, "QPV avant")
    assert (statuses["QPV avant"] == statuses["QPV après"]).all()


def test_statuses_are_those_of_the_territory_unless_the_scenario_reaches_beyond(open_page):
    app = open_page("planifier", plan="et-si", territoire="region:32", scenario=f"c.{LILLE}")
    assert "Statuts des QPV avant et après\u00a0: Hauts-de-France" in html_of(app)
    statuses = table_with(app, "QPV avant")
    assert statuses["QPV avant"].sum() == statuses["QPV après"].sum() == 204
    app = open_page("planifier", plan="et-si", territoire="region:53", scenario=f"c.{LILLE}")
    assert "Statuts des QPV avant et après\u00a0: France" in html_of(app)
    assert table_with(app, "QPV avant")["QPV avant"].sum() == 1584


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("z.59350", "illisible"),
        ("c.59999", "n’est le code d’aucune commune"),
        ("e.clsm-imaginaire.59350", "clsm-imaginaire"),
        ("c.59350~c", "1 à 200"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_in_words(open_page, scenario, said):
    app = open_page("planifier", plan="et-si", scenario=scenario)
    assert any(said in i.value for i in app.info), [i.value for i in app.info]


def test_extension_lists_neighbours_the_largest_gain_first(open_page):
    app = open_page("planifier", plan="etendre", territoire="region:32")
    rows = table_with(app, "Dispositif")
    assert "couverts en partie comptent pour la part de leurs habitants" in html_of(app)
    gains = rows["Habitants gagnés (RP 2020)"].tolist()
    assert gains == sorted(gains, reverse=True)
    assert set(rows["Périmètre"]) <= {"connu", "à préciser"}
    assert "CLSM d'Armentières" in rows["Dispositif"].tolist()


def test_extension_by_communes_is_another_list(open_page):
    app = open_page("planifier", plan="etendre", territoire="region:32", candidats="commune")
    assert table_with(app, "Dispositif")["Code"].str.len().eq(5).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", "ailleurs"),
        ("k", "99"),
        ("candidats", "region"),
        ("liste", "59350,00000"),
        ("exclus", "departement:999"),
        ("plafond", "-4"),
        ("scenario", "c.<script>alert(1)</script>"),
    ],
)
def test_a_bad_link_shows_the_default_view_and_says_so(open_page, name, value):
    app = open_page("planifier", territoire="departement:59", **{name: value})
    assert [i.value for i in app.info if name in i.value]
    assert len(table_with(app, "Rang")) == 5


def test_a_forced_territory_is_in_the_choice_and_the_ceiling_of_each_keeps_large_ones_out(
    open_page,
):
    app = open_page("planifier", k="3", territoire="region:32", imposes="200069037")
    assert "200069037" in table_with(app, "Rang")["Code"].tolist()
    app = open_page("planifier", k="3", territoire="region:32", plafond_chacun="300000")
    people = table_with(app, "Rang")["Habitants du territoire (RP 2023)"]
    assert people.max() <= 300_000


def test_a_forced_territory_that_is_not_a_candidate_is_said(open_page):
    app = open_page("planifier", k="3", candidats="commune", imposes=LILLE)
    assert any("pas parmi les candidats admis" in i.value for i in app.info)


def test_a_scenario_offers_its_sheet_as_pdf_and_word(open_page):
    app = open_page("planifier", plan="et-si", scenario=f"c.{LILLE}")
    offered = {b.proto.id.rsplit("-", 1)[-1] for b in app.get("download_button")}
    assert {"scenario_pdf", "scenario_docx"} <= offered
