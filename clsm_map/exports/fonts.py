"""The application's typeface for pictures and documents.

The web font is variable, compressed and split in two alphabets; matplotlib and typst want plain
files of one weight. They are made once, in the cache folder.
"""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from fontTools.ttLib import TTFont

from clsm_map.exports.plain import plain
from clsm_map.settings import ROOT, get_settings

FAMILY: Final = "Public Sans"
EXTENDED: Final = "Public Sans Ext"
"""Letters beyond Western Europe, in a second family that follows the first."""
LAST: Final = "Clsm Signes"
"""Signs that the typeface lacks (per mille, arrows): DejaVu Sans under another name."""
FAMILIES: Final = (FAMILY, EXTENDED, LAST)

WEIGHTS: Final[dict[int, str]] = {400: "Regular", 600: "SemiBold"}
_SOURCES: Final = ROOT / "clsm_map" / "ui" / "assets" / "fonts"
_FILES: Final = {
    FAMILY: "public-sans-latin-wght-normal.woff2",
    EXTENDED: "public-sans-latin-ext-wght-normal.woff2",
}
_NARROW: Final = 0x202F
_NARROW_EM: Final = 0.2
_FALLBACK: Final = {400: "DejaVuSans.ttf", 600: "DejaVuSans-Bold.ttf"}
_VERSION: Final = 2


@lru_cache(maxsize=1)
def font_folder() -> Path:
    """Give the folder of the fonts, made if they are not there.

    Returns
    -------
    Path
        One TTF file by family and weight.
    """
    digest = hashlib.blake2b(str(_VERSION).encode(), digest_size=6)
    for name in _FILES.values():
        digest.update((_SOURCES / name).read_bytes())
    folder = get_settings().cache / f"fonts-{digest.hexdigest()}"
    if not folder.is_dir():
        _make(folder)
    return folder


def writable(text: str) -> str:
    r"""Keep what the fonts can write: PDF/UA refuses a character without a glyph.

    >>> ascii(writable("CLSM\x08 \u6f22"))
    "'CLSM \\ufffd'"
    """
    known = _characters()
    shown = unicodedata.normalize("NFC", plain(text))
    return "".join(c if ord(c) in known or c in "\t\n" else "\ufffd" for c in shown)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Give the code points of which at least one font has a glyph, in every weight."""
    drawn = {
        weight: {
            c for path in font_folder().glob(f"*-{style}.ttf") for c in TTFont(path).getBestCmap()
        }
        for weight, style in WEIGHTS.items()
    }
    return frozenset(set.intersection(*drawn.values()))


def _make(folder: Path) -> None:
    """Write the fonts in a temporary folder, then give it its name at once."""
    # Slow to load, and of no use once the fonts are in their folder.
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        ready = Path(made) / "ready"
        ready.mkdir()
        others = Path(mpl.get_data_path()) / "fonts" / "ttf"
        for weight in WEIGHTS:
            for family, name in _FILES.items():
                font = instantiateVariableFont(TTFont(_SOURCES / name), {"wght": weight})
                _save(font, ready, family, weight)
            _save(TTFont(others / _FALLBACK[weight]), ready, LAST, weight)
        try:
            ready.rename(folder)
        except OSError:
            if not folder.is_dir():  # not another process that was quicker
                raise


def _save(font: Any, folder: Path, family: str, weight: int) -> None:
    """Name a font by its family and weight, and write it as plain TTF."""
    style = WEIGHTS[weight]
    plain = f"{family.replace(' ', '')}-{style}"
    font.flavor = None
    if _NARROW not in font.getBestCmap() and 0xA0 in font.getBestCmap():
        _add_narrow_space(font)
    table = font["name"]
    table.names = []
    for identifier, text in {
        1: family if weight == 400 else f"{family} {style}",
        2: "Regular",
        4: f"{family} {style}",
        6: plain,
        16: family,
        17: style,
    }.items():
        table.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    if "STAT" in font:
        del font["STAT"]
    font.save(folder / f"{plain}.ttf", reorderTables=False)


def _add_narrow_space(font: Any) -> None:
    """Add the narrow no-break space that French puts before ``;`` and inside numbers."""
    from fontTools.ttLib.tables import _g_l_y_f as glyf  # noqa: PLC0415 - as above

    name = "uni202F"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = glyf.Glyph()
    font["hmtx"][name] = (round(font["head"].unitsPerEm * _NARROW_EM), 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[_NARROW] = name
