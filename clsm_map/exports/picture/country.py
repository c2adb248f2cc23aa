"""The whole country in a small place: mainland France, and the overseas départements below."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes

from clsm_map.domain.territories import OVERSEAS, OVERSEAS_COLLECTIVITIES
from clsm_map.exports.picture.frames import Rectangle, frame_of, hexagone
from clsm_map.exports.picture.paint import Reader, box, paint
from clsm_map.maps.geometry import OVERSEAS_BOUNDS
from clsm_map.maps.model import MapView

INSET: Final = 34.0
"""Height of an inset, in points."""
_INSETS: Final = tuple(code for code in OVERSEAS if code not in OVERSEAS_COLLECTIVITIES)
_GAP: Final = 12.0
_FRAME: Final = "#d8d3ca"


def draw_country(
    page: Axes, view: MapView, area: Rectangle, read: Reader, ratio: float = 1.0
) -> None:
    """Draw a map of the country in a place of the page.

    Parameters
    ----------
    page : matplotlib.axes.Axes
        In points.
    area : Rectangle
        Its foot holds the insets, `INSET` high.
    read, ratio
        See `clsm_map.exports.picture.paint.paint`.
    """
    foot = INSET + _GAP
    main = Rectangle(area.left, area.bottom + foot, area.width, area.height - foot)
    n = len(_INSETS)
    each = (area.width - 3 * (n - 1)) / n
    places = [Rectangle(area.left + i * (each + 3), area.bottom, each, INSET) for i in range(n)]
    insets = [
        frame_of(place, OVERSEAS_BOUNDS[code], OVERSEAS[code], 0.06)
        for place, code in zip(places, _INSETS, strict=True)
    ]
    for frame in (hexagone(main), *insets):
        paint(page, view, frame, read, ratio)
    for inset in insets:
        page.add_patch(box(inset, facecolor="none", edgecolor=_FRAME, linewidth=0.6))
