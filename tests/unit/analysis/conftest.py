"""A world small enough to check every figure by hand.

| QPV | communes | inhabitants |
| QDENIS | 93066 Saint-Denis | 10 |
| QPIERREFITTE | 93059, merged into 93066 | 20 |
| QDEUX | 93031 Épinay (90 % of its area) and 93066 (10 %) | 40 |
| QPARIS | 75118 (60 % of its area) and 75119 (40 %) | 80 |
| QPARIS19 | 75119 | 160 |
| QLILLE | 59350 | 320 |
| QGUADELOUPE, QMARTINIQUE, QREUNION | 97105, 97209, 97411 | 640, 1 280, 2 560 |
| QTAHITI | 98715, outside the communes | unknown |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import pytest

from clsm_map.analysis.coverage import Coverage, coverage_on
from clsm_map.analysis.ground import Ground

TODAY = dt.date(2026, 11, 21)
MGP, EPT, LILLE = "200054781", "200057867", "200093201"


@dataclass(frozen=True)
class World:
    """The tables that `Ground.of` reads; stands for a snapshot."""

    communes_all: pd.DataFrame
    arrondissements: pd.DataFrame
    anciennes_communes: pd.DataFrame
    qpv: pd.DataFrame
    qpv_communes: pd.DataFrame


@dataclass
class Facts:
    """A register in the making: stands for the one of the store."""

    rows: list[dict[str, object]] = field(default_factory=list)
    held: list[tuple[str, str, str]] = field(default_factory=list)
    declared: list[tuple[str, str, str, str]] = field(default_factory=list)
    origine: str = "extrait"

    def device(self, id_: str, *codes: str, type_: str = "CLSM", **known: object) -> Facts:
        row = {"id": id_, "type": type_, "nom": id_.title(), "statut": "actif"}
        row |= dict.fromkeys(("annee_debut", "annee_fin", "commune_siege", "departement"))
        row |= {"perimetre_origine": "source", "source_date": "2026-03-11", "annee_debut": "2015"}
        self.rows.append(row | known)
        for code in codes:
            nature = "qpv" if code[0] == "Q" else "epci" if len(code) == 9 else "commune"
            self.held.append((id_, nature, code))
        return self

    def declare(self, niveau: str, code: str, date: str, type_: str = "CLSM") -> Facts:
        self.declared.append((type_, niveau, code, date))
        return self

    @property
    def dispositifs(self) -> pd.DataFrame:
        columns = [
            "id", "type", "nom", "statut", "annee_debut", "annee_fin", "commune_siege",
            "departement", "perimetre_origine", "source_date",
        ]  # fmt: skip
        return pd.DataFrame(self.rows, columns=columns, dtype="str")

    @property
    def perimetres(self) -> pd.DataFrame:
        return pd.DataFrame(self.held, columns=["dispositif_id", "nature", "code"], dtype="str")

    @property
    def completude(self) -> pd.DataFrame:
        columns = ["type", "niveau", "code", "date"]
        return pd.DataFrame(self.declared, columns=columns, dtype="str")


def _communes() -> pd.DataFrame:
    columns = ["code", "nom", "epci", "intercommunalite", "departement", "region", "population"]
    return pd.DataFrame(
        [
            ("93066", "Saint-Denis", MGP, EPT, "93", "11", 150_000),
            ("93031", "Épinay-sur-Seine", MGP, EPT, "93", "11", 50_000),
            ("75056", "Paris", MGP, "75056", "75", "11", 2_000_000),
            ("59350", "Lille", LILLE, LILLE, "59", "32", 230_000),
            ("59368", "La Madeleine", LILLE, LILLE, "59", "32", 20_000),
            ("49126", "Brissac Loire Aubance", "200071678", "200071678", "49", "52", 11_000),
            ("97105", "Basse-Terre", "200044691", "200044691", "971", "01", 9_000),
            ("97209", "Fort-de-France", "249720061", "249720061", "972", "02", 75_000),
            ("97411", "Saint-Denis", "249740119", "249740119", "974", "04", 155_000),
        ],
        columns=columns,
    ).assign(population_2020=lambda f: f["population"])


def _arrondissements() -> pd.DataFrame:
    columns = ["code", "nom", "commune", "epci", "intercommunalite", "departement", "region"]
    rows = [
        (code, nom, "75056", MGP, "75056", "75", "11")
        for code, nom in (("75118", "Paris 18e"), ("75119", "Paris 19e"), ("75101", "Paris 1er"))
    ]
    return pd.DataFrame(rows, columns=columns).assign(
        population=[190_000, 180_000, 16_000], population_2020=[190_000, 180_000, 16_000]
    )


def _qpv() -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = ["code", "communes", "epci", "intercommunalite", "departement", "region"]
    frame = pd.DataFrame(
        [
            ("QDENIS", "93066", MGP, EPT, "93", "11"),
            ("QPIERREFITTE", "93059", MGP, EPT, "93", "11"),
            ("QDEUX", "93031;93066", MGP, EPT, "93", "11"),
            ("QPARIS", "75056", MGP, "75056", "75", "11"),
            ("QPARIS19", "75056", MGP, "75056", "75", "11"),
            ("QLILLE", "59350", LILLE, LILLE, "59", "32"),
            ("QGUADELOUPE", "97105", "200044691", "200044691", "971", "01"),
            ("QMARTINIQUE", "97209", "249720061", "249720061", "972", "02"),
            ("QREUNION", "97411", "249740119", "249740119", "974", "04"),
            ("QTAHITI", "98715", None, None, "987", None),
        ],
        columns=columns,
    )
    frame["nom"] = frame["code"].str.title()
    frame["population"] = [10.0 * 2**n for n in range(9)] + [float("nan")]
    plain = frame.loc[frame["departement"] != "75", ["code", "communes"]]
    plain = plain.assign(commune=plain["communes"].str.split(";")).explode("commune")
    paris = pd.DataFrame(
        [("QPARIS", "75118", 0.6), ("QPARIS", "75119", 0.4), ("QPARIS19", "75119", 1.0)],
        columns=["qpv", "commune", "part_surface"],
    )
    plain["part_surface"] = plain["commune"].map({"93031": 0.9, "93066": 0.1})
    plain.loc[plain["code"] != "QDEUX", "part_surface"] = float("nan")
    columns = ["qpv", "commune", "part_surface"]
    communes = pd.concat([plain.rename(columns={"code": "qpv"})[columns], paris])
    return frame, communes.reset_index(drop=True)


@pytest.fixture(scope="session")
def world() -> World:
    former = pd.DataFrame(
        [
            ("93059", "Pierrefitte-sur-Seine", "COMD", "93066", 33_000),
            ("93066", "Saint-Denis", "COMD", "93066", 117_000),
            ("49126", "Brissac-Quincé", "COMD", "49126", 3_000),
            ("49021", "Blaison-Saint-Sulpice", "COMD", "49126", 1_000),
        ],
        columns=["code", "nom", "nature", "commune", "population"],
    )
    return World(_communes(), _arrondissements(), former, *_qpv())


@pytest.fixture
def facts() -> Facts:
    return Facts()


Cover = Callable[..., Coverage]


@pytest.fixture
def cover(world: World) -> Cover:
    """Compute coverage by a register, CLSM and today unless said otherwise."""

    def compute(register: Facts, type_: str = "CLSM", on: dt.date = TODAY) -> Coverage:
        return coverage_on(Ground.of(world, register), type_, on, today=TODAY)

    return compute
