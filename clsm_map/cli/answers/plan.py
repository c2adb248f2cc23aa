"""The answer of ``plan``: where the next devices would reach most."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.listing import records
from clsm_map.analysis.need import need_of
from clsm_map.analysis.planning.problem import (
    Aim,
    Candidates,
    Constraints,
    listed_candidates,
    offered_candidates,
)
from clsm_map.analysis.planning.question import Answer, ask_plan
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.native_output import native_output_to_stderr
from clsm_map.cli.answers.output import (
    console,
    optional_number,
    table,
    territory_content,
    write_json,
    write_notes,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import count, number, percent
from clsm_map.views.planning.plan import ORDER

if TYPE_CHECKING:
    from clsm_map.desk import Desk
    from clsm_map.domain.territories import Territory

Row = dict[str, object]

MAX_K: Final = 200


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed.

    Attributes
    ----------
    type, on : str
        Type of device, and date.
    candidates : str
        ``epci`` or ``commune``.
    among : tuple of str
        One's own list of candidates, which replaces the above.
    partial : str
        ``surface``, ``sans`` or ``entier``.
    """

    type: str
    on: str | None
    places: arguments.Places
    candidates: str
    among: tuple[str, ...]
    constraints: Constraints
    weighted: bool
    skip_projects: bool
    partial: str
    greedy: bool


def answer(question: Question, *, as_json: bool) -> None:
    """Plan and write the plan.

    Raises
    ------
    InvalidInputError
        The type, the date, the territory, a candidate or a constraint is refused, or there is
        nothing to reach.
    """
    if question.constraints.k > MAX_K:
        raise InvalidInputError(f"On planifie au plus {MAX_K} dispositifs à la fois.")
    wanted, today = arguments.device_type(question.type), arguments.today()
    base = open_base()
    day = arguments.date(question.on, base.ground.dispositifs, today)
    place = arguments.territory(base.snapshot, question.places)
    candidates = _candidates(base, question)
    limits = question.constraints
    constraints = replace(
        limits,
        excluded=frozenset(arguments.candidates(base.snapshot, limits.excluded)),
        forced=frozenset(arguments.candidates(base.snapshot, limits.forced)),
    )
    need = need_of(base.snapshot).scores["score"] if question.weighted else None
    aim = Aim(question.skip_projects, arguments.partial(question.partial))
    with native_output_to_stderr():
        found = ask_plan(
            coverage_on(base.ground, wanted, day, today=today),
            candidates,
            constraints,
            place,
            need=need,
            aim=aim,
            method="glouton" if question.greedy else "milp",
        )
    if as_json:
        head: Row = {"type": wanted, "on": day.isoformat(), "territoire": territory_content(place)}
        head |= {"k": question.constraints.k}
        head |= {"candidats": "liste" if question.among else question.candidates}
        write_json(head | _content(found))
    else:
        _show(found, wanted, place)


def _candidates(base: Desk, question: Question) -> Candidates:
    offered, hierarchy = base.snapshot.intercommunalites, base.ground.hierarchy
    if question.among:
        among = arguments.candidates(base.snapshot, question.among)
        return listed_candidates(among, offered, hierarchy)
    if question.candidates == "epci":
        return offered_candidates("epci", offered, hierarchy)
    if question.candidates == "commune":
        return offered_candidates("commune", offered, hierarchy)
    raise InvalidInputError("Les candidats sont « epci » ou « commune ».")


def _content(found: Answer) -> Row:
    plan = found.plan
    uncertain = _uncertain(found)
    return {
        "pondere": plan.pondere,
        "partiels": found.demand.aim.partiels,
        "choix": [
            row | {"incertain": uncertain.get(str(row["code"]), [])}
            for row in records(plan.choix, ("qpv",))
        ],
        "partages": records(plan.partages, ("codes", "noms", "qpv")),
        "qpv_gagnes": plan.qpv_gagnes,
        "habitants_gagnes": plan.habitants_gagnes,
        "optimal": plan.optimal,
        "ecart": plan.ecart,
        "methode": plan.methode,
        "garantie": plan.garantie,
        "courbe": records(plan.courbe, ()),
        "reste": asdict(plan.reste),
        "avertissements": list(found.avertissements),
    }


def _uncertain(found: Answer) -> dict[str, list[str]]:
    marks: dict[str, list[str]] = {}
    rows = found.incertains
    for code, name, reason in zip(rows["candidat"], rows["nom"], rows["motif"], strict=True):
        marks.setdefault(code, []).append(f"{name} ({reason})")
    return marks


def _show(found: Answer, type_: str, place: Territory) -> None:
    plan, screen = found.plan, console()
    uncertain = _uncertain(found)
    headers = [("Rang", True), ("Code", False), ("Territoire", False), ("Dép.", False)]
    headers += [("Habitants, seul (RP 2020)", True), ("QPV ajoutés", True)]
    headers += [("Habitants ajoutés (RP 2020)", True)]
    headers += [("Pondérés par le besoin", True)] if plan.pondere else []
    headers += [("À vérifier", False)]
    rows = [
        (
            str(row["rang"]),
            str(row["code"]),
            str(row["nom"]),
            str(row["departement"]),
            number(int(str(row["habitants_seul"]))),
            number(int(str(row["qpv_ajoutes"]))),
            number(int(str(row["habitants_ajoutes"]))),
            *((optional_number(row["poids_ajoute"]),) if plan.pondere else ()),
            ", ".join(uncertain.get(str(row["code"]), [])),
        )
        for row in records(plan.choix, ())
    ]
    what = "habitants pondérés par le besoin" if plan.pondere else "habitants"
    screen.print(
        table(
            f"Où créer un {type_} pour les quartiers {found.demand.aim.words(type_)} : "
            f"{place.nom} ({what})",
            headers,
            rows,
        )
    )
    screen.print(ORDER, markup=False)
    for row in records(plan.partages, ()):
        screen.print(
            f"À plusieurs seulement ({str(row['noms']).replace(';', ', ')}) : "
            f"{count(int(str(row['qpv_gagnes'])), 'quartier')}, "
            f"{count(int(str(row['habitants_gagnes'])), 'habitant')} (RP 2020).",
            markup=False,
        )
    left = plan.reste
    gap = "" if plan.optimal else f" Écart au mieux possible : {percent(100 * plan.ecart)} au plus."
    screen.print(
        f"Gagnés : {count(plan.qpv_gagnes, 'quartier')}, "
        f"{count(plan.habitants_gagnes, 'habitant')} (RP 2020). {plan.garantie}{gap}",
        markup=False,
    )
    screen.print(
        f"Reste : {count(left.qpv, 'quartier')}, {count(left.habitants, 'habitant')} "
        f"(RP 2020 ; {number(left.qpv_population_inconnue)} sans population connue) ; "
        f"{number(left.qpv_hors_d_un_seul)} qu’aucun candidat n’atteint à lui seul, dont "
        f"{number(left.qpv_sans_candidat)} hors de tous.",
        markup=False,
    )
    totals = [
        f"{k} : {number(round(total))} (+{number(round(gain))})"
        for k, total, gain in zip(
            plan.courbe["k"], plan.courbe["poids"], plan.courbe["gain"], strict=True
        )
    ]
    unit = "habitants pondérés par le besoin" if plan.pondere else "habitants, RP 2020"
    screen.print(
        f"Meilleur total selon le nombre de dispositifs ({unit}) : {' ; '.join(totals)}.",
        markup=False,
    )
    write_notes(found.avertissements)
