"""Reading of a list, whatever its format: the door of every file that a person brings."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Final

from clsm_map.formats import number
from clsm_map.sources.register.csv_file import read_csv
from clsm_map.sources.register.geo_file import read_geojson, read_geopackage
from clsm_map.sources.register.table import MAX_BYTES, Table, refusal


def _read_xlsx(content: bytes, nom: str) -> Table:
    from clsm_map.sources.register.xlsx_file import read_xlsx  # noqa: PLC0415 - slow, and rare

    return read_xlsx(content, nom)


_READERS: Final = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": _read_xlsx,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".gpkg": read_geopackage,
}
EXTENSIONS: Final = tuple(_READERS)
"""Extensions that are read."""

_ELSEWHERE: Final = {
    ".xls": "un classeur de l'ancien format : enregistrez-le en .xlsx",
    ".xlsm": "un classeur à macros : enregistrez-le en .xlsx",
    ".xlsb": "un classeur binaire : enregistrez-le en .xlsx",
    ".ods": "un classeur LibreOffice : enregistrez-le en .xlsx",
    ".shp": "une partie de Shapefile : exportez la couche en GeoPackage",
    ".zip": "une archive : décompressez-la et donnez la liste qu'elle contient",
    ".pdf": "un document PDF : recopiez la liste dans le modèle",
    ".docx": "un document Word : recopiez la liste dans le modèle",
    ".parquet": "un fichier Parquet : exportez-le en CSV",
}


def read_table(source: Path | str | bytes, name: str = "") -> Table:
    """Read a list: CSV, XLSX, GeoJSON or GeoPackage.

    Parameters
    ----------
    source : Path, str or bytes
        Path of the file, or its content.
    name : str, optional
        Name of the file; needed with bytes, since its extension tells the format.

    Returns
    -------
    Table
        Headers and numbered lines.

    Raises
    ------
    RegisterError
        The file cannot be found, opened or understood; see the reader of each format.
    """
    nom = PurePath(name).name if name or isinstance(source, bytes) else PurePath(source).name
    nom = nom or "liste"
    extension = PurePath(nom).suffix.lower()
    if extension not in _READERS:
        what = _ELSEWHERE.get(extension, "d'un format qui n'est pas lu")
        raise refusal(f"« {nom} » est {what}. Formats lus : CSV, XLSX, GeoJSON et GeoPackage.")
    content = source if isinstance(source, bytes) else _content(Path(source), nom)
    _refuse_too_large(len(content), nom)
    if not content:
        raise refusal(f"« {nom} » est vide : il n'y a rien à lire.")
    if _READERS[extension] is read_csv and content.startswith(b"PK\x03\x04"):
        raise refusal(f"« {nom} » est un classeur ou une archive, pas un texte : nommez-le .xlsx.")
    return _READERS[extension](content, nom)


def _content(path: Path, nom: str) -> bytes:
    if not path.is_file():
        raise refusal(f"Le fichier « {path} » n'existe pas ou n'est pas un fichier.")
    try:
        _refuse_too_large(path.stat().st_size, nom)
        return path.read_bytes()
    except OSError as error:
        raise refusal(f"« {nom} » n'a pas pu être ouvert.", str(error)) from error


def _refuse_too_large(size: int, nom: str) -> None:
    if size > MAX_BYTES:
        raise refusal(
            f"« {nom} » pèse {number(size / 1e6)} Mo ; {number(MAX_BYTES / 1e6)} Mo au plus sont "
            "lus. Une liste de dispositifs en pèse rarement plus d'un."
        )
