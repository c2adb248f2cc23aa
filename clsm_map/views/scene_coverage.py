"""What the scenes of *Couverture* say: a territory, its gaps, what lies around, the years."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.domain.territories import FRANCE
from clsm_map.formats import NBSP, count, date_fr, number, percent, with_unit
from clsm_map.views.around import Around
from clsm_map.views.coverage_history import CoverageHistory
from clsm_map.views.list_table import kilometres, names_of
from clsm_map.views.quartiers import Quartiers
from clsm_map.views.register_knowledge import RegisterKnowledge
from clsm_map.views.scene import SceneFigure, SceneWords, headline, scene_figures, shortened
from clsm_map.views.territory_coverage import TerritoryCoverage, figure_lines

SINCE: Final = 2010
"""First year of the growth told: before, too few devices have a known start."""
_NAMED: Final = 3


def territory_words(found: TerritoryCoverage) -> SceneWords:
    """Tell the coverage of a territory."""
    f, type_, nom = found.figures, found.coverage.type, found.territory.nom
    if not f.qpv:
        return SceneWords(
            headline(nom, "aucun quartier prioritaire"),
            f"{nom} : la géographie 2024 n’y compte aucun quartier prioritaire.",
        )
    without = f.qpv - f.qpv_couverts_avec_partiels
    who = f"sans {type_} actif recensé"
    if not without:
        said = f"tous ses quartiers dans un {type_} recensé"
    elif without == f.qpv:
        said = f"{_all_of(f.qpv)} {who}"
    else:
        said = f"{number(without)} quartiers sur {number(f.qpv)} {who}"
    return SceneWords(
        headline(nom, said),
        found.summary("habitants" if f.habitants_qpv else "quartiers"),
        scene_figures(figure_lines(found)),
    )


def _all_of(qpv: int) -> str:
    return f"ses {number(qpv)} quartiers" if qpv > 1 else "son seul quartier"


def gap_words(found: TerritoryCoverage, kept: Quartiers) -> SceneWords:
    """Tell the QPV of a territory that are kept, when none of them is covered."""
    type_, nom, n = found.coverage.type, found.territory.nom, len(kept.frame)
    if not n:
        return SceneWords(
            headline(nom, f"aucun quartier sans {type_} recensé"),
            f"{nom} : les {count(found.figures.qpv, 'quartier prioritaire')} y sont, au moins en "
            f"partie, dans le périmètre d’un {type_} actif recensé."
            if found.figures.qpv
            else f"{nom} : la géographie 2024 n’y compte aucun quartier prioritaire.",
        )
    known = kept.frame["habitants"].notna()
    people, project = int(kept.inhabitants), int((kept.frame["statut"] == "en_projet").sum())
    noun = count(n, "quartier")
    said = f"{noun}, {number(people)} habitants, sans {type_} recensé"
    if not known.any():
        said = f"{noun} sans {type_} actif recensé"
    figures = [
        SceneFigure(
            number(n),
            f"quartiers prioritaires sans {type_} actif recensé",
            f"sur {number(found.figures.qpv)} ; géographie 2024, au {date_fr(found.coverage.on)}",
        ),
        SceneFigure(
            number(people) if known.any() else "non publié",
            "habitants de ces quartiers",
            "RP 2020"
            + (
                f" ; non publiés pour {count(kept.without_population, 'quartier')}"
                if kept.without_population
                else ""
            ),
        ),
        SceneFigure(
            number(project), "de ces quartiers dans un projet recensé", f"{type_} en projet"
        ),
    ]
    poverty = kept.frame["pauvrete"].dropna()
    if len(poverty):
        figures.append(
            SceneFigure(
                with_unit(float(poverty.median()), "%", 0),
                "taux de pauvreté médian de ces quartiers",
                f"2021, connu pour {number(len(poverty))} d’entre eux",
            )
        )
    return SceneWords(headline(nom, said), _most_populated(kept, type_, nom), tuple(figures))


def _most_populated(kept: Quartiers, type_: str, nom: str) -> str:
    known = kept.frame[kept.frame["habitants"].notna()].nlargest(_NAMED, "habitants")
    if known.empty:
        names = ", ".join(str(v) for v in kept.frame["nom"].head(_NAMED))
        return (
            f"{nom} : {count(len(kept.frame), 'quartier')} sans {type_} actif recensé, dont "
            f"{names} ; leur population n’est pas publiée."
        )
    named = [
        f"{r['nom']} ({_first_commune(r['noms_communes'])}, {number(float(r['habitants']))} hab.)"
        for r in known.to_dict("records")
    ]
    lead = "Le plus peuplé" if len(named) == 1 else "Les plus peuplés"
    return f"{lead} : {', '.join(named)}."


def _first_commune(names: object) -> str:
    return str(names).partition(";")[0].strip()


def around_words(found: Around) -> SceneWords:
    """Tell what lies around a place."""
    type_, n = found.coverage.type, len(found.gaps)
    radius = f"{number(found.radius_km)}{NBSP}km"
    unknown = (
        f" ; non publiés pour {count(found.without_population, 'quartier')}"
        if found.without_population
        else ""
    )
    figures = [
        SceneFigure(
            number(n),
            f"quartiers sans {type_} actif recensé à moins de {radius}",
            f"au {date_fr(found.coverage.on)} ; {number(len(found.covered))} autres couverts",
        ),
        SceneFigure(number(found.inhabitants), "habitants de ces quartiers", f"RP 2020{unknown}"),
    ]
    if n:
        nearest = kilometres(float(found.gaps["distance_km"].astype(float).min()))
        figures += [
            SceneFigure(f"{nearest}{NBSP}km", "jusqu’au plus proche", "de contour à contour"),
            SceneFigure(
                number(found.with_project),
                "de ces quartiers dans un projet recensé",
                f"{type_} en projet",
            ),
        ]
    said = f"{count(n, 'quartier')} sans {type_} recensé à {radius}"
    return SceneWords(headline(found.place.nom, said), found.finding, tuple(figures))


def quartier_words(found: Around) -> SceneWords | None:
    """Tell a QPV that is not wholly covered; ``None`` when the place is not one."""
    rows = found.gaps[found.gaps["code_qpv"] == found.place.code]
    if found.place.kind != "qpv" or rows.empty:
        return None
    row, type_ = rows.to_dict("records")[0], found.coverage.type
    people = row["habitants"]
    where = names_of(str(row["noms_communes"]))
    device, distance = row["nom_dispositif_plus_proche"], row["distance_dispositif_km"]
    near = "aucun à moins de 100 km" if pd.isna(device) else f"{device}"
    status = {
        "couvert_en_partie": f"couvert en partie seulement par un {type_} actif recensé",
        "en_projet": f"dans un projet de {type_}, pas encore actif",
        "a_verifier": f"dans le périmètre d’un {type_} dont l’état est à vérifier",
    }.get(str(row["statut"]), f"sans {type_} recensé")
    about = "population non publiée" if pd.isna(people) else f"{number(int(people))} habitants"
    phrase = f"{found.place.nom} ({where}) : {about}, {status}"
    if not pd.isna(device):
        phrase += f" ; le {type_} actif recensé le plus proche, {device}, est à "
        phrase += f"{kilometres(float(distance))} km"
    poverty = row["taux_pauvrete"]
    figures = [
        SceneFigure(
            "non publié" if pd.isna(people) else number(int(people)), "habitants", "RP 2020"
        ),
        SceneFigure(
            "n.\u00a0d." if pd.isna(poverty) else percent(float(poverty), 0),
            "des habitants sous le seuil de pauvreté",
            "taux de pauvreté 2021"
            + (" ; non publié pour ce quartier" if pd.isna(poverty) else ""),
        ),
        SceneFigure(
            "–" if pd.isna(device) else f"{kilometres(float(distance))}{NBSP}km",
            f"jusqu’au {type_} actif recensé le plus proche",
            near,
        ),
        SceneFigure(
            number(len(found.gaps) - 1),
            f"autres quartiers sans {type_} actif recensé à {number(found.radius_km)} km",
            f"au {date_fr(found.coverage.on)}",
        ),
    ]
    title = f"{shortened(found.place.nom, 40)}, {shortened(where, 28)}"
    return SceneWords(title, f"{phrase}.", tuple(figures))


def history_words(found: CoverageHistory, year: int) -> SceneWords:
    """Tell the growth since 2010: what is computed, and apart what was published.

    Parameters
    ----------
    found : CoverageHistory
    year : int
        Last year told.
    """
    counts = found.computed.set_index("annee")["dispositifs"].astype(int)
    apart = found.computed.set_index("annee")["debut_inconnu"].astype(int)
    first = min(max(SINCE, found.years[0]), year)
    a, b, nom, type_ = int(counts[first]), int(counts[year]), found.territory.nom, found.type
    phrase = (
        f"{nom} : {count(a, f'{type_} actif recensé', f'{type_} actifs recensés')} de début connu "
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
    published = found.published[found.published["serie"] == "dispositifs"]
    if len(published):
        most = published.nlargest(1, "valeur").iloc[0]
        when = "page non datée" if pd.isna(most["annee"]) else f"en {most['annee']}"
        figures.append(
            SceneFigure(
                number(float(most["valeur"])),
                f"{type_} publiés, au plus haut",
                f"{when} ; hors calcul, jamais raccordé à la courbe",
            )
        )
        phrase += f" ; publié ailleurs, hors calcul : {number(float(most['valeur']))} ({when})"
    named = "En France" if found.territory == FRANCE else nom
    title = f"{named} : de {number(a)} {type_} recensés en {first} à {number(b)} en {year}"
    return SceneWords(title, f"{phrase}.", tuple(figures))


def undated_words(found: CoverageHistory) -> tuple[str, ...]:
    """Say which published figures have no place on the curve."""
    said = found.undated("dispositifs")
    return (said,) if said else ()


def register_words(known: RegisterKnowledge) -> SceneWords:
    """Tell how much of what exists the register records."""
    type_ = known.type
    total = f" pour {number(known.announced)} annoncés" if known.announced else ""
    return SceneWords(
        f"{number(known.active)} {type_} actifs recensés{total}",
        f"Le registre cite {count(known.recorded, type_, type_)} : {number(known.active)} actifs "
        f"({known.share}), {number(known.projects)} en projet, {number(known.to_check)} à "
        "vérifier.",
        (
            SceneFigure(number(known.active), f"{type_} actifs recensés", known.share),
            SceneFigure(number(known.projects), "en projet", "recensés"),
            SceneFigure(number(known.to_check), "à vérifier", "leur état n’est pas connu"),
        ),
    )
