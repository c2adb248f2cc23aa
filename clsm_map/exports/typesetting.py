"""Tagged PDF files (PDF/UA-1), typeset by typst without a browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import typst

from clsm_map.domain.devices import STATUSES
from clsm_map.exports.fonts import font_folder
from clsm_map.maps.legend import status_entries, swatch_image

STANDARD: Final = "ua-1"


def typeset_pdf(template: Path, inputs: Mapping[str, str], day: dt.date) -> bytes:
    """Typeset a template.

    Parameters
    ----------
    template : Path
        A typst file; it reads its words from ``sys.inputs``, as text, never as code.
    day : datetime.date
        Day written in the file.

    Returns
    -------
    bytes
        A PDF/UA-1 file, the same for the same inputs: typst refuses to write one that breaks the
        standard.
    """
    made: bytes = typst.compile(
        **_sources(template, inputs, day), format="pdf", pdf_standards=STANDARD
    )
    return made


def typeset_pictures(
    template: Path, inputs: Mapping[str, str], day: dt.date, dpi: float
) -> tuple[bytes, ...]:
    """Typeset a template as one PNG by page; parameters as in `typeset_pdf`."""
    made: bytes | list[bytes] = typst.compile(
        **_sources(template, inputs, day), format="png", ppi=dpi
    )
    return (made,) if isinstance(made, bytes) else tuple(made)


def _sources(template: Path, inputs: Mapping[str, str], day: dt.date) -> dict[str, Any]:
    return {
        "input": template.read_bytes(),
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "timestamp": dt.datetime.combine(day, dt.time(), dt.UTC),
        "sys_inputs": dict(inputs),
    }


@lru_cache(maxsize=1)
def status_swatches() -> dict[str, str]:
    """Draw the swatch of each coverage status as SVG: colour and mark."""
    entries = status_entries(dict.fromkeys(STATUSES, 1))
    images = (unquote(swatch_image(e).partition(",")[2]) for e in entries)
    return {str(i): svg for i, svg in zip(STATUSES, images, strict=True)}


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_folder())],
    )
