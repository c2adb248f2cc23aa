"""What a plan is asked: the QPV to reach, the candidates that may reach them, the constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from clsm_map.analysis.ground import qpv_of
from clsm_map.domain.devices import NOT_WHOLE, WITHOUT_ACTIVE
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import FRANCE, PLM, Territory
from clsm_map.formats import count

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.ground import Hierarchy
    from clsm_map.domain.devices import QpvSet, StatusId
    from clsm_map.domain.selection import PartialChoice

CandidateKind = Literal["epci", "commune"]


@dataclass(frozen=True, slots=True)
class Aim:
    """Which QPV a plan is to reach.

    ``sans_projets``: whether those of a project are left out.
    ``partiels``: how those that an active device holds in part count.
    """

    sans_projets: bool = False
    partiels: PartialChoice = "surface"

    @property
    def _set(self) -> QpvSet:
        return WITHOUT_ACTIVE if self.partiels == "sans" else NOT_WHOLE

    @property
    def statuses(self) -> tuple[StatusId, ...]:
        """Their statuses: a project or a device to be checked serves nobody yet."""
        return tuple(s for s in self._set.statuses if not (self.sans_projets and s == "en_projet"))

    def words(self, type_: str) -> str:
        """Say, after « quartiers », which ones these are; ``type_`` is the device's acronym."""
        said = self._set.words(type_)
        return f"{said} (hors projets)" if self.sans_projets else said


EVERY: Final = Aim()
"""All that no active device covers whole, for the inhabitants of the area not covered."""


@dataclass(frozen=True, eq=False)
class Demand:
    """The QPV to reach.

    ``qpv``: ``qpv, nom, departement, statut, habitants`` (those that reaching it would gain, see
      `gainable`; 0 where unknown), ``population_connue``, ``besoin`` (0 to 100, missing where there
      is no score), ``poids`` (what a plan adds up), sorted by code.
    ``needed``: ``qpv, commune``: communes of each of them that no active perimeter holds.
    ``weighted``: whether ``poids`` takes the need into account.
    ``aim``: which QPV they are.
    """

    qpv: pd.DataFrame
    needed: pd.DataFrame
    weighted: bool = False
    aim: Aim = EVERY


@dataclass(frozen=True, eq=False)
class Candidates:
    """Where a new device may be created.

    ``frame``: ``code, nom, nature`` (``epci``, ``commune``, ``arrondissement``), ``departement,
      region, population``, sorted by code.
    ``holds``: ``candidat, commune``: what each one's perimeter unfolds to.
    """

    frame: pd.DataFrame
    holds: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a plan must respect.

    ``k``: number of devices to create, at most.
    ``max_per_departement``: new devices in one département, at most (the département of the
      candidate).
    ``excluded``: codes of candidates, or ``departement:93`` and ``region:84`` for all those of a
      territory.
    ``forced``: codes of candidates that must be chosen; they count among the ``k``.
    ``max_population``: inhabitants of all the perimeters created, added up, at most.
    ``max_population_each``: inhabitants of any perimeter created, at most.
    """

    k: int
    max_per_departement: int | None = None
    excluded: frozenset[str] = frozenset()
    forced: frozenset[str] = frozenset()
    max_population: float | None = None
    max_population_each: float | None = None


def gainable(population: pd.Series, share: pd.Series, partiels: PartialChoice) -> pd.Series:
    """Give the inhabitants that each QPV brings the day it is covered whole.

    ``round(population × (1 − share covered of its area))``: as if inhabitants were spread evenly
    over the QPV, an estimate; rounded QPV by QPV so that rows add up to their total. All of them
    with ``entier``; a QPV already covered in part brings none with ``sans``.

    ``share``: share of the area that active devices hold, 0 to 1: ``part_couverte``, same index.
    """
    if partiels == "entier":
        return population.astype(float)
    left = 1 - share if partiels == "surface" else (share <= 0).astype(float)
    return (population.astype(float) * left).round()


def partial_caution(n: int, partiels: PartialChoice) -> tuple[str, ...]:
    """Say how the QPV covered in part are counted."""
    if partiels == "sans":
        return ("Les quartiers déjà couverts en partie sont laissés de côté.",)
    if not n:
        return ()
    already = count(n, "quartier déjà couvert en partie", "quartiers déjà couverts en partie")
    counts, own = ("compte", "ses") if n == 1 else ("comptent", "leurs")
    if partiels == "entier":
        return (f"{already} {counts} pour tous {own} habitants, part couverte comprise.",)
    said = (
        f"{already} {counts} pour la part de {own} habitants égale à la part de surface non "
        "couverte\u00a0: une estimation, qui suppose les habitants répartis également (contours "
        "généralisés)."
    )
    return (said,)


def demand_of(
    coverage: Coverage,
    territory: Territory = FRANCE,
    *,
    need: pd.Series | None = None,
    aim: Aim = EVERY,
) -> Demand:
    """List the QPV of a territory that a plan is to reach and the communes that each still needs.

    A QPV is reached when all its communes are in the union of the perimeters of today and of the
    plan: one that is covered in part needs only the others. One over the limit of the territory is
    counted where the register of QPV puts it.

    ``poids = habitants`` (see `gainable`), or with ``need``, a score (0 to 100) by QPV code,
    ``habitants × besoin / 100``. A QPV whose population is unknown weighs 0 and is counted apart;
    one without a need score takes the median of the scores known, so that lack of data is neither
    a privilege nor a penalty.

    Raises `InvalidInputError`: no need score at all is known.
    """
    ground, status = coverage.ground, coverage.status[["qpv", "statut", "part_couverte"]]
    here = pd.DataFrame(ground.qpv.loc[qpv_of(ground, territory)])
    rows = here[["code", "nom", "departement", "population"]]
    rows = rows.merge(status, left_on="code", right_on="qpv")
    rows = rows.loc[rows["statut"].isin(aim.statuses)].sort_values("qpv", ignore_index=True)
    people = gainable(rows["population"], rows["part_couverte"], aim.partiels).fillna(0.0)
    rows = rows.assign(
        habitants=people, population_connue=rows["population"].notna(), besoin=np.nan, poids=people
    )
    if need is not None:
        if not need.notna().any():
            raise InvalidInputError(
                "Aucun indice de besoin n’est connu : rien ne peut être pondéré."
            )
        rows["besoin"] = rows["qpv"].map(need).astype(float)
        rows["poids"] = people * (rows["besoin"].fillna(need.median()) / 100.0)
    pairs, held = ground.qpv_communes, ground.held_by(coverage.active)["commune"]
    left = pairs["qpv"].isin(rows["qpv"]) & ~pairs["commune"].isin(held)
    needed = pairs.loc[left, ["qpv", "commune"]].drop_duplicates()
    needed = needed.sort_values(["qpv", "commune"], ignore_index=True)
    columns = ["qpv", "nom", "departement", "statut", "habitants"]
    columns += ["population_connue", "besoin", "poids"]
    frame = rows.loc[rows["qpv"].isin(needed["qpv"]), columns].reset_index(drop=True)
    return Demand(frame, needed, need is not None, aim)


def allowed_candidates(candidates: Candidates, constraints: Constraints) -> Candidates:
    """Drop the candidates that the constraints exclude one by one.

    ``constraints``: ``excluded`` and ``max_population_each`` are applied here; a forced candidate
      that they exclude is an error, so is a set of forced ones that breaks the other limits.

    Raises `InvalidInputError`: the constraints contradict each other.
    """
    limits = (
        constraints.max_per_departement,
        constraints.max_population,
        constraints.max_population_each,
    )
    if constraints.k < 1:
        raise InvalidInputError("Le nombre de dispositifs à créer doit être d’au moins 1.")
    if any(limit is not None and not limit > 0 for limit in limits):
        raise InvalidInputError("Une limite doit être un nombre plus grand que zéro.")
    frame, excluded = candidates.frame, list(constraints.excluded)
    out = frame["code"].isin(excluded)
    for column in ("departement", "region"):
        out |= (f"{column}:" + frame[column].fillna("")).isin(excluded)
    if constraints.max_population_each is not None:
        out |= frame["population"] > constraints.max_population_each
    kept = frame.loc[~out].reset_index(drop=True)
    _check_forced(kept, constraints, frame)
    held = candidates.holds["candidat"].isin(kept["code"])
    return Candidates(kept, candidates.holds.loc[held].reset_index(drop=True))


def _check_forced(kept: pd.DataFrame, constraints: Constraints, every: pd.DataFrame) -> None:
    if not constraints.forced:
        return
    forced = kept.loc[kept["code"].isin(list(constraints.forced))]
    lost = sorted(constraints.forced - set(forced["code"]))
    if lost:
        names = every.loc[every["code"].isin(lost)].set_index("code")["nom"]
        listed = ", ".join(f"{names[c]} ({c})" if c in names.index else c for c in lost)
        raise InvalidInputError(
            f"Imposé, mais pas parmi les candidats admis : {listed}. Retirez ce choix, ou levez ce "
            "qui l’exclut."
        )
    if len(forced) > constraints.k:
        devices = count(constraints.k, "dispositif")
        raise InvalidInputError(f"{len(forced)} territoires sont imposés pour {devices} à créer.")
    most = forced["departement"].value_counts().max() if len(forced) else 0
    if constraints.max_per_departement is not None and most > constraints.max_per_departement:
        raise InvalidInputError(
            "Les territoires imposés dépassent à eux seuls la limite par département."
        )
    total = forced["population"].sum()
    if constraints.max_population is not None and total > constraints.max_population:
        raise InvalidInputError(
            "Les territoires imposés dépassent à eux seuls la limite d’habitants desservis."
        )


_CANDIDATE_COLUMNS: Final = ["code", "nom", "nature", "departement", "region", "population"]


def offered_candidates(
    kind: CandidateKind, intercommunalites: pd.DataFrame, hierarchy: Hierarchy
) -> Candidates:
    """List all the intercommunalités, or all the communes, that may receive a device.

    ``kind``: ``epci``: the intercommunalités offered, the eleven EPT and Paris in place of the
      Métropole du Grand Paris. ``commune``: the communes, and the arrondissements of Paris, Lyon
      and Marseille beside the three cities.
    ``intercommunalites``: ``code, nom, departement, region, population``.
    """
    frame = intercommunalites.assign(nature="epci") if kind == "epci" else _communes(hierarchy)
    return _with_holds(frame, hierarchy)


def listed_candidates(
    codes: Sequence[str], intercommunalites: pd.DataFrame, hierarchy: Hierarchy
) -> Candidates:
    """Make candidates of one's own list of codes.

    ``intercommunalites``: ``code, nom, departement, region, population``.

    Raises `InvalidInputError`: A code is not one of these.
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
    units, cities = hierarchy.units, hierarchy.tables.communes_all
    cities = cities.loc[cities["code"].isin(PLM)].assign(nature="commune")
    every = pd.concat([units.loc[units["nature"] != "ancienne"], cities], ignore_index=True)
    return every[_CANDIDATE_COLUMNS]


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
