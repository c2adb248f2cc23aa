"""The presentation given to start from: eight scenes on the data at hand, for any région."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.analysis.ground import qpv_of
from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck, Scene
from clsm_map.domain.devices import WITHOUT_ACTIVE
from clsm_map.domain.territories import Territory
from clsm_map.formats import typeset
from clsm_map.store.territories import find_territory

USUAL_REGION: Final = "84"
"""Région told when none is chosen: Auvergne-Rhône-Alpes."""
PLANNED: Final = 3
"""New CLSM of the scene that plans."""
_NEAR_KM: Final = 10
_REGISTER: Final = (
    "« Recensé » : cité par une page publique que le registre garde. Sans CLSM recensé ne veut pas "
    "dire sans CLSM."
)


def default_deck(desk: Desk, region_code: str = USUAL_REGION) -> Deck:
    """Make the eight scenes of a région; titles and sentences are left to the data.

    Parameters
    ----------
    desk : Desk
        Whose register says which quartier is told last.
    region_code : str
        Code of one of the 18 régions.

    Returns
    -------
    Deck
        The national picture, growth, the région, its gaps, need and coverage, where next, the
        programme, one quartier.

    Raises
    ------
    UnknownTerritoryError
        There is no such région.
    """
    region = find_territory(desk.snapshot, region_code, "region")
    here = {"territoire": region.key}
    planned = {**here, "k": str(PLANNED)}
    gaps = {**here, "vue": "territoire", "statuts": ",".join(WITHOUT_ACTIVE.statuses)}
    scenes = (
        Scene(
            notes=f"Le tableau national, puis la région. {_REGISTER}",
            page="couverture",
            requete={"vue": "territoire"},
        ),
        Scene(
            notes=(
                "La courbe compte les CLSM recensés dont la première année est connue ; les "
                "losanges sont les totaux publiés, jamais raccordés à la courbe."
            ),
            disposition="chiffres",
            page="couverture",
            requete={"vue": "evolution"},
        ),
        Scene(
            notes=f"La région : {region.nom}. Qui manque dans le registre ? Demander à la salle.",
            page="couverture",
            requete={**here, "vue": "territoire"},
        ),
        Scene(
            notes=(
                "Seulement les quartiers qu’aucun CLSM actif recensé ne couvre, même en partie. "
                "Un CLSM existe peut-être sans être recensé : le vérifier avant de conclure."
            ),
            page="couverture",
            requete=gaps,
        ),
        Scene(
            notes=(
                "Le besoin est l’indice composé ici (pauvreté, emploi, RSA, isolement, accès aux "
                "soins), sans valeur officielle. À regarder d’abord : besoin élevé, aucun habitant "
                "couvert."
            ),
            page="inegalites",
            requete={**here, "angle": "carte"},
        ),
        Scene(
            notes=(
                "Avant et après : faites glisser. Le choix ne regarde que les habitants de QPV "
                "atteints ; il ne dit rien des volontés locales."
            ),
            disposition="avant-apres",
            page="planifier",
            requete=planned,
            avant={**planned, "moment": "avant"},
        ),
        Scene(
            notes=(
                "Totaux nationaux publiés ; un tableau détaillé, importé, les dirait par lieu."
                if desk.programme is None
                else "Le tableau importé, dans la région."
            ),
            disposition="chiffres" if desk.programme is None else "carte-chiffres",
            page="programme",
            requete={} if desk.programme is None else here,
        ),
        _quartier(desk, region),
    )
    return Deck(typeset(f"Quartiers prioritaires et CLSM : {region.nom}"), scenes)


def _quartier(desk: Desk, region: Territory) -> Scene:
    """Tell the most populated QPV of a région that nothing recorded covers, else the largest."""
    code = told_quartier(desk, region)
    if not code:
        return Scene(
            notes="Cette région n’a pas de quartier prioritaire.",
            page="couverture",
            requete={"territoire": region.key, "vue": "territoire"},
        )
    return Scene(
        notes="Un quartier, pour finir sur un lieu. La fiche du quartier donne ses indicateurs.",
        page="couverture",
        requete={"vue": "autour", "lieu": code, "rayon": str(_NEAR_KM), "territoire": region.key},
        vedette=f"qpv:{code}",
    )


def told_quartier(desk: Desk, region: Territory) -> str:
    """Choose the QPV told last; empty when the région has none.

    Returns
    -------
    str
        Code of the most populated of those without an active CLSM recorded; where no population
        is published, the first of them; where all are covered, the most populated of all.
    """
    coverage = desk.coverage("CLSM", desk.today)
    qpv = pd.DataFrame(coverage.ground.qpv.loc[qpv_of(coverage.ground, region)])
    if qpv.empty:
        return ""
    uncovered = coverage.status.loc[WITHOUT_ACTIVE.mask(coverage.status["statut"]), "qpv"]
    told = qpv[qpv["code"].isin(uncovered)]
    told = qpv if told.empty else told
    ordered = told.sort_values(["population", "code"], ascending=[False, True], na_position="last")
    return str(ordered["code"].iloc[0])
