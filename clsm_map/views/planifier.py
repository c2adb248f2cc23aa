"""The Views of *Planifier*: where next, what if, extend before creating."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.planning.question import Answer
from clsm_map.analysis.planning.scenario import Scenario, Simulation, make_move
from clsm_map.desk import Desk
from clsm_map.domain.selection import Moment, QpvFilter, Selection
from clsm_map.domain.territories import FRANCE, Territory, short_name
from clsm_map.formats import NBSP, count, date_fr, number
from clsm_map.table import Table
from clsm_map.views import captions, questions
from clsm_map.views.couverture import coverage_map
from clsm_map.views.planning.plan import (
    ExtensionReading,
    PlanReading,
    read_extensions,
    read_plan,
)
from clsm_map.views.planning.question import PlanQuestion, question_of
from clsm_map.views.planning.scenario import ScenarioReading, codes_of, read_scenario
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.scenes.words import headline, scene_figures, staged
from clsm_map.views.view import Chart, Claim, Map, View

_NAMED: Final = 3
MOMENTS: Final[dict[Moment, str]] = {"avant": "Avant", "apres": "Après"}


def ou(desk: Desk, selection: Selection) -> View:
    """Tell where the next devices would reach most inhabitants.

    Raises
    ------
    InvalidInputError
        Nothing to reach, no candidate, or contradictory constraints.
    """
    asked = _asked(desk, selection)
    found = questions.planned(desk, asked)
    reading = read_plan(asked, found, captions.on_date(asked.on, desk.today))
    n = len(reading.codes)
    words = plan_words(asked, found, reading)
    curve = Chart(
        "apport", (found.plan.courbe, asked.unit), words.headline, words.finding, (reading.proof,)
    )
    after = f"Après : {n} {asked.type} de plus" if n else "Après"
    return replace(
        _told(desk, selection, asked, words, (*found.avertissements, reading.proof)),
        title=reading.title,
        lead=reading.subtitle,
        rows=lambda: (
            Table.of("choix", reading.title, reading.choices, note=reading.order),
            Table.of("ensemble", reading.title, reading.together),
            Table.of("apport", reading.finding, reading.curve),
        ),
        charts=(curve,) if n else (),
        moment="Aujourd’hui" if selection.projet.moment == "avant" else after,
        data=found,
    )


def et_si(desk: Desk, selection: Selection) -> View:
    """Tell what a scenario changes.

    Raises
    ------
    InvalidInputError
        The scenario cannot be read.
    """
    asked = _asked(desk, selection)
    scenario = Scenario.from_text(selection.projet.scenario)
    found = questions.simulated(desk, asked.type, asked.on, scenario, asked.partiels)
    reading = read_scenario(found, questions.planning_names(desk))
    words = scenario_words(asked.type, reading)
    return replace(
        _told(desk, selection, asked, words, tuple(found.avertissements)),
        title=reading.title,
        rows=lambda: (
            Table.of("decisions", reading.title, reading.table),
            Table.of("changements", reading.title, reading.changes),
        ),
        moment=MOMENTS[selection.projet.moment],
        data=found,
    )


def etendre(desk: Desk, selection: Selection) -> View:
    """Tell which device recorded would gain most by holding a neighbour."""
    asked = _asked(desk, selection)
    rows, counted = questions.additions(desk, asked)
    where = asked.territory
    reading = read_extensions(rows, asked.type, where.nom, weighted=asked.pondere)
    words = extension_words(asked.type, where.nom, reading)
    return replace(
        _told(desk, selection, asked, words, counted),
        rows=lambda: (Table.of("extensions", words.headline, reading.table),),
        map=coverage_map(desk, selection, desk.territory(selection)),
        moment="",
    )


def _asked(desk: Desk, selection: Selection) -> PlanQuestion:
    return question_of(selection, desk.territory(selection), desk.today)


def _told(
    desk: Desk, selection: Selection, asked: PlanQuestion, words: View, said: tuple[str, ...]
) -> View:
    coverage = desk.coverage(asked.type, asked.on)
    title = f"Quartiers prioritaires et {selection.type}, {MOMENTS[selection.projet.moment]}"
    return replace(
        words,
        title=words.headline,
        map=Map("plan", selection, title),
        cautions=(*said, register_caution(coverage, questions.announced(desk, asked.type))),
        sources=(captions.qpv_source(), captions.device_source(coverage)),
    )


@dataclass(frozen=True, eq=False)
class PlanMap:
    """What a map of a plan draws: QPV before or after, territories chosen, and where.

    Attributes
    ----------
    codes : tuple of str
        Territories chosen, in order; ``uncertain`` are those to check.
    follow : bool
        Whether the map goes to what is chosen.
    """

    quartiers: Quartiers
    codes: tuple[str, ...]
    uncertain: frozenset[str]
    territory: Territory
    follow: bool


def plan_map(desk: Desk, selection: Selection) -> PlanMap:
    """Give what the map of a plan, or of a scenario, draws."""
    asked = _asked(desk, selection)
    where, uncertain = FRANCE, frozenset[str]()
    codes: tuple[str, ...]
    follow = selection.projet.plan == "et-si"
    if follow:
        scenario = Scenario.from_text(selection.projet.scenario)
        codes = codes_of(scenario)
    else:
        found = questions.planned(desk, asked)
        reading = read_plan(asked, found, captions.on_date(asked.on, desk.today))
        codes, uncertain, where = reading.codes, reading.uncertain, asked.territory
        scenario = Scenario((make_move("creer", list(codes)),) if codes else ())
    simulated = questions.simulated(desk, asked.type, asked.on, scenario, asked.partiels)
    shown = _at(desk, simulated, selection.projet.moment, where)
    return PlanMap(shown, codes, uncertain, where, follow)


def _at(desk: Desk, found: Simulation, moment: Moment, where: Territory) -> Quartiers:
    coverage = found.avant if moment == "avant" else found.apres
    return quartiers(desk.snapshot, coverage, where, QpvFilter())


def plan_words(question: PlanQuestion, answer: Answer, reading: PlanReading) -> View:
    """Tell where the next devices would reach most inhabitants."""
    type_, nom, plan = question.type, question.territory.nom, answer.plan
    rows = plan.choix.to_dict("records")
    if not rows:
        return staged(
            headline(nom, f"aucun {type_} de plus ne peut être chiffré"),
            f"{nom} : aucun ajout n’atteint d’habitant connu ; "
            f"{count(len(answer.demand.qpv), 'quartier')} {question.words}, de population non "
            "publiée ou hors des territoires candidats.",
            (
                Claim(
                    number(len(answer.demand.qpv)),
                    f"quartiers {question.words}",
                    f"au {date_fr(question.on)}",
                ),
                Claim(
                    number(float(answer.demand.qpv["habitants"].sum())),
                    "habitants connus de ces quartiers",
                    "RP 2020 ; non publiés à Mayotte, à Saint-Martin et en Polynésie française",
                ),
            ),
        )
    n, people = len(rows), plan.habitants_gagnes
    named = [
        f"{short_name(str(r['nom']))} ({number(int(r['habitants_ajoutes']))} hab."
        + (", à vérifier)" if r["code"] in reading.uncertain else ")")
        for r in rows[:_NAMED]
    ]
    more = f", puis {number(n - _NAMED)} autres" if n - _NAMED > 1 else ""
    more = ", puis un autre" if n - _NAMED == 1 else more
    together = int(plan.partages["habitants_gagnes"].sum())
    shared = f" ; {number(together)} hab. à plusieurs seulement" if len(plan.partages) else ""
    added = f"{number(n)} {type_} de plus" if n > 1 else f"un {type_} de plus"
    verb = "atteindraient" if n > 1 else "atteindrait"
    first = rows[0]
    figures = [
        *scene_figures(reading.figures),
        Claim(
            number(int(first["habitants_seul"])),
            f"par le premier, seul : {short_name(str(first['nom']))}",
            f"{count(int(first['qpv_seul']), 'QPV', 'QPV')} ; optimum "
            + ("démontré parmi les candidats" if plan.optimal else "non démontré"),
        ),
    ]
    return staged(
        headline(nom, f"{added} {verb} {number(people)} habitants", f"{added}, où ?"),
        f"Là où il gagnerait le plus d’habitants de quartiers {question.words} : "
        f"{', '.join(named)}{more}{shared}.",
        tuple(figures),
    )


def scenario_words(type_: str, reading: ScenarioReading) -> View:
    """Tell a scenario: its decisions, and what they change."""
    if not reading.decisions:
        return staged(
            "Et si : aucune décision pour l’instant",
            "Ce scénario ne contient aucune décision : la carte montre la situation d’aujourd’hui.",
        )
    n, value = len(reading.decisions), reading.figures[0][0]
    said = "; ".join(text.partition(". ")[2] for text, _ in reading.decisions[:_NAMED])
    more = f" ; et {number(n - _NAMED)} autres" if n > _NAMED else ""
    return staged(
        f"{count(n, 'décision')} : {value} habitants de quartiers de plus avec un {type_}",
        f"{said}{more}.".replace("; ", f"{NBSP}; "),
        scene_figures(reading.figures),
    )


def extension_words(type_: str, nom: str, reading: ExtensionReading) -> View:
    """Tell which device recorded would gain most by holding a neighbour."""
    table = reading.table
    figures: tuple[Claim, ...] = ()
    if len(table):
        first = table.to_dict("records")[0]
        figures = (
            Claim(
                number(int(first["Habitants gagnés (RP 2020)"])),
                f"habitants de QPV par la première extension : {first['Ajouter']}",
                f"{count(int(first['QPV gagnés']), 'QPV', 'QPV')}, RP 2020",
            ),
            Claim(
                number(table["Dispositif"].nunique()),
                f"{type_} recensés ont un voisin à gagner",
                "un territoire voisin, à la fois",
            ),
        )
    return staged(headline(nom, f"étendre un {type_} avant d’en créer"), reading.finding, figures)
