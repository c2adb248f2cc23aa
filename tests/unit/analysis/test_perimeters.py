import pytest

from clsm_map.analysis.ground import Hierarchy, named_qpv, unfold_perimeters
from tests.unit.analysis.conftest import EPT, LILLE, MGP, Facts, World


def held(world: World, facts: Facts) -> set[str]:
    frame = unfold_perimeters(facts.perimetres, facts.dispositifs, Hierarchy(world))
    return set(frame["commune"])


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["93066"], {"93066", "93059"}),
        (["93059"], {"93059"}),
        ([EPT], {"93066", "93059", "93031"}),
        ([MGP], {"93066", "93059", "93031", "75101", "75118", "75119"}),
        (["75056"], {"75101", "75118", "75119"}),
        (["75118"], {"75118"}),
        ([LILLE], {"59350", "59368"}),
        (["49126"], {"49126", "49021"}),
        (["49021"], {"49021"}),
        (["98715"], {"98715"}),
        (["59350", LILLE], {"59350", "59368"}),
    ],
    ids=[
        "commune and its former communes",
        "former commune alone",
        "EPT",
        "Métropole du Grand Paris",
        "Paris as a commune",
        "arrondissement alone",
        "EPCI",
        "commune nouvelle that shares its seat's code",
        "delegated commune alone",
        "commune outside the tables",
        "no duplicates",
    ],
)
def test_what_a_perimeter_holds(world, facts, codes, expected):
    assert held(world, facts.device("d", *codes)) == expected


def test_paris_as_an_intercommunalite(world, facts):
    facts.device("d")
    facts.held.append(("d", "epci", "75056"))
    assert held(world, facts) == {"75101", "75118", "75119"}


def test_a_seat_counts_only_when_it_is_all_that_is_known(world, facts):
    facts.device("siege", perimetre_origine="siège seul", commune_siege="93066")
    facts.device("inconnu", perimetre_origine=None, commune_siege="59350")
    assert held(world, facts) == {"93066", "93059"}


def test_qpv_named_one_by_one_are_kept_apart(world, facts):
    facts.device("d", "QLILLE", "93031")
    assert held(world, facts) == {"93031"}
    assert named_qpv(facts.perimetres).to_dict("records") == [
        {"dispositif_id": "d", "qpv": "QLILLE"}
    ]


def test_an_unknown_epci_holds_nothing(world, facts):
    assert held(world, facts.device("d", "999999999")) == set()


def test_units_count_each_inhabitant_of_a_commune_once(world):
    units = Hierarchy(world).units
    today = units.loc[units["nature"] != "ancienne"]
    assert "75056" not in set(today["code"])
    assert today["code"].is_unique
    assert units["code"].is_unique
    assert set(units.loc[units["nature"] == "ancienne", "code"]) == {"93059", "49021"}
    assert units.set_index("code").loc["93059", "intercommunalite"] == EPT
