"""The profile of a territory as people read it, and two to four territories side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from clsm_map.analysis.comparison.profile import Profile
from clsm_map.analysis.comparison.references import (
    Group,
    Operand,
    ancestors,
    default_reference,
    references,
)
from clsm_map.analysis.comparison.values import is_count
from clsm_map.analysis.comparison.within import place_text, sentence, side_by_side
from clsm_map.domain.indicators import GIVEN, THEMES, VALUE_STATUSES, Indicator, marked
from clsm_map.domain.selection import PEERS, Peers, Study
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Level, Territory
from clsm_map.formats import NBSP, NNBSP, count, number, with_unit
from clsm_map.store.snapshot import Snapshot

Reading = Literal["defavorable", "favorable", "neutre"]

READINGS: Final[dict[Reading, str]] = {
    "defavorable": "Côté défavorable de la médiane des pairs, chacun pour un",
    "favorable": "Côté favorable de la médiane des pairs, chacun pour un",
    "neutre": "Ni favorable ni défavorable en soi",
}


@dataclass(frozen=True, slots=True)
class ProfileChoices:
    """What a profile may be compared with, and what was chosen.

    Attributes
    ----------
    subject, reference : Operand
        What is described, and what it is compared with.
    references : dict of str to Operand
        Every reference possible, by kind (see `clsm_map.domain.selection.REFERENCES`).
    inside : Territory
        Where the peers are taken.
    insides : dict of Peers to Territory
        Every choice of the same.
    notice : str
        Said when the reference asked for does not exist for this territory, else empty.
    """

    subject: Operand
    reference: Operand
    references: dict[str, Operand]
    inside: Territory
    insides: dict[Peers, Territory]
    notice: str = ""


def reference_kind(operand: Operand) -> str:
    """Name the kind of a reference: a level, ``hexagone``, or ``qpv@level``."""
    if isinstance(operand, Territory):
        return operand.level
    return "hexagone" if operand.kind == "hexagone" else f"qpv@{operand.territory.level}"


def operand_label(operand: Operand) -> str:
    """Name an operand with its level: several territories of different levels share a name."""
    if isinstance(operand, Group):
        return operand.nom[0].upper() + operand.nom[1:]
    if operand.level in {"france", "epci", "qpv"}:
        return operand.nom
    return f"{operand.nom} ({LEVEL_LABELS[operand.level][0]})"


def profile_choices(snapshot: Snapshot, territory: Territory, study: Study) -> ProfileChoices:
    """List the references and the peers that suit a territory, and resolve those of the study."""
    together = study.ensemble == "qpv" and territory.level not in {"qpv", "arrondissement"}
    subject: Operand = Group("qpv", territory) if together else territory
    usual: Operand = default_reference(snapshot, territory)
    found: list[Operand] = list(references(snapshot, territory))
    if together:
        usual = territory if territory.level == "france" else Group("qpv", FRANCE)
        found = [territory, *found]
    offered = {reference_kind(usual): usual} | {reference_kind(r): r for r in found}
    reference = offered.get(study.reference or reference_kind(usual))
    notice = ""
    if reference is None:
        reference = usual
        notice = (
            f"{territory.nom} n’a pas de référence de ce genre (plusieurs territoires, ou aucun, "
            f"le contiennent)\u202f: la comparaison se fait avec {operand_label(usual)}."
        )
    insides = _insides(snapshot, territory)
    return ProfileChoices(
        subject, reference, offered, insides.get(study.pairs, FRANCE), insides, notice
    )


def _insides(snapshot: Snapshot, territory: Territory) -> dict[Peers, Territory]:
    above: dict[Level, Territory] = dict(ancestors(snapshot, territory))
    above[territory.level] = territory
    return {
        level: above[level]
        for level in PEERS
        if level in above and (level == "france" or level != territory.level)
    }


def territory_insides(snapshot: Snapshot, territory: Territory) -> dict[Peers, Territory]:
    """List where territories may be ranked: France, and the région and département around."""
    above: dict[Level, Territory] = {"france": FRANCE}
    above |= ancestors(snapshot, territory)
    above[territory.level] = territory
    return {level: above[level] for level in PEERS if level in above}


def percentile_rows(profile: Profile, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Give one row per rate or index whose place among the peers is known, by theme.

    Numbers of things are left out: a large territory has more of them.

    Parameters
    ----------
    indicators : mapping of str to Indicator
        Definitions.

    Returns
    -------
    pandas.DataFrame
        ``indicateur, theme`` (label)``, libelle, annee, percentile`` (%)``, lecture`` (`Reading`),
        ``valeur, mediane`` (ready to be read)``, place`` (see
        `clsm_map.analysis.comparison.within.place_text`).
    """
    rows = profile.indicateurs
    counts = [is_count(indicators[i]) for i in rows["indicateur"]]
    rows = rows.loc[rows["percentile"].notna() & ~pd.Series(counts, index=rows.index, dtype=bool)]
    rows = rows.reset_index(drop=True)
    worse = ((rows["percentile"] > 50) == (rows["sens"] == "plus_defavorable")).map(
        {True: "defavorable", False: "favorable"}
    )
    neutral = (rows["sens"] == "neutre") | (rows["percentile"] == 50)
    table = pd.DataFrame(
        {
            "indicateur": rows["indicateur"],
            "theme": rows["theme"].map(THEMES),
            "libelle": [indicators[i].libelle_court for i in rows["indicateur"]],
            "annee": rows["moment"],
            "percentile": rows["percentile"],
            "lecture": worse.mask(neutral, "neutre"),
            "valeur": _values(rows),
            "mediane": _texts(rows, "mediane_pairs"),
            "place": [place_text(row, profile.pairs) for row in rows.to_dict("records")],
        }
    )
    order = table["theme"].map({label: i for i, label in enumerate(THEMES.values())})
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def most_marked(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Keep the indicators where places differ most: from the median, or between territories.

    Parameters
    ----------
    rows : pandas.DataFrame
        See `percentile_rows` and `clsm_map.views.inequality.profile.side_rows`.
    most : int
        How many indicators are kept.

    Returns
    -------
    pandas.DataFrame
        Rows of the ``most`` indicators of largest gap, in the order given. Of several territories
        the gap is between the extreme percentiles. Of one it is from 50, and each reading
        (unfavourable, favourable, neither) gives its largest in turn: a choice by the gap alone
        could show one side only.
    """
    found = rows.groupby("indicateur", sort=False)
    several = found.size() > 1
    places = found["percentile"]
    alone = (places.first() - 50).abs()
    gaps = (places.max() - places.min()).where(several, alone)
    sides = found["lecture"].first().mask(several, "")
    turns = gaps.groupby(sides).rank(method="first", ascending=False)
    order = pd.DataFrame({"tour": turns, "ecart": -gaps}).sort_values(["tour", "ecart"])
    kept = order.index[:most]
    return rows.loc[rows["indicateur"].isin(kept)].reset_index(drop=True)


def profile_table(profile: Profile) -> pd.DataFrame:
    """Give the profile as a table in French, by theme; every indicator that the subject can have.

    Returns
    -------
    pandas.DataFrame
        ``Thème, Indicateur, Année, Unité, Valeur, Référence, Écart, Rapport, Lecture, Rang,
        Ex aequo`` (how many share the rank, empty when alone)``, Pairs, Centile, Médiane des
        pairs`` (each counts for one)``, Donnée, À savoir``.
    """
    rows = profile.indicateurs
    order = rows["theme"].map({theme: i for i, theme in enumerate(THEMES)})
    rows = rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    bare = rows.assign(unite="")
    small = rows["effectif_faible"].map({True: "Petit effectif (moins de 1 000 habitants). "})
    return pd.DataFrame(
        {
            "Thème": rows["theme"].map(THEMES),
            "Indicateur": rows["libelle"],
            "Année": rows["moment"],
            "Unité": rows["unite"],
            "Valeur": _values(bare),
            "Référence": _texts(bare, "reference"),
            "Écart": _gaps(bare),
            "Rapport": rows["rapport"].round(2),
            "Lecture": rows["position"],
            "Rang": rows["rang"],
            "Ex aequo": rows["ex_aequo"].where(rows["ex_aequo"] > 1),
            "Pairs": rows["n_pairs"],
            "Centile": rows["percentile"].round(),
            "Médiane des pairs": _texts(bare, "mediane_pairs"),
            "Donnée": rows["statut"].map(VALUE_STATUSES),
            "À savoir": small.fillna("") + rows["mise_en_garde"],
        }
    )


def profile_finding(profile: Profile) -> str:
    """State the finding of a profile in one sentence, with its figures."""
    rows = profile.indicateurs
    worse = rows["position"] == "plus défavorable"
    compared = worse | (rows["position"] == "plus favorable")
    if getattr(profile.sujet, "territory", None) != profile.reference:
        compared |= rows["position"] == "égal"  # otherwise, QPV set against themselves
    name, reference = profile.sujet.nom, profile.reference.nom
    name = name[0].upper() + name[1:]
    if profile.sujet.key == profile.reference.key:
        return (
            "Choisissez un territoire plus petit que la France pour le comparer à une référence et "
            "à ses pairs."
        )
    if not compared.any():
        return (
            f"Aucun indicateur orienté n’est connu à la fois pour {name} et pour la référence "
            f"({reference}){NNBSP}: rien ne peut être comparé."
        )
    total, n = int(compared.sum()), int(worse.sum())
    said = (
        f"{name} est en situation plus défavorable que la référence ({reference}) pour "
        f"{number(n)} des {count(total, 'indicateur comparable', 'indicateurs comparables')}."
    )
    strongest = _strongest(rows)
    return f"{said} Le plus marqué{NBSP}: {sentence(profile, strongest)}" if strongest else said


def refused_indicators(profile: Profile) -> list[tuple[str, str]]:
    """Give the indicators that the subject cannot have, each with the reason."""
    return list(zip(profile.refus["libelle"], profile.refus["raison"], strict=True))


def indicator_years(profile: Profile) -> dict[str, int | None]:
    """Give the indicators that have a value in a profile, each with its year."""
    known = profile.indicateurs.loc[profile.indicateurs["statut"].isin(GIVEN)]
    pairs = zip(known["indicateur"], known["annee"], strict=True)
    return {str(i): None if pd.isna(year) else int(year) for i, year in pairs}


def _strongest(rows: pd.DataFrame) -> str:
    """Find the most unfavourable place among peers, else the widest ratio."""
    oriented = rows.loc[(rows["sens"] != "neutre") & rows["valeur"].notna()]
    place = oriented["percentile"].where(
        oriented["sens"] == "plus_defavorable", 100 - oriented["percentile"]
    )
    if place.notna().any():
        return str(oriented["indicateur"].iloc[int(place.fillna(-1).argmax())])
    ratio = (oriented["rapport"] - 1).abs()
    if ratio.notna().any():
        return str(oriented["indicateur"].iloc[int(ratio.fillna(-1).argmax())])
    return ""


def _values(rows: pd.DataFrame) -> list[str]:
    """Write the values of the subject, those to be confirmed marked."""
    return [marked(t, s) for t, s in zip(_texts(rows, "valeur"), rows["statut"], strict=True)]


def _texts(rows: pd.DataFrame, column: str) -> list[str]:
    triples = zip(rows[column], rows["unite"], rows["decimales"], strict=True)
    return [_text(value, unit, int(digits)) for value, unit, digits in triples]


def _text(value: float, unit: str, digits: int) -> str:
    return "–" if pd.isna(value) else with_unit(float(value), unit, digits)


def _gaps(rows: pd.DataFrame) -> list[str]:
    triples = zip(rows["ecart"], rows["unite"], rows["decimales"], strict=True)
    return [gap_text(value, unit, int(digits)) for value, unit, digits in triples]


def gap_text(gap: float, unit: str, digits: int) -> str:
    """Write a gap with its sign; between percentages it is in points."""
    if pd.isna(gap):
        return "–"
    sign = "+" if round(gap, digits) > 0 else "−" if round(gap, digits) < 0 else ""
    return sign + with_unit(abs(float(gap)), "points" if unit == "%" else unit, digits)


def side_rows(profiles: Sequence[Profile], indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Stack the places of several territories, for the indicators that two of them have.

    Parameters
    ----------
    indicators : mapping of str to Indicator
        Definitions.

    Returns
    -------
    pandas.DataFrame
        `clsm_map.views.inequality.profile.percentile_rows`, with ``cle``.
    """
    parts = [percentile_rows(p, indicators).assign(cle=p.sujet.key) for p in profiles]
    rows = pd.concat(parts, ignore_index=True)
    shared = rows.groupby("indicateur")["cle"].transform("nunique") > 1
    themes = {theme: i for i, theme in enumerate(dict.fromkeys(rows["theme"]))}
    kept = rows.loc[shared]
    return kept.sort_values("theme", key=lambda s: s.map(themes), kind="stable", ignore_index=True)


def side_table(profiles: Sequence[Profile]) -> pd.DataFrame:
    """Give the values side by side, for the indicators that all of them can have.

    Parameters
    ----------
    profiles : sequence of Profile
        Two to four.

    Returns
    -------
    pandas.DataFrame
        ``Indicateur, Année``, a column for each territory, ``À savoir``.
    """
    both = side_by_side(profiles)
    table = pd.DataFrame(
        {
            "Indicateur": both["libelle"],
            "Année": both["moment"].replace("", "–"),
        }
    )
    for profile in profiles:
        statuses = profile.indicateurs.set_index("indicateur")["statut"]
        table[operand_label(profile.sujet)] = [
            "–"
            if pd.isna(value)
            else marked(with_unit(float(value), unit, int(digits)), statuses[name])
            for name, value, unit, digits in zip(
                both["indicateur"],
                both[profile.sujet.key],
                both["unite"],
                both["decimales"],
                strict=True,
            )
        ]
    table["À savoir"] = both["mise_en_garde"]
    return table


def side_finding(rows: pd.DataFrame, profiles: Sequence[Profile]) -> str:
    """State where the first two territories stand furthest apart, in one sentence.

    Parameters
    ----------
    rows : pandas.DataFrame
        See `side_rows`.
    """
    first, second = profiles[0].sujet, profiles[1].sujet
    left = rows.loc[rows["cle"] == first.key].set_index("indicateur")
    right = rows.loc[rows["cle"] == second.key].set_index("indicateur")
    apart = (left["percentile"] - right["percentile"]).abs().dropna()
    if apart.empty:
        return (
            f"Aucun indicateur n’est connu à la fois pour {first.nom} et pour {second.nom} avec "
            "leur place parmi leurs pairs."
        )
    where = str(apart.index[int(apart.argmax())])
    one, two = (side.to_dict("index")[where] for side in (left, right))
    return (
        f"Le plus grand écart de place{NBSP}: {one['libelle']} ({one['annee']}), "
        f"{one['valeur']} pour {first.nom} ({one['place']}), {two['valeur']} pour {second.nom} "
        f"({two['place']})."
    )


def side_cautions(profiles: Sequence[Profile]) -> list[str]:
    """List what must be said when these territories stand side by side."""
    said = []
    levels = {getattr(p.sujet, "level", p.sujet.key) for p in profiles}
    if len(levels) > 1:
        said.append(
            "Ces territoires ne sont pas du même échelon\u202f: chaque place est donnée parmi les "
            "pairs du sien, et les géographies diffèrent."
        )
    if any((p.indicateurs["effectif_faible"]).any() for p in profiles):
        said.append(
            "Un de ces territoires a moins de 1 000 habitants\u202f: ses taux varient vite."
        )
    return said
