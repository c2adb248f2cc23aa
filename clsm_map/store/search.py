"""Type-ahead over the names of territories, whatever the accents, hyphens and abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from clsm_map.domain.territories import Level, Territory

ORDER: Final[tuple[Level, ...]] = (
    "france", "region", "departement", "epci", "commune", "arrondissement", "qpv",
)  # fmt: skip
_NO_POST: Final[Mapping[str, tuple[Territory, ...]]] = MappingProxyType({})
_CLOSE: Final = 80
_SAINT: Final = re.compile(r"\bst(e?)\b")
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "ß": "ss"})
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_NOT_ALNUM: Final = re.compile(r"[^a-z0-9]+")
_ORDINAL: Final = re.compile(r"0*(\d+)(?:er|ere|e|eme|ieme|nd)?")
_INVERTED_ARTICLE: Final = re.compile(r"^(.*\S)\s*\((le|la|les|l'|l)\)\s*$", re.IGNORECASE)
_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Lower a text, drop its accents and join its words with single spaces.

    >>> plain("Code INSEE (siège)")
    'code insee siege'
    """
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_LIGATURES)))
    return _NOT_ALNUM.sub(" ", text.lower()).strip()


@lru_cache(maxsize=16_384)
def name_key(text: str) -> str:
    """Give the form under which two spellings of a place name are the same name.

    Accents, case, hyphens and apostrophes do not count; ``St`` is *saint*; ``Havre (Le)`` is
    *Le Havre*; ``s/`` is *sur*; ``10e arrondissement``, ``10ème`` and ``10`` are one number.
    """
    inverted = _INVERTED_ARTICLE.match(text)
    if inverted:
        text = f"{inverted[2]} {inverted[1]}"
    out = []
    for word in plain(text.replace("s/", "sur ").replace("S/", "sur ")).split():
        if word not in {"arrondissement", "arrdt", "arr"}:
            ordinal = _ORDINAL.fullmatch(word) if word[0].isdigit() else None
            out.append(ordinal[1] if ordinal else _ABBREVIATIONS.get(word, word))
    return " ".join(out)


def normalise(text: str) -> str:
    """Lower case, no accent, no punctuation, "st" and "ste" in full.

    >>> normalise("  L'Île-ST-Denis ")
    'l ile saint denis'
    """
    return _SAINT.sub(r"saint\1", plain(text))


@dataclass(frozen=True, eq=False)
class Index:
    """Names ready to be searched.

    ``territories``: most populated first within a level, levels from the largest to the smallest.
    ``keys``: normalised name of each. ``starts``: the same without a leading article. ``postal``:
    communes and arrondissements of each postal code, in the order in which they are given.
    """

    territories: tuple[Territory, ...]
    keys: np.ndarray
    starts: np.ndarray
    postal: Mapping[str, tuple[Territory, ...]]

    @classmethod
    def of(
        cls, rows: pd.DataFrame, postal: Mapping[str, tuple[Territory, ...]] = _NO_POST
    ) -> Index:
        """Index a frame of level, code, nom (as shown), cle (as searched), population."""
        rank = {level: position for position, level in enumerate(ORDER)}
        ordered = rows.assign(rank=rows["level"].map(rank)).sort_values(
            ["rank", "population", "code"], ascending=[True, False, True]
        )
        names = ordered[["level", "code", "nom"]].itertuples(index=False, name=None)
        keys = np.array([normalise(name) for name in ordered["cle"]], dtype=object)
        starts = np.array([re.sub(r"^(l|le|la|les) ", "", key) for key in keys], dtype=object)
        return cls(tuple(Territory(*name) for name in names), keys, starts, postal)

    def search(self, text: str, n: int, levels: Sequence[str] | None = None) -> list[Territory]:
        """Rank the territories that answer to a text.

        The communes of a postal code come first, then what has that code (the département before
        the région), exact names, names that begin so, names with a word that begins so, near
        misses.
        """
        key = normalise(text)
        if not key:
            return []
        code = text.strip().upper()
        served = [territory.key for territory in self.postal.get(code, ())]

        def tier(territory: Territory, whole: str, start: str) -> int:
            if territory.key in served:
                return served.index(territory.key) - len(served) - 1
            if territory.code == code:
                return -1 if territory.level == "departement" else 0
            if key in {whole, start}:
                return 1
            if whole.startswith(key) or start.startswith(key):
                return 2
            return 3 if f" {key}" in whole else 9

        rows = zip(self.territories, self.keys, self.starts, strict=True)
        allowed = {
            i: tier(*row) for i, row in enumerate(rows) if levels is None or row[0].level in levels
        }
        found = sorted((i for i in allowed if allowed[i] < 9), key=lambda i: (allowed[i], i))[:n]
        if len(found) < n:
            near = (i for i in self._near(key) if i in allowed and i not in found)
            found += islice(near, n - len(found))
        return [self.territories[i] for i in found]

    def _near(self, key: str) -> list[int]:
        """Near misses, closest first."""
        if len(key) < 3 or key.isdigit():
            return []
        close = process.extract(key, self.keys, scorer=fuzz.ratio, limit=None, score_cutoff=_CLOSE)
        return [i for _, _, i in sorted(close, key=lambda match: (-match[1], match[2]))]
