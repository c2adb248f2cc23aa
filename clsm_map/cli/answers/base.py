"""What every coverage command stands on: the snapshot and its register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clsm_map.analysis.coverage import Ground
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from clsm_map.store.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Base:
    """The snapshot, and its register made ready for coverage."""

    snapshot: Snapshot
    ground: Ground


def open_base() -> Base:
    """Open the snapshot and unfold its register."""
    snapshot = open_snapshot()
    return Base(snapshot, Ground.of(snapshot, embedded_register(snapshot)))
