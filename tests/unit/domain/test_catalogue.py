import pytest

from clsm_map.domain.errors import SourceError
from clsm_map.domain.evidence import parse_catalogue

ARTEFACT = {"id": "paquet", "version": "1", "fichier": "p.whl", "forme": "wheel", "sha256": "00"}
SOURCE = {
    "id": "communes",
    "titre": "Communes",
    "producteur": "IGN",
    "adresse": "https://exemple.fr",
    "licence": "Licence Ouverte 2.0",
    "millesime": "2026",
    "geographie": "2026",
    "recupere_le": "2026-11-21",
    "fichier": "communes.csv",
    "artefact": "paquet",
    "sha256": "00",
    "lignes": 1,
}


def test_a_file_of_facts_needs_no_artefact():
    source = {key: value for key, value in SOURCE.items() if key != "artefact"}
    catalogue = parse_catalogue({"source": [source]})
    assert catalogue.sources["communes"].artefact == ""


def test_a_source_in_an_artefact_that_is_not_described_is_refused():
    with pytest.raises(SourceError, match="paquet"):
        parse_catalogue({"source": [SOURCE]})


def test_the_same_identifier_twice_is_refused():
    with pytest.raises(SourceError, match="communes"):
        parse_catalogue({"artefact": [ARTEFACT], "source": [SOURCE, SOURCE]})


def test_a_missing_field_is_named():
    source = {key: value for key, value in SOURCE.items() if key != "licence"}
    with pytest.raises(SourceError, match="licence"):
        parse_catalogue({"artefact": [ARTEFACT], "source": [source]})
