"""Texts rid of the control characters that XML and PDF refuse, wherever they leave the house."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar, cast

Value = TypeVar("Value")

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text: str) -> str:
    r"""Drop the control characters, tabs and ends of lines excepted.

    >>> plain("CLSM\x08 de\tLyon")
    'CLSM de\tLyon'
    """
    return _CONTROL.sub("", text)


def rewritten(value: Value, rewrite: Callable[[str], str]) -> Value:
    """Rewrite every text of a dataclass, down to the tuples and dataclasses that it holds.

    >>> rewritten(("a", 1, ("b",)), str.upper)
    ('A', 1, ('B',))
    """
    return cast("Value", _rewritten(value, rewrite))


def _rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, tuple):
        return tuple(_rewritten(v, rewrite) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: _rewritten(getattr(value, f.name), rewrite) for f in fields(value)}
        return replace(value, **parts)
    return value
