"""The profile of a territory over all its indicators, against a reference and among its peers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map import formats
from clsm_map.analysis.comparison.references import Group, Operand, default_reference, members
from clsm_map.analysis.comparison.values import Value, is_count, level_refusal, value_of
from clsm_map.analysis.inequality import given
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, MGP, Level, Territory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clsm_map.domain.indicators import Direction, Indicator
    from clsm_map.store.snapshot import Snapshot

SMALL_POPULATION: Final = 1000
"""Below this many inhabitants a rate is flagged: a few households move it."""
VERY_SMALL_POPULATION: Final = 200
"""Below this many inhabitants a rate is not coloured without a hatch."""

TO_CONFIRM: Final = (
    "Valeur à confirmer : moins du dixième, ou plus de dix fois, celle de la France ; l’écart peut "
    "venir du recueil"
)
WEIGHTED: Final = ", moyenne pondérée par les habitants"
"""Added to the name of a reference that nobody publishes: see AVERAGED in the values."""

_UNDATED: Final = "Année non précisée par le diffuseur."

COLUMNS: Final = [
    "indicateur", "libelle", "theme", "unite", "decimales", "sens", "annee", "moment", "valeur",
    "statut",
    "reference", "reference_nom", "reference_annee", "reference_statut", "reference_nature",
    "ecart", "rapport", "position", "rang", "ex_aequo", "n_pairs", "percentile", "mediane_pairs",
    "effectif_faible", "prudence", "mise_en_garde",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Profile:
    """A territory over its indicators.

    ``pairs``: who the peers are, in French; empty for a group, which has none.
    ``indicateurs``: `COLUMNS`, a row per indicator that the subject can have, in the order of the
      definitions. ``statut`` of the value and of the reference: ``disponible``, ``a_confirmer``,
      ``secret``, ``manquant``, ``sans_objet``; ``sens`` is ``neutre`` where one of them is to be
      confirmed. ``moment`` says the year (see `Indicator.when`). ``reference_nature``: ``publiée``,
      ``calculée`` or ``aucune``, and ``reference_nom`` says of whom and how. ``ecart`` is value
      minus reference as they are written, in the unit of the indicator (points for a percentage);
      ``rapport`` is value over reference, where both are above zero. Both are missing for a number
      of things. ``position`` is ``plus défavorable``, ``plus favorable``, ``plus élevé``, ``plus
      bas``, ``égal`` or empty. ``rang`` 1 is the highest value among the ``n_pairs`` peers where it
      is known, the subject included, and ``ex_aequo`` of them have that very value, the subject
      included; ``percentile`` is the share of them below, half of the equal ones counted, %.
      ``prudence`` is the caution of the indicator; ``mise_en_garde`` repeats it where there is a
      value, and says all that differs between the two sides.
    ``refus``: ``indicateur, libelle, raison``: indicators that the subject cannot have.
    ``mises_en_garde``: what holds for the whole profile.
    """

    sujet: Operand
    reference: Operand
    pairs: str
    indicateurs: pd.DataFrame
    refus: pd.DataFrame
    mises_en_garde: tuple[str, ...]


def profile(
    tables: Snapshot,
    sujet: Operand,
    reference: Operand | None = None,
    *,
    inside: Territory = FRANCE,
    indicateurs: Sequence[str] | None = None,
) -> Profile:
    """Compare a territory, or several together, with a reference and with its peers.

    When a QPV (or QPV together) is compared with a territory for which an indicator is not given,
    all the QPV of that territory together stand for it, weighted by the right denominator (see
    `clsm_map.analysis.comparison.values.QPV_WEIGHTS`), and the row says so.

    ``reference``: by default `clsm_map.analysis.comparison.references.default_reference`.
    ``indicateurs``: only these; all by default.

    Raises `InvalidInputError`: an indicator does not exist.
    Raises `UnknownTerritoryError`: the territory does not.
    """
    wanted = list(tables.indicators) if indicateurs is None else list(indicateurs)
    unknown = [name for name in wanted if name not in tables.indicators]
    if unknown:
        raise InvalidInputError(f"Indicateur inconnu : {', '.join(unknown)}.")
    if reference is None:
        holder = sujet.territory if isinstance(sujet, Group) else sujet
        reference = default_reference(tables, holder)
    level = level_of(sujet)
    ranked = isinstance(sujet, Territory) and level != "france"
    peers = _Peers(
        members(tables, level, inside) if ranked else pd.DataFrame({"code": [], "population": []}),
        everywhere=inside.level == "france",
    )
    every = [tables.indicators[name] for name in wanted]
    rows = [_row(tables, i, sujet, reference, peers) for i in every if level in i.niveaux]
    refusals = [(i.id, i.libelle, level_refusal(i, level)) for i in every if level not in i.niveaux]
    whole = dict.fromkeys(["annee", "reference_annee", "rang", "ex_aequo", "n_pairs"], "Int64")
    return Profile(
        sujet,
        reference,
        f"{LEVEL_LABELS[level][1]} ({inside.nom})" if ranked else "",
        pd.DataFrame(rows, columns=COLUMNS).astype(whole),
        pd.DataFrame(refusals, columns=["indicateur", "libelle", "raison"]),
        _cautions(sujet, reference),
    )


def level_of(operand: Operand) -> Level:
    """Give the level at which an operand is compared: all the QPV of a territory are QPV."""
    if isinstance(operand, Territory):
        return operand.level
    return "qpv" if operand.kind == "qpv" else "region"


@dataclass(frozen=True, eq=False)
class _Peers:
    """Territories of the subject's level, and whether they are all those of France."""

    frame: pd.DataFrame
    everywhere: bool


def _row(
    tables: Snapshot,
    indicator: Indicator,
    sujet: Operand,
    reference: Operand,
    peers: _Peers,
) -> dict[str, object]:
    value = value_of(tables, indicator, sujet)
    against = value_of(tables, indicator, reference, value.annee)
    who = reference.nom
    if isinstance(reference, Territory) and against.nature == "calculée":
        who += WEIGHTED
    if against.nature == "aucune" and level_of(sujet) == "qpv" and isinstance(reference, Territory):
        against = value_of(tables, indicator, Group("qpv", reference), value.annee)
        who = f"QPV, {reference.nom}"
    comparable = not is_count(indicator)
    gap = math.nan
    if comparable:
        gap = formats.gap(value.valeur, against.valeur, indicator.decimales)
    positive = comparable and value.valeur > 0 and against.valeur > 0
    doubtful = "a_confirmer" in {value.statut, against.statut}
    sens: Direction = "neutre" if doubtful else indicator.sens
    mine = peers.frame["code"] == getattr(sujet, "code", "")
    few = bool((peers.frame.loc[mine, "population"] < SMALL_POPULATION).any())
    return {
        "indicateur": indicator.id,
        "libelle": indicator.libelle,
        "theme": indicator.theme,
        "unite": indicator.unite,
        "decimales": indicator.decimales,
        "sens": sens,
        "annee": value.annee,
        "moment": indicator.when(value.annee),
        "valeur": value.valeur,
        "statut": value.statut,
        "reference": against.valeur,
        "reference_nom": who,
        "reference_annee": against.annee,
        "reference_statut": against.statut,
        "reference_nature": against.nature,
        "ecart": gap,
        "rapport": value.valeur / against.valeur if positive else math.nan,
        "position": _position(gap, sens),
        "effectif_faible": comparable and few,
        "prudence": indicator.prudence,
        "mise_en_garde": _row_caution(indicator, sujet, value, against),
        **_place(tables, indicator, sujet, value, peers),
    }


def _place(
    tables: Snapshot, indicator: Indicator, sujet: Operand, value: Value, peers: _Peers
) -> dict[str, object]:
    """Rank among the peers; what is left out is missing."""
    codes = peers.frame["code"]
    if codes.empty or isinstance(sujet, Group):
        return {}
    known = given(tables.indicator(indicator.id, sujet.level, value.annee)).dropna()
    known = known.drop(MGP, errors="ignore")  # its EPT and Paris stand for it
    known = known if peers.everywhere else known.loc[known.index.isin(codes)]
    if known.empty:
        return {}
    found: dict[str, object] = {"n_pairs": len(known), "mediane_pairs": float(known.median())}
    if math.isnan(value.valeur) or not (codes == sujet.code).any():
        return found
    below, equal = int((known < value.valeur).sum()), int((known == value.valeur).sum())
    return found | {
        "rang": len(known) - below - equal + 1,
        "ex_aequo": equal,
        "percentile": 100 * (below + equal / 2) / len(known),
    }


def _position(gap: float, sens: Direction) -> str:
    if math.isnan(gap):
        return ""
    if gap == 0:
        return "égal"
    if sens == "neutre":
        return "plus élevé" if gap > 0 else "plus bas"
    return "plus défavorable" if (gap > 0) == (sens == "plus_defavorable") else "plus favorable"


def _row_caution(indicator: Indicator, sujet: Operand, value: Value, against: Value) -> str:
    notes = [f"{TO_CONFIRM}."] if value.statut == "a_confirmer" else []
    if value.statut in GIVEN:
        if value.annee is None and _UNDATED not in indicator.prudence:
            notes.append(_UNDATED)
        notes += [indicator.prudence] if indicator.prudence else []
    if isinstance(sujet, Group) and value.note:
        notes.append(value.note)
    if against.note:
        reference = "Référence : " if against.nature == "calculée" else "Pas de référence : "
        notes.append(reference + against.note[0].lower() + against.note[1:])
    both = value.annee is not None and against.annee is not None
    if both and value.annee != against.annee:
        notes.append(
            f"Années différentes : {indicator.when(value.annee)} pour la valeur, "
            f"{indicator.when(against.annee)} pour la référence."
        )
    if is_count(indicator) and not math.isnan(against.valeur):
        notes.append(
            "Un nombre dépend de la taille du territoire : ni écart ni rapport n’a de sens."
        )
    return " ".join(notes)


def _cautions(sujet: Operand, reference: Operand) -> tuple[str, ...]:
    notes = []
    if sujet.key == reference.key:
        notes.append("Le territoire est comparé à lui-même : tous les écarts sont nuls.")
    if level_of(sujet) == "qpv" and isinstance(reference, Territory) and reference.level != "qpv":
        notes.append(
            "Des quartiers (géographie 2024) sont comparés à un territoire administratif, qui les "
            "contient et dont les périmètres sont d’un autre millésime."
        )
    return tuple(notes)
