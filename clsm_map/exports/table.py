"""What a file holds, whatever its format: tables, their sources, what must be said of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from clsm_map.table import Table


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Where figures come from.

    Attributes
    ----------
    figures : str
        What comes from there, in French.
    producteur, titre, millesime, geographie, licence, adresse : str
        From the catalogue.
    denominateur, prudence : str
        Possibly empty.
    """

    figures: str
    producteur: str
    titre: str
    millesime: str
    geographie: str
    licence: str
    adresse: str
    denominateur: str = ""
    prudence: str = ""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What must be said with an export.

    Attributes
    ----------
    titre : str
        What, where and when.
    situation : datetime.date
        Date that the coverage describes.
    etabli_le : datetime.date
        Date of the export.
    prudences : tuple of str
        French sentences.
    vue : tuple of (str, str)
        Query parameters that show the same view in the application.
    """

    titre: str
    situation: dt.date
    etabli_le: dt.date
    sources: tuple[SourceNote, ...]
    prudences: tuple[str, ...] = ()
    vue: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Content:
    """All that an export writes.

    Attributes
    ----------
    tables : tuple of Table
        The main one first: the only one of formats that hold one table.
    """

    tables: tuple[Table, ...]
    mentions: Mentions
    extra: tuple[Table, ...] = field(default=())
    """Tables without shapes that only spreadsheets hold."""

    @property
    def main(self) -> Table:
        """The main table."""
        return self.tables[0]
