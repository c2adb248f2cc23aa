"""What the scenes of growth and of the register say: what is computed, apart what was published."""

from __future__ import annotations

from typing import Final

from clsm_map.analysis.history import announced_in
from clsm_map.domain.territories import FRANCE
from clsm_map.formats import count, number
from clsm_map.views.coverage_history import CoverageHistory
from clsm_map.views.register_knowledge import RegisterKnowledge
from clsm_map.views.scene import SceneFigure, SceneWords

SINCE: Final = 2010
"""First year of the growth told: before, too few devices have a known start."""


def history_words(found: CoverageHistory, year: int) -> SceneWords:
    """Tell the growth since 2010: what is computed, and apart what was published.

    Parameters
    ----------
    year : int
        Last year told.
    """
    counts = found.computed.set_index("annee")["dispositifs"].astype(int)
    apart = found.computed.set_index("annee")["debut_inconnu"].astype(int)
    first = min(max(SINCE, found.years[0]), year)
    a, b, nom, type_ = int(counts[first]), int(counts[year]), found.territory.nom, found.type
    phrase = (
        f"{count(a, f'{type_} actif recensé', f'{type_} actifs recensés')} de début connu "
        f"au 1er janvier {first}, {number(b)} au 1er janvier {year}"
    )
    if apart[year]:
        phrase += f" ; à part, {number(int(apart[year]))} de début inconnu"
    figures = [
        SceneFigure(number(a), f"{type_} recensés de début connu", f"au 1er janvier {first}"),
        SceneFigure(number(b), f"{type_} recensés de début connu", f"au 1er janvier {year}"),
    ]
    if apart[year]:
        figures.append(
            SceneFigure(number(int(apart[year])), "de début inconnu", "comptés à part, sans date")
        )
    if told := announced_in(found.published):
        figures.append(
            SceneFigure(
                " à ".join(number(value) for value in told.numbers),
                f"{type_} publiés",
                f"{told.words} ; hors calcul, jamais raccordé à la courbe",
            )
        )
        phrase += f" ; publié ailleurs, hors calcul : {told.words}"
    named = "En France" if found.territory == FRANCE else nom
    title = f"{named} : {type_} de début connu, {number(a)} en {first}, {number(b)} en {year}"
    return SceneWords(title, f"{phrase}.", tuple(figures))


def undated_words(found: CoverageHistory) -> tuple[str, ...]:
    """Say which published figures have no place on the curve."""
    said = found.undated("dispositifs")
    return (said,) if said else ()


def register_words(known: RegisterKnowledge) -> SceneWords:
    """Tell how much of what exists the register records."""
    type_ = known.type
    total = f" pour {known.announced.words} annoncés" if known.announced else ""
    return SceneWords(
        f"{number(known.active)} {type_} actifs recensés{total}",
        f"Le registre cite {count(known.recorded, type_, type_)} : {number(known.active)} actifs, "
        f"{known.share} ; {number(known.projects)} en projet ; {number(known.to_check)} à "
        "vérifier.",
        (
            SceneFigure(number(known.active), f"{type_} actifs recensés", known.share),
            SceneFigure(number(known.projects), "en projet", "recensés"),
            SceneFigure(number(known.to_check), "à vérifier", "état inconnu, ou échéance passée"),
        ),
    )
