"""Columns that several exports share, and the looks of what is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from clsm_map.domain.devices import STATUSES, DeviceType
from clsm_map.domain.evidence import EVIDENCE
from clsm_map.domain.indicators import VALUE_STATUSES, Indicator
from clsm_map.maps.layers import DEVICE_COLOURS, MISSING, NOT_APPLICABLE, SECRET, STATE_DASHES
from clsm_map.maps.layers import status_styles as map_status_styles
from clsm_map.store.snapshot import Snapshot
from clsm_map.table import Category, Column, Look
from clsm_map.views.captions import year_words
from clsm_map.views.choropleth import RESERVES

STATUS_LABELS: Final[dict[str, str]] = {str(i): s.label for i, s in STATUSES.items()}

EVIDENCE_LABELS: Final[dict[str, str]] = {str(i): e.label for i, e in EVIDENCE.items()}
PAGE_COLUMN: Final = Column(
    "preuve",
    "Âge de la page",
    note=" ".join(f"{e.label.capitalize()} : {e.meaning}" for e in EVIDENCE.values()),
)
"""How old the page is that a device, or the status that it gives, rests on."""

SEAT_COLUMN: Final = Column(
    "a_preciser", "Siège seul connu", note="oui : le statut ne tient qu’à la commune du siège."
)

DEVICE_STATES: Final = {
    "actif": "actif",
    "en projet": "en projet",
    "inconnu": "à vérifier",
}
"""Words for the states that `clsm_map.views.carte.DeviceLayer` draws."""

WITHOUT_VALUE: Final = {
    "manquant": MISSING.label,
    "secret": SECRET.label,
    "sans_objet": NOT_APPLICABLE.label,
}
"""Class of a territory that has no value, as the legend says it."""

PLACE_COLUMNS: Final = (
    Column("intercommunalite", "Code intercommunalité", note="SIREN ; EPT dans le Grand Paris."),
    Column("nom_intercommunalite", "Intercommunalité"),
    Column("departement", "Code département"),
    Column("nom_departement", "Département"),
    Column("region", "Code région"),
    Column("nom_region", "Région"),
)


def place_names(snapshot: Snapshot, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the names of the territories that hold each row.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any of ``intercommunalite, departement, region``.

    Returns
    -------
    pandas.DataFrame
        ``nom_intercommunalite, nom_departement, nom_region`` for those that are there.
    """
    tables = {
        "intercommunalite": snapshot.intercommunalites,
        "departement": snapshot.departements,
        "region": snapshot.regions,
    }
    return pd.DataFrame(
        {
            f"nom_{level}": frame[level].map(table.set_index("code")["nom"])
            for level, table in tables.items()
            if level in frame
        }
    )


def indicator_columns(indicator: Indicator, year: int | None) -> tuple[Column, Column]:
    """Give the columns of an indicator: its value, and whether there is one."""
    name = f"{indicator.libelle_court}{year_words(indicator, year)}"
    unit = f" ({indicator.unite})" if indicator.unite else ""
    return (
        Column(
            indicator.id,
            f"{name}{unit}",
            "nombre",
            indicator.decimales,
            f"{indicator.libelle}. {indicator.definition}",
        ),
        Column(
            f"{indicator.id}_statut",
            f"{name} : donnée",
            note="disponible, à confirmer, secret statistique, non disponible ou sans objet.",
        ),
    )


def reserve_column(indicator: Indicator) -> Column:
    """Give the column of what each value must be read with."""
    return Column("a_savoir", "À savoir", note=indicator.prudence)


def reserve_words(indicator: Indicator, found: pd.Series) -> pd.Series:
    """Write what each value must be read with, and the caution of its indicator.

    Parameters
    ----------
    found : pandas.Series of str
        See `clsm_map.views.choropleth.reserves`.
    """
    said = found.map(RESERVES).fillna("")
    said = said.where(said == "", said.str.slice(0, 1).str.upper() + said.str.slice(1) + ". ")
    return (said + indicator.prudence).str.strip()


def indicator_frame(indicator: str, codes: pd.Series, values: pd.DataFrame) -> pd.DataFrame:
    """Align the values of an indicator with rows.

    Parameters
    ----------
    indicator : str
        Identifier, the name of the first column.
    codes : pandas.Series of str
        Code of each row.
    values : pandas.DataFrame
        ``code, valeur, statut``.
    """
    known = values.set_index("code")
    found = known.reindex(codes)
    status = found["statut"].fillna("manquant").map(dict(VALUE_STATUSES))
    return pd.DataFrame(
        {
            indicator: found["valeur"].to_numpy(dtype="float64"),
            f"{indicator}_statut": status.to_numpy(),
        },
        index=codes.index,
    )


def status_column(kind: str) -> Column:
    """Give the column of the coverage status by a type of device."""
    meanings = " ".join(f"{s.label.capitalize()} : {s.meaning}" for s in STATUSES.values())
    return Column("statut", f"Couverture {kind}", note=meanings)


def status_look() -> Look:
    """Draw QPV by coverage status, with the colours and marks of the map."""
    styles = map_status_styles(spots=False)
    return Look(
        "statut",
        tuple(
            Category(s.label, s.fill, s.mark, s.stroke, s.width, s.dash, s.opacity) for s in styles
        ),
    )


def class_look(labels: Sequence[str], colours: Sequence[str], column: str = "classe") -> Look:
    """Draw territories by class, with the classes of what has no value."""
    classes = [Category(la, co) for la, co in zip(labels, colours, strict=True)]
    without = [Category(s.label, s.fill, s.mark, s.stroke) for s in (MISSING, SECRET)]
    absent = Category(NOT_APPLICABLE.label, NOT_APPLICABLE.fill, stroke=NOT_APPLICABLE.stroke)
    return Look(column, (*classes, *without, absent))


def device_look(kind: DeviceType) -> Look:
    """Draw perimeters by state: solid when active, dashed when planned, dotted when unknown."""
    colour = DEVICE_COLOURS[kind]
    dashes: Mapping[str, tuple[float, ...]] = {str(k): v for k, v in STATE_DASHES.items()}
    states = {
        "actif": "actif",
        "en projet": "en projet",
        "à vérifier": "inconnu",
        "passé": "arrêté",
    }
    return Look(
        "etat",
        tuple(
            Category(label, colour, stroke=colour, width=1.6, dash=dashes[state], opacity=0.09)
            for label, state in states.items()
        ),
    )
