"""Words: how texts are compared with one another, and how sentences are typeset."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from clsm_map.formats import NBSP, number

_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "ß": "ss"})
_NOT_ALNUM: Final = re.compile(r"[^a-z0-9]+")
_ORDINAL: Final = re.compile(r"0*(\d+)(?:er|ere|e|eme|ieme|nd)?")
_INVERTED_ARTICLE: Final = re.compile(r"^(.*\S)\s*\((le|la|les|l'|l)\)\s*$", re.IGNORECASE)
_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Lower a text, drop its accents and join its words with single spaces.

    Returns ASCII letters and digits, such as ``code insee siege``.
    """
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        text = folded.encode("ascii", "ignore").decode("ascii")
    return _NOT_ALNUM.sub(" ", text.lower()).strip()


@lru_cache(maxsize=16_384)
def name_key(text: str) -> str:
    """Give the form under which two spellings of a place name are the same name.

    Accents, case, hyphens and apostrophes do not count; ``St`` is *saint*; ``Havre (Le)`` is
    *Le Havre*; ``s/`` is *sur*; ``10e arrondissement``, ``10ème`` and ``10`` are one number.

    Returns words separated by single spaces; empty when the text holds no letter or digit.
    """
    inverted = _INVERTED_ARTICLE.match(text)
    if inverted:
        text = f"{inverted[2]} {inverted[1]}"
    words = plain(text.replace("s/", "sur ").replace("S/", "sur ")).split()
    out = []
    for word in words:
        if word in {"arrondissement", "arrdt", "arr"}:
            continue
        ordinal = _ORDINAL.fullmatch(word) if word[0].isdigit() else None
        out.append(ordinal[1] if ordinal else _ABBREVIATIONS.get(word, word))
    return " ".join(out)


def slug(text: str) -> str:
    """Give a text as an identifier: ``CLSM de Sète`` is ``clsm-de-sete``."""
    return plain(text).replace(" ", "-")


_BEFORE: Final = re.compile(r" (?=[;:?!»%])")


def typeset(sentence: str) -> str:
    """Put no-break spaces where French typography wants them."""
    return _BEFORE.sub(NBSP, sentence).replace("« ", f"«{NBSP}")


def listing(items: Iterable[str], limit: int = 5, link: str = "et") -> str:
    """Write a list in words: ``a, b et c``, or ``a, b et 3 autres`` beyond a limit.

    ``link`` is *ou* where one of them is to be chosen.
    """
    words = list(items)
    if len(words) > limit:
        rest = len(words) - limit
        words = [*words[:limit], f"{number(rest)} autre{'s' if rest > 1 else ''}"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {link} {words[-1]}"


def lines_phrase(lines: Sequence[int]) -> str:
    """Name lines: ``ligne 4``, or ``lignes 4, 7 et 12``."""
    if len(lines) == 1:
        return f"ligne {lines[0]}"
    return f"lignes {listing([str(n) for n in lines], 8)}"


FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutralise(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula.

    Returns the text, after an apostrophe when it begins with ``=``, ``+``, ``-`` or ``@``. The
    reading of a list takes this apostrophe off again.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
