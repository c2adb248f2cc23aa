"""What each page offers to take away."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from clsm_map.domain.selection import MAP_LEVELS, QpvFilter, Selection
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui.takeaway import Kit
from clsm_map.views.coverage import wide_enough

CARTE: Final = Kit(
    "carte",
    "carte",
    tables={
        "carte": "Carte",
        "qpv": "Quartiers",
        "dispositifs": "Dispositifs",
        "indicateurs": "Indicateurs",
    },
)


def coverage(selection: Selection) -> Kit:
    """Give the kit of the view of *Couverture* that is open."""
    if selection.vue == "registre":
        return Kit("couverture", tables={"dispositifs": "Dispositifs"}, drawn=_everywhere)
    around = selection.vue == "autour" and selection.lieu
    return Kit(
        "couverture",
        "couverture",
        tables={
            "couverture": "Quartiers à rejoindre" if around else "Quartiers",
            "dispositifs": "Dispositifs",
        },
        drawn=_covered,
    )


def _everywhere(selection: Selection) -> Selection:
    return replace(selection, territoire=FRANCE.key, filtre=QpvFilter(), lieu="")


def _covered(selection: Selection) -> Selection:
    """Keep what a view of *Couverture* follows: it has no filter, and starts at the EPCI."""
    if selection.vue == "autour":
        return replace(_everywhere(selection), lieu=selection.lieu)
    level, code = split_key(selection.territoire)
    where = wide_enough(data.snapshot(), find_territory(data.snapshot(), code, level))
    shown = replace(_everywhere(selection), territoire=where.key)
    if selection.vue == "evolution":
        today = data.desk().today
        first = dt.date(selection.janvier or today.year, 1, 1)
        return replace(shown, date=min(first, today))
    return shown


def _studied(selection: Selection) -> Selection:
    """Follow the level that *Inégalités* compares, where maps have it."""
    level = next((lv for lv in MAP_LEVELS if lv == selection.etude.echelon), selection.niveau)
    return replace(selection, niveau=level)


INEGALITES: Final = Kit("inegalites", tables={"indicateurs": "Indicateurs"}, drawn=_studied)


def _planned(selection: Selection) -> Selection:
    return replace(selection, filtre=QpvFilter(), lieu="")


PLANIFIER: Final = Kit(
    "planifier",
    "couverture",
    "La situation d’aujourd’hui en image",
    tables={"couverture": "Quartiers", "epci": "Intercommunalités", "dispositifs": "Dispositifs"},
    drawn=_planned,
)
