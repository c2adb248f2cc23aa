"""Every environment variable of the application, typed, in one place."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings read from the environment, prefix ``CLSM_MAP_``.

    Attributes
    ----------
    snapshot : Path
        Folder of the built tables.
    facts : Path or None
        Folder of facts kept by the server's owner; ``None``: the embedded ``data/facts``.
    artefacts : Path
        Folder where the pinned artefacts of the build are kept.
    static : Path
        Folder that Streamlit serves under ``/app/static``.
    """

    model_config = SettingsConfigDict(env_prefix="CLSM_MAP_", extra="ignore")

    snapshot: Path = ROOT / "data" / "snapshot"
    facts: Path | None = None
    artefacts: Path = ROOT / "build" / "artefacts"
    static: Path = ROOT / "static"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the settings once per process."""
    return Settings()
