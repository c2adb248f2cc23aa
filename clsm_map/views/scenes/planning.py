"""What the scenes of *Planifier* and *Programme* say: where next, what if, what was reached."""

from __future__ import annotations

import math
from typing import Final

from clsm_map.analysis.planning.question import Answer
from clsm_map.domain.programme import EXAMPLE
from clsm_map.domain.territories import short_name
from clsm_map.formats import NBSP, count, date_fr, number, percent
from clsm_map.views.planning.plan import ExtensionReading, PlanReading
from clsm_map.views.planning.question import PlanQuestion
from clsm_map.views.planning.scenario import ScenarioReading
from clsm_map.views.programme import ProgrammeView, figure_lines
from clsm_map.views.programme_published import Published, PublishedReach
from clsm_map.views.scenes.words import headline, scene_figures, staged
from clsm_map.views.view import Claim, View

_NAMED = 3


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


_TOLD: Final = (
    "quartiers touchés",
    "CLSM engagés",
    "questionnaires remplis",
    "quartiers touchés depuis 2021",
)
"""Published figures told, in order."""


def programme_words(found: PublishedReach) -> View:
    """Tell the reach of the programme as published."""
    known = {f.label: f for f in found.figures}
    told = [known[label] for label in _TOLD]
    reached, people = told[0], told[2]
    whys = [a.why for f in told for a in f.against if a.verdict == "refus" and a.why]
    source = (
        "Programme « La santé mentale dans mon quartier » : totaux nationaux publiés par le "
        f"Centre national de ressources et d’appui aux CLSM ({reached.source})."
    )
    return staged(
        f"Le programme : {people.value} questionnaires remplis dans {reached.value} quartiers "
        "en 2022",
        found.finding,
        tuple(Claim(f.value, f.label, _origin(f)) for f in told),
        (source,),
        ("Totaux de toute la France, sans détail par territoire.", *whys),
    )


def reach_words(view: ProgrammeView) -> View:
    """Tell the reach of a detailed table in a territory; a made-up table says so."""
    r, nom = view.reach, view.territory.nom
    some = "quartier atteint" if r.qpv_atteints < 2 else "quartiers atteints"
    said = f"{number(r.qpv_atteints)} {some} sur {number(r.qpv)}"
    rows = count(int(view.years["lignes"].sum()), "ligne comptée", "lignes comptées")
    made_up = [f"{EXAMPLE.capitalize()} : rien de cette scène n’a eu lieu."] if view.example else []
    return staged(
        view.marked(headline(nom, f"{said} par le programme", said)),
        view.finding(),
        scene_figures(figure_lines(view)[:4]),
        (view.marked(f"Tableau détaillé du programme, importé : {rows}, {view.period}."),),
        (
            *made_up,
            "Un quartier absent du tableau n’est pas un quartier où rien n’a eu lieu.",
        ),
    )


def _origin(figure: Published) -> str:
    """Say when, and the share of what could be reached where one may be computed."""
    shares = [a for a in figure.against if a.verdict == "part" and not math.isnan(a.share)]
    if not shares:
        return figure.when
    first = shares[0]
    return f"{figure.when} ; {percent(first.share)} de {first.whole}"
