"""Every source of the catalogue is what it says: present, unchanged, complete, described."""

import csv
import datetime as dt
import io
import lzma
from dataclasses import fields

import pytest

from clsm_map.domain.evidence import Source
from clsm_map.settings import get_settings
from clsm_map.build.sources import read_source
from clsm_map.build.sources import DATA, read_catalogue, read_indicators

CATALOGUE = read_catalogue()
MAY_BE_EMPTY = {"artefact", "prudence"}


@pytest.mark.parametrize("source", CATALOGUE.sources.values(), ids=CATALOGUE.sources.keys())
def test_a_source_is_present_unchanged_complete_and_described(source):
    folder = get_settings().artefacts
    if source.artefact:
        artefact = CATALOGUE.artefacts[source.artefact]
        if not (folder / artefact.fichier).exists():
            pytest.skip(f"{artefact.fichier} n'est pas dans {folder} (data fetch)")
    content = read_source(source, CATALOGUE, folder)
    if source.fichier.endswith(".lzma"):
        content = lzma.decompress(content)
    rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8")))) - 1
    assert rows == source.lignes
    empty = [field.name for field in fields(Source) if not getattr(source, field.name)]
    assert set(empty) <= MAY_BE_EMPTY | ({"lignes"} if source.id == "completude" else set())
    assert source.adresse.startswith("https://")
    assert dt.date.fromisoformat(source.recupere_le) <= dt.date(2026, 11, 28)


def test_every_file_of_facts_is_in_the_catalogue():
    described = {source.fichier for source in CATALOGUE.sources.values()}
    assert {f"facts/{file.name}" for file in (DATA / "facts").glob("*.csv")} <= described


@pytest.mark.parametrize("indicator", read_indicators().values(), ids=lambda found: found.id)
def test_an_indicator_says_all_that_must_be_shown_with_it(indicator):
    assert indicator.source in CATALOGUE.sources
    for text in (indicator.libelle, indicator.libelle_court, indicator.geographie):
        assert text
    assert indicator.definition.endswith(".")
    assert len(indicator.libelle_court) <= 34
    assert (indicator.unite != "%") or indicator.denominateur
    assert (indicator.agregation != "rapport") or indicator.denominateur
    assert indicator.annees or "nnée" in indicator.prudence
