"""What every figure of coverage rests on, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clsm_map.analysis.activity import ACTIVE
from clsm_map.analysis.centre import CentreFigures, centre_figures
from clsm_map.analysis.scope import qpv_of
from clsm_map.domain.territories import FRANCE, PLM, Territory
from clsm_map.formats import count, date_fr, number

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage

N = "\u00a0"


def register_caution(coverage: Coverage, announced: int | None) -> str:
    """Say how much of what exists the register records.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    announced : int or None
        See `clsm_map.analysis.history.announced_total`.

    Returns
    -------
    str
        One or two French sentences.
    """
    type_ = coverage.type
    recorded = int((coverage.devices["role"] == ACTIVE).sum())
    head = f"Le registre est un extrait sourcé{N}: {_active(recorded, type_)} en France"
    total = "" if announced is None else f", pour {number(announced)} annoncés"
    if total and type_ == "CLSM":
        total += " par le Centre national de ressources et d'appui aux CLSM (page non datée)"
    return (
        f"{head}{total}. «{N}Sans {type_} recensé{N}» veut dire que l'extrait n'en cite aucun, pas "
        "qu'il n'y en a aucun."
    )


def cautions(
    coverage: Coverage, territory: Territory = FRANCE, announced: int | None = None
) -> list[str]:
    """List what to know before reading the coverage of a territory.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.
    territory : Territory
        Only what concerns it is said.
    announced : int or None
        See `clsm_map.analysis.history.announced_total`.

    Returns
    -------
    list of str
        French sentences, the most general first.
    """
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
    unknown = coverage.devices["debut_inconnu"] & (coverage.devices["statut"] == "actif")
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
            f"{count(figures.a_verifier, type_, type_)} dont l'état n'est pas connu{N}: les QPV "
            f"concernés sont «{N}à vérifier{N}», sauf dispositif actif ou en projet par ailleurs."
        )
    return said


def _active(n: int, type_: str) -> str:
    plural = "s" if n > 1 else ""
    return f"{number(n)}{N}{type_} actif{plural} recensé{plural}"
