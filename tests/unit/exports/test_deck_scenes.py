"""Scenes on the embedded data: what they say, what they draw, for every région."""

import json
import re
from dataclasses import replace

import pytest

from clsm_map.desk import open_desk
from clsm_map.domain.deck import Deck, Scene
from clsm_map.domain.devices import WITHOUT_ACTIVE
from clsm_map.domain.territories import Territory
from clsm_map.exports.deck.play import carried_deck, deck_payload, scene_payload
from clsm_map.exports.deck.scene import show_scene
from clsm_map.exports.deck.standard import default_deck, told_quartier
from clsm_map.maps.geometry import STATIC_URL
from clsm_map.maps.palettes import vocabulary
from clsm_map.register import validate
from clsm_map.register.validation import IMPORTED
from clsm_map.settings import ROOT
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot

EVERY = tuple(open_snapshot().regions["code"])
ALWAYS = ("84", "11", "94", "06")
"""Covered in part; with EPT and arrondissements; small; with inhabitants not published."""
REGIONS = [
    *ALWAYS,
    *(pytest.param(code, marks=pytest.mark.every_region) for code in EVERY if code not in ALWAYS),
]
KEYS = {
    "titre", "phrase", "notes", "disposition", "cartes", "legende", "chiffres", "figure",
    "sources", "prudences", "vedette", "lien",
}  # fmt: skip


def figures_of(payload):
    return {c["libelle"]: c["valeur"].replace("\u202f", "") for c in payload["chiffres"]}


@pytest.fixture(scope="module", params=REGIONS)
def told(request, desk):
    deck = default_deck(desk, request.param)
    return request.param, deck, deck_payload(desk, deck)


def test_eight_scenes_are_told_for_every_region(told):
    _, deck, payload = told
    assert len(payload["scenes"]) == len(deck.scenes) == 8
    pages = [s.page for s in deck.scenes]
    assert pages == [*["couverture"] * 4, "inegalites", "planifier", "programme", "couverture"]
    json.dumps(payload, allow_nan=False)


def test_no_scene_is_empty_and_each_says_its_sources(told):
    _, _, payload = told
    for scene in payload["scenes"]:
        assert set(scene) == KEYS
        assert 4 < len(scene["titre"]) <= 84, scene["titre"]
        assert scene["phrase"].endswith((".", "»")), scene["phrase"]
        assert 2 <= len(scene["chiffres"]) <= 4, scene["titre"]
        assert all(c["valeur"] and c["libelle"] for c in scene["chiffres"])
        assert scene["sources"]
        assert scene["prudences"]
        assert scene["cartes"] or scene["figure"] or scene["disposition"] == "chiffres"


def test_nothing_reads_nan_or_none_and_typography_is_french(told):
    _, _, payload = told
    for scene in payload["scenes"]:
        words = " ".join(
            [scene["titre"], scene["phrase"], *scene["prudences"]]
            + [v for c in scene["chiffres"] for v in c.values()]
        )
        assert not re.search(r"\bnan\b|\bNone\b|<NA>|\{|\}", words), words
        assert not re.search(r"\w'\w| [;?!:%»]|« ", words), words


def test_where_coverage_is_told_the_word_recorded_is_there(told):
    _, _, payload = told
    for rank in (0, 1, 2, 3, 5, 7):
        scene = payload["scenes"][rank]
        assert "recens" in scene["titre"] + scene["phrase"], scene
        assert any("registre" in p.lower() for p in scene["prudences"])


def test_maps_name_files_that_were_published(told, desk):
    _, _, payload = told
    views = [c["vue"] for s in payload["scenes"] for c in s["cartes"]]
    assert len(views) >= 7
    for view in views:
        assert view["digest"]
        for layer in view["layers"]:
            url = layer["url"]
            if not url.startswith("data:"):
                assert (desk.static / url.removeprefix(f"{STATIC_URL}/")).is_file()


def test_the_legend_of_the_region_counts_the_quartiers_of_its_table(told, desk):
    code, _, payload = told
    scene = payload["scenes"][2]
    qpv = desk.snapshot.qpv
    here = int((qpv["region"] == code).sum())
    shown = figures_of(scene)
    covered = next(v for k, v in shown.items() if k.startswith("quartiers dans le périmètre"))
    assert covered.split(" sur ")[1] == str(here)
    drawn = [la for la in scene["cartes"][0]["vue"]["layers"] if la["kind"] == "qpv"]
    assert sum(len(la["classes"].replace(".", "")) for la in drawn) == here


def test_gaps_are_those_that_no_active_device_recorded_covers(told, desk):
    code, _, payload = told
    coverage = desk.coverage("CLSM", desk.today)
    qpv = desk.snapshot.qpv
    here = qpv.loc[qpv["region"] == code]
    status = coverage.status.set_index("qpv")["statut"]
    gaps = here[WITHOUT_ACTIVE.mask(here["code"].map(status))]
    shown = figures_of(payload["scenes"][3])
    assert shown["quartiers prioritaires sans CLSM actif recensé"] == str(len(gaps))
    people = shown["habitants de ces quartiers"]
    if gaps["population"].notna().any():
        assert people == f"{gaps['population'].sum():.0f}"
    else:
        assert people == "non publié"
    drawn = [la for la in payload["scenes"][3]["cartes"][0]["vue"]["layers"] if la["kind"] == "qpv"]
    assert sum(len(la["classes"].replace(".", "")) for la in drawn) == len(gaps)


def test_the_last_scene_puts_forward_the_most_populated_uncovered_quartier(told, desk):
    code, _, payload = told
    region = Territory("region", code, "")
    status = desk.coverage("CLSM", desk.today).status.set_index("qpv")["statut"]
    qpv = desk.snapshot.qpv
    gaps = qpv[(qpv["region"] == code) & WITHOUT_ACTIVE.mask(qpv["code"].map(status))]
    star = payload["scenes"][7]["vedette"]
    assert star["kind"] == "qpv"
    assert star["id"] == told_quartier(desk, region)
    if gaps["population"].notna().any():
        assert star["id"] == gaps.sort_values("population")["code"].iloc[-1] or (
            gaps.set_index("code").loc[star["id"], "population"] == gaps["population"].max()
        )


def test_before_and_after_share_their_extent_and_their_labels_differ(told):
    _, _, payload = told
    before, after = payload["scenes"][5]["cartes"]
    assert payload["scenes"][5]["disposition"] == "avant-apres"
    assert before["vue"]["bounds"] == after["vue"]["bounds"]
    assert before["etiquette"] != after["etiquette"]


def test_mayotte_says_what_is_not_published(desk):
    scenes = deck_payload(desk, default_deck(desk, "06"))["scenes"]
    assert "ne peuvent être croisés" in scenes[4]["titre"]
    assert "ne peut être chiffré" in scenes[5]["titre"]
    assert "population non publiée" in scenes[7]["phrase"]


def test_growth_keeps_what_was_published_apart(desk):
    scene = scene_payload(
        desk, Scene(disposition="chiffres", page="couverture", requete={"vue": "evolution"})
    )
    assert scene["figure"]["image"].startswith("data:image/svg+xml;base64,")
    assert "hors calcul" in scene["phrase"]
    assert scene["cartes"] == []
    assert any("à ne pas additionner ni raccorder" in p for p in scene["prudences"])


def test_before_and_after_two_dates(desk):
    asked = {"vue": "territoire", "territoire": "region:53"}
    scene = Scene(
        disposition="avant-apres",
        page="couverture",
        requete=asked,
        avant={**asked, "date": "2015-01-01"},
    )
    payload = scene_payload(desk, scene)
    labels = [c["etiquette"] for c in payload["cartes"]]
    assert labels == ["Au 1er\u00a0janvier 2015", "Aujourd’hui, 22\u00a0novembre 2026"]
    covered = [
        sum(
            la["classes"].count("0123456789abcdefghijklmnopqrstuvwxyz"[rank])
            for la in c["vue"]["layers"]
            if la["kind"] == "qpv"
            for rank, style in enumerate(la["styles"])
            if style["label"].partition(",")[0] == "couvert"  # whatever page it rests on
        )
        for c in payload["cartes"]
    ]
    assert 0 < covered[0] < covered[1]


def test_the_words_of_the_author_win_over_those_computed(desk):
    scene = Scene("Mon titre", "Ma phrase.", page="couverture", requete={"vue": "territoire"})
    payload = scene_payload(desk, scene)
    assert (payload["titre"], payload["phrase"]) == ("Mon titre", "Ma phrase.")
    assert payload["chiffres"]


VIEWS = {
    "carte": [{}, {"territoire": "region:53", "indicateur": "taux_pauvrete"}, {"couches": "clsm"}],
    "couverture": [
        {"vue": "registre"},
        {"vue": "autour", "lieu": "QN02201M"},
        {"territoire": "commune:35238", "vue": "territoire", "type": "ASV"},
        {"vue": "evolution", "territoire": "departement:35", "janvier": "2015"},
    ],
    "inegalites": [
        {"angle": angle, "territoire": "departement:35"}
        for angle in ("profil", "classement", "croisement", "evolution", "interieur", "indice")
    ]
    + [
        {"angle": "cote", "territoire": "departement:35", "avec": "departement:29"},
        {"angle": "carte", "territoire": "france:FR", "echelon": "departement"},
        {"angle": "cote", "territoire": "departement:35"},
    ],
    "planifier": [
        {"territoire": "departement:35", "k": "2"},
        {"plan": "etendre", "territoire": "region:53"},
        {"plan": "et-si"},
        {"plan": "et-si", "scenario": "c.243500139"},
        {"plan": "et-si", "scenario": "illisible"},
    ],
    "programme": [{}, {"territoire": "region:53"}],
}


@pytest.mark.parametrize(
    ("page", "query"), [(page, query) for page, queries in VIEWS.items() for query in queries]
)
@pytest.mark.parametrize("layout", ["carte", "carte-chiffres", "chiffres"])
def test_every_view_of_every_page_can_be_told(desk, page, query, layout):
    payload = scene_payload(desk, Scene(disposition=layout, page=page, requete=query))
    assert payload["titre"]
    assert payload["phrase"]
    assert payload["disposition"] == (layout if payload["cartes"] else "chiffres")
    json.dumps(payload, allow_nan=False)
    refused = query.get("angle") == "cote" and "avec" not in query
    if page == "inegalites" and not payload["cartes"] and not refused:
        assert layout == "chiffres" or query["angle"] != "carte"
        assert payload["figure"] is not None or query["angle"] == "carte"


def test_a_view_that_cannot_be_computed_says_why(desk):
    payload = scene_payload(
        desk, Scene(page="couverture", requete={"vue": "autour", "lieu": "inconnu-xyz"})
    )
    assert "inconnu-xyz" in payload["phrase"]
    assert payload["cartes"]


def test_a_parameter_that_means_nothing_is_said(desk):
    payload = scene_payload(desk, Scene(page="carte", requete={"territoire": "region:999"}))
    assert any("territoire = region:999" in p for p in payload["prudences"])
    assert payload["lien"] == "carte"


def test_the_link_opens_the_same_view(desk):
    query = {"territoire": "region:53", "angle": "evolution", "etudie": "taux_pauvrete"}
    shown = show_scene(desk, Scene(page="inegalites", requete=query))
    assert shown.lien.startswith("inegalites?")
    assert shown.selection.to_query() == query
    assert "taux_pauvrete" in vocabulary(desk.snapshot).studied


def test_a_star_that_no_layer_draws_has_its_contour_added(desk):
    asked = {"vue": "territoire", "territoire": "region:53"}
    scene = Scene(page="couverture", requete=asked, vedette="departement:35")
    payload = scene_payload(desk, scene)
    assert payload["vedette"] == {"kind": "territoire", "id": "35", "nom": "Ille-et-Vilaine"}
    assert payload["cartes"][0]["vue"]["layers"][-1]["kind"] != "territoire"
    assert any(la["kind"] == "territoire" for la in payload["cartes"][0]["vue"]["layers"])


@pytest.mark.parametrize("star", ["qpv:QN99999X", "dispositif:inconnu", "galaxie:M31"])
def test_a_star_that_does_not_exist_is_left_out(desk, star):
    payload = scene_payload(desk, Scene(page="couverture", vedette=star))
    assert payload["vedette"] is None


def test_hostile_words_stay_words(desk):
    hostile = '<img src=x onerror="alert(1)">${alert(1)}'
    payload = deck_payload(desk, Deck(hostile, (Scene(hostile, hostile, hostile),)))
    scene = payload["scenes"][0]
    assert scene["titre"] == hostile
    assert "onerror" not in scene["legende"]


def test_progress_is_told_scene_by_scene(desk):
    told = []
    deck = Deck("", (Scene("Un", page="programme"), Scene(page="programme")))
    deck_payload(desk, deck, lambda name, rank, total: told.append((name, rank, total)))
    assert told == [("Un", 0, 2), ("programme", 1, 2)]


def test_a_register_that_a_visitor_brought_is_named(desk):
    theirs = replace(embedded_register(desk.snapshot), origine=IMPORTED)
    own = open_desk(desk.snapshot, theirs, today=desk.today, static=desk.static, memo=desk.memo)
    payload = scene_payload(own, Scene(page="couverture", requete={"vue": "territoire"}))
    assert any(p.startswith("Registre importé") for p in payload["prudences"])
    layers = payload["cartes"][0]["vue"]["layers"]
    theirs = [la["url"] for la in layers if la["kind"] == "perimetre"]
    assert theirs
    assert all(url.startswith("data:") for url in theirs), "a visitor’s list is in no shared file"
    parted, carried = carried_deck({"titre": "", "scenes": [payload]}, own.static)
    kept = [la["url"] for la in parted["scenes"][0]["cartes"][0]["vue"]["layers"]]
    assert set(kept) == set(carried)
    assert not any(url.startswith("data:") for url in kept)


@pytest.fixture(scope="module")
def with_table(desk):
    path = ROOT / "data" / "exemples" / "programme-exemple.csv"
    return replace(desk, programme=validate(path, desk.snapshot).programme)


def test_a_detailed_programme_is_told_by_place_and_a_made_up_one_says_so(with_table):
    scene = Scene(page="programme", requete={"territoire": "region:53"})
    payload = scene_payload(with_table, scene)
    assert payload["titre"].lower().startswith("exemple")
    assert "Bretagne" in payload["titre"]
    assert all("fictive" in c["libelle"] for c in payload["chiffres"])
    assert any("n’a eu lieu" in p for p in payload["prudences"])
    drawn = [la for la in payload["cartes"][0]["vue"]["layers"] if la["kind"] == "qpv"]
    shown = sum(len(la["classes"].replace(".", "")) for la in drawn)
    assert shown == int((with_table.snapshot.qpv["region"] == "53").sum())
    figure = scene_payload(with_table, replace(scene, disposition="chiffres"))
    assert figure["figure"] is not None


def test_the_default_presentation_tells_a_detailed_programme_in_its_region(with_table):
    deck = default_deck(with_table, "84")
    assert deck.scenes[6].requete == {"territoire": "region:84"}
    assert default_deck(replace(with_table, programme=None), "84").scenes[6].requete == {}


@pytest.mark.parametrize(
    ("page", "query", "note"),
    [
        # Auvergne-Rhône-Alpes has twelve départements, Île-de-France eight
        (
            "couverture",
            {"territoire": "region:84"},
            "8 territoires qui comptent le plus d’habitants des quartiers, sur 12.",
        ),
        ("couverture", {"territoire": "region:11"}, ""),
        (
            "inegalites",
            {"angle": "profil", "territoire": "departement:35"},
            "6 indicateurs les plus éloignés de la médiane dans chaque sens, sur 20.",
        ),
    ],
)
def test_a_figure_that_keeps_some_rows_says_which(desk, page, query, note):
    scene = Scene(disposition="chiffres", page=page, requete=query)
    payload = scene_payload(desk, scene)
    assert payload["figure"]["note"] == (note and f"La figure montre les {note}")
    assert len({y for bar in show_scene(desk, scene).figure.data for y in bar.y if y}) <= 8
