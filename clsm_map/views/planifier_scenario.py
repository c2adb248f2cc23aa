"""What if, ready to be read: decisions, statuses before and after, QPV whose status changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from clsm_map.analysis.planning.scenario import Move, Scenario, Simulation
from clsm_map.domain.devices import STATUSES
from clsm_map.formats import NBSP, count, number
from clsm_map.views.quartiers import Quartiers

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
