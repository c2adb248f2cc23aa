"""The lists of QPV without coverage, as people read them: columns, cells, marks of status."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from clsm_map import table
from clsm_map.domain.devices import STATUSES, StatusId
from clsm_map.domain.evidence import page_words, status_words
from clsm_map.domain.selection import GapOrder
from clsm_map.domain.territories import short_name
from clsm_map.formats import NBSP, kilometres, number, percent
from clsm_map.views.quartiers import part_words


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes
    ----------
    label : str
        Header, with the unit and the year.
    numeric : bool
        Aligned on the right.
    order : GapOrder or None
        What a click on the header sorts by; ``None`` when the column does not sort.
    width : int
        Share of the width, against that of the other columns.
    """

    label: str
    numeric: bool = False
    order: GapOrder | None = None
    width: int = 19


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: a text, a smaller line under it, and the status whose mark stands before it."""

    text: str
    detail: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list of QPV.

    Attributes
    ----------
    caption : str
        What is listed, where and in which order.
    rows : tuple of (str, tuple of Cell)
        QPV code, then one cell per column.
    total : int
        QPV of the whole list, of which ``rows`` may be the head.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    total: int


def names_of(codes: str, names: Sequence[str] | None = None) -> str:
    """Write a ``;`` list for people: ``Lille, Roubaix``."""
    parts = names if names is not None else codes.split(";")
    return ", ".join(part.strip() for part in parts if part.strip())


MOST_ROWS: Final = 200
"""Rows shown at once; the files that are taken away hold them all."""

_NAME: Final = Column("Quartier", width=18)
_POPULATION: Final = Column("Habitants RP 2020", numeric=True, order="habitants", width=11)
_POVERTY: Final = Column("Pauvreté 2021", numeric=True, order="pauvrete", width=12)
_EPCI: Final = Column("Intercommunalité à contacter")


_ROWS: Final = (
    table.Column("code", "Code"),
    table.Column("nom", "Quartier"),
    table.Column("noms_communes", "Communes"),
    table.Column("nom_intercommunalite", "Intercommunalité", note="À qui parler."),
    table.Column("habitants", "Habitants (RP 2020)", "entier", note="Vide : non publié."),
    table.Column("pauvrete", "Taux de pauvreté (%, 2021)", "nombre", 0),
)
_NEAREST: Final = (
    table.Column("nom_dispositifs", "Dispositifs", note="Ceux qui donnent le statut."),
    table.Column("nom_dispositif_plus_proche", "Dispositif actif le plus proche"),
    table.Column("distance_dispositif_km", "Distance de ce dispositif (km)", "nombre", 1),
)
_NAMES: Final = {
    "code_qpv": "code",
    "nom_qpv": "nom",
    "nom_epci": "nom_intercommunalite",
    "taux_pauvrete": "pauvrete",
}


def gap_table(gaps: pd.DataFrame, type_: str, title: str) -> table.Table:
    """Write a list of QPV without coverage as a table, in its own order.

    Parameters
    ----------
    gaps : pandas.DataFrame
        Columns of `clsm_map.analysis.listing.gap_list`, ``distance_km`` or not.
    """
    away = table.Column("distance_km", "Distance (km)", "nombre", 1, "De contour à contour.")
    status = table.Column("statut", f"Couverture {type_}")
    frame = gaps.rename(columns=_NAMES).assign(
        noms_communes=gaps["noms_communes"].astype("str").str.replace(";", ", ", regex=False),
        nom_dispositifs=gaps["nom_dispositifs"].astype("str").str.replace(";", ", ", regex=False),
        statut=gaps["statut"].astype(str).map({str(i): s.label for i, s in STATUSES.items()}),
    )
    where = (away,) if "distance_km" in gaps else ()
    return table.Table(
        "couverture", title, (*_ROWS[:2], *where, *_ROWS[2:], status, *_NEAREST), frame
    )


def gap_rows(gaps: pd.DataFrame, type_: str, title: str) -> ListTable:
    """List QPV without coverage for a page, in the order of the frame: see `gap_table`.

    Returns
    -------
    ListTable
        Name and communes, distance where there is one, inhabitants, poverty, intercommunalité,
        status and what it rests on, nearest active device. Without distance, columns sort.
    """
    near = "distance_km" in gaps
    columns = (
        _NAME,
        *((Column("Distance (km)", numeric=True, width=11),) if near else ()),
        _POPULATION,
        _POVERTY,
        _EPCI,
        Column(f"Couverture {type_}"),
        Column(f"{type_} actif le plus proche", order="distance"),
    )
    rows = tuple(
        (
            str(row["code_qpv"]),
            (
                _name(row),
                *((Cell(kilometres(float(row["distance_km"]))),) if near else ()),
                _inhabitants(row),
                _poverty(row),
                _epci(row),
                _status(row),
                _nearest(row),
            ),
        )
        for row in gaps.head(MOST_ROWS).to_dict("records")
    )
    shown = tuple(replace(c, order=None) for c in columns) if near else columns
    return ListTable(title, shown, rows, len(gaps))


def card_lines(gaps: pd.DataFrame, code: str, type_: str) -> tuple[tuple[str, str], ...]:
    """Give what a list adds to the card of a QPV; nothing when it does not list it.

    Parameters
    ----------
    gaps : pandas.DataFrame
        Rows of a list, ``distance_km`` or not.
    code : str
        QPV.
    type_ : str
        Type of device.

    Returns
    -------
    tuple of (str, str)
        Label and value: distance, intercommunalité, nearest active device.
    """
    found = gaps[gaps["code_qpv"] == code].to_dict("records")
    if not found:
        return ()
    row, nearest = found[0], _nearest(found[0])
    away = (("Distance", f"{kilometres(float(row['distance_km']))}{NBSP}km"),)
    return (
        *(away if "distance_km" in row else ()),
        ("Intercommunalité", "sans objet" if pd.isna(row["nom_epci"]) else str(row["nom_epci"])),
        (f"{type_} actif le plus proche", f"{nearest.detail}, {nearest.text}"),
    )


def _name(row: Mapping[Any, Any]) -> Cell:
    return Cell(str(row["nom_qpv"]), names_of(str(row["noms_communes"])))


def _inhabitants(row: Mapping[Any, Any]) -> Cell:
    known = row["habitants"]
    return Cell(number(math.nan if pd.isna(known) else float(known)))


def _poverty(row: Mapping[Any, Any]) -> Cell:
    return Cell(percent(float(row["taux_pauvrete"]), 0))


def _epci(row: Mapping[Any, Any]) -> Cell:
    return Cell("sans objet" if pd.isna(row["nom_epci"]) else short_name(str(row["nom_epci"])))


def _status(row: Mapping[Any, Any]) -> Cell:
    status: StatusId = row["statut"]
    codes = row["communes"]
    part = part_words(row, codes if isinstance(codes, str) else ";".join(codes))
    share = f"{part}, " if part else ""
    by = names_of("", str(row["nom_dispositifs"]).split(";"))
    label = status_words(STATUSES[status].label, seat_only=bool(row["a_preciser"]))
    return Cell(label, share + by, status)


def _nearest(row: Mapping[Any, Any]) -> Cell:
    distance = float(row["distance_dispositif_km"])
    if math.isnan(distance):
        return Cell("aucun", "dans ce territoire")
    page = page_words(str(row["page_dispositif_plus_proche"]))
    return Cell(f"{kilometres(distance)}{NBSP}km", f"{row['nom_dispositif_plus_proche']} ({page})")
