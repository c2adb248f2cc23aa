"""What of a selection an export depends on: the rest must not change its bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE

_PLAIN: Final = Selection()
_ASIDE: Final = (
    "fond", "choisi", "sujet", "vue", "tri", "mesure", "janvier", "etude", "projet",
)  # fmt: skip
"""Fields that no export reads: what is clicked, sorted, studied or planned on a page."""
_COLOURED: Final = ("indicateur", "annee", "classes", "n", "seuils", "palette", "couches")
"""Fields that colour a map: coverage has its own colours."""


def asked_of(what: str, selection: Selection, today: dt.date) -> Selection:
    """Keep what an export depends on.

    Parameters
    ----------
    what : str
        One of `clsm_map.exports.export.WHATS`.
    today : datetime.date
        Date of a selection that names none.

    Returns
    -------
    Selection
        With its date; its query opens the same view in the application.
    """
    aside = (*_ASIDE, *(_COLOURED if what == "couverture" else ("lieu", "rayon")))
    kept = replace(
        selection,
        date=selection.date or today,
        **{name: getattr(_PLAIN, name) for name in aside},
    )
    if what != "couverture":
        return kept
    if kept.lieu:
        return replace(kept, territoire=FRANCE.key, niveau=_PLAIN.niveau)
    return replace(kept, rayon=_PLAIN.rayon, vue="territoire")
