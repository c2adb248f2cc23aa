"""Coverage: the list of QPV with their status, around a place or in a territory, and its totals."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.analysis.coverage import Coverage, status_counts
from clsm_map.analysis.gaps import gaps_near
from clsm_map.analysis.harvest import harvest_title
from clsm_map.desk import Desk
from clsm_map.domain.devices import NOT_WHOLE, STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, OVERSEAS, Territory
from clsm_map.exports.contents.columns import PAGE_COLUMN, SEAT_COLUMN, status_column, status_look
from clsm_map.exports.contents.qpv import DEVICE_COLUMNS, PART_COLUMNS, described
from clsm_map.exports.mentions import indicator_source, mentions, qpv_sources
from clsm_map.exports.table import Content
from clsm_map.formats import date_fr, number
from clsm_map.store.territories import frame_of
from clsm_map.table import Column, Table
from clsm_map.views.around import read_place
from clsm_map.views.quartiers import POVERTY, Quartiers, filter_mask, qpv_table, quartiers

_HEAD: Final = (
    Column("code", "Code"),
    Column("nom", "Quartier"),
    Column("communes", "Codes des communes", note="Séparés par « ; »."),
    Column("noms_communes", "Communes"),
    Column("intercommunalite", "Code intercommunalité"),
    Column("nom_intercommunalite", "Intercommunalité", note="À qui parler."),
    Column("departement", "Code département"),
    Column("habitants", "Habitants (RP 2020)", "entier", note="Vide : non publié."),
    Column("pauvrete", "Taux de pauvreté (%, 2021)", "nombre", 0),
)
_TAIL: Final = (
    SEAT_COLUMN,
    PAGE_COLUMN,
    *PART_COLUMNS,
    *DEVICE_COLUMNS,
)
_DISTANCE: Final = Column("distance_km", "Distance (km)", "nombre", 1, "De contour à contour.")
_NEAREST: Final = (
    Column("nom_dispositif_plus_proche", "Dispositif actif le plus proche"),
    Column("id_dispositif_plus_proche", "Identifiant de ce dispositif"),
    Column("distance_dispositif_km", "Distance de ce dispositif (km)", "nombre", 1),
)


def coverage_content(desk: Desk, selection: Selection) -> Content:
    """Give the coverage that a selection shows.

    Parameters
    ----------
    selection : Selection
        When a place is given, the QPV that are not wholly covered within the radius, nearest
        first; otherwise all the QPV of the territory. The filter holds in both cases.

    Returns
    -------
    Content
        Contours of the QPV drawn by status; spreadsheets also hold the totals by territory.

    Raises
    ------
    InvalidInputError
        Nothing is found around the place.
    """
    coverage, territory = desk.covered(selection), desk.territory(selection)
    kept = quartiers(desk.snapshot, coverage, territory, selection.filtre)
    if selection.lieu:
        table = _around(desk, selection, coverage)
        extra: tuple[Table, ...] = ()
    else:
        title = (
            f"Couverture des quartiers prioritaires par un {coverage.type}, {territory.nom}, au "
            f"{date_fr(coverage.on)}"
        )
        table = _list_table(desk, coverage, kept.frame, title)
        totals = _totals_level(selection.niveau)
        extra = (_totals(desk, coverage, kept, totals, territory),) if len(kept.frame) else ()
    poverty = desk.snapshot.indicators[POVERTY]
    sources = [
        *qpv_sources(desk.snapshot),
        indicator_source(desk.snapshot, poverty, poverty.derniere_annee, "qpv"),
    ]
    said = mentions(desk, selection, FRANCE if selection.lieu else territory, table.title, sources)
    return Content((table,), said, extra)


def _list_table(
    desk: Desk,
    coverage: Coverage,
    rows: pd.DataFrame,
    title: str,
    before: tuple[Column, ...] = (),
    after: tuple[Column, ...] = (),
) -> Table:
    frame = described(desk.snapshot, rows, coverage)
    columns = (*_HEAD[:2], *before, *_HEAD[2:], status_column(coverage.type), *_TAIL, *after)
    shapes = desk.snapshot.qpv.set_index("code").loc[frame["code"], "geometry"].to_numpy()
    return Table("couverture", title, columns, frame, shapes, status_look())


def _around(desk: Desk, selection: Selection, coverage: Coverage) -> Table:
    contours = desk.contours()
    place = read_place(selection.lieu, desk.snapshot, coverage.ground, contours)
    radius = number(selection.rayon, 0 if selection.rayon % 1 == 0 else 1)
    near = gaps_near(coverage, contours, place, selection.rayon).rename(columns={"qpv": "code"})
    names = coverage.devices.set_index("id")["nom"]
    near["nom_dispositif_plus_proche"] = near["id_dispositif_plus_proche"].map(names)
    everywhere = qpv_table(desk.snapshot, coverage)
    rows = near.drop(columns=["statut", "part_couverte"]).merge(everywhere, on="code")
    rows = rows[filter_mask(rows, selection.filtre)].reset_index(drop=True)
    if rows.empty:
        raise InvalidInputError(
            f"Aucun QPV {NOT_WHOLE.words(coverage.type)} à moins de {radius} km de "
            f"« {place.nom} » : élargissez le rayon, ou retirez un filtre."
        )
    title = (
        f"Quartiers {NOT_WHOLE.words(coverage.type)}, à moins de {radius} km de "
        f"{place.nom}, au {date_fr(coverage.on)}"
    )
    return _list_table(desk, coverage, rows, title, (_DISTANCE,), _NEAREST)


def _totals_level(asked: MapLevel) -> MapLevel:
    """Totals stop at the intercommunalité: a QPV may lie in several communes."""
    return "epci" if asked == "commune" else asked


def _totals(
    desk: Desk, coverage: Coverage, kept: Quartiers, level: MapLevel, territory: Territory
) -> Table:
    """Count the QPV kept and their inhabitants by status in each territory that holds some."""
    rows = desk.snapshot.qpv.loc[desk.snapshot.qpv["code"].isin(kept.frame["code"])]
    counts = status_counts(coverage.status, pd.DataFrame(rows), level)
    wide = counts.pivot_table(
        index="code", columns="statut", values=["qpv", "habitants"], aggfunc="sum"
    )
    frame = pd.DataFrame(index=wide.index)
    columns = [Column("code", "Code"), Column("nom", LEVEL_LABELS[level][0].capitalize())]
    for measure, label in (("qpv", "QPV"), ("habitants", "Habitants (RP 2020)")):
        for identifier, status in STATUSES.items():
            name = f"{measure}_{identifier}"
            frame[name] = wide[measure].get(identifier, 0)
            columns.append(Column(name, f"{label} : {status.label}", "entier", note=status.meaning))
    names = frame_of(desk.snapshot, level).set_index("code")["nom"]
    frame = frame.reset_index()
    frame["nom"] = frame["code"].map(names).fillna(frame["code"].map(OVERSEAS))
    title = f"Totaux par {LEVEL_LABELS[level][0]}, au {date_fr(coverage.on)}"
    title = harvest_title(title, coverage, territory)
    return Table("totaux", title, tuple(columns), frame)
