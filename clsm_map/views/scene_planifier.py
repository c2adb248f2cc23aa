"""What the scenes of *Planifier* say: where the next devices would count most, and what if."""

from __future__ import annotations

from clsm_map.analysis.planning.question import Answer
from clsm_map.formats import NBSP, count, date_fr, number
from clsm_map.views.planifier import PlanReading
from clsm_map.views.planifier_extension import ExtensionReading
from clsm_map.views.planifier_names import short_name
from clsm_map.views.planifier_question import PlanQuestion
from clsm_map.views.planifier_scenario import ScenarioReading
from clsm_map.views.scene import SceneFigure, SceneWords, headline, scene_figures

_NAMED = 3


def plan_words(question: PlanQuestion, answer: Answer, reading: PlanReading) -> SceneWords:
    """Tell where the next devices would reach most inhabitants."""
    type_, nom, plan = question.type, question.territory.nom, answer.plan
    rows = plan.choix.to_dict("records")
    if not rows:
        return SceneWords(
            headline(nom, f"aucun {type_} de plus ne peut être chiffré"),
            f"{nom} : aucun ajout n’atteint d’habitant connu ; "
            f"{count(len(answer.demand.qpv), 'quartier')} {question.words}, de population non "
            "publiée ou hors des territoires candidats.",
            (
                SceneFigure(
                    number(len(answer.demand.qpv)),
                    f"quartiers {question.words}",
                    f"au {date_fr(question.on)}",
                ),
                SceneFigure(
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
        SceneFigure(
            number(int(first["habitants_seul"])),
            f"par le premier, seul : {short_name(str(first['nom']))}",
            f"{count(int(first['qpv_seul']), 'QPV', 'QPV')} ; optimum "
            + ("démontré parmi les candidats" if plan.optimal else "non démontré"),
        ),
    ]
    return SceneWords(
        headline(nom, f"{added} {verb} {number(people)} habitants", f"{added}, où ?"),
        f"Là où il gagnerait le plus d’habitants de quartiers {question.words} : "
        f"{', '.join(named)}{more}{shared}.",
        tuple(figures),
    )


def scenario_words(type_: str, reading: ScenarioReading) -> SceneWords:
    """Tell a scenario: its decisions, and what they change."""
    if not reading.decisions:
        return SceneWords(
            "Et si : aucune décision pour l’instant",
            "Ce scénario ne contient aucune décision : la carte montre la situation d’aujourd’hui.",
        )
    n, value = len(reading.decisions), reading.figures[0][0]
    said = "; ".join(text.partition(". ")[2] for text, _ in reading.decisions[:_NAMED])
    more = f" ; et {number(n - _NAMED)} autres" if n > _NAMED else ""
    return SceneWords(
        f"{count(n, 'décision')} : {value} habitants de quartiers de plus avec un {type_}",
        f"{said}{more}.".replace("; ", f"{NBSP}; "),
        scene_figures(reading.figures),
    )


def extension_words(type_: str, nom: str, reading: ExtensionReading) -> SceneWords:
    """Tell which device recorded would gain most by holding a neighbour."""
    table = reading.table
    figures: tuple[SceneFigure, ...] = ()
    if len(table):
        first = table.to_dict("records")[0]
        figures = (
            SceneFigure(
                number(int(first["Habitants gagnés (RP 2020)"])),
                f"habitants de QPV par la première extension : {first['Ajouter']}",
                f"{count(int(first['QPV gagnés']), 'QPV', 'QPV')}, RP 2020",
            ),
            SceneFigure(
                number(table["Dispositif"].nunique()),
                f"{type_} recensés ont un voisin à gagner",
                "un territoire voisin, à la fois",
            ),
        )
    return SceneWords(
        headline(nom, f"étendre un {type_} avant d’en créer"), reading.finding, figures
    )
