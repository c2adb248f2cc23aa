"""What the scenes of *Carte* and *Couverture* say: a map, a territory, what lies around, growth."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Final

import pandas as pd

from clsm_map.analysis.history import announced_in
from clsm_map.domain.devices import (
    COVERED,
    NOT_WHOLE,
    WITHOUT_ACTIVE,
    WITHOUT_RECORDED,
    kept_words,
)
from clsm_map.domain.territories import FRANCE
from clsm_map.formats import NBSP, bounds, count, date_fr, kilometres, number, percent, with_unit
from clsm_map.views.around import Around
from clsm_map.views.coverage import CoverageHistory, TerritoryCoverage, territory_claims
from clsm_map.views.quartiers import Quartiers
from clsm_map.views.register import RegisterKnowledge
from clsm_map.views.scenes.words import (
    headline,
    shortened,
    staged,
)
from clsm_map.views.view import Claim, View

_NAMED: Final = 3


def territory_words(found: TerritoryCoverage) -> View:
    """Tell the coverage of a territory."""
    f, type_, nom = found.figures, found.coverage.type, found.territory.nom
    if not f.qpv:
        return staged(
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
    return staged(
        headline(nom, said, brief),
        _territory_sentence(found),
        territory_claims(found),
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


def gap_words(found: TerritoryCoverage, kept: Quartiers, statuses: Collection[str]) -> View:
    """Tell the QPV of a territory that have one of some statuses, none of them covered."""
    type_, nom, n = found.coverage.type, found.territory.nom, len(kept.frame)
    lacking = kept_words(statuses, type_)
    if not n:
        return staged(
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
        Claim(
            number(n),
            f"quartiers prioritaires {lacking}",
            f"sur {number(found.figures.qpv)} ; géographie 2024, au {date_fr(found.coverage.on)}",
        ),
        Claim(
            number(people) if known.any() else "non publié",
            "habitants de ces quartiers",
            "RP 2020"
            + (
                f" ; non publiés pour {count(kept.without_population, 'quartier')}"
                if kept.without_population
                else ""
            ),
        ),
        Claim(number(project), "de ces quartiers dans un projet recensé", f"{type_} en projet"),
    ]
    poverty = kept.frame["pauvrete"].dropna()
    if len(poverty):
        figures.append(
            Claim(
                with_unit(float(poverty.median()), "%", 0),
                "taux de pauvreté médian de ces quartiers",
                f"2021, connu pour {number(len(poverty))} d’entre eux",
            )
        )
    return staged(headline(nom, said, plain), _most_populated(found, kept, lacking), tuple(figures))


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


def around_words(found: Around) -> View:
    """Tell what lies around a place."""
    type_, n = found.coverage.type, len(found.gaps)
    radius = f"{number(found.radius_km)}{NBSP}km"
    unknown = (
        f" ; non publiés pour {count(found.without_population, 'quartier')}"
        if found.without_population
        else ""
    )
    figures = [
        Claim(
            number(n),
            f"quartiers {NOT_WHOLE.words(type_)}, à moins de {radius}",
            f"au {date_fr(found.coverage.on)} ; {number(len(found.covered))} autres couverts",
        ),
        Claim(number(found.inhabitants), "habitants de ces quartiers", f"RP 2020{unknown}"),
    ]
    if n:
        nearest = kilometres(float(found.gaps["distance_km"].astype(float).min()))
        figures += [
            Claim(f"{nearest}{NBSP}km", "jusqu’au plus proche", "de contour à contour"),
            Claim(
                number(found.with_project),
                "de ces quartiers dans un projet recensé",
                f"{type_} en projet",
            ),
        ]
    said = f"{count(n, 'quartier')} {NOT_WHOLE.words(type_)} à {radius}"
    brief = f"{count(n, 'quartier')} non couverts en entier à {radius}"
    return staged(headline(found.place.nom, said, brief), found.finding, tuple(figures))


def quartier_words(found: Around) -> View | None:
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
        Claim("non publié" if pd.isna(people) else number(int(people)), "habitants", "RP 2020"),
        Claim(
            "n.\u00a0d." if pd.isna(poverty) else percent(float(poverty), 0),
            "des habitants sous le seuil de pauvreté",
            "taux de pauvreté 2021"
            + (" ; non publié pour ce quartier" if pd.isna(poverty) else ""),
        ),
        Claim(
            "aucun" if pd.isna(device) else f"{kilometres(float(distance))}{NBSP}km",
            f"{type_} actif recensé proche"
            if pd.isna(device)
            else f"jusqu’au {type_} actif recensé le plus proche",
            near,
        ),
        Claim(
            number(len(found.gaps) - 1),
            f"autres quartiers {NOT_WHOLE.words(type_)}, à {number(found.radius_km)} km"
            if len(found.gaps) > 2
            else f"autre quartier {NOT_WHOLE.words(type_)}, à {number(found.radius_km)} km",
            f"au {date_fr(found.coverage.on)}",
        ),
    ]
    title = shortened(found.place.nom, 44) + (f", {shortened(where, 28)}" if where else "")
    title = headline(title, f"{about}, {status}", status)
    return staged(title, f"{phrase}.", tuple(figures))


def _away(distance: float) -> str:
    if distance == 0:
        return "à sa limite"
    return "à moins de 100 m" if distance < 0.1 else f"à {kilometres(distance)} km"


SINCE: Final = 2010
"""First year of the growth told: before, too few devices have a known start."""


def history_words(found: CoverageHistory, year: int) -> View:
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
        Claim(number(a), f"{type_} recensés de début connu", f"au 1er janvier {first}"),
        Claim(number(b), f"{type_} recensés de début connu", f"au 1er janvier {year}"),
    ]
    if apart[year]:
        figures.append(
            Claim(number(int(apart[year])), "de début inconnu", "comptés à part, sans date")
        )
    if told := announced_in(found.published):
        figures.append(
            Claim(
                " à ".join(number(value) for value in told.numbers),
                f"{type_} publiés",
                f"{told.words} ; hors calcul, jamais raccordé à la courbe",
            )
        )
        phrase += f" ; publié ailleurs, hors calcul : {told.words}"
    named = "En France" if found.territory == FRANCE else nom
    title = f"{named} : {type_} de début connu, {number(a)} en {first}, {number(b)} en {year}"
    return staged(title, f"{phrase}.", tuple(figures))


def register_words(known: RegisterKnowledge) -> View:
    """Tell how much of what exists the register records."""
    type_ = known.type
    total = f" pour {known.announced.words} annoncés" if known.announced else ""
    return staged(
        f"{number(known.active)} {type_} actifs recensés{total}",
        f"Le registre cite {count(known.recorded, type_, type_)} : {number(known.active)} actifs, "
        f"{known.share} ; {number(known.projects)} en projet ; {number(known.to_check)} à "
        "vérifier.",
        (
            Claim(number(known.active), f"{type_} actifs recensés", known.share),
            Claim(number(known.projects), "en projet", "recensés"),
            Claim(number(known.to_check), "à vérifier", "état inconnu, ou échéance passée"),
        ),
    )
