"""Documents as tagged PDF (PDF/UA-1), typeset by typst without a browser."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from clsm_map.exports.document import Document
from clsm_map.exports.files import rewritten
from clsm_map.exports.fonts import FOLDERS, writable

STANDARD: Final = "ua-1"
_TEMPLATE: Final = Path(__file__).parent / "assets" / "document.typ"


def pdf_bytes(document: Document) -> bytes:
    """Typeset a document as PDF/UA-1: tagged, titled, in French, its pictures described.

    typst refuses to write a file that breaks the standard. The same bytes for the same document.
    """
    made: bytes = typst.compile(**_sources(document), format="pdf", pdf_standards=STANDARD)
    return made


def png_pages(document: Document, dpi: float) -> tuple[bytes, ...]:
    """Typeset a document as one PNG by page."""
    made: bytes | list[bytes] = typst.compile(**_sources(document), format="png", ppi=dpi)
    return (made,) if isinstance(made, bytes) else tuple(made)


def _sources(document: Document) -> dict[str, Any]:
    day = document.day
    said: dict[str, Any] = _plain(rewritten(document, writable))
    content = json.dumps(said | {"day": [day.year, day.month, day.day]}, ensure_ascii=False)
    return {
        "input": _TEMPLATE.read_bytes(),
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "timestamp": dt.datetime.combine(day, dt.time(), dt.UTC),
        "sys_inputs": {"document": content},
    }


def _plain(value: Any) -> Any:
    """Give blocks as plain values, each with the name of its kind."""
    if is_dataclass(value) and not isinstance(value, type):
        held = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {"block": type(value).__name__, **held}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.decode() if isinstance(value, bytes) else value


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in FOLDERS],
    )
