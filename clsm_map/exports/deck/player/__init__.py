"""What plays a presentation in a browser: one script, one style, the same in the app and offline.

The script gives ``clsmPlayer.start(element, payload, options)``. It stands on Leaflet and on the
runtime of maps, which load before it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from clsm_map.exports.plate import Block

PARTS: Final = ("words.js", "screen.js", "maps.js", "scene.js", "notes.js", "player.js")
"""Parts of the script, in the order in which they are joined."""

_HERE: Final = Path(__file__).parent
_PERIMETER: Final = "Périmètre "
_TITLES: Final = {
    "Quartiers prioritaires": "Quartiers",
    "Besoin, et part des habitants de QPV couverts": "Besoin, habitants couverts",
}
_SHORTER: Final = {
    re.compile(r"Dont couverts d’après une page (?:plus )?"): "dont page ",
    re.compile(r"\s: cercle creux"): "",
    re.compile(r"Dont siège seul connu\s: la commune du siège"): "dont siège seul",
}
"""Spaces before a colon may be no-break already."""
_PAIR: Final = re.compile(r"^Besoin (\w+), (aucun|une partie|tous)\b.*$")


def player_script() -> str:
    """Join the parts of the player in one script that keeps its names to itself."""
    parts = [(_HERE / name).read_text(encoding="utf-8") for name in PARTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def player_style() -> str:
    """Read the style sheet of the player."""
    return (_HERE / "player.css").read_text(encoding="utf-8")


def stage_block(block: Block) -> Block:
    """Shorten the words of a legend for large type: same samples, same counts.

    « Périmètre actif » is « Actif », QPV are « Quartiers »; of a pair of classes, « Besoin élevé,
    aucun habitant couvert » is « Élevé, aucun ».
    """
    starts = (short for long, short in _TITLES.items() if block.title.startswith(long))
    samples = tuple(replace(s, label=_short(s.label)) for s in block.samples)
    return replace(block, title=next(starts, block.title), samples=samples)


def _short(label: str) -> str:
    text = _PAIR.sub(r"\1, \2", label).removeprefix(_PERIMETER)
    for long, short in _SHORTER.items():
        text = long.sub(short, text)
    return text[:1].upper() + text[1:]
