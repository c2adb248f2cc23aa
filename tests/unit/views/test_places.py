"""A place is read from what a link, a field or a command says."""

import pytest

from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.views.around import read_place, seat_of


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("dispositif:clsm-bourg", "dispositif", "clsm-bourg"),
        ("clsm-bourg", "dispositif", "clsm-bourg"),
        ("commune:01053", "commune", "01053"),
        ("01053", "commune", "01053"),
        ("epci:200071751", "epci", "200071751"),
        ("qpv:QN00101M", "qpv", "QN00101M"),
        ("arrondissement:69381", "commune", "69381"),
        ("5.22,46.2", "point", "5.22,46.2"),
    ],
)
def test_every_form_of_a_place(snapshot, ground, contours, text, kind, code):
    place = read_place(text, snapshot, ground, contours)
    assert (place.kind, place.code) == (kind, code)
    assert len(place.shape)


def test_a_place_that_nothing_answers_to_is_refused_with_near_devices(snapshot, ground, contours):
    with pytest.raises(UnknownTerritoryError, match="clsm-bourg"):
        read_place("dispositif:bourg", snapshot, ground, contours)


def test_a_device_of_unknown_perimeter_is_refused_and_its_seat_is_offered(
    snapshot, ground, contours
):
    with pytest.raises(InvalidInputError, match="n'est pas connu"):
        read_place("dispositif:clsm-ailleurs", snapshot, ground, contours)
    assert seat_of("dispositif:clsm-ailleurs", snapshot, ground).key == "commune:01004"


def test_without_a_seat_the_departement_is_offered_and_nothing_for_what_is_no_device(
    snapshot, ground
):
    assert seat_of("clsm-lointain", snapshot, ground).key == "departement:38"
    assert seat_of("commune:01053", snapshot, ground) is None
