"""The committed snapshot is what the pinned artefacts and the facts make, byte for byte."""

import time

import pytest

from clsm_map.settings import ROOT, get_settings
from clsm_map.build.snapshot import STEPS, build
from clsm_map.build.sources import read_catalogue, sha256_of

EMBEDDED = ROOT / "data" / "snapshot"


@pytest.mark.artefacts
def test_building_again_gives_the_same_bytes_in_under_three_minutes(tmp_path):
    folder = get_settings().artefacts
    absent = [
        a.fichier for a in read_catalogue().artefacts.values() if not (folder / a.fichier).exists()
    ]
    if absent:
        pytest.skip(f"absents de {folder} : {', '.join(absent)} (data fetch)")
    steps: list[str] = []
    start = time.process_time()
    build(tmp_path, folder, steps.append)
    assert time.process_time() - start < 180
    assert len(steps) == STEPS
    built = {file.name: sha256_of(file) for file in tmp_path.iterdir()}
    committed = {file.name: sha256_of(file) for file in EMBEDDED.iterdir()}
    assert built == committed
