"""Where the files that people keep under ``data/`` are."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Final

from clsm_map.domain.errors import SourceError
from clsm_map.domain.evidence import Catalogue, parse_catalogue
from clsm_map.domain.indicators import Indicator, parse_indicators
from clsm_map.settings import ROOT

DATA: Final = ROOT / "data"


def read_catalogue(path: Path = DATA / "catalogue.toml") -> Catalogue:
    """Read the catalogue of sources (see `clsm_map.domain.evidence.parse_catalogue`)."""
    return parse_catalogue(_toml(path))


def read_indicators(path: Path = DATA / "indicateurs.toml") -> dict[str, Indicator]:
    """Read the definitions (see `clsm_map.domain.indicators.parse_indicators`)."""
    return parse_indicators(_toml(path))


def sha256_of(path: Path) -> str:
    """Digest of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, or say which one is absent or ill-formed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceError(f"Le fichier {path.name} est absent.", str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"Le fichier {path.name} est mal formé : {error}.", str(path)) from error
