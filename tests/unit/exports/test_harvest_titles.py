"""Until a région is declared complete, a title that compares territories by CLS says so."""

import pytest

from clsm_map.domain.deck import Scene
from clsm_map.domain.selection import Selection
from clsm_map.exports.deck.scene import show_scene
from clsm_map.exports.export import content_of
from clsm_map.exports.plate import plate_of
from clsm_map.views.view import view_of

SAID = "Selon la récolte, inégale\u00a0: "
DENSITY = {"indicateur": "densite_cls", "niveau": "region"}


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("place", ["france:FR", "region:84"])
@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("couverture", {"vue": "territoire"}),
        ("inegalites", {"angle": "carte", "echelon": "departement"}),
    ],
)
@pytest.mark.parametrize("kind", ["CLS", "ASV", "CLSM"])
def test_scenes_that_compare_by_coverage(desk, page, query, place, kind):
    asked = {**query, "type": kind, "territoire": place}
    shown = show_scene(desk, Scene(disposition="chiffres", page=page, requete=asked))
    assert plain(shown.titre).startswith(plain(SAID)) is (kind != "CLSM")
    # Where the title does not say it, the cautions do, in the same words.
    assert any("selon la récolte, inégale" in plain(p) for p in shown.prudences)


def test_a_scene_of_the_density_of_devices(desk):
    told = show_scene(desk, Scene(disposition="chiffres", page="carte", requete=DENSITY))
    assert plain(told.titre).startswith(plain(SAID) + "France, CLS recensés pour 100 000 hab.")


def test_pictures(desk):
    assert plate_of(desk, view_of(desk, "couverture.carte", Selection(type="CLS"))).title == (
        f"{SAID}quartiers prioritaires et CLS, France"
    )
    assert (
        plate_of(desk, view_of(desk, "couverture.carte", Selection())).title
        == "Quartiers prioritaires et CLSM, France"
    )
    density = plate_of(desk, view_of(desk, "carte", Selection(**DENSITY)))
    assert plain(density.title).startswith(plain(SAID) + "CLS actifs recensés pour 100 000")
    # The colours are those of access to care: nothing is compared by CLS.
    assert not plate_of(desk, view_of(desk, "carte", Selection(type="CLS"))).title.startswith(SAID)


@pytest.mark.parametrize(
    ("what", "selection"),
    [
        ("departements", Selection(type="CLS")),
        ("departements", Selection(indicateur="densite_asv")),
        ("indicateurs", Selection(**DENSITY)),
        ("carte", Selection(**DENSITY)),
    ],
)
def test_tables_of_territories(desk, what, selection):
    content = content_of(desk, what, selection)
    assert plain(content.tables[0].title).startswith(plain(SAID))
    assert plain(content.mentions.titre).startswith(plain(SAID))


def test_totals_by_region_in_the_spreadsheet_of_coverage(desk):
    content = content_of(desk, "couverture", Selection(type="CLS"))
    assert content.extra[0].title.startswith("Selon la récolte, inégale : totaux par ")
    assert not content.tables[0].title.startswith("Selon")


def test_the_spreadsheet_of_devices_holds_the_harvest(desk):
    content = content_of(desk, "dispositifs", Selection(type="CLS"))
    rows = content.extra[0].frame.set_index("nom")
    # 58 CLS in the twelve départements, 54 of them from one layer: counted on dispositifs.csv.
    assert rows.loc["Auvergne-Rhône-Alpes", ["recenses", "de_la_source"]].tolist() == [58, 54]
    assert "54 d’une même source, ARS Auvergne-Rhône-Alpes, couche des CLS" in (
        content.mentions.sources[-1].millesime
    )
    assert not content_of(desk, "dispositifs", Selection(territoire="region:84")).extra
