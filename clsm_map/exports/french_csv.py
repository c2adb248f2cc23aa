"""CSV that French Excel opens as it is."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence

BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def french_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write rows as CSV for French Excel.

    Parameters
    ----------
    columns : sequence of str
        Column names, in order.
    rows : iterable of mappings
        A missing key, ``None`` and ``nan`` give an empty cell; a list is joined by ``" ; "``.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, ``;`` between cells, decimal comma, CRLF. A text that a
        spreadsheet would run as a formula is preceded by an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return (BOM + text.getvalue()).encode("utf-8")


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return _cell(" ; ".join(str(part) for part in value))
    written = str(value)
    return f"'{written}" if written.startswith(_FORMULA) else written
