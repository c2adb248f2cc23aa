"""What the scenes of *Planifier* and *Programme* say: where next, what if, what was reached."""

from __future__ import annotations

import math
from typing import Final

from clsm_map.domain.programme import EXAMPLE
from clsm_map.formats import count, number, percent
from clsm_map.views.programme import ProgrammeView, figure_lines
from clsm_map.views.programme_published import Published, PublishedReach
from clsm_map.views.scenes.words import headline, scene_figures, staged
from clsm_map.views.view import Claim, View

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
