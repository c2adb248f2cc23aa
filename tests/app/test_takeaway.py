"""« Emporter » : the files of a page are those of the command, and of the visitor's own list."""

# ruff: noqa: PLC0415 - the harness runs the source of a function, its imports included.

import pytest
from streamlit.testing.v1 import AppTest

from clsm_map.__main__ import main
from tests.app.test_donnees import LIST, upload


def written():
    """What a page would write for its link: the files of its kit, in order."""
    import streamlit as st

    from clsm_map.ui.state import current_selection
    from clsm_map.ui.takeaway import CARTE, coverage_kit, picture_files, table_files

    asked = st.session_state["demande"]
    selection = current_selection()
    kit = coverage_kit(selection) if asked["page"] == "couverture" else CARTE
    shown = kit.drawn(selection)
    files = (*picture_files(shown, asked["what"]), *table_files(shown, asked["what"]))
    file = next(f for f in files if f.label == asked["label"])
    st.session_state["fichier"] = (file.name, file.write())


@pytest.fixture
def take():
    def run(page, what, label, **query):
        app = AppTest.from_function(written, default_timeout=60)
        app.query_params.update(query)
        app.session_state["demande"] = {"page": page, "what": what, "label": label}
        app.run()
        assert not app.exception, [e.message for e in app.exception]
        return app.session_state["fichier"]

    return run


@pytest.fixture
def command(monkeypatch, tmp_path, capfd):
    def run(fmt, *words):
        out = tmp_path / f"fichier.{fmt}"
        monkeypatch.setattr("sys.argv", ["clsm_map", "export", *words, "--out", str(out)])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code in {0, None}, capfd.readouterr().err
        return out.read_bytes()

    return run


def test_the_quartiers_of_the_map_as_csv_are_those_of_the_command(take, command):
    name, content = take(
        "carte",
        "qpv",
        "CSV pour Excel",
        territoire="region:53",
        pauvrete="45-",
        choisi="qpv:QN02901M",
        indicateur="taux_pauvrete",
    )
    assert name == "clsm-map_qpv_region-53_clsm.csv"
    assert content == command("csv", "qpv", "--region", "53", "--pauvrete", "45-")


def test_the_picture_of_the_map_is_that_of_the_command(take, command):
    name, content = take(
        "carte", "carte", "PNG, écran", territoire="departement:35", niveau="commune", n="4"
    )
    assert name.endswith("_departement-35_clsm.png")
    same = ("carte", "--departement", "35", "--niveau", "commune", "--n", "4")
    assert content == command("png", *same)
    name, printed = take(
        "carte", "carte", "PNG, 300 dpi", territoire="departement:35", niveau="commune", n="4"
    )
    assert name.endswith("_departement-35_clsm_300dpi.png")
    assert printed == command("png", *same, "--dpi", "300")


def test_what_is_around_a_place_is_that_of_the_command(take, command):
    query = {"vue": "autour", "lieu": "commune:93066", "rayon": "7", "statuts": "couvert"}
    same = ("couverture", "--lieu", "commune:93066", "--rayon", "7")
    name, content = take("couverture", "couverture", "Excel", **query)
    assert name == "clsm-map_couverture_commune-93066_clsm.xlsx"
    assert content == command("xlsx", *same)
    assert take("couverture", "couverture", "SVG", **query)[1] == command("svg", *same)


def test_a_territory_of_coverage_forgets_the_place(take, command):
    query = {"vue": "territoire", "lieu": "commune:93066", "territoire": "departement:93"}
    content = take("couverture", "couverture", "GeoJSON", **query)[1]
    assert content == command("geojson", "couverture", "--departement", "93")


def test_each_1_january_can_be_taken_away(take, command):
    query = {"vue": "evolution", "janvier": "2020", "territoire": "departement:93"}
    content = take("couverture", "couverture", "CSV pour Excel", **query)[1]
    assert content == command("csv", "couverture", "--departement", "93", "--on", "2020-01-01")


def own_devices():
    """Write the devices of the Loire from the desk of the visitor, after the session is read."""
    import threading

    import streamlit as st

    from clsm_map.domain.selection import Selection
    from clsm_map.ui.takeaway import table_files

    selection = Selection(territoire="departement:42")
    file = table_files(selection, "dispositifs")[0]
    made = []
    thread = threading.Thread(target=lambda: made.append(file.write()))
    thread.start()
    thread.join()
    st.session_state["fichier"] = made[0].decode("utf-8-sig")


def test_the_files_of_a_visitor_hold_their_own_list(open_page):
    page = upload(open_page("donnees"), "liste.csv", LIST)
    next(b for b in page.button if b.label.startswith("Utiliser cette liste")).click().run()
    brought = page.session_state["registre_importe"]

    visitor = AppTest.from_function(own_devices, default_timeout=60)
    visitor.session_state["registre_importe"] = brought
    visitor.run()
    assert not visitor.exception, [e.message for e in visitor.exception]
    assert "CLSM Zzyzx" in visitor.session_state["fichier"]

    other = AppTest.from_function(own_devices, default_timeout=60).run()
    assert "CLSM Zzyzx" not in other.session_state["fichier"]


@pytest.mark.parametrize("name", ["carte", "couverture", "inegalites", "planifier", "fiche"])
def test_every_page_gives_its_link(open_page, name):
    app = open_page(name, territoire="departement:93")
    assert f"/{name}?territoire=departement:93" in {c.value for c in app.code}
