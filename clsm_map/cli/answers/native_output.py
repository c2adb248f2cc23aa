"""What compiled solvers print by themselves must not mix with an answer."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDOUT, _STDERR = 1, 2


@contextmanager
def native_output_to_stderr() -> Iterator[None]:
    """Send to the standard error what compiled code writes to the standard output.

    HiGHS 1.12 prints a trace line now and then, log or no log; it would break ``--json``.
    """
    sys.stdout.flush()
    kept = os.dup(_STDOUT)
    try:
        os.dup2(_STDERR, _STDOUT)
        yield
    finally:
        os.dup2(kept, _STDOUT)
        os.close(kept)
