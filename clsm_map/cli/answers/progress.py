"""A bar on stderr while several things are made one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Step = Callable[[str, int, int], None]
"""Called before each thing with its name, its rank from 0, and how many there are."""


@contextmanager
def progress_bar(what: str) -> Iterator[Step]:
    """Show a bar on stderr; gives the function to call before each thing.

    Parameters
    ----------
    what : str
        What is made, in French: « Fiches ».
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)

        def step(key: str, rank: int, total: int) -> None:
            progress.update(task, description=key.ljust(32)[:32], completed=rank, total=total)

        yield step
        progress.update(task, description="Terminé".ljust(32), completed=progress.tasks[0].total)
