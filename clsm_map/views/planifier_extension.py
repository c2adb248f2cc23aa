"""Extension before creation, ready to be read: what lies next to each device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.planning.scenario import Move, make_move
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.formats import count, number
from clsm_map.views.planifier_names import short_name

BUTTON: Final = "Et si"
"""Column that holds the label of the button of each row."""

NUMBERS: Final = ("QPV gagnés", "Habitants gagnés (RP 2020)", "Pondérés par le besoin")
"""Columns of numbers."""


@dataclass(frozen=True, eq=False)
class ExtensionReading:
    """Additions next to existing devices, ready to be read.

    Attributes
    ----------
    table : pandas.DataFrame
        French headers; the last column is the label of a button.
    moves : tuple of Move
        The move of each row.
    """

    title: str
    finding: str
    table: pd.DataFrame
    moves: tuple[Move, ...]


def read_extensions(
    rows: pd.DataFrame, type_: str, where: str, *, weighted: bool
) -> ExtensionReading:
    """Put the additions into words and a table, those that reach most first.

    Parameters
    ----------
    rows : pandas.DataFrame
        See `clsm_map.analysis.planning.question.extensions`.
    type_ : str
        Type of device.
    where : str
        Name of the territory.
    weighted : bool
        Whether need weighs in.
    """
    best = rows.sort_values(
        ["poids_gagne", "dispositif_id", "code"], ascending=[False, True, True], ignore_index=True
    )
    table = pd.DataFrame(
        {
            "Dispositif": best["dispositif"],
            "Ajouter": [short_name(str(nom)) for nom in best["nom"]],
            "Code": best["code"],
            "QPV gagnés": best["qpv_gagnes"],
            "Habitants gagnés (RP 2020)": best["habitants_gagnes"],
        }
    )
    if weighted:
        table["Pondérés par le besoin"] = best["poids_gagne"].round().astype("int64")
    table["Périmètre"] = best["a_preciser"].map({True: "à préciser", False: "connu"})
    table[BUTTON] = "Essayer"
    moves = tuple(
        make_move("etendre", [str(code)], str(device))
        for device, code in zip(best["dispositif_id"], best["code"], strict=True)
    )
    return ExtensionReading(
        title=f"Étendre un {type_} recensé au territoire voisin qui atteint le plus : {where}",
        finding=_finding(best, type_),
        table=table,
        moves=moves,
    )


def _finding(best: pd.DataFrame, type_: str) -> str:
    if best.empty:
        return (
            f"Aucun territoire voisin d’un {type_} recensé ne couvrirait en entier, à lui seul, un "
            f"quartier {NOT_WHOLE.words(type_)}."
        )
    first = best.iloc[0]
    devices = int(best["dispositif_id"].nunique())
    return (
        f"{count(devices, f'{type_} recensé a', f'{type_} recensés ont')} un voisin qui "
        f"achèverait des quartiers {NOT_WHOLE.words(type_)}. Le plus grand gain : "
        "étendre "
        f"« {first['dispositif']} » à {short_name(str(first['nom']))}, "
        f"{number(int(first['habitants_gagnes']))} habitants de "
        f"{count(int(first['qpv_gagnes']), 'QPV', 'QPV')}."
    )
