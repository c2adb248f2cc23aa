"""French typography of sentences written with plain spaces and straight apostrophes."""

from __future__ import annotations

import re
from typing import Final

from clsm_map.formats import NBSP, NNBSP

_HIGH: Final = re.compile(r"[ \u00a0](?=[;?!])")
_WIDE: Final = re.compile(r" (?=[:»%€‰])")
_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=[\w«])")


def typeset(text: str) -> str:
    """Put the no-break spaces and the apostrophes that French typography wants.

    Parameters
    ----------
    text : str
        A sentence, not an address nor a code.

    Examples
    --------
    >>> typeset("l'essai : « oui » ; 12 %").replace(NBSP, "_").replace(NNBSP, "^")
    'l’essai_: «_oui_»^; 12_%'
    """
    return _APOSTROPHE.sub("’", spaced(text))


def spaced(text: str) -> str:
    """Put the no-break spaces only: names keep their letters as their source writes them.

    Parameters
    ----------
    text : str
        A title or a label.

    Examples
    --------
    >>> spaced("autour de : L'Haÿ-les-Roses").replace(NBSP, "_")
    "autour de_: L'Haÿ-les-Roses"
    """
    return _WIDE.sub(NBSP, _HIGH.sub(NNBSP, text)).replace("« ", f"«{NBSP}")
