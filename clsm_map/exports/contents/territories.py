"""Territories of one level: who they are, one indicator, and the QPV they hold by coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.harvest import harvest_title
from clsm_map.desk import Desk
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import LEVEL_LABELS, MAYOTTE_CENSUS, Territory
from clsm_map.exports.contents.columns import (
    PLACE_COLUMNS,
    WITHOUT_VALUE,
    class_look,
    indicator_columns,
    indicator_frame,
    place_names,
    reserve_column,
    reserve_words,
)
from clsm_map.exports.mentions import (
    indicator_source,
    mentions,
    qpv_sources,
    territory_sources,
)
from clsm_map.exports.table import Content
from clsm_map.formats import date_fr
from clsm_map.maps.palettes import colours_for
from clsm_map.store.snapshot import Scale, Snapshot
from clsm_map.store.territories import communes_of, frame_of, qpv_by_commune
from clsm_map.table import Column, Look, Table
from clsm_map.views.choropleth import (
    classed,
    density_type,
    indicator_values,
    indicators_of,
    reserves,
)
from clsm_map.views.quartiers import Quartiers, quartiers

COLUMN_OF: dict[MapLevel, str] = {
    "commune": "code",
    "epci": "intercommunalite",
    "departement": "departement",
    "region": "region",
}
NAMES: dict[MapLevel, str] = {
    "commune": "communes",
    "epci": "epci",
    "departement": "departements",
    "region": "regions",
}
_HOLDERS: dict[MapLevel, tuple[str, ...]] = {
    "commune": ("intercommunalite", "departement", "region"),
    "epci": ("departement", "region"),
    "departement": ("region",),
    "region": (),
}
_QPV = Column("qpv", "QPV affichés", "entier", note="Un QPV sur deux communes compte dans chacune.")
_PEOPLE = Column("habitants_qpv", "Habitants de ces QPV (RP 2020)", "entier")


def territory_content(desk: Desk, selection: Selection, level: MapLevel) -> Content:
    """Give the territories of a level that lie in the territory of a selection.

    Parameters
    ----------
    selection : Selection
        Territory, indicator, year, classing, palette, type, date and filter of QPV.

    Returns
    -------
    Content
        One table, contours of the territories, drawn by class of the indicator.
    """
    snapshot, territory = desk.snapshot, desk.territory(selection)
    coverage = desk.covered(selection)
    indicator, year = chosen_indicator(snapshot, selection)
    rows = rows_of(snapshot, level, territory)
    title = (
        f"{indicator.libelle}, {territory.nom} ({LEVEL_LABELS[level][1]}) ; couverture des QPV "
        f"par un {coverage.type} au {date_fr(coverage.on)}"
    )
    for counted in (coverage, density_coverage(desk, selection, indicator)):
        title = harvest_title(title, counted, territory)
    frame, look = coloured(desk, selection, indicator, level, rows)
    kept = quartiers(snapshot, coverage, territory, selection.filtre)
    frame = frame.join(qpv_counts(snapshot, kept, level, frame["code"]))
    columns = (
        Column("code", "Code"),
        Column("nom", LEVEL_LABELS[level][0].capitalize()),
        *holder_columns(level),
        Column("population", "Population municipale (RP 2023)", "entier", note=MAYOTTE_CENSUS),
        *indicator_columns(indicator, year),
        Column("classe", "Classe de la carte"),
        reserve_column(indicator),
        _QPV,
        _PEOPLE,
        *count_columns(),
    )
    shapes = shapes_of(snapshot, level, territory, frame["code"])
    table = Table(NAMES[level], title, columns, frame, shapes, look)
    sources = [
        indicator_source(snapshot, indicator, year, level),
        *territory_sources(snapshot),
        *qpv_sources(snapshot),
    ]
    return Content((table,), mentions(desk, selection, territory, title, sources))


def chosen_indicator(snapshot: Snapshot, selection: Selection) -> tuple[Indicator, int | None]:
    """Give the indicator of a selection and the year that is shown."""
    indicator = indicators_of(snapshot)[selection.indicateur]
    asked = selection.annee
    return indicator, asked if asked in indicator.annees else indicator.derniere_annee


def density_coverage(desk: Desk, selection: Selection, indicator: Indicator) -> Coverage:
    """Give the coverage by the type that a density counts, by that of the selection otherwise."""
    return desk.coverage(density_type(indicator.id) or selection.type, desk.day(selection))


def rows_of(snapshot: Snapshot, level: MapLevel, territory: Territory) -> pd.DataFrame:
    """List the territories of a level that lie in a territory, or that hold it.

    Returns
    -------
    pandas.DataFrame
        ``code, nom, population`` and the codes and names of what holds them, sorted by code.
    """
    communes = snapshot.communes_all
    inside = communes[communes["code"].isin(communes_of(snapshot, territory))]
    if inside.empty and territory.level == "arrondissement":
        city = snapshot.arrondissements.set_index("code").loc[territory.code, "commune"]
        inside = communes[communes["code"] == city]
    table = frame_of(snapshot, level)
    kept = table[table["code"].isin(inside[COLUMN_OF[level]])].reset_index(drop=True)
    if kept.empty:
        raise InvalidInputError(
            f"Les données embarquées ne tiennent aucune ligne « {LEVEL_LABELS[level][1]} » pour "
            f"{territory.nom}."
        )
    return kept.join(place_names(snapshot, kept)).sort_values("code", ignore_index=True)


def holder_columns(level: MapLevel) -> tuple[Column, ...]:
    """Give the columns of the territories that hold those of a level."""
    wanted = {name for held in _HOLDERS[level] for name in (held, f"nom_{held}")}
    return tuple(c for c in PLACE_COLUMNS if c.name in wanted)


def coloured(
    desk: Desk, selection: Selection, indicator: Indicator, level: MapLevel, rows: pd.DataFrame
) -> tuple[pd.DataFrame, Look]:
    """Join the values of an indicator, classed as the map classes the same territories.

    Returns
    -------
    frame : pandas.DataFrame
        ``rows`` with the value, its status and ``classe`` (label of the class, or why there is no
        value).
    """
    if level not in indicator.niveaux:
        values = pd.DataFrame({"code": rows["code"], "valeur": np.nan, "statut": "sans_objet"})
    else:
        counted = density_coverage(desk, selection, indicator)
        values = indicator_values(desk.snapshot, counted, indicator.id, level, selection.annee)
    aligned = values.set_index("code").reindex(rows["code"])
    known = pd.Series(aligned["valeur"].to_numpy(dtype="float64"), index=rows.index)
    why = pd.Series(aligned["statut"].fillna("manquant").to_numpy(), index=rows.index)
    labels: tuple[str, ...] = ()
    below: int | None = None
    words = why.map(WITHOUT_VALUE)
    if known.notna().any():
        classes, _ = classed(desk.snapshot, indicator, selection, known)
        below = classes.below
        labels = classes.labels(indicator.unite, indicator.decimales)
        named = [
            labels[c] if c >= 0 else word for c, word in zip(classes.codes, words, strict=True)
        ]
        words = pd.Series(named, index=rows.index)
    colours = colours_for(selection.palette, indicator.sens, len(labels), below) if labels else ()
    found = reserves(indicator, rows["population"].astype(float), why)
    frame = rows.join(indicator_frame(indicator.id, rows["code"], values)).assign(
        classe=words, a_savoir=reserve_words(indicator, found)
    )
    return frame, class_look(labels, colours)


def qpv_counts(
    snapshot: Snapshot, kept: Quartiers, level: MapLevel, codes: pd.Series
) -> pd.DataFrame:
    """Count the QPV kept, their inhabitants and their statuses in each territory.

    Returns
    -------
    pandas.DataFrame
        On the index of ``codes``: ``qpv, habitants_qpv``, and one column per coverage status.
    """
    quartiers_ = kept.frame
    if level == "commune":
        held = qpv_by_commune(snapshot)
        pairs = pd.DataFrame(
            [(c, q) for c in codes for q in held.get(c, ())], columns=["territoire", "code"]
        )
        quartiers_ = pairs.merge(quartiers_, on="code")
    else:
        quartiers_ = quartiers_.assign(territoire=quartiers_[COLUMN_OF[level]])
    grouped = quartiers_.groupby("territoire")
    counts = pd.DataFrame({"qpv": grouped.size(), "habitants_qpv": grouped["habitants"].sum()})
    by_status = pd.crosstab(quartiers_["territoire"], quartiers_["statut"].astype("str"))
    counts = counts.join(by_status.reindex(columns=list(STATUSES), fill_value=0))
    aligned = counts.reindex(codes).fillna(0)
    return aligned.rename(columns={s: f"qpv_{s}" for s in STATUSES}).set_index(codes.index)


def count_columns() -> tuple[Column, ...]:
    """Give the columns that count QPV by coverage status."""
    return tuple(
        Column(f"qpv_{i}", f"QPV : {s.label}", "entier", note=s.meaning)
        for i, s in STATUSES.items()
    )


def shapes_of(
    snapshot: Snapshot, level: MapLevel, territory: Territory, codes: pd.Series
) -> NDArray[np.object_]:
    """Give contours: those of the source below France, simplified ones for the whole country."""
    scale: Scale = "national" if territory.level == "france" else "local"
    contours = snapshot.contours(level, scale).set_index("code")["geometry"]
    return np.asarray(contours.reindex(codes), dtype=object)
