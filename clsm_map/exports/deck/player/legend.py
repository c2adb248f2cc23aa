"""The legend of a map as a room reads it: the words that the scene already says are left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from clsm_map.exports.plate import Block

_PERIMETER: Final = "Périmètre "
_QUARTIERS: Final = "Quartiers prioritaires"


def stage_block(block: Block) -> Block:
    """Shorten the words of a legend for large type.

    Parameters
    ----------
    block : Block

    Returns
    -------
    Block
        Same samples, same counts. Under « CLSM recensés », « Périmètre actif » is « Actif »; QPV
        are « Quartiers ».
    """
    title = "Quartiers" if block.title.startswith(_QUARTIERS) else block.title
    samples = tuple(
        replace(s, label=_capital(s.label.removeprefix(_PERIMETER))) for s in block.samples
    )
    return replace(block, title=title, samples=samples)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
