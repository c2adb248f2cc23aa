"""Couverture: each view comes back from its link, says what it rests on, and agrees with itself."""

import json
import re
from collections import Counter

import pytest

from clsm_map.ui import state
from tests.app.conftest import html_of, map_arguments

PAYLOAD = 150_000


def painted(app):
    """What the first map of the page draws."""
    script = map_arguments(app)[0]["feature_group"]
    start = script.index("{", script.index("clsmMap.paint("))
    return json.JSONDecoder().raw_decode(script[start:])[0]


def listed(app):
    """Rows of the list of QPV, as the browser receives them."""
    found = [
        json.loads(block.proto.json)
        for block in app.main
        if getattr(block, "type", "") == "bidi_component" and '"columns"' in block.proto.json
    ]
    return found[0] if found else None


def drawn_by_status(app):
    layers = [layer for layer in painted(app)["layers"] if layer["kind"] == "qpv"]
    counts = Counter()
    for layer in layers:
        # A style of a status on an old page, or of unknown inhabitants, begins with the status.
        names = [style["label"].split(",")[0] for style in layer["styles"]]
        counts.update(names[int(c, 36)] for c in layer["classes"].replace(".", ""))
    return dict(counts)


def figures(app):
    """Value and label of each key figure."""
    pairs = re.findall(
        r"<dt>([^<]*).*?</dt><dd class=\"valeur\">([^<]*)</dd>", html_of(app), flags=re.DOTALL
    )
    return dict(pairs)


def number(text):
    return int(re.sub(r"\D", "", text))


def test_the_page_opens_on_the_coordinator_with_a_map_to_choose_from(open_page):
    app = open_page("couverture")
    text = html_of(app)
    assert "hors du périmètre d’un CLSM actif recensé" in text
    assert "280 (mai 2025) à 298 (page non datée) annoncés" in text
    assert sum(drawn_by_status(app).values()) == 1584


def test_list_map_and_totals_agree_around_a_device(open_page):
    app = open_page("couverture", lieu="dispositif:clsm-chateau-thierry", rayon="50")
    rows, drawn = listed(app)["rows"], drawn_by_status(app)
    covered = drawn.pop("couvert", 0)
    assert len(rows) == sum(drawn.values()) == number(figures(app)["quartiers à rejoindre"])
    assert covered == number(figures(app)["autres, dans un périmètre actif"])
    inhabitants = sum(number(row[3][0]) for row in rows if "d" not in row[3][0])
    assert inhabitants == number(figures(app)["habitants (RP 2020)"])
    distances = [float(row[2][0].replace(",", ".").replace("< ", "")) for row in rows]
    assert distances == sorted(distances)
    assert max(distances) <= 50


def test_the_link_holds_the_place_the_radius_the_type_and_the_qpv(open_page):
    app = open_page(
        "couverture", lieu="commune:93066", rayon="7", type="CLS", choisi="qpv:QN09338M"
    )
    text = html_of(app)
    assert "autour de\u00a0: Saint-Denis (93)" in text
    assert "À moins de 7 km" in text.replace("\u00a0", " ")
    assert "Quartier prioritaire QN09338M" in text
    assert listed(app)["selected"] == "QN09338M"
    assert painted(app)["selected"] == {"kind": "qpv", "id": "QN09338M"}
    (link,) = {c.value for c in app.code}
    assert link.endswith("/couverture?type=CLS&choisi=qpv:QN09338M&lieu=commune:93066&rayon=7")


def test_another_radius_widens_the_list_and_never_drops_a_row(open_page):
    app = open_page("couverture", lieu="commune:01053", rayon="25")
    before = {row[0] for row in listed(app)["rows"]}
    app.slider(key="champ_rayon").set_value(60.0).run()
    assert not app.exception
    after = {row[0] for row in listed(app)["rows"]}
    assert before < after
    assert app.query_params["rayon"] == "60"


def test_a_device_of_unknown_perimeter_says_so_and_offers_a_way_on(open_page):
    app = open_page("couverture", lieu="dispositif:clsm-pays-viennois")
    assert any("n’est pas connu" in i.value for i in app.info)
    (way,) = [b for b in app.button if b.label.startswith("Voir tout le département")]
    way.click().run()
    assert not app.exception
    assert "CLSM recensés\u00a0: Isère" in html_of(app)


def test_a_seat_without_perimeter_leads_to_its_commune(open_page):
    app = open_page("couverture", lieu="dispositif:cls-grand-dijon", type="CLS")
    (way,) = [b for b in app.button if "commune de son siège" in b.label]
    way.click().run()
    assert not app.exception
    assert app.query_params["lieu"] == "commune:21231"
    assert "autour de\u00a0: Dijon" in html_of(app)


def test_without_a_qpv_in_the_radius_the_nearest_is_told_and_one_click_away(open_page):
    app = open_page("couverture", lieu="dispositif:clsm-bourg-en-bresse", rayon="5")
    assert listed(app) is None
    assert any("est à 22,2 km" in i.value for i in app.info)
    (way,) = [b for b in app.button if b.label.startswith("Élargir")]
    way.click().run()
    assert not app.exception
    assert len(listed(app)["rows"]) >= 1


def test_overseas_places_work_and_name_no_device_across_a_sea(open_page):
    rows = listed(open_page("couverture", lieu="commune:97209", rayon="20"))["rows"]
    assert {row[0][:5] for row in rows} == {"QN972"}
    rows = listed(open_page("couverture", lieu="commune:97608", rayon="20"))["rows"]
    assert {tuple(row[-1][:2]) for row in rows} == {("aucun", "dans ce territoire")}


@pytest.mark.parametrize(
    ("name", "value"),
    [("vue", "partout"), ("rayon", "0"), ("tri", "nom"), ("mesure", "x"), ("janvier", "1999")],
)
def test_a_bad_value_is_told_and_the_default_shown(open_page, name, value):
    app = open_page("couverture", **{name: value})
    assert any(f"«\u00a0{name} = {value}\u00a0»" in i.value for i in app.info)


@pytest.mark.parametrize("lieu", ["commune:99999", "dispositif:nulle-part", "999.5,0", "qpv:QN9"])
def test_an_unknown_place_is_told_in_french(open_page, lieu):
    app = open_page("couverture", lieu=lieu)
    assert any("Aucun" in i.value or "n’est dans aucun" in i.value for i in app.info)
    assert listed(app) is None


def test_the_territory_view_adds_up_in_figures_bars_table_list_and_map(open_page):
    app = open_page("couverture", vue="territoire", territoire="region:84")
    drawn = drawn_by_status(app)
    value = next(v for k, v in figures(app).items() if k.startswith("quartiers dans le périm"))
    covered, total = (int(n) for n in value.split(" sur "))
    assert (covered, total) == (drawn["couvert"], sum(drawn.values())) == (43, 145)
    table = app.dataframe[0].value
    assert table["Ensemble"].sum() == 462_972
    assert len(listed(app)["rows"]) == total - covered
    assert "(de 41 à 42\u00a0%)" in " ".join(m.value for m in app.markdown)


def test_the_territory_view_counts_qpv_when_asked(open_page):
    app = open_page("couverture", vue="territoire", territoire="region:84", mesure="quartiers")
    assert app.dataframe[0].value["Ensemble"].sum() == 145


def test_the_list_of_a_territory_comes_back_sorted_from_its_link(open_page):
    app = open_page("couverture", vue="territoire", territoire="departement:69", tri="pauvrete")
    rates = [number(row[3][0]) for row in listed(app)["rows"] if "%" in row[3][0]]
    assert listed(app)["order"] == "pauvrete"
    assert rates == sorted(rates, reverse=True)


def test_a_territory_smaller_than_an_intercommunalite_is_widened_and_said(open_page):
    app = open_page("couverture", vue="territoire", territoire="commune:01053")
    assert any("voici Ain" in i.value for i in app.info)


def test_a_territory_without_a_qpv_says_so(open_page):
    app = open_page("couverture", vue="territoire", territoire="epci:200000438")
    assert any("Aucun quartier prioritaire dans ce territoire" in i.value for i in app.info)
    assert not map_arguments(app)


def test_the_history_shows_the_year_of_its_link_on_curve_and_map(open_page):
    app = open_page("couverture", vue="evolution", janvier="2015")
    text = html_of(app)
    assert "Au 1er\u00a0janvier 2015" in text
    assert "jamais antidatés" in text
    assert "géographie 2024, à toutes les dates" in text
    assert "géographie 2015 avant 2024" in text
    computed, published = (frame.value for frame in app.dataframe)
    row = computed.set_index("1er janvier").loc["2015"]
    assert row["Quartiers dans leur périmètre"] == drawn_by_status(app)["couvert"]
    assert 677 in set(published["Valeur"])
    assert published["Source"].str.len().gt(0).all()


def test_a_year_to_come_is_told_and_the_last_one_shown(open_page):
    app = open_page("couverture", vue="evolution", janvier="2090")
    assert any("ne va pas au-delà" in i.value for i in app.info)


def test_what_is_known_tells_the_share_the_uncertain_and_that_nothing_is_complete(open_page):
    app = open_page("couverture", vue="registre")
    labels = " ".join(figures(app))
    assert "sur 280 (mai 2025) à 298 (page non datée) annoncés" in labels
    assert any("Nulle part" in m.value for m in app.markdown)
    uncertain = app.dataframe[0].value
    assert {"périmètre inconnu", "état inconnu"} <= set(uncertain["Incertitude"])
    app.segmented_control(key="champ_type").set_value("ASV").run()
    # 13 ASV have their seat in the six départements of the région; 24 were published in 2008.
    harvested = app.dataframe[-1].value.set_index("Région").loc["Provence-Alpes-Côte d'Azur"]
    assert (harvested["Recensés"], harvested["Publiés"]) == (13, "24 (2008)")
    assert "ASV recensés par région, selon la récolte, inégale" in html_of(app)
    assert all(name.startswith("A") for name in app.dataframe[0].value["Dispositif"])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lieu": "commune:93066", "rayon": "15"},
        {"vue": "territoire"},
        {"vue": "territoire", "territoire": "departement:93"},
        {"vue": "evolution"},
        {"vue": "registre"},
    ],
    ids=str,
)
def test_every_view_says_its_sources_and_its_caution_and_stays_light(open_page, query):
    app = open_page("couverture", **query)
    text = html_of(app)
    assert "extrait sourcé" in text or "extrait recensé" in text
    assert 'class="source"' in text
    sent = sum(len(json.dumps(a)) for a in map_arguments(app))
    sent += sum(len(b.proto.json) for b in app.main if getattr(b, "type", "") == "bidi_component")
    assert sent <= PAYLOAD


def test_covered_never_stands_without_what_it_rests_on(open_page):
    """Wherever a view says "couvert", it also says "recensé" and the size of the register."""
    for query in ({"lieu": "commune:93066"}, {"vue": "territoire"}, {"vue": "evolution"}):
        text = html_of(open_page("couverture", **query))
        assert "ouvert" in text
        assert "recensé" in text
        assert "annoncés" in text or "extrait recensé" in text


def test_a_late_run_of_a_slider_moved_quickly_keeps_the_year_and_the_back_button_takes_it_back(
    open_page, monkeypatch
):
    monkeypatch.setattr(state, "ECHO_SECONDS", 0.0)
    app = open_page("couverture", vue="evolution", janvier="2010")

    def moved_to(year, link):
        app.query_params["janvier"] = link
        (slider,) = [s for s in app.slider if s.label == "Au 1er janvier"]
        slider.set_value(year).run()
        assert not app.exception
        return app.query_params["janvier"]

    assert moved_to(2011, link="2010") == "2011"
    assert moved_to(2012, link="2010") == "2012"
    assert moved_to(2013, link="2011") == "2013"
    assert moved_to(2013, link="2010") == "2010"
    (slider,) = [s for s in app.slider if s.label == "Au 1er janvier"]
    assert slider.value == 2010
