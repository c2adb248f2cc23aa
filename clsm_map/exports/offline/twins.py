"""Table twins of a map, written out for reading."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.exports.contents.carte import choropleth_table
from clsm_map.exports.plate import Plate
from clsm_map.exports.table import Column
from clsm_map.formats import number
from clsm_map.views.carte import qpv_rows
from clsm_map.views.choropleth import Choropleth


@dataclass(frozen=True, slots=True)
class Twin:
    """A table to read.

    Attributes
    ----------
    numeric : tuple of bool
        Which columns hold numbers.
    rows : tuple of tuple of str
        Cells; an unknown value is empty.
    """

    title: str
    headers: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def twins_of(desk: Desk, plate: Plate) -> tuple[Twin, ...]:
    """Write the tables that say what a plate draws: territories coloured, then QPV."""
    coloured = plate.choropleth
    first = () if coloured is None else (choropleth_twin(desk, plate.selection, coloured),)
    shown = coloured is None or "qpv" in plate.selection.couches
    return (*first, *((qpv_twin(plate),) if shown else ()))


def choropleth_twin(desk: Desk, selection: Selection, coloured: Choropleth) -> Twin:
    """Write the territories of a choropleth: value, class, and whether there is a value."""
    table = choropleth_table(desk, selection, coloured)
    values = table.values()
    return Twin(
        table.title,
        tuple(c.label for c in table.columns),
        tuple(c.kind != "texte" for c in table.columns),
        _rows(values, table.columns),
    )


def qpv_twin(plate: Plate) -> Twin:
    """Write the QPV of a map, with the columns of the page's own table."""
    frame = qpv_rows(plate.quartiers, plate.coverage)
    columns = tuple(
        Column(str(name), str(name), "nombre" if pd.api.types.is_numeric_dtype(values) else "texte")
        for name, values in frame.items()
    )
    return Twin(
        plate.listed or f"Quartiers prioritaires, {plate.territory.nom}",
        tuple(c.label for c in columns),
        tuple(c.kind != "texte" for c in columns),
        _rows(frame, columns),
    )


def _rows(frame: pd.DataFrame, columns: tuple[Column, ...]) -> tuple[tuple[str, ...], ...]:
    written = [
        ["" if pd.isna(v) else _cell(v, column) for v in frame[column.name]] for column in columns
    ]
    return tuple(zip(*written, strict=True))


def _cell(value: object, column: Column) -> str:
    if column.kind == "texte":
        return str(value)
    figure = float(str(value))
    decimals = column.decimals if figure % 1 else 0
    return number(figure, max(decimals, 1) if figure % 1 else 0)
