"""The programme as a scene: its published reach, or that of a detailed table."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from clsm_map.analysis.programme import sessions_of
from clsm_map.charts.programme import qpv_bars
from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.deck.stage import (
    Drawing,
    Stage,
    coverage_caution,
    coverage_sources,
    territory_drawing,
)
from clsm_map.exports.plate import Block, Sample
from clsm_map.formats import count
from clsm_map.maps.library import published
from clsm_map.maps.model import Style
from clsm_map.maps.planifier import reach_legend, reach_view
from clsm_map.store.territories import bounds
from clsm_map.views.captions import on_date
from clsm_map.views.coverage import wide_enough
from clsm_map.views.programme import ProgrammeView, programme_view
from clsm_map.views.programme_published import published_reach
from clsm_map.views.scenes.planning import programme_words, reach_words


def programme_stage(desk: Desk, selection: Selection) -> Stage:
    """Set the reach of the programme: that of the detailed table of the desk, else the published.

    The published totals are those of the whole country.
    """
    if desk.programme is not None:
        return _detailed(desk, selection, desk.programme)
    coverage = desk.coverage("CLSM", desk.today)
    words = programme_words(published_reach(desk.snapshot, coverage))
    everywhere = replace(selection, territoire=FRANCE.key, type="CLSM", date=None)
    return Stage(
        replace(
            words,
            sources=(*words.sources, *coverage_sources(coverage)),
            cautions=(*words.cautions, coverage_caution(desk, coverage)),
        ),
        drawing=lambda: territory_drawing(desk, everywhere),
        moment=f"Couverture par un CLSM {on_date(desk.today, desk.today)}",
    )


def _detailed(desk: Desk, selection: Selection, table: pd.DataFrame) -> Stage:
    coverage = desk.coverage("CLSM", desk.today)
    where = wide_enough(desk.snapshot, desk.territory(selection))
    view = programme_view(desk.snapshot, sessions_of(table, coverage.ground), coverage, where)
    words = reach_words(view)
    told = bool((view.years["lignes"] > 0).any())
    return Stage(
        replace(
            words,
            sources=(*words.sources, *coverage_sources(coverage)),
            cautions=(*words.cautions, coverage_caution(desk, coverage)),
        ),
        drawing=lambda: _reach_drawing(desk, view),
        figure=(lambda: qpv_bars(view.years, example=view.example)) if told else None,
        moment=view.marked(f"Quartiers atteints, {view.period}"),
    )


def _reach_drawing(desk: Desk, view: ProgrammeView) -> Drawing:
    where = view.territory
    extent = None if where.level == "france" else bounds(desk.snapshot, where)
    drawn = reach_view(published(desk), desk.snapshot, view, bounds=extent)
    styles = {
        style.label: style
        for layer in drawn.layers
        if layer.kind == "qpv"
        for style in layer.styles
    }
    spots = any(la.kind == "qpv" and la.geometry.form == "points" for la in drawn.layers)
    samples = tuple(
        Sample(
            e.label,
            styles.get(e.label[:1].lower() + e.label[1:], Style(e.label, e.colour, e.mark)),
            "point" if spots else "aire",
            e.count,
        )
        for e in reach_legend(view)
    )
    total = sum(s.count or 0 for s in samples)
    note = f"{count(total, 'quartier affiché', 'quartiers affichés')}."
    return Drawing(drawn, (Block(view.marked("Quartiers prioritaires"), samples, note),))
