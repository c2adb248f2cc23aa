"""Places to look around, read from what a link, a field or a command says."""

from __future__ import annotations

import difflib
import re
from typing import Final

from clsm_map.analysis.gaps import Place, place_of_device, place_of_point, place_of_territory
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.zones import Contours
from clsm_map.domain.errors import AmbiguousTerritoryError, UnknownTerritoryError
from clsm_map.domain.territories import Territory
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import find_territory

DEVICE: Final = "dispositif"
"""Level of a device in ``level:code``, beside those of territories."""

_POINT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*$")


def read_place(text: str, snapshot: Snapshot, ground: Ground, contours: Contours) -> Place:
    """Read a place.

    Parameters
    ----------
    text : str
        A device id, a code or a whole name, ``level:code`` (``dispositif:id`` for a device), or
        ``lon,lat`` in degrees.

    Raises
    ------
    AmbiguousTerritoryError
        A bare code or a name means several territories.
    UnknownTerritoryError
        Nothing answers; near misses are suggested, devices first.
    InvalidInputError
        What answers has no known contour.
    """
    wanted = text.strip().removeprefix(f"{DEVICE}:")
    point = _POINT.match(wanted)
    if point:
        return place_of_point(float(point[1]), float(point[2]))
    ids = ground.dispositifs["id"]
    if (ids == wanted).any():
        return place_of_device(wanted, ground, contours)
    apart = _apart(wanted, ground)
    try:
        found = find_territory(snapshot, wanted)
    except UnknownTerritoryError as error:
        if isinstance(error, AmbiguousTerritoryError) and text.strip() == wanted:
            raise
        if apart is not None:
            return place_of_territory(apart, ground, contours)
        written = wanted.lower()
        near = [id_ for id_ in ids if written in id_][:3]
        near = near or difflib.get_close_matches(written, list(ids), 3, 0.7)
        raise UnknownTerritoryError(
            f"Aucun dispositif ni territoire ne répond à « {wanted} ».",
            error.detail,
            [*near, *error.suggestions][:5],
        ) from error
    return place_of_territory(apart or found, ground, contours)


def seat_of(text: str, snapshot: Snapshot, ground: Ground) -> Territory | None:
    """Give where a device sits, to look there when its perimeter is not known.

    Parameters
    ----------
    text : str
        Device id, or ``dispositif:id``.

    Returns
    -------
    Territory or None
        The commune (or arrondissement) of its seat, else its département; ``None`` when neither is
        known or it is not a device.
    """
    wanted = text.strip().removeprefix(f"{DEVICE}:")
    seats = ground.dispositifs.loc[ground.dispositifs["id"] == wanted]
    communes = seats["commune_siege"].dropna()
    if len(communes):
        code = str(communes.iloc[0])
        cities = set(snapshot.arrondissements["code"])
        return find_territory(snapshot, code, "arrondissement" if code in cities else "commune")
    departements = seats["departement"].dropna()
    if departements.empty:
        return None
    return find_territory(snapshot, str(departements.iloc[0]), "departement")


def _apart(code: str, ground: Ground) -> Territory | None:
    """Give a former commune or one outside the communes, which the store carries or lacks."""
    units = ground.units
    former = units.loc[(units["code"] == code) & (units["nature"] == "ancienne"), "nom"]
    if len(former):
        return Territory("commune", code, str(former.iloc[0]))
    if (ground.outside["commune"] == code).any():
        return Territory("commune", code, f"commune {code}")
    return None
