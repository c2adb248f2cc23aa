"""What makes a file plain and repeatable: texts without control signs, zips without a clock."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar, cast

Value = TypeVar("Value")

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def plain(text: str) -> str:
    r"""Drop the control characters that XML and PDF refuse, tabs and ends of lines excepted.

    >>> plain("CLSM\x08 de\tLyon")
    'CLSM de\tLyon'
    """
    return _CONTROL.sub("", text)


def rewritten(value: Value, rewrite: Callable[[str], str]) -> Value:
    """Rewrite every text of a dataclass, down to the tuples and dataclasses that it holds.

    >>> rewritten(("a", 1, ("b",)), str.upper)
    ('A', 1, ('B',))
    """
    made: Any = value
    if isinstance(value, str):
        made = rewrite(value)
    elif isinstance(value, tuple):
        made = tuple(rewritten(v, rewrite) for v in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: rewritten(getattr(value, f.name), rewrite) for f in fields(value)}
        made = replace(value, **parts)
    return cast("Value", made)


def stable_zip(files: Mapping[str, bytes]) -> bytes:
    """Zip files in their order, without the time of the day: the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def unzip(content: bytes) -> dict[str, bytes]:
    """Read every file of an archive, in its order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
