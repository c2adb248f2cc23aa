"""The desk: where a question is answered once, for every visitor and every command.

A page, a scene, a file and a command ask the same functions, marked `answer`, which compute on a
`Desk` and whose results are kept in one memo. A visitor who brings their own list has a desk of
their own on the same memo: its register is part of the key of every answer that rests on it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from clsm_map.analysis.coverage import Coverage, coverage_on
from clsm_map.analysis.gaps import Contours
from clsm_map.analysis.ground import Ground
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import Territory, split_key
from clsm_map.settings import get_settings
from clsm_map.store.register import Register, embedded_register
from clsm_map.store.snapshot import Snapshot, open_snapshot
from clsm_map.store.territories import find_territory

P = ParamSpec("P")
Value = TypeVar("Value")

MOST_ENTRIES: Final = 512
MOST_BYTES: Final = 256 * 2**20
"""Bounds of the memo of a server: what was asked longest ago goes first."""

_SHARED: Final = (Snapshot, Ground)
"""What answers point to and do not own: not weighed with them."""


class Memo:
    """Answers already computed, the latest asked for kept, bounded in number and in bytes.

    Two who ask the same thing at once wait for one computation; one that fails is not kept, and
    whoever waited for it computes in turn.

    Parameters
    ----------
    entries, size : int
        Most answers kept, and most bytes that they may weigh together (see `weight_of`). An answer
        heavier than ``size`` is given and not kept.
    """

    def __init__(self, entries: int = MOST_ENTRIES, size: int = MOST_BYTES) -> None:
        self._entries, self._size = entries, size
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._busy: dict[Hashable, threading.Lock] = {}
        self.computed = 0
        self.found = 0
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def give(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Give what is kept under a key, computing it when nothing is."""
        with self._lock:
            if key in self._kept:
                return cast("Value", self._again(key))
            turn = self._busy.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if key in self._kept:
                    return cast("Value", self._again(key))
            try:
                value = compute()
                with self._lock:
                    self.computed += 1
                    self._keep(key, value)
            finally:
                with self._lock:
                    self._busy.pop(key, None)
        return value

    def forget(self, register: str) -> None:
        """Drop every answer that rests on a register."""
        with self._lock:
            for key in [k for k in self._kept if isinstance(k, tuple) and k[0] == register]:
                self.bytes -= self._kept.pop(key)[1]

    def _again(self, key: Hashable) -> Any:
        self._kept.move_to_end(key)
        self.found += 1
        return self._kept[key][0]

    def _keep(self, key: Hashable, value: Any) -> None:
        weight = weight_of(value)
        if weight > self._size:
            return
        self._kept[key] = (value, weight)
        self.bytes += weight
        while len(self._kept) > self._entries or self.bytes > self._size:
            self.bytes -= self._kept.popitem(last=False)[1][1]


def weight_of(value: Any, _seen: dict[int, Any] | None = None) -> int:
    """Weigh an answer: its frames, arrays and texts, and what its fields hold, each once.

    A snapshot and a ground are shared by all the answers that point to them: they weigh nothing
    inside another answer.

    >>> weight_of(np.zeros(1000)) >= 8000
    True
    """
    seen = {} if _seen is None else _seen  # holds what it has met: an id lives no longer than it
    if id(value) in seen or (seen and isinstance(value, _SHARED)):
        return 0
    seen[id(value)] = value
    if isinstance(value, pd.DataFrame):
        return sum(weight_of(value[name], seen) for name in value)
    if isinstance(value, pd.Series | pd.Index):
        drawn = value.dtype == object or str(value.dtype) == "geometry"
        shapes = weight_of(np.asarray(value, dtype=object), seen) if drawn else 0
        return int(value.memory_usage(deep=True)) + shapes
    if isinstance(value, np.ndarray):
        shaped = value.dtype == object and shapely.is_geometry(value)
        points = np.sum(shapely.get_num_coordinates(value[shaped])) if np.any(shaped) else 0
        return int(value.nbytes) + 16 * int(points)
    parts: list[Any] = []
    if is_dataclass(value):
        parts = [getattr(value, f.name) for f in fields(value)]
    elif isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = list(value)
    return sys.getsizeof(value) + sum(weight_of(part, seen) for part in parts)


@dataclass(frozen=True, eq=False)
class Desk:
    """The data at hand for a visitor or a command, and the memo that all share.

    Attributes
    ----------
    ground : Ground
        Territories, and the register in use, its perimeters unfolded.
    register_id : str
        Names the register in the keys of the memo: see `register_id`.
    today : datetime.date
        Date of a selection that names none, and date written on what is exported.
    static : Path
        Folder where contours are published for maps.
    programme : pandas.DataFrame or None
        Detailed table of the programme, when a visitor brought one.
    """

    snapshot: Snapshot
    ground: Ground
    register_id: str
    today: dt.date
    memo: Memo = field(default_factory=Memo)
    static: Path = field(default_factory=lambda: get_settings().static)
    programme: pd.DataFrame | None = None

    def day(self, selection: Selection) -> dt.date:
        """Date of the coverage that a selection shows."""
        return selection.date or self.today

    def territory(self, selection: Selection) -> Territory:
        """Territory of a selection."""
        level, code = split_key(selection.territoire)
        return find_territory(self.snapshot, code, level)

    def coverage(self, kind: DeviceType, on: dt.date | None = None) -> Coverage:
        """Coverage by a type of device on a day; ``None`` is today."""
        return _coverage(self, kind, on or self.today)

    def covered(self, selection: Selection) -> Coverage:
        """Coverage that a selection shows."""
        return self.coverage(selection.type, self.day(selection))

    def contours(self) -> Contours:
        """Contours in metres of the QPV and of the perimeters."""
        return _contours(self)


def answer(
    function: Callable[Concatenate[Desk, P], Value],
) -> Callable[Concatenate[Desk, P], Value]:
    """Mark a function of a desk as one whose answers are kept: one computation per question.

    Its arguments are hashable; it reads nothing but them and its desk, and nobody changes what it
    gives.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def asked(desk: Desk, /, *args: P.args, **named: P.kwargs) -> Value:
        key = (desk.register_id, desk.today, name, args, tuple(sorted(named.items())))
        return desk.memo.give(key, lambda: function(desk, *args, **named))

    return asked


@answer
def _coverage(desk: Desk, kind: DeviceType, on: dt.date) -> Coverage:
    return coverage_on(desk.ground, kind, on, today=desk.today)


@answer
def _contours(desk: Desk) -> Contours:
    levels = ("commune", "arrondissement")
    units = [desk.snapshot.contours(level, "local") for level in levels]
    return Contours.of(desk.ground, desk.snapshot.qpv, pd.concat(units, ignore_index=True))


def register_id(snapshot: Snapshot, register: Register) -> str:
    """Name a register by its content, and by the territories that it is read over.

    Two visitors who bring the same list share its answers; a list that differs by one cell shares
    none.
    """
    digest = hashlib.sha256(f"{snapshot.version}\0{register.origine}".encode())
    for table in (register.dispositifs, register.perimetres, register.completude):
        digest.update("\0".join(map(str, table.columns)).encode())
        digest.update(
            pd.util.hash_pandas_object(table.astype(str), index=False).to_numpy().tobytes()
        )
    return digest.hexdigest()[:16]


def paris_today() -> dt.date:
    """Give the date of the day in Paris, where the figures are quoted."""
    return dt.datetime.now(tz=ZoneInfo("Europe/Paris")).date()


def open_desk(
    snapshot: Snapshot | None = None,
    register: Register | None = None,
    *,
    today: dt.date | None = None,
    static: Path | None = None,
    memo: Memo | None = None,
) -> Desk:
    """Open a desk.

    Parameters
    ----------
    snapshot : Snapshot, optional
        The embedded one by default.
    register : Register, optional
        The embedded one by default.
    today : datetime.date, optional
        The day in Paris by default.
    static : Path, optional
        That of the settings by default.
    memo : Memo, optional
        One of its own by default.
    """
    opened = snapshot or open_snapshot()
    in_use = register or embedded_register(opened)
    kept = memo if memo is not None else Memo()
    name = register_id(opened, in_use)
    return Desk(
        opened,
        kept.give((name, "ground"), lambda: Ground.of(opened, in_use)),
        name,
        today or paris_today(),
        kept,
        static or get_settings().static,
    )
