"""The Atlas de la santé mentale of DREES and Irdes: a workbook with one sheet per theme."""

from __future__ import annotations

import io
import re
from typing import Final

import pandas as pd
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from clsm_map.domain.errors import SourceError

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
