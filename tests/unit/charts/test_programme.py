import pandas as pd
import pytest

from clsm_map.charts.programme import participants_bars, qpv_bars
from clsm_map.domain.programme import EXAMPLE
from clsm_map.exports.chart import chart_picture

YEARS = pd.DataFrame(
    {
        "annee": [2022, 2023, 2024],
        "lignes": [3, 0, 2],
        "seances": [4.0, float("nan"), 2.0],
        "participants": [1_200.0, float("nan"), 30.0],
        "qpv_atteints": [8, 0, 11],
        "nouveaux": [8, 0, 9],
    }
)


def test_bars_part_what_is_new_from_what_was_reached_before():
    first, again = qpv_bars(YEARS, example=False).data
    assert list(first.x) == ["2022", "2023", "2024"]
    assert [int(v) for v in first.y] == [8, 0, 9]
    assert [int(v) for v in again.y] == [0, 0, 2]
    assert again.marker.pattern.shape


def test_a_year_without_a_row_is_told_from_zero():
    figure = participants_bars(YEARS, example=False)
    assert figure.data[0].text == ("1\u202f200", "", "30")
    (told,) = figure.layout.annotations
    assert (told.text, told.x) == ("aucune ligne", 1)


@pytest.mark.parametrize("draw", [qpv_bars, participants_bars])
def test_a_made_up_table_is_marked_across_clear_of_the_bars(draw):
    figure = draw(YEARS, example=True)
    assert figure.layout.annotations[-1].text == EXAMPLE.upper()
    assert figure.layout.yaxis.range[1] >= 1.4 * 11
    assert not [
        a for a in draw(YEARS, example=False).layout.annotations if a.text == EXAMPLE.upper()
    ]


@pytest.mark.parametrize("draw", [qpv_bars, participants_bars])
def test_the_figures_go_out_as_pictures_without_a_browser(draw):
    title = "Exemple, données fictives : quartiers"
    picture = chart_picture(draw(YEARS, example=True), "png", title=title)
    assert picture.startswith(b"\x89PNG")


def test_no_participants_at_all_draws_an_empty_year():
    nothing = YEARS.assign(participants=float("nan"))
    assert participants_bars(nothing, example=False).data[0].text == ("", "", "")
