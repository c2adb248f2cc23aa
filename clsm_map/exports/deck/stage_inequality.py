"""The angles of *Inégalités* as scenes: each its figure, or the map of need and coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.comparison.references import default_reference
from clsm_map.charts.comparison import percentile_dots, rank_intervals, side_dots
from clsm_map.charts.distribution import (
    crossing_dots,
    histogram_bars,
    inhabitants_bars,
    trend_curves,
)
from clsm_map.desk import Desk
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Angle, MapLevel, Selection
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.exports.deck.stage import (
    Drawing,
    Stage,
    coverage_caution,
    coverage_sources,
    indicator_sources,
)
from clsm_map.exports.plate import Block, Sample
from clsm_map.formats import count
from clsm_map.maps.carte import bivariate_styles, bivariate_view
from clsm_map.maps.library import published
from clsm_map.store.territories import bounds, find_territory
from clsm_map.views import questions
from clsm_map.views.captions import MOST_ROWS, indicator_cautions, on_date, qpv_source, shown_rows
from clsm_map.views.inequality.bivariate import NeedCoverage, map_levels, need_coverage
from clsm_map.views.inequality.crossing import common_levels
from clsm_map.views.inequality.index import NOT_OFFICIAL, index_view
from clsm_map.views.inequality.profile import (
    indicator_years,
    most_marked,
    operand_label,
    percentile_rows,
    profile_choices,
    side_cautions,
    side_finding,
    side_rows,
    territory_insides,
)
from clsm_map.views.inequality.ranking import suitable_level
from clsm_map.views.inequality.trend import refusal_of_trend, trend_indicators
from clsm_map.views.inequality.within import within_indicators
from clsm_map.views.scenes.inequality import (
    crossing_words,
    index_words,
    need_words,
    profile_words,
    ranked_words,
    side_words,
    trend_words,
    within_words,
)

if TYPE_CHECKING:
    from clsm_map.analysis.comparison.profile import Profile

_USUAL: Final = "taux_pauvrete"
_USUAL_PAIR: Final = "revenu_imposable_par_habitant"
_ROWS_UNDER_LEGEND: Final = 6
"""Indicators that a figure with a long legend shows in letters large enough."""


def inequality_stage(desk: Desk, selection: Selection) -> Stage:
    """Set an angle of *Inégalités*.

    Raises
    ------
    InvalidInputError
        What is asked cannot be compared; the message says why.
    """
    return _ANGLES[selection.etude.angle](desk, selection)


def _need(desk: Desk, selection: Selection) -> Stage:
    territory, coverage, study = desk.territory(selection), desk.covered(selection), selection.etude
    levels = map_levels(desk.snapshot, territory)
    level: MapLevel = next((v for v in levels if v == study.echelon), levels[0])
    need = study.besoin or questions.index_of_study(desk, study, "qpv")
    found = need_coverage(desk.snapshot, coverage, territory, level, need)
    said = [found.indicator.prudence] if found.indicator else [NOT_OFFICIAL, found.unknown]
    pairs = [(found.indicator.id, found.year, level)] if found.indicator else []
    return Stage(
        replace(
            need_words(found),
            sources=(*indicator_sources(desk, pairs), *coverage_sources(coverage)),
            cautions=(coverage_caution(desk, coverage), found.edges_text, *filter(None, said)),
        ),
        drawing=lambda: _need_drawing(desk, found),
        moment=on_date(coverage.on, desk.today).capitalize(),
    )


def _need_drawing(desk: Desk, found: NeedCoverage) -> Drawing:
    where = found.territory
    extent = None if where.level == "france" else bounds(desk.snapshot, where)
    view = bivariate_view(published(desk), found, extent)
    sizes = [n for row in found.counts for n in row] + [found.unclassed]
    pairs = list(zip(bivariate_styles(), sizes, strict=True))
    ordered = [*(pairs[i] for row in (6, 3, 0) for i in range(row, row + 3)), pairs[9]]
    samples = tuple(
        Sample(style.label[:1].upper() + style.label[1:], style, "aire", n)
        for style, n in ordered
        if n
    )
    note = f"{count(sum(sizes), 'territoire')}. {found.edges_text}"
    return Drawing(view, (Block(found.classes_title, samples, note),))


def _profile(desk: Desk, selection: Selection) -> Stage:
    chosen = profile_choices(desk.snapshot, desk.territory(selection), selection.etude)
    found = questions.profile_of(desk, chosen.subject, chosen.reference, chosen.inside)
    rows = percentile_rows(found, desk.snapshot.indicators)
    shown = most_marked(rows, _ROWS_UNDER_LEGEND)
    said = shown_rows(
        len(rows),
        "indicateurs les plus éloignés de la médiane dans chaque sens",
        _ROWS_UNDER_LEGEND,
    )
    return Stage(
        replace(
            profile_words(found),
            sources=_profile_sources(desk, [found]),
            cautions=(
                *([chosen.notice] if chosen.notice else []),
                *found.mises_en_garde,
                *_row_cautions(desk, shown),
            ),
        ),
        rows_shown=said,
        figure=None if rows.empty else lambda: percentile_dots(shown, grouped=False),
    )


def _side(desk: Desk, selection: Selection) -> Stage:
    first = desk.territory(selection)
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
    rows = side_rows(found, desk.snapshot.indicators)
    shown = most_marked(rows, _ROWS_UNDER_LEGEND)
    names = {t.key: operand_label(t) for t in chosen}
    of = rows["indicateur"].nunique()
    cut = shown_rows(of, "indicateurs qui les séparent le plus", _ROWS_UNDER_LEGEND)
    return Stage(
        replace(
            side_words(list(names.values()), side_finding(rows, found)),
            sources=_profile_sources(desk, found),
            cautions=(*side_cautions(found), *_row_cautions(desk, shown)),
        ),
        rows_shown=cut,
        figure=lambda: side_dots(shown, names, grouped=False),
    )


def _row_cautions(desk: Desk, shown: pd.DataFrame) -> tuple[str, ...]:
    """Give the cautions of the indicators of the rows of a figure."""
    return indicator_cautions(desk.snapshot.indicators[i] for i in shown["indicateur"].unique())


def _profile_sources(desk: Desk, found: Sequence[Profile]) -> tuple[str, ...]:
    years = {i: year for p in found for i, year in indicator_years(p).items()}
    return indicator_sources(desk, [(i, year, "") for i, year in years.items()])


def _ranking(desk: Desk, selection: Selection) -> Stage:
    territory, study = desk.territory(selection), selection.etude
    indicator = _studied(desk, selection, list(desk.snapshot.indicators))
    definition = desk.snapshot.indicators[indicator]
    level, notice = suitable_level(definition, territory, study.echelon)
    inside = _inside(desk, selection, territory, level)
    found = questions.ranking_of(desk, indicator, level, territory, inside)
    return Stage(
        replace(
            ranked_words(found),
            sources=indicator_sources(desk, [(indicator, found.year, level)]),
            cautions=(*([notice] if notice else []), *found.cautions),
        ),
        figure=(lambda: histogram_bars(found)) if found.known.notna().any() else None,
    )


def _crossing(desk: Desk, selection: Selection) -> Stage:
    territory, study = desk.territory(selection), selection.etude
    indicators = desk.snapshot.indicators
    x = _studied(desk, selection, list(indicators))
    y = study.croise or (_USUAL if x != _USUAL else _USUAL_PAIR)
    levels = common_levels(indicators[x], indicators[y])
    if not levels:
        raise InvalidInputError("Ces deux indicateurs ne sont donnés à aucun échelon commun.")
    wanted = study.echelon or territory.level
    level = next((v for v in levels if v == wanted), levels[0])
    inside = _inside(desk, selection, territory, level)
    found = questions.crossing_of(desk, x, y, level, territory, inside)
    pairs = [(x, found.years[0], level), (y, found.years[1], level)]
    return Stage(
        replace(
            crossing_words(found),
            sources=indicator_sources(desk, pairs),
            cautions=tuple(found.cautions),
        ),
        figure=lambda: crossing_dots(found),
    )


def _trend(desk: Desk, selection: Selection) -> Stage:
    territory = desk.territory(selection)
    offered = trend_indicators(desk.snapshot, territory)
    if not offered:
        raise InvalidInputError(refusal_of_trend(territory))
    found = questions.trend_in(desk, _studied(desk, selection, offered), territory)
    indicator = found.indicator
    return Stage(
        replace(
            trend_words(found),
            sources=indicator_sources(desk, [(indicator.id, indicator.derniere_annee, "")]),
            cautions=tuple(found.cautions),
        ),
        figure=lambda: trend_curves(found),
    )


def _within(desk: Desk, selection: Selection) -> Stage:
    territory = desk.territory(selection)
    indicator = _studied(desk, selection, within_indicators(desk.snapshot))
    found = questions.spread_in(desk, territory, indicator)
    if not found.figures.n:
        raise InvalidInputError(found.finding)
    f, unit = found.figures, f" ({found.indicator.unite})" if found.indicator.unite else ""
    return Stage(
        replace(
            within_words(found),
            sources=(*indicator_sources(desk, [(indicator, found.year, "commune")]), qpv_source()),
            cautions=tuple(found.cautions),
        ),
        figure=lambda: inhabitants_bars(
            found.bins, (f.q1, f.mediane, f.q3), f"{found.indicator.libelle_court}{unit}"
        ),
    )


def _index(desk: Desk, selection: Selection) -> Stage:
    study = selection.etude
    index = questions.index_of_study(desk, study)
    found = index_view(desk.snapshot, index, desk.territory(selection), study.indice)
    indicators = desk.snapshot.indicators
    pairs = [
        (c.indicateur, indicators[c.indicateur].derniere_annee, "") for c in found.index.components
    ]
    shown = found.scored.head(MOST_ROWS)
    cut = shown_rows(len(found.scored), "premiers rangs")
    return Stage(
        replace(
            index_words(found),
            sources=(*indicator_sources(desk, pairs), qpv_source()),
            cautions=(
                *found.cautions,
                found.recipe,
                *indicator_cautions(indicators[name] for name, _, _ in pairs),
            ),
        ),
        rows_shown=cut,
        figure=(lambda: rank_intervals(shown, found.index.n)) if len(shown) else None,
    )


def _studied(desk: Desk, selection: Selection, offered: Sequence[str]) -> str:
    """Give the indicator studied, as the page does: asked for, that of the map, or poverty."""
    asked = (selection.etude.etudie, selection.indicateur, _USUAL)
    known = [i for i in asked if i in offered and i in desk.snapshot.indicators]
    return known[0] if known else offered[0]


def _inside(desk: Desk, selection: Selection, territory: Territory, level: str) -> Territory:
    insides = territory_insides(desk.snapshot, territory)
    found = insides.get(selection.etude.pairs, FRANCE)
    return FRANCE if found.level == level else found


_ANGLES: Final[Mapping[Angle, Callable[[Desk, Selection], Stage]]] = {
    "profil": _profile,
    "cote": _side,
    "classement": _ranking,
    "croisement": _crossing,
    "evolution": _trend,
    "interieur": _within,
    "carte": _need,
    "indice": _index,
}
