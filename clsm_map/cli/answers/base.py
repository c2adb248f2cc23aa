"""What every command stands on: a desk on the snapshot and its register."""

from __future__ import annotations

import typer

from clsm_map.desk import Desk, open_desk
from clsm_map.settings import get_settings
from clsm_map.store.register import Register, embedded_register
from clsm_map.store.snapshot import Snapshot, open_snapshot


def open_base() -> Desk:
    """Open a desk.

    The facts of ``CLSM_MAP_FACTS``, where they are accepted, replace the embedded ones; what is
    refused is told on stderr and the embedded facts stay in use.
    """
    snapshot = open_snapshot()
    return open_desk(snapshot, _register(snapshot))


def _register(snapshot: Snapshot) -> Register:
    register = embedded_register(snapshot)
    folder = get_settings().facts
    if folder is None:
        return register
    from clsm_map.register.folder import load_facts_folder  # noqa: PLC0415 - slow, rare

    register, refusals = load_facts_folder(folder, register, snapshot)
    for refusal in refusals:
        typer.echo(refusal, err=True)
    return register
