"""The views of *Couverture* and of *Programme* as scenes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import pandas as pd

from clsm_map.analysis.cautions import cautions, history_cautions
from clsm_map.analysis.harvest import harvest_title
from clsm_map.analysis.history import announced_total
from clsm_map.charts.coverage import coverage_bars, history_figure
from clsm_map.desk import Desk
from clsm_map.domain.devices import WITHOUT_ACTIVE
from clsm_map.domain.selection import Measure, Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.deck.stage import (
    MOST_ROWS,
    Drawing,
    Stage,
    coverage_caution,
    coverage_sources,
    drawn,
    shown_rows,
    without_seats,
)
from clsm_map.exports.plate import coverage_plate
from clsm_map.exports.plate_around import around_plate
from clsm_map.formats import date_fr
from clsm_map.maps.around import with_outline
from clsm_map.views import captions, questions
from clsm_map.views.coverage import TerritoryCoverage, wide_enough
from clsm_map.views.quartiers import quartiers
from clsm_map.views.scenes.coverage import (
    around_words,
    gap_words,
    history_words,
    quartier_words,
    register_words,
    territory_words,
    undated_words,
)

_LARGEST: Final[dict[Measure, tuple[str, str]]] = {
    "habitants": ("habitants", "d’habitants des quartiers"),
    "quartiers": ("qpv", "de quartiers"),
}


def coverage_stage(desk: Desk, selection: Selection) -> Stage:
    """Set a view of *Couverture*.

    Parameters
    ----------
    selection : Selection
        ``vue`` says which; *autour* without a place tells the territory.

    Raises
    ------
    InvalidInputError
        The place is unknown, or its contour is.
    """
    if selection.vue == "autour" and selection.lieu:
        return _around(desk, selection)
    if selection.vue == "evolution":
        return _history(desk, selection)
    if selection.vue == "registre":
        return _register(desk, selection)
    return _territory(desk, selection)


def territory_drawing(desk: Desk, selection: Selection) -> Drawing:
    """Draw the coverage of a territory, its own contour over it; of France, without the seats."""
    plate = coverage_plate(desk, selection)
    if plate.territory == FRANCE:
        return without_seats(drawn(plate))
    return Drawing(with_outline(plate.view, desk.snapshot, plate.territory), plate.blocks)


def coverage_of(desk: Desk, selection: Selection) -> TerritoryCoverage:
    """Compute the coverage of the territory of a selection, or of what holds it."""
    where = wide_enough(desk.snapshot, desk.territory(selection))
    return questions.coverage_in(desk, where, selection.type, desk.day(selection))


def _territory(desk: Desk, selection: Selection) -> Stage:
    found = coverage_of(desk, selection)
    coverage, where = found.coverage, found.territory
    selection = replace(selection, territoire=where.key)
    statuses = frozenset(selection.filtre.statuts)
    if statuses and statuses <= set(WITHOUT_ACTIVE.statuses):
        kept = quartiers(desk.snapshot, coverage, where, selection.filtre)
        words = gap_words(found, kept, statuses)
    else:
        words = territory_words(found)
    if where.level != "epci":
        words = replace(words, titre=harvest_title(words.titre, coverage, where))
    announced = announced_total(desk.snapshot.chiffres, selection.type)
    shown, cut = _largest_parts(found, selection.mesure)
    return Stage(
        replace(
            words,
            sources=(*coverage_sources(coverage), captions.poverty_source(desk.snapshot)),
            prudences=tuple(cautions(coverage, where, announced)),
        ),
        drawing=lambda: territory_drawing(desk, selection),
        figure=(
            (lambda: coverage_bars(shown, selection.mesure))
            if found.total(selection.mesure)
            else None
        ),
        rows_shown=cut,
        moment=_moment(desk, coverage.on),
    )


def _largest_parts(found: TerritoryCoverage, measure: Measure) -> tuple[pd.DataFrame, str]:
    """Keep the parts that a figure of the stage can show, and say that others are left out."""
    column, most = _LARGEST[measure]
    totals = found.parts.groupby("code")[column].sum()
    kept = totals.nlargest(MOST_ROWS).index
    said = shown_rows(len(totals), f"territoires qui comptent le plus {most}")
    return found.parts[found.parts["code"].isin(kept)], said


def _around(desk: Desk, selection: Selection) -> Stage:
    plate = around_plate(desk, selection)
    coverage = plate.coverage
    found = questions.around_of(desk, selection)
    words = quartier_words(found) or around_words(found)
    return Stage(
        replace(
            words,
            sources=(*plate.sources, captions.poverty_source(desk.snapshot)),
            prudences=plate.cautions,
        ),
        drawing=lambda: drawn(plate),
        moment=_moment(desk, coverage.on),
    )


def _history(desk: Desk, selection: Selection) -> Stage:
    today_coverage = desk.coverage(selection.type, desk.today)
    where = wide_enough(desk.snapshot, desk.territory(selection))
    found = questions.history_of(desk, where, selection.type)
    year = min(selection.janvier or found.years[1], found.years[1])
    day = min(dt.date(year, 1, 1), desk.today)
    words = history_words(found, year)
    said = history_cautions(
        selection.type, found.pages, territory_published=not found.published.empty
    )
    drawn_on = replace(selection, date=day, territoire=where.key)
    return Stage(
        replace(
            words,
            sources=(
                *reversed(coverage_sources(today_coverage)),
                "Chiffres publiés : chacun avec sa source, page Couverture, « Publié ailleurs ».",
                *undated_words(found),
            ),
            prudences=(*said, coverage_caution(desk, today_coverage)),
        ),
        drawing=lambda: territory_drawing(desk, drawn_on),
        figure=lambda: history_figure(found, "dispositifs", year),
        moment=_moment(desk, day),
    )


def _register(desk: Desk, selection: Selection) -> Stage:
    coverage = desk.coverage(selection.type, desk.today)
    known = questions.knowledge_of(desk, selection.type)
    everywhere = replace(selection, territoire=FRANCE.key, date=None)
    return Stage(
        replace(
            register_words(known),
            sources=tuple(reversed(coverage_sources(coverage))),
            prudences=(coverage_caution(desk, coverage),),
        ),
        drawing=lambda: territory_drawing(desk, everywhere),
        moment=_moment(desk, coverage.on),
    )


def _moment(desk: Desk, day: dt.date) -> str:
    return "Aujourd’hui, " + date_fr(day) if day == desk.today else f"Au {date_fr(day)}"
