"""Coverage: the pure computation at 1, 10 and 100 times France, and the command, start included."""

from __future__ import annotations

import dataclasses
import datetime as dt
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2026, 11, 21)
REPEATS = 5


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median duration of some work, in milliseconds."""
    durations = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        durations.append(1000 * (time.perf_counter() - start))
    return statistics.median(durations)


def multiplied(ground: Ground, times: int) -> Ground:
    """Make a world of several Frances side by side, each with its QPV, communes and devices."""

    def copies(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        plain = pd.DataFrame(frame).drop(columns="geometry", errors="ignore")
        parts = [
            plain.assign(**{column: plain[column] + f"/{n}" for column in columns})
            for n in range(times)
        ]
        return pd.concat(parts, ignore_index=True)

    return dataclasses.replace(
        ground,
        qpv=copies(ground.qpv, "code"),
        qpv_communes=copies(ground.qpv_communes, "qpv", "commune"),
        dispositifs=copies(ground.dispositifs, "id"),
        perimeters=copies(ground.perimeters, "dispositif_id", "commune"),
        named=copies(ground.named, "dispositif_id", "qpv"),
    )


def from_scratch(ground: Ground) -> object:
    """Join QPV and perimeters, and compute every status."""
    return coverage_on(dataclasses.replace(ground), "CLSM", TODAY, today=TODAY)


def main() -> None:
    """Print medians."""
    snapshot = open_snapshot()
    france = Ground.of(snapshot, embedded_register(snapshot))
    print("fois      QPV  dispositifs  depuis zéro (ms)  autre date (ms)")
    for times in (1, 10, 100):
        ground = multiplied(france, times)
        scratch = median_ms(lambda ground=ground: from_scratch(ground))
        again = median_ms(lambda ground=ground: coverage_on(ground, "CLSM", TODAY, today=TODAY))
        sizes = f"{times:>4} {len(ground.qpv):>8} {len(ground.dispositifs):>12}"
        print(f"{sizes} {scratch:>17.0f} {again:>16.0f}")
    command = [sys.executable, "-m", "clsm_map", "coverage", "--json"]
    seconds = median_ms(lambda: subprocess.run(command, check=True, capture_output=True)) / 1000
    print(f"python -m clsm_map coverage : {seconds:.1f} s, démarrage compris")


if __name__ == "__main__":
    main()
