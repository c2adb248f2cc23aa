"""The map of a programme table: QPV reached, perhaps reached, absent from the table."""

from __future__ import annotations

from typing import Final

from clsm_map.domain.programme import REACH_STATES, ReachId
from clsm_map.domain.territories import FRANCE, OVERSEAS
from clsm_map.maps import layers
from clsm_map.maps.around import with_outline
from clsm_map.maps.legend import LegendEntry
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import (
    HIDDEN,
    Bounds,
    Geometry,
    Layer,
    MapView,
    Style,
    Target,
    classes_in_order,
    values_in_order,
)
from clsm_map.maps.places import HEXAGONE, default_places
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.programme import ProgrammeView

_FROM_BELOW: Final[tuple[ReachId, ...]] = ("hors_tableau", "possible", "atteint")
_STROKES: Final[dict[ReachId, str]] = {
    "hors_tableau": "#77726a",
    "possible": "#34459c",
    "atteint": "#ffffff",
}


def reach_view(
    library: GeometryLibrary,
    snapshot: Snapshot,
    view: ProgrammeView,
    *,
    bounds: Bounds | None = None,
    selected: Target | None = None,
    tiles: str = "aucun",
) -> MapView:
    """Compose the map, the QPV reached above the others.

    Parameters
    ----------
    view : ProgrammeView
        Its QPV are drawn by state.
    bounds : Bounds or None
        ``None`` for mainland France.
    """
    land = library.territories("departement", FRANCE)
    level = view.territory.level
    geometries = library.quartiers(level, view.qpv["departement"])
    drawn = MapView(
        title=view.title,
        bounds=bounds or HEXAGONE,
        layers=(
            layers.ground(land),
            *layers.lines(land, library.territories("region", FRANCE)),
            *(_layer(g, view, state) for state in _FROM_BELOW for g in geometries),
        ),
        places=default_places(OVERSEAS) if level == "france" else (),
        selected=selected,
        sources="Insee, IGN, ANCT",
        tiles=tiles,
    )
    return with_outline(drawn, snapshot, view.territory)


def reach_legend(view: ProgrammeView) -> tuple[LegendEntry, ...]:
    """Make the legend: the states that occur, each with the number of QPV drawn."""
    return tuple(
        LegendEntry(look.label.capitalize(), look.colour, look.mark, n, round=True)
        for state, n in view.counts().items()
        if n and (look := REACH_STATES[state])
    )


def _layer(geometry: Geometry, view: ProgrammeView, state: ReachId) -> Layer:
    look = REACH_STATES[state]
    codes = view.qpv.loc[view.qpv["etat"] == state, "code"]
    spots = geometry.form == "points"
    style = Style(
        look.label,
        fill=look.colour,
        mark=look.mark,
        stroke=_STROKES[state] if spots or state != "atteint" else look.colour,
        width=0.8 if spots else 1.4,
        opacity=0.95,
    )
    habitants = dict(zip(view.qpv["code"], view.qpv["habitants"], strict=True))
    national = view.territory.level == "france"
    return Layer(
        "qpv",
        geometry,
        (style,),
        classes_in_order(geometry, dict.fromkeys(codes, 0), HIDDEN),
        values=None if geometry.valued else values_in_order(geometry, habitants),
        label="Habitants (RP 2020)",
        class_label=view.marked("programme"),
        size=layers.QPV_NATIONAL if national else layers.QPV_REGIONAL,
    )
