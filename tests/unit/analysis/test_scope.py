import pytest

from clsm_map.analysis.ground import Ground, qpv_of
from clsm_map.domain.territories import Level, Territory
from tests.unit.analysis.conftest import EPT, LILLE, MGP


@pytest.mark.parametrize(
    ("level", "code", "expected"),
    [
        ("region", "11", {"QDENIS", "QPIERREFITTE", "QDEUX", "QPARIS", "QPARIS19"}),
        ("departement", "75", {"QPARIS", "QPARIS19"}),
        ("departement", "987", {"QTAHITI"}),
        ("epci", EPT, {"QDENIS", "QPIERREFITTE", "QDEUX"}),
        ("epci", "75056", {"QPARIS", "QPARIS19"}),
        ("epci", MGP, {"QDENIS", "QPIERREFITTE", "QDEUX", "QPARIS", "QPARIS19"}),
        ("epci", LILLE, {"QLILLE"}),
        ("commune", "93066", {"QDENIS", "QPIERREFITTE", "QDEUX"}),
        ("commune", "93059", {"QPIERREFITTE"}),
        ("commune", "93031", {"QDEUX"}),
        ("commune", "75056", {"QPARIS", "QPARIS19"}),
        ("arrondissement", "75118", {"QPARIS"}),
        ("commune", "98715", {"QTAHITI"}),
        ("commune", "49126", set()),
        ("qpv", "QLILLE", {"QLILLE"}),
    ],
)
def test_the_qpv_of_a_territory(world, facts, level: Level, code, expected):
    ground = Ground.of(world, facts)
    found = ground.qpv.loc[qpv_of(ground, Territory(level, code, code)), "code"]
    assert set(found) == expected


def test_france_holds_them_all(world, facts):
    assert qpv_of(Ground.of(world, facts), Territory("france", "FR", "France")).all()
