"""Readers of the official files with which the facts are compared; the house needs none of them."""

from __future__ import annotations
import io
import pandas as pd
from typing import Final
import numpy as np
from clsm_map.domain.errors import SourceError
import csv
import json
import re
import zipfile
import shapely
from clsm_map.build.sources import make_polygonal
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet


CONFIDENTIAL = "s"


def read_french_csv(content: bytes) -> pd.DataFrame:
    """Read a semicolon CSV as strings.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without BOM. Trailing columns without a name are dropped.

    Returns
    -------
    pandas.DataFrame
        Every column a stripped string, missing where the cell is empty.
    """
    raw = pd.read_csv(
        io.BytesIO(content),
        sep=";",
        dtype=str,
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values=[""],
    )
    named = [name for name in raw.columns if not str(name).startswith("Unnamed:")]
    return pd.DataFrame({str(name).strip(): raw[name].str.strip() for name in named})


def french_numbers(text: pd.Series) -> pd.Series:
    """Read numbers written the French way.

    Parameters
    ----------
    text : pandas.Series
        Such as ``6 490`` or ``12,3`` (plain, no-break or narrow no-break spaces). ``s``
        (statistical secrecy) and ``nd`` are no numbers.

    Returns
    -------
    pandas.Series
        Floats; NaN for what is secret, not available or empty.

    Raises
    ------
    ValueError
        Something else is not a number.

    Examples
    --------
    >>> french_numbers(pd.Series(["6 490", "-12,3", "s", None])).tolist()
    [6490.0, -12.3, nan, nan]
    """
    silent = text.where(~text.isin([CONFIDENTIAL, "nd"]))
    compact = silent.str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", ".")
    return compact.astype(float)


FILOSOFI: Final[dict[str, str]] = {"MED21": "niveau_de_vie_median", "TP6021": "taux_pauvrete"}


def read_filosofi(content: bytes) -> pd.DataFrame:
    """Read Filosofi by commune.

    Parameters
    ----------
    content : bytes
        ``cc_filosofi_2021_COM.csv``: ``s`` marks statistical secrecy.

    Returns
    -------
    pandas.DataFrame
        Long: code, indicateur (a value of `FILOSOFI`), valeur (float), statut (disponible,
        secret, manquant).

    Raises
    ------
    SourceError
        A column is absent.
    """
    raw = read_french_csv(content)
    absent = sorted({"CODGEO", *FILOSOFI} - set(raw.columns))
    if absent:
        raise SourceError(f"Le fichier Filosofi n'a pas les colonnes {', '.join(absent)}.")
    parts = []
    for column, name in FILOSOFI.items():
        values = french_numbers(raw[column])
        secret = raw[column] == CONFIDENTIAL
        status = np.select([values.notna(), secret], ["disponible", "secret"], "manquant")
        parts.append(
            pd.DataFrame(
                {"code": raw["CODGEO"], "indicateur": name, "valeur": values, "statut": status}
            )
        )
    return pd.concat(parts, ignore_index=True)


def read_qpv_2015(content: bytes) -> pd.DataFrame:
    """Read a table of QPV of the 2015 geography (``QP…``).

    Parameters
    ----------
    content : bytes
        ``DEMO_2022.csv``, ``IPRO_2022.csv`` or ``REVN_2022.csv``.

    Returns
    -------
    pandas.DataFrame
        CODGEO and LIBGEO as text, notes (``NOTE_…``) and names (``LIB_…``) as text, every other
        column as floats. These QPV are not those of 2024: never mix the two.

    Raises
    ------
    SourceError
        The file is not about QPV of the 2015 geography.
    """
    raw = read_french_csv(content)
    if "CODGEO" not in raw or not raw["CODGEO"].str.fullmatch(r"QP(?:\d{3}|02[AB])\d{3}").all():
        raise SourceError("Le fichier ne décrit pas les quartiers de la géographie de 2015.")
    return pd.DataFrame(
        {name: raw[name] if _is_text(str(name)) else french_numbers(raw[name]) for name in raw}
    )


def _is_text(name: str) -> bool:
    """Whether a column holds codes, names or notes."""
    return name.startswith(("CODGEO", "LIB", "NOTE"))


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


DICTIONARY: Final = "LABEL"
_OVERSEAS: Final[dict[str, str]] = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9F": "976",
}
_COLUMN: Final = re.compile(r"(?P<code>[A-Za-z0-9]+)_(?P<year>20\d{2})")


def read_atlas(content: bytes) -> pd.DataFrame:
    """Read every indicator of the Atlas.

    Parameters
    ----------
    content : bytes
        ``MAJ_IND_ATLAS.xlsx``: sheet ``LABEL`` is the dictionary; in the others a row is a
        département (``FR`` for France, ``9A`` to ``9F`` overseas) and a column an indicator and a
        year (``OFF01_2019``).

    Returns
    -------
    pandas.DataFrame
        departement (official code, or ``FR``), code_atlas, annee (int), valeur (float), libelle,
        ages; cells without a number are left out.

    Raises
    ------
    SourceError
        The workbook has no dictionary.
    """
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    if DICTIONARY not in book.sheetnames:
        raise SourceError("Le classeur de l'Atlas n'a pas de feuille LABEL.")
    labels = _labels(book[DICTIONARY])
    sheets = [_sheet(book[name]) for name in book.sheetnames if name != DICTIONARY]
    frame = pd.concat([sheet for sheet in sheets if not sheet.empty], ignore_index=True)
    return frame.merge(labels, on="code_atlas", how="left")


def _labels(sheet: Worksheet) -> pd.DataFrame:
    """Read the dictionary: code_atlas, libelle, ages."""
    header, *rows = sheet.iter_rows(values_only=True)
    places = {str(name).strip(): i for i, name in enumerate(header) if name}
    found = [
        {
            "code_atlas": str(row[places["INDICATEURS"]]).strip(),
            "libelle": str(row[places["LIBELLE"]]).strip(),
            "ages": str(row[places["Ages"]]).strip(),
        }
        for row in rows
        if row[places["INDICATEURS"]]
    ]
    return pd.DataFrame(found).drop_duplicates("code_atlas")


def _sheet(sheet: Worksheet) -> pd.DataFrame:
    """Unpivot a sheet of figures; empty when it is not one."""
    rows = sheet.iter_rows(values_only=True)
    header = next(rows, ())
    if not header or header[0] != "DEP":
        return pd.DataFrame()
    columns = {i: _COLUMN.fullmatch(str(name)) for i, name in enumerate(header) if name}
    cells = [
        {
            "departement": _OVERSEAS.get(str(row[0]), str(row[0])),
            "code_atlas": match["code"],
            "annee": int(match["year"]),
            "valeur": float(row[i]),
        }
        for row in rows
        if row[0]
        for i, match in columns.items()
        if match and isinstance(row[i], int | float)
    ]
    return pd.DataFrame(cells)
