"""What a scene of *Programme* says: the reach published, against what could be reached."""

from __future__ import annotations

from clsm_map.analysis.centre import CentreFigures
from clsm_map.formats import number, percent
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.accueil import programme_floor, programme_row
from clsm_map.views.scene import SceneFigure, SceneWords

SOURCE = (
    "Programme « La santé mentale dans mon quartier » : totaux nationaux tels que publiés par le "
    "Centre national de ressources et d’appui aux CLSM."
)
FIRST_YEAR = "en 2022, première année (Centre national)"
CAUTION = (
    "Totaux publiés pour toute la France : aucun n’est réparti par territoire ici. Les quartiers "
    "touchés en 2022 sont ceux de la géographie d’alors, rapportés aux quartiers d’aujourd’hui."
)


def programme_words(snapshot: Snapshot, figures: CentreFigures) -> SceneWords:
    """Tell the reach of the programme as published.

    Parameters
    ----------
    snapshot : Snapshot
    figures : CentreFigures
        Those of France, for what could be reached.
    """
    year = programme_row(snapshot, "2022")
    people, sessions = number(float(year["participants"])), number(float(year["seances"]))
    reached, devices = number(float(year["qpv"])), number(float(year["clsm"]))
    share = percent(100 * float(year["qpv"]) / figures.qpv)
    return SceneWords(
        f"Le programme : {people} participants dans {reached} quartiers en 2022",
        programme_floor(snapshot),
        (
            SceneFigure(people, "participants", FIRST_YEAR),
            SceneFigure(sessions, "séances", FIRST_YEAR),
            SceneFigure(
                reached,
                "quartiers touchés",
                f"en 2022 ; {share} des {number(figures.qpv)} quartiers d’aujourd’hui",
            ),
            SceneFigure(devices, "CLSM engagés", FIRST_YEAR),
        ),
        (SOURCE,),
        (CAUTION,),
    )
