"""What every coverage command stands on: the snapshot and its register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from clsm_map.analysis.coverage import Ground
from clsm_map.settings import get_settings
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from clsm_map.store.register import Register
    from clsm_map.store.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Base:
    """The snapshot, and its register made ready for coverage."""

    snapshot: Snapshot
    ground: Ground


def open_base() -> Base:
    """Open the snapshot and unfold its register.

    The facts of ``CLSM_MAP_FACTS``, where they are accepted, replace the embedded ones; what is
    refused is told on stderr and the embedded facts stay in use.
    """
    snapshot = open_snapshot()
    return Base(snapshot, Ground.of(snapshot, _register(snapshot)))


def _register(snapshot: Snapshot) -> Register:
    register = embedded_register(snapshot)
    folder = get_settings().facts
    if folder is None:
        return register
    from clsm_map.sources.register.folder import load_facts_folder  # noqa: PLC0415 - slow, rare

    register, refusals = load_facts_folder(folder, register, snapshot)
    for refusal in refusals:
        typer.echo(refusal, err=True)
    return register
