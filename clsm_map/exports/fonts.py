"""The application's typeface for pictures and documents, as matplotlib and typst want it.

``assets`` holds it as plain files of one weight: ``make fonts`` cuts them from the web font. Signs
that it lacks (per mille, arrows) are those of DejaVu Sans, which matplotlib brings.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.font_manager import fontManager, get_font, ttfFontProperty

from clsm_map.exports.files import plain

FAMILIES: Final = ("Public Sans", "Public Sans Ext", "DejaVu Sans")
"""Western Europe, letters beyond it, signs: in the order in which a glyph is looked for."""
FOLDERS: Final = (Path(__file__).parent / "assets", Path(mpl.get_data_path()) / "fonts" / "ttf")
_FILES: Final = {
    400: ("PublicSans-Regular.ttf", "PublicSansExt-Regular.ttf", "DejaVuSans.ttf"),
    600: ("PublicSans-SemiBold.ttf", "PublicSansExt-SemiBold.ttf", "DejaVuSans-Bold.ttf"),
}


def font_files(weight: int) -> tuple[Path, ...]:
    """Give the files of a weight (400 or 600), one by family."""
    ours, theirs = FOLDERS
    return tuple((ours if name.startswith("Public") else theirs) / name for name in _FILES[weight])


@lru_cache(maxsize=1)
def use_fonts() -> None:
    """Make the typeface known to matplotlib, once."""
    for weight in _FILES:
        for path in font_files(weight)[:2]:
            fontManager.addfont(path)
    bold = ttfFontProperty(get_font(str(font_files(600)[2])))
    fontManager.ttflist.append(replace(bold, weight=600))  # else it says that it takes 700 for 600


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Give the code points of which at least one font has a glyph, in every weight."""
    drawn = (
        {c for path in font_files(weight) for c in get_font(str(path)).get_charmap()}
        for weight in _FILES
    )
    return frozenset(set.intersection(*drawn))


def writable(text: str) -> str:
    r"""Keep what the fonts can write: PDF/UA refuses a character without a glyph.

    >>> ascii(writable("CLSM\x08 \u6f22"))
    "'CLSM \\ufffd'"
    """
    known = _characters()
    shown = unicodedata.normalize("NFC", plain(text))
    return "".join(c if ord(c) in known or c in "\t\n" else "\ufffd" for c in shown)
