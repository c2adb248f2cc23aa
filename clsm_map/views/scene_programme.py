"""What a scene of *Programme* says: the reach published, against what could be reached."""

from __future__ import annotations

import math
from typing import Final

from clsm_map.formats import percent
from clsm_map.views.programme_published import Published, PublishedReach
from clsm_map.views.scene import SceneFigure, SceneWords

_TOLD: Final = (
    "quartiers touchés",
    "CLSM engagés",
    "participants (questionnaire rempli)",
    "quartiers touchés depuis 2021",
)
"""Published figures told, in order."""


def programme_words(found: PublishedReach) -> SceneWords:
    """Tell the reach of the programme as published.

    Parameters
    ----------
    found : PublishedReach
    """
    known = {f.label: f for f in found.figures}
    told = [known[label] for label in _TOLD]
    reached, people = told[0], told[2]
    whys = [a.why for f in told for a in f.against if a.verdict == "refus" and a.why]
    source = (
        "Programme « La santé mentale dans mon quartier » : totaux nationaux publiés par le "
        f"Centre national de ressources et d’appui aux CLSM ({reached.source})."
    )
    return SceneWords(
        f"Le programme : {people.value} participants dans {reached.value} quartiers en 2022",
        found.finding,
        tuple(SceneFigure(f.value, f.label, _origin(f)) for f in told),
        (source,),
        ("Totaux de toute la France, sans détail par territoire.", *whys),
    )


def _origin(figure: Published) -> str:
    """Say when, and the share of what could be reached where one may be computed."""
    shares = [a for a in figure.against if a.verdict == "part" and not math.isnan(a.share)]
    if not shares:
        return figure.when
    first = shares[0]
    return f"{figure.when} ; {percent(first.share)} de {first.whole}"
