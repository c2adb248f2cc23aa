"""The sheet of a scenario: everything that its two pages say, as text and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.history import Announced
from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.scenario import Simulation
from clsm_map.domain.devices import NOT_WHOLE, DeviceType
from clsm_map.domain.selection import QpvFilter
from clsm_map.domain.territories import FRANCE, RP_QPV
from clsm_map.formats import NBSP, count, date_fr, number
from clsm_map.store.snapshot import Snapshot
from clsm_map.views import captions
from clsm_map.views.inequality_index import NOT_OFFICIAL
from clsm_map.views.planifier_scenario import read_scenario, status_change
from clsm_map.views.quartiers import quartiers
from clsm_map.views.sheet import Grid

MOST_DECISIONS: Final = 12
MOST_QPV: Final = 30
"""Rows that the two pages hold; the rest is counted, and its list is the CSV of the page."""


@dataclass(frozen=True, slots=True)
class ScenarioSheet:
    """The two pages.

    Attributes
    ----------
    date, etabli_le : datetime.date
        Date of the situation, and day of the sheet.
    chiffres : tuple of (str, str, str)
        Value, what is counted, what is apart.
    decisions, statuts, qpv : Grid
        Moves with what each adds; statuses before and after, over France; QPV whose status changes.
    lien : str
        Address, or path with its query, of the same scenario on screen.
    """

    titre: str
    constat: str
    type: DeviceType
    date: dt.date
    etabli_le: dt.date
    chiffres: tuple[tuple[str, str, str], ...]
    decisions: Grid
    statuts: Grid
    qpv: Grid
    prudences: tuple[str, ...]
    sources: tuple[str, ...]
    lien: str


def scenario_sheet(
    snapshot: Snapshot,
    found: Simulation,
    names: Mapping[str, str],
    *,
    today: dt.date,
    announced: Announced | None,
    link: str,
) -> ScenarioSheet:
    """Put a simulated scenario on two pages.

    Parameters
    ----------
    found : Simulation
        With the need index.
    names : mapping of str to str
        Names of territories by code.
    today : datetime.date
        Day of the sheet.
    announced : Announced or None
        See `clsm_map.analysis.history.announced_total`.
    link : str
        See `ScenarioSheet.lien`.
    """
    before = found.avant
    type_: DeviceType = next(t for t in _TYPES if t == before.type)
    reading = read_scenario(found, names)
    moves = len(found.scenario.moves)
    return ScenarioSheet(
        titre=f"Scénario : {count(moves, 'décision')} pour les {type_}",
        constat=_finding(found, type_),
        type=type_,
        date=before.on,
        etabli_le=today,
        chiffres=reading.figures,
        decisions=_grid(
            "Ce que chaque décision ajoute aux précédentes",
            reading.table.drop(columns="Codes"),
            MOST_DECISIONS,
            "décision",
        ),
        statuts=_grid(
            "Statuts des QPV de France, avant et après",
            status_change(
                quartiers(snapshot, found.avant, FRANCE, QpvFilter()),
                quartiers(snapshot, found.apres, FRANCE, QpvFilter()),
            ),
            10,
            "statut",
        ),
        qpv=_grid(
            "QPV dont le statut change, les plus peuplés d’abord (besoin : indice de 0 à 100)",
            reading.changes.sort_values(
                ["Habitants (RP 2020)", "Code"], ascending=[False, True], na_position="last"
            ).rename(columns=_SHORT),
            MOST_QPV,
            "QPV",
            "QPV",
        ),
        prudences=(
            CAUTION.format(type=type_),
            *found.avertissements,
            register_caution(before, announced),
            NOT_OFFICIAL,
        ),
        sources=(captions.qpv_source(), captions.device_source(before)),
        lien=link,
    )


_CENSUS: Final = f" ({RP_QPV})"
_SHORT: Final = {
    "Département": "Dép.",
    "Indice de besoin (0 à 100)": "Besoin",
}
_WIDE: Final = ("Décision", "Statut", "Quartier")
"""Columns that hold the longest texts."""
_TYPES: Final[tuple[DeviceType, ...]] = ("CLSM", "ASV", "CLS")


def _finding(found: Simulation, type_: str) -> str:
    """State what the scenario changes in one sentence with its figures."""
    kinds = [move.kind for move in found.scenario.moves]
    created, extended = kinds.count("creer"), kinds.count("etendre")
    parts = []
    if created:
        parts.append(f"créer {count(created, type_, type_)}")
    if extended:
        what = f"périmètre de {type_}", f"périmètres de {type_}"
        parts.append(f"étendre {count(extended, *what)}")
    decided = " et ".join(parts)
    gained = found.qpv_gagnes
    if not gained:
        return (
            f"{decided[:1].upper()}{decided[1:]} ne couvrirait aucun des quartiers "
            f"{NOT_WHOLE.words(type_)} au {date_fr(found.avant.on)}."
        )
    return (
        f"{decided[:1].upper()}{decided[1:]} couvrirait {count(gained, 'QPV', 'QPV')} de plus et "
        f"{count(found.habitants_gagnes, 'habitant')}, parmi les quartiers "
        f"{NOT_WHOLE.words(type_)} au {date_fr(found.avant.on)}."
    )


def _grid(title: str, rows: pd.DataFrame, most: int, one: str, several: str | None = None) -> Grid:
    """Write a table as text; what does not fit is counted in a last row.

    The census that its inhabitants are of goes from its headers, narrow on paper, to its title.
    """
    names = [str(name).removesuffix(_CENSUS) for name in rows.columns]
    if names != list(rows.columns):
        rows, title = (
            rows.set_axis(names, axis="columns"),
            f"{title}{NBSP}; habitants{NBSP}: {RP_QPV}",
        )
    numeric = tuple(pd.api.types.is_numeric_dtype(rows[name]) for name in rows.columns)
    lines = [
        tuple(_cell(value, is_number=n) for value, n in zip(row, numeric, strict=True))
        for row in rows.head(most).itertuples(index=False)
    ]
    left = len(rows) - len(lines)
    if left > 0:
        blank = [""] * len(numeric)
        place = next(i for i, name in enumerate(rows.columns) if name in _WIDE)
        plural = several or f"{one}s"
        blank[place] = f"et {count(left, f'autre {one}', f'autres {plural}')}"
        lines.append(tuple(blank))
    return Grid(title, tuple(rows.columns), numeric, tuple(lines), "Aucun.")


def _cell(value: object, *, is_number: bool) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return f"n.{NBSP}d." if is_number else ""
    return number(float(str(value))) if is_number else str(value)
