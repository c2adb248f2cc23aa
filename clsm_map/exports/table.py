"""What an export writes, whatever the format: tables, how they are drawn, what must be said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clsm_map.domain.errors import InvalidInputError
from clsm_map.maps.model import Mark

Kind = Literal["texte", "entier", "nombre"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Name in geographic files: lower case, no accent.
    label : str
        French header in spreadsheets, unit included.
    kind : {"texte", "entier", "nombre"}
        Codes are ``texte``.
    decimals : int
        Digits shown after the comma; two more are written.
    note : str
        What it says, when the header does not suffice.
    """

    name: str
    label: str
    kind: Kind = "texte"
    decimals: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """How the rows that hold one value of a column are drawn.

    Attributes
    ----------
    value : str
        Value of the column, which is also the label of the legend.
    fill : str
        Hexadecimal colour; empty for none.
    mark : Mark
        Sign that doubles the colour.
    stroke : str
        Colour of the outline.
    width : float
        Width of the outline, in pixels of the screen.
    dash : tuple of float
        Dashes and gaps of the outline, in pixels.
    opacity : float
        Opacity of the fill, 0 to 1.
    """

    value: str
    fill: str
    mark: Mark = "plein"
    stroke: str = "#ffffff"
    width: float = 0.5
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is drawn: one category by value of a column."""

    column: str
    categories: tuple[Category, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Rows to write.

    Attributes
    ----------
    name : str
        Name of the layer or of the sheet: lower case, no accent.
    title : str
        French title: what, where and when.
    frame : pandas.DataFrame
        One column per `Column.name`; text, missing as NaN.
    shapes : ndarray of shapely geometries or None
        Contours or points (EPSG:4326), aligned with the rows; ``None`` inside for a row without.
    look : Look or None
        How the shapes are drawn.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    shapes: NDArray[Any] | None = None
    look: Look | None = None

    def __post_init__(self) -> None:
        missing = [c.name for c in self.columns if c.name not in self.frame]
        if missing:
            raise KeyError(f"{self.name}: {missing}")
        for texts in ([c.name for c in self.columns], [c.label for c in self.columns]):
            if len(set(texts)) < len(texts):
                raise ValueError(f"{self.name}: the same column twice in {texts}")
        if self.shapes is not None and len(self.shapes) != len(self.frame):
            raise ValueError(f"{self.name}: {len(self.shapes)} shapes, {len(self.frame)} rows")

    def values(self) -> pd.DataFrame:
        """Give the columns in order, numbers rounded and in their type.

        Returns
        -------
        pandas.DataFrame
            ``str``, nullable ``Int64`` or ``float64`` columns.
        """
        frame = {c.name: _typed(self.frame[c.name], c) for c in self.columns}
        return pd.DataFrame(frame).reset_index(drop=True)

    def geo(self) -> gpd.GeoDataFrame:
        """Give the rows with their shapes.

        Raises
        ------
        InvalidInputError
            The table has no shape.
        """
        if self.shapes is None:
            raise InvalidInputError("Ce tableau n’a pas de contours.", self.name)
        return gpd.GeoDataFrame(self.values(), geometry=np.asarray(self.shapes), crs=4326)


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "entier":
        return pd.to_numeric(values).round().astype("Int64")
    if column.kind == "nombre":
        return pd.to_numeric(values).astype("float64").round(column.decimals + 2)
    return values.astype("str")


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
