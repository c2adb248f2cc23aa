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
    "Dont couverts d’après une page plus ancienne": "dont page ancienne",
    "Dont couverts d’après une page": "dont page",
    ": cercle creux": "",
}
_PAIR: Final = re.compile(r"^Besoin (\w+), (aucun|une partie|tous)\b.*$")


def stage_block(block: Block) -> Block:
    """Shorten the words of a legend for large type.

    Parameters
    ----------
    block : Block

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
        text = text.replace(long, short)
    return text[:1].upper() + text[1:]
