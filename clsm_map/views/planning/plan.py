"""Where next, and which device to extend: the choice in order, the curve, what remains."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from clsm_map.analysis.planning.choice import Plan
from clsm_map.analysis.planning.question import Answer
from clsm_map.analysis.planning.scenario import Move, make_move
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.selection import CandidateChoice
from clsm_map.domain.territories import short_name
from clsm_map.formats import NBSP, count, number, percent
from clsm_map.views.planning.question import PlanQuestion

_NOUNS: Final[dict[CandidateChoice, tuple[str, str]]] = {
    "epci": ("l’intercommunalité", "intercommunalités"),
    "commune": ("la commune", "communes"),
    "liste": ("le territoire de votre liste", "territoires de votre liste"),
}

_ALONE: Final[dict[CandidateChoice, str]] = {
    "epci": "une seule intercommunalité",
    "commune": "une seule commune",
    "liste": "un seul territoire de votre liste",
}


ORDER: Final = (
    "Du plus grand ajout au plus petit : ce que chaque territoire gagne seul et que ceux du dessus "
    "n’ont pas. Un quartier que plusieurs territoires ne gagnent qu’ensemble est compté à part."
)
"""What the order of the territories is."""


@dataclass(frozen=True, eq=False)
class PlanReading:
    """A plan, ready to be read.

    Attributes
    ----------
    title, subtitle : str
        What is shown, where and when.
    ranked : tuple of (str, str)
        Each territory in order, and what it adds; last, what only several gain together.
    order : str
        What the order is, and what its numbers mean.
    figures : tuple of (str, str, str)
        Value, what is counted, what is apart.
    proof : str
        What is proven of the choice.
    remains : str
        What the plan does not reach.
    finding : str
        What the curve says.
    rise : str
        Why it rises again where it does; empty where it does not.
    choices, together, curve : pandas.DataFrame
        Tables with French headers: the territories; the QPV that they gain only together, empty
        when there are none; the best of each number.
    codes : tuple of str
        Territories chosen, in order.
    uncertain : frozenset of str
        Those where a device may exist already.
    """

    title: str
    subtitle: str
    ranked: tuple[tuple[str, str], ...]
    order: str
    figures: tuple[tuple[str, str, str], ...]
    proof: str
    remains: str
    finding: str
    rise: str
    choices: pd.DataFrame
    together: pd.DataFrame
    curve: pd.DataFrame
    codes: tuple[str, ...]
    uncertain: frozenset[str]


def read_plan(question: PlanQuestion, answer: Answer, when: str) -> PlanReading:
    """Put a plan into words and tables.

    Parameters
    ----------
    when : str
        The date of the situation, in words.
    """
    plan = answer.plan
    marks = _marks(answer)
    rows = plan.choix.to_dict("records")
    short = len(rows) < question.k
    return PlanReading(
        title=_title(question, len(rows)),
        subtitle=f"Situation {when}"
        + (f" ; au-delà de {number(len(rows))}, aucun ajout n’atteint davantage" if short else ""),
        ranked=(
            *(_ranked(r, marked=r["code"] in marks, weighted=plan.pondere) for r in rows),
            *_ranked_together(plan.partages, weighted=plan.pondere),
        ),
        order=ORDER,
        figures=_figures(answer),
        proof=_proof(answer),
        remains=remains(answer, question),
        finding=finding(plan.courbe, question.unit),
        rise=rise(plan.courbe),
        choices=_choices(plan, marks),
        together=_together(plan),
        curve=_curve(plan.courbe, weighted=plan.pondere),
        codes=tuple(str(r["code"]) for r in rows),
        uncertain=frozenset(marks),
    )


def _ranked(row: dict[Hashable, Any], *, marked: bool, weighted: bool) -> tuple[str, str]:
    people = f"{number(int(row['habitants_ajoutes']))}{NBSP}hab."
    text = (
        f"{row['rang']}. {short_name(str(row['nom']))} ({row['departement']}), "
        f"{number(int(row['qpv_ajoutes']))}{NBSP}QPV"
    )
    if weighted:
        text += f", {people}"
        people = f"{number(round(row['poids_ajoute']))}{NBSP}pondérés"
    if row["habitants_seul"] != row["habitants_ajoutes"]:
        text += f" (seul : {number(int(row['habitants_seul']))}{NBSP}hab.)"
    return text + (" · à vérifier" if marked else ""), people


def _ranked_together(partages: pd.DataFrame, *, weighted: bool) -> tuple[tuple[str, str], ...]:
    if partages.empty:
        return ()
    people = f"{number(int(partages['habitants_gagnes'].sum()))}{NBSP}hab."
    text = f"À plusieurs seulement, {number(int(partages['qpv_gagnes'].sum()))}{NBSP}QPV"
    if weighted:
        text += f", {people}"
        people = f"{number(round(partages['poids_gagne'].sum()))}{NBSP}pondérés"
    return ((text, people),)


def finding(curve: pd.DataFrame, unit: str) -> str:
    """Say, in one sentence, what each next device adds and where it weakens.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``k, gain``: see `clsm_map.analysis.planning.choice.Plan`.
    unit : str
        What a gain counts.
    """
    first, last = curve.iloc[0], curve.iloc[-1]
    opening = f"Le premier territoire apporte {number(round(first['gain']))} {unit}"
    if len(curve) == 1:
        return f"{opening}."
    at = weakening(curve)
    steady = f"le {int(last['k'])}e en ajoute encore {number(round(last['gain']))}"
    if at is None:
        return f"{opening}, {steady} : aucun n’apporte moins de la moitié du premier."
    return f"{opening}, {steady}. À partir du {at}e, chacun apporte moins de la moitié du premier."


def rise(curve: pd.DataFrame) -> str:
    """Say why a device adds more than the one before it, at the first place where one does.

    The best choice for each number is sought anew, and a QPV over several territories is gained
    with the last of them: gains of optima need not decrease.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``k, gain``.

    Returns
    -------
    str
        Empty when no gain exceeds the one before it.
    """
    at = curve["k"][curve["gain"].round().diff() > 0]
    if at.empty:
        return ""
    k = int(at.iloc[0])
    before = "1er" if k == 2 else f"{k - 1}e"
    return (
        f"Le {k}e apporte plus que le {before} : chaque nombre a son propre meilleur choix, et un "
        "quartier à cheval sur plusieurs territoires n’est gagné qu’avec le dernier d’entre eux."
    )


def weakening(curve: pd.DataFrame) -> int | None:
    """Give the number from which every next device adds less than half of the first one.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``k, gain``.

    Returns
    -------
    int or None
        ``None`` when the last one still adds as much.
    """
    strong = curve["gain"] * 2 >= curve["gain"].iloc[0]
    last = int(strong.to_numpy().nonzero()[0].max())
    return None if last == len(curve) - 1 else int(curve["k"].iloc[last + 1])


def _title(question: PlanQuestion, found: int) -> str:
    one, many = _NOUNS[question.candidats]
    which = f"{one[:1].upper()}{one[1:]}" if found == 1 else f"Les {number(found)} {many}"
    need = ", pondérés par le besoin" if question.pondere else ""
    return (
        f"{which} où créer un {question.type} gagnerait le plus d’habitants de quartiers "
        f"{question.words}{need}, {question.territory.nom}"
    )


def _figures(answer: Answer) -> tuple[tuple[str, str, str], ...]:
    plan = answer.plan
    people = int(answer.demand.qpv["habitants"].sum())
    unknown = sum(int(t["qpv_population_inconnue"].sum()) for t in (plan.choix, plan.partages))
    share = percent(100 * plan.habitants_gagnes / people) if people else f"n.{NBSP}d."
    estimated = answer.demand.aim.partiels == "surface" and bool(
        (answer.demand.qpv["statut"] == "couvert_en_partie").any()
    )
    how = "RP 2020, estimation" if estimated else "RP 2020"
    return (
        (
            number(plan.habitants_gagnes),
            "habitants de QPV gagnés",
            (
                f"{share} des {number(people)} à gagner ({how}), "
                f"{number(plan.reste.habitants)} resteraient"
            ),
        ),
        (
            number(plan.qpv_gagnes),
            "QPV gagnés",
            f"sur {number(len(answer.demand.qpv))} à atteindre, "
            f"{number(plan.reste.qpv)} resteraient"
            + (f", dont {number(unknown)} de population inconnue" if unknown else ""),
        ),
    )


def _proof(answer: Answer) -> str:
    plan = answer.plan
    if plan.optimal:
        return plan.garantie
    return f"{plan.garantie} Écart au mieux possible : {percent(100 * plan.ecart)} au plus."


def remains(answer: Answer, question: PlanQuestion) -> str:
    """Say what a plan leaves, and what no candidate alone could have reached."""
    left = answer.plan.reste
    alone = _ALONE[question.candidats]
    remain = "Resterait" if left.qpv < 2 else "Resteraient"
    people = count(left.habitants, "habitant")
    could = (
        "ne pouvait être couvert" if left.qpv_hors_d_un_seul < 2 else "ne pouvaient être couverts"
    )
    return (
        f"{remain} {count(left.qpv, 'quartier')} {question.words}, {people} à gagner. "
        "Avant tout choix, "
        f"{count(left.qpv_hors_d_un_seul, 'QPV', 'QPV')} {could} par {alone} "
        f"(à cheval sur plusieurs, ou hors des candidats)"
        + (
            f", dont {number(left.qpv_sans_candidat)} par aucun ensemble de candidats."
            if left.qpv_sans_candidat
            else "."
        )
    )


def _marks(answer: Answer) -> dict[str, str]:
    marks: dict[str, list[str]] = {}
    rows = answer.incertains
    for code, name, reason in zip(rows["candidat"], rows["nom"], rows["motif"], strict=True):
        marks.setdefault(str(code), []).append(f"{name} ({reason})")
    return {code: " ; ".join(found) for code, found in marks.items()}


def _choices(plan: Plan, marks: dict[str, str]) -> pd.DataFrame:
    choix = plan.choix
    table = pd.DataFrame(
        {
            "Rang": choix["rang"],
            "Territoire": choix["nom"],
            "Département": choix["departement"],
            "QPV gagnés seul": choix["qpv_seul"],
            "Habitants gagnés seul (RP 2020)": choix["habitants_seul"],
            "QPV ajoutés": choix["qpv_ajoutes"],
            "Habitants ajoutés (RP 2020)": choix["habitants_ajoutes"],
        }
    )
    if plan.pondere:
        table["Ajoutés, pondérés par le besoin"] = choix["poids_ajoute"].round().astype("int64")
    if len(plan.partages):
        table["Habitants gagnés à plusieurs (RP 2020)"] = choix["habitants_partages"]
    table["Code"] = choix["code"]
    table["Habitants du territoire (RP 2023)"] = choix["population"]
    table["À vérifier"] = [marks.get(str(code), "") for code in choix["code"]]
    return table


def _together(plan: Plan) -> pd.DataFrame:
    rows = plan.partages
    table = pd.DataFrame(
        {
            "Territoires": [
                ", ".join(short_name(nom) for nom in str(noms).split(";")) for noms in rows["noms"]
            ],
            "QPV gagnés ensemble": rows["qpv_gagnes"],
            "Habitants gagnés ensemble (RP 2020)": rows["habitants_gagnes"],
        }
    )
    if plan.pondere:
        table["Pondérés par le besoin"] = rows["poids_gagne"].round().astype("int64")
    return table.assign(Codes=rows["codes"].str.replace(";", " ", regex=False))


def _curve(courbe: pd.DataFrame, *, weighted: bool) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "Nombre": courbe["k"],
            "QPV gagnés": courbe["qpv"],
            "Habitants gagnés (RP 2020)": courbe["habitants"],
        }
    )
    if weighted:
        table["Pondérés par le besoin"] = courbe["poids"].round().astype("int64")
    table["Apport du dernier"] = courbe["gain"].round().astype("int64")
    table["Optimum démontré parmi les candidats"] = courbe["optimal"].map(
        {True: "oui", False: "non"}
    )
    return table


BUTTON: Final = "Et si"
"""Column that holds the label of the button of each row."""

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
