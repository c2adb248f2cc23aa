"""The main table of an export as CSV for French Excel."""

from __future__ import annotations

from clsm_map.exports.french_csv import french_csv
from clsm_map.exports.table import Content


def csv_bytes(content: Content) -> bytes:
    """Write the main table as CSV for French Excel.

    Returns
    -------
    bytes
        See `clsm_map.exports.french_csv.french_csv`; headers are French, units included.
    """
    columns = content.main.columns
    frame = content.main.values().set_axis([c.label for c in columns], axis=1)
    plain = frame.astype(object).where(frame.notna(), None)
    return french_csv([c.label for c in columns], plain.to_dict("records"))  # type: ignore[arg-type]
