"""The figures of a sheet: five that matter, all of them against the reference, its finding."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from clsm_map.analysis.comparison.profile import WEIGHTED, Profile, profile
from clsm_map.analysis.comparison.references import Group
from clsm_map.analysis.comparison.values import QPV_WEIGHTS, is_count, value_of, weighted, year_for
from clsm_map.analysis.comparison.within import median_name
from clsm_map.analysis.coverage import Coverage
from clsm_map.domain.devices import WITHOUT_RECORDED
from clsm_map.domain.indicators import THEMES, VALUE_STATUSES, Indicator, marked
from clsm_map.domain.territories import RP_QPV, RP_TODAY, Level
from clsm_map.formats import count, gap, number, rank, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.around import DEVICE
from clsm_map.views.captions import indicator_cautions
from clsm_map.views.sheet.model import KeyFigure, Line, TypeStatus
from clsm_map.views.sheet.services import qpv_counts
from clsm_map.views.sheet.subject import Subject

MATTER: Final[dict[str, tuple[str, ...]]] = {
    "qpv": (
        "taux_pauvrete",
        "taux_emploi",
        "part_allocataires_rsa",
        "part_menages_1_personne",
        "part_menages_6_personnes_ou_plus",
        "indice_jeunesse",
        "logements_sociaux",
    ),
    "commune": (
        "taux_pauvrete",
        "revenu_imposable_par_habitant",
        "part_familles_monoparentales",
        "apl_generalistes",
        "fedi",
        "beneficiaires_aides_logement",
        "part_logements_sociaux",
        "part_75_ans_ou_plus",
    ),
    "arrondissement": ("taux_pauvrete", "niveau_de_vie_median", "apl_generalistes", "fedi"),
    "epci": (
        "revenu_imposable_par_habitant",
        "beneficiaires_aides_logement",
        "part_logements_sociaux",
        "potentiel_financier_par_habitant",
        "part_population_qpv",
    ),
    "departement": (
        "taux_pauvrete",
        "psychiatres",
        "cmp_adultes",
        "tentatives_suicide_adultes",
        "hospitalisations_troubles_severes",
        "revenu_imposable_par_habitant",
        "beneficiaires_aides_logement",
        "part_population_qpv",
    ),
    "region": (
        "revenu_imposable_par_habitant",
        "beneficiaires_aides_logement",
        "part_logements_sociaux",
        "potentiel_financier_par_habitant",
        "part_population_qpv",
    ),
}
"""Indicators of the first page by level, in order; the first five that have a value are shown."""

KEPT: Final = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a sheet.

    Attributes
    ----------
    chiffres : tuple of KeyFigure
        Five at most.
    reference, pairs : str
        Who the subject is compared with, and who the median and rank are about.
    mises_en_garde : tuple of str
        What holds for all of them.
    prudences_chiffres, prudences_lignes : tuple of str
        Cautions of the indicators that have a value, to stand beside them.
    """

    chiffres: tuple[KeyFigure, ...]
    lignes: tuple[Line, ...]
    reference: str
    pairs: str
    mises_en_garde: tuple[str, ...]
    prudences_chiffres: tuple[str, ...]
    prudences_lignes: tuple[str, ...]


_SHORT_UNITS: Final = frozenset({"%", "€", "‰", "ans", "€ par an"})


def figures_of(snapshot: Snapshot, subject: Subject) -> Figures:
    """Compute the figures of a sheet."""
    if subject.level == DEVICE:
        rows, reference = _of_device(snapshot, subject)
        peers = ""
        cautions: tuple[str, ...] = ("Les taux du dispositif sont ceux de ses QPV pris ensemble.",)
        wanted = MATTER["qpv"]
    else:
        found: Profile = profile(snapshot, subject.territory)
        rows, reference = found.indicateurs, found.reference.nom
        peers, cautions = found.pairs, (*_averages(found), *found.mises_en_garde)
        wanted = MATTER[subject.level]
    known = {str(r["indicateur"]): r for _, r in rows[rows["valeur"].notna()].iterrows()}
    shown = [name for name in wanted if name in known][:KEPT]
    level = subject.territory.level
    figures = tuple(_figure(snapshot.indicators[n], known[n], level) for n in shown)
    lines = tuple(_line(snapshot.indicators[str(r["indicateur"])], r) for _, r in rows.iterrows())
    return Figures(
        figures,
        lines,
        reference,
        peers,
        cautions,
        indicator_cautions((snapshot.indicators[name] for name in shown), first=True),
        indicator_cautions((snapshot.indicators[name] for name in known), first=True),
    )


def _averages(found: Profile) -> tuple[str, ...]:
    """Say which references are means computed here, and how."""
    rows = found.indicateurs
    computed = rows["reference_nom"].str.endswith(WEIGHTED) & rows["reference"].notna()
    names = ", ".join(rows.loc[computed, "libelle"])
    said = (
        f"Référence non publiée pour {names} : moyenne de ses communes ou de ses départements, "
        f"pondérée par leurs habitants ({RP_TODAY})."
    )
    return (said,) if names else ()


def _figure(indicator: Indicator, row: pd.Series, level: Level) -> KeyFigure:
    """Set a figure against the reference, else beside the median, from which no gap is taken."""
    short = indicator.unite if indicator.unite in _SHORT_UNITS else ""

    def write(value: float) -> str:
        return with_unit(value, short, indicator.decimales).replace("-", "−")

    against, who = float(row["reference"]), str(row["reference_nom"])
    compared = not math.isnan(against) and not is_count(indicator)
    if not compared:
        against = float(row["mediane_pairs"])
        who = median_name(level, int(row["n_pairs"])) if not math.isnan(against) else ""
    known = not math.isnan(against)
    apart = float(row["ecart"])
    if row["statut"] == "a_confirmer":
        indicator = replace(indicator, sens="neutre")
    adverse = compared and _adverse(apart, indicator)
    return KeyFigure(
        libelle=f"{indicator.libelle_court}, {row['moment']}",
        valeur=marked(write(row["valeur"]), row["statut"]),
        unite="" if short else indicator.unite,
        reference=f"{write(against)} ({who})" if known else "",
        ecart=_gap_text(apart, indicator, adverse=adverse) if compared else "",
        defavorable=adverse,
    )


def _adverse(gap: float, indicator: Indicator) -> bool:
    if indicator.sens == "neutre" or gap == 0:
        return False
    return (gap > 0) == (indicator.sens == "plus_defavorable")


def signed(value: float, decimals: int) -> str:
    """Write a gap with its sign: "+ 19", "− 3,5", "0"."""
    rounded = round(value, decimals)
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else '−'}\u202f{number(abs(rounded), decimals)}"


def _gap_text(gap: float, indicator: Indicator, *, adverse: bool) -> str:
    if gap == 0:
        return "égal à la référence"
    unit = indicator.unite if indicator.unite in _SHORT_UNITS else ""
    if unit == "%":
        unit = "points" if abs(gap) >= 2 else "point"
    text = signed(gap, indicator.decimales) + (f"\u00a0{unit}" if unit else "")
    if indicator.sens == "neutre":
        return text
    return f"{text}, plus {'défavorable' if adverse else 'favorable'}"


def _line(indicator: Indicator, row: pd.Series) -> Line:
    decimals = indicator.decimales

    def write(value: object) -> str:
        figure = float(str(value))
        return "" if math.isnan(figure) else number(figure, decimals).replace("-", "−")

    if row["statut"] == "a_confirmer":
        indicator = replace(indicator, sens="neutre")
    value = VALUE_STATUSES[row["statut"]]
    if pd.notna(row["valeur"]):
        value = marked(write(row["valeur"]), row["statut"])
    apart = float(row["ecart"])
    ranked = pd.notna(row["rang"]) and pd.notna(row["n_pairs"])
    return Line(
        theme=THEMES[indicator.theme],
        libelle=indicator.libelle + _unit(indicator),
        annee=(
            str(row["moment"]).replace("répartition", "rép.")
            if pd.notna(row["annee"])
            else "n.\u00a0p."
        ),
        valeur=value,
        reference="" if is_count(indicator) else write(row["reference"]),
        ecart="" if math.isnan(apart) else signed(apart, decimals),
        mediane=write(row["mediane_pairs"]),
        rang=(f"{rank(row['rang'], row['ex_aequo'])} / {number(row['n_pairs'])}" if ranked else ""),
        defavorable=not math.isnan(apart) and _adverse(apart, indicator),
    )


def _unit(indicator: Indicator) -> str:
    """Write the unit after a label; a number of things says it already."""
    if not indicator.unite or is_count(indicator) or indicator.unite in indicator.libelle:
        return ""
    unit = indicator.unite.replace("habitants", "hab.")  # two lines of a table would be lost
    return f", {'' if unit.startswith('pour ') else 'en '}{unit}"


def _of_device(snapshot: Snapshot, subject: Subject) -> tuple[pd.DataFrame, str]:
    """Give the rates of the QPV of a device together, against all those of its département."""
    reference = Group("qpv", subject.territory)
    codes = pd.Series(subject.qpv, dtype="str")
    rows = []
    for name, weighting in QPV_WEIGHTS.items():
        indicator = snapshot.indicators[name]
        year = year_for(snapshot, indicator, "qpv", None)
        values = snapshot.indicator(name, "qpv", year)
        weights = snapshot.indicator(weighting.indicateur, "qpv")
        mean, _ = weighted(values[values["code"].isin(codes)], weights[weights["code"].isin(codes)])
        against = value_of(snapshot, indicator, reference, year)
        rows.append(
            {
                "indicateur": name,
                "annee": year,
                "moment": indicator.when(year),
                "valeur": mean,
                "statut": "manquant" if math.isnan(mean) else "disponible",
                "reference": against.valeur,
                "reference_nom": f"QPV, {subject.territory.nom}",
                "ecart": gap(mean, against.valeur, indicator.decimales),
                "rang": None,
                "ex_aequo": None,
                "n_pairs": None,
                "mediane_pairs": math.nan,
            }
        )
    return pd.DataFrame(rows), subject.territory.nom


def finding(
    coverage: Coverage, subject: Subject, own: TypeStatus, figures: tuple[KeyFigure, ...]
) -> str:
    """State what matters most.

    Parameters
    ----------
    own : TypeStatus
        How the subject stands towards the type of the coverage.
    """
    head = _covered(coverage, subject, own)
    adverse = [f for f in figures if f.defavorable and f.reference]
    chosen = adverse[0] if adverse else next((f for f in figures if f.reference), None)
    if chosen is None:
        return f"{head}."
    label = chosen.libelle
    if not label[:2].isupper():
        label = label[0].lower() + label[1:]
    value = f"{chosen.valeur} {chosen.unite}".strip()
    return f"{head} ; {label}\u00a0: {value}, contre {chosen.reference}."


def _covered(coverage: Coverage, subject: Subject, own: TypeStatus) -> str:
    if subject.level == "qpv":
        return _quartier(coverage.type, own)
    if not subject.qpv:
        return f"{own.libelle} ; aucun quartier prioritaire"
    if subject.level == DEVICE:
        held = count(len(subject.qpv), "quartier prioritaire", "quartiers prioritaires")
        people = coverage.ground.qpv.set_index("code")["population"].reindex(list(subject.qpv))
        known = ""
        if people.notna().any():
            known = f", {number(float(people.sum()))} habitants ({RP_QPV})"
        return f"Son périmètre concerne {held}{known}"
    return _territory(coverage, subject)


def _quartier(kind: str, own: TypeStatus) -> str:
    names = [f"{s.nom}, {s.page}" for s in own.services if s.etat == "actif"]
    by = f" ({' ; '.join(names)})" if names else ""
    words = {
        "couvert": f"Le quartier est dans le périmètre d’un {kind} actif{by}",
        "couvert_en_partie": f"Une partie du quartier est dans le périmètre d’un {kind} actif{by}",
        "en_projet": f"Un {kind} est en projet dans le quartier",
        "a_verifier": f"Un {kind} concerne le quartier, mais rien ne dit qu’il est actif",
    }
    return words.get(own.statut, f"Aucun {kind} recensé ne concerne le quartier")


def _territory(coverage: Coverage, subject: Subject) -> str:
    kind, total = coverage.type, len(subject.qpv)
    whole, some, bare, people = qpv_counts(coverage, subject)
    inside = f"dans le périmètre d’un {kind} actif recensé"
    if total == 1:
        said = "est" if whole else "est en partie" if some else "n’est pas"
        return f"Le seul quartier prioritaire {said} {inside}"
    if whole == total:
        return f"Les {number(total)} quartiers prioritaires sont {inside}"
    if not whole:
        head = f"Aucun des {number(total)} quartiers prioritaires n’est {inside}"
        return f"{head} en entier, {number(some)} en partie" if some else head
    noun = count(whole, "quartier prioritaire", "quartiers prioritaires")
    head = f"{noun} sur {number(total)} {'sont' if whole > 1 else 'est'} {inside}"
    head += f", {number(some)} en partie" if some else ""
    if bare:
        head += f" ; {count(bare, 'autre')} ({number(people)} habitants, {RP_QPV}) "
        head += WITHOUT_RECORDED.words(kind)
    return head
