"""``make fonts``: cut the web font into the plain files that matplotlib and typst want.

They are kept in ``clsm_map/exports/assets``: run it again when the web font changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT: Final = Path(__file__).resolve().parent.parent / "clsm_map"
SOURCES: Final = {
    "Public Sans": "public-sans-latin-wght-normal.woff2",
    "Public Sans Ext": "public-sans-latin-ext-wght-normal.woff2",
}
WEIGHTS: Final = {400: "Regular", 600: "SemiBold"}
NARROW, NARROW_EM = 0x202F, 0.2


def main() -> None:
    """Write one TTF file by family and weight."""
    for family, source in SOURCES.items():
        for weight, style in WEIGHTS.items():
            font = TTFont(ROOT / "ui" / "assets" / "fonts" / source, recalcTimestamp=False)
            made = instantiateVariableFont(font, {"wght": weight})
            name_it(made, family, weight)
            plain = f"{family.replace(' ', '')}-{style}.ttf"
            made.save(ROOT / "exports" / "assets" / plain, reorderTables=False)
            print(plain)


def name_it(font: Any, family: str, weight: int) -> None:
    """Name a font by its family and weight, and give it the narrow space of French."""
    style = WEIGHTS[weight]
    font.flavor = None
    if NARROW not in font.getBestCmap() and 0xA0 in font.getBestCmap():
        add_narrow_space(font)
    font["name"].names = []
    for identifier, text in {
        1: family if weight == 400 else f"{family} {style}",
        2: "Regular",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
        16: family,
        17: style,
    }.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    if "STAT" in font:
        del font["STAT"]


def add_narrow_space(font: Any) -> None:
    """Add the narrow no-break space that French puts before ``;`` and inside numbers."""
    name = "uni202F"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = TTGlyphPen(None).glyph()
    font["hmtx"][name] = (round(font["head"].unitsPerEm * NARROW_EM), 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW] = name


if __name__ == "__main__":
    main()
