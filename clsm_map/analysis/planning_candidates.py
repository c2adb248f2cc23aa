"""Where a new device may be created: what is offered, or one's own list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.planning_problem import CandidateKind, Candidates
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import PLM

if TYPE_CHECKING:
    from clsm_map.analysis.perimeters import Hierarchy

_CANDIDATE_COLUMNS: Final = ["code", "nom", "nature", "departement", "region", "population"]


def offered_candidates(
    kind: CandidateKind, intercommunalites: pd.DataFrame, hierarchy: Hierarchy
) -> Candidates:
    """List all the intercommunalités, or all the communes, that may receive a device.

    Parameters
    ----------
    kind : {"epci", "commune"}
        ``epci``: the intercommunalités offered, the eleven EPT and Paris in place of the
        Métropole du Grand Paris. ``commune``: the communes, and the arrondissements of Paris,
        Lyon and Marseille beside the three cities.
    intercommunalites : DataFrame
        ``code, nom, departement, region, population``.
    hierarchy : Hierarchy
        The territories.
    """
    frame = intercommunalites.assign(nature="epci") if kind == "epci" else _communes(hierarchy)
    return _with_holds(frame, hierarchy)


def listed_candidates(
    codes: Sequence[str], intercommunalites: pd.DataFrame, hierarchy: Hierarchy
) -> Candidates:
    """Make candidates of one's own list of codes.

    Parameters
    ----------
    codes : sequence of str
        Intercommunalités, communes or arrondissements, mixed at will; Paris, Lyon and Marseille
        stand for all their arrondissements.
    intercommunalites : DataFrame
        ``code, nom, departement, region, population``.
    hierarchy : Hierarchy
        The territories.

    Raises
    ------
    InvalidInputError
        A code is not one of these.
    """
    offered = intercommunalites.assign(nature="epci")[_CANDIDATE_COLUMNS]
    known = pd.concat([offered, _communes(hierarchy)], ignore_index=True).drop_duplicates("code")
    wrong = sorted(set(codes) - set(known["code"]))
    if wrong:
        raise InvalidInputError(
            "Ces codes ne sont ni une intercommunalité, ni une commune, ni un arrondissement : "
            f"{', '.join(wrong)}."
        )
    return _with_holds(known.loc[known["code"].isin(list(codes))], hierarchy)


def _communes(hierarchy: Hierarchy) -> pd.DataFrame:
    """Give the communes, the arrondissements, and the cities that these part."""
    units = hierarchy.units
    cities = hierarchy.communes.loc[hierarchy.communes["code"].isin(PLM)].assign(nature="commune")
    return pd.concat(
        [units.loc[units["nature"] != "ancienne", _CANDIDATE_COLUMNS], cities[_CANDIDATE_COLUMNS]],
        ignore_index=True,
    )


def _with_holds(frame: pd.DataFrame, hierarchy: Hierarchy) -> Candidates:
    frame = frame[_CANDIDATE_COLUMNS].sort_values("code", ignore_index=True)
    side = frame["nature"].where(frame["nature"] == "epci", "commune")
    holds = (
        pd.DataFrame({"nature": side, "code": frame["code"]})
        .merge(hierarchy.members, on=["nature", "code"])[["code", "commune"]]
        .set_axis(["candidat", "commune"], axis=1)
        .sort_values(["candidat", "commune"], ignore_index=True)
    )
    return Candidates(frame, holds)
