"""What is said of a list: the sentences of ``data/listes.toml``, and how they are typeset."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from clsm_map.domain.errors import RegisterError
from clsm_map.formats import NBSP, number
from clsm_map.settings import ROOT

LISTS: Final[Mapping[str, Any]] = tomllib.loads(
    (ROOT / "data" / "listes.toml").read_text(encoding="utf-8")
)
"""Columns of lists, words they accept, help and sentences."""

SENTENCES: Final[Mapping[str, str]] = LISTS["phrases"]

_BEFORE: Final = re.compile(r" (?=[;:?!»%])")


def say(sentence: str, /, **words: object) -> str:
    """Give a sentence by its name, filled and typeset."""
    return typeset(SENTENCES[sentence].format(**words))


def refusal(sentence: str, detail: str = "", /, **words: object) -> RegisterError:
    """Make the error that refuses a whole file."""
    return RegisterError(say(sentence, **words), detail)


def typeset(sentence: str) -> str:
    """Put no-break spaces where French typography wants them; a person's words stay as written."""
    return _BEFORE.sub(NBSP, sentence).replace("« ", f"«{NBSP}")


def meanings(table: str) -> dict[str, Any]:
    """Give what each word of a table of ``data/listes.toml`` means."""
    return {word: meaning for meaning, words in LISTS[table].items() for word in words}


def listing(items: Iterable[object], limit: int = 5, link: str = "et") -> str:
    """Write a list in words: ``a, b et c``, or ``a, b et 3 autres`` beyond a limit.

    ``link`` is *ou* where one of them is to be chosen.
    """
    words = [str(item) for item in items]
    if len(words) > limit:
        rest = len(words) - limit
        words = [*words[:limit], f"{number(rest)} autre{'s' if rest > 1 else ''}"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {link} {words[-1]}"


def lines_phrase(lines: Sequence[int]) -> str:
    """Name lines: ``ligne 4``, or ``lignes 4, 7 et 12``."""
    return f"ligne {lines[0]}" if len(lines) == 1 else f"lignes {listing(lines, 8)}"


FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutralise(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula, by an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
