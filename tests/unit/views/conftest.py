"""The embedded territories with a register small enough to check by hand.

| device | type | state | perimeter |
| clsm-bourg | CLSM | actif, 2012 | 01053 Bourg-en-Bresse |
| clsm-amberieu | CLSM | en projet | 01004 Ambérieu-en-Bugey |
| clsm-oyonnax | CLSM | inconnu | 01283 Oyonnax |
| clsm-ailleurs | CLSM | actif, no year | not known; seat 01004 |
| clsm-lointain | CLSM | actif, no year | not known; département 38 |
"""

import datetime as dt

import pandas as pd
import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.gaps import Contours
from clsm_map.analysis.ground import Ground
from clsm_map.store.register import Register
from clsm_map.store.snapshot import open_snapshot

TODAY = dt.date(2026, 11, 21)
COLUMNS = [
    "id", "type", "nom", "statut", "annee_debut", "annee_fin", "commune_siege", "departement",
    "perimetre_origine", "source_url", "source_date",
]  # fmt: skip
DEVICES = [
    ("clsm-bourg", "actif", "2012", "01053", "01", "source", "https://exemple.fr/a"),
    ("clsm-amberieu", "en projet", None, "01004", "01", "siège seul", "javascript:alert(1)"),
    ("clsm-oyonnax", "inconnu", None, "01283", "01", "source", "https://exemple.fr/b"),
    ("clsm-ailleurs", "actif", None, "01004", "01", None, "https://exemple.fr/c"),
    ("clsm-lointain", "actif", None, None, "38", None, "https://exemple.fr/d"),
]
HELD = [("clsm-bourg", "01053"), ("clsm-amberieu", "01004"), ("clsm-oyonnax", "01283")]


def register():
    rows = [
        (
            i,
            "CLSM",
            i.removeprefix("clsm-").title(),
            state,
            first,
            None,
            seat,
            dep,
            origin,
            url,
            "2026-03-11",
        )
        for i, state, first, seat, dep, origin, url in DEVICES
    ]
    return Register(
        dispositifs=pd.DataFrame(rows, columns=COLUMNS, dtype="str"),
        perimetres=pd.DataFrame(
            [(i, "commune", code) for i, code in HELD],
            columns=["dispositif_id", "nature", "code"],
            dtype="str",
        ),
        completude=pd.DataFrame(
            columns=["type", "niveau", "code", "auteur", "date", "note"], dtype="str"
        ),
        origine="registre d'essai",
    )


@pytest.fixture(scope="package")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="package")
def ground(snapshot):
    return Ground.of(snapshot, register())


@pytest.fixture(scope="package")
def coverage(ground):
    return coverage_on(ground, "CLSM", TODAY, today=TODAY)


@pytest.fixture(scope="package")
def contours(snapshot, ground):
    units = [snapshot.contours(level, "local") for level in ("commune", "arrondissement")]
    return Contours.of(ground, snapshot.qpv, pd.concat(units, ignore_index=True))
