"""The legend of a map as a room reads it: the words that the scene already says are left out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from clsm_map.exports.plate import Block

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


def stage_block(block: Block) -> Block:
    """Shorten the words of a legend for large type.

    Returns
    -------
    Block
        Same samples, same counts. Under « CLSM recensés : périmètres », « Périmètre actif » is
        « Actif »; QPV are « Quartiers »; of a pair of classes, « Besoin élevé, aucun habitant
        couvert » is « Élevé, aucun ».
    """
    title = block.title
    for beginning, short in _TITLES.items():
        if title.startswith(beginning):
            title = short
    samples = tuple(replace(s, label=_short(s.label)) for s in block.samples)
    return replace(block, title=title, samples=samples)


def _short(label: str) -> str:
    text = _PAIR.sub(r"\1, \2", label).removeprefix(_PERIMETER)
    for long, short in _SHORTER.items():
        text = long.sub(short, text)
    return text[:1].upper() + text[1:]
