"""A view set for a scene: its words, and the map and the figure that may be drawn of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.coverage import Coverage
from clsm_map.charts.drawing import draw as draw_chart
from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.plate import Block, blocks_of
from clsm_map.maps.drawing import draw as draw_map
from clsm_map.maps.model import MapView
from clsm_map.views import captions, questions
from clsm_map.views.couverture import coverage_map
from clsm_map.views.view import Map, View

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False)
class Drawing:
    """A map and its legend."""

    view: MapView
    blocks: tuple[Block, ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """A view of a page, ready to be told.

    Attributes
    ----------
    drawing : callable or None
        Makes the map; ``None`` when the view has none.
    figure : callable or None
        Makes the chart; ``None`` when the view has none.
    moment : str
        What tells this map from another of the same view: a date, "Avant"…
    rows_shown : str
        Which rows the chart keeps, when it leaves some out.
    """

    words: View
    drawing: Callable[[], Drawing] | None = None
    figure: Callable[[], go.Figure] | None = None
    moment: str = ""
    rows_shown: str = ""


Stager = Callable[[Desk, Selection], Stage]


def stage_of(desk: Desk, view: View) -> Stage:
    """Set a View: its words, its map, its first chart."""
    shown, chart = view.map, view.charts[0] if view.charts else None
    below = (chart.below,) if chart else ()
    return Stage(
        replace(view, sources=(*view.sources, *below)),
        drawing=None if shown is None else lambda: drawing_of(desk, shown),
        figure=None if chart is None else lambda: draw_chart(chart, large=True),
        moment=view.moment,
        rows_shown=chart.cut if chart else "",
    )


def drawing_of(desk: Desk, asked: Map) -> Drawing:
    """Draw a map and its legend; that of France or of a plan without its seats."""
    view = draw_map(desk, asked)
    drawing = Drawing(view, blocks_of(desk, asked, view))
    everywhere = asked.kind == "couverture" and desk.territory(asked.selection) == FRANCE
    return without_seats(drawing) if everywhere or asked.kind == "plan" else drawing


def territory_drawing(desk: Desk, selection: Selection) -> Drawing:
    """Draw the coverage of a territory."""
    return drawing_of(desk, coverage_map(desk, selection, desk.territory(selection)))


def without_seats(drawing: Drawing) -> Drawing:
    """Take the seats of devices out: seen from afar, their mark hides the quartiers around."""
    layers = tuple(layer for layer in drawing.view.layers if layer.kind != "dispositif")
    blocks = tuple(
        replace(b, samples=tuple(s for s in b.samples if s.style.shape == "rond"))
        for b in drawing.blocks
    )
    return Drawing(replace(drawing.view, layers=layers), blocks)


def coverage_sources(coverage: Coverage) -> tuple[str, ...]:
    """Give the sources of the QPV and of the devices of a coverage."""
    return (captions.qpv_source(), captions.device_source(coverage))


def coverage_caution(desk: Desk, coverage: Coverage) -> str:
    """Say how much of what exists the register records, and whether it is a visitor's own."""
    return register_caution(coverage, questions.announced(desk, coverage.type))
