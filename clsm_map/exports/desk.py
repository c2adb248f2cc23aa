"""What an export draws on: the snapshot, coverage by type and day, drawings, contours for maps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from clsm_map.analysis.contours import Contours
from clsm_map.analysis.coverage import Coverage, Ground, coverage_on
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.selection import Selection
from clsm_map.domain.terms import Vocabulary, split_key
from clsm_map.domain.territories import Territory
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.palettes import PALETTES
from clsm_map.settings import get_settings
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import Snapshot, open_snapshot
from clsm_map.store.territories import find_territory
from clsm_map.views.devices import DeviceLayer, device_layer
from clsm_map.views.indicators import indicators_of


@dataclass(frozen=True, eq=False)
class Desk:
    """The data at hand; a page gives its own cached functions, a command `open_desk`.

    Attributes
    ----------
    snapshot : Snapshot
    coverage : callable
        ``(type, day) -> Coverage``.
    devices : callable
        ``(type, day) -> DeviceLayer``.
    contours : callable
        ``() -> Contours``, in metres.
    library : GeometryLibrary
        Contours published for maps.
    static : Path
        Folder where the library publishes them.
    today : datetime.date
        Date written on what is exported, and date of a selection that names none.
    programme : pandas.DataFrame or None
        Detailed table of the programme, when there is one.
    """

    snapshot: Snapshot
    coverage: Callable[[DeviceType, dt.date], Coverage]
    devices: Callable[[DeviceType, dt.date], DeviceLayer]
    contours: Callable[[], Contours]
    library: GeometryLibrary
    static: Path
    today: dt.date
    programme: pd.DataFrame | None = None

    def day(self, selection: Selection) -> dt.date:
        """Date of the coverage that a selection shows."""
        return selection.date or self.today

    def covered(self, selection: Selection) -> Coverage:
        """Coverage that a selection shows."""
        return self.coverage(selection.type, self.day(selection))

    def territory(self, selection: Selection) -> Territory:
        """Territory of a selection."""
        level, code = split_key(selection.territoire)
        return find_territory(self.snapshot, code, level)

    def layers(self, selection: Selection) -> tuple[DeviceLayer, ...]:
        """Devices that a selection draws, one layer by type."""
        wanted = [t for t in DEVICE_TYPES if t.lower() in selection.couches]
        return tuple(self.devices(t, self.day(selection)) for t in wanted)


def open_desk(
    snapshot: Snapshot | None = None,
    ground: Ground | None = None,
    *,
    today: dt.date | None = None,
    static: Path | None = None,
) -> Desk:
    """Open a desk for a command.

    Parameters
    ----------
    snapshot : Snapshot, optional
        The embedded one by default.
    ground : Ground, optional
        Territories and register; those of the embedded register by default.
    today : datetime.date, optional
        That of Paris by default.
    static : Path, optional
        Folder of published contours; that of the settings by default.

    Returns
    -------
    Desk
    """
    opened = snapshot or open_snapshot()
    stood = ground or Ground.of(opened, embedded_register(opened))
    day = today or dt.datetime.now(tz=ZoneInfo("Europe/Paris")).date()
    return _desk(opened, stood, day, static or get_settings().static)


def _desk(snapshot: Snapshot, ground: Ground, today: dt.date, static: Path) -> Desk:
    @lru_cache(maxsize=16)
    def coverage(kind: DeviceType, day: dt.date) -> Coverage:
        return coverage_on(ground, kind, day, today=today)

    @lru_cache(maxsize=16)
    def devices(kind: DeviceType, day: dt.date) -> DeviceLayer:
        return device_layer(snapshot, coverage(kind, day), kind)

    @lru_cache(maxsize=1)
    def contours() -> Contours:
        units = [snapshot.contours(level, "local") for level in ("commune", "arrondissement")]
        return Contours.of(ground, snapshot.qpv, pd.concat(units, ignore_index=True))

    library = GeometryLibrary(snapshot, static)
    return Desk(snapshot, coverage, devices, contours, library, static, today)


def vocabulary(snapshot: Snapshot) -> Vocabulary:
    """Give what a selection may name in a snapshot.

    Parameters
    ----------
    snapshot : Snapshot

    Returns
    -------
    Vocabulary
        Indicators with the levels at which they are given, palettes, territories by level.
    """
    tables = {
        "region": snapshot.regions,
        "departement": snapshot.departements,
        "epci": snapshot.intercommunalites,
        "commune": snapshot.communes_all,
        "arrondissement": snapshot.arrondissements,
        "qpv": snapshot.qpv,
    }
    known = {level: frozenset(table["code"]) for level, table in tables.items()}
    known["france"] = frozenset({"FR"})
    return Vocabulary(
        indicators={i.id: frozenset(i.niveaux) for i in indicators_of(snapshot).values()},
        palettes=frozenset(PALETTES),
        is_territory=lambda level, code: code in known.get(level, frozenset()),
        studied=frozenset(snapshot.indicators),
    )
