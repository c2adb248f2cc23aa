"""What if: devices created and perimeters extended, as a value that prints to a link."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Literal, Self
from urllib.parse import quote, unquote

import pandas as pd

from clsm_map.analysis.activity import ACTIVE, SCENARIO
from clsm_map.analysis.coverage import Coverage, coverage_on, statuses
from clsm_map.analysis.ground import Links, unfold_perimeters
from clsm_map.analysis.planning.problem import gainable, partial_caution
from clsm_map.analysis.planning.question import uncertain_devices
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError

if TYPE_CHECKING:
    from clsm_map.analysis.ground import Ground
    from clsm_map.domain.selection import PartialChoice

MoveKind = Literal["creer", "etendre"]

MAX_MOVES: Final = 50
MAX_CODES: Final = 200
"""Codes of one move."""

_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}|[0-9]{9}")


@dataclass(frozen=True, slots=True)
class Move:
    """One decision.

    ``codes``: communes, arrondissements, EPCI or EPT that the device is created on, or extended to.
    ``dispositif``: device that is extended; empty for a creation.
    """

    kind: MoveKind
    codes: tuple[str, ...]
    dispositif: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Decisions that add up, in order."""

    moves: tuple[Move, ...] = ()

    def then(self, move: Move) -> Scenario:
        """Add a move."""
        return Scenario((*self.moves, move))

    def undone(self) -> Scenario:
        """Drop the last move."""
        return Scenario(self.moves[:-1])

    def to_text(self) -> str:
        """Print as a short text that a link can carry without escapes.

        Moves joined by ``~``, each ``c.CODE.CODE`` or ``e.DEVICE.CODE``; `from_text` reads it
        back to an equal scenario. Empty when there is no move.
        """
        texts = []
        for move in self.moves:
            device = quote(move.dispositif, safe="").replace(".", "%2E").replace("~", "%7E")
            head = ["c"] if move.kind == "creer" else ["e", device]
            texts.append(".".join([*head, *move.codes]))
        return "~".join(texts)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` printed.

        Raises `InvalidInputError`: the text is not such a scenario; nothing of it is kept.
        """
        parts = [part for part in text.split("~") if part]
        if len(parts) > MAX_MOVES:
            raise InvalidInputError(f"Un scénario compte au plus {MAX_MOVES} décisions.")
        moves = []
        for part in parts:
            letter, *rest = part.split(".")
            if letter not in {"c", "e"}:
                raise InvalidInputError(
                    "Ce scénario est illisible : une décision n’a pas de sens connu."
                )
            device = unquote(rest.pop(0)) if letter == "e" and rest else ""
            moves.append(make_move("creer" if letter == "c" else "etendre", rest, device))
        return cls(tuple(moves))


def make_move(kind: MoveKind, codes: list[str], dispositif: str = "") -> Move:
    """Check the form of a move.

    Raises `InvalidInputError`: no code, too many, a code of neither form, or an extension without
    device.
    """
    kept = tuple(dict.fromkeys(codes))
    if not kept or len(kept) > MAX_CODES:
        raise InvalidInputError(
            f"Une décision porte sur 1 à {MAX_CODES} communes ou intercommunalités."
        )
    wrong = [code for code in kept if not _CODE.fullmatch(code)]
    if wrong:
        raise InvalidInputError(
            f"« {wrong[0][:40]} » n’a la forme ni d’un code de commune (5 caractères) ni d’un "
            "SIREN d’intercommunalité (9 chiffres)."
        )
    if (kind == "etendre") != bool(dispositif):
        raise InvalidInputError("Une extension nomme le dispositif qu’elle étend.")
    return Move(kind, kept, dispositif)


CREATED: Final = "creation-"
"""Start of the identifiers of the devices that a scenario creates."""

_SIREN = 9


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a scenario changes.

    ``avant, apres``: coverage before and after; the devices created are active in ``apres``.
    ``qpv``: QPV whose status changes: ``qpv, nom, departement, habitants`` (missing where unknown),
      ``besoin, statut_avant, statut_apres, gagne`` (becomes *couvert*), ``habitants_gagnes`` (see
      `clsm_map.analysis.planning.problem.gainable`; 0 where it is not gained), sorted by code.
    ``decisions``: one row per move, in order: ``rang, kind, dispositif, codes, qpv_gagnes,
      habitants_gagnes, besoin_gagne``: what each adds to those before it.
    ``qpv_gagnes, habitants_gagnes``: QPV that become *couvert*, and the inhabitants that they
      bring, where known.
    ``qpv_population_inconnue``: among them, how many have no known population.
    ``qpv_en_partie``: QPV that become *couvert en partie*.
    ``besoin_gagne``: ``Σ habitants_gagnes × besoin / 100`` over the QPV gained; missing when no
      need is given.
    ``partiels``: how the QPV that were covered in part count; with ``sans`` they are not gained.
    """

    scenario: Scenario
    avant: Coverage
    apres: Coverage
    qpv: pd.DataFrame
    decisions: pd.DataFrame
    qpv_gagnes: int
    habitants_gagnes: int
    qpv_population_inconnue: int
    qpv_en_partie: int
    besoin_gagne: float
    partiels: PartialChoice
    avertissements: tuple[str, ...]


def simulate(
    coverage: Coverage,
    scenario: Scenario,
    need: pd.Series | None = None,
    *,
    partiels: PartialChoice = "surface",
) -> Simulation:
    """Compute coverage again as if the scenario had come true.

    The devices created are written in the register as active, the extensions in the perimeters,
    and statuses come from the same rules as everywhere (`clsm_map.analysis.coverage.status_of`).

    ``need``: need score (0 to 100) by QPV code; a QPV without one adds no need.

    Raises `InvalidInputError`: A move names a device that the register does not hold, or extends
    one of another type.
    Raises `UnknownTerritoryError`: A code is not one of a commune, an arrondissement or an EPCI.
    """
    _check(coverage, scenario)
    held = _held(coverage, scenario)
    after = coverage_on(
        _with_moves(coverage, scenario, held),
        coverage.type,
        coverage.on,
        today=coverage.described,
    )
    worth = _worth(coverage, need, partiels)
    total = worth.assign(
        statut_avant=coverage.status["statut"].to_numpy(),
        statut_apres=after.status["statut"].to_numpy(),
    )
    total = total.loc[total["statut_avant"] != total["statut_apres"]]
    total["gagne"] = (total["statut_apres"] == "couvert") & total["compte"]
    total["habitants_gagnes"] = total["a_gagner"].where(total["gagne"], 0.0)
    total = total.drop(columns=["a_gagner", "compte"]).sort_values("qpv", ignore_index=True)
    gained = total.loc[total["gagne"]]
    in_part = int((gained["statut_avant"] == "couvert_en_partie").sum())
    return Simulation(
        scenario=scenario,
        avant=coverage,
        apres=after,
        qpv=total,
        decisions=_decisions(coverage, scenario, held, worth, weighed=need is not None),
        qpv_gagnes=len(gained),
        habitants_gagnes=int(gained["habitants_gagnes"].sum()),
        qpv_population_inconnue=int(gained["habitants"].isna().sum()),
        qpv_en_partie=int((total["statut_apres"] == "couvert_en_partie").sum()),
        besoin_gagne=_need(gained["habitants_gagnes"], gained["besoin"], weighed=need is not None),
        partiels=partiels,
        avertissements=(
            *partial_caution(in_part, partiels),
            *_of_extensions(coverage, scenario),
            *_of_creations(coverage, after),
        ),
    )


def _check(coverage: Coverage, scenario: Scenario) -> None:
    ground = coverage.ground
    devices = ground.dispositifs.set_index("id")["type"]
    known = set(ground.hierarchy.members["code"]) | set(ground.qpv_communes["commune"])
    for move in scenario.moves:
        unknown = [code for code in move.codes if code not in known]
        if unknown:
            every = ground.hierarchy.members["code"].unique().tolist()
            raise UnknownTerritoryError(
                f"« {unknown[0]} » n’est le code d’aucune commune ni intercommunalité.",
                suggestions=get_close_matches(unknown[0], every, n=3, cutoff=0.75),
            )
        if move.kind != "etendre":
            continue
        if move.dispositif not in devices.index:
            near = get_close_matches(move.dispositif, list(devices.index), n=3, cutoff=0.6)
            raise UnknownTerritoryError(
                f"Aucun dispositif recensé ne porte l’identifiant « {move.dispositif} ».",
                suggestions=near,
            )
        if devices[move.dispositif] != coverage.type:
            raise InvalidInputError(
                f"« {move.dispositif} » est un {devices[move.dispositif]}, "
                f"pas un {coverage.type} : il ne peut pas être étendu ici."
            )


def _held(coverage: Coverage, scenario: Scenario) -> pd.DataFrame:
    """Unfold what each move holds: ``rang, dispositif_id, commune``."""
    ground = coverage.ground
    asked = [
        (str(rank), "epci" if len(code) == _SIREN else "commune", code)
        for rank, move in enumerate(scenario.moves, start=1)
        for code in move.codes
    ]
    named = pd.DataFrame(asked, columns=["dispositif_id", "nature", "code"])
    unfolded = unfold_perimeters(named, ground.dispositifs.iloc[:0], ground.hierarchy)
    ranks = unfolded["dispositif_id"].astype("int64")
    devices = [move.dispositif or f"{CREATED}{i}" for i, move in enumerate(scenario.moves, 1)]
    return unfolded.assign(rang=ranks, dispositif_id=[devices[rank - 1] for rank in ranks])


def _with_moves(coverage: Coverage, scenario: Scenario, held: pd.DataFrame) -> Ground:
    """Write the devices created in the register, and all that is held in the perimeters."""
    ground = coverage.ground
    created = [
        {
            "id": f"{CREATED}{rank}",
            "type": coverage.type,
            "nom": f"{coverage.type} à créer ({rank})",
            "statut": "actif",
            "annee_debut": coverage.on.year,
            "perimetre_origine": SCENARIO,
        }
        for rank, move in enumerate(scenario.moves, start=1)
        if move.kind == "creer"
    ]
    new = pd.DataFrame(created, columns=ground.dispositifs.columns).astype(object)
    dispositifs = pd.concat([ground.dispositifs.astype(object), new], ignore_index=True)
    perimeters = pd.concat([ground.perimeters, held[["dispositif_id", "commune"]]])
    perimeters = perimeters.drop_duplicates()
    perimeters = perimeters.sort_values(["dispositif_id", "commune"], ignore_index=True)
    return replace(ground, dispositifs=dispositifs, perimeters=perimeters)


def _worth(coverage: Coverage, need: pd.Series | None, partiels: PartialChoice) -> pd.DataFrame:
    """Give what each QPV brings the day it is covered whole, in the order of the statuses."""
    rows = pd.DataFrame(coverage.ground.qpv[["code", "nom", "departement", "population"]])
    rows = rows.set_axis(["qpv", "nom", "departement", "habitants"], axis=1).reset_index(drop=True)
    share = coverage.status["part_couverte"]
    return rows.assign(
        besoin=float("nan") if need is None else rows["qpv"].map(need),
        a_gagner=gainable(rows["habitants"], share, partiels),
        compte=(share <= 0) | (partiels != "sans"),
    )


def _decisions(
    before: Coverage, scenario: Scenario, held: pd.DataFrame, worth: pd.DataFrame, *, weighed: bool
) -> pd.DataFrame:
    """Give what each move adds to those before it.

    What a move holds is a device of its own, of the role of the one that is extended: the statuses
    are the same, and the links are made once.
    """
    ground = before.ground
    roles = before.devices.set_index("id")["role"]
    own = held.assign(dispositif_id=CREATED + held["rang"].astype(str))
    role = [roles.get(id_, ACTIVE) for id_ in held["dispositif_id"]]
    added = held.assign(id=own["dispositif_id"], role=role).drop_duplicates("id")
    devices = pd.concat([before.devices.assign(rang=0), added])
    perimeters = pd.concat([ground.perimeters, own[["dispositif_id", "commune"]]])
    links = Links.of(ground.qpv, ground.qpv_communes, perimeters, ground.named)
    covered = (before.status["statut"] == "couvert").to_numpy()
    records = []
    for rank, move in enumerate(scenario.moves, start=1):
        now = statuses(links, devices.loc[devices["rang"] <= rank]) == "couvert"
        gained = worth.loc[now & ~covered & worth["compte"]]
        covered = now
        records.append(
            {
                "rang": rank,
                "kind": move.kind,
                "dispositif": move.dispositif,
                "codes": ";".join(move.codes),
                "qpv_gagnes": len(gained),
                "habitants_gagnes": int(gained["a_gagner"].sum()),
                "besoin_gagne": _need(gained["a_gagner"], gained["besoin"], weighed=weighed),
            }
        )
    columns = ["rang", "kind", "dispositif", "codes", "qpv_gagnes", "habitants_gagnes"]
    return pd.DataFrame(records, columns=[*columns, "besoin_gagne"])


def _need(people: pd.Series, need: pd.Series, *, weighed: bool) -> float:
    return float((people * need / 100).sum()) if weighed else float("nan")


def _of_extensions(coverage: Coverage, scenario: Scenario) -> tuple[str, ...]:
    extended = {move.dispositif for move in scenario.moves}
    devices = coverage.devices.loc[coverage.devices["id"].isin(extended)].sort_values("id")
    vague = devices["a_preciser"] | ~devices["perimetre_connu"]
    notes = []
    for name, role, to_tell in zip(devices["nom"], devices["role"], vague, strict=True):
        if role != ACTIVE:
            notes.append(
                f"« {name} » n’est pas actif à cette date : l’étendre ne couvre aucun quartier "
                "tant qu’il ne l’est pas."
            )
        elif to_tell:
            notes.append(
                f"Le périmètre de « {name} » est à préciser : il couvre peut-être déjà une partie "
                "de ce que le scénario lui ajoute."
            )
    return tuple(notes)


def _of_creations(before: Coverage, after: Coverage) -> tuple[str, ...]:
    """Name the devices that may serve, or will serve, where the scenario creates one."""
    held = after.ground.perimeters
    created = held.loc[held["dispositif_id"].str.startswith(CREATED), "commune"]
    known = uncertain_devices(before)
    met = known.loc[known["commune"].isin(created)].drop_duplicates("dispositif_id")
    return tuple(
        f"« {name} » y est déjà recensé ({reason}) : à vérifier avant de créer."
        for name, reason in sorted(zip(met["nom"], met["motif"], strict=True))
    )
