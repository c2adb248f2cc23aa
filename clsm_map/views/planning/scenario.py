"""What if: decisions, statuses before and after, QPV whose status changes, and its two pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.history import Announced
from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.scenario import Move, Scenario, Simulation
from clsm_map.domain.devices import NOT_WHOLE, STATUSES, DeviceType
from clsm_map.domain.selection import QpvFilter
from clsm_map.domain.territories import FRANCE, RP_QPV
from clsm_map.formats import NBSP, count, date_fr, number
from clsm_map.store.snapshot import Snapshot
from clsm_map.views import captions
from clsm_map.views.inequality.index import NOT_OFFICIAL
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.sheet.model import Grid

_LABELS = {str(i): s.label.capitalize() for i, s in STATUSES.items()}


@dataclass(frozen=True, eq=False)
class ScenarioReading:
    """A scenario, ready to be read.

    Attributes
    ----------
    figures : tuple of (str, str, str)
        Value, what is counted, what is apart.
    decisions : tuple of (str, str)
        Each move in words, and what it adds to those before it.
    table, changes : pandas.DataFrame
        Decisions and QPV whose status changes, with French headers.
    """

    title: str
    figures: tuple[tuple[str, str, str], ...]
    decisions: tuple[tuple[str, str], ...]
    table: pd.DataFrame
    changes: pd.DataFrame
    cautions: tuple[str, ...]


def read_scenario(found: Simulation, names: Mapping[str, str]) -> ScenarioReading:
    """Put a simulation into words and tables.

    Parameters
    ----------
    names : mapping of str to str
        Names of territories by code.
    """
    type_ = found.avant.type
    devices = dict(zip(found.avant.devices["id"], found.avant.devices["nom"], strict=True))
    said = [move_label(m, type_, names, devices) for m in found.scenario.moves]
    steps = found.decisions
    return ScenarioReading(
        title=f"{count(len(said), 'décision')} : ce qui changerait en France",
        figures=_figures(found),
        decisions=tuple(
            (
                f"{rank}. {text}, {number(int(qpv))}{NBSP}QPV",
                f"+{NBSP}{number(int(people))}{NBSP}hab.",
            )
            for rank, text, qpv, people in zip(
                steps["rang"], said, steps["qpv_gagnes"], steps["habitants_gagnes"], strict=True
            )
        ),
        table=pd.DataFrame(
            {
                "Rang": steps["rang"],
                "Décision": said,
                "Codes": steps["codes"].str.replace(";", " ", regex=False),
                "QPV gagnés": steps["qpv_gagnes"],
                "Habitants gagnés (RP 2020)": steps["habitants_gagnes"],
                "Pondérés par le besoin": steps["besoin_gagne"].round(),
            }
        ),
        changes=changes_table(found),
        cautions=found.avertissements,
    )


def move_label(move: Move, type_: str, names: Mapping[str, str], devices: Mapping[str, str]) -> str:
    """Say a move: *Créer un CLSM sur Lille*, *Étendre « CLSM de Lens » à Liévin*."""
    where = ", ".join(names.get(code, code) for code in move.codes)
    if move.kind == "creer":
        return f"Créer un {type_} sur {where}"
    return f"Étendre « {devices.get(move.dispositif, move.dispositif)} » à {where}"


def changes_table(found: Simulation) -> pd.DataFrame:
    """List the QPV whose status changes, with French headers."""
    rows = found.qpv
    return pd.DataFrame(
        {
            "Code": rows["qpv"],
            "Quartier": rows["nom"],
            "Département": rows["departement"],
            "Habitants (RP 2020)": rows["habitants"],
            "Habitants gagnés (RP 2020)": rows["habitants_gagnes"],
            "Indice de besoin (0 à 100)": rows["besoin"].round(0),
            "Avant": rows["statut_avant"].astype(str).map(_LABELS),
            "Après": rows["statut_apres"].astype(str).map(_LABELS),
        }
    )


def status_change(before: Quartiers, after: Quartiers) -> pd.DataFrame:
    """Compare the same QPV before and after, status by status: the twin of the map.

    Returns
    -------
    pandas.DataFrame
        ``Statut, QPV avant, QPV après, Habitants avant, Habitants après``: the statuses that
        either has.
    """
    old, new = before.by_status(), after.by_status()
    table = pd.DataFrame(
        {
            "Statut": old["statut"].astype(str).map(_LABELS),
            "QPV avant": old["qpv"],
            "QPV après": new["qpv"],
            "Habitants avant (RP 2020)": old["habitants"].astype("int64"),
            "Habitants après (RP 2020)": new["habitants"].astype("int64"),
        }
    )
    kept = (old["qpv"] > 0) | (new["qpv"] > 0)
    return table[kept].reset_index(drop=True)


def codes_of(scenario: Scenario) -> tuple[str, ...]:
    """Give the territories that a scenario touches, each once."""
    return tuple(dict.fromkeys(code for move in scenario.moves for code in move.codes))


def _figures(found: Simulation) -> tuple[tuple[str, str, str], ...]:
    unknown = found.qpv_population_inconnue
    partial = found.qpv["gagne"] & (found.qpv["statut_avant"] == "couvert_en_partie")
    estimated = found.partiels == "surface" and bool(partial.any())
    return (
        (
            number(found.habitants_gagnes),
            "habitants de QPV gagnés",
            ("RP 2020, estimation" if estimated else "RP 2020")
            + (f" ; inconnus pour {count(unknown, 'QPV', 'QPV')}" if unknown else ""),
        ),
        (
            number(found.qpv_gagnes),
            "QPV gagnés",
            ("devient couvert" if found.qpv_gagnes == 1 else "deviennent couverts")
            + f" ; {number(found.qpv_en_partie)} de plus en partie",
        ),
        (
            number(round(found.besoin_gagne)) if found.qpv_gagnes else "0",
            "habitants pondérés par le besoin",
            "habitants × indice de besoin / 100",
        ),
    )


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
