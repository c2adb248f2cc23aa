"""The devices of a type recorded in a territory: who, since when, over what, according to whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import ACTIVE, NONE, PROJECT, TO_CHECK
from clsm_map.analysis.centre import devices_of
from clsm_map.analysis.coverage import Coverage
from clsm_map.desk import Desk
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.exports.contents.columns import EVIDENCE_LABELS, PAGE_COLUMN, device_look
from clsm_map.exports.mentions import mentions, qpv_sources, table_source
from clsm_map.exports.table import Content
from clsm_map.formats import date_fr
from clsm_map.store.snapshot import Snapshot
from clsm_map.table import Column, Table
from clsm_map.views.devices import DeviceLayer, device_qpv
from clsm_map.views.questions import devices_on
from clsm_map.views.register import harvest_by_region

STATES = {ACTIVE: "actif", PROJECT: "en projet", TO_CHECK: "à vérifier", NONE: "passé"}
"""What a device is on the date, in French; ``passé`` covers what was stopped or has not begun."""

_COLUMNS = (
    Column("code", "Identifiant"),
    Column("type", "Type"),
    Column("nom", "Nom"),
    Column("territoire", "Territoire", note="Tel que la page citée le nomme."),
    Column(
        "etat",
        "État à la date",
        note="actif, en projet, à vérifier ou passé (arrêté, ou pas encore commencé).",
    ),
    Column("motif", "Pourquoi à vérifier"),
    Column("statut", "État dans le registre"),
    Column("annee_debut", "Première année", "entier"),
    Column("annee_fin", "Dernière année", "entier"),
    Column("commune_siege", "Code commune du siège"),
    Column("nom_siege", "Commune du siège"),
    Column("departement", "Code département"),
    Column("perimetre", "Périmètre"),
    Column("perimetre_origine", "Origine du périmètre"),
    Column("communes", "Communes du périmètre", "entier", note="Arrondissements comptés à part."),
    Column("qpv", "QPV dans le périmètre", "entier", note="En tout ou en partie."),
    Column("habitants_qpv", "Habitants de ces QPV (RP 2020)", "entier"),
    Column("source_url", "Page citée"),
    Column("source_date", "Date de la page", note="Vide : page non datée."),
    PAGE_COLUMN,
    Column("note", "Note"),
)
_HARVEST = (
    Column("code", "Code"),
    Column("nom", "Région"),
    Column("recenses", "Recensés", "entier", note="Sur deux régions : compté dans chacune."),
    Column("actifs", "Dont actifs", "entier"),
    Column("publies", "Publiés", note="Nombres publiés pour cette région, chacun avec sa date."),
    Column("page", "Page du nombre publié"),
    Column("source", "Source principale", note="Celle qui apporte le plus de recensés."),
    Column("de_la_source", "De cette source", "entier"),
    Column("part_source", "Part de cette source (%)", "nombre", 0),
    Column("complete", "Déclarée complète"),
)
_SHORT = tuple(c for c in _COLUMNS if c.name in {"code", "type", "nom", "etat"})


def device_content(desk: Desk, selection: Selection) -> Content:
    """Give the devices of the selection's type that serve its territory.

    Parameters
    ----------
    selection : Selection
        Territory, type and date.

    Returns
    -------
    Content
        Perimeters, drawn by state; seats as a second layer. A device of unknown perimeter is a
        row without a contour. For France, spreadsheets also hold what was found in each région.
    """
    coverage, territory = desk.covered(selection), desk.territory(selection)
    title = f"{coverage.type} recensés, {territory.nom}, au {date_fr(coverage.on)}"
    rows = device_rows(desk.snapshot, coverage, territory)
    layer = devices_on(desk, selection.type, desk.day(selection))
    tables = device_tables(layer, rows, title)
    sources = [
        table_source(desk.snapshot, "perimetres", "Périmètres"),
        *qpv_sources(desk.snapshot),
    ]
    said = mentions(desk, selection, territory, title, sources)
    extra = (_harvest(desk.snapshot, coverage),) if territory == FRANCE else ()
    return Content(tables, said, extra)


def _harvest(snapshot: Snapshot, coverage: Coverage) -> Table:
    """Write what was found of a type in each région."""
    found = harvest_by_region(snapshot, coverage)
    rows = found.rows.assign(complete=found.rows["complete"].map({True: "oui", False: "non"}))
    return Table("recolte", f"{found.title}, au {date_fr(coverage.on)}", _HARVEST, rows)


def device_tables(layer: DeviceLayer, rows: pd.DataFrame, title: str) -> tuple[Table, Table]:
    """Make the layers of perimeters and seats of some devices."""
    kind: DeviceType = layer.type
    perimeters = layer.perimeters.set_index("code")["geometry"].reindex(rows["code"])
    seats = layer.seats.set_index("code")["geometry"].reindex(rows["code"])
    placed = rows[seats.notna().to_numpy()].reset_index(drop=True)
    return (
        Table(
            f"perimetres_{kind.lower()}",
            title,
            _COLUMNS,
            rows,
            np.asarray(perimeters, dtype=object),
            device_look(kind),
        ),
        Table(
            f"sieges_{kind.lower()}",
            f"{title} : sièges",
            _SHORT,
            placed,
            np.asarray(seats.dropna(), dtype=object),
            device_look(kind),
        ),
    )


def device_rows(
    snapshot: Snapshot, coverage: Coverage, territory: Territory, *, shown_only: bool = False
) -> pd.DataFrame:
    """Describe the devices of the coverage's type that serve a territory.

    Parameters
    ----------
    shown_only : bool, optional
        Only those that are something on the date, as the map shows.

    Returns
    -------
    pandas.DataFrame
        Columns of ``data/facts/dispositifs.csv`` with ``code`` for ``id``, and ``etat, motif,
        preuve, nom_siege, communes, qpv, habitants_qpv``, sorted by code.
    """
    ground = coverage.ground
    here = coverage.devices[coverage.devices["id"].isin(devices_of(ground, territory))]
    if shown_only:
        here = here[here["role"] != NONE]
    roles = here.set_index("id")["role"].map(STATES)
    ages = here.set_index("id")["preuve"].map(EVIDENCE_LABELS)
    rows = ground.dispositifs[ground.dispositifs["id"].isin(here["id"])].sort_values("id")
    codes = rows["id"]
    by_device = device_qpv(ground).groupby("dispositif_id")
    units = ground.units[ground.units["nature"] != "ancienne"]["code"]
    held = ground.perimeters[ground.perimeters["commune"].isin(units)]
    names = pd.concat([snapshot.communes_all, snapshot.arrondissements]).drop_duplicates("code")
    known = codes.isin(ground.located)

    def counted(values: pd.Series) -> pd.Series:
        return codes.map(values).fillna(0).where(known)

    return (
        rows.rename(columns={"id": "code"})
        .assign(
            etat=codes.map(roles),
            motif=codes.map(here.set_index("id")["motif"]),
            preuve=codes.map(ages),
            nom_siege=rows["commune_siege"].map(names.set_index("code")["nom"]),
            communes=counted(held.groupby("dispositif_id").size()),
            qpv=counted(by_device.size()),
            habitants_qpv=counted(by_device["habitants"].sum()),
        )
        .reset_index(drop=True)
    )
