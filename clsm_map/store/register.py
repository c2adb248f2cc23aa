"""The register of devices: what is recorded, where, and where it is declared complete."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from clsm_map.domain.errors import RegisterError
from clsm_map.domain.evidence import Producers
from clsm_map.formats import date_fr
from clsm_map.settings import ROOT
from clsm_map.store.snapshot import Snapshot

COMPLETENESS_COLUMNS: Final = ("type", "niveau", "code", "auteur", "date", "note")


@dataclass(frozen=True, eq=False)
class Register:
    """Devices, their perimeters, and the declarations of completeness.

    ``dispositifs``: columns of ``data/facts/dispositifs.csv``, every one text. ``perimetres``:
    dispositif_id, nature (commune, epci, qpv), code. ``completude``: type, niveau, code, auteur,
    date, note. ``origine``: French words for where it comes from, that follow "registre": the
    embedded one says the day on which it was gathered, from the catalogue.
    """

    dispositifs: pd.DataFrame
    perimetres: pd.DataFrame
    completude: pd.DataFrame
    origine: str


def embedded_register(snapshot: Snapshot) -> Register:
    """Give the register that comes with the application."""
    day = dt.date.fromisoformat(snapshot.sources["dispositifs"].recupere_le)
    return Register(
        dispositifs=snapshot.dispositifs,
        perimetres=snapshot.perimetres,
        completude=read_completeness(ROOT / "data" / "facts" / "completude.csv"),
        origine=f"recueilli le {date_fr(day)} sur des pages publiques",
    )


@lru_cache(maxsize=1)
def producers() -> Producers:
    """Read who publishes the pages that the register cites: ``data/producteurs.toml``."""
    path = ROOT / "data" / "producteurs.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return Producers(read["producteurs"], frozenset(read["depots"]["hotes"]))


def read_completeness(path: Path) -> pd.DataFrame:
    """Read the declarations of completeness.

    Gives every column text.

    Raises `RegisterError` when the file is absent, or its columns are not those.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    except FileNotFoundError as error:
        raise RegisterError(f"Le fichier {path.name} est absent.", str(path)) from error
    if tuple(frame.columns) != COMPLETENESS_COLUMNS:
        raise RegisterError(
            f"Les colonnes de {path.name} doivent être : {', '.join(COMPLETENESS_COLUMNS)}."
        )
    return frame
