"""The QPV that a selection keeps, with their coverage and all that is published on them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.listing import device_names
from clsm_map.desk import Desk
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import EVOLUTIONS, Selection
from clsm_map.exports.contents.columns import (
    EVIDENCE_LABELS,
    PAGE_COLUMN,
    PLACE_COLUMNS,
    SEAT_COLUMN,
    STATUS_LABELS,
    indicator_columns,
    indicator_frame,
    place_names,
    status_column,
    status_look,
)
from clsm_map.exports.mentions import indicator_source, mentions, qpv_sources
from clsm_map.exports.table import Content
from clsm_map.formats import date_fr
from clsm_map.store.snapshot import Snapshot
from clsm_map.table import Column, Table
from clsm_map.views.quartiers import Quartiers, quartiers

_IDENTITY = (
    Column("code", "Code"),
    Column("nom", "Quartier"),
    Column("communes", "Codes des communes", note="Séparés par « ; »."),
    Column("noms_communes", "Communes"),
)
_BASE = (
    Column("habitants", "Habitants (RP 2020)", "entier", note="Vide : non publié."),
    Column("surface_ha", "Surface (ha)", "nombre", 1),
    Column("evolution", "Périmètre", note="Ce qu’il est devenu depuis la géographie 2015."),
)
PART_COLUMNS: Final = (
    Column(
        "part_couverte",
        "Part couverte (%)",
        "nombre",
        note="Part de la surface, contours généralisés.",
    ),
    Column(
        "n_communes",
        "Communes du quartier",
        "entier",
        note="À Paris, Lyon et Marseille, ses arrondissements.",
    ),
    Column(
        "n_communes_couvertes",
        "Communes couvertes",
        "entier",
        note="Dans le périmètre d’un dispositif actif recensé.",
    ),
)
"""What of a quartier lies in the perimeters of active devices."""
DEVICE_COLUMNS: Final = (
    Column("nom_dispositifs", "Dispositifs", note="Ceux qui donnent le statut, et leur page."),
    Column("id_dispositifs", "Identifiants des dispositifs"),
)
_COVERED = (
    SEAT_COLUMN,
    PAGE_COLUMN,
    *PART_COLUMNS,
    *DEVICE_COLUMNS,
)


def qpv_content(desk: Desk, selection: Selection) -> Content:
    """Give the QPV of a selection, one row each.

    Parameters
    ----------
    selection : Selection
        Territory, type, date and filter.

    Returns
    -------
    Content
        One table, contours of the QPV, drawn by coverage status.
    """
    coverage, territory = desk.covered(selection), desk.territory(selection)
    kept = quartiers(desk.snapshot, coverage, territory, selection.filtre)
    title = (
        f"Quartiers prioritaires, {territory.nom} : couverture par un {coverage.type} au "
        f"{date_fr(coverage.on)}"
    )
    indicators = qpv_indicators(desk.snapshot)
    table = qpv_table(desk, selection, kept, title)
    sources = [
        *qpv_sources(desk.snapshot),
        *(indicator_source(desk.snapshot, i, i.derniere_annee, "qpv") for i in indicators),
    ]
    return Content((table,), mentions(desk, selection, territory, title, sources))


def qpv_indicators(snapshot: Snapshot) -> tuple[Indicator, ...]:
    """List the indicators published by QPV, population apart."""
    return tuple(
        i for i in snapshot.indicators.values() if "qpv" in i.niveaux and i.id != "population"
    )


def qpv_table(desk: Desk, selection: Selection, kept: Quartiers, title: str) -> Table:
    """Write the rows of `views.quartiers.Quartiers` with every indicator published by QPV."""
    snapshot, coverage = desk.snapshot, desk.covered(selection)
    frame = described(snapshot, kept.frame, coverage)
    columns = [
        *_IDENTITY,
        *PLACE_COLUMNS,
        *_BASE,
        status_column(selection.type),
        *_COVERED,
    ]
    for indicator in qpv_indicators(snapshot):
        columns += indicator_columns(indicator, indicator.derniere_annee)
        values = snapshot.indicator(indicator.id, "qpv")
        frame = frame.join(indicator_frame(indicator.id, frame["code"], values))
    shapes = snapshot.qpv.set_index("code").loc[frame["code"], "geometry"].to_numpy()
    return Table("qpv", title, tuple(columns), frame, shapes, status_look())


def described(snapshot: Snapshot, rows: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    """Put words on QPV: places, perimeter, status and names of devices.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns of `clsm_map.views.quartiers.Quartiers.frame`.
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    """
    rows = rows.reset_index(drop=True)
    return rows.join(place_names(snapshot, rows)).assign(
        noms_communes=rows["noms_communes"].str.replace(";", ", ", regex=False),
        evolution=rows["evolution"].map(EVOLUTIONS),
        preuve=rows["preuve"].map(EVIDENCE_LABELS).fillna(""),
        a_preciser=rows["a_preciser"].map({True: "oui", False: "non"}),
        statut=rows["statut"].astype("str").map(STATUS_LABELS),
        part_couverte=100 * rows["part_couverte"],
        id_dispositifs=rows["dispositifs"],
        nom_dispositifs=[
            names.replace(";", ", ") for names in device_names(coverage, rows["dispositifs"])
        ],
    )
