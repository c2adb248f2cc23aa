"""A view set for a scene: its words, and the map and the figure that may be drawn of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.history import announced_total
from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.exports.plate import Block, Plate
from clsm_map.maps.model import MapView
from clsm_map.views import captions
from clsm_map.views.scenes.words import SceneWords

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

    words: SceneWords
    drawing: Callable[[], Drawing] | None = None
    figure: Callable[[], go.Figure] | None = None
    moment: str = ""
    rows_shown: str = ""


MOST_ROWS: Final = 8
"""Rows of a figure that the stage shows in letters large enough."""

Stager = Callable[[Desk, Selection], Stage]


def drawn(plate: Plate) -> Drawing:
    """Take the map and the legend of a plate."""
    return Drawing(plate.view, plate.blocks)


def without_seats(drawing: Drawing) -> Drawing:
    """Take the seats of devices out: seen from afar, their mark hides the quartiers around."""
    layers = tuple(layer for layer in drawing.view.layers if layer.kind != "dispositif")
    blocks = tuple(
        replace(b, samples=tuple(s for s in b.samples if s.style.shape == "rond"))
        for b in drawing.blocks
    )
    return Drawing(replace(drawing.view, layers=layers), blocks)


def shown_rows(of: int, which: str, most: int = MOST_ROWS) -> str:
    """Say that a figure shows some of its rows; nothing when it shows them all.

    >>> shown_rows(18, "régions les plus peuplées")
    'La figure montre les 8 régions les plus peuplées, sur 18.'
    >>> shown_rows(8, "régions les plus peuplées")
    ''
    """
    return f"La figure montre les {most} {which}, sur {of}." if of > most else ""


def coverage_sources(coverage: Coverage) -> tuple[str, ...]:
    """Give the sources of the QPV and of the devices of a coverage."""
    return (captions.qpv_source(), captions.device_source(coverage))


def coverage_caution(desk: Desk, coverage: Coverage) -> str:
    """Say how much of what exists the register records, and whether it is a visitor's own."""
    return register_caution(coverage, announced_total(desk.snapshot.chiffres, coverage.type))


def indicator_sources(desk: Desk, pairs: Sequence[tuple[str, int | None, str]]) -> tuple[str, ...]:
    """Give the source of indicators: id, year and level of each."""
    indicators = desk.snapshot.indicators
    return tuple(
        captions.indicator_source(desk.snapshot, indicators[i], year, level)
        for i, year, level in pairs
    )
