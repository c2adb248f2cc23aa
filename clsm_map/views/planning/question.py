"""The question of *Où ensuite*: read in a selection, equal for equal answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from clsm_map.analysis.ground import Ground, Hierarchy
from clsm_map.analysis.planning.problem import (
    Aim,
    Candidates,
    Constraints,
    listed_candidates,
    offered_candidates,
)
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import CandidateChoice, PartialChoice, Selection
from clsm_map.domain.territories import Territory, split_key
from clsm_map.store.snapshot import Snapshot


def territory_names(snapshot: Snapshot, ground: Ground) -> Mapping[str, str]:
    """Give the name of every commune, arrondissement, former commune, EPCI and EPT, by code."""
    frames = (ground.units, snapshot.communes_all, snapshot.epci, snapshot.intercommunalites)
    return {
        str(code): str(name)
        for frame in frames
        for code, name in zip(frame["code"].tolist(), frame["nom"].tolist(), strict=True)
    }


CANDIDATE_LABELS: Final[dict[CandidateChoice, str]] = {
    "epci": "Intercommunalités",
    "commune": "Communes",
    "liste": "Ma liste",
}
PARTIAL_LABELS: Final[dict[PartialChoice, str]] = {
    "surface": "Part de surface non couverte",
    "sans": "Laissés de côté",
    "entier": "Comptés en entier",
}
"""How the QPV that are covered in part count."""


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What *Où ensuite* is asked; equal questions have equal answers on one register.

    Attributes
    ----------
    territory : Territory
        Only its QPV are to be reached.
    liste : tuple of str
        Codes, when the candidates are one's own list.
    exclus : tuple of str
        ``level:code``.
    imposes : tuple of str
        Codes.
    """

    type: DeviceType
    on: dt.date
    territory: Territory
    k: int
    candidats: CandidateChoice
    liste: tuple[str, ...]
    pondere: bool
    sans_projets: bool
    partiels: PartialChoice
    par_departement: int | None
    plafond: int | None
    plafond_chacun: int | None
    exclus: tuple[str, ...]
    imposes: tuple[str, ...]

    @property
    def constraints(self) -> Constraints:
        """The constraints, as the planner takes them."""
        excluded = frozenset(
            key if key.startswith(("departement:", "region:")) else split_key(key)[1]
            for key in self.exclus
        )
        return Constraints(
            self.k,
            self.par_departement,
            excluded,
            frozenset(self.imposes),
            self.plafond,
            self.plafond_chacun,
        )

    @property
    def aim(self) -> Aim:
        """Which QPV are to be reached."""
        return Aim(self.sans_projets, self.partiels)

    @property
    def words(self) -> str:
        """Say which ones they are, after « quartiers »."""
        return self.aim.words(self.type)

    @property
    def unit(self) -> str:
        """What a plan adds up."""
        return "habitants pondérés par le besoin" if self.pondere else "habitants"


def question_of(selection: Selection, territory: Territory, today: dt.date) -> PlanQuestion:
    """Read the question in a selection; options that change nothing are made the same.

    Parameters
    ----------
    territory : Territory
        The territory it names.
    """
    asked = selection.projet
    return PlanQuestion(
        type=selection.type,
        on=selection.date or today,
        territory=territory,
        k=asked.k,
        candidats=asked.candidats,
        liste=tuple(sorted(asked.liste)) if asked.candidats == "liste" else (),
        pondere=asked.pondere,
        sans_projets=asked.sans_projets,
        partiels=asked.partiels,
        par_departement=asked.par_departement,
        plafond=asked.plafond,
        plafond_chacun=asked.plafond_chacun,
        exclus=tuple(sorted(asked.exclus)),
        imposes=tuple(sorted(asked.imposes)),
    )


def candidates_of(
    choice: CandidateChoice, liste: tuple[str, ...], snapshot: Snapshot, hierarchy: Hierarchy
) -> Candidates:
    """Give the territories that may receive a device.

    Raises
    ------
    InvalidInputError
        One's own list is empty, or names what is not a commune nor an intercommunalité.
    """
    if choice != "liste":
        return offered_candidates(choice, snapshot.intercommunalites, hierarchy)
    if not liste:
        raise InvalidInputError(
            "Votre liste est vide : ajoutez-y des intercommunalités ou des communes."
        )
    return listed_candidates(liste, snapshot.intercommunalites, hierarchy)
