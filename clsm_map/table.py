"""The one description of a table: on screen, in a file, in a terminal, in a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clsm_map.domain.devices import Mark
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import lower_ascii

Kind = Literal["texte", "entier", "nombre", "lien"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: codes are ``texte``, addresses ``lien``.

    Attributes
    ----------
    name : str
        Name in geographic files: lower case, no accent.
    label : str
        French header, unit included.
    decimals : int
        Digits shown after the comma; two more are written in files.
    note : str
        What it says, when the header does not suffice.
    width : int
        Pixels on a page; 0 lets the page choose.
    """

    name: str
    label: str
    kind: Kind = "texte"
    decimals: int = 0
    note: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """How the rows that hold one value of a column are drawn; widths and dashes in pixels."""

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
    """Rows, their columns, and their contours where they have some.

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
    note : str
        What must be said of all the rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    shapes: NDArray[Any] | None = None
    look: Look | None = None
    note: str = ""

    def __post_init__(self) -> None:
        missing = [c.name for c in self.columns if c.name not in self.frame]
        if missing:
            raise KeyError(f"{self.name}: {missing}")
        for texts in ([c.name for c in self.columns], [c.label for c in self.columns]):
            if len(set(texts)) < len(texts):
                raise ValueError(f"{self.name}: the same column twice in {texts}")
        if self.shapes is not None and len(self.shapes) != len(self.frame):
            raise ValueError(f"{self.name}: {len(self.shapes)} shapes, {len(self.frame)} rows")

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        frame: pd.DataFrame,
        columns: Mapping[str, Mapping[str, Any]] | None = None,
        note: str = "",
    ) -> Table:
        """Make a table of a frame whose columns are named as people read them.

        Parameters
        ----------
        columns : mapping of str to mapping, optional
            Fields of `Column` by label; the kind is otherwise read from the type of the column.
        """
        given = columns or {}
        made = tuple(
            Column(**{"name": _slug(str(label)), "label": str(label), "kind": _kind(values)}
                   | dict(given.get(str(label), {})))
            for label, values in frame.items()
        )  # fmt: skip
        return cls(name, title, made, frame.set_axis([c.name for c in made], axis=1), note=note)

    def values(self) -> pd.DataFrame:
        """Give the columns in order: ``str``, nullable ``Int64`` or rounded ``float64``."""
        frame = {c.name: _typed(self.frame[c.name], c) for c in self.columns}
        return pd.DataFrame(frame).reset_index(drop=True)

    def labelled(self) -> pd.DataFrame:
        """Give the columns in order, by label, as they are."""
        labels = {c.name: c.label for c in self.columns}
        return self.frame[list(labels)].rename(columns=labels)

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


def _slug(label: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", lower_ascii(label)).strip("_")


def _kind(values: pd.Series) -> Kind:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return "texte"
    return "entier" if pd.api.types.is_integer_dtype(values) else "nombre"


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "entier":
        return pd.to_numeric(values).round().astype("Int64")
    if column.kind == "nombre":
        return pd.to_numeric(values).astype("float64").round(column.decimals + 2)
    return values.astype("str")
