"""What the scenes of *Inégalités* say, angle by angle."""

from __future__ import annotations

import math

import pandas as pd

from clsm_map.analysis.comparison.profile import Profile
from clsm_map.analysis.harvest import harvest_title
from clsm_map.domain.territories import LEVEL_LABELS, one_each
from clsm_map.formats import count, number, percent
from clsm_map.views.inequality.bivariate import NeedCoverage
from clsm_map.views.inequality.crossing import Crossing
from clsm_map.views.inequality.index import TOP_TENTH, IndexView
from clsm_map.views.inequality.profile import operand_label, profile_finding
from clsm_map.views.inequality.ranking import Ranked
from clsm_map.views.inequality.trend import Trend
from clsm_map.views.inequality.within import Within
from clsm_map.views.scenes.words import (
    headline,
    scene_figures,
    shortened,
    staged,
    within,
)
from clsm_map.views.view import Claim, View


def need_words(found: NeedCoverage) -> View:
    """Tell need against coverage."""
    nom = found.territory.nom
    nouns = LEVEL_LABELS[found.scope.level]
    both = found.frame.loc[(found.position == 6).to_numpy()]
    classed = int((found.position < 9).sum())
    if not classed:
        return staged(
            headline(nom, "besoin et couverture ne peuvent être croisés"),
            f"{nom} : aucun territoire de cet échelon n’a à la fois une mesure du besoin et une "
            "population de quartiers connue.",
            (
                Claim(number(len(found.frame)), nouns[1], "aucune n’est classée")
                if nouns[1].endswith("tés")
                else Claim(number(len(found.frame)), nouns[1], "aucun n’est classé"),
                Claim(
                    number(int(found.frame["qpv"].sum())),
                    "quartiers prioritaires",
                    "population non publiée, ou aucune mesure du besoin",
                ),
            ),
        )
    said = f"{count(len(both), *nouns)} à besoin élevé sans couverture recensée"
    brief = f"{count(len(both), 'territoire')} à besoin élevé sans habitant couvert"
    if both.empty:
        said = brief = "aucun besoin élevé sans couverture recensée"
    high = int(((found.position >= 6) & (found.position < 9)).sum())
    return staged(
        harvest_title(headline(nom, said, brief), found.coverage, found.territory),
        found.finding,
        (
            Claim(
                number(len(both)),
                f"{nouns[len(both) > 1]} à {found.need_labels[2]} dont aucun habitant de quartier "
                "n’est couvert",
                f"sur {number(classed)} classées" if nouns[1].endswith("tés") else
                f"sur {number(classed)} classés",
            ),
            Claim(
                number(float(both["habitants"].sum())), "habitants de leurs quartiers", "RP 2020"
            ),
            Claim(
                number(high),
                f"{nouns[high > 1]} à {found.need_labels[2]}",
                "un tiers environ des habitants de quartiers de France, toutes couvertures",
            ),
        ),
    )  # fmt: skip


def profile_words(found: Profile) -> View:
    """Tell a profile: how many indicators are worse than the reference."""
    rows = found.indicateurs
    worse = int((rows["position"] == "plus défavorable").sum())
    better = int((rows["position"] == "plus favorable").sum())
    against = f"que la référence : {operand_label(found.reference)}"
    nom = operand_label(found.sujet)
    figures: tuple[Claim, ...] = (
        Claim(number(worse), "indicateurs plus défavorables", against),
        Claim(number(better), "indicateurs plus favorables", against),
    )
    compared = worse + better
    said = f"plus défavorable pour {number(worse)} indicateurs sur {number(compared)}"
    if not compared:
        said, figures = "profil", ()
    return staged(headline(nom, said), profile_finding(found), figures)


def side_words(names: list[str], finding: str) -> View:
    """Tell territories side by side."""
    return staged(shortened(" · ".join(names), 72), finding)


def ranked_words(found: Ranked) -> View:
    """Tell a ranking."""
    known = found.known.dropna()
    label = within(found.indicator.libelle_court)
    if known.empty:
        return staged(headline(found.inside.nom, shortened(label, 44)), found.finding)
    title = headline(
        found.inside.nom,
        f"{label}, médiane {found.text(float(known.median()))} ({one_each(found.level)})",
        shortened(label, 44),
    )
    of_what = f"{count(len(known), *LEVEL_LABELS[found.level])}, {found.year_text}"
    figures = [
        Claim(found.text(float(known.median())), f"médiane, {one_each(found.level)}", of_what),
        Claim(found.told(found.rows.iloc[0]), "le plus haut", of_what),
        Claim(found.told(found.rows.iloc[-1]), "le plus bas", of_what),
    ]
    if not math.isnan(found.own_value):
        own = found.told(found.rows.loc[found.rows["code"] == found.territory.code].iloc[0])
        figures.insert(0, Claim(own, found.territory.nom, found.year_text))
        title = headline(found.territory.nom, f"{label}, {own}", shortened(label, 44))
    return staged(title, found.finding, tuple(figures))


def crossing_words(found: Crossing) -> View:
    """Tell two indicators together."""
    pair = f"{found.x.libelle_court} et {found.y.libelle_court}"
    level = LEVEL_LABELS[found.level]
    return staged(
        shortened(f"{pair}, {level[1]} ({found.inside.nom})", 90),
        found.finding,
        (
            Claim(
                number(found.correlation.pearson, 2),
                "corrélation linéaire (r de Pearson)",
                f"de −1 à 1 ; {count(len(found.frame), *level)}",
            ),
        ),
    )


def trend_words(found: Trend) -> View:
    """Tell an indicator over its years."""
    row = found.change.to_dict("records")[0]
    label = shortened(within(found.indicator.libelle_court), 48)
    title = headline(found.territory.nom, label)
    if row["fin"] == row["debut"] or pd.isna(row["debut"]):
        return staged(title, found.finding)
    figures = [
        Claim(found.end("debut"), found.indicator.when(int(row["debut"]))),
        Claim(found.end("fin"), found.indicator.when(int(row["fin"]))),
    ]
    relative = float(row["variation_relative"])
    if not math.isnan(relative):
        sign = "+" if relative > 0 else ""
        change = f"{sign}{percent(relative)} de {row['debut']} à {row['fin']}"
        title = headline(found.territory.nom, f"{label}, {change}", label)
        figures.append(Claim(f"{sign}{percent(relative)}", "variation", "entre ces deux années"))
    return staged(title, found.finding, tuple(figures))


def within_words(found: Within) -> View:
    """Tell the spread between the communes of a territory."""
    title = headline(found.territory.nom, "les écarts entre ses communes")
    figures = scene_figures(found.headlines()) if found.figures.n > 1 else ()
    return staged(title, found.finding, figures)


def index_words(found: IndexView) -> View:
    """Tell the need index of the QPV of a territory."""
    nom, n = found.territory.nom, len(found.scored)
    top = int((found.scored["rang"] <= TOP_TENTH * found.index.n).sum())
    if not n:
        return staged(headline(nom, "indice de besoin inconnu"), found.finding)
    return staged(
        headline(nom, f"{count(top, *found.nouns)} dans le dixième de plus grand besoin"),
        found.finding,
        (
            Claim(
                number(top),
                "dans le dixième de France au besoin le plus grand",
                f"sur {count(n, *found.nouns)} avec un score",
            ),
            Claim(
                number(float(found.scored["score"].median()), 1),
                f"score médian de ses {found.nouns[1]}, {one_each(found.level)}, sur 100",
                f"médiane de France : {number(float(found.index.scores['score'].median()), 1)} ; "
                "indice non officiel",
            ),
        ),
    )
