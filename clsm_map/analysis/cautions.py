"""What every figure of coverage rests on, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clsm_map.analysis.activity import SEAT_ONLY, UNKNOWN_START
from clsm_map.analysis.centre import CentreFigures, centre_figures
from clsm_map.analysis.ground import qpv_of
from clsm_map.analysis.harvest import UNEVEN, is_uneven
from clsm_map.domain.territories import FRANCE, PLM, Territory
from clsm_map.formats import count, date_fr, number

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.gaps import Place
    from clsm_map.analysis.history import Announced
    from clsm_map.domain.evidence import Pages

N = "\u00a0"
IMPORTED = "importé"
"""In the origin of a register that a person brought."""

JANUARY = (
    f"Au 1er janvier{N}: dispositifs dont la première année est antérieure, ou qu’une page datée "
    "de ce jour dit actifs. Un dispositif créé en 2020 compte au 1er janvier 2021."
)
"""The convention of every count at a 1 January."""


def register_caution(coverage: Coverage, announced: Announced | None) -> str:
    """Say how much of what exists the register records."""
    type_ = coverage.type
    recorded = len(coverage.active)
    origine = coverage.ground.origine
    rests_on = f"Registre {origine}" if IMPORTED in origine else "Le registre est un extrait sourcé"
    head = f"{rests_on}{N}: {_active(recorded, type_)} en France"
    total = "" if announced is None else f", pour {announced.words} annoncés"
    if total and type_ == "CLSM":
        total += " par le Centre national de ressources et d'appui aux CLSM"
    said = (
        f"{head}{total}. «{N}Sans {type_} recensé{N}» veut dire que le registre n'en cite aucun, "
        "pas qu'il n'y en a aucun."
    )
    if is_uneven(coverage):
        said += f" Comptes {UNEVEN} d'une région à l'autre."
    return said


def cautions(
    coverage: Coverage, territory: Territory = FRANCE, announced: Announced | None = None
) -> list[str]:
    """List what to know before reading the coverage of a territory."""
    figures = centre_figures(coverage, territory)
    said = [register_caution(coverage, announced)]
    said += _of_the_date(coverage)
    said += _of_the_perimeters(coverage.type, figures)
    qpv = coverage.ground.qpv.loc[qpv_of(coverage.ground, territory)]
    if figures.qpv_couverts_avec_partiels > figures.qpv_couverts:
        part = figures.qpv_couverts_avec_partiels - figures.qpv_couverts
        said.append(
            f"Couverts en partie seulement (certaines de leurs communes){N}: "
            f"{count(part, 'QPV', 'QPV')}, comptés à part des couverts."
        )
    if qpv["communes"].str.split(";").explode().isin(PLM).any():
        said.append(
            "À Paris, Lyon et Marseille, les communes d'un QPV sont les arrondissements qui "
            f"tiennent au moins 10{N}% de sa surface."
        )
    if figures.qpv_sans_population:
        missing = count(figures.qpv_sans_population, "QPV", "QPV")
        said.append(
            f"Population inconnue (RP 2020){N}: {missing}, au nombre des QPV, sans habitant ajouté."
        )
    return said


def _of_the_date(coverage: Coverage) -> list[str]:
    if coverage.on >= coverage.described:
        return []
    unknown = coverage.devices["motif"] == UNKNOWN_START
    said = ["Les QPV sont ceux de la géographie 2024, à toutes les dates."]
    if unknown.any():
        said.append(
            f"{_active(int(unknown.sum()), coverage.type)} dont la première année n'est pas "
            f"connue{N}: rien ne dit s'il y en avait déjà le {date_fr(coverage.on)}, les QPV "
            f"concernés sont «{N}à vérifier{N}»."
        )
    return said


def _of_the_perimeters(type_: str, figures: CentreFigures) -> list[str]:
    said = []
    if figures.sans_perimetre:
        said.append(
            f"{_active(figures.sans_perimetre, type_)} dont le périmètre n'est pas connu{N}: "
            "au nombre des dispositifs, mais sans aucun QPV couvert ici."
        )
    if figures.a_preciser:
        said.append(
            f"{_active(figures.a_preciser, type_)} dont seul le siège est connu (périmètre à "
            f"préciser){N}: seule la commune du siège est comptée."
        )
    if figures.a_verifier:
        said.append(
            f"{count(figures.a_verifier, type_, type_)} à vérifier (état inconnu, échéance passée "
            f"ou dernier signe trop ancien){N}: les QPV concernés sont «{N}à vérifier{N}», sauf "
            "dispositif actif ou en projet par ailleurs."
        )
    return said


def _active(n: int, type_: str) -> str:
    plural = "s" if n > 1 else ""
    return f"{number(n)}{N}{type_} actif{plural} recensé{plural}"


def history_cautions(type_: str, pages: Pages, *, territory_published: bool) -> list[str]:
    """List what to know before reading a history."""
    said = [
        JANUARY,
        (
            f"Calculé{N}: dispositifs de l'extrait recensé ({pages.words}) dont la "
            "première année est connue. Les créations récentes ou mal datées y manquent, la "
            "courbe ne dit pas le rythme réel."
        ),
        (
            f"Début inconnu{N}: recensés comme actifs sans première année{N}; comptés à part à "
            "toutes les dates, jamais antidatés."
        ),
        "Les QPV sont ceux de la géographie 2024, à toutes les dates.",
    ]
    if territory_published:
        said.append(
            f"Publié{N}: tous les {type_} que la source a comptés, avec les QPV de son époque "
            f"(géographie 2015 avant 2024){N}; à ne pas additionner ni raccorder au calculé."
        )
    return said


def gaps_cautions(
    coverage: Coverage, place: Place, announced: Announced | None = None
) -> list[str]:
    """List what to know before reading what is found around a place."""
    said = [register_caution(coverage, announced), *_of_the_date(coverage)]
    ground = coverage.ground
    if place.kind == "dispositif":
        rough = ground.dispositifs.loc[ground.dispositifs["perimetre_origine"] == SEAT_ONLY, "id"]
        if (rough == place.code).any():
            said.append(
                f"Périmètre à préciser{N}: seul le siège de ce dispositif est connu, les distances "
                "partent de sa commune."
            )
    if place.kind == "commune":
        nature = ground.units.loc[ground.units["code"] == place.code, "nature"]
        if nature.eq("ancienne").any():
            said.append(
                f"Commune fusionnée{N}: faute de contour, les distances partent de ses QPV, ou à "
                "défaut de la commune d'aujourd'hui."
            )
    said.append(
        f"Distances de contour à contour, contours des QPV généralisés à 20{N}m{N}; rien ne "
        "traverse une mer vers un autre territoire."
    )
    return said
