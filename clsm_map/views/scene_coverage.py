"""What the scenes of *Couverture* say: a territory, its gaps, what lies around, a quartier."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Final

import pandas as pd

from clsm_map.domain.devices import (
    COVERED,
    NOT_WHOLE,
    WITHOUT_ACTIVE,
    WITHOUT_RECORDED,
    kept_words,
)
from clsm_map.formats import NBSP, bounds, count, date_fr, number, percent, with_unit
from clsm_map.views.around import Around
from clsm_map.views.list_table import kilometres
from clsm_map.views.quartiers import Quartiers
from clsm_map.views.scene import SceneFigure, SceneWords, headline, scene_figures, shortened
from clsm_map.views.territory_coverage import TerritoryCoverage, figure_lines

_NAMED: Final = 3


def territory_words(found: TerritoryCoverage) -> SceneWords:
    """Tell the coverage of a territory."""
    f, type_, nom = found.figures, found.coverage.type, found.territory.nom
    if not f.qpv:
        return SceneWords(
            headline(nom, "aucun quartier prioritaire"),
            f"{nom} : la géographie 2024 n’y compte aucun quartier prioritaire.",
        )
    without, lacking = f.qpv - f.qpv_couverts_avec_partiels, WITHOUT_ACTIVE.words(type_)
    if not without:
        said = brief = f"aucun quartier {lacking}"
    elif without == f.qpv:
        said = brief = f"{_all_of(f.qpv)} {lacking}"
    else:
        some = "quartier" if without == 1 else "quartiers"
        brief = f"{number(without)} {some} {lacking}"
        said = f"{number(without)} {some} sur {number(f.qpv)} {lacking}"
    return SceneWords(
        headline(nom, said, brief),
        _territory_sentence(found),
        scene_figures(figure_lines(found)),
    )


def _territory_sentence(found: TerritoryCoverage) -> str:
    """Say how many inhabitants are covered, and which part lacks most."""
    f, type_ = found.figures, found.coverage.type
    if not f.habitants_qpv:
        return found.summary("quartiers")
    share = bounds(
        f.habitants_qpv_couverts, f.habitants_qpv_couverts_avec_partiels, f.habitants_qpv
    )
    verb = "sont" if f.habitants_qpv_couverts > 1 else "est"
    people = count(f.habitants_qpv_couverts, "habitant")
    said = (
        f"{people} des quartiers sur {number(f.habitants_qpv)} (RP 2020, {share}) {verb} dans le "
        f"périmètre d’un {type_} actif recensé"
    )
    outside = found.parts[WITHOUT_ACTIVE.mask(found.parts["statut"])]
    most = outside.groupby("nom")["habitants"].sum().nlargest(1)
    if len(set(found.parts["nom"])) > 1 and len(most) and most.iloc[0]:
        said += f" ; le plus d’habitants {WITHOUT_ACTIVE.words(type_)} : {most.index[0]}"
        said += f" ({number(float(most.iloc[0]))})"
    return f"{said}."


def _all_of(qpv: int) -> str:
    return f"ses {number(qpv)} quartiers" if qpv > 1 else "son seul quartier"


def gap_words(found: TerritoryCoverage, kept: Quartiers, statuses: Collection[str]) -> SceneWords:
    """Tell the QPV of a territory that have one of some statuses, none of them covered."""
    type_, nom, n = found.coverage.type, found.territory.nom, len(kept.frame)
    lacking = kept_words(statuses, type_)
    if not n:
        return SceneWords(
            headline(nom, f"aucun quartier {lacking}"),
            _none_left(found, lacking),
        )
    known = kept.frame["habitants"].notna()
    people, project = int(kept.inhabitants), int((kept.frame["statut"] == "en_projet").sum())
    noun = count(n, "quartier")
    plain = f"{noun} {lacking}"
    told = f"{noun}, {number(people)} habitants (RP 2020), {lacking}"
    said = told if known.any() else plain
    figures = [
        SceneFigure(
            number(n),
            f"quartiers prioritaires {lacking}",
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
    return SceneWords(
        headline(nom, said, plain), _most_populated(found, kept, lacking), tuple(figures)
    )


def _none_left(found: TerritoryCoverage, lacking: str) -> str:
    nom, f = found.territory.nom, found.figures
    if not f.qpv:
        return f"{nom} : la géographie 2024 n’y compte aucun quartier prioritaire."
    if f.qpv_couverts_avec_partiels < f.qpv:
        return f"{nom} : aucun quartier {lacking} ne répond à la demande."
    return (
        f"{nom} : les {count(f.qpv, 'quartier prioritaire')} y sont, au moins en partie, "
        f"{COVERED.words(found.coverage.type)}."
    )


def _most_populated(found: TerritoryCoverage, kept: Quartiers, lacking: str) -> str:
    rows = found.gaps[found.gaps["code_qpv"].isin(kept.frame["code"])]
    n = count(len(rows), "quartier")
    known = rows[rows["habitants"].notna()].nlargest(_NAMED, "habitants").to_dict("records")
    if not known:
        names = ", ".join(str(v) for v in rows["nom_qpv"].head(_NAMED))
        return (
            f"{found.territory.nom} : {n} {lacking}, dont {names} ; leur "
            "population n’est pas publiée."
        )
    named = [
        f"{r['nom_qpv']} ({_where(r, most=1)}{number(int(r['habitants']))} hab.)" for r in known
    ]
    if len(rows) == 1:
        return f"Un seul quartier {lacking} : {named[0]}."
    lead = "les plus peuplés" if len(named) > 1 else "le plus peuplé"
    return f"{n} {lacking} ; {lead} : {', '.join(named)}."


def _where(row: Mapping[Hashable, object], most: int = 9) -> str:
    """Name the communes of a QPV, a comma after; nothing when its own name says them."""
    communes = [c.strip() for c in str(row["noms_communes"]).split(";") if c.strip()][:most]
    told = all(c in str(row["nom_qpv"]) for c in communes)
    return "" if told else "".join(f"{c}, " for c in communes)


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
            f"quartiers {NOT_WHOLE.words(type_)}, à moins de {radius}",
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
    said = f"{count(n, 'quartier')} {NOT_WHOLE.words(type_)} à {radius}"
    brief = f"{count(n, 'quartier')} non couverts en entier à {radius}"
    return SceneWords(headline(found.place.nom, said, brief), found.finding, tuple(figures))


def quartier_words(found: Around) -> SceneWords | None:
    """Tell a QPV that is not wholly covered; ``None`` when the place is not one."""
    rows = found.gaps[found.gaps["code_qpv"] == found.place.code]
    if found.place.kind != "qpv" or rows.empty:
        return None
    row, type_ = rows.to_dict("records")[0], found.coverage.type
    people = row["habitants"]
    where = _where(row).removesuffix(", ")
    whole = f"{found.place.nom} ({where})" if where else found.place.nom
    device, distance = row["nom_dispositif_plus_proche"], row["distance_dispositif_km"]
    near = f"aucun {type_} actif recensé sur ce territoire" if pd.isna(device) else str(device)
    status = {
        "couvert_en_partie": f"couvert en partie seulement par un {type_} actif recensé",
        "en_projet": f"dans un projet de {type_}, pas encore actif",
        "a_verifier": f"dans le périmètre d’un {type_} dont l’état est à vérifier",
    }.get(str(row["statut"]), WITHOUT_RECORDED.words(type_))
    about = "population non publiée"
    if pd.notna(people):
        about = f"{number(int(people))} habitants (RP 2020)"
    phrase = f"{whole} : {about}, {status}"
    if pd.isna(device):
        phrase += f" ; {near}"
    else:
        phrase += f" ; le {type_} actif recensé le plus proche, {device}, est "
        phrase += _away(float(distance))
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
            "aucun" if pd.isna(device) else f"{kilometres(float(distance))}{NBSP}km",
            f"{type_} actif recensé proche"
            if pd.isna(device)
            else f"jusqu’au {type_} actif recensé le plus proche",
            near,
        ),
        SceneFigure(
            number(len(found.gaps) - 1),
            f"autres quartiers {NOT_WHOLE.words(type_)}, à {number(found.radius_km)} km"
            if len(found.gaps) > 2
            else f"autre quartier {NOT_WHOLE.words(type_)}, à {number(found.radius_km)} km",
            f"au {date_fr(found.coverage.on)}",
        ),
    ]
    title = shortened(found.place.nom, 44) + (f", {shortened(where, 28)}" if where else "")
    title = headline(title, f"{about}, {status}", status)
    return SceneWords(title, f"{phrase}.", tuple(figures))


def _away(distance: float) -> str:
    if distance == 0:
        return "à sa limite"
    return "à moins de 100 m" if distance < 0.1 else f"à {kilometres(distance)} km"
