"""Official files of the quartiers prioritaires: list (CSV) and contours (zipped GeoJSON)."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import Final

import pandas as pd
import shapely

from clsm_map.domain.errors import SourceError
from clsm_map.sources.readers.facts import make_polygonal

_NAMES: Final[dict[str, str]] = {
    "code_qp": "code",
    "lib_qp": "nom",
    "insee_com": "communes",
    "lib_com": "noms_communes",
    "siren_epci": "epci",
    "insee_dep": "departement",
    "insee_reg": "region",
}
_SPREAD: Final = "siren_epci"
_COLLECTIVITIES: Final = frozenset({"978", "987"})


def read_list(content: bytes) -> pd.DataFrame:
    """Read the list of QPV, whose codes have gone through a spreadsheet.

    Parameters
    ----------
    content : bytes
        ``listeqp2024-cog2024.csv``: codes without leading zero (``1053``), lists separated by
        semicolons, some written as a formula (``="59291;59365"``), those of EPCI not even quoted.

    Returns
    -------
    pandas.DataFrame
        code, nom, communes, noms_communes, epci, departement, region: codes in full, lists
        separated by ``;`` without spaces; region missing in the collectivités d'outre-mer.

    Raises
    ------
    SourceError
        A column is absent.
    """
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    if _SPREAD not in header:
        raise SourceError(f"La liste des QPV n'a pas la colonne {_SPREAD}.")
    whole = [_gather(row, len(header), header.index(_SPREAD)) for row in rows]
    named = [i for i, name in enumerate(header) if name]
    cells = [[row[i] or None for i in named] for row in whole]
    return _arrange(pd.DataFrame(cells, columns=[header[i] for i in named], dtype="str"))


def read_contours(content: bytes) -> pd.DataFrame:
    """Read the contours of QPV.

    Parameters
    ----------
    content : bytes
        A zip that holds one ``.geojson`` in WGS 84.

    Returns
    -------
    pandas.DataFrame
        The columns of `read_list`, and ``geometry``: valid polygons. Official contours cross
        themselves once their coordinates are rounded; they are repaired.

    Raises
    ------
    SourceError
        The zip holds no GeoJSON, or a column is absent.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".geojson")]
        if len(names) != 1:
            raise SourceError("Le fichier des contours ne contient pas un seul GeoJSON.")
        features = json.loads(archive.read(names[0]))["features"]
    frame = _arrange(pd.DataFrame([feature["properties"] for feature in features]))
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return frame.assign(geometry=make_polygonal(shapes))


def full_code(code: str, digits: int) -> str:
    """Give back the leading zeros that a spreadsheet took away.

    Parameters
    ----------
    digits : int
        Length of the whole code.

    Examples
    --------
    >>> full_code("1053", 5), full_code("2A004", 5), full_code("97411", 5)
    ('01053', '2A004', '97411')
    """
    return code.zfill(digits)


def _gather(row: list[str], width: int, place: int) -> list[str]:
    """Put back in one cell a list that was written without quotes."""
    extra = len(row) - width
    return [*row[:place], ";".join(row[place : place + extra + 1]), *row[place + extra + 1 :]]


def _arrange(raw: pd.DataFrame) -> pd.DataFrame:
    """Rename the columns and put the codes right."""
    absent = sorted(set(_NAMES) - set(raw.columns))
    if absent:
        raise SourceError(f"Le fichier des QPV n'a pas les colonnes {', '.join(absent)}.")
    frame = raw[list(_NAMES)].rename(columns=_NAMES)
    for column, digits in (("communes", 5), ("departement", 2), ("epci", 9), ("region", 2)):
        frame[column] = frame[column].map(
            lambda cell, n=digits: _codes(cell, n), na_action="ignore"
        )
    frame["noms_communes"] = frame["noms_communes"].map(
        lambda cell: ";".join(re.split(r"\s*[;,]\s*", cell)), na_action="ignore"
    )
    overseas = frame["departement"].isin(_COLLECTIVITIES)
    return frame.assign(region=frame["region"].where(~overseas))


def _codes(cell: str, digits: int) -> str:
    """Read one code or several, however they are separated or quoted."""
    return ";".join(full_code(code, digits) for code in re.findall(r"[0-9AB]+", cell))
