"""Places that one click in a map goes to: mainland France and the overseas territories."""

from __future__ import annotations

from typing import Final

from clsm_map.maps.model import Bounds, Place

HEXAGONE: Final[Bounds] = ((41.3, -5.2), (51.1, 9.6))
"""Mainland France and Corsica."""

OVERSEAS_BOUNDS: Final[dict[str, Bounds]] = {
    "971": ((15.8, -61.85), (16.55, -60.95)),
    "972": ((14.36, -61.27), (14.91, -60.78)),
    "973": ((2.1, -54.65), (5.8, -51.6)),
    "974": ((-21.42, 55.19), (-20.85, 55.86)),
    "976": ((-13.03, 45.0), (-12.62, 45.32)),
    "978": ((18.03, -63.17), (18.14, -62.96)),
    "987": ((-17.92, -149.98), (-17.42, -149.1)),
}
"""Extent of each overseas territory of `clsm_map.domain.territories.OVERSEAS`; for Polynésie
française, Tahiti and Moorea, where its QPV are."""

_SHORT: Final = {"978": "Saint-Martin", "987": "Polynésie"}


def default_places(names: dict[str, str]) -> tuple[Place, ...]:
    """Give the buttons of a map of the whole country.

    Parameters
    ----------
    names : dict of str to str
        Overseas codes to names, in the order of the buttons.

    Returns
    -------
    tuple of Place
        The Hexagone first.
    """
    overseas = (Place(_SHORT.get(c, n), OVERSEAS_BOUNDS[c]) for c, n in names.items())
    return (Place("Hexagone", HEXAGONE), *overseas)
