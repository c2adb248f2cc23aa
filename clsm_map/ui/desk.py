"""The desk of a visitor with the detailed table of the programme that they brought."""

from __future__ import annotations

from dataclasses import replace

from clsm_map.desk import Desk
from clsm_map.ui import data
from clsm_map.ui.programme_own import table_in_use


def visitor_desk() -> Desk:
    """Give the desk of this visitor.

    Returns
    -------
    Desk
        It no longer reads the session: a file may be written from it later, in another thread.
    """
    table = table_in_use()
    return data.desk() if table is None else replace(data.desk(), programme=table.frame)
