"""What lies around a place: QPV listed, QPV covered, drawing, sentences."""

import math

import geopandas as gpd
import pytest

from clsm_map.domain.territories import short_name
from clsm_map.formats import kilometres
from clsm_map.views.around import around, read_place
from clsm_map.views.gap_lists import MOST_ROWS, card_lines, gap_rows


@pytest.fixture(scope="module")
def look(snapshot, ground, coverage, contours):
    def at(lieu, radius):
        place = read_place(lieu, snapshot, ground, contours)
        return around(snapshot, coverage, contours, place, float(radius))

    return at


def texts(table, column):
    labels = [c.label for c in table.columns]
    return [cells[labels.index(column)] for _, cells in table.rows]


def test_the_qpv_of_the_device_are_covered_and_off_the_list(look):
    found = look("dispositif:clsm-bourg", 30)
    own = {code for code, status in found.statuses.items() if status == "couvert"}
    assert {"QN00101M", "QN00102M"} <= own
    assert own == set(found.covered["code_qpv"])
    assert not own & set(found.gaps["code_qpv"])


def test_the_nearest_comes_first_and_a_project_is_told(look):
    found = look("dispositif:clsm-bourg", 30)
    first = found.gaps.iloc[0]
    assert (first["code_qpv"], first["statut"]) == ("QN00103M", "en_projet")
    assert found.gaps["distance_km"].is_monotonic_increasing
    assert found.gaps["distance_km"].max() <= 30
    assert found.with_project == 1
    cell = texts(gap_rows(found.gaps, "CLSM", found.title), "Couverture CLSM")[0]
    # Its seat alone is known, and its page is dated.
    assert cell.text == "en projet (siège seul connu)"
    assert (cell.detail, cell.status) == ("Amberieu (page de 2026)", "en_projet")


def test_the_totals_are_those_of_the_rows(look):
    found = look("commune:01053", 40)
    assert found.inhabitants == sum(
        v for c, v in found.population.items() if found.statuses[c] != "couvert"
    )
    assert len(found.statuses) == len(found.gaps) + len(found.covered)
    assert found.finding.startswith(f"{len(found.gaps)}\u00a0quartiers prioritaires qu’aucun CLSM")


def test_with_nothing_to_list_the_nearest_one_beyond_is_said(look):
    found = look("dispositif:clsm-bourg", 5)
    assert found.gaps.empty
    assert "sont tous dans le périmètre d’un CLSM actif recensé" in found.finding
    wider = look("dispositif:clsm-bourg", math.ceil(found.beyond_km))
    assert wider.gaps["distance_km"].min() == pytest.approx(found.beyond_km, abs=1e-3)


def test_without_any_qpv_the_sentence_says_so(look):
    found = look("3.35,44.30", 1)
    assert not found.statuses
    assert found.finding == "Il n’y a aucun quartier prioritaire à moins de 1\u00a0km."


def test_overseas_without_a_device_no_nearest_one_is_made_up(look):
    found = look("commune:97411", 20)
    assert len(found.gaps) > 20
    nearest = texts(gap_rows(found.gaps, "CLSM", found.title), "CLSM actif le plus proche")
    assert {(c.text, c.detail) for c in nearest} == {("aucun", "dans ce territoire")}
    assert {c.text for c in texts(gap_rows(found.gaps, "CLSM", found.title), "Pauvreté 2021")} == {
        "n.\u00a0d."
    }


def test_the_line_drawn_is_at_the_radius(look):
    found = look("5.2250,46.2052", 10)
    drawn = found.outline.set_index("code").to_crs(2154).geometry
    centre = gpd.GeoSeries.from_xy([5.2250], [46.2052], crs=4326).to_crs(2154).iloc[0]
    away = [
        centre.distance(gpd.points_from_xy([x], [y])[0]) for x, y in drawn["rayon"].exterior.coords
    ]
    assert min(away) > 9_900
    assert max(away) < 10_500
    assert drawn["lieu"].distance(centre) == 0


def test_a_long_list_is_cut_and_its_whole_length_told(look):
    found = look("2.36,48.93", 100)
    table = gap_rows(found.gaps, "CLSM", found.title)
    assert len(table.rows) == MOST_ROWS < table.total == len(found.gaps)


def test_the_card_adds_distance_contact_and_nearest_device(look):
    found = look("dispositif:clsm-bourg", 30)
    lines = dict(card_lines(found.gaps, "QN00103M", "CLSM"))
    assert lines["Distance"] == "25,0\u00a0km"
    assert lines["Intercommunalité"] == "Communauté de communes de la Plaine de l'Ain"
    assert lines["CLSM actif le plus proche"] == "Bourg (page de 2026), 25,0\u00a0km"
    assert card_lines(found.gaps, "QN00101M", "CLSM") == ()


@pytest.mark.parametrize(
    ("distance", "written"),
    [(0, "0"), (0.02, "< 0,1"), (0.05, "0,1"), (12.34, "12,3"), (math.nan, "n.\u00a0d.")],
)
def test_a_distance_is_never_rounded_to_zero(distance, written):
    assert kilometres(distance) == written


def test_the_nature_of_an_intercommunalite_is_shortened_its_name_is_not():
    assert short_name("Communauté de communes de la Plaine de l'Ain") == "CC de la Plaine de l'Ain"
    assert short_name("Plaine Commune") == "Plaine Commune"
