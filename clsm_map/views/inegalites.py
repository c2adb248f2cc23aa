"""The Views of *Inégalités*: eight angles from which a territory is compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from clsm_map.analysis.comparison.profile import Profile, level_of
from clsm_map.analysis.comparison.references import default_reference
from clsm_map.desk import Desk
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Territory, one_each
from clsm_map.formats import count, number, percent
from clsm_map.store.territories import find_territory
from clsm_map.table import Table
from clsm_map.views import captions, questions
from clsm_map.views.inequality.crossing import common_levels
from clsm_map.views.inequality.index import NOT_OFFICIAL, TOP_TENTH, index_view
from clsm_map.views.inequality.profile import (
    indicator_years,
    most_marked,
    operand_label,
    percentile_rows,
    profile_choices,
    profile_finding,
    profile_table,
    side_cautions,
    side_finding,
    side_rows,
    side_table,
    territory_insides,
)
from clsm_map.views.inequality.ranking import Ranked, suitable_level
from clsm_map.views.inequality.trend import Trend, refusal_of_trend, trend_indicators
from clsm_map.views.inequality.within import within_indicators
from clsm_map.views.scenes.words import headline, scene_figures, shortened, within
from clsm_map.views.view import Chart, Claim, View

Pairs = Sequence[tuple[Indicator, int | None]]

_USUAL: Final = "taux_pauvrete"
_USUAL_PAIR: Final = "revenu_imposable_par_habitant"
_ROWS_UNDER_LEGEND: Final = 6
"""Indicators that a chart with a long legend shows in letters large enough."""


def profil(desk: Desk, selection: Selection) -> View:
    """Compare a territory over all its indicators with a reference and its peers."""
    indicators = desk.snapshot.indicators
    chosen = profile_choices(desk.snapshot, desk.territory(selection), selection.etude)
    found = questions.profile_of(desk, chosen.subject, chosen.reference, chosen.inside)
    said, nom = profile_finding(found), operand_label(found.sujet)
    place = found.indicateurs["position"]
    worse, better = (int((place == f"plus {way}").sum()) for way in ("défavorable", "favorable"))
    against = f"que la référence : {operand_label(found.reference)}"
    title, lead = operand_label(chosen.subject), f"Référence : {operand_label(chosen.reference)}"
    rows = percentile_rows(found, indicators)
    shown = most_marked(rows, _ROWS_UNDER_LEGEND)
    pairs = [(indicators[i], year) for i, year in indicator_years(found).items()]
    chart = Chart(
        "profil",
        (rows,),
        f"{title}. {lead}",
        said,
        captions.source_notes(desk.snapshot, pairs, level=level_of(found.sujet)),
        large=(shown, False),
        cut=captions.shown_rows(
            len(rows),
            "indicateurs les plus éloignés de la médiane dans chaque sens",
            _ROWS_UNDER_LEGEND,
        ),
    )
    told = f"plus défavorable pour {number(worse)} indicateurs sur {number(worse + better)}"
    return View(
        title=title,
        lead=lead,
        headline=headline(nom, told if worse + better else "profil"),
        finding=said,
        claims=(
            Claim(number(worse), "indicateurs plus défavorables", against, "pires", worse),
            Claim(number(better), "indicateurs plus favorables", against, "meilleurs", better),
        )
        if worse + better
        else (),
        rows=lambda: (Table.of("profil", title, profile_table(found)),),
        charts=() if rows.empty else (chart,),
        notices=tuple(filter(None, (chosen.notice,))),
        cautions=tuple(found.mises_en_garde),
        apart=_row_cautions(desk, shown),
        sources=_sources(desk, pairs),
        data=found,
    )


def cote(desk: Desk, selection: Selection) -> View:
    """Set two to four territories side by side, each among the peers of its level.

    Raises
    ------
    InvalidInputError
        One alone is named.
    """
    indicators, first = desk.snapshot.indicators, desk.territory(selection)
    others = [k for k in selection.etude.avec if k != first.key]
    chosen = [first, *(find_territory(desk.snapshot, key) for key in others)]
    if len(chosen) < 2:
        raise InvalidInputError(
            f"Ajoutez de un à trois territoires à comparer à « {first.nom} », de n’importe quel "
            "échelon."
        )
    found = [
        questions.profile_of(desk, t, default_reference(desk.snapshot, t), FRANCE) for t in chosen
    ]
    rows = side_rows(found, indicators)
    shown = most_marked(rows, _ROWS_UNDER_LEGEND)
    names = {t.key: operand_label(t) for t in chosen}
    title, said = " · ".join(t.nom for t in chosen), side_finding(rows, found)
    pairs = _pairs(desk, found)
    chart = Chart(
        "cote",
        (rows, names),
        f"{title} : indicateurs connus pour au moins deux",
        said,
        captions.source_notes(desk.snapshot, pairs),
        large=(shown, names, False),
        cut=captions.shown_rows(
            rows["indicateur"].nunique(), "indicateurs qui les séparent le plus", _ROWS_UNDER_LEGEND
        ),
    )
    return View(
        title=title,
        lead="Indicateurs connus pour au moins deux",
        headline=shortened(" · ".join(names.values()), 72),
        finding=said,
        rows=lambda: (Table.of("cote", title, side_table(found)),),
        charts=(chart,),
        cautions=tuple(side_cautions(found)),
        apart=_row_cautions(desk, shown),
        sources=_sources(desk, pairs),
        data=found,
    )


def classement(desk: Desk, selection: Selection) -> View:
    """Rank the territories of a level on an indicator, and spread them out."""
    territory, snapshot = desk.territory(selection), desk.snapshot
    indicator = _studied(desk, selection, list(snapshot.indicators))
    level, notice = suitable_level(
        snapshot.indicators[indicator], territory, selection.etude.echelon
    )
    inside = _inside(desk, selection, territory, level)
    found = questions.ranking_of(desk, indicator, level, territory, inside)
    notes = captions.source_notes(snapshot, [(found.indicator, found.year)], level=level)
    chart = Chart(
        "distribution", (found,), f"{found.title}, {found.year_text}", found.finding, notes
    )
    boxes = Chart(
        "regions",
        (found,),
        f"{found.title}, par région, {found.year_text}",
        found.box_finding if found.has_regions else "",
        notes,
    )
    return replace(
        _ranked_told(found),
        title=found.title,
        lead=found.year_text,
        rows=lambda: (
            Table.of("classement", found.title, found.table()),
            Table.of("distribution", chart.title, found.histogram_table()),
            *((Table.of("regions", boxes.title, found.box_table()),) if found.has_regions else ()),
        ),
        charts=(
            *((chart,) if found.known.notna().any() else ()),
            *((boxes,) if found.has_regions else ()),
        ),
        notices=tuple(filter(None, (notice,))),
        cautions=tuple(found.cautions),
        sources=_sources(desk, [(found.indicator, found.year)], level),
        data=found,
    )


def _ranked_told(found: Ranked) -> View:
    known, label = found.known.dropna(), within(found.indicator.libelle_court)
    if known.empty:
        told = headline(found.inside.nom, shortened(label, 44))
        return View(headline=told, finding=found.finding)
    median = found.text(float(known.median()))
    told = headline(
        found.inside.nom,
        f"{label}, médiane {median} ({one_each(found.level)})",
        shortened(label, 44),
    )
    of_what = f"{count(len(known), *LEVEL_LABELS[found.level])}, {found.year_text}"
    claims = [
        Claim(median, f"médiane, {one_each(found.level)}", of_what),
        Claim(found.told(found.rows.iloc[0]), "le plus haut", of_what),
        Claim(found.told(found.rows.iloc[-1]), "le plus bas", of_what),
    ]
    if not math.isnan(found.own_value):
        own = found.told(found.rows.loc[found.rows["code"] == found.territory.code].iloc[0])
        claims.insert(0, Claim(own, found.territory.nom, found.year_text))
        told = headline(found.territory.nom, f"{label}, {own}", shortened(label, 44))
    return View(headline=told, finding=found.finding, claims=tuple(claims))


def croisement(desk: Desk, selection: Selection) -> View:
    """Cross two indicators over the territories of a level.

    Raises
    ------
    InvalidInputError
        No level has both.
    """
    territory, study, indicators = (
        desk.territory(selection),
        selection.etude,
        desk.snapshot.indicators,
    )
    x = _studied(desk, selection, list(indicators))
    y = study.croise or (_USUAL if x != _USUAL else _USUAL_PAIR)
    levels = common_levels(indicators[x], indicators[y])
    if not levels:
        raise InvalidInputError("Ces deux indicateurs ne sont donnés à aucun échelon commun.")
    wanted = study.echelon or territory.level
    level = next((v for v in levels if v == wanted), levels[0])
    inside = _inside(desk, selection, territory, level)
    found = questions.crossing_of(desk, x, y, level, territory, inside)
    pairs = list(zip((found.x, found.y), found.years, strict=True))
    notes = captions.source_notes(desk.snapshot, pairs, level=level)
    named = f"{found.x.libelle_court} et {found.y.libelle_court}"
    pearson = found.correlation.pearson
    return View(
        title=found.title,
        headline=shortened(f"{named}, {LEVEL_LABELS[level][1]} ({found.inside.nom})", 90),
        finding=found.finding,
        claims=(
            Claim(
                number(pearson, 2),
                "corrélation linéaire (r de Pearson)",
                f"de −1 à 1 ; {count(len(found.frame), *LEVEL_LABELS[level])}",
                "pearson",
                pearson,
            ),
        ),
        rows=lambda: (Table.of("croisement", found.title, found.table()),),
        charts=(Chart("croisement", (found,), found.title, found.finding, notes),),
        cautions=tuple(found.cautions),
        sources=_sources(desk, pairs, level),
        data=found,
    )


def evolution(desk: Desk, selection: Selection) -> View:
    """Follow an indicator over its years.

    Raises
    ------
    InvalidInputError
        No indicator of the territory has several.
    """
    territory = desk.territory(selection)
    offered = trend_indicators(desk.snapshot, territory)
    if not offered:
        raise InvalidInputError(refusal_of_trend(territory))
    found = questions.trend_in(desk, _studied(desk, selection, offered), territory)
    pairs = [(found.indicator, found.indicator.derniere_annee)]
    notes = captions.source_notes(desk.snapshot, pairs, level=territory.level)
    return replace(
        trend_told(found),
        title=found.title,
        rows=lambda: (Table.of("evolution", found.title, found.table()),),
        charts=(Chart("evolution", (found,), found.title, found.finding, notes),),
        cautions=tuple(found.cautions),
        sources=_sources(desk, pairs),
        data=found,
    )


def trend_told(found: Trend) -> View:
    """Tell an indicator over its years."""
    row = found.change.to_dict("records")[0]
    label = shortened(within(found.indicator.libelle_court), 48)
    told = headline(found.territory.nom, label)
    if row["fin"] == row["debut"] or pd.isna(row["debut"]):
        return View(headline=told, finding=found.finding)
    claims = [
        Claim(found.end("debut"), found.indicator.when(int(row["debut"]))),
        Claim(found.end("fin"), found.indicator.when(int(row["fin"]))),
    ]
    relative = float(row["variation_relative"])
    if not math.isnan(relative):
        change = f"{'+' if relative > 0 else ''}{percent(relative)}"
        told = headline(
            found.territory.nom, f"{label}, {change} de {row['debut']} à {row['fin']}", label
        )
        claims.append(Claim(change, "variation", "entre ces deux années"))
    return View(headline=told, finding=found.finding, claims=tuple(claims))


def interieur(desk: Desk, selection: Selection) -> View:
    """Measure how far the communes of a territory differ, and its QPV.

    Raises
    ------
    InvalidInputError
        None of them has a value.
    """
    territory = desk.territory(selection)
    chosen = _studied(desk, selection, within_indicators(desk.snapshot))
    found = questions.spread_in(desk, territory, chosen)
    if not found.figures.n:
        raise InvalidInputError(found.finding)
    f, unit = found.figures, f" ({found.indicator.unite})" if found.indicator.unite else ""
    pairs = [(found.indicator, found.year)]
    chart = Chart(
        "interieur",
        (found.bins, (f.q1, f.mediane, f.q3), f"{found.indicator.libelle_court}{unit}"),
        found.title,
        found.finding,
        captions.source_notes(desk.snapshot, pairs, level="commune"),
    )
    return View(
        title=found.title,
        headline=headline(territory.nom, "les écarts entre ses communes"),
        finding=found.finding,
        claims=scene_figures(found.headlines()) if f.n > 1 else (),
        rows=lambda: (Table.of("interieur", found.title, questions.spreads_in(desk, territory)),),
        charts=(chart,),
        cautions=tuple(found.cautions),
        sources=(*_sources(desk, pairs, "commune"), captions.qpv_source()),
        data=found,
    )


def indice(desk: Desk, selection: Selection) -> View:
    """Rank the QPV or the communes of a territory by a need index of one's own."""
    study, indicators = selection.etude, desk.snapshot.indicators
    index = questions.index_of_study(desk, study)
    found = index_view(desk.snapshot, index, desk.territory(selection), study.indice)
    parts = [indicators[c.indicateur] for c in found.index.components]
    pairs = [(i, i.derniere_annee) for i in parts]
    nom, n = found.territory.nom, len(found.scored)
    top = int((found.scored["rang"] <= TOP_TENTH * found.index.n).sum())
    told: str = "indice de besoin inconnu"
    large: tuple[Claim, ...] = ()
    if n:
        told = f"{count(top, *found.nouns)} dans le dixième de plus grand besoin"
        large = (
            Claim(
                number(top),
                "dans le dixième de France au besoin le plus grand",
                f"sur {count(n, *found.nouns)} avec un score",
                "premier_dixieme", top, n,
            ),
            Claim(
                number(float(found.scored["score"].median()), 1),
                f"score médian de ses {found.nouns[1]}, {one_each(found.level)}, sur 100",
                f"médiane de France : {number(float(found.index.scores['score'].median()), 1)} ; "
                "indice non officiel",
            ),
        )  # fmt: skip
    chart = Chart(
        "indice",
        (found.scored, found.index.n),
        found.title,
        found.finding,
        captions.source_notes(desk.snapshot, pairs, found.recipe, NOT_OFFICIAL),
        large=(found.scored.head(captions.MOST_ROWS), found.index.n),
        cut=captions.shown_rows(n, "premiers rangs"),
    )
    return View(
        title=found.title,
        lead=found.recipe,
        headline=headline(nom, told),
        finding=found.finding,
        claims=(
            *large,
            Claim(number(index.n), f"{found.nouns[1]} de France classés", "", "classes", index.n),
        ),
        large=large,
        rows=lambda: (Table.of("indice", found.title, found.table()),),
        charts=(chart,) if n else (),
        cautions=tuple(found.cautions),
        apart=(found.recipe, *captions.indicator_cautions(parts)),
        sources=(*_sources(desk, pairs), captions.qpv_source()),
        data=found,
    )


def _studied(desk: Desk, selection: Selection, offered: Sequence[str]) -> str:
    """Give the indicator studied: asked for, that of the map, or poverty."""
    asked = (selection.etude.etudie, selection.indicateur, _USUAL)
    known = [i for i in asked if i in offered and i in desk.snapshot.indicators]
    return known[0] if known else offered[0]


def _inside(desk: Desk, selection: Selection, territory: Territory, level: str) -> Territory:
    insides = territory_insides(desk.snapshot, territory)
    found = insides.get(selection.etude.pairs, FRANCE)
    return FRANCE if found.level == level else found


def _pairs(desk: Desk, found: Iterable[Profile]) -> Pairs:
    years = {i: year for p in found for i, year in indicator_years(p).items()}
    return [(desk.snapshot.indicators[i], year) for i, year in years.items()]


def _sources(desk: Desk, pairs: Pairs, level: str = "") -> tuple[str, ...]:
    return tuple(captions.indicator_source(desk.snapshot, i, year, level) for i, year in pairs)


def _row_cautions(desk: Desk, shown: pd.DataFrame) -> tuple[str, ...]:
    """Give the cautions of the indicators of the rows of a chart."""
    indicators = desk.snapshot.indicators
    return captions.indicator_cautions(indicators[i] for i in shown["indicateur"].unique())
